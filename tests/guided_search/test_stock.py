"""The masks of a store's stock, kept with an index and patched, are those that would be made anew."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inventory import live
from inventory.live import StoreStock
from plugins.guided_search import stock
from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.index import Index
from plugins.guided_search.stock import InStore
from tests.guided_search.catalogues import phone

SIZES = [f"{size} GB" for size in range(70)]
PRODUCTS = [phone("A", storage=["64 GB", "128 GB"]), phone("B"), phone("Many", storage=SIZES)]
SKUS = ["A-64GB", "A-128GB", "B-128GB", "Many-0GB", "Many-62GB", "Many-63GB", "Many-69GB", "unknown"]
CHANGES = st.lists(st.dictionaries(st.sampled_from(SKUS), st.integers(0, 2), max_size=4), max_size=6)


class Told:
    """What the mirror tells of one store: every version with what changed in it."""

    def __init__(self) -> None:
        self.versions: list[dict[str, int]] = [{}]
        self.asked = 0

    def change(self, quantities: Mapping[str, int]) -> StoreStock:
        now = {**self.versions[-1], **quantities}
        self.versions.append(now)
        return self.stock

    @property
    def stock(self) -> StoreStock:
        return StoreStock(len(self.versions), {sku: count for sku, count in self.versions[-1].items() if count})

    def since(self, _store: str, version: int) -> Mapping[str, int]:
        self.asked += 1
        before, now = self.versions[version - 1], self.versions[-1]
        return {sku: count for sku, count in now.items() if before.get(sku, 0) != count}


@given(CHANGES)
def test_patched_masks_are_those_made_anew(changes: list[dict[str, int]]) -> None:
    index, told = Index.build(PRODUCTS), Told()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(live, "changed_since", told.since)
        for quantities in ({}, *changes):
            now = told.change(quantities)
            found = InStore((("store", now),)).masks(index)
            assert np.array_equal(found, index.store_masks(now.quantities))
            # The same version again is not even looked at.
            asked = told.asked
            assert np.array_equal(InStore((("store", now),)).masks(index), found)
            assert told.asked == asked
    assert list(index.live) == ["store"]


def test_what_the_mirror_cannot_tell_is_read_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    index = Index.build(PRODUCTS)
    InStore((("store", StoreStock(1, {"A-64GB": 1})),)).masks(index)
    monkeypatch.setattr(live, "changed_since", lambda _store, _version: None)
    found = InStore((("store", StoreStock(9, {"B-128GB": 1})),)).masks(index)
    assert np.array_equal(found, index.store_masks(["B-128GB"]))


def test_stock_read_for_one_call_is_not_kept() -> None:
    index = Index.build(PRODUCTS)
    found = InStore((("store", StoreStock(None, {"A-64GB": 1})),)).masks(index)
    assert np.array_equal(found, index.store_masks(["A-64GB"]))
    assert index.live == {}


TAKEN_IN = st.lists(
    st.sampled_from(
        [phone("A"), phone("A", storage=["128 GB", "64 GB"]), phone("C"), phone("Many", storage=SIZES[::-1])]
    ),
    max_size=2,
    unique_by=lambda product: product.id,
)
STEPS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from([*SKUS, "C-128GB"]), st.integers(0, 2), max_size=3), TAKEN_IN, st.booleans()
    ),
    max_size=6,
)


@given(STEPS)
def test_masks_handed_on_to_the_next_snapshot_are_those_made_anew(
    steps: list[tuple[dict[str, int], list[ProductDocument], bool]],
) -> None:
    index, told = Index.build(PRODUCTS), Told()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(live, "changed_since", told.since)
        for quantities, products, asked in steps:
            now = told.change(quantities) if quantities else told.stock
            index = index.updated(products, ["B"] if asked else [])
            # Not asked of each snapshot: what it was handed it hands on.
            if asked:
                assert np.array_equal(InStore((("store", now),)).masks(index), index.store_masks(now.quantities))
        found = InStore((("store", told.stock),)).masks(index)
        assert np.array_equal(found, index.store_masks(told.stock.quantities))


def test_a_change_of_the_catalogue_has_the_mirror_asked_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    index, now = Index.build(PRODUCTS), StoreStock(1, {"A-64GB": 1, "C-128GB": 1})
    InStore((("store", now),)).masks(index)
    monkeypatch.setattr(Index, "store_masks", None)
    found = InStore((("store", now),)).masks(index.updated([phone("C")], []))
    assert found.tolist() == [1, 0, 0, 1]


def test_any_of_several_stores_and_few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "KEPT", 2)
    index = Index.build(PRODUCTS)
    stores = tuple((name, StoreStock(at, {sku: 1})) for at, (name, sku) in enumerate(zip("xyz", SKUS, strict=False), 1))
    found = InStore(stores).masks(index)
    assert np.array_equal(found, index.store_masks(SKUS[:3]))
    assert len(index.live) <= 2
