"""What follows an order, told by the outbox: e-mail, charging cards, and telling the core. Each may be called twice."""

from typing import Any

from commerce import core as commerce
from kernel import outbox
from plugins.carts import cancellation, emails, timeline
from plugins.carts.models import Order, OrderStatus
from plugins.payments import services as payments
from plugins.payments.models import Payment
from plugins.payments.states import State

Payload = dict[str, Any]


def register() -> None:
    """Register all handlers; the order within a topic is the order in which they run."""
    outbox.register("order.placed", capture_when_nothing_is_collected)
    outbox.register("order.confirmation", send_confirmation)
    outbox.register("order.fulfilled", capture_payments)
    outbox.register("order.fulfilled", report_charges)
    outbox.register("order.paid", report_store_payment)
    outbox.register("order.cancelled", cancellation.give_up_payments)
    outbox.register("order.cancelled", cancellation.cancel_in_core)


def send_confirmation(payload: Payload, message_id: int) -> None:
    """Confirm the order by e-mail."""
    emails.send_confirmation(_order(payload))


def capture_when_nothing_is_collected(payload: Payload, message_id: int) -> None:
    """Services alone are charged at once: nobody will hand anything over."""
    order = _order(payload)
    if not order.lines.exclude(delivery=None).exists():
        capture_payments(payload, message_id)
        report_charges(payload, message_id)


def capture_payments(payload: Payload, message_id: int) -> None:
    """Charge the cards that are authorised, unless the order was cancelled meanwhile."""
    order = _order(payload)
    if order.status == OrderStatus.CANCELLED:
        return
    for payment in Payment.objects.filter(reference=order.pk, state=State.AUTHORISED):
        payments.capture(payment=payment)
        if not order.events.filter(code="PAYMENT_CAPTURED").exists():
            timeline.add(order=order, code="PAYMENT_CAPTURED", amount=str(order.money(payment.amount)))


def report_charges(payload: Payload, message_id: int) -> None:
    """Tell the core which authorisations were charged."""
    order = _order(payload)
    captured = {
        payment.provider_reference: payment
        for payment in Payment.objects.filter(reference=order.pk, state=State.CAPTURED).exclude(provider="")
    }
    recorded = commerce.core().order(order.core_id) if captured and order.core_id else None
    for paid in recorded.transactions if recorded else ():
        if paid.psp_reference in captured and paid.charged < captured[paid.psp_reference].amount:
            amount = captured[paid.psp_reference].amount
            commerce.core().report_charge(paid.id, amount=amount, psp_reference=f"{paid.psp_reference}:charge")


def report_store_payment(payload: Payload, message_id: int) -> None:
    """Tell the core what was paid at a register."""
    order, payment = _order(payload), Payment.objects.get(pk=payload["payment_id"])
    if not order.core_id:
        return
    commerce.core().create_transaction(
        order.core_id,
        psp_reference=payment.provider_reference,
        currency=payment.currency,
        name=payment.method.capitalize(),
        amount_charged=payment.amount,
    )


def _order(payload: Payload) -> Order:
    return Order.objects.select_related("channel").get(pk=payload["order_id"])
