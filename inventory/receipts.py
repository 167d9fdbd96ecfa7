"""Goods that come in: receipts, opening stock in bulk, returns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction

from kernel.errors import ApiError

from . import blacklist, errors, goods, ledger, resolution, rooms, serials, units
from .models import Movement, MovementKind, StockItem, Store, Unit, UnitIdentifier
from .units import Identifier

OPENING_BATCH = 2000


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Opening stock of a SKU in a store, with as many serials as pieces where it is tracked.

    `further` are the other numbers that a piece carries (type, number), by its serial.
    """

    store_id: str
    sku: str
    quantity: int
    serials: Sequence[str] = ()
    further: Mapping[str, Sequence[Identifier]] = field(default_factory=dict)

    @property
    def source_key(self) -> str:
        """A SKU is opened in a store once."""
        return f"opening/{self.store_id}/{self.sku}"


@transaction.atomic
def receive(
    *,
    store_id: str,
    sku: str,
    quantity: int,
    serials: Sequence[str] = (),
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
    room_id: str | None = None,
    further: Mapping[str, Sequence[Identifier]] | None = None,
    kind: MovementKind = MovementKind.RECEIPT,
    reason: str = "",
    even_if_known: bool = False,
) -> Movement:
    """Book goods into a store, on the floor unless in `room_id`; a repeat with the same `source_key` returns the same.

    `further` are the other numbers of the pieces (type, number), by their serials. `kind` RECEIPT, TRANSFER_IN,
    ADJUSTMENT or COUNT; with TRADE_IN a piece may come from a customer. With `even_if_known` a piece that the books
    have elsewhere (or sold) is booked by quantity alone, and a person settles the contradiction.

    Raises UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, STORE_NOT_FOUND, ROOM_NOT_FOUND, SERIAL_REQUIRED, SERIAL_INVALID,
    SERIAL_IN_STOCK, SERIAL_WRONG_ITEM, IDEMPOTENCY_MISMATCH; nothing is changed then.
    """
    (movement,) = _take_in(
        _Arrival(kind, store_id, actor, occurred_at, room_id, reason, even_if_known),
        [(sku, quantity, serials)],
        {sku: source_key},
        further or {},
    )
    return movement


@transaction.atomic
def take_back(
    *,
    store_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
    room_id: str | None = None,
    even_if_known: bool = False,
) -> list[Movement]:
    """Book returned goods (SKU, quantity, serials) back onto the floor, or into `room_id`; idempotent by `source_key`.

    A unit may come back to another store than it left, and one sold before it was known is taken up. Raises as
    `receive`; SERIAL_IN_STOCK when the unit never left, unless `even_if_known`.
    """
    keys = {sku: f"{source_key}/{sku}" for sku, _quantity, _serials in lines}
    arrival = _Arrival(MovementKind.RETURN, store_id, actor, occurred_at, room_id, even_if_known=even_if_known)
    return _take_in(arrival, lines, keys, {})


def receive_opening(rows: Iterable[OpeningRow], *, actor: str = "opening", occurred_at: datetime | None = None) -> int:
    """Book opening stock in bulk, in transactions of 2,000 rows; returns how many rows were new.

    A row whose SKU was opened in its store before is skipped, so a broken import is simply run again. A wrong row
    raises as `receive` does and undoes its batch. Announces `stock.changed` once per store and batch, its sku null.
    """
    remaining = iter(rows)
    booked = 0
    while batch := list(islice(remaining, OPENING_BATCH)):
        booked += _open(batch, actor, occurred_at)
    return booked


@dataclass(frozen=True, slots=True)
class _Arrival:
    """How goods come in."""

    kind: MovementKind
    store_id: str
    actor: str
    occurred_at: datetime | None
    room_id: str | None
    reason: str = ""
    even_if_known: bool = False

    @property
    def from_customer(self) -> bool:
        return self.kind in (MovementKind.RETURN, MovementKind.TRADE_IN)


def _take_in(
    arrival: _Arrival,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    source_keys: dict[str, str],
    further: Mapping[str, Sequence[Identifier]],
) -> list[Movement]:
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _codes in lines])
    for sku in source_keys.keys() - wanted.keys():
        raise errors.not_stocked(sku)
    store_id = arrival.store_id
    goods.check_store(store_id)
    named: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        named.setdefault(sku, []).extend(codes)
    errors.raise_first(goods.name_serials(wanted, named))
    room = rooms.locked(store_id, [arrival.room_id])[0] if arrival.room_id else None
    books = ledger.Books.locked([(store_id, sku) for sku in wanted], create=True)
    if done := ledger.replayed({source_keys[sku]: ((store_id, sku), entry.quantity) for sku, entry in wanted.items()}):
        return done
    entries = []
    clashes: list[ApiError] | None = [] if arrival.even_if_known else None
    for sku, entry in wanted.items():
        arrived = units.arriving(entry, store_id, returned=arrival.from_customer, room=room, clashes=clashes)
        units.identify(arrived, _further(entry, further))
        entries.append(
            ledger.Entry(
                place=(store_id, sku),
                kind=arrival.kind,
                quantity=entry.quantity,
                source_key=source_keys[sku],
                units=arrived,
                unregistered=entry.quantity - len(arrived),
                reason=arrival.reason,
                room=room,
            )
        )
    movements = books.book(entries, actor=arrival.actor, occurred_at=arrival.occurred_at)
    by_sku = {movement.item_id: movement for movement in movements}
    resolution.record([resolution.Clash(clash, by_sku[clash.params["sku"]], 1) for clash in clashes or ()])
    if arrival.kind in blacklist.CHECKED:
        for booked in entries:
            blacklist.want(by_sku[booked.place[1]], booked.units)
    return movements


def _further(entry: goods.Wanted, further: Mapping[str, Sequence[Identifier]]) -> dict[str, list[Identifier]]:
    """The other numbers of the tracked goods, by the serial that they were booked by. Raises SERIAL_INVALID."""
    found = {}
    for code, numbers in further.items():
        named = [serial for serial in entry.serials if serial in serials.readings(code)]
        for serial in named:
            found[serial] = units.normalised(entry.sku, numbers)
    return found


@transaction.atomic
def _open(batch: Sequence[OpeningRow], actor: str, occurred_at: datetime | None) -> int:
    items = goods.items_by_sku(dict.fromkeys(row.sku for row in batch))
    _check_stores({row.store_id for row in batch})
    books = ledger.Books.locked({(row.store_id, row.sku) for row in batch}, create=True)
    before = Movement.objects.filter(source_key__in=[row.source_key for row in batch])
    done = set(before.values_list("source_key", flat=True))
    new = {row.source_key: row for row in batch if row.source_key not in done}
    known = goods.known_numbers((items[row.sku], code) for row in new.values() for code in row.serials)
    wanted = [(row, _wanted(row, items[row.sku], known)) for row in new.values()]
    further = {serial: more for row, entry in wanted for serial, more in _further(entry, row.further).items()}
    _refuse_known_numbers([entry for _row, entry in wanted], further)
    made = [_units(row, entry) for row, entry in wanted]
    units.create([unit for group in made for unit in group], further)
    entries = [
        ledger.Entry(
            place=(row.store_id, row.sku),
            kind=MovementKind.RECEIPT,
            quantity=row.quantity,
            source_key=row.source_key,
            units=group,
            unregistered=row.quantity - len(group),
            reason="opening stock",
        )
        for (row, _entry), group in zip(wanted, made, strict=True)
    ]
    if entries:
        books.book(entries, actor=actor, occurred_at=occurred_at, bulk=True)
    return len(entries)


def _wanted(row: OpeningRow, item: StockItem, known: Mapping[tuple[str, str], str]) -> goods.Wanted:
    if not item.stocked:
        raise errors.not_stocked(row.sku)
    entry = goods.Wanted(item, goods.check_quantity(row.sku, row.quantity))
    errors.raise_first(goods.name_serials({row.sku: entry}, {row.sku: row.serials}, known=known))
    return entry


def _units(row: OpeningRow, entry: goods.Wanted) -> list[Unit]:
    return [
        Unit(
            item=entry.item,
            identifier_type=entry.item.tracking,
            identifier=serial,
            store_id=row.store_id,
            state=Unit.State.IN_STOCK,
        )
        for serial in entry.serials
    ]


def _refuse_known_numbers(wanted: Sequence[goods.Wanted], further: Mapping[str, Sequence[Identifier]]) -> None:
    """Raises SERIAL_IN_STOCK for a number that is in the books already or twice in the batch."""
    seen: set[tuple[str, str]] = set()
    for entry in wanted:
        for serial in entry.serials:
            for kind, value in ((entry.item.tracking, serial), *further.get(serial, ())):
                if (key := (_scope(kind, entry.sku), value)) in seen:
                    raise _known_twice(entry.sku, value)
                seen.add(key)
    numbers = [value for _scope, value in seen]
    for row in UnitIdentifier.objects.filter(value__in=numbers).select_related("unit"):
        if (_scope(row.type, row.item_id), row.value) in seen:
            raise errors.serial_in_stock(row.item_id, row.value, row.unit.get_state_display())


def _scope(kind: str, sku: str) -> str:
    """Within which a number is unique."""
    return {"SERIAL": f"SERIAL/{sku}", "IMEI2": "IMEI"}.get(kind, kind)


def _known_twice(sku: str, serial: str) -> ApiError:
    return errors.serial_in_stock(sku, serial, "twice")


def _check_stores(store_ids: set[str]) -> None:
    known = set(Store.objects.filter(pk__in=store_ids).values_list("pk", flat=True))
    for store_id in sorted(store_ids - known):
        raise errors.store_not_found(store_id)
