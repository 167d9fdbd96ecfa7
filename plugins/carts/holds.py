"""Keeping a pickup slot and its stock for a cart.

Order of locks: the store's slots, then the cart, then stock. Whoever takes a slot holds the store's slot lock, so two
carts never take the last place together.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory import services as inventory
from inventory.errors import INSUFFICIENT_STOCK, UNKNOWN_SKU
from inventory.models import Reservation, Store
from kernel import clock
from kernel.errors import ApiError, Message
from kernel.locks import LockSpace, advisory_lock
from plugins.carts import errors, lines, slots
from plugins.carts.models import Cart, CartDelivery, CartLine

HOLD: Final = timedelta(minutes=15)
# What placing an order takes, with a core that answers late.
ENOUGH: Final = timedelta(minutes=10)
GUEST_HOLD_IN_ALL: Final = timedelta(minutes=30)
HORIZON_DAYS: Final = 7


def lock_slots(store_id: str) -> None:
    """Have the slots of a store to oneself until the transaction ends. Before any row lock."""
    advisory_lock(LockSpace.PICKUP_SLOT, store_id)


def openings(store: Store, now: datetime) -> list[slots.Interval]:
    """When the store is open in the coming days, from the one it may still be open from since yesterday."""
    today = now.astimezone(store.zone()).date()
    days = (today + timedelta(days=offset) for offset in range(-1, HORIZON_DAYS + 1))
    return [interval for day in days for interval in stock.opening_intervals(store, day) if interval[1] > now]


def ready_by(store: Store, now: datetime) -> datetime | None:
    """When an order placed now is ready in that store; None when it does not open soon enough."""
    lead = timedelta(minutes=store.pickup_lead_minutes)
    return slots.ready_by(openings(store, now), now=now, lead=lead)


def offered_slots(store: Store, now: datetime, *, besides: CartDelivery | None = None) -> list[slots.Slot]:
    """The slots of the coming days with what is left of each; `besides` is not counted."""
    ready = ready_by(store, now)
    if ready is None or not is_pickup_store(store):
        return []
    found = slots.slots(openings(store, now), length=timedelta(minutes=store.slot_minutes), not_before=ready)
    return slots.with_remaining(found, capacity=store.slot_capacity, taken=_taken(store.pk, now, besides))


def is_pickup_store(store: Store) -> bool:
    """Whether customers may collect there: the core must know the store too."""
    return store.is_active and store.pickup_enabled and bool(store.core_warehouse_id)


def _taken(store_id: str, now: datetime, besides: CartDelivery | None) -> Counter[datetime]:
    alive = Q(state=CartDelivery.State.TAKEN) | Q(state=CartDelivery.State.HELD, reserved_until__gt=now)
    rows = CartDelivery.objects.filter(alive, store_id=store_id, slot_start__gte=now)
    if besides is not None:
        rows = rows.exclude(pk=besides.pk)
    return Counter(dict(rows.values_list("slot_start").annotate(Count("pk")).order_by()))


def slot_of(delivery: CartDelivery) -> slots.Slot:
    """The slot that a delivery has, with what is left of it for others."""
    taken = _taken(delivery.store_id, clock.now(), None)[delivery.slot_start]
    remaining = max(delivery.store.slot_capacity - taken, 0)
    return slots.Slot(delivery.slot_start, delivery.slot_end, remaining)


def choose_slot(store: Store, slot_id: str | None, now: datetime, *, besides: CartDelivery | None = None) -> slots.Slot:
    """The slot asked for, or the first with room. The caller holds the store's slot lock.

    Errors: SLOT_NOT_AVAILABLE (past, too soon, not of this store), STORE_CLOSED (outside its hours), SLOT_FULL.
    """
    offered = offered_slots(store, now, besides=besides)
    if not offered and not openings(store, now):
        raise _refusal(errors.STORE_CLOSED, _("The store is closed in the coming days. Choose another store."))
    if slot_id is None:
        free = next((slot for slot in offered if slot.remaining), None)
        if free is None:
            raise _refusal(errors.SLOT_FULL, _("This store has no free pickup time. Choose another store."))
        return free
    parsed = slots.parse_slot_id(slot_id)
    if parsed is None or parsed[0] != store.pk:
        raise _refusal(errors.SLOT_NOT_AVAILABLE, _("This pickup time does not exist. Choose another one."))
    slot = next((slot for slot in offered if slot.start == parsed[1]), None)
    if slot is None:
        raise _not_offered(store, parsed[1], now)
    if not slot.remaining:
        raise _refusal(errors.SLOT_FULL, _("This pickup time is fully booked. Choose another one."))
    return slot


def _not_offered(store: Store, start: datetime, now: datetime) -> ApiError:
    is_open = any(opens <= start < closes for opens, closes in openings(store, now))
    if start > now and not is_open:
        return _refusal(errors.STORE_CLOSED, _("The store is closed at this time. Choose another one."))
    message = _("This pickup time can no longer be chosen. Choose a later one.")
    return _refusal(errors.SLOT_NOT_AVAILABLE, message)


def _refusal(code: str, message: Message) -> ApiError:
    return ApiError(code, message, field="delivery.pickupSlotId")


def hold(cart: Cart, delivery: CartDelivery, collected: Sequence[CartLine], *, until: datetime) -> None:
    """Reserve the stock of these lines in the delivery's store, all or nothing; a hold it has is changed to this.

    Errors: INSUFFICIENT_STOCK at `lines.N.quantity`, N counting the cart's lines; the earlier hold stays then.
    """
    reservation = _reserve(cart, delivery, collected, until)
    delivery.reservation_id, delivery.reserved_until = reservation.pk, until
    delivery.state = CartDelivery.State.HELD
    delivery.save()
    if cart.first_held_at is None:
        cart.first_held_at = clock.now()
        cart.save(update_fields=["first_held_at"])


def _reserve(cart: Cart, delivery: CartDelivery, collected: Sequence[CartLine], until: datetime) -> Reservation:
    try:
        return inventory.reserve(
            key=f"cart-delivery:{delivery.pk}",
            purpose="CART",
            owner=f"cart:{cart.pk}",
            store_id=delivery.store_id,
            lines=[(line.sku, line.quantity) for line in collected],
            expires_at=until,
        )
    except ApiError as refusal:
        raise at_cart_line(refusal, list(cart.lines.all())) from refusal


def at_cart_line(refusal: ApiError, cart_lines: Sequence[CartLine]) -> ApiError:
    """The inventory's refusal, told of the cart's line; other refusals as they are."""
    sku = refusal.params.get("sku")
    index = next((number for number, line in enumerate(cart_lines) if line.sku == sku), None)
    if index is None or refusal.code not in (INSUFFICIENT_STOCK, UNKNOWN_SKU):
        return refusal
    return lines.insufficient(index, str(sku), cart_lines[index].name, int(refusal.params.get("available", 0)))


def hold_until(cart: Cart, now: datetime) -> datetime | None:
    """Until when the cart may keep stock if it asks now; None once a guest's thirty minutes are used up."""
    until = now + HOLD
    if cart.shopper_id or cart.first_held_at is None:
        return until
    until = min(until, cart.first_held_at + GUEST_HOLD_IN_ALL)
    return until if until > now else None


def drop(delivery: CartDelivery, *, reason: str) -> None:
    """Give up a delivery with its slot and stock."""
    if delivery.reservation_id is not None:
        inventory.release(reservation_id=delivery.reservation_id, reason=reason)
    delivery.lines.update(delivery=None)
    delivery.delete()
