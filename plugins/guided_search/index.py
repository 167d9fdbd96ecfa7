"""The index of one channel: a snapshot of everything that a search reads, in memory.

Immutable once made; `updated` makes the next one from the products that changed. Who searches keeps the snapshot that
he began with, so a swap has no gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from plugins.guided_search import chinese, text
from plugins.guided_search.analysis import VARIANTS_LIMIT, Analysed, analysed, variants
from plugins.guided_search.columns import ALWAYS, Columns, groups
from plugins.guided_search.documents import DEFAULT_DIMENSIONS, DimensionSpec, ProductDocument
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
class CategoryNode:
    slug: str
    name: str
    level: int
    parent: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What is kept of a product beside the arrays."""

    id: str
    name: str
    kind: str
    brand: str
    skus: tuple[str, ...]
    codes: tuple[str, ...]
    # Masks of the variants that are kept in stock.
    stocked: int
    released: int
    price: float | None


@dataclass(slots=True)
class _Numbers:
    """The greatest number of each product in one respect, and where that stands among those of its kind (0 to 1)."""

    number: NDArray[np.float32]
    place: NDArray[np.float32]


@dataclass(slots=True)
class Index:
    """Searchable products of one channel. Rows are products; a row without one has no variants (`valid` is 0)."""

    specs: tuple[DimensionSpec, ...] = DEFAULT_DIMENSIONS
    entries: list[Entry | None] = field(default_factory=list)
    row_of: dict[str, int] = field(default_factory=dict)
    postings: Postings = field(default_factory=Postings.empty)
    columns: Columns = field(default_factory=Columns)
    valid: Masks = field(default_factory=lambda: np.zeros(0, np.uint64))
    name_length: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    kinds: list[str] = field(default_factory=list)
    kind: NDArray[np.int8] = field(default_factory=lambda: np.zeros(0, np.int8))
    # The place of each SKU and barcode, see `place`.
    codes: dict[str, int] = field(default_factory=dict)
    categories: dict[str, CategoryNode] = field(default_factory=dict)
    kind_words: dict[str, str] = field(default_factory=dict)
    # How a term is written where it counts most, and how much it counts there.
    surface: dict[str, tuple[float, str]] = field(default_factory=dict)
    values: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    # Filled by `_derive`.
    sounds: Sounds = field(default_factory=lambda: Sounds({}))
    rows: Rows = field(default_factory=lambda: np.zeros(0, np.int32))
    needs: dict[str, _Numbers] = field(default_factory=dict)
    tie: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    ranks: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    # By kind, the attributes that may be shown beside it, those that most of its products have first.
    attributes: dict[str, list[str]] = field(default_factory=dict)
    # By store: the version of its stock and the variants that it has. Another snapshot begins without.
    live: dict[str, tuple[int, Masks]] = field(default_factory=dict)
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
        return len(self.entries)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory."""
        own: list[NDArray[Any]] = [self.valid, self.name_length, self.kind, self.rows, self.tie, *self.ranks.values()]
        numbers = sum(item.number.nbytes + item.place.nbytes for item in self.needs.values())
        return self.postings.bytes + self.columns.bytes + sum(array.nbytes for array in own) + numbers

    def updated(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> "Index":
        """The next index: `changed` products are as given, `removed` ids are gone."""
        waiting = iter(changed)
        fresh = self._merged(sorted(islice(waiting, PART), key=_together), removed)
        while part := sorted(islice(waiting, PART), key=_together):
            fresh = fresh._merged(part, ())
        fresh._derive()
        return fresh

    def _merged(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> "Index":
        fresh = Index(
            specs=self.specs,
            entries=list(self.entries),
            row_of=dict(self.row_of),
            categories=dict(self.categories),
            kind_words=dict(self.kind_words),
            codes=dict(self.codes),
            surface=dict(self.surface),
        )
        touched: dict[int, Analysed | None] = {}
        for key in removed:
            row = fresh.row_of.pop(key, None)
            if row is not None:
                fresh._forget_codes(row)
                fresh.entries[row] = None
                touched[row] = None
        free = [row for row, entry in enumerate(fresh.entries) if entry is None][::-1]
        for product in changed:
            row = fresh._row(product.id, free)
            touched[row] = fresh._take_in(row, product)
        fresh._arrays(self, touched)
        return fresh

    def entry(self, row: int) -> Entry:
        """The product of a row that has one."""
        found = self.entries[row]
        assert found is not None
        return found

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

    def _row(self, key: str, free: list[int]) -> int:
        row = self.row_of.get(key)
        if row is None:
            row = free.pop() if free else len(self.entries)
            if row == len(self.entries):
                self.entries.append(None)
            self.row_of[key] = row
        return row

    def _take_in(self, row: int, product: ProductDocument) -> Analysed:
        self._forget_codes(row)
        found = analysed(product, self.specs)
        stocked = 0
        codes: list[str] = []
        for bit, variant in variants(product):
            stocked |= bit if variant.stocked else 0
            for code in filter(None, (variant.sku, variant.barcode)):
                codes.append(text.fold(code))
                # Row and number of the bit in one number: there are as many as articles.
                self.codes[codes[-1]] = row << 6 | (bit.bit_length() - 1)
        self._tree(product)
        price = product.price
        self.entries[row] = Entry(
            id=product.id,
            name=product.name,
            kind=product.kind,
            brand=product.brand,
            skus=tuple(variant.sku for variant in product.variants),
            codes=tuple(codes),
            stocked=stocked,
            released=product.released.toordinal() if product.released else 0,
            price=None if price is None else float(price),
        )
        for term, surface in found.terms.surface.items():
            if surface[0] > self.surface.get(term, (0.0, ""))[0]:
                self.surface[term] = surface
        return found

    def _forget_codes(self, row: int) -> None:
        entry = self.entries[row]
        for code in entry.codes if entry else ():
            # Another product may have taken the code over.
            if self.codes.get(code, -1) >> 6 == row:
                del self.codes[code]

    def _tree(self, product: ProductDocument) -> None:
        parent = None
        for level, category in enumerate(product.categories):
            self.categories[category.slug] = CategoryNode(category.slug, category.name, level, parent)
            parent = category.slug
            # Last words of category names tell the kind that they hold: "Screen protectors" means accessories.
            for name in (category.name, *(texts.categories[level] for texts in product.translations.values()
                                          if level < len(texts.categories))):  # fmt: skip
                self.kind_words.update(dict.fromkeys(text.terms(name)[-1:], product.kind))

    def _arrays(self, before: "Index", touched: Mapping[int, Analysed | None]) -> None:
        size = len(self.entries)
        self.postings = before.postings.updated(
            np.array(sorted(touched), np.int64),
            ((row, found.terms) for row, found in sorted(touched.items(), key=lambda item: item[0]) if found),
        )
        self.columns = before.columns.updated(size, list(touched.items()))
        self.valid = _grown(before.valid, size)
        self.name_length = _grown(before.name_length, size)
        # A kind whose last product is gone is no kind of this index: what asks for it is answered as if it never was.
        self.kinds = list(dict.fromkeys(entry.kind for entry in self.entries if entry))
        numbers = [self.kinds.index(kind) if kind in self.kinds else 0 for kind in before.kinds]
        self.kind = _grown(np.array(numbers or [0], np.int8)[before.kind], size)
        self.values = {name: _grown(column, size, np.nan) for name, column in before.values.items()}
        for row, found in touched.items():
            entry = self.entries[row]
            self.valid[row] = 0 if entry is None else (1 << max(1, min(len(entry.skus), VARIANTS_LIMIT))) - 1
            self.name_length[row] = max(1, found.name_length) if found else 1
            self.kind[row] = self.kinds.index(entry.kind) if entry else 0
            for column in self.values.values():
                column[row] = np.nan
            for name, number in (found.numbers if found else {}).items():
                if name not in self.values:
                    self.values[name] = np.full(size, np.nan, np.float32)
                self.values[name][row] = number

    def _derive(self) -> None:
        """What follows from the rows as a whole."""
        self.rows = np.flatnonzero(self.valid).astype(np.int32)
        self._order()
        self.needs = {name: _Numbers(column, self._places(column)) for name, column in self.values.items()}
        present = np.unique(self.kind[self.rows]).tolist()
        self.attributes = {self.kinds[number]: self._attributes(number) for number in present}
        written = {self.written(term): term for term in self.postings.vocabulary if " " not in term}
        self._letters = _by_length(written)
        self.sounds = Sounds(written)

    def _order(self) -> None:
        entries = self.entries
        names = _ranked([(entry.name.casefold(), entry.id) if entry else ("", "") for entry in entries])
        newest = np.array([-entry.released if entry else 0 for entry in entries], np.int64)
        # The last word between equals: newest first, then by name.
        self.tie = np.empty(self.size, np.int64)
        self.tie[np.lexsort((names, newest))] = np.arange(self.size)
        prices = np.array([np.nan if not entry or entry.price is None else entry.price for entry in entries])
        self.ranks = {
            "PRICE_ASC": _dense(prices),
            "PRICE_DESC": _dense(-prices),
            "NEWEST": _dense(newest.astype(np.float64)),
            "NAME": _ranked([entry.name.casefold() if entry else "" for entry in entries]),
        }

    def _places(self, column: NDArray[np.float32]) -> NDArray[np.float32]:
        """Where each number stands among those of the same kind: 0 the least, 1 the greatest."""
        places = np.full(self.size, np.nan, np.float32)
        for number in range(len(self.kinds)):
            own = np.flatnonzero((self.kind == number) & ~np.isnan(column) & (self.valid != 0))
            if len(own):
                ranks = _dense(column[own].astype(np.float64))
                places[own] = ranks / max(1, ranks.max())
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


def _dense(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """Rank of each number, equals alike, from 0; what is no number comes last."""
    _values, ranks = np.unique(np.where(np.isnan(numbers), np.inf, numbers), return_inverse=True)
    return ranks.astype(np.int64)


def _ranked(keys: Sequence[object]) -> NDArray[np.int64]:
    """Rank of each key, equals alike, from 0."""
    order = {key: rank for rank, key in enumerate(sorted(set(keys)))}  # type: ignore[type-var]
    return np.array([order[key] for key in keys], np.int64)


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
