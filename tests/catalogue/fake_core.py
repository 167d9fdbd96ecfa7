"""A core in memory that lists what a test gives it, and fails when told to."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from commerce.errors import CoreUnavailable
from commerce.records import (
    CoreAttribute,
    CoreAttributeValue,
    CoreCategory,
    CoreChannel,
    CoreMedia,
    CorePrice,
    CoreProduct,
    CoreProductType,
    CoreVariant,
)

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
DEVICE = CoreProductType("device", "Device", True, {"kind": "DEVICE", "tracking": "IMEI"})
ACCESSORY = CoreProductType("accessory", "Accessory", True, {"kind": "ACCESSORY", "tracking": "NONE"})
PLAN = CoreProductType("plan", "Plan", False, {"kind": "PLAN", "tracking": "NONE"})
PHONES = CoreCategory("C1", "phones", "Phones", ("devices", "phones"), ("Devices", "Phones"))
CASES = CoreCategory("C2", "cases", "Cases", ("accessories", "cases"), ("Accessories", "Cases"))
US = CoreChannel("Ch1", "us", "United States", "USD", "US", False, True, True, True)
CN = CoreChannel("Ch2", "cn", "China", "CNY", "CN", True, True, True, True)


def price(amount: str | None, currency: str = "USD") -> CorePrice | None:
    """A price with 10 % tax on top."""
    if amount is None:
        return None
    net = Decimal(amount)
    return CorePrice(net, net / 10, net + net / 10, currency)


def attribute(slug: str, *values: str, kind: str = "DROPDOWN", references: tuple[str, ...] = ()) -> CoreAttribute:
    """A set attribute; `references` are the ids of the objects that it points to."""
    pointed = [CoreAttributeValue(key, key, key, None) for key in references]
    named = [CoreAttributeValue(value.lower(), value, None, None) for value in values]
    return CoreAttribute(slug, slug.title(), kind, tuple(named + pointed))


def variant(sku: str | None, amount: str | None = "499", *, gtin: str = "", storage: str = "128 GB") -> CoreVariant:
    """A variant whose id follows from its SKU."""
    return CoreVariant(
        id=f"V-{sku}",
        sku=sku,
        name=storage,
        track_inventory=True,
        updated_at=AT,
        metadata={"gtin": gtin} if gtin else {},
        attributes=(attribute("storage", storage),),
        media=(CoreMedia(f"/media/{sku}.svg", ""),),
        price=price(amount),
        undiscounted_price=price(amount),
    )


def product(id: str, *variants: CoreVariant, **fields: Any) -> CoreProduct:
    """A phone, unless the fields say otherwise."""
    return CoreProduct(
        **{
            "id": id,
            "slug": f"slug-{id.lower()}",
            "name": f"Phone {id}",
            "description": "A phone.",
            "updated_at": AT,
            "is_available": True,
            "published": True,
            "product_type": DEVICE,
            "category": PHONES,
            "tax_class_id": "T1",
            "tax_class_name": "Goods",
            "tax_rates": {"US": Decimal("0.0825"), "CN": Decimal("0.13")},
            "thumbnail_url": "/media/thumb.svg",
            "metadata": {},
            "attributes": (
                attribute("brand", "Acme"),
                attribute("released", "2024-05", kind="PLAIN_TEXT"),
                attribute("network", "4G", "5G", kind="MULTISELECT"),
            ),
            "variants": variants or (variant(f"SKU-{id}"),),
        }
        | fields
    )


def case(id: str, *, fits: tuple[str, ...], amount: str = "19.90") -> CoreProduct:
    """An accessory that fits products."""
    return product(
        id,
        replace(variant(f"SKU-{id}", amount), name="", attributes=()),
        name=f"Case {id}",
        product_type=ACCESSORY,
        category=CASES,
        attributes=(attribute("fits", kind="REFERENCE", references=fits),),
    )


@dataclass
class FakeCore:
    """The catalogue part of `commerce.core.Core`. `listed` is by channel slug."""

    listed: dict[str, list[CoreProduct]]
    all_channels: list[CoreChannel] = field(default_factory=lambda: [US])
    fails_after: int | None = None

    def channels(self) -> list[CoreChannel]:
        return self.all_channels

    def product(self, id: str, channel: str) -> CoreProduct | None:
        return next((item for item in self.listed.get(channel, []) if item.id == id), None)

    def iter_products(self, channel: str) -> Iterator[CoreProduct]:
        for number, item in enumerate(self.listed.get(channel, [])):
            if number == self.fails_after:
                raise CoreUnavailable("The core has gone.")
            yield item

    def put(self, item: CoreProduct, channel: str = "us") -> None:
        """List a product, in the place of one with its id."""
        self.listed[channel] = [other for other in self.listed.get(channel, []) if other.id != item.id] + [item]


def repriced(item: CoreProduct, amount: str) -> CoreProduct:
    """The same product with another price for all of its variants."""
    return replace(
        item,
        variants=tuple(replace(one, price=price(amount), undiscounted_price=price(amount)) for one in item.variants),
    )
