"""Who may see and change which cart and order.

A guest's cart or order belongs to whoever knows its id, which cannot be guessed. A shopper's belongs to that shopper
and to staff; to anyone else it does not exist.
"""

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import NOT_FOUND, ApiError
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import errors
from plugins.carts.models import Cart, Order


def visible_cart(caller: Caller, cart_id: str) -> Cart | None:
    """The cart when the caller may see it, else None."""
    cart = Cart.objects.select_related("channel").filter(pk=_safe(cart_id)).first()
    return cart if cart is not None and _may_use(caller, cart) else None


def cart_or_refuse(caller: Caller, cart_id: str) -> Cart:
    """The cart. Errors: NOT_FOUND, for another's cart as for none."""
    cart = visible_cart(caller, cart_id)
    if cart is None:
        raise _no_cart()
    return cart


def cart_to_change(caller: Caller, cart_id: str) -> Cart:
    """The cart, locked, and now the shopper's own if it was nobody's. Errors: NOT_FOUND, CART_COMPLETED, CART_BUSY."""
    found = lock_rows(Cart.objects.select_related("channel").filter(pk=_safe(cart_id)))
    if not found or not _may_use(caller, found[0]):
        raise _no_cart()
    cart = found[0]
    refuse_unless_open(cart)
    if caller.kind == "shopper" and not cart.shopper_id:
        cart.shopper_id = caller.id
    cart.updated_at = clock.now()
    cart.save(update_fields=["shopper_id", "updated_at"])
    return cart


def refuse_unless_open(cart: Cart) -> None:
    """Errors: CART_COMPLETED, CART_BUSY."""
    if cart.state == Cart.State.COMPLETED:
        raise completed()
    if cart.state == Cart.State.COMPLETING:
        message = _("An order is being placed from this cart. Please finish or wait a moment.")
        raise ApiError(errors.CART_BUSY, message)


def completed() -> ApiError:
    """The cart is an order already."""
    return ApiError(errors.CART_COMPLETED, _("This cart has been ordered already. Start a new one."))


def visible_order(caller: Caller, order_id: str) -> Order | None:
    """The order when the caller may see it, else None."""
    order = Order.objects.select_related("channel", "hold").filter(pk=_safe(order_id)).first()
    return order if order is not None and _may_use(caller, order) else None


def order_or_refuse(caller: Caller, order_id: str) -> Order:
    """The order. Errors: NOT_FOUND, for another's order as for none."""
    order = visible_order(caller, order_id)
    if order is None:
        raise ApiError(NOT_FOUND, _("There is no such order."), field="id")
    return order


def is_owner(caller: Caller, order: Order) -> bool:
    """Whether the caller is the signed-in shopper who placed the order."""
    return caller.kind == "shopper" and order.shopper_id == caller.id


def _may_use(caller: Caller, thing: Cart | Order) -> bool:
    if caller.kind == "staff" or not thing.shopper_id:
        return True
    return caller.kind == "shopper" and thing.shopper_id == caller.id


def _no_cart() -> ApiError:
    return ApiError(NOT_FOUND, _("There is no such cart."), field="cartId")


def _safe(key: str) -> str:
    # PostgreSQL cannot hold a NUL in text: nothing has such an id.
    return key.replace("\0", "")
