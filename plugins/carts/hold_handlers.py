"""What follows a change of the network and of an order's hold, told by the outbox. Each may be called twice."""

import logging
from typing import Any

from commerce import core as commerce
from commerce.errors import CoreRefused
from kernel import outbox
from plugins.carts import at_address, emails, held, orders
from plugins.carts.models import Order, OrderStatus, ServiceHold, ServicePromise
from plugins.carts.placing_order import DATES_CHANGED
from plugins.serviceability import changes

log = logging.getLogger(__name__)

Payload = dict[str, Any]
PROMISE_KEY = "promiseDate"
HELD_KEY = "held"


def register() -> None:
    """Register all handlers."""
    outbox.register(changes.QUALIFICATION_CHANGED, tell_carts)
    # An order outlives the answer that it was made on: it follows the network itself.
    outbox.register(changes.NETWORK_CHANGED, look_at_orders)
    outbox.register(held.HOLD_CHANGED, tell_customer)
    outbox.register(DATES_CHANGED, tell_core)


def tell_carts(payload: Payload, message_id: int) -> None:
    """Open carts that rely on the answer show what holds now."""
    relying = ServicePromise.objects.filter(
        qualification_id=payload["qualification_id"], state=ServicePromise.State.OPEN
    )
    for pk in list(relying.order_by("pk").values_list("pk", flat=True)):
        at_address.look_again(promise_id=str(pk))


def look_at_orders(payload: Payload, message_id: int) -> None:
    """Orders whose promise cannot be kept go on hold, others go on."""
    held.look_at_all()


def tell_customer(payload: Payload, message_id: int) -> None:
    """One message for each change: what was told is noted, and one that a newer has overtaken is not sent."""
    hold = ServiceHold.objects.get(pk=payload["order_id"])
    if hold.told >= payload["revision"] or hold.revision > payload["revision"]:
        return
    order = _order(payload)
    if order.status != OrderStatus.CANCELLED:
        emails.send_hold(order, hold)
    ServiceHold.objects.filter(pk=hold.pk, told__lt=hold.revision).update(told=hold.revision)


def tell_core(payload: Payload, message_id: int) -> None:
    """The core's order says the same day, and whether it is on hold."""
    order = _order(payload)
    if not order.core_id:
        return
    day = order.promise_date.isoformat() if order.promise_date else ""
    is_held = order.status == OrderStatus.HELD
    try:
        commerce.core().update_metadata(order.core_id, {PROMISE_KEY: day, HELD_KEY: "true" if is_held else "false"})
    except CoreRefused as refused:
        # Its word is final and trying again changes nothing: a person has to look.
        log.exception("the core does not take the date of order %s", order.number)
        orders.note_refusal(order, action="order.core_date_refused", refused=refused)


def _order(payload: Payload) -> Order:
    return Order.objects.select_related("channel").get(pk=payload["order_id"])
