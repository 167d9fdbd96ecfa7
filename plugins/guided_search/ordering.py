"""The order of a result and the cursors into it.

Each row has one whole number by which it is sorted: what was asked for first, then the score, then the index's own
order of equals. Numbers are unique, so pages join without gap or repetition and a cursor is found without sorting
everything. Pinned products stand at their places whatever their number.
"""

import base64
from collections.abc import Mapping
from enum import Enum
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Rows
from plugins.guided_search.scoring import Scores

_SCORE_STEPS = 1000.0

Keys = NDArray[np.int64]


class Sort(Enum):
    """The orders that a searcher may ask for."""

    RELEVANCE = "RELEVANCE"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"
    MONTHLY_PRICE_ASC = "MONTHLY_PRICE_ASC"
    NEWEST = "NEWEST"
    NAME = "NAME"
    BEST_SELLING = "BEST_SELLING"
    DISTANCE = "DISTANCE"


class BadCursor(ValueError):
    """The cursor is not one that this search gave out."""


def keys(index: Index, rows: Rows, scores: Scores, first: Keys | None) -> Keys:
    """A sort key for each row, the least first: by `first` (a rank for every row of the index), then by score.

    Equals are put by relevance, then newest first, then by name.
    """
    own: Keys = loops.keys(rows, scores, index.tie, _SCORE_STEPS)
    return own if first is None else (first[rows] << (2 * loops.KEY_BITS)) | own


def most_first(index: Index, counts: Mapping[str, int]) -> Keys:
    """For every row its rank by a count per SKU, summed over the variants, the most first."""
    pieces = np.zeros(index.size, np.int64)
    for sku, count in counts.items():
        row = index.row_of_sku(sku)
        if row is not None:
            pieces[row] += count
    _values, ranks = np.unique(-pieces, return_inverse=True)
    return ranks.astype(np.int64)


class Order:
    """Rows in order; `pins` are rows with the place (from 0) at which each stands."""

    def __init__(self, rows: Rows, keys: Keys, pins: Mapping[int, int] | None = None) -> None:
        self.rows, self.keys = rows, keys
        self._pinned = _places(pins, len(rows)) if pins else []
        self._free_rows, self._free_keys = rows, keys
        if pins:
            free = ~loops.within(rows, np.array(sorted(pins), np.int32))
            self._free_rows, self._free_keys = rows[free], keys[free]

    def page(self, start: int, count: int) -> list[int]:
        """The rows at the places `start` to `start + count`."""
        end = min(start + count, len(self.rows))
        if start >= end:
            return []
        if not self._pinned:
            return self._best(start, end)
        before = sum(place < start for place, _row in self._pinned)
        inside = {place: row for place, row in self._pinned if start <= place < end}
        others = iter(self._best(start - before, end - before - len(inside)))
        return [inside[place] if place in inside else next(others) for place in range(start, end)]

    def place_of(self, row: int) -> int | None:
        """Where a row stands; None when it is not in the result."""
        at = int(np.searchsorted(self.rows, row))
        if at == len(self.rows) or self.rows[at] != row:
            return None
        for place, pinned in self._pinned:
            if pinned == row:
                return place
        place = int(np.count_nonzero(self._free_keys < self.keys[at]))
        for pin, _row in self._pinned:
            place += pin <= place
        return place

    def _best(self, start: int, end: int) -> list[int]:
        if end <= start:
            return []
        places = loops.least(self._free_keys, min(end, len(self._free_keys)))[start:]
        best: list[int] = self._free_rows[places].tolist()
        return best


def _places(pins: Mapping[int, int], size: int) -> list[tuple[int, int]]:
    """(place, row) of pinned rows in order; of two pins at one place the second stands after the first."""
    taken: list[tuple[int, int]] = []
    last = -1
    for row, place in sorted(pins.items(), key=lambda item: item[1]):
        last = min(max(place, last + 1), size - len(pins) + len(taken))
        taken.append((last, row))
    return taken


def fingerprint(*parts: object) -> str:
    """A short name of a search: cursors of another one are recognised by it."""
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def cursor(search: str, rank: int, product_id: str) -> str:
    """An opaque cursor: the place after the product, or after its rank when the product has left the result."""
    return base64.urlsafe_b64encode(f"{search} {rank} {product_id}".encode()).decode().rstrip("=")


def start_after(after: str, search: str, index: Index, order: Order) -> int:
    """The place at which the page after this cursor starts. Raises BadCursor."""
    try:
        own, rank, product_id = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)).decode().split(" ", 2)
        at = int(rank)
    except ValueError as error:
        raise BadCursor from error
    if own != search or at < 0:
        raise BadCursor
    row = index.row_of.get(product_id)
    place = order.place_of(row) if row is not None else None
    return min(at, len(order.rows)) if place is None else place + 1
