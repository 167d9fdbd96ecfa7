"""Taking a cart that was claimed at a register into the sale that settles it, once."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from inventory import services as inventory
from kernel.errors import ApiError, Message
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import held, holds, ports
from plugins.carts.models import Cart, CartDelivery, CartLine, Order, OrderStatus
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
    lines: list[CartLine] = field(default_factory=list)

    def part(self, bundle_id: str, sku: str, amount: Decimal) -> CartLine | None:
        """The bundle line of the cart that a line of the sale is."""
        return self.line_of(bundle_id, sku, amount) if bundle_id else None

    def line_of(self, bundle_id: str, sku: str, amount: Decimal) -> CartLine | None:
        """The line of the cart that a line of the sale is: of several with its SKU the one with its amount."""
        same = [line for line in self.lines if (line.bundle_id, line.sku) == (bundle_id, sku)]
        return next((line for line in same if line.total == amount), same[0] if same else None)


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
    found_lines = list(cart.lines.select_related("service"))
    return Taken(cart, contact, _free_delivery(cart, caller), lines=found_lines)


def keep_ports(taken: Taken, order: Order, now: datetime) -> list[ApiError]:
    """Keep what was sold of the cart at an address. The sale has happened either way: DATE_CHANGED is told of a line
    without a port, and the order waits for it as others do."""
    if taken.cart is None:
        return []
    # What was not sold after all is not kept.
    unsold = taken.cart.lines.exclude(service=None).exclude(
        service__in=order.lines.exclude(service=None).values("service")
    )
    unsold.update(service=None)
    lost = ports.keep_or_wait(taken.cart, order, until=now + holds.HOLD)
    if not order.promises.exists():
        return []
    # The goods are gone, the service is still to come.
    order.status = OrderStatus.PARTIALLY_FULFILLED
    order.save(update_fields=["status"])
    if not lost:
        return []
    held.look_again(order_id=order.pk)
    order.refresh_from_db()
    return [ports.date_changed()]


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
