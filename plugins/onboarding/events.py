"""Stock that the core owns, by its events: the variant is read anew, whatever the payload says."""

from typing import Any

from commerce import inbox
from commerce.core import core
from inventory import core_stock
from inventory.models import StockItem

Payload = dict[str, Any]

STOCK_EVENTS = ("product_variant_stock_updated", "product_variant_out_of_stock", "product_variant_back_in_stock")
# An order moves stock without an event of the stock's own.
ORDER_EVENTS = ("order_fulfilled", "fulfillment_created", "fulfillment_canceled")


def register() -> None:
    """Ask the inbox for the events that touch stock."""
    for name in STOCK_EVENTS:
        inbox.register(name, stock_changed)
    for name in ORDER_EVENTS:
        inbox.register(name, order_moved)


def stock_changed(payload: Payload) -> None:
    """Copy the stock of the variant where the core owns it."""
    variant = payload.get("productVariant")
    if isinstance(variant, dict) and core_stock.mirrored_stores():
        _mirror([str(variant["id"])])


def order_moved(payload: Payload) -> None:
    """Copy the stock of what the order holds."""
    found = payload.get("order")
    if not isinstance(found, dict) or not core_stock.mirrored_stores():
        return
    order = core().order(str(found["id"]))
    if order is not None:
        skus = [line.sku for line in order.lines if line.sku]
        items = StockItem.objects.filter(sku__in=skus, stocked=True).exclude(core_variant_id="")
        _mirror(list(items.values_list("core_variant_id", flat=True)))


def mirror_all() -> int:
    """Copy all stock that the core owns, warehouse by warehouse; returns how many places differed."""
    booked = 0
    for store in core_stock.mirrored_stores():
        for page in core().stock_pages(str(store.core_warehouse_id)):
            booked += core_stock.mirror(store=store, rows=page.rows).booked
    return booked


def _mirror(variant_ids: list[str]) -> None:
    stores = core_stock.mirrored_stores()
    for variant_id in sorted(variant_ids):
        found = core().stock_of(variant_id)
        for store in stores:
            # Without a row there is nothing of it in the warehouse.
            quantity, _allocated = found.get(str(store.core_warehouse_id), (0, 0))
            core_stock.mirror(store=store, rows=[(variant_id, quantity)])
