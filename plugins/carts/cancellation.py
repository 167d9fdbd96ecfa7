"""Cancelling an order. It is decided in one transaction; what others must be told follows through the outbox.

There is nothing to compensate: once cancelled here, the payment and the core's order are given up as often as it takes.
"""

import logging
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from commerce import core as commerce
from commerce.errors import CoreRefused
from inventory import services as inventory
from inventory.errors import RESERVATION_CLOSED
from kernel import audit, outbox
from kernel.errors import NOT_FOUND, ApiError
from kernel.identity import Caller
from plugins.carts import access, errors, hooks, orders, ports, timeline
from plugins.carts.contact import clean_text
from plugins.carts.models import CartDelivery, Order, OrderStatus, ServiceHold
from plugins.payments import services as payments
from plugins.payments.models import Payment
from plugins.payments.states import State
from plugins.staff.permissions import PICKUP_HANDLE

log = logging.getLogger(__name__)

_CANCELLABLE = (OrderStatus.PLACED, OrderStatus.HELD, OrderStatus.IN_PROGRESS)
_REASON_LENGTH = 200


def cancel_order(*, caller: Caller, order_id: str, reason: str | None = None) -> Order:
    """Cancel an order before it is ready: by its shopper, by who holds a guest's order id, or by staff.

    Stock and pickup time are free at once; payment and the core's order follow. A repeat returns the cancelled order.
    Errors: NOT_FOUND, PERMISSION_DENIED (staff without pickup.handle), ORDER_NOT_CANCELLABLE.
    """
    order = access.order_or_refuse(caller, order_id)
    if caller.is_staff:
        caller.require(PICKUP_HANDLE)
    return cancel(order_id=order.pk, reason=reason or "", actor=caller.scope)


@transaction.atomic
def cancel(*, order_id: str, reason: str, actor: str) -> Order:
    """As `cancel_order`, for callers that have checked who asks. Errors: ORDER_NOT_CANCELLABLE."""
    text = clean_text(reason, field="reason", length=_REASON_LENGTH)
    order = orders.locked(order_id)
    if order.status == OrderStatus.CANCELLED:
        return order
    if order.status not in _CANCELLABLE:
        raise not_cancellable()
    hooks.order_cancelled(order, text, actor)
    _release(order)
    ports.release(order, reason="order cancelled")
    ServiceHold.objects.filter(order=order).update(is_held=False)
    order.status = OrderStatus.CANCELLED
    order.save(update_fields=["status"])
    timeline.add(order=order, code="CANCELLED", actor=actor)
    audit.record(actor=actor, action="order.cancelled", subject=f"order:{order.number}", detail={"reason": text})
    outbox.publish(topic="order.cancelled", aggregate=f"order:{order.pk}", payload={"order_id": order.pk})
    return order


def not_cancellable() -> ApiError:
    """Too late: it is ready, handed over or on its way back."""
    message = _("This order can no longer be cancelled. Please ask in the store.")
    return ApiError(errors.ORDER_NOT_CANCELLABLE, message, field="id")


def _release(order: Order) -> None:
    deliveries = CartDelivery.objects.filter(order_lines__order=order, state=CartDelivery.State.TAKEN)
    for delivery in list(deliveries.distinct()):
        try:
            inventory.release(reservation_id=str(delivery.reservation_id), reason="order cancelled")
        except ApiError as refusal:
            if refusal.code == RESERVATION_CLOSED:
                raise not_cancellable() from refusal
            raise
        delivery.state = CartDelivery.State.FREED
        delivery.save(update_fields=["state"])


def give_up_payments(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `order.cancelled`: void what is only authorised, refund what was taken by card."""
    order = Order.objects.get(pk=payload["order_id"])
    for payment in Payment.objects.filter(reference=order.pk):
        if payment.state in (State.PENDING, State.ACTION_REQUIRED, State.AUTHORISED):
            payments.void(payment=payment)
            if payment.provider:
                _tell_once(order, "PAYMENT_VOIDED")
        elif payment.state == State.CAPTURED and payment.provider:
            payments.refund(payment=payment)
            _tell_once(order, "PAYMENT_REFUNDED", amount=str(order.money(payment.amount)))


def _tell_once(order: Order, code: str, **params: str) -> None:
    if not order.events.filter(code=code).exists():
        timeline.add(order=order, code=code, **params)


def cancel_in_core(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `order.cancelled`: cancel the core's order, and tell it that the money is free again."""
    order = Order.objects.get(pk=payload["order_id"])
    if not order.core_id:
        return
    try:
        recorded = commerce.core().cancel_order(order.core_id)
        for paid in recorded.transactions:
            if paid.authorized:
                commerce.core().report_void(paid.id, amount=paid.authorized, psp_reference=f"{paid.psp_reference}:void")
            if paid.charged:
                commerce.core().report_refund(
                    paid.id, amount=paid.charged, psp_reference=f"{paid.psp_reference}:refund"
                )
    except CoreRefused as refused:
        # The core's word is final, and trying again changes nothing: a person has to look.
        log.exception("the core does not cancel order %s", order.number)
        orders.note_refusal(order, action="order.core_cancel_refused", refused=refused)


def cancelled_in_core(payload: dict[str, Any]) -> None:
    """Inbox handler of `order_cancelled`: somebody cancelled the order in the core's own screens."""
    core_id = (payload.get("order") or {}).get("id", "")
    order = Order.objects.filter(core_id=core_id).exclude(status=OrderStatus.CANCELLED).first() if core_id else None
    if order is None:
        return
    recorded = commerce.core().order(core_id)
    if recorded is None or recorded.status != "CANCELED":
        return
    try:
        cancel(order_id=order.pk, reason="cancelled in the core", actor="core")
    except ApiError as refusal:
        if refusal.code not in (errors.ORDER_NOT_CANCELLABLE, NOT_FOUND):
            raise
        # The goods are ready or gone: the books of store and core now differ, which a person has to settle.
        audit.record(
            actor="core",
            action="order.cancelled_in_core_only",
            subject=f"order:{order.number}",
            detail={"code": refusal.code},
        )
