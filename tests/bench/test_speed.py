"""The made-up catalogue, the questions about it, and that the peers do the same work as the suite."""

import time
from collections import Counter
from dataclasses import replace

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from bench import bad_inputs, report, synthetic
from bench.measure import Figure, measure
from bench.peers.postgres_peer import Postgres
from bench.peers.suite import Suite
from bench.peers.tantivy_peer import Tantivy
from bench.questions import DIMENSIONS, MISS, TYPO, Question, price_group, product_values, questions, variant_values
from plugins.guided_search.selectors import MAX_TEXT

COUNT = 1000


@pytest.fixture(scope="module")
def documents():
    return list(synthetic.products(COUNT))


@pytest.fixture(scope="module")
def suite(documents) -> Suite:
    return Suite(documents)


def met(product, variant, filters) -> bool:
    own = {**product_values(product), **variant_values(variant)}
    return all(set(own[name]) & set(values) for name, values in filters.items())


def naive_total(documents, filters) -> int:
    """Products with one variant that meets all filters, counted one by one."""
    return sum(any(met(product, variant, filters) for variant in product.variants) for product in documents)


def naive_counts(documents, filters, name):
    """Products by value of a dimension, without its own filter."""
    others = {key: values for key, values in filters.items() if key != name}
    found = Counter()
    for product in documents:
        own = product_values(product)
        variants = [variant for variant in product.variants if met(product, variant, others)]
        found.update({value for variant in variants for value in {**own, **variant_values(variant)}[name]})
    return dict(found)


def test_catalogue_is_the_same_at_every_call_and_begins_the_same_at_every_size(documents):
    assert list(synthetic.products(500)) == documents[:500]


def test_catalogue_is_like_a_shops(documents):
    kinds = Counter(document.kind for document in documents)
    brands = Counter(document.brand for document in documents if document.kind != "DEVICE")

    assert kinds == {"DEVICE": 100, "ACCESSORY": 200, "OTHER": 700}
    assert len({document.id for document in documents}) == COUNT
    assert len({variant.sku for document in documents for variant in document.variants}) == sum(
        len(document.variants) for document in documents
    )
    assert all(1 <= len(document.variants) <= 6 for document in documents)
    assert brands.most_common(1)[0][1] > 5 * sorted(brands.values())[len(brands) // 2]
    names = {document.name for document in documents}
    assert all(set(document.fits) <= names for document in documents)


def test_every_question_leaves_results_by_its_filters(documents):
    for question in questions(documents, 60):
        assert len(question.filters) == 2
        assert naive_total(documents, question.filters) > 0


def test_questions_are_the_same_at_every_call_and_of_every_kind(documents):
    asked = questions(documents, 300)

    assert asked == questions(documents, 300)
    kinds = Counter(question.kind for question in asked)
    assert kinds[TYPO] >= 5
    assert kinds[MISS] >= 2
    assert sum(kinds.values()) == 300


@pytest.mark.parametrize(("price", "group"), [(0, "0..50"), (49.99, "0..50"), (50, "50..100"), (1500, "1500..")])
def test_prices_fall_into_groups(price, group):
    assert price_group(price) == group


def test_suite_counts_what_counting_one_by_one_counts(documents, suite):
    for question in questions(documents, 10):
        page = suite.search(replace(question, text=""))

        assert page.total == naive_total(documents, question.filters)
        for name in DIMENSIONS:
            assert page.counts.get(name, {}) == naive_counts(documents, question.filters, name)


def test_suite_shows_changes_at_once_and_suggests_what_others_typed(documents):
    suite = Suite(documents[:200])

    suite.update([replace(documents[3], name="Quixotic lantern")])

    assert suite.ask("quixotic lantern").hits[0].product_id == documents[3].id
    assert suite.suggest("quix", suite.popular({"quixotic deeds": 2.0})).queries[0] == "quixotic deeds"


def test_no_bad_input_fails(suite, monkeypatch):
    monkeypatch.setattr(bad_inputs, "ROUNDS", 1)

    table = bad_inputs.table(suite)

    assert len(table.rows) == len(bad_inputs.TEXTS) + len(bad_inputs.REFINEMENTS) + 1
    assert dict(row[:2] for row in table.rows)["a value that nobody has"] == 0
    assert bad_inputs.API_TEXT_LIMIT == MAX_TEXT
    assert sum(len(text) <= MAX_TEXT for text in bad_inputs.TEXTS.values()) >= 12


def test_postgres_counts_the_same(documents, suite, django_db_setup):
    own = connection.settings_dict
    names = {"host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD", "dbname": "NAME"}
    peer = Postgres(make_conninfo(**{key: own[name] for key, name in names.items() if own[name]}), documents)
    try:
        for question in questions(documents, 10):
            ours, theirs = suite.search(replace(question, text="")), peer.search(replace(question, text=""))

            assert theirs.total == ours.total
            assert {name: theirs.counts[name] for name in DIMENSIONS} == {
                name: ours.counts.get(name, {}) for name in DIMENSIONS
            }
    finally:
        peer.close()


def test_tantivy_counts_the_same_where_no_variant_is_asked_for(documents, suite):
    peer = Tantivy(documents)
    for question in questions(documents, 10):
        filters = {"kind": product_values(documents[0])["kind"], **question.filters}
        filters = {name: values for name, values in filters.items() if name in {"kind", "brand", "category"}}
        ours, theirs = suite.search(Question("", filters)), peer.search(Question("", filters))

        assert theirs.total == ours.total
        assert dict(theirs.counts) == {name: ours.counts.get(name, {}) for name in DIMENSIONS}


def test_measuring_tells_waiting_from_working():
    figure = measure("wait", "sleep", lambda _round: time.sleep(0.002), rounds=10)

    assert figure.p50 >= 2.0
    assert figure.cpu_p50 < figure.p50
    assert figure.p50 <= figure.p99


def test_report_lines_up_figures_and_tables():
    lines = report.lines(
        [
            Figure("page", "suite", 0.5, 1.25, 2000.0, 0.25, 0.75),
            report.Table("sizes", ("way", "MB"), (("suite", 12), ("peer", 3.14159)), note="of 2"),
        ]
    )

    assert lines == [
        "work  way    p50 ms  p99 ms  cpu p50  cpu p99  per s",
        "page  suite   0.500   1.250    0.250    0.750  2,000",
        "",
        "sizes",
        "way       MB",
        "suite     12",
        "peer   3.142",
        "  of 2",
    ]
