"""What the catalogue does when the core reports a change: it reads the object anew, whatever the payload says.

Handlers run in arrival order per object and may run twice; copying the core's present state is idempotent.
"""

from typing import Any

from commerce import inbox
from plugins.catalogue import services
from plugins.catalogue.models import Variant

Payload = dict[str, Any]

PRODUCT_EVENTS = ("product_created", "product_updated", "product_deleted", "product_metadata_updated")
VARIANT_EVENTS = (
    "product_variant_created",
    "product_variant_updated",
    "product_variant_deleted",
    "product_variant_metadata_updated",
    "product_variant_discounted_price_updated",
)
CHANNEL_EVENTS = ("channel_created", "channel_updated", "channel_deleted", "channel_status_changed")


def register() -> None:
    """Ask the inbox for the events that touch the catalogue."""
    for name in PRODUCT_EVENTS:
        inbox.register(name, product_changed)
    for name in VARIANT_EVENTS:
        inbox.register(name, variant_changed)
    for name in CHANNEL_EVENTS:
        inbox.register(name, channel_changed)
    # Each copies the present state of what it names.
    for name in (*PRODUCT_EVENTS, *VARIANT_EVENTS, *CHANNEL_EVENTS):
        inbox.merge(name)


def product_changed(payload: Payload) -> None:
    """Copy the product that the event names."""
    services.sync_product(payload["product"]["id"])


def variant_changed(payload: Payload) -> None:
    """Copy the product of the variant that the event names; of a variant never seen only when the event tells it."""
    variant = payload["productVariant"]
    told = (variant.get("product") or {}).get("id")
    known = Variant.objects.filter(pk=variant["id"]).values_list("product_id", flat=True).first()
    for product_id in dict.fromkeys([told, known]):
        if product_id:
            services.sync_product(product_id)


def channel_changed(_payload: Payload) -> None:
    """Copy the core's channels."""
    services.sync_channels()
