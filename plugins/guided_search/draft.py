"""Products on their way into the next index: its maps while they change.

The maps of an index are persistent: those of the next share with them what did not change, so that taking in a product
costs the same however many there are, and neither holds up the searches of the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from immutables import Map

from plugins.guided_search import text
from plugins.guided_search.analysis import Analysed, analysed, variants
from plugins.guided_search.documents import DimensionSpec, ProductDocument
from plugins.guided_search.postings import Masks


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


Surface = tuple[float, str]


class Before(Protocol):
    """What a draft begins with."""

    entries: Map[int, Entry]
    row_of: Map[str, int]
    codes: Map[str, int]
    surface: Map[str, Surface]
    categories: dict[str, CategoryNode]
    kind_words: dict[str, str]
    valid: Masks


class Draft:
    """The maps of the next index, changed product by product. `touched` says what each changed row holds now."""

    def __init__(self, before: Before, specs: Sequence[DimensionSpec]) -> None:
        self.specs = specs
        self.entries = before.entries.mutate()
        self.row_of = before.row_of.mutate()
        self.codes = before.codes.mutate()
        self.categories = dict(before.categories)
        self.kind_words = dict(before.kind_words)
        self.touched: dict[int, Analysed | None] = {}
        self._known_surface = before.surface
        # How terms are written that were not written so before.
        self._surface: dict[str, Surface] = {}
        self.size = len(before.valid)
        self._free = np.flatnonzero(before.valid == 0)[::-1].tolist()

    @property
    def surface(self) -> Map[str, Surface]:
        """How each term is written; the same map as before when nothing is written otherwise."""
        return self._known_surface.update(self._surface) if self._surface else self._known_surface

    def remove(self, product_id: str) -> None:
        """Forget a product; an unknown one is none."""
        row = self.row_of.pop(product_id, None)
        if row is not None:
            self._forget_codes(row)
            del self.entries[row]
            self.touched[row] = None
            self._free.append(row)

    def take_in(self, product: ProductDocument) -> None:
        """Have the product as it is now."""
        row = self._row(product.id)
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
        self.entries[row] = Entry(
            id=product.id,
            name=product.name,
            kind=product.kind,
            brand=product.brand,
            skus=tuple(variant.sku for variant in product.variants),
            codes=tuple(codes),
            stocked=stocked,
        )
        self._write(found.terms.surface)
        self.touched[row] = found

    def _row(self, product_id: str) -> int:
        row = self.row_of.get(product_id)
        if row is None:
            row = self._free.pop() if self._free else self.size
            self.size = max(self.size, row + 1)
            self.row_of[product_id] = row
        return row

    def _forget_codes(self, row: int) -> None:
        entry = self.entries.get(row)
        for code in entry.codes if entry else ():
            # Another product may have taken the code over.
            if self.codes.get(code, -1) >> 6 == row:
                del self.codes[code]

    def _write(self, surface: Mapping[str, Surface]) -> None:
        for term, written in surface.items():
            known = self._surface.get(term, self._known_surface.get(term))
            if known is None or written[0] > known[0]:
                self._surface[term] = written

    def _tree(self, product: ProductDocument) -> None:
        parent = None
        for level, category in enumerate(product.categories):
            self.categories[category.slug] = CategoryNode(category.slug, category.name, level, parent)
            parent = category.slug
            # Last words of category names tell the kind that they hold: "Screen protectors" means accessories.
            for name in (category.name, *(texts.categories[level] for texts in product.translations.values()
                                          if level < len(texts.categories))):  # fmt: skip
                self.kind_words.update(dict.fromkeys(text.terms(name)[-1:], product.kind))
