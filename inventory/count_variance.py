"""What a count found against the books, for each line, as of the moment at which it was counted.

The books say what lay in a room at a moment: what lies there now, less the movements since. A movement counts as since
when it occurred after the line was last counted; of the same instant, when it stands after the ledger's position then.
So a sale that happened before the count but was told later is not taken for a loss, and one that happened while others
were still counting is not undone.

Where goods moved in between and nobody can tell which of the counted pieces they were, the line is `disturbed` and has
to be counted again. Of serialised pieces it is always known, from each scan's own moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F

from . import uin
from .models import (
    Balance,
    CountEntry,
    CountLine,
    Movement,
    RoomBalance,
    StockCount,
    StockRoom,
    Unit,
    UnitIdentifier,
    UnitMovement,
)

# A booking that brought pieces to the floor by itself, see `ledger`: from where they were really taken is not known.
BROUGHT = "/from/"


@dataclass(frozen=True, slots=True)
class Scan:
    """A serialised piece seen at a moment; `unit` None when its number is not in the books."""

    number: str
    at: datetime
    position: int
    unit: Unit | None


@dataclass(slots=True)
class Pieces:
    """What the scans of a line mean: units by what has to be booked for them."""

    missing: list[Unit] = field(default_factory=list)
    # Scanned in another room of the same count, whose line books them.
    left: list[Unit] = field(default_factory=list)
    # In the books, and free to come into this room: from another room of the store, or from nowhere.
    elsewhere_here: list[Unit] = field(default_factory=list)
    found_again: list[Unit] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    # The books have them in another store, on the way, or with a customer.
    contradictory: list[Unit] = field(default_factory=list)
    # Pieces that the room holds by quantity alone.
    unregistered: int = 0

    @property
    def variance(self) -> int:
        """By how many pieces the room differs."""
        found = len(self.elsewhere_here) + len(self.found_again) + len(self.new) + len(self.contradictory)
        return found - len(self.missing) - len(self.left) - self.unregistered

    @property
    def differing(self) -> int:
        """How many pieces are not as the books have them; registering one that was known by quantity is no fault."""
        registered = min(len(self.new), max(self.unregistered, 0))
        apart = len(self.elsewhere_here) + len(self.found_again) + len(self.contradictory)
        apart += len(self.missing) + len(self.left)
        return apart + len(self.new) - registered + abs(self.unregistered - registered)


@dataclass(slots=True)
class Result:
    """A line with what the books expected when it was counted. `expected` is None until it is counted."""

    line: CountLine
    room: StockRoom
    expected: int | None = None
    variance: int = 0
    differing: int = 0
    # What moved in the room since.
    after: int = 0
    disturbed: bool = False
    within_tolerance: bool = True
    pieces: Pieces = field(default_factory=Pieces)


def results(count: StockCount, lines: Collection[CountLine] | None = None) -> list[Result]:
    """The lines of a count (or these of them, with `part__room` and `item`) against the books; at most eight queries.

    To post them, call it with the balances locked.
    """
    chosen = lines_of(count) if lines is None else list(lines)
    books = _Books(count, {line.item_id for line in chosen})
    scans = _scans(chosen)
    found = [_result(line, books, scans.get(line.pk, []), _latest(scans)) for line in chosen]
    _mark_ambiguous(found, books)
    for result in found:
        result.within_tolerance = not result.disturbed and _tolerable(count, result)
    return found


def expected(count: StockCount, lines: Collection[CountLine]) -> dict[int, int]:
    """What the books expect of these lines, by line id; of what is not counted yet, what lies there now."""
    now = _Books(count, {line.item_id for line in lines})
    return {
        result.line.pk: now.now(result.line.item_id, result.room) if result.expected is None else result.expected
        for result in results(count, lines)
    }


def lines_of(count: StockCount) -> list[CountLine]:
    """The lines with their parts, rooms and items. One query."""
    return list(
        CountLine.objects.filter(part__count=count)
        .select_related("part__room", "item")
        .order_by("part__room__code", "part__category", "item_id")
    )


class _Books:
    """What lies where now, and what moved since the count was opened, of some SKUs of the store."""

    def __init__(self, count: StockCount, skus: Collection[str]) -> None:
        self.count = count
        balances = Balance.objects.filter(store_id=count.store_id, item__in=skus)
        on_hand = dict(balances.values_list("item_id", "on_hand"))
        self._rooms: dict[tuple[str, str], int] = {}
        apart: dict[str, int] = defaultdict(int)
        rows = RoomBalance.objects.filter(balance__store_id=count.store_id, balance__item__in=skus)
        for sku, room_id, quantity in rows.values_list("balance__item_id", "room_id", "quantity"):
            self._rooms[sku, room_id] = quantity
            apart[sku] += quantity
        self._floor = {sku: quantity - apart[sku] for sku, quantity in on_hand.items()}
        self.moved: dict[str, list[Movement]] = defaultdict(list)
        # What another count corrected has not moved: the books are as if it had been so before.
        moved = Movement.objects.filter(store_id=count.store_id, item__in=skus, pk__gt=count.position)
        for movement in moved.exclude(kind=Movement.Kind.COUNT).order_by("pk"):
            self.moved[movement.item_id].append(movement)
        self.units: dict[str, list[Unit]] = defaultdict(list)
        present = Unit.objects.filter(store_id=count.store_id, item__in=skus, state__in=uin.PRESENT)
        for unit in present.select_related("room", "item", "reservation_line").order_by("pk"):
            self.units[unit.item_id].append(unit)
        self.last_moves: dict[int, tuple[datetime, int]] = {}
        links = UnitMovement.objects.filter(movement_id__gt=count.position, movement__item__in=skus)
        for unit_id, at, pk in links.values_list("unit_id", "movement__occurred_at", "movement_id"):
            self.last_moves[unit_id] = max(self.last_moves.get(unit_id, (at, pk)), (at, pk))

    def now(self, sku: str, room: StockRoom) -> int:
        return self._floor.get(sku, 0) if room.is_floor else self._rooms.get((sku, room.pk), 0)

    def in_room(self, sku: str, room: StockRoom) -> list[Movement]:
        room_id = None if room.is_floor else room.pk
        return [movement for movement in self.moved[sku] if movement.room_id == room_id]


def _since(at: datetime, position: int, moved_at: datetime, movement: int) -> bool:
    return (moved_at, movement) > (at, position)


def _result(line: CountLine, books: _Books, scans: Sequence[Scan], latest: dict[int, Scan]) -> Result:
    room = line.part.room
    result = Result(line, room)
    if line.counted is None or line.last_at is None or line.first_at is None:
        return result
    if line.item.tracked:
        result.pieces = _pieces(line, room, books, scans, latest)
        result.variance, result.differing = result.pieces.variance, result.pieces.differing
        result.expected = line.counted - result.variance
        return result
    moved = books.in_room(line.item_id, room)
    after = sum(row.quantity for row in moved if _since(line.last_at, line.position, row.occurred_at, row.pk))
    result.expected = books.now(line.item_id, room) - after
    result.variance = line.counted - result.expected
    result.differing = abs(result.variance)
    result.after = after
    # Several people counted, and goods moved between the first and the last of them.
    result.disturbed = line.counted + after < 0 or any(
        row.occurred_at > line.first_at and not _since(line.last_at, line.position, row.occurred_at, row.pk)
        for row in moved
    )
    return result


def _mark_ambiguous(found: Iterable[Result], books: _Books) -> None:
    """Disturb the lines of pieces of which nobody can say out of which room they were sold.

    Whoever sells takes from the floor first. The books know when the floor was empty only if they were right about it.
    """
    by_sku: dict[str, list[Result]] = defaultdict(list)
    for result in found:
        if result.expected is not None and not result.line.item.tracked:
            by_sku[result.line.item_id].append(result)
    for sku, rows in by_sku.items():
        floor = next((row for row in rows if row.room.is_floor), None)
        for row in rows:
            # When the pieces that an adjustment takes for lost had gone, nobody knows.
            row.disturbed |= any(
                moved.kind == Movement.Kind.ADJUSTMENT and not _before(moved, row)
                for moved in books.in_room(sku, row.room)
            )
            row.disturbed |= any(
                BROUGHT in moved.source_key and not _before(moved, row) and not _floor_was_known(floor, moved)
                for moved in books.in_room(sku, row.room)
            )
        if floor is not None:
            _mark_sold_between(floor, rows, books.moved[sku])


def _floor_was_known(floor: Result | None, moved: Movement) -> bool:
    """Whether the floor had been counted before, and the books were right."""
    return floor is not None and floor.variance == 0 and not floor.disturbed and _after(moved, floor)


def _mark_sold_between(floor: Result, rows: Sequence[Result], moved: Iterable[Movement]) -> None:
    sold = [row for row in moved if row.kind == Movement.Kind.SALE]
    for row in rows:
        between = any(_after(sale, row) and not _after(sale, floor) for sale in sold)
        if row is not floor and between and floor.line.counted == 0:
            row.disturbed = floor.disturbed = True
    if (floor.line.counted or 0) + floor.after < 0:
        # More was sold since than lay on the floor: some of it came from the other rooms.
        for row in rows:
            row.disturbed = True


def _after(moved: Movement, result: Result) -> bool:
    line = result.line
    return line.last_at is not None and _since(line.last_at, line.position, moved.occurred_at, moved.pk)


def _before(moved: Movement, result: Result) -> bool:
    return result.line.first_at is not None and moved.occurred_at < result.line.first_at


def _tolerable(count: StockCount, result: Result) -> bool:
    if result.pieces.contradictory:
        return False
    if result.differing <= count.tolerance_pieces:
        return True
    return result.differing * 100 <= count.tolerance_percent * max(result.expected or 0, 0)


def _scans(lines: Collection[CountLine]) -> dict[int, list[Scan]]:
    """The scans that count, by line. Two queries."""
    tracked = {line.pk: line for line in lines if line.item.tracked}
    if not tracked:
        return {}
    entries = list(
        CountEntry.objects.filter(line__in=tracked, round=F("line__round"), withdrawn=False).exclude(identifier="")
    )
    units = _units_by_number({(tracked[entry.line_id], entry.identifier) for entry in entries})
    found: dict[int, list[Scan]] = defaultdict(list)
    for entry in entries:
        unit = units.get((tracked[entry.line_id].item_id, entry.identifier))
        found[entry.line_id].append(Scan(entry.identifier, entry.counted_at, entry.position, unit))
    return found


def _units_by_number(numbers: Collection[tuple[CountLine, str]]) -> dict[tuple[str, str], Unit]:
    """The units that carry these numbers, by SKU and number."""
    rows = UnitIdentifier.objects.filter(
        value__in={number for _line, number in numbers}, item__in={line.item_id for line, _number in numbers}
    )
    return {
        (row.item_id, row.value): row.unit
        for row in rows.select_related("unit__room", "unit__item", "unit__store", "unit__reservation_line")
    }


def _latest(scans: dict[int, list[Scan]]) -> dict[int, Scan]:
    """The last scan of each unit in the whole count: there it lies."""
    latest: dict[int, Scan] = {}
    for scan in (scan for group in scans.values() for scan in group):
        if scan.unit is not None:
            known = latest.get(scan.unit.pk)
            if known is None or (scan.at, scan.position) >= (known.at, known.position):
                latest[scan.unit.pk] = scan
    return latest


def _pieces(line: CountLine, room: StockRoom, books: _Books, scans: Sequence[Scan], latest: dict[int, Scan]) -> Pieces:
    pieces = Pieces()
    room_id = None if room.is_floor else room.pk
    in_books = [unit for unit in books.units[line.item_id] if unit.room_id == room_id]
    pieces.unregistered = books.now(line.item_id, room) - len(in_books)
    for unit in in_books:
        scan, moved = latest.get(unit.pk), books.last_moves.get(unit.pk)
        if scan is None:
            # What came after the counting had begun may lie where it was counted before.
            if moved is None or line.first_at is None or moved[0] <= line.first_at:
                pieces.missing.append(unit)
        elif not any(scan is own for own in scans) and (moved is None or not _since(scan.at, scan.position, *moved)):
            pieces.left.append(unit)
    for scan in scans:
        _judge(scan, room_id, line, books, latest, pieces)
    return pieces


def _judge(
    scan: Scan, room_id: str | None, line: CountLine, books: _Books, latest: dict[int, Scan], pieces: Pieces
) -> None:
    unit = scan.unit
    if unit is None:
        pieces.new.append(scan.number)
        return
    moved = books.last_moves.get(unit.pk)
    if latest[unit.pk] is not scan or (moved is not None and _since(scan.at, scan.position, *moved)):
        return
    here = unit.store_id == books.count.store_id
    if here and unit.is_present():
        if unit.room_id != room_id:
            pieces.elsewhere_here.append(unit)
    elif (
        uin.State(unit.state) in uin.SHIPPED
        or not uin.may_arrive(unit.state, returned=False)
        or (unit.state == Unit.State.IN_RECEIVING)
    ):
        pieces.contradictory.append(unit)
    else:
        pieces.found_again.append(unit)
