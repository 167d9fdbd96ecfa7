"""Placing an order: a saga that a crash cannot break (see docs/adr/0002-placing-an-order.md).

claim -> reserve -> core_checkout -> authorise -> core_payment -> core_complete -> confirm. Until `confirm` everything
can be taken back; `confirm` is one transaction in which the order, its stock, its pickup and its events come to be.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from inventory import services as inventory
from kernel import clock, ids, sagas
from kernel.errors import ApiError
from kernel.identity import Caller
from kernel.locks import lock_rows
from kernel.sagas import Definition, SagaContext, Step
from plugins.carts import (
    access,
    at_address,
    bundle_renewal,
    holds,
    lines,
    placing_core,
    placing_order,
    placing_payment,
    ports,
)
from plugins.carts.checks import PaymentChoice, check_cart, check_payments, digest
from plugins.carts.models import Cart, CartLine, Order
from plugins.carts.placing import cart_of, check_slot, delivery_of, lines_of, read_lines, remember

KIND: Final = "cart.complete"


@dataclass(frozen=True, slots=True)
class Completion:
    """Either the order, or where the customer must confirm the payment before completing again."""

    order: Order | None
    action_url: str | None = None


def complete_cart(*, caller: Caller, cart_id: str, choices: Sequence[PaymentChoice]) -> Completion:
    """Place the order, or go on where an earlier call stopped. A repeat after success gives the same order.

    Errors: CART_COMPLETED (with other payments than it was completed with), those of `bundle_renewal.renew` and of
    `checks`, INSUFFICIENT_STOCK, DATE_CHANGED, SERVICE_NOT_AVAILABLE, SERVICE_ADDRESS_REQUIRED, PRICE_CHANGED (the cart
    has the new prices), PAYMENT_DECLINED, ORDER_REFUSED, and TRY_AGAIN or IN_PROGRESS: call again, nothing is lost. Not
    to be called inside a transaction.
    """
    cart = access.cart_or_refuse(caller, cart_id)
    wish = digest(choices)
    if cart.state == Cart.State.COMPLETED:
        if cart.payment_digest != wish:
            raise access.completed()
        return Completion(Order.objects.select_related("channel").get(cart=cart))
    if cart.state == Cart.State.OPEN:
        _look_before(cart, choices)
    else:
        # Another way to pay while the bank still asks: the authorise step sees it and gives the first one up.
        Cart.objects.filter(pk=cart.pk, state=Cart.State.COMPLETING).update(payment_digest=wish)
    data = _saga_data(caller, cart, choices, wish)
    try:
        try:
            results = sagas.run(KIND, cart.pk, data)
        except ApiError as refusal:
            if refusal.code != placing_payment.REPLACED:
                raise
            results = sagas.run(KIND, cart.pk, data)
    except ApiError as refusal:
        if refusal.code == placing_payment.ACTION_REQUIRED:
            return Completion(None, refusal.params["url"])
        raise
    return Completion(Order.objects.select_related("channel").get(pk=results["claim"]["order_id"]))


def _saga_data(caller: Caller, cart: Cart, choices: Sequence[PaymentChoice], wish: str) -> dict[str, Any]:
    choice = choices[0] if choices else None
    return {
        "cart_id": cart.pk,
        "shopper_id": caller.id if caller.kind == "shopper" else "",
        "actor": caller.scope,
        "method": choice.method if choice else "",
        "token": choice.token if choice else "",
        "amount": None if choice is None or choice.amount is None else str(choice.amount),
        "wish": wish,
        "began_at": clock.now().isoformat(),
    }


def _look_before(cart: Cart, choices: Sequence[PaymentChoice]) -> None:
    """See that the cart can be ordered as it was shown, before anything is begun."""
    cart_lines = list(cart.lines.all())
    if any(line.bundle_id or line.service_id for line in cart_lines):
        bundle_renewal.renew(cart.pk)
        at_address.ask_again(cart.lines.all())
        cart_lines = list(cart.lines.all())
    _check(cart, cart_lines, choices)


def _check(cart: Cart, cart_lines: Sequence[CartLine], choices: Sequence[PaymentChoice]) -> None:
    check_cart(cart, cart_lines)
    at_address.require_placed(cart.channel, cart_lines)
    at_address.check(cart_lines)
    check_payments(cart, cart_lines, choices)


def _claim(ctx: SagaContext) -> dict[str, Any]:
    """Take the cart for this order: from here on nobody changes it."""
    (cart,) = lock_rows(Cart.objects.select_related("channel").filter(pk=ctx.data["cart_id"]))
    access.refuse_unless_open(cart)
    method, amount = ctx.data["method"], ctx.data["amount"]
    choice = PaymentChoice(method, None if amount is None else Decimal(amount), ctx.data["token"])
    cart_lines = read_lines(cart.pk)
    _check(cart, cart_lines, [choice] if method else [])
    if ctx.data["shopper_id"] and not cart.shopper_id:
        cart.shopper_id = ctx.data["shopper_id"]
    cart.state, cart.payment_digest, cart.updated_at = Cart.State.COMPLETING, ctx.data["wish"], clock.now()
    cart.save(update_fields=["shopper_id", "state", "payment_digest", "updated_at"])
    remember(ctx, cart, cart_lines)
    totals = lines.totals_of(cart_lines, cart)
    return {
        "order_id": ids.capability(),
        "number": _new_number(),
        "subtotal": str(totals.subtotal),
        "tax": str(totals.tax),
        "total": str(totals.total),
    }


def _reopen(ctx: SagaContext) -> None:
    Cart.objects.filter(pk=ctx.data["cart_id"], state=Cart.State.COMPLETING).update(
        state=Cart.State.OPEN, payment_digest="", updated_at=clock.now()
    )


def _reserve(ctx: SagaContext) -> None:
    """Keep stock, slot and ports for the time that placing the order takes. If it fails, stock and slot stay with the
    cart."""
    cart, delivery, now = cart_of(ctx), delivery_of(ctx), clock.now()
    if delivery is not None:
        holds.lock_slots(delivery.store_id)
        check_slot(delivery, now)
        # What was kept a moment ago is kept for long enough: the shopper does not wait for it to be kept anew.
        if delivery.reserved_until is None or delivery.reserved_until < now + holds.ENOUGH:
            collected = [line for line in lines_of(ctx) if line.delivery_id == delivery.pk]
            holds.hold(cart, delivery, collected, until=now + holds.HOLD)
    ports.hold(cart, lines_of(ctx), until=now + holds.HOLD)


def _leave_hold(ctx: SagaContext) -> None:
    """The hold of stock stays with the cart, but a guest's no longer than thirty minutes in all; ports are freed."""
    cart, delivery, now = cart_of(ctx), delivery_of(ctx), clock.now()
    ports.let_go(cart)
    if delivery is None or delivery.reserved_until is None:
        return
    allowed = holds.hold_until(cart, now)
    if allowed is not None and delivery.reserved_until <= allowed:
        return
    if allowed is None:
        inventory.release(reservation_id=str(delivery.reservation_id), reason="the guest's time is over")
    elif delivery.reserved_until > now:
        inventory.extend(reservation_id=str(delivery.reservation_id), expires_at=allowed)
    delivery.reserved_until = allowed
    delivery.save(update_fields=["reserved_until"])


def _new_number() -> str:
    number = ids.order_number()
    return number if not Order.objects.filter(number=number).exists() else _new_number()


DEFINITION = Definition(
    kind=KIND,
    steps=(
        Step("claim", _claim, _reopen, atomic=True),
        Step("reserve", _reserve, _leave_hold, atomic=True),
        Step("core_checkout", placing_core.make_checkout),
        Step("authorise", placing_payment.authorise, placing_payment.give_up),
        Step("core_payment", placing_core.record_payment, placing_core.withdraw_payment),
        Step("core_complete", placing_core.complete, placing_core.cancel),
        Step("confirm", placing_order.confirm, atomic=True),
    ),
)
