"""A count is authorised and posted: the books are brought to what was there, at the moment it was counted."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db import transaction

from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import count_errors, count_variance, counts, errors, ledger, resolution, rooms, units
from .count_variance import Result
from .models import Contradiction, CountEntry, CountLine, Movement, MovementKind, StockCount, StockRoom, Unit
from .resolution import Clash

State = StockCount.State


@transaction.atomic
def authorise(
    *, count_id: str, accepted: Collection[int] = (), actor: str, occurred_at: datetime | None = None
) -> StockCount:
    """Post a counted count. `accepted` are the ids of the lines beyond the tolerance that the manager has looked at.

    Differences within the tolerance need no acceptance. A disturbed line (see `count_variance`) is posted only when it
    is accepted. A unit that is not there becomes MISSING, one that the books have elsewhere a contradiction, and an
    unknown one is registered. A repeat changes nothing.

    Raises COUNT_NOT_FOUND, COUNT_CLOSED, COUNT_RECOUNT_NEEDED, COUNT_NOT_ACCEPTED, COUNT_OWN_WORK when the actor
    counted and something is beyond the tolerance, TRY_AGAIN.
    """
    count = counts.locked_count(count_id)
    if count.state == State.AUTHORISED:
        return count
    if count.state != State.COUNTED:
        raise count_errors.count_closed(str(count.get_state_display()))
    lines = count_variance.lines_of(count)
    there = {line.part.room_id: line.part.room for line in lines}
    rooms.locked(count.store_id, list(there))
    books = ledger.Books.locked([(count.store_id, line.item_id) for line in lines], create=True)
    found = count_variance.results(count, lines)
    _check(count, found, set(accepted), actor)
    _lock_units(found)
    _book(count, books, found, actor, occurred_at)
    for result in found:
        result.line.expected = result.expected
        result.line.accepted_by = "" if result.within_tolerance else actor
    CountLine.objects.bulk_update(lines, ["expected", "accepted_by"], batch_size=500)
    counts.close(count, State.AUTHORISED, actor)
    return count


def _check(count: StockCount, found: Sequence[Result], accepted: set[int], actor: str) -> None:
    beyond = [result for result in found if not result.within_tolerance]
    open_lines = [result for result in beyond if result.line.pk not in accepted]
    if disturbed := [result.line.item_id for result in open_lines if result.disturbed]:
        raise count_errors.count_recount_needed(disturbed)
    if open_lines:
        raise count_errors.count_not_accepted([result.line.item_id for result in open_lines])
    if beyond and CountEntry.objects.filter(line__part__count=count, actor=actor).exists():
        raise count_errors.count_own_work()


def _lock_units(found: Iterable[Result]) -> None:
    """In order. What the balances of this store do not guard may have changed since it was read."""
    known = {
        unit.pk: unit
        for result in found
        for group in (
            result.pieces.missing,
            result.pieces.elsewhere_here,
            result.pieces.found_again,
            result.pieces.contradictory,
        )
        for unit in group
    }
    for unit in lock_rows(Unit.objects.filter(pk__in=known)):
        before = known[unit.pk]
        if (unit.state, unit.store_id, unit.room_id) != (before.state, before.store_id, before.room_id):
            raise errors.serial_just_booked()


def _book(
    count: StockCount, books: ledger.Books, found: Sequence[Result], actor: str, occurred_at: datetime | None
) -> None:
    """What comes in first, then what leaves rooms, then what leaves the floor, which may need what the rooms have."""
    entries = [entry for result in found for entry in _entries(count, result)]
    entries.sort(key=lambda entry: (entry.quantity < 0, entry.room is None or entry.room.is_floor))
    try:
        movements = books.book(entries, actor=actor, occurred_at=occurred_at)
    except ApiError as refusal:
        if refusal.code != errors.INSUFFICIENT_STOCK:
            raise
        # By the books more left a room since than was counted there.
        raise count_errors.count_recount_needed([refusal.params["sku"]]) from refusal
    by_key = {movement.source_key: movement for movement in movements}
    for result in found:
        _note_contradictions(count, result, by_key.get(_key(count, result, "elsewhere")))


def _key(count: StockCount, result: Result, what: str) -> str:
    return f"count/{count.pk}/{result.line.pk}/{what}"


def _entries(count: StockCount, result: Result) -> list[ledger.Entry]:
    place = (count.store_id, result.line.item_id)

    def entry(
        what: str, quantity: int, moved: Sequence[Unit] = (), unregistered: int = 0, room: StockRoom = result.room
    ) -> ledger.Entry:
        key = _key(count, result, what)
        return ledger.Entry(place, MovementKind.COUNT, quantity, key, moved, unregistered, count.type, room)

    if not result.line.item.tracked:
        return [entry("pieces", result.variance, unregistered=result.variance)] if result.variance else []
    pieces = result.pieces
    entries = []
    if pieces.missing:
        units.change(pieces.missing, Unit.State.MISSING)
        entries.append(entry("missing", -len(pieces.missing), pieces.missing))
    for unit in pieces.elsewhere_here:
        entries.append(entry(f"out/{unit.pk}", -1, room=unit.room or _floor(count)))
        entries.append(entry(f"in/{unit.pk}", 1, [unit]))
        state = units.state_in(result.room) if unit.state in units.FREE else unit.state
        units.change([unit], state, room=result.room, line=unit.reservation_line)
    arrived = _arrive(count, result)
    if arrived:
        entries.append(entry("found", len(arrived), arrived))
    if pieces.contradictory:
        number = len(pieces.contradictory)
        entries.append(entry("elsewhere", number, unregistered=number))
    if pieces.unregistered:
        entries.append(entry("unregistered", -pieces.unregistered, unregistered=-pieces.unregistered))
    return entries


def _arrive(count: StockCount, result: Result) -> list[Unit]:
    """The units that come (back) into the books, in the room where they were found."""
    state, item = units.state_in(result.room), result.line.item
    units.change(result.pieces.found_again, state, store_id=count.store_id, room=result.room)
    new = [
        Unit(
            item=item,
            identifier_type=item.tracking,
            identifier=number,
            store_id=count.store_id,
            state=state,
            room=None if result.room.is_floor else result.room,
        )
        for number in result.pieces.new
    ]
    return [*result.pieces.found_again, *units.create(new)]


def _floor(count: StockCount) -> StockRoom:
    return StockRoom.objects.get(store_id=count.store_id, kind=StockRoom.Kind.FLOOR)


def _note_contradictions(count: StockCount, result: Result, movement: Movement | None) -> None:
    """For a person to settle; what is on the list already is not put there twice."""
    if movement is None:
        return
    listed = set(
        Contradiction.objects.filter(
            code=errors.SERIAL_COUNTED_ELSEWHERE, settled_at=None, movement__store_id=count.store_id
        ).values_list("params__serial", flat=True)
    )
    for unit in result.pieces.contradictory:
        if unit.identifier not in listed:
            problem = errors.serial_counted_elsewhere(
                unit.item_id, unit.identifier, unit.get_state_display(), str(unit.store)
            )
            resolution.record([Clash(problem, movement, 1)])
