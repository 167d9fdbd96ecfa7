"""Goods that come in: receipts, opening stock in bulk, returns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import transaction

from kernel.errors import ApiError

from . import errors, goods, ledger, units
from .models import Movement, StockItem, Store, Unit

OPENING_BATCH = 2000


@dataclass(frozen=True, slots=True)
class OpeningRow:
    """Opening stock of a SKU in a store, with as many serials as pieces where it is tracked."""

    store_id: str
    sku: str
    quantity: int
    serials: Sequence[str] = ()

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
) -> Movement:
    """Book goods into a store; a repeat with the same `source_key` returns the same movement.

    Raises UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, STORE_NOT_FOUND, SERIAL_REQUIRED, SERIAL_INVALID,
    SERIAL_IN_STOCK, SERIAL_WRONG_ITEM, IDEMPOTENCY_MISMATCH; nothing is changed then.
    """
    movements = _take_in(
        Movement.Kind.RECEIPT, store_id, [(sku, quantity, serials)], {sku: source_key}, actor, occurred_at
    )
    return movements[0]


@transaction.atomic
def take_back(
    *,
    store_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
) -> list[Movement]:
    """Book returned goods (SKU, quantity, serials) back into sellable stock; idempotent by `source_key`.

    A unit may come back to another store than it left, and one sold before it was known is taken up. Raises as
    `receive`; SERIAL_IN_STOCK when the unit never left.
    """
    keys = {sku: f"{source_key}/{sku}" for sku, _quantity, _serials in lines}
    return _take_in(Movement.Kind.RETURN, store_id, lines, keys, actor, occurred_at)


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


def _take_in(
    kind: Movement.Kind,
    store_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    source_keys: dict[str, str],
    actor: str,
    occurred_at: datetime | None,
) -> list[Movement]:
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _codes in lines])
    for sku in source_keys.keys() - wanted.keys():
        raise errors.not_stocked(sku)
    goods.check_store(store_id)
    named: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        named.setdefault(sku, []).extend(codes)
    errors.raise_first(goods.name_serials(wanted, named))
    books = ledger.Books.locked([(store_id, sku) for sku in wanted], create=True)
    if done := ledger.replayed({source_keys[sku]: ((store_id, sku), entry.quantity) for sku, entry in wanted.items()}):
        return done
    entries = []
    for sku, entry in wanted.items():
        arrived = units.arriving(entry, store_id, returned=kind == Movement.Kind.RETURN)
        entries.append(
            ledger.Entry(
                place=(store_id, sku),
                kind=kind,
                quantity=entry.quantity,
                source_key=source_keys[sku],
                units=arrived,
                unregistered=entry.quantity - len(arrived),
            )
        )
    return books.book(entries, actor=actor, occurred_at=occurred_at)


@transaction.atomic
def _open(batch: Sequence[OpeningRow], actor: str, occurred_at: datetime | None) -> int:
    items = goods.items_by_sku(dict.fromkeys(row.sku for row in batch))
    _check_stores({row.store_id for row in batch})
    books = ledger.Books.locked({(row.store_id, row.sku) for row in batch}, create=True)
    known = Movement.objects.filter(source_key__in=[row.source_key for row in batch])
    done = set(known.values_list("source_key", flat=True))
    new = {row.source_key: row for row in batch if row.source_key not in done}
    wanted = [(row, _wanted(row, items[row.sku])) for row in new.values()]
    _refuse_known_units(wanted)
    made = [_units(row, entry) for row, entry in wanted]
    units.create([unit for group in made for unit in group])
    entries = [
        ledger.Entry(
            place=(row.store_id, row.sku),
            kind=Movement.Kind.RECEIPT,
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


def _wanted(row: OpeningRow, item: StockItem) -> goods.Wanted:
    if not item.stocked:
        raise errors.not_stocked(row.sku)
    entry = goods.Wanted(item, goods.check_quantity(row.sku, row.quantity))
    errors.raise_first(goods.name_serials({row.sku: entry}, {row.sku: row.serials}))
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


def _refuse_known_units(wanted: Sequence[tuple[OpeningRow, goods.Wanted]]) -> None:
    """Raises SERIAL_IN_STOCK for a serial that is in the books already or twice in the batch."""
    seen: set[tuple[str, str]] = set()
    for _row, entry in wanted:
        for serial in entry.serials:
            if (key := _identity(entry.item, serial)) in seen:
                raise _known_twice(entry.sku, serial)
            seen.add(key)
    numbers = [serial for _scope, serial in seen]
    for unit in Unit.objects.filter(identifier__in=numbers).select_related("item"):
        if _identity(unit.item, unit.identifier) in seen:
            raise errors.serial_in_stock(unit.item_id, unit.identifier, unit.get_state_display())


def _identity(item: StockItem, serial: str) -> tuple[str, str]:
    scope = f"{item.tracking}/{item.sku}" if item.tracking == item.Tracking.SERIAL else str(item.tracking)
    return scope, serial


def _known_twice(sku: str, serial: str) -> ApiError:
    return errors.serial_in_stock(sku, serial, "twice")


def _check_stores(store_ids: set[str]) -> None:
    known = set(Store.objects.filter(pk__in=store_ids).values_list("pk", flat=True))
    for store_id in sorted(store_ids - known):
        raise errors.store_not_found(store_id)
