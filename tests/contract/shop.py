"""The small shop that the contract is tried in: the same on every core, under names of its own.

It is written once as a catalogue; `load_catalogue` reads it into the embedded core, `demo.saleor_shop`
into a Saleor. What a test needs to know of it afterwards is a `Shop`, plain values that can be kept as data.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from commerce.core import Core
from commerce.records import CoreAddress

PRICES = {"phone-128": "499.00", "phone-256": "599.99", "case": "20.00", "plan": "35.00", "charger": "10.00"}
TAX_PERCENT = "8.25"
PASSWORD = "contract-shopper-1"  # of a shopper in a shop for tests
ADDRESS = CoreAddress(
    first_name="Ada",
    last_name="Lovelace",
    street_address_1="1 Congress Ave",
    city="Austin",
    postal_code="78701",
    country_area="TX",
    country="US",
    phone="+15125550100",
)


@dataclass(frozen=True)
class Shop:
    """Where things are: core ids by name. `tag` is in every name; `made_at` is the shop's idea of now."""

    tag: str
    version: str
    made_at: str
    channel: str  # takes unpaid orders
    paid_channel: str  # takes none
    warehouses: dict[str, str]  # "one", "two"
    products: dict[str, str]
    variants: dict[str, str]
    skus: dict[str, str]
    email: str

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.made_at)

    @property
    def five_minutes_ago(self) -> datetime:
        return self.now - timedelta(minutes=5)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)


def catalogue(tag: str) -> dict[str, Any]:
    """The shop in the form that `load_catalogue` reads; see tests/embedded_catalogue.py."""
    channels = {"open": f"open-{tag}", "paid": f"paid-{tag}"}
    return {
        "shop": {"name": "Contract"},
        "channels": [
            {
                "slug": slug,
                "name": slug,
                "currency": "USD",
                "country": "US",
                "prices_entered_with_tax": False,
                "allow_unpaid_orders": name == "open",
            }
            for name, slug in channels.items()
        ],
        "tax_classes": [
            {"slug": f"goods-{tag}", "name": f"Goods {tag}", "rates": {"US": TAX_PERCENT}},
            {"slug": f"exempt-{tag}", "name": f"Exempt {tag}", "rates": {"US": "0"}},
        ],
        "product_types": [_product_type(tag, kind, ships) for kind, ships in (("device", True), ("plan", False))],
        "categories": [
            {"slug": f"devices-{tag}", "name": "Devices", "parent": None},
            {"slug": f"phones-{tag}", "name": "Phones", "parent": f"devices-{tag}"},
        ],
        "attributes": [
            {"slug": f"brand-{tag}", "name": "Brand", "input_type": "DROPDOWN", "entity_type": None},
            {"slug": f"storage-{tag}", "name": "Storage", "input_type": "DROPDOWN", "entity_type": None},
        ],
        "warehouses": [_warehouse(tag, name) for name in ("one", "two")],
        "products": [
            _product(tag, "phone", "device", "goods", {"phone-128": "128 GB", "phone-256": "256 GB"}, channels),
            _product(tag, "case", "device", "goods", {"case": None}, channels),
            _product(tag, "plan", "plan", "exempt", {"plan": None}, channels),
            _product(tag, "charger", "device", "goods", {"charger": None}, channels) | {"category": f"devices-{tag}"},
        ],
        "promotions": [
            {"name": f"Sale {tag}", "percent": 20, "skus": [f"charger-{tag}"], "channels": [channels["open"]]}
        ],
        "users": [
            {
                "email": f"ada-{tag}@example.com",
                "password": PASSWORD,
                "first_name": "Ada",
                "last_name": "Lovelace",
                "is_staff": False,
                "is_superuser": False,
            }
        ],
    }


def _product_type(tag: str, kind: str, ships: bool) -> dict[str, Any]:
    return {
        "slug": f"{kind}-{tag}",
        "name": f"{kind} {tag}",
        "kind": kind.upper(),
        "is_shipping_required": ships,
        "metadata": {"kind": kind.upper()},
    }


def _warehouse(tag: str, name: str) -> dict[str, Any]:
    return {
        "slug": f"{name}-{tag}",
        "name": f"Store {name} {tag}",
        "email": f"{name}@example.com",
        "phone": ADDRESS.phone,
        "address": {
            "street_address_1": ADDRESS.street_address_1,
            "street_address_2": "",
            "city": "AUSTIN",
            "postal_code": ADDRESS.postal_code,
            "country_area": ADDRESS.country_area,
            "country": ADDRESS.country,
        },
        "click_and_collect": "LOCAL",
        "metadata": {"store": name},
    }


def _product(
    tag: str, slug: str, kind: str, tax: str, variants: dict[str, str | None], channels: dict[str, str]
) -> dict[str, Any]:
    return {
        "slug": f"{slug}-{tag}",
        "name": slug.capitalize(),
        "product_type": f"{kind}-{tag}",
        "category": f"phones-{tag}",
        "tax_class": f"{tax}-{tag}",
        "description": f"A fine {slug}.",
        "media": None,
        "metadata": {"origin": "contract"},
        "attributes": {f"brand-{tag}": ["Acme"]},
        "variants": [
            {
                "sku": f"{name}-{tag}",
                "name": value or slug,
                "listings": {channel: {"price": PRICES[name]} for channel in channels.values()},
                "track_inventory": kind != "plan",
                "media": None,
                "metadata": {"gtin": "4006381333931"},
                "attributes": {f"storage-{tag}": [value]} if value else {},
            }
            for name, value in variants.items()
        ],
    }


def read_shop(core: Core, tag: str, product_ids: list[str] | None = None) -> Shop:
    """What the core made of the catalogue; on a shared core only the products named are read."""
    channel = f"open-{tag}"
    products = {
        product.slug.removesuffix(f"-{tag}"): product
        for product in core.iter_products(channel, ids=product_ids)
        if product.slug.endswith(f"-{tag}")
    }
    variants = [variant for product in products.values() for variant in product.variants]
    named = {str(variant.sku).removesuffix(f"-{tag}"): variant for variant in variants}
    return Shop(
        tag=tag,
        version=core.version(),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        channel=channel,
        paid_channel=f"paid-{tag}",
        warehouses={
            item.slug.removesuffix(f"-{tag}"): item.id for item in core.warehouses() if item.slug.endswith(f"-{tag}")
        },
        products={slug: product.id for slug, product in products.items()},
        variants={name: variant.id for name, variant in named.items()},
        skus={name: str(variant.sku) for name, variant in named.items()},
        email=f"ada-{tag}@example.com",
    )
