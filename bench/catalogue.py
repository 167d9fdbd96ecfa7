"""The demonstration's catalogue as the documents that are indexed, made without a database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from demo import operator
from demo.chinese import LANGUAGE
from plugins.guided_search.documents import (
    Attributes,
    Category,
    ProductDocument,
    Translation,
    VariantDocument,
)

# What the search has in fields of its own.
_NO_ATTRIBUTE = frozenset({"brand", "fits", "released"})


def demonstration(channel: str) -> list[ProductDocument]:
    """What the demonstration sells in a channel, with its Chinese texts; ids are the products' slugs."""
    core = operator.build().core
    reader = _Reader(
        channel=channel,
        kinds={kind["slug"]: kind["kind"] for kind in core["product_types"]},
        categories={category["slug"]: category for category in core["categories"]},
        values={one["slug"]: one["translations"][LANGUAGE]["values"] for one in core["attributes"]},
        names={product["slug"]: product["name"] for product in core["products"]},
    )
    sold = (product for product in core["products"] if channel in product["variants"][0]["listings"])
    return sorted(map(reader.document, sold), key=lambda document: document.id)


@dataclass(frozen=True)
class _Reader:
    """Reads products in the core's loading format; `values` are attribute values in Chinese, by attribute and value."""

    channel: str
    kinds: Mapping[str, str]
    categories: Mapping[str, Any]
    values: Mapping[str, Mapping[str, str]]
    names: Mapping[str, str]

    def document(self, product: Mapping[str, Any]) -> ProductDocument:
        attributes = product["attributes"]
        released = attributes.get("released")
        own = _attributes(attributes)
        path = list(self._path(product["category"]))
        texts = product["translations"][LANGUAGE]
        return ProductDocument(
            id=product["slug"],
            name=product["name"],
            kind=self.kinds[product["product_type"]],
            brand=attributes["brand"][0],
            categories=tuple(Category(category["slug"], category["name"]) for category in path),
            attributes=own,
            variants=tuple(self._variant(variant) for variant in product["variants"]),
            description=product["description"],
            fits=tuple(self.names[slug] for slug in attributes.get("fits", [])),
            released=date.fromisoformat(released[0]) if released else None,
            translations={
                LANGUAGE: Translation(
                    name=texts["name"],
                    description=texts["description"],
                    brand=self._translated("brand", attributes["brand"])[0],
                    categories=tuple(category["translations"][LANGUAGE]["name"] for category in path),
                    values={name: self._translated(name, values) for name, values in own.items()},
                )
            },
        )

    def _variant(self, variant: Mapping[str, Any]) -> VariantDocument:
        own = _attributes(variant["attributes"])
        return VariantDocument(
            sku=variant["sku"],
            price=Decimal(variant["listings"][self.channel]["price"]),
            attributes=own,
            barcode=variant["metadata"].get("gtin", ""),
            stocked=variant["track_inventory"],
            translations={LANGUAGE: {name: self._translated(name, values) for name, values in own.items()}},
        )

    def _path(self, slug: str | None) -> Iterator[Mapping[str, Any]]:
        if slug:
            yield from self._path(self.categories[slug]["parent"])
            yield self.categories[slug]

    def _translated(self, attribute: str, values: Sequence[str]) -> tuple[str, ...]:
        """The values in Chinese; what is written the same in both stays."""
        return tuple(self.values[attribute].get(value, value) for value in values)


def _attributes(found: Mapping[str, Sequence[str]]) -> Attributes:
    return {name: tuple(values) for name, values in found.items() if name not in _NO_ATTRIBUTE}
