"""The graded queries: whole, fairly halved, and frozen."""

from collections import Counter

import pytest

from bench.relevance import queries
from bench.relevance.grading import Grader
from bench.relevance.items import family_of, items, model_of
from bench.relevance.queries import CLASSES, DIGEST, REPORT, TUNE, half_of


@pytest.fixture(scope="module")
def grader() -> Grader:
    return Grader(items("us"))


def test_every_query_can_be_answered():
    unanswerable = [one.query.text for one in queries.labels() if max(one.grades.values(), default=0) < 2]

    assert unanswerable == []


def test_queries_are_many_distinct_and_of_every_class():
    found = queries.read()

    assert len(found) >= 400
    assert len({query.id for query in found}) == len(found)
    assert len({(query.channel, query.text) for query in found}) == len(found)
    assert min(Counter(query.query_class for query in found)[name] for name in CLASSES) >= 30


def test_halves_follow_from_the_id_and_share_no_text():
    found = queries.read()

    assert [query.half for query in found] == [half_of(query.id) for query in found]
    assert not {q.text for q in found if q.half == TUNE} & {q.text for q in found if q.half == REPORT}
    assert 0.45 < sum(query.half == TUNE for query in found) / len(found) < 0.55


def test_labels_are_frozen():
    """When this fails, a grade has changed: say which and why in the commit that renews the digest."""
    assert queries.digest(queries.labels()) == DIGEST.read_text().strip()


def test_digest_changes_with_a_single_grade():
    labels = list(queries.labels())
    changed = [queries.Graded(labels[0].query, {**labels[0].grades, "google-pixel-9": 2}), *labels[1:]]

    assert queries.digest(changed) != queries.digest(labels)


def test_names_are_read_as_shoppers_do():
    assert model_of("Samsung Galaxy S5 LTE (G900I/P)") == "samsung galaxy s5"
    assert model_of("Nothing Phone (2)") == "nothing phone 2"
    assert family_of(model_of("Samsung Galaxy S10+")) == "samsung galaxy s10"
    assert family_of(model_of("Samsung Galaxy S III Neo (Camera)")) == "samsung galaxy s iii"
    assert family_of(model_of("moto g 5G - 2024")) == "moto g"


def test_model_comes_before_what_goes_on_from_its_name_before_its_generation(grader):
    grades = grader.grades({"model": ["Google Pixel 9 Pro"]})

    assert grades["google-pixel-9-pro"] == 3
    assert grades["google-pixel-9-pro-xl"] == 2
    assert grades["google-pixel-9"] == 1
    assert grades["google-pixel-9-pro-case-clear"] == 1
    assert "google-pixel-8-pro" not in grades
    assert "google-pixel-9-case-clear" not in grades
    assert "voltra-chg-20" not in grades


def test_model_without_the_storage_asked_for_is_only_a_substitute(grader):
    grades = grader.grades({"model": ["Samsung Galaxy S20 FE"], "storage": "512 GB"})

    assert grades["samsung-galaxy-s20-fe-exynos"] == 2
    assert 3 not in grades.values()


def test_code_finds_its_device(grader):
    grades = grader.grades({"code": "SM-G975"})

    assert grades == {"samsung-galaxy-s10-plus": 3}


def test_accessory_must_fit(grader):
    grades = grader.grades({"accessory": "wallet case", "for": "Google Pixel 9"})

    assert grades == {
        "google-pixel-9-case-wallet": 3,
        "google-pixel-9-case-clear": 2,
        "google-pixel-9-glass": 1,
        "google-pixel-9": 1,
    }


def test_accessory_for_no_device_in_particular(grader):
    grades = grader.grades({"accessory": "20000 mah power bank"})

    assert grades == {"voltra-pwr-20": 3, "voltra-pwr-10": 2}


def test_properties_must_meet_in_one_variant(grader):
    grades = grader.grades({"kind": "phone", "brand": "OnePlus", "storage": "256 GB", "colour": "Sand"})
    wanted = [item for item in items("us") if grades.get(item.id) == 3]

    assert wanted
    for item in wanted:
        assert any(
            sku.attributes["storage"] == ["256 GB"] and sku.attributes["colour"] == ["Sand"] for sku in item.skus
        )


def test_near_is_a_substitute_and_one_condition_missed_is_related(grader):
    grades = grader.grades({"kind": "phone", "screen": "6.1", "network": "5G"})

    assert grades["google-pixel-8a"] == 3  # 6.1 inch, 5G
    assert grades["google-pixel-8"] == 2  # 6.2 inch, 5G
    assert grades["huawei-ascend-mate-2-4g"] == 1  # 6.1 inch, 4G
    assert "samsung-galaxy-s4-mini-international-3g" not in grades


def test_need_comes_down_to_facts(grader):
    grades = grader.grades({"kind": "phone", "needs": ["big battery", "for children"]})
    catalogue = {item.id: item for item in items("us")}

    for key, grade in grades.items():
        if grade == 3:
            assert float(catalogue[key].attributes["battery_mah"][0]) >= 5000
            assert min(sku.price for sku in catalogue[key].skus) <= 100


def test_a_want_that_is_not_understood_fails(grader):
    with pytest.raises(KeyError):
        grader.grades({"colr": "black"})
