"""Goods that come from a supplier or a depot: announced by a shipping notice, or with nothing but a delivery note."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import REQUIRED, TRY_AGAIN, ApiError
from kernel.locks import lock_rows

from . import arrivals, errors, goods, ledger, resolution, uin, units
from .arrivals import Counted, Lot
from .goods import Wanted
from .models import (
    MovementKind,
    NoticeLine,
    NoticeUnit,
    Receipt,
    ReceiptDifference,
    ShippingNotice,
    Unit,
)

State = ShippingNotice.State
Kind = ReceiptDifference.Kind

MAX_LINES = 500


@transaction.atomic
def announce(
    *,
    supplier: str,
    number: str,
    store_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    actor: str,
    expected_on: date | None = None,
) -> ShippingNotice:
    """Record a shipping notice: SKU, quantity and, where the sender tells them, a serial for each piece.

    Pieces told by serial wait as IN_RECEIVING. The same notice again returns the one that was recorded.

    Raises DELIVERY_NOTE_KNOWN when the number was used with other contents, UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY,
    STORE_NOT_FOUND, SERIAL_REQUIRED, SERIAL_INVALID, SERIAL_IN_STOCK, SERIAL_IN_TRANSIT, SERIAL_WRONG_ITEM; nothing is
    changed then.
    """
    supplier, number = _named(supplier, number)
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _codes in lines])
    told: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        if sku not in wanted:
            raise errors.not_stocked(sku)
        told.setdefault(sku, []).extend(codes)
    tracked = {sku: entry for sku, entry in wanted.items() if told[sku]}
    errors.raise_first(goods.name_serials(tracked, told))
    goods.check_store(store_id)
    if known := find(supplier, number):
        if _same(known, store_id, wanted):
            return known
        raise _known(known)
    notice = _create(
        ShippingNotice(supplier=supplier, number=number, store_id=store_id, expected_on=expected_on, created_by=actor)
    )
    for sku, entry in wanted.items():
        line = NoticeLine.objects.create(notice=notice, item=entry.item, expected=entry.quantity)
        if sku in tracked and entry.serials:
            waiting = _waiting(entry, store_id)
            NoticeUnit.objects.bulk_create([NoticeUnit(line=line, unit=unit) for unit in waiting])
    return notice


@transaction.atomic
def cancel(*, notice_id: int | str, actor: str) -> ShippingNotice:
    """The delivery will not come; cancelling twice is the same as once. Raises DOCUMENT_CLOSED once goods came."""
    notice = locked(notice_id)
    if notice.state == State.CANCELLED:
        return notice
    _check_state(notice, State.EXPECTED)
    _release_waiting(notice, Unit.State.UNKNOWN)
    return _close(notice, State.CANCELLED, actor)


@transaction.atomic
def receive(
    *,
    notice_id: int | str,
    lines: Sequence[Counted],
    source_key: str,
    actor: str,
    authorised_by: str = "",
    occurred_at: datetime | None = None,
    room_id: str | None = None,
) -> Receipt:
    """Book what was counted of an announced delivery, in one of several receipts; idempotent by `source_key`.

    Whole pieces lie on the floor (or in `room_id`), damaged ones in quarantine. A SKU or a serial that was not
    announced is booked too, and written down as a difference. A piece that the books have elsewhere comes in without
    its serial, and a contradiction is left for a person. `authorised_by` names the manager who approved more than the
    tolerance.

    Raises NOT_FOUND, DOCUMENT_CLOSED, OVER_RECEIPT, SERIAL_IN_STOCK when the piece is here already, SERIAL_IN_TRANSIT,
    SERIAL_WRONG_ITEM, ROOM_NOT_FOUND, IDEMPOTENCY_MISMATCH, and as `arrivals.check`; nothing is changed then.
    """
    lots = arrivals.check(lines)
    notice = locked(notice_id)
    if done := arrivals.repeated(source_key, lines, notice=notice):
        return done
    _check_state(notice, *ShippingNotice.OPEN)
    held = {line.item_id: line for line in notice.lines.select_related("item")}
    for sku, lot in lots.items():
        line = held.setdefault(sku, NoticeLine(notice=notice, item=lot.wanted.item))
        total = line.arrived + lot.total
        arrivals.check_tolerance(sku, expected=line.expected, counted=total, authorised_by=authorised_by)
    receipt = arrivals.record(
        source_key, lines, actor=actor, authorised_by=authorised_by, occurred_at=occurred_at, notice=notice
    )
    _book(notice, receipt, lots, held, room_id)
    notice.state = State.RECEIVING
    notice.save(update_fields=["state"])
    return receipt


@transaction.atomic
def receive_unannounced(
    *,
    supplier: str,
    number: str,
    store_id: str,
    lines: Sequence[Counted],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
    room_id: str | None = None,
) -> ShippingNotice:
    """Book a delivery that no notice announced, once for its delivery note; idempotent by `source_key`.

    Raises DELIVERY_NOTE_KNOWN when the note is in the books already, STORE_NOT_FOUND, and as `receive`.
    """
    supplier, number = _named(supplier, number)
    lots = arrivals.check(lines)
    goods.check_store(store_id)
    if known := find(supplier, number):
        if known.store_id == store_id and arrivals.repeated(source_key, lines, notice=known):
            return known
        raise _known(known)
    notice = _create(
        ShippingNotice(supplier=supplier, number=number, store_id=store_id, announced=False, created_by=actor)
    )
    receipt = arrivals.record(source_key, lines, actor=actor, authorised_by="", occurred_at=occurred_at, notice=notice)
    held = {sku: NoticeLine(notice=notice, item=lot.wanted.item) for sku, lot in lots.items()}
    _book(notice, receipt, lots, held, room_id)
    return _close(notice, State.RECEIVED, actor)


@transaction.atomic
def close(*, notice_id: int | str, actor: str) -> list[ReceiptDifference]:
    """All that will come has come: the differences are written down and returned. Closing twice is the same as once.

    Announced pieces that did not come are MISSING. Raises NOT_FOUND, and DOCUMENT_CLOSED when it was cancelled.
    """
    notice = locked(notice_id)
    if notice.state != State.RECEIVED:
        _check_state(notice, *ShippingNotice.OPEN)
        _write_differences(notice)
        _release_waiting(notice, Unit.State.MISSING)
        _close(notice, State.RECEIVED, actor)
    return list(notice.differences.select_related("item", "unit"))


def locked(notice_id: int | str) -> ShippingNotice:
    """The notice, locked for the rest of the transaction. Raises NOT_FOUND."""
    found = lock_rows(ShippingNotice.objects.filter(pk=notice_id)) if str(notice_id).isdigit() else []
    if not found:
        raise errors.document_not_found(_("This delivery does not exist."))
    return found[0]


def _book(
    notice: ShippingNotice,
    receipt: Receipt,
    lots: Mapping[str, Lot],
    lines: Mapping[str, NoticeLine],
    room_id: str | None,
) -> None:
    room, quarantine = arrivals.rooms_for(notice.store_id, room_id, lots)
    books = ledger.Books.locked([(notice.store_id, sku) for sku in lots], create=True)
    key = f"notice/{notice.pk}/{receipt.source_key}"
    booking = arrivals.Booking(
        MovementKind.RECEIPT, notice.store_id, key, receipt.actor, receipt.occurred_at, room, quarantine
    )
    found = {sku: units.named(lot.wanted) for sku, lot in lots.items()}
    written: list[ledger.Entry] = []
    problems: list[ApiError] = []
    told = [unit for named in found.values() for unit in named.values() if unit.state == Unit.State.IN_RECEIVING]
    for sku, lot in lots.items():
        staying = _staying(lot, found[sku], notice.store_id)
        entries = arrivals.entries(lot, found[sku], staying, booking)
        problems += staying.values()
        written += entries
        found[sku].update((unit.identifier, unit) for entry in entries for unit in entry.units)
        line = lines[sku]
        line.received += lot.whole
        line.damaged += lot.damaged
        line.save()
    movements = books.book(written, actor=receipt.actor, occurred_at=receipt.occurred_at)
    resolution.record_arrivals(problems, movements)
    arrivals.look_up(written, movements, told)
    differences = arrivals.note_damage(lots, found, notice=notice)
    differences += _not_announced(notice, lots, lines, found)
    ReceiptDifference.objects.bulk_create(differences)


def _staying(lot: Lot, found: Mapping[str, Unit], store_id: str) -> dict[str, ApiError]:
    """The serials whose units stay where the books have them, with the reason. Raises for what cannot be received."""
    staying = {}
    for serial, unit in found.items():
        if unit.item_id != lot.sku:
            raise errors.serial_wrong_item(lot.sku, serial, unit.item_id)
        if unit.state == Unit.State.SHIPPED_TO_STORE:
            raise errors.serial_in_transit(lot.sku, serial)
        if uin.may_arrive(unit.state, returned=False):
            continue
        problem = errors.serial_in_stock(lot.sku, serial, unit.get_state_display())
        if unit.store_id == store_id and unit.is_present():
            raise problem
        staying[serial] = problem
    return staying


def _not_announced(
    notice: ShippingNotice,
    lots: Mapping[str, Lot],
    lines: Mapping[str, NoticeLine],
    found: Mapping[str, Mapping[str, Unit]],
) -> list[ReceiptDifference]:
    """Mark the announced units as received, and tell those that came although other serials were announced."""
    pks = [line.pk for line in lines.values()]
    told = {(row.line_id, row.unit_id): row for row in NoticeUnit.objects.filter(line__in=pks)}
    with_serials = {line for line, _unit in told}
    came, strange = [], []
    for sku, lot in lots.items():
        line = lines[sku]
        for serial in lot.wanted.serials:
            unit = found[sku].get(serial)
            row = told.get((line.pk, unit.pk)) if unit else None
            if row:
                row.received_at = clock.now()
                came.append(row)
            elif line.pk in with_serials:
                strange.append(
                    ReceiptDifference(
                        notice=notice, kind=Kind.NOT_ANNOUNCED, item=line.item, quantity=1, unit=unit, note=serial
                    )
                )
    NoticeUnit.objects.bulk_update(came, ["received_at"])
    return strange


def _write_differences(notice: ShippingNotice) -> None:
    rows = []
    absent: dict[int, list[Unit]] = {}
    for told in NoticeUnit.objects.filter(line__notice=notice, received_at__isnull=True).select_related("unit"):
        absent.setdefault(told.line_id, []).append(told.unit)
    for line in notice.lines.select_related("item"):
        missing = line.expected - line.arrived
        named = absent.get(line.pk, [])
        rows += [_difference(notice, Kind.SHORT, line, 1, unit) for unit in named]
        if missing > len(named):
            rows.append(_difference(notice, Kind.SHORT, line, missing - len(named)))
        if missing < 0 and notice.announced:
            rows.append(_difference(notice, Kind.OVER if line.expected else Kind.NOT_ANNOUNCED, line, -missing))
    ReceiptDifference.objects.bulk_create(rows)


def _difference(
    notice: ShippingNotice, kind: ReceiptDifference.Kind, line: NoticeLine, quantity: int, unit: Unit | None = None
) -> ReceiptDifference:
    return ReceiptDifference(notice=notice, kind=kind, item=line.item, quantity=quantity, unit=unit)


def _waiting(entry: Wanted, store_id: str) -> list[Unit]:
    """The units that a notice names, IN_RECEIVING at the store."""
    found = units.named(entry)
    for serial, unit in found.items():
        if unit.item_id != entry.sku:
            raise errors.serial_wrong_item(entry.sku, serial, unit.item_id)
        if unit.state == Unit.State.SHIPPED_TO_STORE:
            raise errors.serial_in_transit(entry.sku, serial)
        if unit.state == Unit.State.IN_RECEIVING or not uin.may_arrive(unit.state, returned=False):
            raise errors.serial_in_stock(entry.sku, serial, unit.get_state_display())
    units.change(list(found.values()), Unit.State.IN_RECEIVING, store_id=store_id)
    new = [
        Unit(
            item=entry.item,
            identifier_type=entry.item.tracking,
            identifier=serial,
            store_id=store_id,
            state=Unit.State.IN_RECEIVING,
        )
        for serial in entry.serials
        if serial not in found
    ]
    return [*found.values(), *units.create(new)]


def _release_waiting(notice: ShippingNotice, state: Unit.State) -> None:
    """The announced units that did not come are in `state` now."""
    waiting = Unit.objects.filter(
        pk__in=NoticeUnit.objects.filter(line__notice=notice, received_at__isnull=True).values("unit_id"),
        state=Unit.State.IN_RECEIVING,
        store_id=notice.store_id,
    )
    units.change(lock_rows(waiting), state)


def _named(supplier: str, number: str) -> tuple[str, str]:
    supplier, number = " ".join(supplier.split()), number.strip()
    for field, value, length in (("supplier", supplier, 100), ("number", number, 64)):
        if not value:
            raise ApiError(REQUIRED, _("Fill in the supplier and the number of the delivery note."), field=field)
        if len(value) > length:
            raise ApiError(
                message=_("This is too long: %(max)s characters at most."), field=field, params={"max": length}
            )
    return supplier, number


def find(supplier: str, number: str) -> ShippingNotice | None:
    """The notice of this delivery note, however it is typed."""
    chosen = ShippingNotice.objects.annotate(of=Upper("supplier"), no=Upper("number"))
    return chosen.filter(Q(of=supplier.upper()) & Q(no=number.upper())).select_related("store").first()


def _same(notice: ShippingNotice, store_id: str, wanted: Mapping[str, Wanted]) -> bool:
    if notice.store_id != store_id or not notice.announced:
        return False
    lines = {line.item_id: line for line in notice.lines.prefetch_related("units__unit") if line.expected}
    return {sku: line.expected for sku, line in lines.items()} == {
        sku: entry.quantity for sku, entry in wanted.items()
    } and all(
        {row.unit.identifier for row in lines[sku].units.all()} == set(entry.serials) for sku, entry in wanted.items()
    )


def _known(notice: ShippingNotice) -> ApiError:
    return errors.delivery_note_known(
        supplier=notice.supplier,
        number=notice.number,
        store=notice.store.name,
        state=notice.get_state_display(),
    )


def _create(notice: ShippingNotice) -> ShippingNotice:
    try:
        with transaction.atomic():
            notice.save()
    except IntegrityError as error:
        raise ApiError(
            TRY_AGAIN, _("Someone else has just recorded the same delivery note. Please try again.")
        ) from error
    return notice


def _close(notice: ShippingNotice, state: ShippingNotice.State, actor: str) -> ShippingNotice:
    notice.state, notice.closed_by, notice.closed_at = state, actor, clock.now_after(notice.created_at)
    notice.save(update_fields=["state", "closed_by", "closed_at"])
    return notice


def _check_state(notice: ShippingNotice, *states: ShippingNotice.State) -> None:
    if notice.state not in states:
        raise errors.document_closed(notice.number, notice.get_state_display())
