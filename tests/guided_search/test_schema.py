"""Guided search as clients see it, over the real tables and the live stock."""

from dataclasses import dataclass
from typing import Any

import pytest
import strawberry
from pytest_django import DjangoAssertNumQueries
from strawberry.tools import merge_types

from inventory import services as inventory
from inventory.models import Store
from kernel.api import SCALARS
from kernel.identity import GUEST, Caller
from plugins.catalogue import schema as catalogue
from plugins.catalogue import services
from plugins.catalogue.models import Channel
from plugins.catalogue.schema import ContextInput
from plugins.guided_search import loader, reuse
from plugins.guided_search import schema as guided_search
from plugins.guided_search.schema import GuidedSearchInput
from plugins.search_log import recording
from plugins.search_log.models import SearchCount
from tests.catalogue.fake_core import FakeCore, case, product, repriced, variant
from tests.inventory.goods import imei, make_store
from tests.search_log.entries import search_rows

SCHEMA = strawberry.Schema(query=merge_types("Query", (catalogue.Query, guided_search.Query)), scalar_overrides=SCALARS)
RESULT = """
  totalCount
  edges { cursor storeQuantity node { id name price { amount } variants { sku } accessories(first: 2) { name } } }
  pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  dimensions { name label kind minimum maximum values { value label count selected level parent } }
  breadcrumbs { dimension value label }
  correction { original corrected applied }
  redirectUrl
  spotlights { title }
"""
SEARCH = (
    "query($context: ContextInput!, $input: GuidedSearchInput!) { guidedSearch(context: $context, input: $input) {%s} }"
)
TYPEAHEAD = """query($prefix: String!, $limit: Int) {
  typeahead(context: {channel: "us"}, prefix: $prefix, limit: $limit) {
    queries categories { dimension value label } products { name price { amount } } } }"""


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


def execute(query: str, *, language: str = "en", **variables: Any) -> Any:
    return SCHEMA.execute_sync(query, variable_values=variables, context_value=Context(language=language))


def search(
    *, store: str | None = None, context: dict[str, Any] | None = None, language: str = "en", **question: Any
) -> dict[str, Any]:
    given = {"channel": "us", "storeId": store} | (context or {})
    answer = execute(SEARCH % RESULT, language=language, context=given, input=question)
    assert answer.errors is None, answer.errors
    return answer.data["guidedSearch"]


def refusal(context: dict[str, Any] | None = None, **question: Any) -> tuple[str, str]:
    answer = execute(SEARCH % "totalCount", context=context or {"channel": "us"}, input=question)
    [error] = answer.errors
    return error.extensions["code"], error.extensions["field"]


def names(result: dict[str, Any]) -> list[str]:
    return [edge["node"]["name"] for edge in result["edges"]]


def dimension(result: dict[str, Any], name: str) -> dict[str, Any]:
    return next(item for item in result["dimensions"] if item["name"] == name)


def counts(result: dict[str, Any], name: str) -> dict[str, int]:
    return {value["value"]: value["count"] for value in dimension(result, name)["values"]}


def put_in_stock(store: Store, sku: str, key: str) -> None:
    inventory.receive(store_id=store.pk, sku=sku, quantity=1, serials=[imei()], source_key=key, actor="test")


def test_browsing_shows_everything_with_its_dimensions(synced: FakeCore) -> None:
    found = search()
    assert found["totalCount"] == 3
    assert names(found) == ["Phone A", "Phone B", "Case C"]
    assert [item["name"] for item in found["dimensions"]] == [
        "category",
        "brand",
        "kind",
        "price",
        "storage",
        "network",
    ]
    assert counts(found, "category") == {"devices": 2, "phones": 2, "accessories": 1, "cases": 1}
    assert counts(found, "storage") == {"128 GB": 2, "256 GB": 1}
    price = dimension(found, "price")
    assert (price["kind"], price["minimum"], price["maximum"]) == ("RANGE", "19.90", "599.00")
    assert (found["correction"], found["redirectUrl"], found["spotlights"], found["breadcrumbs"]) == (
        None,
        None,
        [],
        [],
    )
    assert {edge["storeQuantity"] for edge in found["edges"]} == {None}


def test_a_search_costs_the_same_however_much_it_finds(
    synced: FakeCore, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        synced.put(product(f"P{number}"))
    services.sync_products("us")
    store = make_store()
    search(store=store.pk)
    # Channel, change number, version of the rules, store, its stock, offers, products, variants, accessories: whatever
    # the length of the page.
    with django_assert_num_queries(9):
        assert len(search(store=store.pk, first=23)["edges"]) == 23


def test_labels_follow_the_language(synced: FakeCore) -> None:
    found = search(language="zh-hans", refinements=[{"dimension": "price", "minimum": "100"}])
    assert dimension(found, "brand")["label"] == "品牌"
    assert dimension(found, "kind")["values"][0]["label"] == "手机和平板"
    assert found["breadcrumbs"] == [{"dimension": "price", "value": "100..", "label": "$100 以上"}]


def test_choices_become_breadcrumbs_and_keep_their_own_counts(synced: FakeCore) -> None:
    chosen = [
        {"dimension": "category", "values": ["phones"]},
        {"dimension": "storage", "values": ["256 GB"]},
        {"dimension": "price", "minimum": "100", "maximum": "700.5"},
    ]
    found = search(refinements=chosen)
    assert names(found) == ["Phone A"]
    assert found["breadcrumbs"] == [
        {"dimension": "category", "value": "phones", "label": "Phones"},
        {"dimension": "storage", "value": "256 GB", "label": "256 GB"},
        {"dimension": "price", "value": "100..700.5", "label": "$100 – $700.5"},
    ]
    assert counts(found, "storage") == {"128 GB": 2, "256 GB": 1}
    assert [value["selected"] for value in dimension(found, "storage")["values"]] == [False, True]
    phones = dimension(found, "category")["values"][1]
    assert (phones["value"], phones["level"], phones["parent"], phones["selected"]) == ("phones", 1, "devices", True)


def test_stock_is_live(synced: FakeCore) -> None:
    store = make_store()
    assert counts(search(store=store.pk), "in_store") == {"true": 0}
    put_in_stock(store, "A-128", "one")
    found = search(store=store.pk)
    assert counts(found, "in_store") == {"true": 1}
    assert [edge["storeQuantity"] for edge in found["edges"]] == [1, 0, 0]
    assert dimension(found, "in_store")["values"][0]["label"] == f"In stock at {store.name}"
    only = [{"dimension": "in_store", "values": ["true"]}]
    assert names(search(store=store.pk, refinements=only)) == ["Phone A"]
    big = [*only, {"dimension": "storage", "values": ["256 GB"]}]
    assert search(store=store.pk, refinements=big)["totalCount"] == 0


def test_near_means_any_store_within_reach(synced: FakeCore) -> None:
    close = make_store(latitude=44.9, longitude=-93.2, core_warehouse_id=None)
    far = make_store(latitude=40.7, longitude=-74.0, core_warehouse_id=None)
    put_in_stock(close, "SKU-B", "one")
    put_in_stock(far, "A-128", "two")
    here = {"latitude": 44.98, "longitude": -93.26}
    found = search(near=here, refinements=[{"dimension": "in_store", "values": ["true"]}])
    assert names(found) == ["Phone B"]
    assert dimension(found, "in_store")["values"][0]["label"] == "In stock within 25 mi"
    # The chosen store still says how much it has itself.
    both = search(near=here, store=far.pk)
    assert {edge["node"]["id"]: edge["storeQuantity"] for edge in both["edges"]} == {"A": 1, "B": 0, "C": 0}
    nowhere = search(near={"latitude": -80, "longitude": 0})
    assert counts(nowhere, "in_store") == {"true": 0}


def test_within_reach_are_the_stores_that_the_channel_sells_from(synced: FakeCore) -> None:
    store = make_store(latitude=44.9, longitude=-93.2, country="CA", core_warehouse_id="W1")
    put_in_stock(store, "SKU-B", "one")
    here = {"latitude": 44.98, "longitude": -93.26}
    assert counts(search(near=here), "in_store") == {"true": 0}  # the channel names no warehouse
    Channel.objects.filter(pk="us").update(warehouse_ids=["W1"])
    assert counts(search(near=here), "in_store") == {"true": 1}  # also in the country next door
    Channel.objects.filter(pk="us").update(warehouse_ids=["W2"])
    assert counts(search(near=here), "in_store") == {"true": 0}
    # Of a store that somebody chose it is told what stands there.
    assert counts(search(store=store.pk), "in_store") == {"true": 1}


NEAREST = (
    "edges { cursor node { id } nearestStore { storeId name distanceKm quantity } } pageInfo { endCursor hasNextPage }"
)
HERE = {"latitude": 45.0, "longitude": -93.0}


def nearest(**question: Any) -> tuple[list[tuple[str, str | None]], dict[str, Any]]:
    """(product, store that is told as its nearest) in order, and the whole answer."""
    asked = {"near": HERE, "sort": "DISTANCE"} | question
    answer = execute(SEARCH % NEAREST, context={"channel": "us"}, input=asked)
    assert answer.errors is None, answer.errors
    edges = answer.data["guidedSearch"]["edges"]
    told = [(edge["node"]["id"], (edge["nearestStore"] or {}).get("name")) for edge in edges]
    return told, answer.data["guidedSearch"]


@pytest.fixture
def two_stores(synced: FakeCore) -> tuple[Store, Store]:
    """One some three kilometres away, one some eleven."""
    places = [{"latitude": latitude, "longitude": -93, "core_warehouse_id": None} for latitude in (45.03, 45.1)]
    close, further = (make_store(**place) for place in places)
    return close, further


def test_by_distance_the_nearest_store_that_has_it_now_decides(two_stores: tuple[Store, Store]) -> None:
    close, further = two_stores
    serial = imei()
    inventory.receive(store_id=close.pk, sku="SKU-B", quantity=1, serials=[serial], source_key="one", actor="test")
    put_in_stock(further, "SKU-B", "two")
    put_in_stock(further, "A-128", "three")
    told, answer = nearest()
    assert told == [("B", close.name), ("A", further.name), ("C", None)]
    assert [edge["nearestStore"]["distanceKm"] for edge in answer["edges"][:2]] == [
        pytest.approx(3.336, abs=0.001),
        pytest.approx(11.119, abs=0.001),
    ]
    assert [edge["nearestStore"]["quantity"] for edge in answer["edges"][:2]] == [1, 1]
    # Exact at once: the close store gets the other phone, and sells its own one.
    put_in_stock(close, "A-256", "four")
    inventory.sell(
        store_id=close.pk,
        lines=[("SKU-B", 1, [serial])],
        source_key="sale",
        actor="test",
        occurred_at=None,
        allow_short=False,
    )
    assert nearest()[0] == [("A", close.name), ("B", further.name), ("C", None)]
    # The variant that is asked for must be the one that the store has.
    assert nearest(refinements=[{"dimension": "storage", "values": ["128 GB"]}])[0][0] == ("A", further.name)
    # In any other order the nearest is told as well.
    assert nearest(sort="NAME")[0] == [("C", None), ("A", close.name), ("B", further.name)]


def test_pages_by_distance_join_while_stock_moves(synced: FakeCore, two_stores: tuple[Store, Store]) -> None:
    close, further = two_stores
    for number in range(5):
        synced.put(product(f"P{number}"))
    services.sync_products("us")
    for number in range(5):
        put_in_stock(further, f"SKU-P{number}", f"in-{number}")
    whole = [key for key, _store in nearest()[0]]
    told, answer = nearest(first=3)
    assert [key for key, _store in told] == whole[:3]
    # What comes nearer meanwhile was not seen yet and is not missed by those that were: the page goes on behind.
    put_in_stock(close, f"SKU-{whole[4]}", "moved")
    after = answer["pageInfo"]["endCursor"]
    assert [key for key, _store in nearest(first=10, after=after)[0]] == [key for key in whole[3:] if key != whole[4]]
    assert refusal(near=HERE, after=after) == ("INVALID", "input.after")
    elsewhere = {"latitude": 45.01, "longitude": -93.0}
    assert refusal(near=elsewhere, sort="DISTANCE", after=after) == ("INVALID", "input.after")


def test_where_one_is_stands_in_no_table(two_stores: tuple[Store, Store]) -> None:
    nearest(text="phone of nowhere", sort="RELEVANCE", near={"latitude": 45.0123, "longitude": -93.0456})
    recording.flush()
    [row] = SearchCount.objects.filter(text="phone of nowhere").values()
    assert not any("45.01" in str(value) or "93.04" in str(value) for value in row.values())


def test_a_correction_is_in_the_answer(synced: FakeCore) -> None:
    found = search(text="phnoe b")
    assert names(found) == ["Phone B"]
    assert found["correction"] == {"original": "phnoe b", "corrected": "phone b", "applied": True}


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("PRICE_ASC", ["Case C", "Phone B", "Phone A"]),
        ("PRICE_DESC", ["Phone A", "Phone B", "Case C"]),
        ("NAME", ["Case C", "Phone A", "Phone B"]),
        ("NEWEST", ["Phone A", "Phone B", "Case C"]),
    ],
)
def test_sorts(synced: FakeCore, sort: str, expected: list[str]) -> None:
    synced.put(repriced(product("B"), "450"))
    services.sync_product("B")
    assert names(search(sort=sort)) == expected


def test_best_selling_counts_what_was_sold(synced: FakeCore) -> None:
    store, serial = make_store(), imei()
    inventory.receive(store_id=store.pk, sku="SKU-B", quantity=1, serials=[serial], source_key="receipt", actor="test")
    inventory.sell(
        store_id=store.pk,
        lines=[("SKU-B", 1, [serial])],
        source_key="sale",
        actor="test",
        occurred_at=None,
        allow_short=False,
    )
    assert names(search(sort="BEST_SELLING"))[0] == "Phone B"


def test_pages_join_without_gap_or_repetition(synced: FakeCore) -> None:
    for number in range(7):
        synced.put(product(f"P{number}"))
    services.sync_products("us")
    whole, paged, after = names(search()), [], None
    for _page in range(10):
        found = search(first=3, after=after)
        paged += names(found)
        after = found["pageInfo"]["endCursor"]
        assert found["pageInfo"]["hasPreviousPage"] == (len(paged) > 3)
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert paged == whole


def test_a_cursor_survives_what_comes_and_goes_before_it(synced: FakeCore) -> None:
    first = search(first=2, sort="NAME")
    assert names(first) == ["Case C", "Phone A"]
    synced.put(case("0", fits=("A",)))
    services.sync_product("0")
    assert names(search(first=2, sort="NAME", after=first["pageInfo"]["endCursor"])) == ["Phone B"]


def test_catalogue_changes_are_seen(synced: FakeCore) -> None:
    assert search(text="gadget")["totalCount"] == 0
    synced.put(product("B", name="Gadget"))
    services.sync_product("B")
    assert names(search(text="gadget")) == ["Gadget"]
    synced.listed["us"] = [item for item in synced.listed["us"] if item.id != "B"]
    services.sync_products("us")
    assert search(text="gadget")["totalCount"] == 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"text": "x" * 201}, ("INVALID", "input.text")),
        ({"text": "x" * 10_000}, ("INVALID", "input.text")),
        ({"first": 0}, ("INVALID", "input.first")),
        ({"first": -1}, ("INVALID", "input.first")),
        ({"first": 101}, ("INVALID", "input.first")),
        ({"first": 10_000}, ("INVALID", "input.first")),
        ({"after": "nonsense"}, ("INVALID", "input.after")),
        ({"after": "é"}, ("INVALID", "input.after")),
        ({"near": {"latitude": 91, "longitude": 0}}, ("INVALID", "input.near")),
        ({"near": {"latitude": 0, "longitude": -180.001}}, ("INVALID", "input.near")),
        ({"sort": "DISTANCE"}, ("INVALID", "input.near")),
        (
            {"refinements": [{"dimension": "price", "minimum": "1"} for _number in range(31)]},
            ("INVALID", "input.refinements"),
        ),
        ({"refinements": [{"dimension": "shoe", "values": ["9"]}]}, ("INVALID", "input.refinements.0.dimension")),
        (
            {"refinements": [{"dimension": "brand", "values": [str(number) for number in range(101)]}]},
            ("INVALID", "input.refinements.0.values"),
        ),
        ({"refinements": [{"dimension": "brand", "minimum": "1"}]}, ("INVALID", "input.refinements.0.minimum")),
        (
            {"refinements": [{"dimension": "price", "minimum": "2", "maximum": "1"}]},
            ("INVALID", "input.refinements.0.minimum"),
        ),
        (
            {"refinements": [{"dimension": "in_store", "values": ["true"]}]},
            ("INVALID", "input.refinements.0.dimension"),
        ),
        (
            {"refinements": [{"dimension": "kind", "values": ["PLAN"]}, {"dimension": "kind", "values": ["SIM"]}]},
            ("INVALID", "input.refinements.1.dimension"),
        ),
    ],
)
def test_bad_questions_are_refused(synced: FakeCore, question: dict[str, Any], expected: tuple[str, str]) -> None:
    assert refusal(**question) == expected


@pytest.mark.parametrize(
    ("context", "expected"),
    [
        ({"channel": "moon"}, ("NOT_FOUND", "context.channel")),
        ({"channel": "us", "storeId": "nowhere"}, ("STORE_NOT_FOUND", "context.storeId")),
        ({"channel": "us", "storeId": "\0"}, ("STORE_NOT_FOUND", "context.storeId")),
        ({"channel": "us", "premisesId": "1"}, ("NOT_FOUND", "context.premisesId")),
    ],
)
def test_bad_contexts_are_refused(synced: FakeCore, context: dict[str, Any], expected: tuple[str, str]) -> None:
    assert refusal(context) == expected


def test_a_cursor_of_another_search_is_refused(synced: FakeCore) -> None:
    other = search(first=1, text="phone")["pageInfo"]["endCursor"]
    assert refusal(after=other) == ("INVALID", "input.after")


@pytest.mark.parametrize("text", ["!!!", "\U0001f4f1", "مرحبا", "\0", "'; drop table", "%s %(x)s", "a " * 99])
def test_odd_texts_get_a_sensible_page(synced: FakeCore, text: str) -> None:
    assert search(text=text)["totalCount"] >= 0


def test_a_group_and_bounds_that_contradict_each_other_find_nothing_and_stay_shown(synced: FakeCore) -> None:
    found = search(refinements=[{"dimension": "price", "values": ["0..50"], "minimum": "100"}])
    assert found["totalCount"] == 0
    assert [item["label"] for item in found["breadcrumbs"]] == ["Under $50", "$100 and more"]
    assert counts(found, "price")["0..50"] == 1


def test_a_dimension_without_a_choice_narrows_nothing(synced: FakeCore) -> None:
    assert search(refinements=[{"dimension": "brand", "values": []}])["totalCount"] == 3


def test_an_unknown_value_finds_nothing_and_stays_shown(synced: FakeCore) -> None:
    found = search(refinements=[{"dimension": "brand", "values": ["Nobody"]}])
    assert found["totalCount"] == 0
    assert {"Nobody": 0, "Acme": 2}.items() <= counts(found, "brand").items()


def test_typeahead_from_the_first_character(synced: FakeCore) -> None:
    found = execute(TYPEAHEAD, prefix="p", limit=8).data["typeahead"]
    assert found["queries"][0] == "phone"
    assert {"dimension": "category", "value": "phones", "label": "Phones"} in found["categories"]
    assert [item["name"] for item in found["products"]][:2] == ["Phone A", "Phone B"]


@pytest.mark.parametrize(("prefix", "limit", "field"), [("x" * 201, 8, "prefix"), ("x", 0, "limit")])
def test_bad_typeahead_is_refused(synced: FakeCore, prefix: str, limit: int, field: str) -> None:
    [error] = execute(TYPEAHEAD, prefix=prefix, limit=limit).errors
    assert error.extensions == {"code": "INVALID", "field": field}


@pytest.mark.parametrize("prefix", ["", " ", "!"])
def test_nothing_typed_suggests_nothing(synced: FakeCore, prefix: str) -> None:
    assert execute(TYPEAHEAD, prefix=prefix, limit=8).data["typeahead"] == {
        "queries": [],
        "categories": [],
        "products": [],
    }


def test_a_variant_of_its_own_price_is_found_by_it(synced: FakeCore) -> None:
    synced.put(product("E", variant("E-1", "100"), variant("E-2", "900", storage="1 TB")))
    services.sync_product("E")
    cheap_and_big = [{"dimension": "price", "maximum": "200"}, {"dimension": "storage", "values": ["1 TB"]}]
    assert search(refinements=cheap_and_big)["totalCount"] == 0


def test_one_thread_renews_while_others_go_on(synced: FakeCore) -> None:
    channel = Channel.objects.get()
    before = loader.ready(channel)
    synced.put(product("B", name="Gadget"))
    services.sync_product("B")
    with loader._channels[channel.pk].lock:
        assert loader.ready(channel) is before
    assert loader.ready(channel) is not before


def labels(dimension: str, **question: Any) -> list[str]:
    [found] = [each for each in search(**question)["dimensions"] if each["name"] == dimension]
    return [value["label"] for value in found["values"]]


def test_what_values_are_called_is_remembered_for_each_language_and_currency(synced: FakeCore) -> None:
    first = {name: (labels(name), labels(name, language="zh-hans")) for name in ("kind", "price")}
    assert all(english != chinese for english, chinese in first.values())
    assert {name: (labels(name), labels(name, language="zh-hans")) for name in first} == first
    Channel.objects.update(currency="EUR")
    assert labels("price") == [label.replace("$", "€") for label in first["price"][0]]


def test_values_that_nobody_has_are_not_remembered(synced: FakeCore) -> None:
    chosen = [{"dimension": "brand", "values": ["Nobody"]}]
    assert "Nobody" in labels("brand", refinements=chosen)
    kept = {value for names in loader.ready(Channel.objects.get()).names.values() for value in names}
    assert "Nobody" not in kept
    assert kept


def test_what_is_not_decided_yet_is_answered_alike_and_counted_nowhere(synced: FakeCore) -> None:
    text = "phone that nobody has decided on"

    def counted() -> list[tuple[str, int]]:
        recording.flush()
        return [row for row in search_rows("text") if row[0] == text]

    undecided = search(text=text, recorded=False)
    assert counted() == []
    assert search(text=text) == undecided
    assert counted() == [(text, 1)]


def test_an_answer_given_again_counts_as_what_it_was_asked_for(
    synced: FakeCore, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(text="phone")
    recording.flush()
    counted: list[Any] = []
    monkeypatch.setattr(recording, "record", counted.append)
    context = ContextInput(channel="us")
    for recorded in (True, None, False):
        reuse.again({"context": context, "input": GuidedSearchInput(text="phone", recorded=recorded)}, "en")
    assert [entry.text for entry in counted] == ["phone", "phone"]


@pytest.mark.parametrize("number", ["35-209900-176148-1", "352099001761481", "8901 4103 2111 1851 072"])
def test_a_long_number_that_nothing_has_finds_nothing_rather_than_its_parts(synced: FakeCore, number: str) -> None:
    synced.put(product("N", variant("N-1", "100"), name="Phone 1"))
    services.sync_products("us")
    assert names(search(text="1")) == ["Phone 1"]
    found = search(text=number)
    assert (found["totalCount"], found["correction"]) == (0, None)
