"""The store inventory as a Django app."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class InventoryConfig(AppConfig):
    """Registers the projector, which tells the core what changed, and the mirror of stock in the server's memory."""

    name = "inventory"
    label = "inventory"
    verbose_name = _("Store inventory")

    def ready(self) -> None:
        """Listen to our own ledger. Raises ImproperlyConfigured for the fake blacklist outside a demonstration."""
        if settings.DEVICE_CHECK.startswith("inventory.fake_") and not settings.DEBUG:
            raise ImproperlyConfigured("The fake blacklist is refused when DEBUG is off.")
        from commerce import inbox
        from kernel import notices, outbox, personal_data

        from . import (
            announcements,
            blacklist,
            core_edits,
            core_orders,
            document_titles,
            documents,
            esim,
            ledger,
            live,
            projection,
            safety,
        )
        from .models import EsimProfile, Store

        outbox.register(ledger.STOCK_CHANGED, projection.on_stock_changed)
        outbox.register(safety.RULES_CHANGED, safety.on_rules_changed)
        outbox.register(blacklist.WANTED, blacklist.on_wanted)
        outbox.register(esim.WANTED, esim.on_wanted)
        outbox.register(esim.LOW, esim.on_low)
        inbox.register(core_edits.EVENT, core_edits.on_stock_changed)
        for event in core_orders.EVENTS:
            inbox.register(event, core_orders.on_order_changed)
        for prefix, find in document_titles.FINDERS.items():
            documents.register(prefix, find)
        notices.register(announcements.STOCK, live.mirror)
        notices.register(announcements.STORES, live.mirror)
        personal_data.register(
            Store, ["street_address", "phone", "email"], note="The store's own: a business, not a person."
        )
        personal_data.register(
            EsimProfile, ["order", "eid"], note="Which order and device a profile went to: for the operator's records."
        )
