"""What follows an order, told by the outbox: e-mail, charging cards, and telling the core. Each may be called twice."""

from typing import Any

from django.db import transaction

from commerce import core as commerce
from inventory import esim
from kernel import outbox
from plugins.carts import cancellation, emails, returns, timeline
from plugins.carts.models import Order, OrderStatus
from plugins.payments import services as payments
from plugins.payments.models import Payment
from plugins.payments.states import State

Payload = dict[str, Any]

ESIMS_READY = "order.esims_ready"


def register() -> None:
    """Register all handlers; the order within a topic is the order in which they run."""
    outbox.register("order.placed", capture_when_nothing_is_collected)
    outbox.register("order.placed", want_esims)
    outbox.register(esim.ALLOCATED, esims_are_ready)
    outbox.register(ESIMS_READY, tell_esims_are_ready)
    outbox.register("order.confirmation", send_confirmation)
    outbox.register("order.fulfilled", capture_payments)
    outbox.register("order.fulfilled", report_charges)
    outbox.register("order.paid", report_store_payment)
    outbox.register("order.cancelled", cancellation.give_up_payments)
    outbox.register("order.cancelled", cancellation.cancel_in_core)
    outbox.register("order.cancelled", revoke_esims)
    outbox.register(returns.TOPIC, returns.give_back_money)
    outbox.register(returns.TOPIC, returns.return_in_core)
    outbox.register(returns.TOPIC, returns.revoke_esims)


def send_confirmation(payload: Payload, message_id: int) -> None:
    """Confirm the order by e-mail."""
    emails.send_confirmation(_order(payload))


def capture_when_nothing_is_collected(payload: Payload, message_id: int) -> None:
    """Services alone are charged at once: nobody will hand anything over."""
    order = _order(payload)
    if not order.lines.exclude(delivery=None).exists():
        capture_payments(payload, message_id)
        report_charges(payload, message_id)


def want_esims(payload: Payload, message_id: int) -> None:
    """Take the eSIM profiles that were bought from their pools."""
    order_esims(_order(payload))


def order_esims(order: Order) -> None:
    """Want a profile for each piece of an order whose SKU is sold from a pool. A repeat wants the same again."""
    with transaction.atomic():
        for line in order.lines.order_by("pk"):
            esim.want(sku=line.sku, quantity=line.quantity, order=order.number, key=f"order/{order.pk}/{line.pk}")


def esims_are_ready(payload: Payload, message_id: int) -> None:
    """Tell the order's story; if it was cancelled meanwhile, its profiles are of no use any more."""
    order = Order.objects.get(number=payload["order"])
    if order.status == OrderStatus.CANCELLED:
        esim.revoke_order(order=order.number, actor="system")
    elif not order.events.filter(code="ESIM_READY").exists():
        with transaction.atomic():
            timeline.add(order=order, code="ESIM_READY")
            outbox.publish(topic=ESIMS_READY, aggregate=f"order:{order.pk}", payload={"order_id": order.pk})


def tell_esims_are_ready(payload: Payload, message_id: int) -> None:
    """Write to the customer where the activation codes are shown."""
    emails.send_esims_ready(_order(payload))


def revoke_esims(payload: Payload, message_id: int) -> None:
    """The profiles of a cancelled order that no device has loaded must not be loaded any more."""
    esim.revoke_order(order=_order(payload).number, actor="system")


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


def settle_in_core(order: Order) -> None:
    """Charge the cards of an order whose goods have left, and tell the core now of all that was paid for it.

    It hands over nothing unpaid unless its settings allow that, and the messages that tell it may come later.
    """
    payload = {"order_id": order.pk}
    capture_payments(payload, 0)
    report_charges(payload, 0)
    for payment in Payment.objects.filter(reference=order.pk, state=State.CAPTURED, provider=""):
        report_store_payment({**payload, "payment_id": str(payment.pk)}, 0)


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
