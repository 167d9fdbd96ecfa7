"""Which products hold a term, and how much it counts there: one sorted array for all terms.

`docs[starts[t]:starts[t + 1]]` are the rows of term t, ascending; `weights` and `masks` run beside. Terms are
numbered in alphabetical order, so that everything which starts with the same letters is one slice. Immutable: an
update makes a new one by merging, without looking at products that did not change.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search.analysis import ALL, Terms

Rows = NDArray[np.int32]
Weights = NDArray[np.float32]
Masks = NDArray[np.uint64]

_EVERY_VARIANT = np.uint64(ALL)


@dataclass(frozen=True, slots=True, eq=False)
class Hits:
    """Rows that hold a term, ascending and each once; `masks` is None when all variants of each row do."""

    docs: Rows
    weights: Weights
    masks: Masks | None = None


EMPTY = Hits(np.empty(0, np.int32), np.empty(0, np.float32))


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
        part = slice(self.starts[terms.start], self.starts[terms.stop])
        docs, weights = self.docs[part], self.weights[part]
        best = np.zeros(size, np.float32)
        np.maximum.at(best, docs, weights)
        rows = np.flatnonzero(best).astype(np.int32)
        if not self.partial[terms.start : terms.stop].any():
            return Hits(rows, best[rows])
        masks = np.zeros(size, np.uint64)
        np.bitwise_or.at(masks, docs, self.masks[part])
        return Hits(rows, best[rows], masks[rows])

    def _slice(self, number: int) -> Hits:
        part = slice(self.starts[number], self.starts[number + 1])
        return Hits(self.docs[part], self.weights[part], self.masks[part] if self.partial[number] else None)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory."""
        return self.starts.nbytes + self.docs.nbytes + self.weights.nbytes + self.masks.nbytes


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


def union(found: Iterable[tuple[Hits, float]], size: int) -> Hits:
    """The rows of any of these, each weight times its factor, the best of each row."""
    several = [(hits, factor) for hits, factor in found if len(hits.docs)]
    if not several:
        return EMPTY
    if len(several) == 1:
        [(hits, factor)] = several
        return hits if factor == 1.0 else Hits(hits.docs, hits.weights * np.float32(factor), hits.masks)
    best = np.zeros(size, np.float32)
    for hits, factor in several:
        best[hits.docs] = np.maximum(best[hits.docs], hits.weights * np.float32(factor))
    rows = np.flatnonzero(best).astype(np.int32)
    if all(hits.masks is None for hits, _factor in several):
        return Hits(rows, best[rows])
    masks = np.zeros(size, np.uint64)
    for hits, _factor in several:
        masks[hits.docs] |= _EVERY_VARIANT if hits.masks is None else hits.masks
    return Hits(rows, best[rows], masks[rows])


def among(hits: Hits, rows: Rows) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """For each of `rows` (ascending), its place in `hits` and whether it is there."""
    if len(hits.docs) == 0:
        return np.zeros(len(rows), np.intp), np.zeros(len(rows), bool)
    places = np.searchsorted(hits.docs, rows)
    places[places == len(hits.docs)] = 0
    return places, hits.docs[places] == rows


def both(one: Hits, other: Hits) -> Hits:
    """The rows that are in both, with the lesser weight of the two."""
    if len(one.docs) > len(other.docs):
        one, other = other, one
    places, there = among(other, one.docs)
    places = places[there]
    weights = np.minimum(one.weights[there], other.weights[places])
    masks = one.masks[there] if one.masks is not None else None
    if other.masks is not None:
        masks = other.masks[places] if masks is None else masks & other.masks[places]
    return Hits(one.docs[there], weights, masks)
