"""From the core's records to the columns of the catalogue: pure functions."""

from datetime import date
from decimal import Decimal

from commerce.records import CoreAttribute, CoreChannel, CorePrice, CoreProduct, CoreVariant
from plugins.catalogue.models import SERIAL_TRACKING, Kind

# Attributes with a column of their own.
_BRAND, _RELEASED, _FITS = "brand", "released", "fits"

Columns = dict[str, object]


def product_columns(product: CoreProduct) -> Columns:
    """The columns of `Product` that the core decides."""
    category = product.category
    by_slug = {attribute.slug: attribute for attribute in product.attributes}
    return {
        "slug": product.slug,
        "name": product.name,
        "brand": _first(by_slug.get(_BRAND)),
        "kind": kind(product),
        "category_path": list(category.path_names) if category else [],
        "category_slugs": list(category.path_slugs) if category else [],
        "description": product.description,
        "thumbnail_url": product.thumbnail_url or "",
        "attributes": attributes(product.attributes),
        "fits": sorted({value.reference for value in by_slug[_FITS].values if value.reference})
        if _FITS in by_slug
        else [],
        "metadata": dict(product.metadata),
        "released": _date(_first(by_slug.get(_RELEASED))),
        "is_active": True,
    }


def variant_columns(variant: CoreVariant, product: CoreProduct, position: int) -> Columns:
    """The columns of `Variant` that the core decides; a variant without a SKU cannot be sold."""
    return {
        "sku": variant.sku or "",
        "product_id": product.id,
        "name": variant.name,
        "barcode": variant.metadata.get("gtin", ""),
        "attributes": attributes(variant.attributes),
        "image_url": variant.media[0].url if variant.media else "",
        "tracking": tracking(product),
        "stocked": variant.track_inventory,
        "position": position,
        "is_active": True,
    }


def listing_columns(variant: CoreVariant, product: CoreProduct, channel: CoreChannel) -> Columns:
    """The columns of `ChannelListing`. Without a price the variant is only sold inside a bundle."""
    rate = product.tax_rates.get(channel.country, Decimal(0)) if channel.charge_taxes else Decimal(0)
    return {
        "price": _amount(variant.price, channel),
        "undiscounted_price": _amount(variant.undiscounted_price, channel),
        "tax_rate": rate,
    }


def kind(product: CoreProduct) -> str:
    """The kind that the product type's metadata names; OTHER when it names none that the suite knows."""
    named = product.product_type.metadata.get("kind", "").upper()
    return named if named in Kind.values else Kind.OTHER.value


def tracking(product: CoreProduct) -> str:
    """How units are told apart, from the product type's metadata; NONE when it says nothing that the suite knows."""
    named = product.product_type.metadata.get("tracking", "").upper()
    return named if named in SERIAL_TRACKING else "NONE"


def attributes(found: tuple[CoreAttribute, ...]) -> list[dict[str, object]]:
    """Attributes as stored: [{name, label, values}], without references, which point to other objects."""
    return [
        {"name": item.slug, "label": item.name, "values": [_text(value.name, value.boolean) for value in item.values]}
        for item in found
        if item.values and item.input_type != "REFERENCE"
    ]


def _text(name: str, boolean: bool | None) -> str:
    return name if boolean is None else ("Yes" if boolean else "No")


def _first(attribute: CoreAttribute | None) -> str:
    return attribute.values[0].name.strip() if attribute and attribute.values else ""


def _date(text: str) -> date | None:
    """A day from YYYY-MM-DD, YYYY-MM or YYYY; None for anything else, since it is a person's entry in the core."""
    parts = text.split("-")
    try:
        numbers = [int(part) for part in parts]
        return date(*[*numbers, 1, 1][:3]) if len(numbers) <= 3 else None
    except ValueError:
        return None


def _amount(price: CorePrice | None, channel: CoreChannel) -> Decimal | None:
    """The price as the merchant entered it, in the channel's own terms."""
    if price is None:
        return None
    return price.gross if channel.prices_include_tax else price.net
