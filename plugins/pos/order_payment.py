"""The payment, at a register, of an order that was placed elsewhere and is collected in this store."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from plugins.carts import orders
from plugins.carts.models import Order
from plugins.payments import services as payments
from plugins.payments.models import Method, Payment
from plugins.payments.states import State
from plugins.pickup.models import Pickup
from plugins.pos import errors, recording
from plugins.pos.recording import Entry, Recorded


def record_payment(entry: Entry) -> Recorded:
    """Record the payment of all that an order owes; it counts in the shift's cash.

    Errors: ORDER_NOT_FOUND (or not collected in this store), AMOUNT_NOT_DUE.
    """
    order = orders.locked(_order_id(entry))
    due = orders.amount_due(order)
    if entry.draft.total != due or not due:
        message = _("%(due)s are to be paid for this order, not %(paid)s.")
        facts = {"due": str(order.money(due)), "paid": str(entry.money(entry.draft.total))}
        raise ApiError(errors.AMOUNT_NOT_DUE, message, field="total", params=facts)
    found = recording.entry_exceptions(entry)
    recording.store(entry, order, found, {})
    for number, tender in enumerate(entry.draft.tenders):
        orders.record_store_payment(
            order_id=order.pk,
            amount=tender.amount,
            method=tender.method,
            reference=f"{entry.key}:{number}" if number else str(entry.key),
            actor=entry.caller.scope,
        )
    _drop_promise(order)
    return Recorded(order, found)


def _order_id(entry: Entry) -> str:
    """The order by its id or its cart's, if one of its pickups is in this store."""
    draft = entry.draft
    named = {"pk": draft.order_id} if draft.order_id else {"cart_id": draft.cart_id}
    here = Pickup.objects.filter(store_id=entry.shift.store_id).values("order_id")
    order_id = Order.objects.filter(**named, pk__in=here).values_list("pk", flat=True).first()
    if order_id is None:
        message = _("There is no such order to be paid in this store.")
        field = "orderId" if draft.order_id else "cartId"
        raise ApiError(errors.ORDER_NOT_FOUND, message, field=field)
    return order_id


def _drop_promise(order: Order) -> None:
    """A promise paid in several parts was not turned into a payment itself: nothing is promised any more."""
    if orders.amount_due(order) > Decimal(0):
        return
    for promise in Payment.objects.filter(reference=order.pk, method=Method.PAY_IN_STORE, state=State.PENDING):
        payments.void(payment=promise)
