"""The orders of an index that no question changes: by name, by price, by date, and the last word between equals.

They are worked out anew from the numbers of all rows. Names are Python's: the rows in their order are kept, and an
update puts in its place only what it touched.
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Mapping
from heapq import merge

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search.draft import Entry
from plugins.guided_search.postings import Rows

Ranks = NDArray[np.int64]
_Key = Callable[[int], tuple[str, str]]

# Sorted at once: a sort lets nobody else run before it ends.
_RUN = 1000
# With more than one in so many touched, all are sorted.
_FEW = 20


def by_name(before: Rows, entries: Mapping[int, Entry], touched: Collection[int]) -> Rows:
    """Rows that have a product by its name, equals by id; `before` are those of the index that these rows differ
    from."""

    def key(row: int) -> tuple[str, str]:
        entry = entries[int(row)]
        return entry.name.casefold(), entry.id

    if len(touched) * _FEW > len(entries):
        return np.array(_sorted(list(entries), key), np.int32)
    kept = before[~np.isin(before, np.fromiter(touched, np.int32))]
    fresh = sorted((row for row in touched if row in entries), key=key)
    places = [bisect_left(kept, key(row), key=key) for row in fresh]
    return np.insert(kept, places, fresh).astype(np.int32)


def orders(named: Rows, size: int, released: NDArray[np.float32], price: NDArray[np.float64]) -> dict[str, Ranks]:
    """By the name of the order, the rank of each row: where it is the same nothing says which comes first."""
    names = np.zeros(size, np.int64)
    names[named] = np.arange(len(named))
    newest = np.nan_to_num(-released, nan=0.0).astype(np.float64)
    return {"PRICE_ASC": dense(price), "PRICE_DESC": dense(-price), "NEWEST": dense(newest), "NAME": names}


def tie(ranks: Mapping[str, Ranks]) -> Ranks:
    """The last word between equals: newest first, then by name."""
    found = np.empty(len(ranks["NAME"]), np.int64)
    found[np.lexsort((ranks["NAME"], ranks["NEWEST"]))] = np.arange(len(found))
    return found


def dense(numbers: NDArray[np.float64]) -> Ranks:
    """Rank of each number, equals alike, from 0; what is no number comes last."""
    _values, ranks = np.unique(np.where(np.isnan(numbers), np.inf, numbers), return_inverse=True)
    return ranks.astype(np.int64)


def _sorted(rows: list[int], key: _Key) -> list[int]:
    return list(merge(*(sorted(rows[at : at + _RUN], key=key) for at in range(0, len(rows), _RUN)), key=key))
