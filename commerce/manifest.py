"""What Saleor is told of the suite when it installs it: permissions with their reasons, webhooks, pages."""

from configparser import ConfigParser
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from commerce import versions

APP_ID: Final = "saleor-omnichannel"

# Saleor's permissions, each with what would not work without it. Shown in docs/saleor.md.
PERMISSIONS: Final[dict[str, str]] = {
    "MANAGE_PRODUCTS": "Read hidden products and stock; tell the core the stock of stores that the suite keeps.",
    "MANAGE_CHANNELS": "Read the settings of channels, and hear of their changes.",
    "HANDLE_CHECKOUTS": "Set the prices of bundles in checkouts.",
    "MANAGE_CHECKOUTS": "Write the seal of a checkout, which the order guard verifies.",
    "HANDLE_PAYMENTS": "Record payments and refunds that the suite took.",
    "MANAGE_ORDERS": "Read, fulfil and cancel orders, and hear of them.",
    "MANAGE_ORDERS_IMPORT": "Record sales of the registers as orders.",
    "MANAGE_DISCOUNTS": "Name the promotions that would change the prices of bundles; none is written.",
    "IMPERSONATE_USER": "Make an order that a signed-in customer places theirs.",
    "MANAGE_USERS": "Find the customer of an e-mail address.",
}


@dataclass(frozen=True, slots=True)
class WebhookSpec:
    """A webhook of the manifest: its events, each with what of its type is asked for beside the time."""

    name: str
    events: dict[str, str]

    @property
    def query(self) -> str:
        """The subscription. Times tell two events apart, the principal shows the suite its own echoes."""
        parts = "".join(f" ... on {_type_name(event)} {{ {fields} }}" for event, fields in self.events.items())
        principal = "issuingPrincipal { __typename ... on App { id } ... on User { id } }"
        return f"subscription {{ event {{ issuedAt {principal}{parts} }} }}"


def _type_name(event: str) -> str:
    return "".join(word.capitalize() for word in event.split("_"))


_PRODUCT, _CHANNEL = "product { id }", "channel { id slug }"
_VARIANT = "productVariant { id product { id } }"
_STOCK = "productVariant { id } warehouse { id }"
_WAREHOUSE, _ORDER = "warehouse { id }", "order { id }"
_FULFILMENT = "fulfillment { id } order { id }"

WEBHOOKS: Final = (
    WebhookSpec(
        "Catalogue",
        {
            "PRODUCT_CREATED": _PRODUCT,
            "PRODUCT_UPDATED": _PRODUCT,
            "PRODUCT_DELETED": _PRODUCT,
            "PRODUCT_METADATA_UPDATED": _PRODUCT,
            "PRODUCT_VARIANT_CREATED": _VARIANT,
            "PRODUCT_VARIANT_UPDATED": _VARIANT,
            "PRODUCT_VARIANT_DELETED": _VARIANT,
            "PRODUCT_VARIANT_METADATA_UPDATED": _VARIANT,
            "CHANNEL_CREATED": _CHANNEL,
            "CHANNEL_UPDATED": _CHANNEL,
            "CHANNEL_DELETED": _CHANNEL,
            "CHANNEL_STATUS_CHANGED": _CHANNEL,
        },
    ),
    # Apart: its variant is never null, and a query must not ask for both kinds under one name.
    WebhookSpec("Prices", {"PRODUCT_VARIANT_DISCOUNTED_PRICE_UPDATED": _VARIANT}),
    WebhookSpec(
        "Stock",
        {
            "PRODUCT_VARIANT_STOCK_UPDATED": _STOCK,
            "PRODUCT_VARIANT_OUT_OF_STOCK": _STOCK,
            "PRODUCT_VARIANT_BACK_IN_STOCK": _STOCK,
            "WAREHOUSE_CREATED": _WAREHOUSE,
            "WAREHOUSE_UPDATED": _WAREHOUSE,
            "WAREHOUSE_DELETED": _WAREHOUSE,
        },
    ),
    WebhookSpec(
        "Orders",
        {
            "ORDER_CREATED": _ORDER,
            "ORDER_CONFIRMED": _ORDER,
            "ORDER_FULLY_PAID": _ORDER,
            "ORDER_UPDATED": _ORDER,
            "ORDER_CANCELLED": _ORDER,
            "ORDER_FULFILLED": _ORDER,
            "ORDER_BULK_CREATED": "orders { id }",
            "FULFILLMENT_CREATED": _FULFILMENT,
            "FULFILLMENT_CANCELED": _FULFILMENT,
        },
    ),
    # Saleor sends an App the events about itself without MANAGE_APPS.
    WebhookSpec("This App", {"APP_DELETED": "app { id }", "APP_STATUS_CHANGED": "app { id isActive }"}),
)


@cache
def suite_version() -> str:
    """The version of the distribution, as Saleor wants it."""
    try:
        return version("saleor-omnichannel")
    except PackageNotFoundError:  # run from its source
        source = ConfigParser()
        source.read(settings.BASE_DIR / "setup.cfg")
        return source.get("metadata", "version", fallback="0.0.0")


def webhook_url() -> str:
    """Where Saleor delivers."""
    return _public("commerce:saleor-webhook")


def manifest_url() -> str:
    """What a person gives Saleor to install."""
    return _public("saleor-manifest")


def document() -> dict[str, Any]:
    """The manifest."""
    return {
        "id": APP_ID,
        "name": "Omnichannel suite",
        "about": "Guided search, store inventory, bundles, pickup and the point of sale for telecom retailers.",
        "author": "saleor-omnichannel",
        "version": suite_version(),
        "requiredSaleorVersion": versions.REQUIRED,
        "permissions": list(PERMISSIONS),
        "appUrl": _public("saleor-app"),
        "tokenTargetUrl": _public("saleor-register"),
        "webhooks": [
            {
                "name": spec.name,
                "asyncEvents": list(spec.events),
                "query": spec.query,
                "targetUrl": webhook_url(),
                "isActive": True,
            }
            for spec in WEBHOOKS
        ],
        "extensions": [
            {
                "label": "Omnichannel suite",
                "mount": "NAVIGATION_CATALOG",
                "target": "APP_PAGE",
                "permissions": ["MANAGE_PRODUCTS"],
                "url": "/",
            }
        ],
    }


def _public(name: str) -> str:
    return str(settings.PUBLIC_URL).rstrip("/") + reverse(name)
