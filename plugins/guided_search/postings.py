"""Which products hold a term, and how much it counts there: one sorted array for all terms.

`docs[starts[t]:starts[t + 1]]` are the rows of term t, ascending; `weights` and `masks` run beside. Terms are
numbered in alphabetical order, so that everything which starts with the same letters is one slice. Immutable: an
update makes a new one by merging, without looking at products that did not change.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops, merging
from plugins.guided_search.analysis import Terms

Rows = NDArray[np.int32]
Weights = NDArray[np.float32]
Masks = NDArray[np.uint64]

# So many new terms are put in their places one by one; more are sorted with the others, which lets nobody else run.
_FEW = 1000

NO_ROWS: Rows = np.empty(0, np.int32)
# Masks that leave no variant out.
WHOLE: Masks = np.empty(0, np.uint64)


class Hits(NamedTuple):
    """Rows that hold a term, ascending and each once; `masks` are WHOLE when all variants of each row do."""

    docs: Rows
    weights: Weights
    masks: Masks = WHOLE


EMPTY = Hits(NO_ROWS, np.empty(0, np.float32))


@dataclass(frozen=True, slots=True)
class Postings:
    """All terms of an index."""

    vocabulary: list[str]
    ids: Mapping[str, int]
    starts: NDArray[np.int64]
    docs: Rows
    weights: Weights
    masks: Masks
    # Whether any row holds the term in some of its variants only.
    partial: NDArray[np.bool_]
    # How many rows hold the term in a name, a brand or a category.
    naming: NDArray[np.int64]

    @classmethod
    def empty(cls) -> "Postings":
        """No term at all."""
        numbers = np.zeros(0, np.int64)
        return cls([], {}, np.zeros(1, np.int64), *EMPTY[:2], WHOLE, np.zeros(0, bool), numbers)

    def updated(self, replaced: NDArray[np.int64], found: Iterable[tuple[int, Terms]]) -> "Postings":
        """With the rows `replaced` (old content dropped) holding what `found` says now: (row, terms)."""
        fresh = _Fresh()
        for row, terms in found:
            fresh.add(row, terms)
        flags = np.zeros(1 + max(self.docs.max(initial=0), replaced.max(initial=0)), bool)
        flags[replaced] = True
        counts = merging.left(self.starts, self.docs, flags)
        vocabulary, ids, origin = self._renumbered(counts, fresh.ids)
        numbers = np.array([ids[term] for term in fresh.ids], np.int64)[fresh.terms()]
        rows = fresh.rows()
        order = np.lexsort((rows, numbers))
        starts = np.zeros(len(vocabulary) + 1, np.int64)
        np.cumsum(np.bincount(numbers, minlength=len(vocabulary)), out=starts[1:])
        own = rows[order].astype(np.int32), fresh.weights()[order], fresh.masks()[order]
        total = int(counts.sum()) + len(rows)
        old = self.starts, self.docs, self.weights, self.masks
        return Postings(vocabulary, ids, *merging.merged(origin, total, *old, flags, starts, *own))

    def _renumbered(
        self, counts: NDArray[np.intp], found: Mapping[str, int]
    ) -> tuple[list[str], Mapping[str, int], NDArray[np.int64]]:
        """The vocabulary without the terms that no row is left of (`counts`) and with those just found, its numbers,
        and the old number of each term, -1 for a new one. Most updates change no term: then all stays as it is."""
        fresh = sorted(term for term in found if term not in self.ids)
        gone = [number for number in np.flatnonzero(counts == 0).tolist() if self.vocabulary[number] not in found]
        origin = np.arange(len(self.vocabulary))
        if not fresh and not gone:
            return self.vocabulary, self.ids, origin
        places = [bisect_left(self.vocabulary, term) for term in fresh]
        stays = np.ones(len(self.vocabulary), bool)
        stays[gone] = False
        stays, origin = np.insert(stays, places, True), np.insert(origin, places, -1)
        terms = list(self.vocabulary)
        for number in reversed(gone):
            del terms[number]
        if len(fresh) > _FEW:
            terms = sorted([*terms, *fresh])
        else:
            for term in fresh:
                insort(terms, term)
        return terms, {term: number for number, term in enumerate(terms)}, origin[stays]

    def hits(self, term: str) -> Hits:
        """The rows that hold the term."""
        number = self.ids.get(term)
        return EMPTY if number is None else self._slice(number)

    def frequency(self, term: str) -> int:
        """In how many products the term occurs."""
        number = self.ids.get(term)
        return 0 if number is None else int(self.starts[number + 1] - self.starts[number])

    def starting_with(self, prefix: str) -> range:
        """The numbers of the terms that start with `prefix`."""
        first = bisect_left(self.vocabulary, prefix)
        return range(first, bisect_left(self.vocabulary, prefix + "\U0010ffff", lo=first))

    def frequencies(self, terms: range) -> NDArray[np.int64]:
        """In how many products each of a range of terms occurs."""
        return np.diff(self.starts[terms.start : terms.stop + 1])

    def any_of(self, terms: range, size: int) -> Hits:
        """The rows that hold any term of the range, each with its best weight; `size` is the number of rows."""
        if len(terms) == 0:
            return EMPTY
        if len(terms) == 1:
            return self._slice(terms.start)
        first, last = self.starts[terms.start], self.starts[terms.stop]
        masked = bool(self.partial[terms.start : terms.stop].any())
        return Hits(
            *loops.gather(self.docs[first:last], self.weights[first:last], self.masks[first:last], size, masked)
        )

    def _slice(self, number: int) -> Hits:
        first, last = self.starts[number], self.starts[number + 1]
        masks = self.masks[first:last] if self.partial[number] else WHOLE
        return Hits(self.docs[first:last], self.weights[first:last], masks)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory."""
        return self.starts.nbytes + self.naming.nbytes + self.docs.nbytes + self.weights.nbytes + self.masks.nbytes


class _Fresh:
    """Postings of products just read, as they come."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self._terms: list[int] = []
        self._weights: list[float] = []
        self._chunks: list[tuple[NDArray[np.int64], Weights, NDArray[np.int64], Masks]] = []
        self._rows: list[int] = []
        self._masks: list[int] = []

    def add(self, row: int, terms: Terms) -> None:
        ids = self.ids
        for term, weight in terms.weights.items():
            self._terms.append(ids.setdefault(term, len(ids)))
            self._weights.append(weight)
        self._masks.extend(terms.masks.values())
        self._rows.extend([row] * len(terms.weights))
        if len(self._terms) > 200_000:
            self._pack()

    def _pack(self) -> None:
        # Python's numbers are large: they are turned into arrays as they gather.
        chunk = (
            np.array(self._terms, np.int64),
            np.array(self._weights, np.float32),
            np.array(self._rows, np.int64),
            np.array(self._masks, np.uint64),
        )
        self._chunks.append(chunk)
        self._terms, self._weights, self._rows, self._masks = [], [], [], []

    def _whole(self, column: int) -> NDArray[np.generic]:
        if self._terms or not self._chunks:
            self._pack()
        return np.concatenate([chunk[column] for chunk in self._chunks])

    def terms(self) -> NDArray[np.int64]:
        return self._whole(0)  # type: ignore[return-value]

    def weights(self) -> Weights:
        return self._whole(1)  # type: ignore[return-value]

    def rows(self) -> NDArray[np.int64]:
        return self._whole(2)  # type: ignore[return-value]

    def masks(self) -> Masks:
        return self._whole(3)  # type: ignore[return-value]


def union(found: Iterable[tuple[Hits, float]]) -> Hits:
    """The rows of any of these, each weight times its factor, the best of each row."""
    several = [entry for entry in found if len(entry[0].docs)]
    if not several:
        return EMPTY
    first, factor = several[0]
    best = first if factor == 1.0 else Hits(first.docs, first.weights * np.float32(factor), first.masks)
    for hits, factor in several[1:]:
        best = Hits(*loops.join(*best, *hits, factor))
    return best


def both(one: Hits, other: Hits) -> Hits:
    """The rows that are in both, with the lesser weight of the two."""
    if len(one.docs) > len(other.docs):
        one, other = other, one
    return Hits(*loops.meet(*one, *other))


def has(hits: Hits, row: int) -> bool:
    """Whether a row is among the hits."""
    at = int(hits.docs.searchsorted(row))
    return at < len(hits.docs) and int(hits.docs[at]) == row
