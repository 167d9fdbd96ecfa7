"""From a product to what the index holds of it: terms with a weight each, and values of dimensions.

Which variants a term or a value belongs to is a mask: bit n is the n-th variant. What is true of the whole product has
all bits, so "256 GB, red, in this store" is one variant or nothing: masks are intersected, never products.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from plugins.guided_search import chinese, text
from plugins.guided_search.documents import DimensionSpec, ProductDocument, VariantDocument

# How much a term counts by where it stands. Only the best place counts, so repetition buys nothing.
NAME, BRAND, CODE, CATEGORY, VARIANT, ATTRIBUTE, FITS, DESCRIPTION = 10.0, 7.0, 8.0, 5.0, 4.0, 2.5, 1.5, 0.4
# What only stands in a description says little about the product: it mentions much that the product is not.
WEAK = DESCRIPTION
# Two words of a name side by side.
SHINGLE = 1.0
INITIALS_SHARE = 0.5

ALL = (1 << 64) - 1
VARIANTS_LIMIT = 64
# An accessory that fits more products than this is not found by their names: it would be found by all of them.
FITS_LIMIT = 40
# A bare "128" finds "128gb"; smaller numbers are model names more often than sizes.
_BARE_SIZE = 32
_BARE = re.compile(r"(\d+)[gt]b")
_ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8"}
# Attributes whose numbers carry a unit that people type.
ATTRIBUTE_UNITS = {
    "screen_inches": "inch",
    "battery_mah": "mah",
    "data_gb": "gb",
    "power_w": "w",
    "download_mbps": "mbps",
}
# Numbers that a need speaks of, read from attributes that are written as text.
_DERIVED = {"ram": "ram", "storage": "storage", "cameras": "camera_mp"}
_MEGAPIXELS = re.compile(r"(\d+(?:\.\d+)?)\s*MP", re.IGNORECASE)


def shingle(one: str, other: str) -> str:
    """The term that says that two terms stand side by side in a name."""
    return f"{one} {other}"


@dataclass(slots=True)
class Terms:
    """Term to its best weight and the variants it is true of; `surface` is how a term is written for people."""

    weights: dict[str, float] = field(default_factory=dict)
    masks: dict[str, int] = field(default_factory=dict)
    surface: dict[str, tuple[float, str]] = field(default_factory=dict)

    def add(self, term: str, weight: float, mask: int, written: str = "") -> None:
        self.weights[term] = max(weight, self.weights.get(term, 0.0))
        self.masks[term] = self.masks.get(term, 0) | mask
        if written and weight > self.surface.get(term, (0.0, ""))[0]:
            self.surface[term] = (weight, written)

    def text(self, source: str, weight: float, mask: int = ALL, *, bare_from: int = _BARE_SIZE) -> None:
        """Everything that a text says; a size of at least `bare_from` also without its unit."""
        for token in text.tokens(source):
            if token.term in text.STOP_WORDS:
                continue
            if text.is_han(token.term):
                self._han(token.term, weight, mask)
                continue
            self.add(token.term, weight, mask, token.raw)
            bare = _BARE.fullmatch(token.term)
            if bare and int(bare[1]) >= bare_from:
                self.add(bare[1], weight / 4, mask)

    def name(self, source: str, weight: float) -> None:
        """A text in which words that stand side by side belong together."""
        self.text(source, weight, bare_from=1)
        found = [token.term for token in text.tokens(source) if not text.is_han(token.term)]
        for one, other in pairwise(found):
            self.add(shingle(one, other), SHINGLE, ALL)
            if other in _ROMAN:
                # "S III" is typed "S3".
                self.add(_ROMAN[other], weight / 2, ALL)
                self.add(one + _ROMAN[other], weight, ALL)

    def beside(self, before: str, after: str) -> None:
        """The last word of one text stands before the first of another, as a brand before a name."""
        last, first = text.tokens(before)[-1:], text.tokens(after)[:1]
        for one, other in zip(last, first, strict=False):
            self.add(shingle(one.term, other.term), SHINGLE, ALL)

    def _han(self, run: str, weight: float, mask: int) -> None:
        for piece in chinese.pieces(run):
            self.add(piece, weight, mask, piece)
        if weight > WEAK:
            for number, typed in enumerate(chinese.latin(run)):
                # Pinyin is read as English where it is typed: "sanxing" loses its end.
                for spelled in {typed, text.stem(typed)}:
                    self.add(spelled, weight * (INITIALS_SHARE if number else 1.0), mask)


@dataclass(slots=True)
class Analysed:
    """One product as the index takes it in. `values` are (dimension, value) with the variants they are true of."""

    terms: Terms
    name_length: int
    values: dict[tuple[str, str], int]
    # By language: (dimension, value) to its name.
    labels: dict[str, dict[tuple[str, str], str]]
    # The greatest number of each dimension that needs speak of.
    numbers: dict[str, float]


def analysed(product: ProductDocument, dimensions: Sequence[DimensionSpec]) -> Analysed:
    """Read a product; variants past VARIANTS_LIMIT share the last bit."""
    terms = Terms()
    terms.name(product.name, NAME)
    terms.text(product.brand, BRAND)
    terms.beside(product.brand, product.name)
    for category in product.categories:
        terms.name(category.name, CATEGORY)
    terms.text(product.description, DESCRIPTION)
    if len(product.fits) <= FITS_LIMIT:
        for name in product.fits:
            terms.name(name, FITS)
    for slug, texts in product.attributes.items():
        _attribute(terms, slug, texts, ATTRIBUTE, ALL)
    for bit, variant in variants(product):
        _variant(terms, bit, variant)
    _translations(terms, product)
    found = values(product)
    return Analysed(
        terms=terms,
        name_length=len(set(text.terms(product.name))),
        values=found,
        labels=labels(product),
        numbers=_numbers(product, found, dimensions),
    )


def variants(product: ProductDocument) -> Iterator[tuple[int, VariantDocument]]:
    """The variants, each with its mask."""
    for number, variant in enumerate(product.variants):
        yield 1 << min(number, VARIANTS_LIMIT - 1), variant


def values(product: ProductDocument) -> dict[tuple[str, str], int]:
    """(dimension, value) of everything that can be chosen, with the variants that have it."""
    found: dict[tuple[str, str], int] = {("kind", product.kind): ALL}
    if product.brand:
        found["brand", product.brand] = ALL
    for category in product.categories:
        found["category", category.slug] = ALL
    for slug, texts in product.attributes.items():
        found.update({(slug, value): ALL for value in texts})
    for bit, variant in variants(product):
        keys = [(slug, value) for slug, texts in variant.attributes.items() for value in texts]
        if variant.price is not None:
            keys.append(("price", str(variant.price)))
        for key in keys:
            found[key] = found.get(key, 0) | bit
    return found


def labels(product: ProductDocument) -> dict[str, dict[tuple[str, str], str]]:
    """By language, what values are called where that differs from the value."""
    found: dict[str, dict[tuple[str, str], str]] = {}
    for language, texts in product.translations.items():
        names = found.setdefault(language, {})
        for category, name in zip(product.categories, texts.categories, strict=False):
            names["category", category.slug] = name
        if texts.brand:
            names["brand", product.brand] = texts.brand
        _paired(names, product.attributes, texts.values)
    for variant in product.variants:
        for language, translated in variant.translations.items():
            _paired(found.setdefault(language, {}), variant.attributes, translated)
    return found


def _paired(
    names: dict[tuple[str, str], str], own: Mapping[str, Iterable[str]], other: Mapping[str, Iterable[str]]
) -> None:
    for slug, texts in other.items():
        for value, name in zip(own.get(slug, ()), texts, strict=False):
            names[slug, value] = name


def _variant(terms: Terms, bit: int, variant: VariantDocument) -> None:
    for slug, texts in variant.attributes.items():
        _attribute(terms, slug, texts, VARIANT, bit)
    for translated in variant.translations.values():
        for slug, texts in translated.items():
            _attribute(terms, slug, texts, VARIANT, bit)


def _attribute(terms: Terms, slug: str, texts: Iterable[str], weight: float, mask: int) -> None:
    unit = ATTRIBUTE_UNITS.get(slug, "")
    for value in texts:
        terms.text(f"{value} {unit}" if unit and text.decimal_of(value) is not None else value, weight, mask)


def _translations(terms: Terms, product: ProductDocument) -> None:
    for texts in product.translations.values():
        terms.name(texts.name, NAME)
        terms.text(texts.brand, BRAND)
        for level, name in enumerate(texts.categories, 1):
            # "Phones and tablets" above "tablets" does not make a phone a tablet.
            joint = level < len(texts.categories) and chinese.is_joint(name)
            terms.text(name, WEAK if joint else CATEGORY)
        terms.text(texts.description, DESCRIPTION)
        for slug, translated in texts.values.items():
            _attribute(terms, slug, translated, ATTRIBUTE, ALL)


def _numbers(
    product: ProductDocument, found: Mapping[tuple[str, str], int], dimensions: Sequence[DimensionSpec]
) -> dict[str, float]:
    numbers: dict[str, float] = {}
    ranges = {spec.source for spec in dimensions if spec.kind == "RANGE"}
    for slug, value in found:
        number: Decimal | None = None
        if slug in ranges:
            number = text.decimal_of(value)
        elif slug in ("ram", "storage"):
            number = text.size_of(value)
        elif slug == "cameras" and (match := _MEGAPIXELS.search(value)):
            number = Decimal(match[1])
        if number is not None:
            name = _DERIVED.get(slug, slug)
            numbers[name] = max(numbers.get(name, 0.0), float(number))
    if product.price is not None:
        numbers["price"] = float(product.price)
    if product.released is not None:
        numbers["released"] = float(product.released.toordinal())
    return numbers
