"""From the catalogue's rows to the documents that are indexed."""

from collections.abc import Iterable, Mapping
from typing import Any

from plugins.catalogue.models import Product
from plugins.catalogue.selectors import SellableVariant
from plugins.guided_search.documents import Attributes, Category, ProductDocument, Translation, VariantDocument

# Shown on a product's page, but no way to tell products apart.
_NO_ATTRIBUTE = frozenset({"brand", "fits", "released"})


def document(
    product: Product, variants: Iterable[SellableVariant], fits: tuple[str, ...], labels: dict[str, str]
) -> ProductDocument:
    """A product as it is indexed; what the core calls its attributes is put into `labels`."""
    path = zip(product.category_slugs, product.category_path, strict=True)
    return ProductDocument(
        id=product.pk,
        name=product.name,
        kind=product.kind,
        brand=product.brand,
        categories=tuple(Category(slug, name) for slug, name in path),
        attributes=_attributes(product.attributes, labels),
        variants=tuple(_variant(variant, labels) for variant in variants),
        description=product.description,
        fits=fits,
        released=product.released,
        translations={language: _translation(texts) for language, texts in product.translations.items()},
    )


def _variant(variant: SellableVariant, labels: dict[str, str]) -> VariantDocument:
    return VariantDocument(
        sku=variant.sku,
        price=variant.price.amount if variant.price else None,
        attributes=_attributes(variant.attributes, labels),
        barcode=variant.barcode,
        stocked=variant.stocked,
        translations={language: _values(texts) for language, texts in variant.translations.items()},
    )


def _attributes(stored: Iterable[Mapping[str, object]], labels: dict[str, str]) -> Attributes:
    found: dict[str, tuple[str, ...]] = {}
    for item in stored:
        name, values = str(item["name"]), item["values"]
        if name not in _NO_ATTRIBUTE and isinstance(values, list):
            labels[name] = str(item["label"])
            found[name] = tuple(str(value) for value in values)
    return found


def _translation(texts: Mapping[str, Any]) -> Translation:
    brand = texts.get("attributes", {}).get("brand", {}).get("values", [])
    return Translation(
        name=texts.get("name", ""),
        description=texts.get("description", ""),
        brand=brand[0] if brand else "",
        categories=tuple(texts.get("category_path", ())),
        values=_values(texts),
    )


def _values(texts: Mapping[str, Any]) -> Attributes:
    return {
        name: tuple(item.get("values", ()))
        for name, item in texts.get("attributes", {}).items()
        if name not in _NO_ATTRIBUTE
    }
