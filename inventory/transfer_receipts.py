"""The second step of a transfer: its goods are received, and what did not arrive is settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import arrivals, errors, ledger, resolution, transfers, units
from .arrivals import Counted, Lot
from .models import (
    MovementKind,
    Receipt,
    ReceiptDifference,
    Transfer,
    TransferLine,
    TransferUnit,
    Unit,
)

State = Transfer.State
Kind = ReceiptDifference.Kind
Settlement = ReceiptDifference.Settlement


@dataclass(slots=True)
class _Judged:
    """The pieces of a lot, by whether the transfer knows them.

    `extra` pieces were not sent by the books, `taken` are those of them that the sender's books still have, `staying`
    those that keep their place in the books, with the reason.
    """

    sent: list[TransferUnit] = field(default_factory=list)
    extra: int = 0
    taken: list[Unit] = field(default_factory=list)
    staying: dict[str, ApiError] = field(default_factory=dict)


@transaction.atomic
def receive(
    *,
    transfer_id: int | str,
    lines: Sequence[Counted],
    source_key: str,
    actor: str,
    authorised_by: str = "",
    occurred_at: datetime | None = None,
    room_id: str | None = None,
) -> Receipt:
    """Book what was counted of a transfer, in one of several receipts; idempotent by `source_key`.

    A piece that was not sent by the books has left the sender all the same: it is booked out there and in here, and
    written down as a difference. What is on the books of a third store, sold or kept there stays so, and a
    contradiction is left for a person.

    Raises NOT_FOUND, DOCUMENT_CLOSED, OVER_RECEIPT, SERIAL_IN_STOCK when the piece is here already, SERIAL_IN_TRANSIT
    when another transfer brings it, SERIAL_WRONG_ITEM, ROOM_NOT_FOUND, IDEMPOTENCY_MISMATCH, and as `arrivals.check`;
    nothing is changed then.
    """
    lots = arrivals.check(lines)
    transfer = transfers.locked(transfer_id)
    if done := arrivals.repeated(source_key, lines, transfer=transfer):
        return done
    transfers.check_state(transfer, State.SHIPPED)
    rows = {line.item_id: line for line in transfer.lines.all()}
    for sku, lot in lots.items():
        line = rows.setdefault(sku, TransferLine(transfer=transfer, item=lot.wanted.item))
        counted = line.received + line.damaged + lot.total
        arrivals.check_tolerance(sku, expected=line.shipped, counted=counted, authorised_by=authorised_by)
    receipt = arrivals.record(
        source_key, lines, actor=actor, authorised_by=authorised_by, occurred_at=occurred_at, transfer=transfer
    )
    _book(transfer, receipt, lots, rows, room_id)
    return receipt


@transaction.atomic
def finish(*, transfer_id: int | str, actor: str) -> list[ReceiptDifference]:
    """All that will come has come: what is still in transit is written down as short. Twice is the same as once.

    It stays in transit until it is settled. Raises NOT_FOUND, DOCUMENT_CLOSED.
    """
    transfer = transfers.locked(transfer_id)
    if transfer.state != State.RECEIVED:
        transfers.check_state(transfer, State.SHIPPED)
        _write_shortages(transfer)
        transfers.close(transfer, State.RECEIVED, actor)
    return list(transfer.differences.select_related("item", "unit"))


@transaction.atomic
def settle(*, difference_id: int | str, settlement: str, actor: str, quantity: int | None = None) -> ReceiptDifference:
    """A manager says what became of a difference. The same settlement again changes nothing.

    What a transfer is short of ARRIVED later, NEVER_LEFT the sender, or is LOST; of it `quantity` pieces (all unless
    said), the rest stays open. Any other difference is ACCEPTED as it is.

    Raises NOT_FOUND, INVALID_QUANTITY, and DOCUMENT_CLOSED when it was settled otherwise or cannot be settled so.
    """
    found = ReceiptDifference.objects.filter(pk=difference_id).first() if str(difference_id).isdigit() else None
    if found is None:
        raise errors.document_not_found(_("This difference does not exist."))
    transfer = transfers.locked(found.transfer_id) if found.transfer_id is not None else None
    (difference,) = lock_rows(ReceiptDifference.objects.filter(pk=found.pk).select_related("item", "unit"))
    if difference.settled_at is not None and difference.settlement == settlement:
        return difference
    in_transit = transfer is not None and difference.kind == Kind.SHORT
    if difference.settled_at is not None or in_transit == (settlement == Settlement.ACCEPTED):
        raise errors.document_closed(str(difference), difference.get_settlement_display())
    if transfer is not None and in_transit:
        _split(difference, difference.quantity if quantity is None else quantity)
        _end_transit(transfer, difference, Settlement(settlement), actor)
    difference.settlement, difference.settled_by, difference.settled_at = settlement, actor, clock.now()
    difference.save(update_fields=["settlement", "settled_by", "settled_at", "quantity"])
    return difference


def _book(
    transfer: Transfer, receipt: Receipt, lots: Mapping[str, Lot], rows: Mapping[str, TransferLine], room_id: str | None
) -> None:
    room, quarantine = arrivals.rooms_for(transfer.target_id, room_id, lots)
    places = {(store, sku) for sku in lots for store in (transfer.target_id, transfer.origin_id)}
    books = ledger.Books.locked(places, create=True)
    key = f"transfer/{transfer.pk}/{receipt.source_key}"
    booking = arrivals.Booking(
        MovementKind.TRANSFER_IN, transfer.target_id, key, receipt.actor, receipt.occurred_at, room, quarantine
    )
    found = {sku: units.named(lot.wanted) for sku, lot in lots.items()}
    out: list[ledger.Entry] = []
    into: list[ledger.Entry] = []
    problems: list[ApiError] = []
    known = [unit for named in found.values() for unit in named.values()]
    differences: list[ReceiptDifference] = []
    for sku, lot in lots.items():
        judged = _judge(transfer, rows[sku], lot, found[sku])
        problems += judged.staying.values()
        differences += _not_sent(transfer, lot, judged, found[sku])
        if judged.extra:
            problems += _uncovered(books, (transfer.origin_id, sku), judged)
            out.append(_sent_after_all(transfer, lot, judged, key))
        entries = arrivals.entries(lot, found[sku], judged.staying, booking)
        into += entries
        found[sku].update((unit.identifier, unit) for entry in entries for unit in entry.units)
        _count_in(rows[sku], lot, judged)
    movements = books.book([*out, *into], actor=receipt.actor, occurred_at=receipt.occurred_at)
    resolution.record_arrivals(problems, movements)
    arrivals.look_up(into, movements[len(out) :], known)
    differences += arrivals.note_damage(lots, found, transfer=transfer)
    ReceiptDifference.objects.bulk_create(differences)


def _judge(transfer: Transfer, line: TransferLine, lot: Lot, found: Mapping[str, Unit]) -> _Judged:
    judged = _Judged()
    if not lot.wanted.item.tracked:
        judged.extra = max(lot.total - line.in_transit, 0)
        return judged
    on_the_way = {}
    if line.pk is not None:
        rows = line.units.filter(ended_at__isnull=True).select_related("unit")
        on_the_way = {row.unit.identifier: row for row in rows}
    for serial in lot.wanted.serials:
        if serial in on_the_way:
            judged.sent.append(on_the_way[serial])
            continue
        judged.extra += 1
        if (unit := found.get(serial)) is not None:
            _judge_extra(transfer, lot.sku, unit, judged)
    return judged


def _judge_extra(transfer: Transfer, sku: str, unit: Unit, judged: _Judged) -> None:
    if unit.item_id != sku:
        raise errors.serial_wrong_item(sku, unit.identifier, unit.item_id)
    if unit.state == Unit.State.SHIPPED_TO_STORE:
        raise errors.serial_in_transit(sku, unit.identifier)
    problem = errors.serial_in_stock(sku, unit.identifier, unit.get_state_display())
    if unit.store_id == transfer.target_id and unit.is_present():
        raise problem
    if unit.store_id == transfer.origin_id and unit.state in units.FREE:
        judged.taken.append(unit)
    else:
        judged.staying[unit.identifier] = problem


def _not_sent(transfer: Transfer, lot: Lot, judged: _Judged, found: Mapping[str, Unit]) -> list[ReceiptDifference]:
    if not judged.extra:
        return []
    item = lot.wanted.item
    if not item.tracked:
        return [ReceiptDifference(transfer=transfer, kind=Kind.OVER, item=item, quantity=judged.extra)]
    sent = {row.unit.identifier for row in judged.sent}
    return [
        ReceiptDifference(
            transfer=transfer, kind=Kind.NOT_ANNOUNCED, item=item, quantity=1, unit=found.get(serial), note=serial
        )
        for serial in lot.wanted.serials
        if serial not in sent
    ]


def _uncovered(books: ledger.Books, place: ledger.Place, judged: _Judged) -> list[ApiError]:
    """What the sender's books have too little of for the pieces that came beyond those sent."""
    free = books.free(place)
    nameless = judged.extra - len(judged.taken)
    if free >= judged.extra and (not nameless or books.unregistered(place) >= nameless):
        return []
    return [errors.insufficient_stock([errors.Shortage(place[1], judged.extra, max(free, 0))])]


def _sent_after_all(transfer: Transfer, lot: Lot, judged: _Judged, key: str) -> ledger.Entry:
    """Out of the sender's books, under the receipt's key."""
    return ledger.Entry(
        place=(transfer.origin_id, lot.sku),
        kind=MovementKind.TRANSFER_OUT,
        quantity=-judged.extra,
        source_key=f"{key}/{lot.sku}/not-sent",
        units=judged.taken,
        unregistered=len(judged.taken) - judged.extra,
    )


def _count_in(line: TransferLine, lot: Lot, judged: _Judged) -> None:
    line.shipped += judged.extra
    line.received += lot.whole
    line.damaged += lot.damaged
    line.save()
    for row in judged.sent:
        row.ended_at = clock.now()
    TransferUnit.objects.bulk_update(judged.sent, ["ended_at"])


def _write_shortages(transfer: Transfer) -> None:
    rows = []
    for line in transfer.lines.select_related("item"):
        named = [row.unit for row in line.units.filter(ended_at__isnull=True).select_related("unit")]
        rows += [_short(transfer, line, 1, unit) for unit in named]
        if line.in_transit > len(named):
            rows.append(_short(transfer, line, line.in_transit - len(named)))
    ReceiptDifference.objects.bulk_create(rows)


def _short(transfer: Transfer, line: TransferLine, quantity: int, unit: Unit | None = None) -> ReceiptDifference:
    return ReceiptDifference(transfer=transfer, kind=Kind.SHORT, item=line.item, quantity=quantity, unit=unit)


def _split(difference: ReceiptDifference, quantity: int) -> None:
    """Leave what is not settled now as a difference of its own."""
    if not isinstance(quantity, int) or not 1 <= quantity <= difference.quantity:
        raise errors.invalid_quantity(difference.item_id, quantity)
    if rest := difference.quantity - quantity:
        ReceiptDifference.objects.create(
            transfer=difference.transfer,
            kind=difference.kind,
            item=difference.item,
            quantity=rest,
            note=difference.note,
            recorded_at=difference.recorded_at,
        )
        difference.quantity = quantity


def _end_transit(transfer: Transfer, difference: ReceiptDifference, settlement: Settlement, actor: str) -> None:
    line = transfer.lines.get(item=difference.item)
    quantity, sku = difference.quantity, difference.item_id
    store_id = {Settlement.ARRIVED: transfer.target_id, Settlement.NEVER_LEFT: transfer.origin_id}.get(settlement)
    books = ledger.Books.locked([(store_id, sku)], create=True) if store_id else ledger.Books(())
    row = line.units.filter(unit=difference.unit, ended_at__isnull=True).first() if difference.unit else None
    moved = lock_rows(Unit.objects.filter(pk=row.unit_id)) if row else []
    if row:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
    if store_id is None:
        units.change(moved, Unit.State.MISSING)
        line.lost += quantity
    else:
        units.change(moved, Unit.State.IN_STOCK, store_id=store_id)
        line.received += quantity if settlement == Settlement.ARRIVED else 0
        line.sent_back += quantity if settlement == Settlement.NEVER_LEFT else 0
        entry = ledger.Entry(
            place=(store_id, sku),
            kind=MovementKind.TRANSFER_IN,
            quantity=quantity,
            source_key=f"transfer/{transfer.pk}/settled/{difference.pk}/{sku}",
            units=moved,
            unregistered=quantity - len(moved),
        )
        books.book([entry], actor=actor, occurred_at=None)
    line.save()
