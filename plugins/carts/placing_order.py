"""Placing an order, the last step: the order comes to be with its stock, its pickup, its timeline and its events."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from inventory import services as inventory
from inventory.errors import RESERVATION_EXPIRED
from kernel import clock, outbox
from kernel.errors import ApiError
from kernel.locks import lock_rows
from kernel.money import Money
from kernel.sagas import SagaContext
from plugins.carts import holds, hooks, lines, ports, timeline
from plugins.carts.models import Cart, CartDelivery, CartLine, Line, Order, OrderEvent, OrderLine
from plugins.carts.placing import cart_of, check_slot, delivery_of, pickup_of, price_changed, read_lines
from plugins.payments.models import Method

# What the core is told: {order_id}.
DATES_CHANGED = "order.dates"
_CONTACT = ("first_name", "last_name", "email", "phone", "billing_address", "language", "shopper_id")
_LINE = tuple(field.name for field in Line._meta.fields if field.name != "id")


def confirm(ctx: SagaContext) -> None:
    """The order comes to be, with its stock, its pickup, its timeline and its events, or none of it."""
    claim, recorded = ctx.results["claim"], ctx.results["core_complete"]
    if Decimal(recorded["total"]) != Decimal(claim["total"]):
        raise price_changed(Money(Decimal(recorded["total"]), cart_of(ctx).currency))
    delivery = delivery_of(ctx)
    if delivery is not None:
        holds.lock_slots(delivery.store_id)
    (cart,) = lock_rows(Cart.objects.select_related("channel").filter(pk=ctx.data["cart_id"]))
    # What the order is made of is read under the lock, whatever the run remembers.
    cart_lines = read_lines(cart.pk)
    delivery = pickup_of(cart_lines)
    if delivery is not None:
        _confirm_hold(cart, delivery, cart_lines)
    order, order_lines = _make_order(cart, cart_lines, claim, recorded)
    about, told = f"order:{order.pk}", {"order_id": order.pk}
    if ports.confirm(order, cart_lines, until=clock.now() + holds.HOLD):
        outbox.publish(topic=DATES_CHANGED, aggregate=about, payload=told)
    cart.state, cart.updated_at = Cart.State.COMPLETED, clock.now()
    # What it was paid with, not what somebody wished meanwhile: a repeat is known by it.
    cart.payment_digest = ctx.data["wish"]
    cart.save(update_fields=["state", "updated_at", "payment_digest"])
    _tell_story(order, ctx)
    hooks.order_confirmed(order, order_lines, [delivery] if delivery else [])
    # The mail has a line of its own: a mail server that refuses must not hold back what happens to the order.
    outbox.publish_all([("order.placed", about, told), ("order.confirmation", f"mail:{order.pk}", told)])


def _confirm_hold(cart: Cart, delivery: CartDelivery, cart_lines: Sequence[CartLine]) -> None:
    try:
        inventory.confirm(reservation_id=str(delivery.reservation_id))
    except ApiError as refusal:
        if refusal.code != RESERVATION_EXPIRED:
            raise
        # The core took its time: take the stock again if it is still there.
        check_slot(delivery, clock.now())
        collected = [line for line in cart_lines if line.delivery_id == delivery.pk]
        holds.hold(cart, delivery, collected, until=clock.now() + holds.HOLD)
        inventory.confirm(reservation_id=str(delivery.reservation_id))
    delivery.state, delivery.reserved_until = CartDelivery.State.TAKEN, None
    delivery.save(update_fields=["state", "reserved_until"])


def _make_order(
    cart: Cart, cart_lines: Sequence[CartLine], claim: dict[str, Any], recorded: dict[str, Any]
) -> tuple[Order, list[OrderLine]]:
    contact = {name: getattr(cart, name) for name in _CONTACT}
    order = Order.objects.create(
        **contact,
        id=claim["order_id"],
        number=claim["number"],
        core_id=recorded["core_id"],
        core_number=recorded["core_number"],
        cart=cart,
        channel=cart.channel,
        sales_channel=cart.sales_channel,
        store_id=cart.store_id,
        currency=cart.currency,
        subtotal=Decimal(claim["subtotal"]),
        tax=Decimal(claim["tax"]),
        total=Decimal(claim["total"]),
        monthly=lines.monthly_of(cart_lines),
        promise_date=promise_date(cart_lines, pickup_of(cart_lines)),
    )
    core_lines = recorded["lines"]
    order_lines = [
        OrderLine(
            **{name: getattr(line, name) for name in _LINE} | {"available_from": first_day(line, line.delivery)},
            order=order,
            delivery=line.delivery,
            core_line_id=core_lines.get(str(line.pk)) or core_lines.get(line.sku, ""),
        )
        for line in cart_lines
    ]
    OrderLine.objects.bulk_create(order_lines)
    return order, order_lines


def first_day(line: Line, delivery: CartDelivery | None) -> date | None:
    """The first day on which a bundle's part works or is there: what is collected not before its pickup. None for
    what has no day of its own."""
    collected = _pickup_day(delivery)
    if line.available_from is None or collected is None:
        return line.available_from
    return max(line.available_from, collected)


def promise_date(of_lines: Iterable[Line], delivery: CartDelivery | None) -> date | None:
    """The first day on which everything works or can be had: the latest of the lines' days and of the pickup's, in the
    store's own time. None where none is known, and where a service has no day."""
    return lines.last_day(of_lines, _pickup_day(delivery))


def _pickup_day(delivery: CartDelivery | None) -> date | None:
    return delivery.slot_start.astimezone(delivery.store.zone()).date() if delivery else None


def _tell_story(order: Order, ctx: SagaContext) -> None:
    story = [timeline.event(order=order, code="PLACED", actor=ctx.data["actor"])]
    if order.total:
        code = "PAY_IN_STORE" if ctx.data["method"] == Method.PAY_IN_STORE else "PAYMENT_AUTHORISED"
        story.append(timeline.event(order=order, code=code, amount=str(order.money(order.total))))
    OrderEvent.objects.bulk_create(story)
