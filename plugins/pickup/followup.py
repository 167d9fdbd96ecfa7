"""What the core is told after a hand-over. It may be told twice: every call reads first."""

from functools import partial
from typing import Any, Final

from commerce import core as commerce
from commerce.errors import CoreRefused
from inventory import services as inventory
from kernel import audit
from plugins.carts import handlers
from plugins.pickup.models import Pickup

_UNPAID: Final = "CANNOT_FULFILL_UNPAID_ORDER"


def fulfil_in_core(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `pickup.handed_over`: fulfil the core's order from the store's warehouse.

    Until that is done the projection leaves the core's quantity alone, since the fulfilment lowers it.
    """
    pickup = Pickup.objects.select_related("order", "store").get(pk=payload["pickup_id"])
    if pickup.order.core_id and pickup.store.core_warehouse_id:
        _fulfil(pickup, pickup.store.core_warehouse_id)
    if pickup.reservation_id:
        inventory.core_fulfilled(reservation_id=pickup.reservation_id)


def _fulfil(pickup: Pickup, warehouse_id: str) -> None:
    lines = [
        (line.order_line.core_line_id, line.quantity)
        for line in pickup.lines.select_related("order_line")
        if line.order_line.core_line_id
    ]
    # The goods have left the store whatever the core believes.
    fulfil = partial(commerce.core().fulfil_order, pickup.order.core_id, lines, warehouse_id, allow_short=True)
    try:
        try:
            fulfil()
        except CoreRefused as refused:
            if refused.code != _UNPAID:
                raise
            handlers.settle_in_core(pickup.order)
            fulfil()
    except CoreRefused as refused:
        # Its word is final and trying again changes nothing: a person has to look.
        audit.record(
            actor="system",
            action="pickup.core_fulfilment_refused",
            subject=f"pickup:{pickup.pk}",
            detail={"code": refused.code, "message": refused.message},
        )
