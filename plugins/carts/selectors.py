"""Reads of carts and orders."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory.geo import Point
from inventory.models import Store
from inventory.selectors import NearStore
from kernel import clock
from kernel.errors import INVALID, ApiError
from kernel.identity import Caller
from plugins.carts import access, at_address, attempts, holds, lines
from plugins.carts.contact import same_contact
from plugins.carts.models import Cart, CartDelivery, CartLine, Customer, Order
from plugins.carts.pricing import Totals
from plugins.carts.slots import Slot

OPTIONS_MAX: Final = 20
WRONG_NUMBERS: Final = 10
WRONG_FROM_ONE_PLACE: Final = 30


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart with all that is shown of it, read together."""

    cart: Cart
    lines: list[CartLine]
    deliveries: list[CartDelivery]
    totals: Totals
    monthly: Decimal
    reserved_until: datetime | None
    problems: list[ApiError]


def cart_view(cart: Cart) -> CartView:
    """Read what belongs to a cart. Three queries, and one more where services depend on an address."""
    cart_lines = list(cart.lines.all())
    deliveries = list(cart.deliveries.select_related("store"))
    live = [d.reserved_until for d in deliveries if d.reserved_until and d.reserved_until > clock.now()]
    return CartView(
        cart=cart,
        lines=cart_lines,
        deliveries=deliveries,
        totals=lines.totals_of(cart_lines, cart),
        monthly=lines.monthly_of(cart_lines),
        reserved_until=min(live, default=None),
        problems=at_address.problems(cart_lines, at_address.promises_of(cart_lines)),
    )


@dataclass(frozen=True, slots=True)
class PickupOption:
    """A store that can hand over all (`complete`) or some of the lines, and when."""

    near: NearStore
    complete: bool
    ready_by: datetime
    slots: list[Slot]


def pickup_options(
    *, caller: Caller, cart_id: str, line_ids: Sequence[str], near: Point | None, first: int
) -> list[PickupOption]:
    """Stores for these lines (all when empty): those with everything first, then the nearest.

    Errors: NOT_FOUND, INVALID.
    """
    if not 1 <= first <= OPTIONS_MAX:
        raise ApiError(INVALID, _("Ask for 1 to %(max)s stores."), field="first", params={"max": OPTIONS_MAX})
    cart = access.cart_or_refuse(caller, cart_id)
    wanted = _wanted(cart, line_ids)
    if not wanted:
        return []
    now, own = clock.now(), cart.deliveries.first()
    found = []
    for entry, complete in _stores_with(cart, wanted, near, own):
        ready = holds.ready_by(entry.store, now)
        if ready is not None:
            free = holds.offered_slots(entry.store, now, besides=own)
            found.append(PickupOption(entry, complete, ready, free))
        if len(found) == first:
            break
    return found


def _wanted(cart: Cart, line_ids: Sequence[str]) -> dict[str, int]:
    found = list(cart.lines.all())
    chosen = [lines.line_of(found, line_id, field=f"lineIds.{n}") for n, line_id in enumerate(line_ids)]
    wanted: Counter[str] = Counter()
    for line in chosen or found:
        if line.stocked:
            wanted[line.sku] += line.quantity
    return wanted


def _stores_with(
    cart: Cart, wanted: dict[str, int], near: Point | None, own: CartDelivery | None
) -> list[tuple[NearStore, bool]]:
    around = [entry for entry in stock.stores(near, pickup_only=True) if cart.channel.sells_from(entry.store)]
    candidates = [entry for entry in around if holds.is_pickup_store(entry.store)]
    available = stock.availability(list(wanted), [entry.store.pk for entry in candidates])
    mine = lines.held_by(cart, wanted) if own else {}

    def has(store: Store, sku: str) -> int:
        extra = mine.get(sku, 0) if own and own.store_id == store.pk else 0
        return available.get((sku, store.pk), 0) + extra

    rated = [(entry, [has(entry.store, sku) >= quantity for sku, quantity in wanted.items()]) for entry in candidates]
    found = [(entry, all(enough)) for entry, enough in rated if any(enough)]
    return sorted(found, key=lambda pair: not pair[1])


def order_by_number(*, number: str, contact: str, place: str) -> Order | None:
    """A guest's order by its number and the e-mail or telephone number given; None when they do not match.

    Errors: TOO_MANY_ATTEMPTS after ten wrong tries for a number, or thirty from one place, in fifteen minutes.
    """
    wanted = number.strip().upper().replace("\0", "")[:40]
    subjects = {f"order-number:{wanted}": WRONG_NUMBERS, f"order-from:{place}": WRONG_FROM_ONE_PLACE}
    for subject, limit in subjects.items():
        attempts.spend(subject, limit=limit)
    order = Order.objects.select_related("channel", "hold").filter(number=wanted).first()
    if order is None or not same_contact(contact, email=order.email, phone=order.phone, region=order.channel.country):
        return None
    for subject in subjects:
        attempts.give_back(subject)
    return order


def customer(caller: Caller) -> Customer | None:
    """The signed-in shopper; made from the token when this suite has not met the shopper yet. None for others."""
    if caller.kind != "shopper":
        return None
    return Customer.objects.filter(pk=caller.id).first() or Customer(core_user_id=caller.id, email=caller.email)


def carts_of(shopper_id: str) -> QuerySet[Cart]:
    """A shopper's carts that are not ordered yet, last used first."""
    return (
        Cart.objects.select_related("channel")
        .filter(shopper_id=shopper_id)
        .exclude(state=Cart.State.COMPLETED)
        .order_by("-updated_at")[:20]
    )


def orders_of(shopper_id: str) -> QuerySet[Order]:
    """A shopper's orders."""
    return Order.objects.select_related("channel", "hold").filter(shopper_id=shopper_id)
