"""Orders after they are placed: what other capabilities do to them, each within the caller's transaction."""

from decimal import Decimal

from django.db import transaction

from commerce.errors import CoreRefused
from kernel import audit, outbox
from kernel.locks import lock_rows
from plugins.carts import timeline
from plugins.carts.models import Order, OrderLine, OrderStatus, ServiceHold, ServicePromise
from plugins.payments import selectors as payment_selectors
from plugins.payments import services as payments
from plugins.payments.models import Method, Payment
from plugins.payments.states import State


def locked(order_id: str) -> Order:
    """The order, locked until the transaction ends. Raises Order.DoesNotExist."""
    found = lock_rows(Order.objects.filter(pk=order_id))
    if not found:
        raise Order.DoesNotExist(order_id)
    return found[0]


def amount_due(order: Order) -> Decimal:
    """What is still to be paid: the total less what is authorised or has come in; nothing once cancelled."""
    if order.status == OrderStatus.CANCELLED:
        return order.money(Decimal(0)).amount
    return order.money(max(order.total - payment_selectors.covered(order.pk), Decimal(0))).amount


def note_refusal(order: Order, *, action: str, refused: CoreRefused) -> None:
    """Keep for a person what the core would not do for an order; trying again changes nothing."""
    detail = {"code": refused.code, "message": refused.message}
    audit.record(actor="system", action=action, subject=f"order:{order.number}", detail=detail)


@transaction.atomic
def record_store_payment(*, order_id: str, amount: Decimal, method: str, reference: str, actor: str) -> Decimal:
    """Record what a customer paid at a register towards an order; returns what is still due.

    `reference` (the sale's id) makes it exactly once. An amount that settles the promise to pay in store turns that
    promise into the payment; any other amount is a payment beside it.
    """
    order = locked(order_id)
    if Payment.objects.filter(reference=order.pk, provider_reference=reference).exists():
        return amount_due(order)
    promised = Payment.objects.filter(
        reference=order.pk, method=Method.PAY_IN_STORE, state=State.PENDING, amount=amount
    ).first()
    if promised is None:
        promised = payments.promise_in_store(
            key=f"store:{order.pk}:{reference}", reference=order.pk, amount=order.money(amount)
        )
    payment = payments.settle_in_store(payment=promised, method=method, provider_reference=reference)
    outbox.publish(
        topic="order.paid",
        aggregate=f"order:{order.pk}",
        payload={"order_id": order.pk, "payment_id": str(payment.pk)},
    )
    timeline.add(order=order, code="PAID_IN_STORE", actor=actor, amount=str(order.money(amount)))
    return amount_due(order)


@transaction.atomic
def set_status(*, order_id: str, status: str) -> Order:
    """Move an order to another status and tell `order.status` {order_id, status}; one on hold once it goes on."""
    order = locked(order_id)
    if order.status == OrderStatus.HELD:
        # It goes on from there, once it goes on.
        ServiceHold.objects.filter(order=order).update(resumes_as=status)
    elif order.status != status:
        order.status = status
        order.save(update_fields=["status"])
        outbox.publish(
            topic="order.status", aggregate=f"order:{order.pk}", payload={"order_id": order.pk, "status": status}
        )
    return order


@transaction.atomic
def fulfil(*, order_id: str, serials: dict[str, list[str]], actor: str) -> Order:
    """All goods were handed over: note the serials by SKU, and have authorised cards charged (`order.fulfilled`).

    Services that are still to come, or on hold, keep the order from being fulfilled.
    """
    order = locked(order_id)
    if order.status == OrderStatus.FULFILLED:
        return order
    rest = {sku: list(units) for sku, units in serials.items()}
    for line in OrderLine.objects.filter(order=order, sku__in=serials):
        # An article may stand in several lines, those of bundles: each unit is in one of them.
        line.serials, rest[line.sku] = rest[line.sku][: line.quantity], rest[line.sku][line.quantity :]
        line.save(update_fields=["serials"])
    promises = set(order.promises.filter(state__in=ServicePromise.LIVE).values_list("state", flat=True))
    if ServicePromise.State.HELD in promises:
        ServiceHold.objects.filter(order=order).update(resumes_as=OrderStatus.PARTIALLY_FULFILLED)
    else:
        order.status = OrderStatus.PARTIALLY_FULFILLED if promises else OrderStatus.FULFILLED
        order.save(update_fields=["status"])
    timeline.add(order=order, code="GOODS_HANDED_OVER" if promises else "FULFILLED", actor=actor)
    outbox.publish(
        topic="order.fulfilled", aggregate=f"order:{order.pk}", payload={"order_id": order.pk, "actor": actor}
    )
    return order
