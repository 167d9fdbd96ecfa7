"""What holds for any catalogue, any search and any set of rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.guided_search import ordering
from plugins.guided_search.columns import scaled
from plugins.guided_search.documents import ProductDocument, VariantDocument
from plugins.guided_search.engine import Boost, MemoryEngine, Page, Question, Tuning
from plugins.guided_search.facets import Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.measured import Measured
from plugins.guided_search.ordering import Order, Sort
from plugins.guided_search.postings import Masks
from tests.guided_search import strategies
from tests.guided_search.catalogues import case, phone

SORTS = st.sampled_from([Sort.RELEVANCE, Sort.PRICE_ASC, Sort.PRICE_DESC, Sort.NEWEST, Sort.NAME])


@dataclass(frozen=True)
class InStore:
    """A store with these SKUs."""

    skus: frozenset[str]
    name: str = "in_store"

    def masks(self, index: Index) -> Masks:
        return index.store_masks(self.skus)


def known(index: Index, refinements: Sequence[Refinement]) -> tuple[Refinement, ...]:
    """Those that the front door lets through: of dimensions that there are."""
    live = {"in_store", "at_address", "monthly_price"}
    return tuple(item for item in refinements if item.dimension in {*index.columns.dimensions, *live})


def answer(page: Page) -> dict[str, Any]:
    """What a searcher sees of a page."""
    return {
        "ids": [hit.product_id for hit in page.hits],
        "total": page.total,
        "correction": page.correction,
        "facets": [
            (
                facet.name,
                facet.kind,
                facet.minimum,
                facet.maximum,
                [replace(value, number=0) for value in facet.values if value.count],
            )
            for facet in page.facets
        ],
        # What is chosen in vain: an index that once had it still knows what it is called.
        "in vain": {(facet.name, value.value) for facet in page.facets for value in facet.values if not value.count},
    }


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[list[ProductDocument], list[str]]]:
    """Rounds of changes: products added, changed and added again, ids removed, known or not."""
    found = []
    for _round in range(draw(st.integers(1, 5))):
        removed = draw(st.lists(st.sampled_from(strategies.ids), max_size=3, unique=True))
        changed = draw(st.lists(st.sampled_from(strategies.ids), max_size=4, unique=True))
        found.append(([draw(strategies.products(key)) for key in changed], removed))
    return found


@given(strategies.catalogues(), steps(), strategies.texts, strategies.refinements(), SORTS)
def test_an_index_that_was_changed_answers_as_one_that_is_new(
    before: list[ProductDocument],
    changes: list[tuple[list[ProductDocument], list[str]]],
    text: str,
    refinements: tuple[Refinement, ...],
    sort: Sort,
) -> None:
    engine, products = MemoryEngine(Index.build(before)), {product.id: product for product in before}
    for changed, removed in changes:
        engine.update(changed, removed)
        products = {key: product for key, product in products.items() if key not in removed}
        products |= {product.id: product for product in changed}
    fresh = MemoryEngine(Index.build(products.values()))
    chosen = known(fresh.index, refinements)
    question = Question(text=text, refinements=chosen, sort=sort, first=100)
    assert answer(engine.search(question)) == answer(fresh.search(question))
    assert {entry.id for entry in engine.index.entries.values()} == set(products)


@given(strategies.catalogues(), strategies.texts)
def test_an_old_snapshot_stays_as_it_was(before: list[ProductDocument], text: str) -> None:
    engine = MemoryEngine(Index.build(before))
    old, asked = engine.index, Question(text=text, first=100)
    seen = answer(MemoryEngine(old).search(asked))
    engine.update([phone("Galaxy S21", id="p0"), case("Clear case")], ["p1", "p2"])
    assert answer(MemoryEngine(old).search(asked)) == seen


@given(st.data())
def test_pages_of_any_size_join_to_the_whole(data: st.DataObject) -> None:
    size = data.draw(st.integers(0, 400))
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, 999), min_size=size, max_size=size))), np.int32)
    keys = np.array(data.draw(st.permutations(range(len(rows)))), np.int64)
    pinned = data.draw(st.lists(st.sampled_from(rows.tolist()), max_size=6, unique=True)) if size else []
    order = Order(rows, keys, {row: data.draw(st.integers(0, size + 3)) for row in pinned})
    whole = order.page(0, size)

    assert sorted(whole) == rows.tolist()
    free = [row for row in whole if row not in pinned]
    by_key = dict(zip(rows.tolist(), keys.tolist(), strict=True))
    assert free == sorted(free, key=by_key.__getitem__)
    assert [order.place_of(row) for row in whole] == list(range(size))
    assert order.place_of(1000) is None

    joined: list[int] = []
    while len(joined) < size:
        joined += order.page(len(joined), data.draw(st.integers(1, 150)))
    assert joined == whole
    assert order.page(size, 10) == []


def test_a_pin_stands_at_its_place_and_past_the_end_at_the_end() -> None:
    rows = np.arange(5, dtype=np.int32)
    order = Order(rows, np.arange(5, dtype=np.int64), {4: 1, 0: 9})
    assert order.page(0, 5) == [1, 4, 2, 3, 0]


@settings(max_examples=100, deadline=None)
@given(strategies.catalogues(), strategies.texts, strategies.refinements(live=True), st.data())
def test_every_count_is_the_total_when_the_value_is_chosen(
    products: list[ProductDocument], text: str, refinements: tuple[Refinement, ...], data: st.DataObject
) -> None:
    index = Index.build(products)
    skus = [variant.sku for product in products for variant in product.variants]
    chosen = st.frozensets(st.sampled_from(skus)) if skus else st.just(frozenset())
    stores = data.draw(st.lists(chosen, max_size=3))
    some = st.lists(st.sampled_from(strategies.ids), max_size=3, unique=True)
    prices = data.draw(strategies.monthly(skus))
    question = Question(
        text=text,
        refinements=known(index, refinements),
        first=100,
        sort=data.draw(st.sampled_from([Sort.RELEVANCE, Sort.DISTANCE, Sort.PRICE_ASC])),
        # In any store within reach, in the order of their distance.
        live=(InStore(frozenset().union(*stores)), InStore(data.draw(chosen), "at_address")),
        nearest=tuple(map(InStore, stores)),
        measured=(measured(index, prices),),
        tuning=Tuning(
            pins={key: place for place, key in enumerate(data.draw(some))},
            hidden=frozenset(data.draw(some)),
            boosts=(Boost("up", 2.0, frozenset(data.draw(some))),),
        ),
    )
    engine = MemoryEngine(index)
    page = engine.search(question)
    assert len({hit.product_id for hit in page.hits}) == len(page.hits) == page.total
    assert not question.tuning.hidden & {hit.product_id for hit in page.hits}
    assert {"category", "brand", "kind", "price", "in_store", "at_address"} <= {facet.name for facet in page.facets}
    for facet in page.facets:
        others = tuple(item for item in question.refinements if item.dimension != facet.name)
        for value in facet.values:
            alone = replace(question, refinements=(*others, Refinement(facet.name, (value.value,))))
            assert value.count == engine.search(alone).total, (facet.name, value)
    _ends_are_those_beside_the_others(engine, question, page, prices)
    if question.sort is Sort.DISTANCE:
        _the_nearest_first(page, stores, products, question)


def measured(index: Index, prices: Mapping[str, Decimal]) -> Measured:
    places = [(*place, scaled(price)) for sku, price in prices.items() if (place := index.place(sku)) is not None]
    return Measured("monthly_price", index.size, places, strategies.MONTHLY_BOUNDS)


def _ends_are_those_beside_the_others(
    engine: MemoryEngine, question: Question, page: Page, prices: Mapping[str, Decimal]
) -> None:
    """The ends of the monthly prices are found again by choosing each price alone."""
    others = tuple(item for item in question.refinements if item.dimension != "monthly_price")

    def has(price: Decimal) -> bool:
        choice = Refinement("monthly_price", (), price, price)
        return engine.search(replace(question, refinements=(*others, choice))).total > 0

    there = sorted({price for price in prices.values() if has(price)})
    facet = next((facet for facet in page.facets if facet.name == "monthly_price"), None)
    ends = (there[0], there[-1]) if there else (None, None)
    assert ((facet.minimum, facet.maximum) if facet else (None, None)) == ends
    assert facet is not None or not there


def _the_nearest_first(
    page: Page, stores: Sequence[frozenset[str]], products: Sequence[ProductDocument], question: Question
) -> None:
    """Each hit tells the first store that has it; with no variant singled out that is any of its SKUs."""
    places = [len(stores) if hit.nearest is None else hit.nearest for hit in page.hits]
    assert places == sorted(places)
    by_id = {product.id: product for product in products}
    for hit in page.hits:
        own = {variant.sku for variant in by_id[hit.product_id].variants}
        having = [place for place, store in enumerate(stores) if own & store]
        if not question.text and not question.refinements:
            assert hit.nearest == (having[0] if having else None)
        elif hit.nearest is not None:
            assert hit.nearest in having


@given(strategies.catalogues(), strategies.texts, SORTS, st.integers(1, 5), st.data())
def test_cursors_lead_through_the_whole_result(
    products: list[ProductDocument], text: str, sort: Sort, first: int, data: st.DataObject
) -> None:
    engine = MemoryEngine(Index.build(products))
    pins = {
        key: data.draw(st.integers(0, 9)) for key in data.draw(st.lists(st.sampled_from(strategies.ids), unique=True))
    }
    question = Question(text=text, sort=sort, first=100, search="x", tuning=Tuning(pins=pins))
    whole = [hit.product_id for hit in engine.search(question).hits]
    paged: list[str] = []
    page = engine.search(replace(question, first=first))
    paged += [hit.product_id for hit in page.hits]
    while page.has_next:
        page = engine.search(replace(question, first=first, after=page.hits[-1].cursor))
        assert page.has_previous
        paged += [hit.product_id for hit in page.hits]
    assert paged == whole
    for place, key in enumerate(whole):
        told = engine.explain(question, key)
        assert told is not None
        assert told.place == place


def test_a_product_of_more_variants_than_a_mask_holds_is_found_by_each() -> None:
    variants = tuple(
        VariantDocument(f"S-{at}", Decimal(at + 1), {"storage": (f"{at % 4 + 1} GB",), "colour": (f"Shade {at // 4}",)})
        for at in range(80)
    )
    engine = MemoryEngine(Index.build([phone("Galaxy S21", variants=variants), phone("Pixel 8", storage=["1 GB"])]))

    def total(*chosen: tuple[str, str], **question: Any) -> int:
        refinements = tuple(Refinement(dimension, (value,)) for dimension, value in chosen)
        return engine.search(Question(refinements=refinements, **question)).total

    for at, variant in enumerate(variants):
        own = [("storage", f"{at % 4 + 1} GB"), ("colour", f"Shade {at // 4}")]
        here, elsewhere = InStore(frozenset({variant.sku})), InStore(frozenset({variants[(at + 8) % 40].sku}))
        assert total(*own) == 1
        assert total(*own, ("in_store", "true"), live=(here,)) == 1
        assert total(*own, ("in_store", "true"), live=(elsewhere,)) == 0
        assert engine.search(Question(text=variant.sku)).total == 1


def test_cursors_of_a_product_that_left_go_on_at_its_place() -> None:
    engine = MemoryEngine(Index.build([phone(name) for name in ("A", "B", "C", "D")]))
    question = Question(sort=Sort.NAME, first=2, search="x")
    after = engine.search(question).hits[-1].cursor
    engine.update([], ["B"])
    assert [hit.product_id for hit in engine.search(replace(question, after=after)).hits] == ["D"]
    assert ordering.cursor("x", 2, "B") == after
