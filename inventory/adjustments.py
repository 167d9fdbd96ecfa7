"""Adjustments: pieces that came, went or lie elsewhere, with a reason, and from some number on with a second person.

What is asked for is checked as if it were booked at once, so that nobody waits for an approval that cannot be given.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Case, IntegerField, QuerySet, When

from kernel import clock
from kernel.locks import lock_rows

from . import count_errors, errors, goods, ledger, receipts, rooms, units
from .models import Adjustment, Reason, StockRoom, Unit

State = Adjustment.State
Direction = Reason.Direction

# What becomes of units that leave the store by an adjustment: nobody knows where these are.
_MISSING = frozenset({"LOST", "STOLEN"})


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be adjusted, and in which room it lies (for what comes in: will lie). None is the sales floor.

    `to_room_id` only for a move whose reason names no kind of room.
    """

    sku: str
    quantity: int
    serials: Sequence[str] = ()
    room_id: str | None = None
    to_room_id: str | None = None


@transaction.atomic
def adjust(
    *,
    store_id: str,
    reason_code: str,
    change: Change,
    note: str = "",
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
) -> Adjustment:
    """Book the change, or keep it for a second person when the reason asks for one from so many pieces on.

    A repeat with the same `source_key` returns the same. What has happened is booked though the pieces were promised.

    Raises REASON_NOT_FOUND, STORE_NOT_FOUND, ROOM_NOT_FOUND, UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY,
    INSUFFICIENT_STOCK when less lies in the room, the serial errors, IDEMPOTENCY_MISMATCH; nothing is changed then.
    """
    goods.check_store(store_id)
    reason = Reason.objects.filter(pk=reason_code, is_active=True).first()
    if reason is None:
        raise count_errors.reason_not_found(reason_code)
    if found := Adjustment.objects.filter(source_key=source_key).first():
        return _same(found, store_id, reason, change)
    item = goods.items_by_sku([change.sku])[change.sku]
    if not item.stocked:
        raise errors.not_stocked(change.sku)
    goods.check_quantity(change.sku, change.quantity)
    adjustment = Adjustment(
        source_key=source_key,
        store_id=store_id,
        reason=reason,
        item=item,
        quantity=change.quantity,
        serials=list(change.serials),
        room=_room(store_id, change.room_id),
        to_room=_target(store_id, reason, change.to_room_id),
        note=note,
        state=State.BOOKED,
        asked_by=actor,
        occurred_at=occurred_at or clock.now(),
    )
    if reason.approval_from is not None and change.quantity >= reason.approval_from:
        _try(adjustment)
        adjustment.state = State.PENDING
        adjustment.save()
    else:
        adjustment.save()
        _book(adjustment, actor)
    return adjustment


@transaction.atomic
def decide(*, adjustment_id: str, store_id: str, approve: bool, actor: str) -> Adjustment:
    """Book what waits, or reject it. The same decision again changes nothing.

    Raises ADJUSTMENT_NOT_FOUND, ADJUSTMENT_DECIDED, ADJUSTMENT_OWN_WORK, and when approved those of `adjust`, since the
    stock may have changed; then it waits on.
    """
    found = lock_rows(Adjustment.objects.filter(pk=adjustment_id, store_id=store_id), no_key=True)
    if not found:
        raise count_errors.adjustment_not_found()
    adjustment = found[0]
    wanted = State.BOOKED if approve else State.REJECTED
    if adjustment.state == wanted and adjustment.decided_by == actor:
        return adjustment
    if adjustment.state != State.PENDING:
        raise count_errors.adjustment_decided(str(adjustment.get_state_display()))
    if adjustment.asked_by == actor:
        raise count_errors.adjustment_own_work()
    adjustment.state, adjustment.decided_by, adjustment.decided_at = wanted, actor, clock.now()
    adjustment.save(update_fields=["state", "decided_by", "decided_at"])
    if approve:
        _book(adjustment, actor)
    return adjustment


def _same(found: Adjustment, store_id: str, reason: Reason, change: Change) -> Adjustment:
    told = (store_id, reason.pk, change.sku, change.quantity, list(change.serials))
    if told != (found.store_id, found.reason_id, found.item_id, found.quantity, found.serials):
        raise errors.source_key_reused(found.source_key)
    return found


def _room(store_id: str, room_id: str | None) -> StockRoom:
    rows = StockRoom.objects.filter(store_id=store_id)
    room = rows.filter(pk=room_id).first() if room_id else rows.filter(kind=StockRoom.Kind.FLOOR).first()
    if room is None:
        raise errors.room_not_found(room_id, field="roomId")
    return room


def _target(store_id: str, reason: Reason, to_room_id: str | None) -> StockRoom | None:
    """Where a move goes: the room named, of the kind that the reason asks for; by itself the only room of the kind."""
    if reason.direction != Direction.MOVE:
        return None
    rows = StockRoom.objects.filter(store_id=store_id)
    if reason.to_kind:
        rows = rows.filter(kind=reason.to_kind)
    elif not to_room_id:
        raise errors.room_not_found(None, field="toRoomId")
    found = (rows.filter(pk=to_room_id) if to_room_id else rows.order_by("code")).first()
    if found is None:
        raise errors.room_not_found(to_room_id or reason.get_to_kind_display(), field="toRoomId")
    return found


class _Tried(Exception):
    """Ends the rehearsal of a booking."""


def _try(adjustment: Adjustment) -> None:
    """Raise what booking it would raise; nothing is kept."""
    try:
        with transaction.atomic():
            _book(adjustment, adjustment.asked_by)
            raise _Tried
    except _Tried:
        return


def _book(adjustment: Adjustment, actor: str) -> None:
    reason, key = adjustment.reason, f"adjustment/{adjustment.pk}"
    line = (adjustment.item_id, adjustment.quantity, adjustment.serials)
    match reason.direction:
        case Direction.MOVE:
            assert adjustment.to_room_id is not None
            rooms.move(
                store_id=adjustment.store_id,
                lines=[line],
                from_room_id=adjustment.room_id,
                to_room_id=adjustment.to_room_id,
                source_key=key,
                actor=actor,
                kind=reason.kind,  # type: ignore[arg-type]
                reason=reason.pk,
                occurred_at=adjustment.occurred_at,
                even_if_promised=True,
            )
        case Direction.IN:
            receipts.receive(
                store_id=adjustment.store_id,
                sku=adjustment.item_id,
                quantity=adjustment.quantity,
                serials=adjustment.serials,
                source_key=key,
                actor=actor,
                occurred_at=adjustment.occurred_at,
                room_id=adjustment.room_id,
                kind=reason.kind,  # type: ignore[arg-type]
                reason=reason.pk,
            )
        case Direction.OUT:
            _take_out(adjustment, key, actor)


def _take_out(adjustment: Adjustment, key: str, actor: str) -> None:
    """The pieces have left the store, out of their room."""
    sku, store_id, room = adjustment.item_id, adjustment.store_id, adjustment.room
    wanted = goods.stocked([(sku, adjustment.quantity)])
    errors.raise_first(goods.name_serials(wanted, {sku: adjustment.serials}))
    rooms.locked(store_id, [room.pk])
    books = ledger.Books.locked([(store_id, sku)], create=True)
    there = books.in_room((store_id, sku), room)
    if there < adjustment.quantity:
        raise errors.insufficient_stock([errors.Shortage(sku, adjustment.quantity, max(there, 0))])
    gone = units.lying(wanted[sku], store_id, room)
    state = Unit.State.MISSING if adjustment.reason_id in _MISSING else Unit.State.REMOVE_FROM_INVENTORY
    units.change(gone, state)
    entry = ledger.Entry(
        (store_id, sku),
        adjustment.reason.kind,  # type: ignore[arg-type]
        -adjustment.quantity,
        f"{key}/{sku}",
        gone,
        len(gone) - adjustment.quantity,
        adjustment.reason_id,
        room,
    )
    books.book([entry], actor=actor, occurred_at=adjustment.occurred_at)


def of_store(store_id: str, *, states: Collection[str] = (), limit: int = 100) -> list[Adjustment]:
    """The latest adjustments of a store, those that wait first. One query."""
    found = _shown().filter(store_id=store_id)
    if states:
        found = found.filter(state__in=states)
    waiting = Case(When(state=State.PENDING, then=0), default=1, output_field=IntegerField())
    return list(found.order_by(waiting, "-recorded_at", "id")[:limit])


def of_ids(adjustment_ids: Collection[str]) -> list[Adjustment]:
    """These adjustments. One query."""
    return list(_shown().filter(pk__in=adjustment_ids))


def _shown() -> QuerySet[Adjustment]:
    return Adjustment.objects.select_related("reason", "item", "room", "to_room")


def reasons() -> list[Reason]:
    """Those that may be chosen. One query."""
    return list(Reason.objects.filter(is_active=True))
