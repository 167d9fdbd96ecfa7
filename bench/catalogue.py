"""Catalogues to measure on, as the documents that are indexed: the demonstration's own and made-up ones of any size."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from demo import operator
from plugins.guided_search.documents import Category, ProductDocument, VariantDocument

# What the search has in fields of its own.
_NO_ATTRIBUTE = frozenset({"brand", "fits", "released"})


def demonstration(channel: str = "us") -> list[ProductDocument]:
    """What the demonstration sells in its channel, made without a database; ids are the products' slugs."""
    core = operator.build().core
    kinds = {kind["slug"]: kind["kind"] for kind in core["product_types"]}
    categories = {category["slug"]: category for category in core["categories"]}
    names = {product["slug"]: product["name"] for product in core["products"]}
    documents = (_document(product, kinds, categories, names) for product in core["products"])
    return sorted(documents, key=lambda document: document.id)


def _document(
    product: Mapping[str, Any], kinds: Mapping[str, str], categories: Mapping[str, Any], names: Mapping[str, str]
) -> ProductDocument:
    attributes = product["attributes"]
    released = attributes.get("released")
    return ProductDocument(
        id=product["slug"],
        name=product["name"],
        kind=kinds[product["product_type"]],
        brand=attributes["brand"][0],
        categories=tuple(_path(product["category"], categories)),
        attributes={name: tuple(values) for name, values in attributes.items() if name not in _NO_ATTRIBUTE},
        variants=tuple(_variant(variant) for variant in product["variants"]),
        description=product["description"],
        fits=tuple(names[slug] for slug in attributes.get("fits", [])),
        released=date.fromisoformat(released[0]) if released else None,
    )


def _path(slug: str | None, categories: Mapping[str, Any]) -> Iterator[Category]:
    if slug:
        yield from _path(categories[slug]["parent"], categories)
        yield Category(slug, categories[slug]["name"])


def _variant(variant: Mapping[str, Any]) -> VariantDocument:
    return VariantDocument(
        sku=variant["sku"],
        price=Decimal(variant["price"]),
        attributes={name: tuple(values) for name, values in variant["attributes"].items()},
        barcode=variant["metadata"].get("gtin", ""),
        stocked=variant["track_inventory"],
    )
