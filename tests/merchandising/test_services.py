"""Changes through the services, against the real tables."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from kernel.errors import ApiError, Errors
from kernel.models import AuditEntry
from plugins.merchandising import history, records, selectors, services
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Revision, Rule, Synonyms
from plugins.merchandising.rules import Situation, compile, fire
from plugins.merchandising.setup import Conditions, PinProducts, Span, WeighProducts

REDIRECT = {"code": "hours", "name": "Hours", "kind": "REDIRECT", "phrases": ["store hours"], "url": "/stores"}
BOOST = {
    "code": "samsung",
    "name": "Samsung",
    "kind": "BOOST",
    "phrases": ["galaxy"],
    "factor": "2",
    "conditions": {"brand": ["Samsung"], "price": {"minimum": "100", "maximum": None}},
}
LIVE = {
    "code": "here",
    "name": "Here and now",
    "kind": "BOOST",
    "match_mode": "NONE",
    "refinements": {"in_store": ["true"], "monthly_price": ["20..40"]},
    "factor": "3",
    "conditions": {
        "in_store": ["true"],
        "at_address": ["true"],
        "monthly_price": {"minimum": None, "maximum": "40"},
    },
}
PIN = {
    "code": "pins",
    "name": "Pins",
    "kind": "PIN",
    "match_mode": "NONE",
    "products": [{"sku": "SKU-P2", "position": 1}, {"sku": "SKU-C1", "position": 3}],
}
SPOTLIGHT = {
    "code": "spot",
    "name": "Spot",
    "kind": "SPOTLIGHT",
    "phrases": ["phone"],
    "title_en": "Offers",
    "limit": 3,
    "query": "case",
}


def create(model=Rule, **values):
    return services.create(model=model, values=values, actor="admin:1")


def refused(call, *args, **kwargs):
    """The (code, field) of every refusal; asserts that nothing changed."""
    before = selectors.version(), Revision.objects.count(), Rule.objects.count(), AuditEntry.objects.count()
    with pytest.raises((ApiError, Errors)) as caught, transaction.atomic():
        call(*args, **kwargs)
    assert (selectors.version(), Revision.objects.count(), Rule.objects.count(), AuditEntry.objects.count()) == before
    errors = caught.value.errors if isinstance(caught.value, Errors) else [caught.value]
    return sorted((error.code, error.field or "") for error in errors)


def test_each_kind_of_rule_is_read_back_as_the_pure_rules_know_it(shop, django_assert_num_queries):
    for values in (REDIRECT, BOOST, PIN, SPOTLIGHT):
        create(**values)
    with django_assert_num_queries(6):
        setup = selectors.setup("us")
    actions = {rule.code: rule.action for rule in setup.rules}
    assert actions["pins"] == PinProducts((("P2", 1), ("C1", 3)))
    assert actions["samsung"] == WeighProducts(
        2.0, frozenset(), Conditions({"brand": frozenset({"Samsung"})}, {"price": Span(Decimal(100), None)})
    )
    words = ("store", "hours")
    fired = fire(compile(setup, str.split), Situation(at=datetime.now(UTC), words=words))
    assert (fired.redirect.url, fired.rules) == ("/stores", ("hours", "pins"))


def test_reading_asks_as_many_questions_whatever_there_is(shop, django_assert_num_queries):
    for number in range(5):
        create(**PIN | {"code": f"pins-{number}"})
    with django_assert_num_queries(6):
        assert len(selectors.setup("us").rules) == 5
    with django_assert_num_queries(1):
        selectors.version()


def test_a_change_is_told_recorded_and_audited(shop):
    versions = [selectors.version()]
    row = create(**REDIRECT)
    versions.append(selectors.version())
    services.update(row=row, values={"url": "/find-a-store"}, actor="admin:2", note="New page")
    versions.append(selectors.version())
    services.delete(row=row, actor="admin:3")
    versions.append(selectors.version())
    assert len(set(versions)) == 4
    deleted, changed, created = Revision.objects.all()
    assert [one.action for one in (created, changed, deleted)] == ["CREATED", "CHANGED", "DELETED"]
    assert (created.before, created.after["url"]) == (None, "/stores")
    assert (changed.before["url"], changed.after["url"], changed.note) == ("/stores", "/find-a-store", "New page")
    assert (deleted.before["url"], deleted.after, deleted.row_id) == ("/find-a-store", None, created.row_id)
    assert [(entry.actor, entry.action, entry.detail["label"]) for entry in AuditEntry.objects.order_by("pk")] == [
        ("admin:1", "merchandising.created", "hours"),
        ("admin:2", "merchandising.changed", "hours"),
        ("admin:3", "merchandising.deleted", "hours"),
    ]


def test_a_change_that_changes_nothing_leaves_no_trace(shop):
    row = create(**BOOST)
    before = selectors.version(), Revision.objects.count()
    services.update(row=row, values=records.snapshot(row) | {"factor": 2}, actor="admin:1")
    assert (selectors.version(), Revision.objects.count()) == before


@pytest.mark.parametrize(
    ("values", "fields"),
    [
        (REDIRECT | {"url": "//evil.example"}, ["url"]),
        (REDIRECT | {"url": "/\\evil.example"}, ["url"]),
        (REDIRECT | {"url": "https://evil.example"}, ["url"]),
        (REDIRECT | {"url": "/sto res"}, ["url"]),
        (REDIRECT | {"url": ""}, ["url"]),
        (REDIRECT | {"match_mode": "NONE", "phrases": []}, ["url"]),
        (REDIRECT | {"phrases": []}, ["phrases"]),
        (REDIRECT | {"phrases": ["!!!"]}, ["phrases"]),
        (REDIRECT | {"phrases": "store hours"}, ["phrases"]),
        (REDIRECT | {"phrases": ["a"] * 2}, ["phrases"]),
        (REDIRECT | {"phrases": [f"p{n}" for n in range(201)]}, ["phrases"]),
        (REDIRECT | {"code": "with space"}, ["code"]),
        (REDIRECT | {"name": ["x"]}, ["name"]),
        (REDIRECT | {"kind": "EXPLODE"}, ["kind"]),
        (REDIRECT | {"priority": 0}, ["priority"]),
        (REDIRECT | {"priority": 1.5}, ["priority"]),
        (REDIRECT | {"starts_at": "2026-02-01T00:00Z", "ends_at": "2026-01-01T00:00Z"}, ["ends_at"]),
        (REDIRECT | {"starts_at": "soon"}, ["starts_at"]),
        (REDIRECT | {"channel": "mars"}, ["channel"]),
        (REDIRECT | {"categories": ["toasters"], "store_ids": ["nowhere"]}, ["categories.0", "store_ids.0"]),
        (REDIRECT | {"sales_channels": ["FAX"]}, ["sales_channels.0"]),
        (REDIRECT | {"refinements": {"brand": ["Nokia"]}}, ["refinements"]),
        (REDIRECT | {"refinements": {"smell": []}}, ["refinements"]),
        (REDIRECT | {"refinements": {"price": ["cheap"]}}, ["refinements"]),
        (REDIRECT | {"colour_of_url": "red"}, ["colour_of_url"]),
        (BOOST | {"factor": "0.5"}, ["factor"]),
        (BOOST | {"factor": "11"}, ["factor"]),
        (BOOST | {"factor": "1.234"}, ["factor"]),
        (BOOST | {"factor": "1e99"}, ["factor"]),
        (BOOST | {"factor": float("inf")}, ["factor"]),
        (BOOST | {"factor": float("nan")}, ["factor"]),
        (BOOST | {"factor": None}, ["factor"]),
        (BOOST | {"kind": "BURY"}, ["factor"]),
        (BOOST | {"kind": "BURY", "factor": "0"}, ["factor"]),
        (BOOST | {"conditions": {}}, ["products"]),
        (BOOST | {"conditions": {"price": {"minimum": "9", "maximum": "1"}}}, ["conditions"]),
        (BOOST | {"conditions": {"price": {"minimum": "NaN"}}}, ["conditions"]),
        (BOOST | {"conditions": {"brand": {"minimum": "1"}}}, ["conditions"]),
        (BOOST | {"conditions": {"price": ["100"]}}, ["conditions"]),
        (LIVE | {"conditions": {"in_store": ["no"]}}, ["conditions"]),
        (LIVE | {"conditions": {"in_store": []}}, ["conditions"]),
        (LIVE | {"conditions": {"in_store": {"minimum": "1"}}}, ["conditions"]),
        (LIVE | {"conditions": {"at_address": ["store-1"]}}, ["conditions"]),
        (LIVE | {"conditions": {"monthly_price": ["20..40"]}}, ["conditions"]),
        (LIVE | {"conditions": {"monthly_price": {"minimum": "9", "maximum": "1"}}}, ["conditions"]),
        (LIVE | {"refinements": {"at_address": ["false"]}}, ["refinements"]),
        (LIVE | {"refinements": {"monthly_price": ["cheap"]}}, ["refinements"]),
        (PIN | {"products": [{"sku": "NOPE", "position": 1}]}, ["products.0"]),
        (PIN | {"products": [{"sku": "SKU-P1"}]}, ["products.0"]),
        (PIN | {"products": [{"sku": "SKU-P1", "position": 1}, {"sku": "SKU-P2", "position": 1}]}, ["products"]),
        (PIN | {"products": [{"sku": "SKU-P1", "position": True}]}, ["products"]),
        (PIN | {"products": []}, ["products"]),
        (SPOTLIGHT | {"title_en": ""}, ["title_en"]),
        (SPOTLIGHT | {"limit": 25}, ["title_en"]),
        (SPOTLIGHT | {"query": ""}, ["products"]),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_field(shop, values, fields):
    assert [field for _code, field in refused(create, **values)] == fields


def test_several_mistakes_are_told_together(shop):
    assert refused(create, **REDIRECT | {"url": "//x", "priority": 0, "phrases": []}) == [
        ("INVALID", "phrases"),
        ("INVALID", "priority"),
        ("INVALID", "url"),
    ]


def test_the_database_refuses_what_the_services_would(shop):
    for wrong in (
        {"kind": "REDIRECT", "url": "//evil", "match_mode": "PHRASE", "phrases": ["x"]},
        {"kind": "BURY", "factor": 0, "match_mode": "NONE", "products": [{"sku": "x"}]},
        {"kind": "BOOST", "factor": None, "match_mode": "NONE", "products": [{"sku": "x"}]},
        {"kind": "SPOTLIGHT", "match_mode": "NONE"},
        {"kind": "SPOTLIGHT", "match_mode": "NONE", "title_en": "x", "limit": None},
        {"kind": "PIN", "match_mode": "NONE"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Rule.objects.create(code="x", name="x", **wrong)
    create(**REDIRECT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.update(actor="nobody")
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.all().delete()


def test_codes_are_unique(shop):
    create(**REDIRECT)
    assert refused(create, **REDIRECT) == [("INVALID", "code")]


def test_each_change_can_be_undone_and_the_undoing_too(shop):
    row = create(**BOOST)
    services.update(row=row, values={"factor": "3.5"}, actor="admin:1")
    services.delete(row=row, actor="admin:1")
    deleted, changed, created = Revision.objects.all()
    # The deletion: the row is back, under its old id.
    undone = services.undo(revision_id=deleted.pk, actor="admin:2")
    assert Rule.objects.get(pk=row.pk).factor == Decimal("3.50")
    assert (undone.action, undone.origin, undone.undoes, undone.actor) == ("CREATED", "UNDO", deleted, "admin:2")
    # The change.
    services.undo(revision_id=changed.pk, actor="admin:2")
    assert Rule.objects.get(pk=row.pk).factor == Decimal("2.00")
    # The creation.
    back = services.undo(revision_id=created.pk, actor="admin:2")
    assert not Rule.objects.exists()
    # And that again.
    services.undo(revision_id=back.pk, actor="admin:2")
    assert Rule.objects.get().pk == row.pk
    assert Revision.objects.count() == 7


def test_what_has_changed_since_is_not_undone(shop):
    row = create(**BOOST)
    services.update(row=row, values={"factor": "3"}, actor="admin:1")
    services.update(row=row, values={"factor": "4"}, actor="admin:1")
    third, second, first = Revision.objects.all()
    assert refused(services.undo, revision_id=second.pk, actor="admin:1") == [("CHANGED_SINCE", "")]
    assert refused(services.undo, revision_id=first.pk, actor="admin:1") == [("CHANGED_SINCE", "")]
    assert refused(services.undo, revision_id=third.pk + 100, actor="admin:1") == [("NOT_FOUND", "")]


def test_a_deleted_row_does_not_come_back_beside_one_of_its_name(shop):
    row = create(**REDIRECT)
    services.delete(row=row, actor="admin:1")
    deleted = Revision.objects.first()
    create(**REDIRECT)
    assert refused(services.undo, revision_id=deleted.pk, actor="admin:1") == [("INVALID", "code")]


def test_an_editor_who_saw_an_older_state_is_refused(shop):
    row = create(**BOOST)
    seen = history.last_revision(row)
    services.update(row=row, values={"factor": "3"}, actor="admin:1")
    assert refused(services.update, row=row, values={"name": "x"}, actor="admin:2", seen=seen) == [
        ("CHANGED_SINCE", "")
    ]
    services.delete(row=Rule.objects.get(), actor="admin:1")
    assert refused(services.update, row=row, values={"name": "x"}, actor="admin:2") == [("NOT_FOUND", "")]


def test_synonyms_are_of_one_kind(shop):
    create(Synonyms, code="hotspot", kind="ONE_WAY", sources=["hotspot"], terms=["data only"])
    for wrong in ({"sources": ["x"]}, {"kind": "ONE_WAY"}):
        assert refused(create, Synonyms, **{"code": "x", "terms": ["y"]} | wrong) == [("INVALID", "sources")]
    assert refused(create, Synonyms, code="x", terms=[]) == [("INVALID", "terms")]
    assert refused(create, Synonyms, code="x", terms=["a"], language="fr") == [("INVALID", "language")]


def test_a_channel_has_its_own_set_up_of_a_dimension(shop):
    yuan = {"name": "price", "attribute": "price", "kind": "RANGE", "label_en": "Price", "channel": "cn"}
    create(DimensionSetup, **yuan, bounds=["0", "500", "1000"])
    assert selectors.setup("cn").dimension("price").bounds == (0, 500, 1000)
    assert selectors.setup("us").dimension("price").bounds[:3] == (0, 50, 100)
    names = [dimension.name for dimension in selectors.setup("us").dimensions]
    assert names[:6] == ["category", "brand", "kind", "price", "in_store", "storage"]
    assert len(set(names)) == len(names)


def test_a_dimension_that_makes_no_sense_is_refused(shop):
    good = {"name": "power", "attribute": "power", "kind": "RANGE", "label_en": "Power"}
    for wrong, field in (
        ({"bounds": ["1", "1"]}, "bounds"),
        ({"bounds": ["x"]}, "bounds"),
        ({"kind": "TERMS", "bounds": ["1"]}, "bounds"),
        ({"kind": "HIERARCHY"}, "kind"),
        ({"order": "RANK"}, "ranked_values"),
        ({"name": "With Space"}, "name"),
        ({"value_limit": 0}, "value_limit"),
        ({"name": "price", "channel": ""}, "name"),
        ({"name": "brand", "kind": "TERMS", "channel": "us", "is_shown": False}, "is_shown"),
    ):
        found = {at for _code, at in refused(create, DimensionSetup, **good | wrong)}
        assert field in found, wrong


def test_a_dimension_that_every_answer_has_stays(shop):
    row = DimensionSetup.objects.get(name="brand")
    assert refused(services.delete, row=row, actor="admin:1") == [("INVALID", "")]


def test_precedence_names_dimensions_and_values_that_exist(shop):
    create(PrecedenceRule, code="storage", dimension="storage", trigger="category", values=["devices"])
    assert selectors.setup("us").precedence[0].values == {"devices"}
    for wrong, field in (
        ({"dimension": "smell"}, "dimension"),
        ({"dimension": "brand"}, "dimension"),
        ({"trigger": "smell"}, "trigger"),
        ({"trigger": "storage"}, "trigger"),
        ({"values": ["toasters"]}, "values"),
        ({"also": {"smell": []}}, "also"),
        ({"also": {"network": ["6G"]}}, "also"),
        ({"also": {"category": []}}, "also"),
        ({"also": {"storage": []}}, "also"),
        ({"also": "network"}, "also"),
    ):
        good = {"code": "x", "dimension": "storage", "trigger": "category", "values": []}
        found = {at for _code, at in refused(create, PrecedenceRule, **good | wrong)}
        assert field in found, wrong


def waits(dimension, *triggers, channel="", code=""):
    """A rule by which a dimension waits for choices in others, all of them."""
    first, *also = triggers
    values = {"dimension": dimension, "trigger": first, "also": {name: [] for name in also}, "channel": channel}
    return create(PrecedenceRule, code=code or f"{dimension}-{'-'.join(triggers)}", **values)


def test_a_precedence_rule_may_ask_for_several_choices(shop):
    create(
        PrecedenceRule, code="x", dimension="storage", trigger="category", also={"brand": ["Samsung"], "network": []}
    )
    [rule] = selectors.setup("us").precedence
    assert rule.needs == {"category": frozenset(), "brand": {"Samsung"}, "network": frozenset()}


def test_dimensions_never_wait_for_each_other(shop):
    waits("network", "brand")
    chained = waits("storage", "network")
    other_way = waits("network", "storage", code="other")
    told = refused(waits, "colour", "brand", "colour")
    assert told == [("INVALID", "also"), ("INVALID", "trigger")]
    # Without its way in, the circle would be closed: by a change, by deleting, and by undoing.
    first = PrecedenceRule.objects.get(code="network-brand")
    assert refused(services.update, row=first, values={"also": {"storage": []}}, actor="admin:1") == [
        ("INVALID", "trigger")
    ]
    assert refused(services.delete, row=first, actor="admin:1") == [("INVALID", "")]
    services.delete(row=other_way, actor="admin:1")
    deleted = Revision.objects.first()
    services.delete(row=first, actor="admin:1")
    assert refused(services.undo, revision_id=deleted.pk, actor="admin:1") == [("INVALID", "")]
    assert refused(waits, "network", "storage", code="again") == [("INVALID", "trigger")]
    services.delete(row=chained, actor="admin:1")
    services.undo(revision_id=deleted.pk, actor="admin:1")
    assert PrecedenceRule.objects.get().code == "other"


def test_rules_of_two_channels_do_not_wait_for_each_other(shop):
    waits("network", "storage", channel="us")
    waits("storage", "network", channel="cn")
    assert refused(waits, "storage", "network", code="all") == [("INVALID", "trigger")]


def test_an_old_circle_stands_in_the_way_of_nothing_else(shop):
    for one, other in (("network", "storage"), ("storage", "network")):
        PrecedenceRule.objects.create(code=one, dimension=one, trigger=other)
    create(**REDIRECT)
    services.delete(row=PrecedenceRule.objects.get(code="network"), actor="admin:1")
