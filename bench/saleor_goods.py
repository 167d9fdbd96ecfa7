"""What the section `saleor` needs in the Saleor that it measures: 10,000 variants in a channel and a warehouse of their
own. They are written once, by Saleor's public API, and stay there: a later run finds them.
"""

import os
from itertools import islice, product
from typing import Any

from bench.measure import progress
from demo.saleor_shop import BATCH, SaleorShop

CHANNEL, STORE = "speed-us", "speed-store"
PRODUCTS = 2_000
BRANDS = ("Northwind", "Contoso", "Fabrikam", "Tailspin", "Adatum", "Litware")
SERIES = ("Nova", "Orbit", "Pulse", "Ridge", "Summit", "Tempo", "Vista", "Zephyr")
STORAGE = ("128 GB", "256 GB", "512 GB")
COLOURS = ("Black", "Blue", "White")
OF_ONE = 5  # variants of one product
PRICE = "499.00"
ADDRESS = {
    "street_address_1": "1 Congress Ave",
    "street_address_2": "",
    "city": "AUSTIN",
    "postal_code": "78701",
    "country_area": "TX",
    "country": "US",
}


def write() -> list[str]:
    """Make what is missing; returns the ids of the products, in the order of their numbers."""
    shop = SaleorShop(os.environ["SALEOR_API_URL"], os.environ["SALEOR_APP_TOKEN"])
    written = progress(range(PRODUCTS // BATCH), "goods for Saleor")
    return shop.load(catalogue(), progress=lambda _count: next(written, None))


def catalogue() -> dict[str, Any]:
    """The goods in the form that `load_catalogue` reads."""
    return {
        "channels": [
            {
                "slug": CHANNEL,
                "name": "Speed",
                "currency": "USD",
                "country": "US",
                "prices_entered_with_tax": False,
                "allow_unpaid_orders": False,
            }
        ],
        "tax_classes": [{"slug": "speed-goods", "name": "Speed goods", "rates": {"US": "8.25"}}],
        "product_types": [
            {
                "slug": "speed-device",
                "name": "Speed device",
                "is_shipping_required": True,
                "metadata": {"kind": "DEVICE"},
            }
        ],
        "categories": [
            {"slug": "speed-devices", "name": "Devices", "parent": None},
            {"slug": "speed-phones", "name": "Phones", "parent": "speed-devices"},
        ],
        "attributes": [
            {"slug": f"speed-{name}", "name": name.capitalize(), "input_type": "DROPDOWN", "entity_type": None}
            for name in ("brand", "storage", "colour")
        ],
        "warehouses": [
            {
                "slug": STORE,
                "name": "Speed store",
                "email": "speed@example.com",
                "phone": "+15125550100",
                "address": ADDRESS,
                "click_and_collect": "LOCAL",
                "metadata": {},
            }
        ],
        "products": [_product(number) for number in range(PRODUCTS)],
        "users": [],
    }


def _product(number: int) -> dict[str, Any]:
    brand, series = BRANDS[number % len(BRANDS)], SERIES[number % len(SERIES)]
    name = f"{brand} {series} {number:04d}"
    return {
        "slug": f"speed-{number:04d}",
        "name": name,
        "description": f"{name} with a bright display, all-day battery and two years of warranty.",
        "product_type": "speed-device",
        "category": "speed-phones",
        "tax_class": "speed-goods",
        "metadata": {},
        "attributes": {"speed-brand": [brand]},
        "variants": [
            _variant(number, storage, colour) for storage, colour in islice(product(STORAGE, COLOURS), OF_ONE)
        ],
    }


def _variant(number: int, storage: str, colour: str) -> dict[str, Any]:
    return {
        "sku": f"SPEED-{number:04d}-{storage[:3]}-{colour.upper()}",
        "name": f"{storage}, {colour}",
        "track_inventory": True,
        "metadata": {},
        "attributes": {"speed-storage": [storage], "speed-colour": [colour]},
        "listings": {CHANNEL: {"price": PRICE}},
    }
