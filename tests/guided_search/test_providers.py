"""What rule packages provide: the order by monthly price, and what can be delivered to an address."""

from collections.abc import Hashable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from commerce.records import CoreProductType
from kernel.errors import NOT_FOUND, ApiError
from kernel.money import Money
from plugins.catalogue import services
from plugins.catalogue.providers import Monthly, providers
from plugins.merchandising import services as merchandising
from plugins.merchandising.models import DimensionSetup, PrecedenceRule
from tests.catalogue.fake_core import FakeCore, product, variant
from tests.guided_search.test_schema import TYPEAHEAD, counts, dimension, execute, names, refusal, search

SERVICE = CoreProductType("service", "Service", False, {"kind": "SERVICE", "tracking": "NONE"})


class FakeBundles:
    """Monthly prices as bundles will tell them; `reads` counts how often all of them were read."""

    def __init__(self, **prices: str) -> None:
        self.prices: dict[str, Mapping[str, Monthly]] = {}
        self.changes: int | None = 0
        self.reads = 0
        self.set("WEB", **prices)

    def set(self, sales_channel: str, **prices: str) -> None:
        self.prices[sales_channel] = {sku.replace("_", "-"): _monthly(price) for sku, price in prices.items()}
        if self.changes is not None:
            self.changes += 1

    def version(self, channel: str, sales_channel: str) -> Hashable | None:
        return self.changes

    def by_sku(self, channel: str, sales_channel: str) -> Mapping[str, Monthly]:
        self.reads += 1
        return self.prices.get(sales_channel, {})


def _monthly(price: str) -> Monthly:
    amount = Money(Decimal(price), "USD")
    return Monthly(amount, Money(Decimal("5"), "USD"), 24, Money(amount.amount * 24 + 5, "USD"), "offer")


class FakeServiceability:
    """What premises can have."""

    def __init__(self, **premises: Mapping[str, bool]) -> None:
        self.premises = premises

    def deliverable(self, premises_id: str, channel: str) -> Mapping[str, bool]:
        if premises_id not in self.premises:
            raise ApiError(NOT_FOUND, "There is no such address.")
        return self.premises[premises_id]

    def find(self, text: str, limit: int) -> Sequence[tuple[str, str]]:
        return [(key, f"{key.title()} Street 1") for key in self.premises if text.lower() in f"{key} street"][:limit]


@pytest.fixture
def bundles(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> FakeBundles:
    fake = FakeBundles(A_128="30", A_256="25", SKU_B="20")
    monkeypatch.setattr(providers, "monthly_prices", fake)
    return fake


@pytest.fixture
def serviceability(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> FakeServiceability:
    """Fibre in two speeds, of which the first premises have one and the second none."""
    synced.put(product("F", variant("F-100", "30"), variant("F-1000", "60"), name="Fibre", product_type=SERVICE))
    services.sync_products("us")
    fake = FakeServiceability(near={"F-100": True, "F-1000": False}, far={"F-100": False, "F-1000": False})
    monkeypatch.setattr(providers, "at_address", fake)
    return fake


def by_month(**more: Any) -> dict[str, Any]:
    return search(sort="MONTHLY_PRICE_ASC", **more)


def test_the_least_a_month_comes_first_and_what_has_no_plan_last(bundles: FakeBundles) -> None:
    assert names(by_month()) == ["Phone B", "Phone A", "Case C"]
    bundles.set("WEB", A_256="15", SKU_B="20")
    assert names(by_month()) == ["Phone A", "Phone B", "Case C"]


def test_a_product_counts_by_its_cheapest_variant(bundles: FakeBundles) -> None:
    bundles.set("WEB", A_128="99", A_256="19.99", SKU_B="20")
    assert names(by_month())[0] == "Phone A"


def test_monthly_prices_are_a_range_with_groups(bundles: FakeBundles) -> None:
    found = search()
    monthly = dimension(found, "monthly_price")
    assert (monthly["label"], monthly["kind"], monthly["minimum"], monthly["maximum"]) == (
        *("Price a month", "RANGE", "20", "30"),
    )
    assert [(value["label"], value["count"]) for value in monthly["values"]] == [("$20 – $40", 2)]
    bundles.set("WEB", A_128="30", A_256="45.50", SKU_B="19.99", SKU_C="200")
    found = search()
    assert counts(found, "monthly_price") == {"0..20": 1, "20..40": 1, "40..60": 1, "200..": 1}
    labels = [value["label"] for value in dimension(found, "monthly_price")["values"]]
    assert labels == ["Under $20", "$20 – $40", "$40 – $60", "$200 and more"]
    chinese = search(language="zh-hans")
    assert dimension(chinese, "monthly_price")["label"] == "月费"
    assert dimension(chinese, "monthly_price")["values"][-1]["label"] == "$200 以上"


def test_a_monthly_price_narrows_by_group_and_by_bounds_and_keeps_its_counts(bundles: FakeBundles) -> None:
    bundles.set("WEB", A_128="30", A_256="45.50", SKU_B="19.99")
    chosen = search(refinements=[{"dimension": "monthly_price", "values": ["20..40"]}])
    assert names(chosen) == ["Phone A"]
    assert counts(chosen, "monthly_price") == {"0..20": 1, "20..40": 1, "40..60": 1}
    # One variant must have all that is chosen.
    big = {"dimension": "storage", "values": ["256 GB"]}
    both = search(refinements=[{"dimension": "monthly_price", "values": ["20..40"]}, big])
    assert both["totalCount"] == 0
    assert counts(both, "monthly_price") == {"20..40": 0, "40..60": 1}
    bounded = search(refinements=[{"dimension": "monthly_price", "maximum": "29.99"}])
    assert names(bounded) == ["Phone B"]
    assert [item["label"] for item in bounded["breadcrumbs"]] == ["Under $29.99"]
    assert (dimension(bounded, "monthly_price")["minimum"], dimension(bounded, "monthly_price")["maximum"]) == (
        *("19.99", "45.5"),
    )


def test_monthly_prices_are_grouped_and_hidden_as_merchandisers_say(bundles: FakeBundles) -> None:
    row = merchandising.create(
        model=DimensionSetup,
        values={
            "name": "monthly_price",
            "attribute": "monthly_price",
            "kind": "RANGE",
            "label_en": "Each month",
            "bounds": ["0", "25", "30"],
        },
        actor="test",
    )
    found = search()
    assert dimension(found, "monthly_price")["label"] == "Each month"
    assert counts(found, "monthly_price") == {"0..25": 1, "25..30": 1, "30..": 1}
    merchandising.create(
        model=PrecedenceRule, values={"code": "m", "dimension": "monthly_price", "trigger": "brand"}, actor="test"
    )
    assert "monthly_price" not in [item["name"] for item in search()["dimensions"]]
    after = search(refinements=[{"dimension": "brand", "values": ["Acme"]}])
    assert "monthly_price" in [item["name"] for item in after["dimensions"]]
    merchandising.update(row=row, values={"is_shown": False}, actor="test")
    assert "monthly_price" not in [item["name"] for item in search()["dimensions"]]


@pytest.mark.parametrize(
    ("refinement", "field"),
    [
        ({"values": [str(number) for number in range(101)]}, "values"),
        ({"minimum": "2", "maximum": "1"}, "minimum"),
    ],
)
def test_bad_questions_about_monthly_prices_are_refused(
    bundles: FakeBundles, refinement: dict[str, Any], field: str
) -> None:
    chosen = [{"dimension": "monthly_price", **refinement}]
    assert refusal(refinements=chosen) == ("INVALID", f"input.refinements.0.{field}")


def test_an_odd_monthly_price_finds_nothing(bundles: FakeBundles) -> None:
    found = search(refinements=[{"dimension": "monthly_price", "values": ["\U0001f4f1", "9" * 40, "..", "20..30"]}])
    assert found["totalCount"] == 0


def test_where_no_product_has_a_monthly_price_there_is_no_such_choice(bundles: FakeBundles) -> None:
    bundles.set("WEB", A_128="30")
    assert "monthly_price" not in [item["name"] for item in search(text="case")["dimensions"]]


def test_without_a_provider_there_is_no_such_dimension(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "monthly_prices", None)
    chosen = [{"dimension": "monthly_price", "minimum": "1"}]
    assert refusal(refinements=chosen) == ("INVALID", "input.refinements.0.dimension")


def test_each_sales_channel_has_its_own_prices(bundles: FakeBundles) -> None:
    bundles.set("POS", A_128="1", SKU_B="2")
    at_pos = {"channel": "us", "salesChannel": "POS"}
    assert names(by_month(context=at_pos))[:2] == ["Phone A", "Phone B"]
    assert names(by_month())[:2] == ["Phone B", "Phone A"]


def test_prices_are_read_again_only_after_a_change(bundles: FakeBundles) -> None:
    for _time in range(3):
        by_month()
    assert bundles.reads == 1
    bundles.set("WEB", A_128="1")
    assert names(by_month())[0] == "Phone A"
    assert bundles.reads == 2
    bundles.changes = None
    by_month()
    by_month()
    assert bundles.reads == 4


def test_a_new_product_takes_its_place_without_new_prices(synced: FakeCore, bundles: FakeBundles) -> None:
    bundles.set("WEB", A_128="30", SKU_B="20", N_1="10")
    assert names(by_month())[0] == "Phone B"
    synced.put(product("N", variant("N-1", "100"), name="Novelty"))
    services.sync_products("us")
    assert names(by_month())[0] == "Novelty"


def test_pages_join_and_a_price_that_changes_moves_nothing_already_seen(synced: FakeCore, bundles: FakeBundles) -> None:
    for number in range(6):
        synced.put(product(f"P{number}", variant(f"P{number}-1", "100"), name=f"Set {number}"))
    services.sync_products("us")
    prices = {f"P{number}_1": str(number + 1) for number in range(6)}
    bundles.set("WEB", **prices)
    first = by_month(first=3)
    assert names(first) == ["Set 0", "Set 1", "Set 2"]
    after = first["pageInfo"]["endCursor"]
    # One of the first page becomes dear, one of the second cheap: the page goes on behind "Set 2".
    bundles.set("WEB", **prices | {"P0_1": "50", "P5_1": "0.5"})
    assert names(by_month(first=2, after=after)) == ["Set 3", "Set 4"]
    assert names(by_month(first=3)) == ["Set 5", "Set 1", "Set 2"]


def test_a_cursor_of_another_order_is_refused(bundles: FakeBundles) -> None:
    other = search(first=1, sort="BEST_SELLING")["pageInfo"]["endCursor"]
    assert refusal(sort="MONTHLY_PRICE_ASC", after=other) == ("INVALID", "input.after")


def test_without_a_provider_both_are_not_available(synced: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(providers, "at_address", None)
    monkeypatch.setattr(providers, "monthly_prices", None)
    assert refusal(sort="MONTHLY_PRICE_ASC") == ("NOT_AVAILABLE", "input.sort")
    assert refusal({"channel": "us", "premisesId": "near"}) == ("NOT_AVAILABLE", "context.premisesId")


def test_what_cannot_be_delivered_is_left_out_and_the_rest_stays(serviceability: FakeServiceability) -> None:
    near = search(context={"channel": "us", "premisesId": "near"})
    assert set(names(near)) == {"Phone A", "Phone B", "Case C", "Fibre"}
    assert counts(near, "at_address") == {"true": 1}
    far = search(context={"channel": "us", "premisesId": "far"})
    assert set(names(far)) == {"Phone A", "Phone B", "Case C"}
    assert counts(far, "at_address") == {"true": 0}
    assert "at_address" not in [item["name"] for item in search()["dimensions"]]


def test_the_choice_narrows_to_what_the_address_can_have(serviceability: FakeServiceability) -> None:
    chosen = [{"dimension": "at_address", "values": ["true"]}]
    found = search(context={"channel": "us", "premisesId": "near"}, refinements=chosen)
    assert names(found) == ["Fibre"]
    assert dimension(found, "at_address")["label"] == "At your address"
    assert [item["label"] for item in found["breadcrumbs"]] == ["Available at this address"]
    # The speed that can be had must be the one that is asked for.
    dear = [*chosen, {"dimension": "price", "minimum": "50"}]
    assert search(context={"channel": "us", "premisesId": "near"}, refinements=dear)["totalCount"] == 0


def test_what_an_address_can_have_is_asked_at_each_search(serviceability: FakeServiceability) -> None:
    context = {"channel": "us", "premisesId": "far"}
    assert search(text="fibre", context=context)["totalCount"] == 0
    serviceability.premises["far"] = {"F-100": True, "F-1000": True}
    assert names(search(text="fibre", context=context)) == ["Fibre"]


def test_typeahead_suggests_no_product_that_cannot_be_delivered(serviceability: FakeServiceability) -> None:
    query = TYPEAHEAD.replace('channel: "us"', 'channel: "us", premisesId: "%s"')
    suggested = [
        [item["name"] for item in execute(query % premises, prefix="fib", limit=8).data["typeahead"]["products"]]
        for premises in ("near", "far")
    ]
    assert suggested == [["Fibre"], []]


@pytest.mark.parametrize(
    ("context", "refinement", "expected"),
    [
        ({"premisesId": "moon"}, None, ("NOT_FOUND", "context.premisesId")),
        ({}, {"values": ["true"]}, ("INVALID", "input.refinements.0.dimension")),
        ({"premisesId": "near"}, {"values": ["no"]}, ("INVALID", "input.refinements.0.values")),
        ({"premisesId": "near"}, {"minimum": "1"}, ("INVALID", "input.refinements.0.values")),
    ],
)
def test_bad_questions_about_an_address_are_refused(
    serviceability: FakeServiceability, context: dict[str, Any], refinement: Any, expected: tuple[str, str]
) -> None:
    chosen = [{"dimension": "at_address", **refinement}] if refinement else []
    assert refusal({"channel": "us", **context}, refinements=chosen) == expected


def test_a_cursor_of_another_address_is_refused(serviceability: FakeServiceability) -> None:
    other = search(first=1, context={"channel": "us", "premisesId": "near"})["pageInfo"]["endCursor"]
    assert refusal({"channel": "us", "premisesId": "far"}, after=other) == ("INVALID", "input.after")
