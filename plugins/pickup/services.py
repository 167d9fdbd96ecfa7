"""The work of a store on its pickups. Each step is one transaction and refuses with an ApiError, changing nothing."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory import services as inventory
from inventory.models import Store
from kernel import audit, clock, codes, outbox
from kernel.database import translated_errors
from kernel.errors import REQUIRED, ApiError
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import attempts, cancellation, held, holds, orders, timeline
from plugins.carts.models import CartDelivery, Order, OrderLine, OrderStatus
from plugins.catalogue import lookup
from plugins.pickup import errors, selectors
from plugins.pickup.models import STATES, Pickup, PickupLine
from plugins.pickup.states import OPEN, State, may
from plugins.staff.permissions import PICKUP_HANDLE

log = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=5)
WRONG_CODES_A_PICKUP = 5
WRONG_CODES_A_STORE = 30


def make_pickups(order: Order, lines: Sequence[OrderLine], deliveries: Sequence[CartDelivery]) -> None:
    """The hook of a confirmed order: one pickup for each store that lines are collected in."""
    for delivery in deliveries:
        ready = holds.ready_by(delivery.store, order.created_at) or delivery.slot_start
        pickup = Pickup.objects.create(
            order=order,
            delivery=delivery,
            store=delivery.store,
            reservation_id=delivery.reservation_id,
            ready_by=max(ready, delivery.slot_start),
            created_at=order.created_at,
            changed_at=order.created_at,
        )
        PickupLine.objects.bulk_create(
            PickupLine(
                pickup=pickup,
                order_line=line,
                sku=line.sku,
                name=line.name,
                serialised=line.serialised,
                quantity=line.quantity,
            )
            for line in lines
            if line.delivery_id == delivery.pk
        )


def cancel_pickups(order: Order, reason: str, actor: str) -> None:
    """The hook of a cancelled order: its pickups end with it.

    Errors: ORDER_NOT_CANCELLABLE once handed over; once ready only the store's staff can still cancel, since the goods
    lie at the counter.
    """
    pickups = lock_rows(Pickup.objects.filter(order=order))
    states = {pickup.state for pickup in pickups}
    if State.HANDED_OVER in states or (State.READY in states and not actor.startswith("staff:")):
        raise cancellation.not_cancellable()
    for pickup in pickups:
        if pickup.state in OPEN:
            _move(pickup, State.CANCELLED, actor, reason=reason)


@transaction.atomic
def accept(*, caller: Caller, pickup_id: str) -> Pickup:
    """The store takes the work. Again is the same as once. Errors: PICKUP_NOT_FOUND, WRONG_STATE."""
    pickup = _locked(caller, pickup_id)
    if pickup.state in (State.ACCEPTED, State.PICKING):
        return pickup
    _set_order(pickup, OrderStatus.IN_PROGRESS)
    return _move(pickup, State.ACCEPTED, caller.scope)


@transaction.atomic
def reject(*, caller: Caller, pickup_id: str, reason: str) -> Pickup:
    """The store cannot do it: the order is cancelled, stock and money are given back, the customer is told why.

    Errors: REQUIRED (reason), PICKUP_NOT_FOUND, WRONG_STATE.
    """
    if not reason.strip():
        raise ApiError(REQUIRED, _("Say why the pickup is rejected."), field="reason")
    pickup = _locked(caller, pickup_id)
    _move(pickup, State.REJECTED, caller.scope, reason=reason.strip()[:300])
    cancellation.cancel(order_id=pickup.order_id, reason=pickup.reason[:200], actor=caller.scope)
    _tell("pickup.rejected", pickup)
    return _read(pickup.pk)


@transaction.atomic
def scan(*, caller: Caller, pickup_id: str, code: str, serial: str | None = None) -> Pickup:
    """Confirm one picked unit. `code` is its SKU, barcode or serial number; a serialised item needs a serial.

    Errors: PICKUP_NOT_FOUND, WRONG_STATE, NOT_IN_PICKUP, ALREADY_PICKED, and the serial errors of the inventory.
    """
    pickup = _locked(caller, pickup_id)
    if pickup.state not in (State.ACCEPTED, State.PICKING):
        raise _wrong_state(pickup, State.PICKING)
    scanned = lookup.find(code, pickup.order.channel)
    # An article that is no longer sold is still owed: its SKU is enough.
    line = _line_of(pickup, scanned.variant.sku if scanned else code.strip())
    if line.picked >= line.quantity:
        raise ApiError(errors.ALREADY_PICKED, _("All pieces of this article are picked already."), field="code")
    if line.serialised:
        is_unit = scanned is not None and scanned.serial_state is not None
        _pick_unit(pickup, line, serial or (code if is_unit else ""))
    else:
        line.picked += 1
    line.save(update_fields=["picked", "serials"])
    return pickup if pickup.state == State.PICKING else _move(pickup, State.PICKING, caller.scope)


@transaction.atomic
def ready(*, caller: Caller, pickup_id: str) -> Pickup:
    """Everything is picked: the customer is told, and has five days. Again is the same as once.

    Errors: PICKUP_NOT_FOUND, WRONG_STATE, NOT_ALL_PICKED, ORDER_HELD (goods of a service that waits for its line).
    """
    pickup = _locked(caller, pickup_id)
    if pickup.state == State.READY:
        return pickup
    if pickup.state in (State.ACCEPTED, State.PICKING) and not _all_picked(pickup):
        raise ApiError(errors.NOT_ALL_PICKED, _("Not everything is picked yet: scan each unit first."))
    _require_not_held(pickup)
    pickup.pickup_by = _end_of_keeping(pickup.store, clock.now())
    _move(pickup, State.READY, caller.scope)
    timeline.add(order=pickup.order, code="PICKUP_READY", actor=caller.scope, store=pickup.store.name)
    _tell("pickup.ready", pickup)
    return pickup


def hand_over(*, caller: Caller, pickup_id: str, code: str, collected_by: str) -> Pickup:
    """Give the goods to whoever shows the code. The stock leaves the ledger, once.

    Told again by the same person of the same customer, it is the same; anyone else is told that the goods are gone.
    Wrong codes are counted for the pickup and for the store, whatever else happens, so this must not run inside a
    transaction. Errors: REQUIRED, PICKUP_NOT_FOUND, WRONG_STATE, PICKUP_EXPIRED, WRONG_CODE, TOO_MANY_ATTEMPTS,
    PAYMENT_DUE, ORDER_HELD, and those of the inventory.
    """
    if not collected_by.strip():
        raise ApiError(REQUIRED, _("Note who collects the order."), field="collectedBy")
    pickup = _found(caller, pickup_id)
    _check_code(caller, pickup, code)
    with transaction.atomic():
        return _hand_over(caller, pickup_id, collected_by.strip()[:120])


def expire_due(*, limit: int = 200) -> int:
    """End the pickups that nobody collected in time, each in a transaction of its own; returns how many."""
    due = Pickup.objects.filter(state=State.READY, pickup_by__lt=clock.now()).order_by("pickup_by")
    return sum(_expire_unless_stuck(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


def _expire_unless_stuck(pk: UUID) -> bool:
    try:
        with translated_errors():
            return _expire(pk)
    except ApiError:
        # One that cannot be ended now must not keep the others; the next sweep comes back to it.
        log.exception("pickup %s could not expire", pk)
        return False


def _hand_over(caller: Caller, pickup_id: str, collected_by: str) -> Pickup:
    pickup = _locked(caller, pickup_id)
    if pickup.state == State.HANDED_OVER:
        if (pickup.handed_over_by, pickup.collected_by) == (caller.scope, collected_by):
            return pickup
        message = _("This order was handed over already, to %(name)s.")
        raise ApiError(errors.WRONG_STATE, message, params={"name": pickup.collected_by})
    if pickup.state == State.EXPIRED or (pickup.state == State.READY and _is_over(pickup)):
        raise ApiError(errors.PICKUP_EXPIRED, _("The time to collect this order is over; it is cancelled."))
    if not may(State(pickup.state), State.HANDED_OVER):
        raise _wrong_state(pickup, State.HANDED_OVER)
    _require_not_held(pickup)
    if due := orders.amount_due(pickup.order):
        amount = str(pickup.order.money(due))
        message = _("%(amount)s must be paid before the order is handed over.")
        raise ApiError(errors.PAYMENT_DUE, message, params={"amount": amount})
    serials: dict[str, list[str]] = {}
    for line in pickup.lines.all():
        if line.serialised:
            serials.setdefault(line.sku, []).extend(line.serials)
    if pickup.reservation_id:
        inventory.issue(
            reservation_id=pickup.reservation_id,
            serials=serials,
            source_key=f"pickup/{pickup.pk}",
            actor=caller.scope,
            core_pending=True,
        )
    pickup.collected_by, pickup.handed_over_by = collected_by, caller.scope
    _move(pickup, State.HANDED_OVER, caller.scope)
    orders.fulfil(order_id=pickup.order_id, serials=serials, actor=caller.scope)
    _tell("pickup.handed_over", pickup)
    return _read(pickup.pk)


def _require_not_held(pickup: Pickup) -> None:
    held.require_not_held([line.order_line_id for line in pickup.lines.all()])


def _check_code(caller: Caller, pickup: Pickup, typed: str) -> None:
    by_pickup, by_store = f"pickup:{pickup.pk}", f"pickup-store:{pickup.store_id}"
    # Counted before it is judged, so that many tries at once cannot slip past. First the pickup's own count: one that
    # is locked must not use up the store's.
    attempts.spend(by_pickup, limit=WRONG_CODES_A_PICKUP)
    attempts.spend(by_store, limit=WRONG_CODES_A_STORE)
    if not codes.matches(selectors.code_of(pickup), typed[:40]):
        audit.record(actor=caller.scope, action="pickup.wrong_code", subject=f"pickup:{pickup.pk}")
        raise ApiError(errors.WRONG_CODE, _("This is not the code of this pickup."), field="code")
    attempts.give_back(by_pickup)
    attempts.give_back(by_store)


def _expire(pk: UUID) -> bool:
    with transaction.atomic():
        orders.locked(Pickup.objects.values_list("order_id", flat=True).get(pk=pk))
        (pickup,) = lock_rows(Pickup.objects.filter(pk=pk))
        if pickup.state != State.READY or not _is_over(pickup):
            return False
        _move(pickup, State.EXPIRED, "system")
        cancellation.cancel(order_id=pickup.order_id, reason="not collected in time", actor="system")
        _tell("pickup.expired", pickup)
        return True


def _is_over(pickup: Pickup) -> bool:
    return pickup.pickup_by is not None and pickup.pickup_by < clock.now()


def _read(pk: UUID) -> Pickup:
    """The pickup with its order as they are now."""
    return selectors.with_details(Pickup.objects.filter(pk=pk)).get()


def _found(caller: Caller, pickup_id: str) -> Pickup:
    caller.require(PICKUP_HANDLE)
    try:
        pk = UUID(pickup_id)
    except ValueError:
        raise selectors.not_found() from None
    pickup = selectors.with_details(Pickup.objects.filter(pk=pk)).first()
    if pickup is None:
        raise selectors.not_found()
    selectors.require_store(caller, pickup.store_id)
    return pickup


def _locked(caller: Caller, pickup_id: str) -> Pickup:
    found = _found(caller, pickup_id)
    # Order before pickup: the order of locks, as everywhere.
    orders.locked(found.order_id)
    lock_rows(Pickup.objects.filter(pk=found.pk))
    return _read(found.pk)


def _move(pickup: Pickup, target: State, actor: str, *, reason: str = "") -> Pickup:
    if not may(State(pickup.state), target):
        raise _wrong_state(pickup, target)
    pickup.state, pickup.changed_at = target, clock.now()
    pickup.reason = reason or pickup.reason
    pickup.save(update_fields=["state", "changed_at", "reason", "pickup_by", "collected_by", "handed_over_by"])
    audit.record(actor=actor, action=f"pickup.{target.lower()}", subject=f"pickup:{pickup.pk}")
    return pickup


def _wrong_state(pickup: Pickup, target: State) -> ApiError:
    message = _('This pickup is "%(state)s" and cannot become "%(target)s".')
    return ApiError(
        errors.WRONG_STATE, message, params={"state": STATES[State(pickup.state)], "target": STATES[target]}
    )


def _line_of(pickup: Pickup, sku: str) -> PickupLine:
    """The line that a piece is picked for: of several with one article, as bundles have, the first that lacks one."""
    lines = [line for line in pickup.lines.all() if line.sku == sku]
    if not lines:
        raise ApiError(errors.NOT_IN_PICKUP, _("This article does not belong to this pickup."), field="code")
    return next((line for line in lines if line.picked < line.quantity), lines[-1])


def _pick_unit(pickup: Pickup, line: PickupLine, serial: str) -> None:
    unit = inventory.pick_unit(reservation_id=str(pickup.reservation_id), sku=line.sku, serial=serial)
    if any(unit.identifier in other.serials for other in pickup.lines.all()):
        raise ApiError(errors.ALREADY_PICKED, _("This unit is picked already."), field="serial")
    line.serials = [*line.serials, unit.identifier]
    line.picked = len(line.serials)


def _all_picked(pickup: Pickup) -> bool:
    return all(line.picked == line.quantity for line in pickup.lines.all())


def _set_order(pickup: Pickup, status: str) -> None:
    if pickup.order.status in (OrderStatus.PLACED, OrderStatus.HELD):
        orders.set_status(order_id=pickup.order_id, status=status)


def _end_of_keeping(store: Store, now: datetime) -> datetime:
    """The end of the store's day, five days on, so that nobody stands before an open store too late."""
    last_moment = now + KEPT_FOR
    day = last_moment.astimezone(store.zone()).date()
    ends = [end for _start, end in stock.opening_intervals(store, day) if end > last_moment]
    return min(ends, default=last_moment)


def _tell(topic: str, pickup: Pickup) -> None:
    outbox.publish(topic=topic, aggregate=f"order:{pickup.order_id}", payload={"pickup_id": str(pickup.pk)})
