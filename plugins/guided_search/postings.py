"""Which products hold a term, and how much it counts there: one sorted array for all terms.

`docs[starts[t]:starts[t + 1]]` are the rows of term t, ascending; `weights` and `masks` run beside. Terms are
numbered in alphabetical order, so that everything which starts with the same letters is one slice. Immutable: an
update makes a new one by merging, without looking at products that did not change.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops
from plugins.guided_search.analysis import ALL, CATEGORY, Terms

Rows = NDArray[np.int32]
Weights = NDArray[np.float32]
Masks = NDArray[np.uint64]

_EVERY_VARIANT = np.uint64(ALL)


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
        return cls._of([], np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.uint64))

    @classmethod
    def _of(cls, vocabulary: list[str], keys: NDArray[np.int64], weights: Weights, masks: Masks) -> "Postings":
        """From sorted keys of term number and row."""
        terms = keys >> 32
        starts = np.searchsorted(terms, np.arange(len(vocabulary) + 1))
        partial = np.zeros(len(vocabulary), bool)
        partial[np.unique(terms[masks != _EVERY_VARIANT])] = True
        return cls(
            vocabulary=vocabulary,
            ids={term: number for number, term in enumerate(vocabulary)},
            starts=starts,
            docs=(keys & 0xFFFFFFFF).astype(np.int32),
            weights=weights,
            masks=masks,
            partial=partial,
            naming=np.bincount(terms[weights >= CATEGORY], minlength=len(vocabulary)),
        )

    def updated(self, replaced: NDArray[np.int64], found: Iterable[tuple[int, Terms]]) -> "Postings":
        """With the rows `replaced` (old content dropped) holding what `found` says now: (row, terms)."""
        fresh = _Fresh()
        for row, terms in found:
            fresh.add(row, terms)
        keep = ~np.isin(self.docs, replaced)
        kept_terms = np.repeat(np.arange(len(self.vocabulary)), np.diff(self.starts))[keep]
        counts = np.bincount(kept_terms, minlength=len(self.vocabulary))
        alive = [term for term, count in zip(self.vocabulary, counts.tolist(), strict=True) if count]
        vocabulary = sorted({*alive, *fresh.ids})
        ids = {term: number for number, term in enumerate(vocabulary)}
        # Numbers move, but keep their order: what was sorted stays sorted.
        moved = np.zeros(len(self.vocabulary), np.int64)
        moved[counts > 0] = [ids[term] for term in alive]
        old = (moved[kept_terms] << 32) | self.docs[keep]
        new_numbers = np.array([ids[term] for term in fresh.ids], np.int64)
        new = (new_numbers[fresh.terms()] << 32) | fresh.rows()
        order = np.argsort(new, kind="stable")
        places = np.searchsorted(old, new[order])
        return Postings._of(
            vocabulary,
            np.insert(old, places, new[order]),
            np.insert(self.weights[keep], places, fresh.weights()[order]),
            np.insert(self.masks[keep], places, fresh.masks()[order]),
        )

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
