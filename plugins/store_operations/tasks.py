"""The worker's entry points. All may run at any time, side by side: the tables decide."""

from decimal import Decimal

from celery import shared_task

from inventory import count_plans, selectors
from inventory.models import CountPlan, Store
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel, ChannelListing


@shared_task
def open_planned_counts() -> int:
    """Open the counts that are due; returns how many. A day's count is opened once, however often this runs."""
    plans = list(CountPlan.objects.filter(is_active=True).select_related("store"))
    if not plans:
        return 0
    stores = [store for store in selectors.stores_and_depots() if store.kind == Store.Kind.STORE]
    channel_of = catalogue.channels_for(stores)
    prices: dict[Channel | None, dict[str, Decimal]] = {}
    opened = 0
    for plan in plans:
        for store in stores:
            if plan.store_id not in (None, store.pk):
                continue
            channel = channel_of[store.pk]
            if channel not in prices:
                prices[channel] = _prices(channel)
            opened += count_plans.open_due(store, plan, prices[channel]) is not None
    return opened


def _prices(channel: Channel | None) -> dict[str, Decimal]:
    """What is asked for a piece in the channel, by SKU. One query."""
    listed = ChannelListing.objects.filter(channel=channel, price__isnull=False)
    return {sku: price for sku, price in listed.values_list("variant__sku", "price") if price is not None}
