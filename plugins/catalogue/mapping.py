"""What an existing catalogue means: its product types and attributes, in the suite's words. Decided by a person.

Products are rewritten as they come from the core, so that everything behind sees the suite's words alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction

from commerce.app_calls import AttributeFacts, ProductTypeFacts
from commerce.records import CoreAttribute, CoreProduct, CoreVariant
from kernel.locks import lock_rows
from plugins.catalogue.models import SERIAL_TRACKING, AttributeMapping, Kind, ProductTypeMapping

# An attribute of this name is the variant's barcode.
BARCODE = "gtin"


@dataclass(frozen=True, slots=True)
class Mappings:
    """Kind and tracking by product type, and the name of each attribute here (None: left out)."""

    types: Mapping[str, tuple[str, str]]
    attributes: Mapping[str, str | None]

    def applied(self, product: CoreProduct) -> CoreProduct:
        """The product in the suite's words."""
        named = self.types.get(product.product_type.slug)
        if named:
            told = {**product.product_type.metadata, "kind": named[0], "tracking": named[1]}
            product = replace(product, product_type=replace(product.product_type, metadata=told))
        if not self.attributes:
            return product
        return replace(
            product,
            attributes=self._renamed(product.attributes),
            variants=tuple(self._variant(variant) for variant in product.variants),
        )

    def _variant(self, variant: CoreVariant) -> CoreVariant:
        found = self._renamed(variant.attributes)
        barcode = next((item for item in found if item.slug == BARCODE and item.values), None)
        rest = tuple(item for item in found if item is not barcode)
        told = variant.metadata
        if barcode and not told.get(BARCODE):
            told = {**told, BARCODE: barcode.values[0].name}
        return replace(variant, attributes=rest, metadata=told)

    def _renamed(self, attributes: Iterable[CoreAttribute]) -> tuple[CoreAttribute, ...]:
        """Two that have one name here become one, with the values of both."""
        found: dict[str, CoreAttribute] = {}
        for item in attributes:
            name = self.attributes.get(item.slug, item.slug)
            if name is None:
                continue
            first = found.get(name)
            found[name] = replace(first, values=first.values + item.values) if first else replace(item, slug=name)
        return tuple(found.values())


def current() -> Mappings:
    """What is decided now."""
    types = ProductTypeMapping.objects.exclude(kind="").values_list("slug", "kind", "tracking")
    named = AttributeMapping.objects.exclude(ignored=False, target="").values_list("slug", "target", "ignored")
    return Mappings(
        types={slug: (kind, tracking) for slug, kind, tracking in types},
        attributes={slug: None if ignored else target for slug, target, ignored in named},
    )


@transaction.atomic
def discover(*, types: Sequence[ProductTypeFacts], attributes: Sequence[AttributeFacts]) -> None:
    """Note what the core has. New product types are prefilled from its metadata; what is decided stays."""
    _note_gone(ProductTypeMapping, [item.slug for item in types])
    _note_gone(AttributeMapping, [item.slug for item in attributes])
    for item in types:
        kind, tracking = item.kind.upper(), item.tracking.upper()
        row, created = ProductTypeMapping.objects.get_or_create(
            slug=item.slug,
            defaults={
                "name": item.name,
                "kind": kind if kind in Kind.values else "",
                "tracking": tracking if tracking in SERIAL_TRACKING else "NONE",
            },
        )
        _rename(row, item.name, created)
    for attribute in attributes:
        known, created = AttributeMapping.objects.get_or_create(slug=attribute.slug, defaults={"name": attribute.name})
        _rename(known, attribute.name, created)


def undecided() -> list[ProductTypeMapping]:
    """The product types of the core of which nobody has said what they are."""
    return list(ProductTypeMapping.objects.filter(kind="", gone=False))


def _note_gone(model: type[ProductTypeMapping] | type[AttributeMapping], present: Sequence[str]) -> None:
    rows: list[Any] = lock_rows(model._default_manager.all())
    for row in rows:
        gone = row.pk not in present
        if row.gone != gone:
            row.gone = gone
            row.save(update_fields=["gone"])


def _rename(row: ProductTypeMapping | AttributeMapping, name: str, created: bool) -> None:
    if not created and row.name != name:
        row.name = name
        row.save(update_fields=["name"])
