"""What the steps of placing an order share: the cart they work on, waiting, and what they refuse."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel import backoff, clock
from kernel.errors import ApiError
from kernel.money import Money
from kernel.sagas import Retry, SagaContext
from plugins.carts import errors, holds, slots
from plugins.carts.models import Cart, CartDelivery, CartLine

# A customer who was told to try again and went away is not charged an hour later.
PATIENCE: Final = timedelta(minutes=15)


def cart_of(ctx: SagaContext) -> Cart:
    """The cart that is being ordered, read once in a run: nobody changes it until the order is placed or given up."""
    if "cart" not in ctx.memory:
        ctx.memory["cart"] = Cart.objects.select_related("channel").get(pk=ctx.data["cart_id"])
    found: Cart = ctx.memory["cart"]
    return found


def lines_of(ctx: SagaContext) -> list[CartLine]:
    """Its lines with their pickup, read once in a run as it is."""
    if "lines" not in ctx.memory:
        ctx.memory["lines"] = read_lines(ctx.data["cart_id"])
    found: list[CartLine] = ctx.memory["lines"]
    return found


def delivery_of(ctx: SagaContext) -> CartDelivery | None:
    """Its pickup; None when nothing is collected."""
    return pickup_of(lines_of(ctx))


def remember(ctx: SagaContext, cart: Cart, cart_lines: Sequence[CartLine]) -> None:
    """What was just read under the cart's lock, for the steps that follow in this run."""
    ctx.memory["cart"], ctx.memory["lines"] = cart, list(cart_lines)


def read_lines(cart_id: str) -> list[CartLine]:
    """The lines of a cart with their pickup and its store. One query."""
    return list(CartLine.objects.filter(cart_id=cart_id).select_related("delivery__store"))


def pickup_of(cart_lines: Sequence[CartLine]) -> CartDelivery | None:
    """Where and when these lines are collected: a cart has one pickup."""
    return next((line.delivery for line in cart_lines if line.delivery is not None), None)


def wait_or_give_up(ctx: SagaContext, error: Exception) -> Retry | ApiError:
    """Before anything is binding: wait for what is down as long as it asks, but not for ever."""
    left = datetime.fromisoformat(ctx.data["began_at"]) + PATIENCE - clock.now()
    if left > timedelta(0):
        asked = backoff.asked(error)
        return Retry(str(error), at_least=min(asked, left) if asked else None)
    message = _("The order could not be placed: a system we need is down. Nothing was charged. Please try later.")
    return ApiError(errors.ORDER_NOT_PLACED, message)


def check_slot(delivery: CartDelivery, now: datetime) -> None:
    """Errors: DATE_CHANGED when the pickup time is not held any more and cannot be had again."""
    if delivery.reserved_until is not None and delivery.reserved_until > now < delivery.slot_end:
        return
    try:
        holds.choose_slot(delivery.store, slots.slot_id(delivery.store_id, delivery.slot_start), now, besides=delivery)
    except ApiError as refusal:
        message = _("The pickup time you chose can no longer be kept. Choose another one.")
        raise ApiError(errors.DATE_CHANGED, message, field="delivery.pickupSlotId") from refusal


def price_changed(total: Money) -> ApiError:
    """The core computes another total than the customer saw."""
    return ApiError(
        errors.PRICE_CHANGED,
        _("Prices have changed: the total is now %(total)s. Please check the cart and confirm again."),
        field="cartId",
        params={"total": str(total.quantized())},
    )
