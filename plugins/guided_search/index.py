"""The index of one channel: sets of slots by term and by dimension value, in memory.

A slot is one variant of one product: the n-th variant of product p has slot `n * size + p`. What is true of a whole
product is set in all of its slots. Sets are intersected slot by slot, so a product matches "256 GB, red, in this store"
only when one of its variants is all of that; folding the planes onto the first gives the set of products.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import reduce
from operator import or_

from plugins.guided_search import bits, text
from plugins.guided_search.documents import ProductDocument, VariantDocument

# How much a term counts by where it stands. Only the best place counts, so repetition buys nothing.
NAME, BRAND, CODE, CATEGORY, VARIANT, ATTRIBUTE, FITS, DESCRIPTION = 10.0, 7.0, 8.0, 5.0, 4.0, 2.5, 1.5, 0.4
# Attributes whose numbers carry a unit that people type.
_ATTRIBUTE_UNITS = {
    "screen_inches": "inch",
    "battery_mah": "mah",
    "data_gb": "gb",
    "power_w": "w",
    "download_mbps": "mbps",
}
# An accessory that fits more products than this is not found by their names: it would be found by all of them.
FITS_LIMIT = 40
# Attributes with more values than this tell products apart rather than group them.
VALUES_LIMIT = 60
# A bare "128" finds "128gb"; smaller numbers are model names more often than sizes.
_BARE_SIZE = 32


@dataclass(slots=True)
class Dimension:
    """Values of one dimension and their slots; `numbers` holds the same by number when all values are numbers."""

    name: str
    values: dict[str, int] = field(default_factory=dict)
    numbers: list[tuple[Decimal, int]] = field(default_factory=list)

    def within(self, minimum: Decimal | None, maximum: Decimal | None) -> int:
        """The slots whose number lies between the bounds, both included."""
        found = 0
        for number, slots in self.numbers:
            if (minimum is None or number >= minimum) and (maximum is None or number <= maximum):
                found |= slots
        return found

    def bounds(self, slots: int) -> tuple[Decimal, Decimal] | None:
        """The least and the greatest number among `slots`."""
        least = next((number for number, own in self.numbers if own & slots), None)
        if least is None:
            return None
        greatest = next(number for number, own in reversed(self.numbers) if own & slots)
        return least, greatest


@dataclass(frozen=True, slots=True)
class CategoryNode:
    slug: str
    name: str
    level: int
    parent: str | None


class Index:
    """Searchable products of one channel. Immutable after it was built."""

    def __init__(self, products: Sequence[ProductDocument]) -> None:
        self.products = list(products)
        self.size = max(1, len(self.products))
        self.planes = max((len(product.variants) for product in self.products), default=1) or 1
        self.width = self.size * self.planes
        self._plane = (1 << self.size) - 1
        self.position = {product.id: number for number, product in enumerate(self.products)}
        self.categories: dict[str, CategoryNode] = {}
        self.slot_of_sku: dict[str, int] = {}
        self.codes: dict[str, int] = {}
        self.name_terms: list[frozenset[str]] = []
        # Last words of category names and the kind that they hold: "Screen protectors" means accessories.
        self.kind_words: dict[str, str] = {}
        self._fill()

    def fold(self, slots: int) -> int:
        """The products that have at least one of `slots`, as a set of positions."""
        products = 0
        while slots:
            products |= slots & self._plane
            slots >>= self.size
        return products

    def count(self, slots: int) -> int:
        """How many products have at least one of `slots`."""
        return self.fold(slots).bit_count()

    def spread(self, products: int) -> int:
        """All slots of these products."""
        slots = products & self._plane
        for plane in range(1, self.planes):
            slots |= (products & self._plane) << (plane * self.size)
        return slots & self.everything

    def slots_of_skus(self, skus: Iterable[str]) -> int:
        """The slots of these SKUs; unknown ones are left out."""
        known = self.slot_of_sku
        return bits.of((known[sku] for sku in skus if sku in known), self.width)

    def variants(self, slots: int) -> list[VariantDocument]:
        """The variants of these slots."""
        found = (divmod(slot, self.size) for slot in bits.members(slots))
        return [self.products[number].variants[plane] for plane, number in found if self.products[number].variants]

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """Terms that start with `prefix`, the most frequent first."""
        first = bisect_left(self.vocabulary, prefix)
        last = bisect_left(self.vocabulary, prefix + "\U0010ffff")
        return sorted(self.vocabulary[first:last], key=lambda term: (-self.frequency(term), term))[:limit]

    def near(self, term: str, edits: int) -> Iterable[str]:
        """Terms that may be within `edits` of `term`: of about its length and made of about its letters."""
        own, most = _letters(term), 2 * edits
        for length in range(len(term) - edits, len(term) + edits + 1):
            for candidate, letters in self._by_length.get(length, ()):
                if (own ^ letters).bit_count() <= most:
                    yield candidate

    def frequency(self, term: str) -> int:
        """In how many products the term occurs."""
        return len(self.weights.get(term, ()))

    def _fill(self) -> None:
        builder = _Builder(self)
        for number, product in enumerate(self.products):
            builder.add(number, product)
        self.everything = bits.of(builder.all_slots, self.width)
        self.term_slots = {term: bits.of(slots, self.width) for term, slots in builder.term_slots.items()}
        # Where the term stands outside the description, which mentions much that the product is not.
        self.strong_slots = {term: bits.of(slots, self.width) for term, slots in builder.strong_slots.items()}
        self.weights: Mapping[str, Mapping[int, float]] = builder.weights
        self.vocabulary = sorted(self.term_slots)
        self._by_length: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for term in self.vocabulary:
            self._by_length[len(term)].append((term, _letters(term)))
        self.surface = {
            term: max(forms, key=lambda form: (forms[form], form)) for term, forms in builder.surface.items()
        }
        self.dimensions = {name: self._dimension(name, values) for name, values in builder.dimensions.items()}

    def _dimension(self, name: str, values: Mapping[str, set[int]]) -> Dimension:
        dimension = Dimension(name, {value: bits.of(slots, self.width) for value, slots in values.items()})
        numbers = [(_number(value), slots) for value, slots in dimension.values.items()]
        if all(number is not None for number, _slots in numbers):
            merged: dict[Decimal, int] = {}
            for number, slots in numbers:
                assert number is not None
                merged[number] = merged.get(number, 0) | slots
            dimension.numbers = sorted(merged.items())
        return dimension


class _Builder:
    """Collects slots while the index is built."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.all_slots: list[int] = []
        self.term_slots: dict[str, set[int]] = defaultdict(set)
        self.strong_slots: dict[str, set[int]] = defaultdict(set)
        self.weights: dict[str, dict[int, float]] = defaultdict(dict)
        self.surface: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self.dimensions: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for name in ("category", "brand", "kind", "price"):
            self.dimensions[name]

    def add(self, number: int, product: ProductDocument) -> None:
        slots = [number + plane * self.index.size for plane in range(len(product.variants) or 1)]
        self.all_slots.extend(slots)
        self.index.name_terms.append(frozenset(text.terms(product.name)))
        self._product_terms(number, slots, product)
        self._value("kind", product.kind, slots)
        if product.brand:
            self._value("brand", product.brand, slots)
        parent = None
        for level, category in enumerate(product.categories):
            self._value("category", category.slug, slots)
            self.index.categories[category.slug] = CategoryNode(category.slug, category.name, level, parent)
            parent = category.slug
            head = text.terms(category.name)[-1:]
            self.index.kind_words.update(dict.fromkeys(head, product.kind))
        for name, values in product.attributes.items():
            self._attribute(number, slots, name, values, ATTRIBUTE)
        for slot, variant in zip(slots, product.variants, strict=False):
            self._variant(number, slot, variant)

    def _product_terms(self, number: int, slots: list[int], product: ProductDocument) -> None:
        self._terms(number, slots, product.name, NAME)
        self._terms(number, slots, product.brand, BRAND)
        self._terms(number, slots, " ".join(category.name for category in product.categories), CATEGORY)
        self._terms(number, slots, product.description, DESCRIPTION)
        if len(product.fits) <= FITS_LIMIT:
            for name in product.fits:
                self._terms(number, slots, name, FITS)

    def _variant(self, number: int, slot: int, variant: VariantDocument) -> None:
        self.index.slot_of_sku[variant.sku] = slot
        for code in filter(None, (variant.sku, variant.barcode)):
            folded = text.fold(code)
            self.index.codes[folded] = slot
            self._term(number, [slot], text.Token(folded, folded), CODE)
        if variant.price is not None:
            self._value("price", str(variant.price), [slot])
        for name, values in variant.attributes.items():
            self._attribute(number, [slot], name, values, VARIANT)

    def _attribute(self, number: int, slots: list[int], name: str, values: Sequence[str], weight: float) -> None:
        unit = _ATTRIBUTE_UNITS.get(name, "")
        for value in values:
            self._value(name, value, slots)
            self._terms(number, slots, f"{value} {unit}" if unit and _number(value) is not None else value, weight)

    def _value(self, dimension: str, value: str, slots: Iterable[int]) -> None:
        self.dimensions[dimension][value].update(slots)

    def _terms(self, number: int, slots: list[int], source: str, weight: float) -> None:
        for token in text.tokens(source):
            if token.term in text.STOP_WORDS:
                continue
            self._term(number, slots, token, weight)
            digits = token.term.rstrip("bgt")
            if token.term != digits and digits.isdigit() and int(digits) >= _BARE_SIZE:
                self._term(number, slots, text.Token(digits, digits), weight / 4)

    def _term(self, number: int, slots: list[int], token: text.Token, weight: float) -> None:
        self.term_slots[token.term].update(slots)
        if weight > DESCRIPTION:
            self.strong_slots[token.term].update(slots)
        known = self.weights[token.term]
        known[number] = max(known.get(number, 0.0), weight)
        self.surface[token.term][token.raw] += weight


def _letters(term: str) -> int:
    """The letters of a term as a set; rare ones may share a place."""
    return reduce(or_, (1 << (ord(letter) & 63) for letter in term), 0)


def _number(value: str) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
