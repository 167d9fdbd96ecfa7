"""The live dimension `in_store`: what the chosen store, or any store within reach, can sell right now.

A store's stock is a mask by row of the index. Where this process mirrors the inventory, the mask is kept with the index
and handed on to the next one, and only what moved or was touched since is changed; elsewhere it is made anew from the
database at each search.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import numpy as np

from inventory import live
from inventory.live import StoreStock
from plugins.guided_search.analysis import VARIANTS_LIMIT
from plugins.guided_search.index import Index, Kept
from plugins.guided_search.postings import Masks

IN_STORE = "in_store"
# Masks kept with an index.
KEPT = 128
_LAST_BIT = 1 << (VARIANTS_LIMIT - 1)


@dataclass(frozen=True, slots=True)
class InStore:
    """In stock in the chosen store, or in any of those within reach."""

    # The stock of each store, by its id, as it was read for this search.
    stores: tuple[tuple[str, StoreStock], ...]
    name: str = IN_STORE

    @property
    def each(self) -> "tuple[InStore, ...]":
        """The stores one by one, in the same order."""
        return tuple(InStore((store,)) for store in self.stores)

    def masks(self, index: Index) -> Masks:
        """By row, the variants that one of the stores has."""
        found = [_masks(index, store_id, stock) for store_id, stock in self.stores]
        return reduce(or_, found) if found else np.zeros(index.size, np.uint64)


def _masks(index: Index, store_id: str, stock: StoreStock) -> Masks:
    kept = index.live.get(store_id)
    if stock.version is None:
        return index.store_masks(stock.quantities)
    if kept is not None and kept.version == stock.version and not kept.stale:
        return kept.masks
    masks = None if kept is None else _patched(index, store_id, kept, stock)
    if masks is None:
        masks = index.store_masks(stock.quantities)
    if len(index.live) >= KEPT and store_id not in index.live:
        index.live.clear()
    index.live[store_id] = Kept(stock.version, masks)
    return masks


def _patched(index: Index, store_id: str, kept: Kept, stock: StoreStock) -> Masks | None:
    """The mask with what was touched or has moved since, as it is now. None when that cannot be told, or not be told
    apart since variants share a bit."""
    changed = {} if kept.version == stock.version else live.changed_since(store_id, kept.version)
    if changed is None:
        return None
    patched = np.zeros(index.size, np.uint64)
    patched[: len(kept.masks)] = kept.masks
    patched[list(kept.stale)] = 0
    for row in kept.stale:
        entry = index.entries.get(row)
        for sku in entry.skus if entry else ():
            place = index.place(sku)
            if place is not None and place[0] == row and stock.quantities.get(sku, 0) > 0:
                patched[row] |= np.uint64(place[1])
    for sku, quantity in changed.items():
        row, bit = index.place(sku) or (0, 0)
        if bit == _LAST_BIT:
            return None
        patched[row] = (patched[row] | np.uint64(bit)) if quantity > 0 else (patched[row] & ~np.uint64(bit))
    return patched


def sellable(quantities: Mapping[str, int], skus: Sequence[str]) -> int:
    """How many pieces of these SKUs can be sold."""
    return sum(quantities.get(sku, 0) for sku in skus)
