"""Orders that wait for a line: what a change of the network does to a promise, and what nobody may do meanwhile.

A promise is broken when, with its port as it is now, the day would not have been told on the day it was agreed on; work
that begins later breaks none. Without a line in time the order is on hold; where only the work takes longer it gets
another day. An order leaves its hold when the port is open or the first day can be kept after all, or
by a colleague's word. Locks: order, hold, promises, then reservations and openings.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, outbox
from kernel.errors import INVALID, REQUIRED, ApiError
from kernel.identity import Caller
from kernel.locks import lock_rows
from plugins.carts import access, at_address, errors, orders, timeline
from plugins.carts.contact import clean_text
from plugins.carts.models import Order, OrderLine, OrderStatus, ServiceHold, ServicePromise
from plugins.carts.placing_order import DATES_CHANGED, promise_date
from plugins.serviceability import promises, reservations
from plugins.serviceability import services as qualifications
from plugins.serviceability.models import CapacityReservation
from plugins.serviceability.network import Network
from plugins.serviceability.qualification import Category, Option
from plugins.staff.permissions import ORDER_HOLD

HOLD_CHANGED: Final = "order.hold"
"""What the customer is told: {order_id, revision}."""

BATCH: Final = 500
MAX_DAYS_AHEAD: Final = 730
_REASON_LENGTH: Final = 200
State = ServicePromise.State


def look_at_all(states: Collection[str] = ServicePromise.LIVE) -> int:
    """Look again at the orders whose promises stand otherwise by now; returns how many changed. Each on its own."""
    changed, last = 0, UUID(int=0)
    while True:
        live = ServicePromise.objects.select_related("premises").filter(state__in=states, pk__gt=last).order_by("pk")
        batch = list(live[:BATCH])
        if not batch:
            return changed
        ports, network = _ports(batch), promises.network_now()
        # Without locks: most stand as they did.
        due = {promise.order_id for promise in batch if _judge(promise, ports.get(promise.key), network)}
        changed += sum(look_again(order_id=str(order_id)) for order_id in sorted(filter(None, due)))
        last = batch[-1].pk


@transaction.atomic
def look_again(*, order_id: str) -> bool:
    """Put the order on hold, give it another day or let it go on, as its ports stand now; whether it changed."""
    order = orders.locked(order_id)
    live = lock_rows(order.promises.select_related("premises").filter(state__in=ServicePromise.LIVE))
    ports, network = _ports(live), promises.network_now()
    changed = [promise for promise in live if _judge(promise, ports.get(promise.key), network)]
    if not changed:
        return False
    _write(order, live, changed, actor="system")
    return True


@transaction.atomic
def release(*, caller: Caller, order_id: str, reason: str, day: dt.date | None = None) -> Order:
    """Let an order go on by hand, for `day` or the day it has: no change of the network holds it again.

    Errors: NOT_FOUND, PERMISSION_DENIED (without order.hold), ORDER_NOT_HELD, REQUIRED (reason, date), INVALID (date).
    """
    caller.require(ORDER_HOLD)
    order = access.order_or_refuse(caller, order_id)
    return let_go(order_id=order.pk, reason=reason, day=day, actor=caller.scope)


@transaction.atomic
def let_go(*, order_id: str, reason: str, day: dt.date | None, actor: str) -> Order:
    """As `release`, for callers that have checked who asks. Errors: ORDER_NOT_HELD, REQUIRED, INVALID."""
    text = clean_text(reason, field="reason", length=_REASON_LENGTH)
    if not text:
        raise ApiError(REQUIRED, _("Say why the order goes on."), field="reason")
    order = orders.locked(order_id)
    live = lock_rows(order.promises.select_related("premises").filter(state__in=ServicePromise.LIVE))
    held = [promise for promise in live if promise.state == State.HELD]
    if not held:
        raise ApiError(errors.ORDER_NOT_HELD, _("This order is not on hold."), field="id")
    network = promises.network_now()
    for promise in held:
        today = promises.today_at(promise.premises, network)
        chosen = day or promise.promised_on
        if chosen is None:
            raise ApiError(REQUIRED, _("Say the day that is promised to the customer."), field="date")
        if not today <= chosen <= today + dt.timedelta(days=MAX_DAYS_AHEAD):
            message = _("Choose a day from today on, at most two years ahead.")
            raise ApiError(INVALID, message, field="date")
        promise.state, promise.released_by_hand = State.KEPT, True
        promise.promised_on, promise.agreed_on = chosen, today
    _write(order, live, held, actor=actor, reason=text)
    return order


@transaction.atomic
def service_done(*, caller: Caller, order_id: str) -> Order:
    """The services of the order work at the address. Again is the same as once.

    Errors: NOT_FOUND, PERMISSION_DENIED (without order.hold), ORDER_HELD, NOTHING_TO_INSTALL.
    """
    caller.require(ORDER_HOLD)
    order = orders.locked(access.order_or_refuse(caller, order_id).pk)
    found = lock_rows(order.promises.exclude(state=State.ENDED))
    if not found:
        raise ApiError(errors.NOTHING_TO_INSTALL, _("Nothing of this order is installed at an address."), field="id")
    if any(promise.state == State.HELD for promise in found):
        raise order_held()
    if all(promise.state == State.DONE for promise in found):
        return order
    order.promises.filter(state=State.KEPT).update(state=State.DONE)
    timeline.add(order=order, code="SERVICE_WORKS", actor=caller.scope)
    audit.record(actor=caller.scope, action="order.service_done", subject=f"order:{order.number}")
    if order.status == OrderStatus.PARTIALLY_RETURNED:
        return order
    goods_left = order.status != OrderStatus.PARTIALLY_FULFILLED and order.lines.filter(stocked=True).exists()
    return orders.set_status(order_id=order.pk, status=OrderStatus.IN_PROGRESS if goods_left else OrderStatus.FULFILLED)


def require_not_held(line_ids: Collection[UUID]) -> None:
    """Refuse to send anybody or hand anything over for lines whose service waits. Errors: ORDER_HELD."""
    if OrderLine.objects.filter(pk__in=line_ids, service__state=State.HELD).exists():
        raise order_held()


def order_held() -> ApiError:
    """Nobody is sent out."""
    message = _("This part of the order is on hold until there is a line: nothing is installed or handed over before.")
    return ApiError(errors.ORDER_HELD, message, field="id")


def _ports(found: Sequence[ServicePromise]) -> dict[str, dt.date]:
    """The day on which the port of each promise opens, by key; those without a port are left out. One query."""
    keys = [promise.key for promise in found]
    held = CapacityReservation.objects.filter(key__in=keys, state__in=CapacityReservation.ACTIVE)
    return dict(held.values_list("key", "opening__opens_on"))


def _judge(promise: ServicePromise, port: dt.date | None, network: Network) -> bool:
    """Bring state and day of a promise to how its port stands; whether anything changed. Saves nothing."""
    if promise.released_by_hand:
        return False
    before = promise.state, promise.promised_on
    today = promises.today_at(promise.premises, network)
    if promise.state == State.HELD and (day := _day_to_go_on(promise, port, today, network)):
        promise.state = State.KEPT
        if day != promise.promised_on:
            promise.promised_on, promise.agreed_on = day, today
        return True
    # On the day it was agreed on, so that a crew that has not begun yet breaks no promise.
    then = _day(promise, _option(promise, promise.agreed_on, port, network))
    stands = then == promise.promised_on or (promise.state == State.KEPT and _is_by(then, promise.promised_on))
    if not stands:
        made = _option(promise, today, port, network)
        # Where the line is there in time and only the work takes longer, nobody has to wait for it.
        if promise.state == State.KEPT and (made is None or made.reasons):
            promise.state = State.HELD
        promise.promised_on, promise.agreed_on = _day(promise, made), today
    return (promise.state, promise.promised_on) != before


def _day_to_go_on(promise: ServicePromise, port: dt.date | None, today: dt.date, network: Network) -> dt.date | None:
    """The day for an order on hold that can go on, None for one that cannot."""
    made = _option(promise, today, port, network)
    day = _day(promise, made)
    if made is None or day is None:
        return None
    has_port = not promises.takes_port(promise.premises, promise.technology) or (port is not None and port <= today)
    if not (has_port and not made.reasons) and not _is_by(day, promise.first_on):
        return None
    latest = max(day, promise.first_on or day)
    # Told already, and work that is planned for that day is not put off.
    told = promise.promised_on
    return min(latest, told) if told is not None and told >= today else latest


def _option(promise: ServicePromise, on: dt.date, port: dt.date | None, network: Network) -> Option | None:
    return promises.kept(network, promise.premises, promise.technology, promise.least_mbps, on=on, port=port)


def _day(promise: ServicePromise, made: Option | None) -> dt.date | None:
    if made is None or made.day is None:
        return None
    return max(made.day, promise.requested_on or made.day)


def _is_by(day: dt.date | None, promised: dt.date | None) -> bool:
    return day is not None and promised is not None and day <= promised


def _write(
    order: Order, live: Sequence[ServicePromise], changed: Sequence[ServicePromise], *, actor: str, reason: str = ""
) -> None:
    """All that a change of promises means, in the caller's transaction: one message, the same day everywhere."""
    for promise in changed:
        promise.save(update_fields=["state", "promised_on", "agreed_on", "released_by_hand"])
        OrderLine.objects.filter(service=promise).update(available_from=promise.promised_on)
        if promise.state == State.KEPT:
            reservations.need_by(key=promise.key, day=promise.promised_on)
        _wait(order, promise)
    is_held = any(promise.state == State.HELD for promise in live)
    hold = _hold_of(order)
    if is_held and not hold.is_held:
        hold.since, hold.resumes_as = clock.now(), order.status
    if is_held:
        order.status = OrderStatus.HELD
    elif hold.is_held:
        order.status = hold.resumes_as
    lines = list(order.lines.select_related("delivery__store"))
    order.promise_date = promise_date(lines, next((line.delivery for line in lines if line.delivery), None))
    order.save(update_fields=["status", "promise_date"])
    at_address.date_bundles(order.cart_id, lines)
    day = order.promise_date.isoformat() if order.promise_date else ""
    code = _code(is_held, hold.is_held, day)
    hold.is_held, hold.code, hold.revision = is_held, code, hold.revision + 1
    hold.save()
    timeline.add(order=order, code=code, actor=actor, **({"day": day} if day else {}))
    audit.record(
        actor=actor,
        action=f"order.{code.lower()}",
        subject=f"order:{order.number}",
        detail={"day": day, "reason": reason},
    )
    aggregate = f"order:{order.pk}"
    status = {"order_id": order.pk, "status": order.status}
    outbox.publish(topic="order.status", aggregate=aggregate, payload=status)
    outbox.publish(topic=DATES_CHANGED, aggregate=aggregate, payload={"order_id": order.pk})
    told = {"order_id": order.pk, "revision": hold.revision}
    outbox.publish(topic=HOLD_CHANGED, aggregate=f"mail:{order.pk}", payload=told)


def _code(is_held: bool, was_held: bool, day: str) -> str:
    if is_held:
        return "HELD" if day else "HELD_WITHOUT_DATE"
    return "HOLD_OVER" if was_held else "DATE_MOVED"


def _hold_of(order: Order) -> ServiceHold:
    """The row of the order, which is locked: nobody else makes it."""
    return ServiceHold.objects.filter(order=order).first() or ServiceHold(
        order=order, is_held=False, resumes_as=order.status
    )


def _wait(order: Order, promise: ServicePromise) -> None:
    """Who has no day is demand for planners to see; who has one is not."""
    if not order.email:
        return
    wants = promise.state == State.HELD and promise.promised_on is None
    (qualifications.wait_at if wants else qualifications.stop_waiting)(
        premises=promise.premises, category=Category(promise.category), email=order.email
    )
