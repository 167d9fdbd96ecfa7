"""A catalogue small enough to reason about, in the form that `load_catalogue` of the embedded core reads."""

from typing import Any

SHOPPER = {"email": "ada@example.com", "password": "demo-shopper-1"}

CATALOGUE: dict[str, Any] = {
    "shop": {"name": "Test shop"},
    "channels": [
        {
            "slug": "us",
            "name": "United States",
            "currency": "USD",
            "country": "US",
            "prices_entered_with_tax": False,
            "allow_unpaid_orders": True,
        }
    ],
    "tax_classes": [
        {"slug": "goods", "name": "Goods", "rates": {"US": "8.25"}},
        {"slug": "exempt", "name": "Exempt", "rates": {"US": "0"}},
    ],
    "product_types": [
        {
            "slug": "device",
            "name": "Device",
            "kind": "DEVICE",
            "is_shipping_required": True,
            "metadata": {"kind": "DEVICE", "tracking": "IMEI"},
        },
        {
            "slug": "accessory",
            "name": "Accessory",
            "kind": "ACCESSORY",
            "is_shipping_required": True,
            "metadata": {"kind": "ACCESSORY", "tracking": "NONE"},
        },
        {
            "slug": "plan",
            "name": "Plan",
            "kind": "PLAN",
            "is_shipping_required": False,
            "metadata": {"kind": "PLAN", "tracking": "NONE"},
        },
    ],
    "categories": [
        {"slug": "devices", "name": "Devices", "parent": None},
        {"slug": "phones", "name": "Phones", "parent": "devices"},
        {"slug": "accessories", "name": "Accessories", "parent": None},
        {"slug": "plans", "name": "Plans", "parent": None},
    ],
    "attributes": [
        {"slug": "brand", "name": "Brand", "input_type": "DROPDOWN", "entity_type": None},
        {"slug": "storage", "name": "Storage", "input_type": "DROPDOWN", "entity_type": None},
        {"slug": "colour", "name": "Colour", "input_type": "DROPDOWN", "entity_type": None},
        {"slug": "fits", "name": "Fits", "input_type": "REFERENCE", "entity_type": "PRODUCT"},
    ],
    "warehouses": [
        {
            "slug": f"store-{number}",
            "name": f"Store {number}",
            "email": f"store-{number}@example.com",
            "phone": "+15125550100",
            "address": {
                "street_address_1": f"{number} Congress Ave",
                "street_address_2": "",
                "city": "Austin",
                "postal_code": "78701",
                "country_area": "TX",
                "country": "US",
            },
            "click_and_collect": "LOCAL",
            "metadata": {},
        }
        for number in (1, 2)
    ],
    "products": [
        {
            "slug": "acme-one",
            "name": "Acme One",
            "product_type": "device",
            "category": "phones",
            "tax_class": "goods",
            "description": "A fine phone.",
            "media": "/media/catalogue/acme-one.svg",
            "metadata": {},
            "attributes": {"brand": ["Acme"]},
            "variants": [
                {
                    "sku": f"ACME-ONE-{storage}",
                    "name": f"{storage} GB",
                    "listings": {"us": {"price": price}},
                    "track_inventory": True,
                    "media": None,
                    "metadata": {"gtin": gtin},
                    "attributes": {"storage": [f"{storage} GB"], "colour": ["Black"]},
                }
                for storage, price, gtin in (
                    ("128", "499.00", "4006381333931"),
                    ("256", "599.99", "4006381333948"),
                )
            ],
        },
        {
            "slug": "acme-case",
            "name": "Acme Case",
            "product_type": "accessory",
            "category": "accessories",
            "tax_class": "goods",
            "description": "Fits the Acme One.",
            "media": "/media/catalogue/acme-case.svg",
            "metadata": {},
            "attributes": {"brand": ["Acme"], "fits": ["acme-one"]},
            "variants": [
                {
                    "sku": "ACME-CASE",
                    "name": "Clear",
                    "listings": {"us": {"price": "19.99", "undiscounted_price": "24.99"}},
                    "track_inventory": True,
                    "media": None,
                    "metadata": {},
                    "attributes": {"colour": ["Clear"]},
                }
            ],
        },
        {
            "slug": "talk-more",
            "name": "Talk More",
            "product_type": "plan",
            "category": "plans",
            "tax_class": "exempt",
            "description": "Talk without end.",
            "media": "/media/catalogue/talk-more.svg",
            "metadata": {},
            "attributes": {"brand": ["Acme"]},
            "variants": [
                {
                    "sku": "PLAN-TALK",
                    "name": "Monthly",
                    "listings": {"us": {"price": "35.00"}},
                    "track_inventory": False,
                    "media": None,
                    "metadata": {},
                    "attributes": {},
                }
            ],
        },
    ],
    "users": [
        {**SHOPPER, "first_name": "Ada", "last_name": "Lovelace", "is_staff": False, "is_superuser": False},
        {
            "email": "admin@example.com",
            "password": "demo-admin-1",
            "first_name": "Demo",
            "last_name": "Admin",
            "is_staff": True,
            "is_superuser": True,
        },
    ],
}
