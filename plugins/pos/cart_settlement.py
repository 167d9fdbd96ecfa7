"""Taking a cart that was claimed at a register into the sale that settles it, once."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory import services as inventory
from kernel.errors import ApiError, Message
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import bundle_ports, holds
from plugins.carts.models import Cart, CartDelivery, CartLine, Order
from plugins.catalogue.models import SalesChannel
from plugins.pos import errors

_CONTACT = ("first_name", "last_name", "email", "phone", "billing_address", "language", "shopper_id")


@dataclass(frozen=True, slots=True)
class Taken:
    """The cart that a sale settles, who buys, and the reservation that becomes the sale's; or why there is none."""

    cart: Cart | None = None
    contact: dict[str, Any] = field(default_factory=dict)
    reservation_id: UUID | None = None
    exceptions: list[ApiError] = field(default_factory=list)
    bundled: list[CartLine] = field(default_factory=list)

    def part(self, bundle_id: str, sku: str, amount: Decimal) -> CartLine | None:
        """The bundle line of the cart that a line of the sale is: of several with its SKU the one with its amount."""
        same = [line for line in self.bundled if bundle_id and (line.bundle_id, line.sku) == (bundle_id, sku)]
        return next((line for line in same if line.total == amount), same[0] if same else None)

    @property
    def promise_date(self) -> date | None:
        """The first day on which all of its bundles work."""
        return max((line.available_from for line in self.bundled if line.available_from is not None), default=None)


def take(caller: Caller, cart_id: str, now: datetime) -> Taken:
    """Settle the cart with this id. The sale has happened either way: what is wrong is CART_NOT_SETTLED."""
    if not cart_id:
        return Taken()
    found = lock_rows(Cart.objects.filter(pk=cart_id))
    problem = _problem(found[0], caller) if found else _("There is no such cart.")
    if problem is not None:
        return Taken(exceptions=[ApiError(errors.CART_NOT_SETTLED, problem, field="cartId")])
    cart = found[0]
    cart.state, cart.updated_at = Cart.State.COMPLETED, now
    cart.save(update_fields=["state", "updated_at"])
    contact = {name: getattr(cart, name) for name in _CONTACT}
    bundled = list(cart.lines.exclude(bundle_id=""))
    return Taken(cart, contact, _free_delivery(cart, caller), bundled=bundled)


def keep_ports(taken: Taken, order: Order, now: datetime) -> list[ApiError]:
    """Keep what the cart's bundles need at their addresses; the sale has happened, so CAPACITY_GONE is told of it."""
    if taken.cart is None or not taken.bundled:
        return []
    until = now + holds.HOLD
    try:
        with transaction.atomic():
            bundle_ports.hold(taken.cart, order.pk, until=until)
            bundle_ports.confirm(taken.cart, order.pk, until=until)
    except ApiError as refusal:
        return [refusal]
    return []


def _problem(cart: Cart, caller: Caller) -> Message | None:
    if cart.state == Cart.State.COMPLETED:
        return _("The cart had been ordered or settled before.")
    if cart.state == Cart.State.COMPLETING:
        return _("An order was being placed from the cart elsewhere.")
    if cart.sales_channel != SalesChannel.POS or cart.store_id != caller.store_id:
        return _("The cart was not taken over in this store.")
    return None


def _free_delivery(cart: Cart, caller: Caller) -> UUID | None:
    """Give up the pickup time; the reservation if it is in this store, else it is released."""
    kept: UUID | None = None
    for delivery in cart.deliveries.filter(state=CartDelivery.State.HELD):
        if delivery.reservation_id is not None and delivery.store_id == caller.store_id:
            kept = delivery.reservation_id
        elif delivery.reservation_id is not None:
            inventory.release(reservation_id=delivery.reservation_id, reason="cart settled in another store")
        delivery.state, delivery.reserved_until = CartDelivery.State.FREED, None
        delivery.save(update_fields=["state", "reserved_until"])
    return kept
