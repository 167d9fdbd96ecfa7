"""Rules about what is known only at the moment: stock of the searcher's store, the address, the price a month."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.models import Store
from plugins.catalogue import services as catalogue
from plugins.guided_search import preview
from plugins.guided_search.columns import scaled
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.engine import Boost, MemoryEngine, Question, Tuning
from plugins.guided_search.facets import Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.measured import Measured
from plugins.guided_search.stock import IN_STORE
from tests.catalogue.fake_core import FakeCore, attribute, product, variant
from tests.guided_search import strategies
from tests.guided_search.catalogues import phone
from tests.guided_search.test_engine import InStore, known
from tests.guided_search.test_preview import PAGE, add_rule, look
from tests.guided_search.test_providers import (  # noqa: F401 - fixtures
    FakeBundles,
    FakeServiceability,
    bundles,
    serviceability,
)
from tests.guided_search.test_schema import names, put_in_stock, search
from tests.inventory.goods import make_store

HERE = {"in_store": ["true"]}


def in_stock_first(**values: Any) -> Any:
    return add_rule(**{"kind": "BOOST", "factor": "10", "match_mode": "NONE", "conditions": HERE} | values)


def boosted(seen: preview.Preview) -> list[str]:
    return [row.product_id for row in seen.rows if row.boosts]


@settings(max_examples=60, deadline=None)
@given(strategies.catalogues(), strategies.texts, strategies.refinements(), st.data())
def test_a_boost_holds_for_what_choosing_its_conditions_would_leave(
    products: list[ProductDocument], text: str, refinements: tuple[Refinement, ...], data: st.DataObject
) -> None:
    index = Index.build(products)
    skus = [variant.sku for product in products for variant in product.variants]
    store = InStore(data.draw(st.frozensets(st.sampled_from(skus))) if skus else frozenset())
    prices = data.draw(strategies.monthly(skus))
    places = [(*place, scaled(price)) for sku, price in prices.items() if (place := index.place(sku)) is not None]
    conditions = data.draw(
        st.lists(
            st.sampled_from(
                [
                    Refinement(IN_STORE, ("true",)),
                    Refinement("monthly_price", (), None, Decimal(30)),
                    Refinement("brand", ("Samsung",)),
                    Refinement("price", (), Decimal(100), None),
                ]
            ),
            min_size=1,
            unique_by=lambda item: item.dimension,
        )
    )
    named = {item.dimension for item in conditions}
    boost = Boost("r", 2.0, conditions=known(index, conditions))
    question = Question(
        text=text,
        refinements=tuple(item for item in known(index, refinements) if item.dimension not in named),
        first=100,
        live=(store,),
        measured=(Measured("monthly_price", index.size, places, (Decimal(0), Decimal(30))),),
        tuning=Tuning(boosts=(boost,)),
    )
    engine = MemoryEngine(index)
    chosen = replace(question, refinements=(*question.refinements, *boost.conditions), tuning=Tuning())
    wanted = {hit.product_id for hit in engine.search(chosen).hits}
    found = [hit.product_id for hit in engine.search(question).hits]
    raised = {key for key in found if (told := engine.explain(question, key)) is not None and told.boosts}
    assert raised == wanted


def test_conditions_hold_together_in_one_variant_that_was_found() -> None:
    engine = MemoryEngine(Index.build([phone("A", storage=["64 GB", "128 GB"]), phone("B", storage=["64 GB"])]))
    store = InStore(frozenset({"A-128GB"}))

    def raised(text: str = "", *chosen: Refinement, conditions: tuple[Refinement, ...] = ()) -> bool:
        boost = Boost("r", 2.0, conditions=(Refinement(IN_STORE, ("true",)), *conditions))
        asked = Question(text=text, refinements=chosen, live=(store,), tuning=Tuning(boosts=(boost,)))
        told = engine.explain(asked, "A")
        return told is not None and bool(told.boosts)

    small, large = (Refinement("storage", (size,)) for size in ("64 GB", "128 GB"))
    assert raised() is True
    assert (raised("", large), raised("", small)) == (True, False)
    assert (raised("128gb"), raised("64gb")) == (True, False)
    assert (raised(conditions=(large,)), raised(conditions=(small,))) == (True, False)


def test_a_rule_raises_what_the_chosen_store_has_at_once_after_each_movement(synced: FakeCore) -> None:
    store = make_store()
    in_stock_first()
    assert names(search(text="phone", store=store.pk)) == ["Phone A", "Phone B"]
    put_in_stock(store, "SKU-B", "one")
    assert names(search(text="phone", store=store.pk)) == ["Phone B", "Phone A"]
    # Another store, and none, know nothing of it.
    assert names(search(text="phone", store=make_store().pk)) == ["Phone A", "Phone B"]
    assert names(search(text="phone")) == ["Phone A", "Phone B"]
    put_in_stock(store, "A-128", "two")
    assert names(search(text="phone", store=store.pk)) == ["Phone A", "Phone B"]
    assert boosted(look(store_id=store.pk)) == ["A", "B"]


def test_near_a_place_any_store_within_reach_counts(synced: FakeCore) -> None:
    store = make_store(core_warehouse_id=None)
    put_in_stock(store, "SKU-B", "one")
    in_stock_first()
    near = {"latitude": float(store.latitude), "longitude": float(store.longitude)}
    assert names(search(text="phone", near=near)) == ["Phone B", "Phone A"]
    assert names(search(text="phone", near={"latitude": -40.0, "longitude": 10.0})) == ["Phone A", "Phone B"]


def test_a_bury_rule_lowers_it(synced: FakeCore) -> None:
    store = make_store()
    put_in_stock(store, "A-128", "one")
    in_stock_first(kind="BURY", factor="0.1")
    assert names(search(text="phone", store=store.pk)) == ["Phone B", "Phone A"]


def test_a_rule_raises_what_the_address_can_have(serviceability: FakeServiceability) -> None:  # noqa: F811
    in_stock_first(conditions={"at_address": ["true"]})
    near, far = ({"channel": "us", "premisesId": premises} for premises in ("near", "far"))
    assert names(search(context=near))[0] == "Fibre"
    assert "Fibre" not in names(search(context=far))
    assert boosted(look("", premises_id="near")) == ["F"]
    assert boosted(look("", premises_id="far")) == boosted(look("")) == []
    serviceability.premises["far"] = {"F-100": False, "F-1000": True}
    assert boosted(look("", premises_id="far")) == ["F"]


def test_a_rule_raises_what_costs_so_much_a_month(bundles: FakeBundles) -> None:  # noqa: F811
    in_stock_first(conditions={"monthly_price": {"minimum": None, "maximum": "20"}})
    assert names(search(text="phone")) == ["Phone B", "Phone A"]
    bundles.set("WEB", A_256="19.99", SKU_B="20.01")
    assert names(search(text="phone")) == ["Phone A", "Phone B"]
    assert boosted(look()) == ["A"]


def test_a_named_product_is_raised_whatever_the_condition_lacks(synced: FakeCore) -> None:
    in_stock_first(products=[{"sku": "SKU-B"}])
    assert boosted(look()) == ["B"]


def test_a_spotlight_is_filled_with_what_the_store_has(synced: FakeCore) -> None:
    store = make_store()
    add_rule(kind="SPOTLIGHT", title_en="Take it home today", match_mode="NONE", limit=3, conditions=HERE)

    def shown(**asked: Any) -> list[str]:
        return [spot["title"] for spot in search(**asked)["spotlights"]]

    assert shown(store=store.pk) == shown() == []
    put_in_stock(store, "SKU-B", "one")
    assert (shown(store=store.pk), shown()) == (["Take it home today"], [])
    assert look(store_id=store.pk).spotlights[0][1] == ["B"]


def test_a_choice_in_them_fires_a_rule(synced: FakeCore) -> None:
    store = make_store()
    put_in_stock(store, "SKU-B", "one")
    put_in_stock(store, "A-128", "two")
    add_rule(kind="PIN", match_mode="NONE", refinements=HERE, products=[{"sku": "SKU-B", "position": 1}])
    chosen = [{"dimension": "in_store", "values": ["true"]}]
    assert names(search(text="phone", store=store.pk))[0] == "Phone A"
    assert names(search(text="phone", store=store.pk, refinements=chosen))[0] == "Phone B"


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        (HERE, "no store and no place is chosen"),
        ({"at_address": ["true"]}, "no address is chosen"),
        ({"monthly_price": {"minimum": "1", "maximum": None}}, "nobody tells any"),
    ],
)
def test_a_rule_that_holds_for_nothing_says_why(
    synced: FakeCore, monkeypatch: pytest.MonkeyPatch, conditions: dict[str, Any], said: str
) -> None:
    monkeypatch.setattr("plugins.catalogue.providers.providers.monthly_prices", None)
    in_stock_first(conditions=conditions)
    [trace] = look().traces
    assert trace.fired
    assert said in str(trace.reason)


def test_the_preview_names_the_condition_and_takes_a_store(synced: FakeCore, admin_client: Client) -> None:
    store = make_store(core_warehouse_id=None)
    put_in_stock(store, "SKU-B", "one")
    in_stock_first()
    asked = {"text": "phone", "store": store.pk, "explain": "B"}
    body = admin_client.get(PAGE, asked).content.decode()
    assert f"Boosted × 10: In stock at {store.name}" in body
    assert f"Rule boost: In stock at {store.name}" in body
    near = admin_client.get(PAGE, {**asked, "nearby": "1"}).content.decode()
    assert "Boosted × 10: In stock within 25 mi" in near
    assert "Boosted" not in admin_client.get(PAGE, {"text": "phone"}).content.decode()


def test_the_preview_takes_an_address(serviceability: FakeServiceability, admin_client: Client) -> None:  # noqa: F811
    in_stock_first(conditions={"at_address": ["true"]})
    page = admin_client.get(PAGE, {"address": "street"})
    assert page.context["premises"] == "Near Street 1"
    assert "Boosted × 10: Available at this address" in page.content.decode()
    [(label, link)] = page.context["other_premises"]
    assert label == "Far Street 1"
    there = admin_client.get(link)
    assert there.context["premises"] == "Far Street 1"
    assert "Boosted" not in there.content.decode()
    unknown = admin_client.get(PAGE, {"address": "nowhere"})
    assert unknown.context["form"].errors == {
        "address": ["No known address begins so. Write the house number and the street."]
    }
    assert "rows" not in unknown.context


def test_a_catalogue_attribute_of_that_name_does_not_stand_in(synced: FakeCore) -> None:
    """The core may call an attribute as we call what is known only now."""
    synced.put(product("N", variant("N-1", "100"), name="Phone N", attributes=(attribute("in_store", "true"),)))
    catalogue.sync_products("us")
    in_stock_first()
    assert boosted(look()) == []


def test_query_counts_are_those_without_such_rules(
    synced: FakeCore, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    store: Store = make_store()
    put_in_stock(store, "SKU-B", "one")
    search(text="phone", store=store.pk)
    with django_assert_max_num_queries(50) as without:
        search(text="phone", store=store.pk)
    for number in range(5):
        in_stock_first(code=f"rule-{number}")
    search(text="phone", store=store.pk)
    with django_assert_num_queries(len(without)):
        assert names(search(text="phone", store=store.pk)) == ["Phone B", "Phone A"]
