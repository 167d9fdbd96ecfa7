"""From the core's records to the columns of the catalogue: pure functions.

The column `translations` holds texts by language tag: of a product {"zh-hans": {"name", "description",
"category_path", "attributes": {slug: {"label", "values"}}}}, of a variant name and attributes. It is whole: what the
merchant has not translated stands in it in the core's own language. It is empty when nothing is translated.
"""

from datetime import date
from decimal import Decimal
from itertools import zip_longest

from commerce.records import (
    TRANSLATED_INTO,
    CoreAttribute,
    CoreAttributeValue,
    CoreChannel,
    CorePrice,
    CoreProduct,
    CoreVariant,
)
from plugins.catalogue.codes import compact
from plugins.catalogue.labels import attribute_label
from plugins.catalogue.models import MAX_BARCODE_LENGTH, SERIAL_TRACKING, Kind

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
        "translations": _product_translations(product),
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
        "barcode": barcode(variant),
        "attributes": attributes(variant.attributes),
        "translations": _variant_translations(variant),
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


def barcode(variant: CoreVariant) -> str:
    """The GTIN in the variant's metadata, without blanks and dashes of who typed it; empty where it cannot be one."""
    told = variant.metadata.get("gtin", "").strip()
    code = compact(told) if compact(told).isdigit() else told
    return code if len(code) <= MAX_BARCODE_LENGTH else ""


def attributes(found: tuple[CoreAttribute, ...]) -> list[dict[str, object]]:
    """Attributes as stored: [{name, label, values}], without references, which point to other objects."""
    return [
        {"name": item.slug, "label": item.name, "values": [_text(value.name, value.boolean) for value in item.values]}
        for item in _stored(found)
    ]


def _stored(found: tuple[CoreAttribute, ...]) -> list[CoreAttribute]:
    return [item for item in found if item.values and item.input_type != "REFERENCE"]


def _text(name: str, boolean: bool | None) -> str:
    return name if boolean is None else ("Yes" if boolean else "No")


def _product_translations(product: CoreProduct) -> dict[str, object]:
    path = product.category.path_names if product.category else ()
    translated_path = product.category.translated_path if product.category else ()
    is_translated = (product.translated_name, product.translated_description, *translated_path)
    if not any(is_translated) and not _any_translated(product.attributes):
        return {}
    return {
        TRANSLATED_INTO: {
            "name": product.translated_name or product.name,
            "description": product.translated_description or product.description,
            "category_path": [
                translated or name for translated, name in zip_longest(translated_path, path, fillvalue="")
            ],
            "attributes": _attribute_translations(product.attributes),
        }
    }


def _variant_translations(variant: CoreVariant) -> dict[str, object]:
    if not variant.translated_name and not _any_translated(variant.attributes):
        return {}
    texts = {
        "name": variant.translated_name or variant.name,
        "attributes": _attribute_translations(variant.attributes),
    }
    return {TRANSLATED_INTO: texts}


def _any_translated(found: tuple[CoreAttribute, ...]) -> bool:
    stored = _stored(found)
    return any(item.translated_name for item in stored) or any(
        value.translated_name for item in stored for value in item.values
    )


def _attribute_translations(found: tuple[CoreAttribute, ...]) -> dict[str, object]:
    return {
        item.slug: {
            "label": item.translated_name or attribute_label(item.slug, item.name, TRANSLATED_INTO),
            # In the order of the untranslated values: what is refined by stays what the core calls it.
            "values": [_translated_text(value) for value in item.values],
        }
        for item in _stored(found)
    }


def _translated_text(value: CoreAttributeValue) -> str:
    if value.boolean is not None:
        return "是" if value.boolean else "否"
    return value.translated_name or value.name


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
