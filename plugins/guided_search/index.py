"""The index of one channel: a snapshot of everything that a search reads, in memory.

Immutable once made; `updated` makes the next one from the products that changed. Who searches keeps the snapshot that
he began with, so a swap has no gap.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
from immutables import Map
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from plugins.guided_search import chinese, ranks, text
from plugins.guided_search.analysis import VARIANTS_LIMIT, Analysed
from plugins.guided_search.columns import ALWAYS, Columns, groups
from plugins.guided_search.documents import DEFAULT_DIMENSIONS, DimensionSpec, ProductDocument
from plugins.guided_search.draft import CategoryNode, Draft, Entry, Surface
from plugins.guided_search.lexicon import Lexicon
from plugins.guided_search.postings import WHOLE, Hits, Masks, Postings, Rows, Weights
from plugins.guided_search.remembered import Remembered
from plugins.guided_search.sounds import Sounds
from plugins.guided_search.words import Synonyms

# Products taken in at once: what is read of one part is let go before the next.
PART = 5000
# Starts of words of which the rows are remembered: the letters, and how many of them at most.
REMEMBERED, STARTS_KEPT = 2, 500
LEXICONS_KEPT = 16
# An attribute is shown when more than this share of the products of a kind has it.
COVERAGE = 0.2


@dataclass(frozen=True, slots=True)
class Kept:
    """The variants that a store has at a version of its stock, by row, but for the rows in `stale`: those have been
    touched by changes of the catalogue since."""

    version: int
    masks: Masks
    stale: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Numbers:
    """The greatest number of each product in one respect, and where that stands among those of its kind (0 to 1)."""

    number: NDArray[np.float32]
    place: NDArray[np.float32]


@dataclass(slots=True)
class Index:
    """Searchable products of one channel. Rows are products; a row without one has no variants (`valid` is 0)."""

    specs: tuple[DimensionSpec, ...] = DEFAULT_DIMENSIONS
    entries: Map[int, Entry] = field(default_factory=Map)
    row_of: Map[str, int] = field(default_factory=Map)
    postings: Postings = field(default_factory=Postings.empty)
    columns: Columns = field(default_factory=Columns)
    valid: Masks = field(default_factory=lambda: np.zeros(0, np.uint64))
    name_length: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    kinds: list[str] = field(default_factory=list)
    kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    # The place of each SKU and barcode, see `place`.
    codes: Map[str, int] = field(default_factory=Map)
    categories: dict[str, CategoryNode] = field(default_factory=dict)
    kind_words: dict[str, str] = field(default_factory=dict)
    # How a term is written where it counts most, and how much it counts there.
    surface: Map[str, Surface] = field(default_factory=Map)
    values: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    price: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    # Filled by `_derive`.
    words: list[str] = field(default_factory=list)
    sounds: Sounds = field(default_factory=lambda: Sounds({}))
    named: Rows = field(default_factory=lambda: np.zeros(0, np.int32))
    rows: Rows = field(default_factory=lambda: np.zeros(0, np.int32))
    needs: dict[str, _Numbers] = field(default_factory=dict)
    tie: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    ranks: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    # By kind, the attributes that may be shown beside it, those that most of its products have first.
    attributes: dict[str, list[str]] = field(default_factory=dict)
    # By store, what it has: see `stock`.
    live: dict[str, "Kept"] = field(default_factory=dict)
    # Clicks by product and what they are worth by row, for the clicks that were asked with last.
    popular: tuple[Mapping[str, float], Weights | None] | None = None
    # `matching.Match` by what was typed.
    remembered: Remembered[Any] = field(default_factory=Remembered)
    # By identity of the synonyms: a language and a preview have their own.
    _lexicons: dict[int, Lexicon] = field(default_factory=dict)
    _started: dict[str, Hits] = field(default_factory=dict)
    _category_starts: dict[str, list[tuple[int, str, str, frozenset[str]]]] = field(default_factory=dict)
    _counts: NDArray[np.intp] | None = None
    _letters: dict[int, "_Spelled"] = field(default_factory=dict)

    @classmethod
    def build(cls, products: Iterable[ProductDocument], specs: Sequence[DimensionSpec] = DEFAULT_DIMENSIONS) -> "Index":
        """An index of these products."""
        return cls(specs=tuple(specs), columns=Columns(specs)).updated(products, ())

    @property
    def size(self) -> int:
        """How many rows there are, those without a product included."""
        return len(self.valid)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory."""
        own: list[NDArray[Any]] = [self.valid, self.name_length, self.kind, self.rows, self.named, self.price, self.tie]
        own += self.ranks.values()
        numbers = sum(item.number.nbytes + item.place.nbytes for item in self.needs.values())
        return self.postings.bytes + self.columns.bytes + sum(array.nbytes for array in own) + numbers

    def updated(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> "Index":
        """The next index: `changed` products are as given, `removed` ids are gone."""
        waiting = iter(changed)
        fresh, touched = self._merged(sorted(islice(waiting, PART), key=_together), removed)
        while part := sorted(islice(waiting, PART), key=_together):
            fresh, more = fresh._merged(part, ())
            touched |= more
        fresh._derive(self, touched)
        fresh.live = {store: replace(kept, stale=kept.stale | touched) for store, kept in list(self.live.items())}
        return fresh

    def _merged(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> "tuple[Index, set[int]]":
        draft = Draft(self, self.specs)
        for product_id in removed:
            draft.remove(product_id)
        for product in changed:
            draft.take_in(product)
        fresh = Index(
            specs=self.specs,
            entries=draft.entries.finish(),
            row_of=draft.row_of.finish(),
            codes=draft.codes.finish(),
            surface=draft.surface,
            categories=draft.categories,
            kind_words=draft.kind_words,
        )
        fresh._arrays(self, draft.size, draft.touched)
        return fresh, set(draft.touched)

    def entry(self, row: int) -> Entry:
        """The product of a row that has one."""
        return self.entries[row]

    def lexicon(self, synonyms: Synonyms) -> Lexicon:
        """What these synonyms say in this index, kept for those that were asked with last."""
        known = self._lexicons.get(id(synonyms))
        if known is None:
            known = Lexicon(synonyms, self.postings.ids)
            if len(self._lexicons) >= LEXICONS_KEPT:
                self._lexicons = {}
            self._lexicons[id(synonyms)] = known
        return known

    def started(self, start: str) -> Hits:
        """The rows that hold a word which begins so; one or two letters, which begin much, are remembered."""
        kept = self._started.get(start)
        if kept is None:
            kept = self.postings.any_of(self.postings.starting_with(start), self.size)
            if len(start) <= REMEMBERED and len(self._started) < STARTS_KEPT:
                self._started[start] = kept
        return kept

    def category_starts(self, language: str) -> list[tuple[int, str, str, frozenset[str]]]:
        """Categories that have products, those with most first: products (negative), name, slug, how one may begin to
        type it; Chinese also in pinyin and initials."""
        if language not in self._category_starts:
            dimension, counts = self.columns.dimensions["category"], self.all_counts()
            found: list[tuple[int, str, str, frozenset[str]]] = []
            for slug, node in self.categories.items():
                number = dimension.values.get(slug, 0)
                name = self.columns.label(number, language) or node.name
                if number < len(counts) and counts[number]:
                    found.append((-int(counts[number]), name, slug, _starts(node.name, name)))
            self._category_starts[language] = sorted(found, key=lambda entry: entry[:3])
        return self._category_starts[language]

    def written(self, term: str) -> str:
        """A term as people write it."""
        return self.surface[term][1] if term in self.surface else term

    def row_of_sku(self, sku: str) -> int | None:
        """The row of the product that a SKU is a variant of."""
        place = self.place(sku)
        return place[0] if place else None

    def place(self, code: str) -> tuple[int, int] | None:
        """The row and the mask of the variant that has this SKU or barcode."""
        place = self.codes.get(text.fold(code))
        return None if place is None else (place >> 6, 1 << (place & 63))

    def store_masks(self, skus: Iterable[str]) -> Masks:
        """By row, the variants of these SKUs; unknown ones are left out."""
        masks = np.zeros(self.size, np.uint64)
        places = [place for sku in skus if (place := self.place(sku)) is not None]
        np.bitwise_or.at(masks, [row for row, _bit in places], np.array([bit for _row, bit in places], np.uint64))
        return masks

    def all_counts(self) -> NDArray[np.intp]:
        """Products by value number when nothing is asked and nothing chosen; counted once."""
        if self._counts is None:
            self._counts = self.columns.count(self.columns.grouping, self.rows, WHOLE, self.valid)
        return self._counts

    def near(self, word: str, edits: int) -> list[tuple[int, str, str]]:
        """Words within `edits` of `word` (insertions, deletions, substitutions, swaps): distance, word, its term."""
        own, most = _letters([word], len(word))[0], 2 * edits
        found: list[tuple[int, str, str]] = []
        for length in range(max(1, len(word) - edits), len(word) + edits + 1):
            if length not in self._letters:
                continue
            letters, words, terms = self._letters[length]
            likely = np.flatnonzero(np.bitwise_count(letters ^ own) <= most).tolist()
            candidates = [words[at] for at in likely]
            near = extract(word, candidates, scorer=OSA.distance, score_cutoff=edits, limit=None, processor=None)
            found += [(int(distance), written, terms[likely[at]]) for written, distance, at in near]
        return found

    def _arrays(self, before: "Index", size: int, touched: Mapping[int, Analysed | None]) -> None:
        rows = np.array(sorted(touched), np.int64)
        self.postings = before.postings.updated(
            rows, ((row, found.terms) for row in rows.tolist() if (found := touched[row]) is not None)
        )
        self.columns = before.columns.updated(size, list(touched.items()))
        self.valid = _grown(before.valid, size)
        self.name_length = _grown(before.name_length, size)
        self.price = _grown(before.price, size, np.nan)
        self.values = {name: _grown(column, size, np.nan) for name, column in before.values.items()}
        self.valid[rows] = 0
        self._kinds(before, touched)
        for row, found in touched.items():
            entry = self.entries.get(row)
            self.valid[row] = 0 if entry is None else (1 << max(1, min(len(entry.skus), VARIANTS_LIMIT))) - 1
            self.name_length[row] = max(1, found.name_length) if found else 1
            self.kind[row] = self.kinds.index(entry.kind) if entry else 0
            for column in self.values.values():
                column[row] = np.nan
            numbers = found.numbers if found else {}
            self.price[row] = numbers.get("price", np.nan)
            for name, number in numbers.items():
                if name not in self.values:
                    self.values[name] = np.full(size, np.nan, np.float32)
                self.values[name][row] = number

    def _kinds(self, before: "Index", touched: Mapping[int, Analysed | None]) -> None:
        """Number the kinds of the rows; one whose last product is gone is no kind of this index: what asks for it is
        answered as if it never was. The touched rows are not `valid` yet."""
        kind = _grown(before.kind, len(self.valid))
        held = np.bincount(kind[self.valid != 0], minlength=len(before.kinds))
        left = [name for name, count in zip(before.kinds, held.tolist(), strict=True) if count]
        fresh = [entry.kind for row in touched if (entry := self.entries.get(row)) is not None]
        self.kinds = list(dict.fromkeys([*left, *fresh]))
        numbers = [self.kinds.index(name) if name in self.kinds else 0 for name in before.kinds]
        self.kind = np.array(numbers or [0], np.int8)[kind]

    def _derive(self, before: "Index", touched: Set[int]) -> None:
        """What follows from the rows as a whole."""
        self.rows = np.flatnonzero(self.valid).astype(np.int32)
        self.named = ranks.by_name(before.named, self.entries, touched)
        released = self.values.get("released", np.full(self.size, np.nan, np.float32))
        self.ranks = ranks.orders(self.named, self.size, released, self.price)
        self.tie = ranks.tie(self.ranks)
        self.needs = {name: _Numbers(column, self._places(column)) for name, column in self.values.items()}
        present = np.unique(self.kind[self.rows]).tolist()
        self.attributes = {self.kinds[number]: self._attributes(number) for number in present}
        same = self.postings.ids is before.postings.ids
        self.words = before.words if same else [term for term in self.postings.vocabulary if " " not in term]
        if self.words == before.words and self.surface is before.surface:
            self._letters, self.sounds = before._letters, before.sounds
        else:
            written = {self.written(term): term for term in self.words}
            self._letters, self.sounds = _by_length(written), Sounds(written)

    def _places(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where each number stands among those of the same kind: 0 the least, 1 the greatest."""
        places = np.full(self.size, np.nan, np.float32)
        for number in range(len(self.kinds)):
            own = np.flatnonzero((self.kind == number) & ~np.isnan(column) & (self.valid != 0))
            if len(own):
                found = ranks.dense(column[own].astype(np.float64))
                places[own] = found / max(1, found.max())
        return places

    def _attributes(self, kind: int) -> list[str]:
        own = np.flatnonzero((self.kind == kind) & (self.valid != 0))
        found: dict[str, float] = {}
        for name, dimension in self.columns.dimensions.items():
            if name not in ALWAYS and groups(dimension) and dimension.width and len(own):
                has = (self.columns.codes[own, dimension.columns] != 0).any(axis=1)
                found[name] = float(has.mean())
        return sorted((name for name in found if found[name] > COVERAGE), key=lambda name: (-found[name], name))


def _together(product: ProductDocument) -> tuple[object, ...]:
    """What one search finds together gets neighbouring rows: they come faster from memory."""
    return product.kind, [category.slug for category in product.categories], product.brand


def _starts(*names: str) -> frozenset[str]:
    """The words of names as one may begin to type them."""
    found: set[str] = set()
    for token in (token for name in names for token in text.tokens(name)):
        found.add(token.raw)
        if text.is_han(token.raw):
            found.update(chinese.latin(token.raw))
            found.update(token.raw[at:] for at in range(len(token.raw)))
    return frozenset(found)


def _grown(column: NDArray, size: int, fill: float = 0) -> NDArray:  # type: ignore[type-arg]
    grown = np.full(size, fill, column.dtype)
    grown[: len(column)] = column
    return grown


_Spelled = tuple[NDArray[np.uint64], list[str], list[str]]


def _by_length(written: Mapping[str, str]) -> dict[int, _Spelled]:
    """Words of the same length: the letters of each as a set (rare letters may share a place), the words, their
    terms."""
    by_length: dict[int, tuple[list[str], list[str]]] = {}
    for word, term in written.items():
        words, terms = by_length.setdefault(len(word), ([], []))
        words.append(word)
        terms.append(term)
    return {length: (_letters(words, length), words, terms) for length, (words, terms) in by_length.items()}


def _letters(terms: Sequence[str], length: int) -> NDArray[np.uint64]:
    points = np.array(terms, f"U{length}").view(np.uint32).reshape(len(terms), length)
    found: NDArray[np.uint64] = np.bitwise_or.reduce(np.uint64(1) << (points & 63).astype(np.uint64), axis=1)
    return found
