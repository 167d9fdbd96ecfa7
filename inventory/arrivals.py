"""What was counted as goods came in, checked, and brought into the books: common to notices and transfers.

Runs in the caller's transaction, with the document, the rooms and the balances locked, in that order.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import INVALID, ApiError

from . import blacklist, errors, goods, ledger, rooms, serials, units
from .goods import Wanted
from .models import (
    Movement,
    MovementKind,
    Receipt,
    ReceiptDifference,
    ShippingNotice,
    StockItem,
    StockRoom,
    Transfer,
    Unit,
    UnitIdentifier,
)
from .units import Identifier

DAMAGED = "DAMAGED"
"""The reason (`Reason.code`) of what is put into quarantine as it comes in."""

# More than expected that a clerk may receive alone: a tenth, and at least one piece.
TOLERANCE_PERCENT = 10
TOLERANCE_PIECES = 1

MAX_NOTE = 200

Kind = ReceiptDifference.Kind


@dataclass(frozen=True, slots=True)
class Numbers:
    """The other numbers of the piece counted by `serial`, as they are printed on its box; empty where not told."""

    serial: str
    imei2: str = ""
    eid: str = ""
    serial_number: str = ""


# The fields of `Numbers` as clients call them, and what they are.
FURTHER = {
    "imei2": ("imei2", UnitIdentifier.Type.IMEI2),
    "eid": ("eid", UnitIdentifier.Type.EID),
    "serial_number": ("serialNumber", UnitIdentifier.Type.SERIAL),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a SKU: `quantity` whole pieces and `damaged` ones, with a serial for each tracked piece.

    `further` are other numbers of some of these pieces.
    """

    sku: str
    quantity: int = 0
    serials: Sequence[str] = ()
    damaged: int = 0
    damaged_serials: Sequence[str] = ()
    note: str = ""
    further: Sequence[Numbers] = ()

    def contents(self) -> dict[str, object]:
        """As JSON, by which a repeat is known. Without further numbers it is as it was before there were any."""
        told = asdict(self) | {"serials": list(self.serials), "damaged_serials": list(self.damaged_serials)}
        further = told.pop("further")
        return {**told, "further": list(further)} if further else told


@dataclass(frozen=True, slots=True)
class Lot:
    """A `Counted` that has been checked: serials normalised, whole pieces before damaged ones.

    `further` are the other numbers, by the number that the piece is booked by; `fields` where the input names them.
    """

    wanted: Wanted
    damaged: int
    note: str
    further: Mapping[str, Sequence[Identifier]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def sku(self) -> str:
        """The item's SKU."""
        return self.wanted.sku

    @property
    def total(self) -> int:
        """All pieces, whole and damaged."""
        return self.wanted.quantity

    @property
    def whole(self) -> int:
        """The pieces that are not damaged."""
        return self.wanted.quantity - self.damaged

    def is_damaged(self, serial: str) -> bool:
        """Whether that piece was counted as damaged."""
        return serial in self.wanted.serials[self.whole :]


@dataclass(frozen=True, slots=True)
class Booking:
    """Under what the pieces come in: whole ones into `room` (None: onto the floor), damaged ones into `quarantine`."""

    kind: MovementKind
    store_id: str
    source_key: str
    actor: str
    occurred_at: datetime | None
    room: StockRoom | None
    quarantine: StockRoom | None


def check(lines: Sequence[Counted]) -> dict[str, Lot]:
    """The lines by SKU, checked.

    Raises UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, SERIAL_REQUIRED, SERIAL_INVALID, SERIAL_TWICE, and INVALID for a
    SKU that is told twice, nothing at all, or numbers of a piece that was not counted. What is wrong with a further
    number names its field ("lines.0.further.1.eid").
    """
    named: dict[str, Counted] = {}
    for line in lines:
        if line.sku in named:
            raise ApiError(INVALID, _("%(sku)s is in two lines."), params={"sku": line.sku})
        _check_quantities(line)
        named[line.sku] = line
    if not named:
        raise ApiError(INVALID, _("Nothing was counted."))
    wanted = goods.stocked([(line.sku, line.quantity + line.damaged) for line in lines])
    for sku in named.keys() - wanted.keys():
        raise errors.not_stocked(sku)
    codes = {sku: [*line.serials, *line.damaged_serials] for sku, line in named.items()}
    seen = _refuse_twice(wanted, codes)
    errors.raise_first(goods.name_serials(wanted, codes))
    for sku, entry in wanted.items():
        line = named[sku]
        if entry.item.tracked and len(line.serials) != line.quantity:
            raise errors.serial_required(sku, wanted=line.quantity, given=len(line.serials))
    further = {line.sku: _further(wanted[line.sku], line, f"lines.{index}", seen) for index, line in enumerate(lines)}
    return {
        sku: Lot(entry, named[sku].damaged, named[sku].note.strip()[:MAX_NOTE], *further[sku])
        for sku, entry in wanted.items()
    }


def rooms_for(store_id: str, room_id: str | None, lots: Mapping[str, Lot]) -> tuple[StockRoom | None, StockRoom | None]:
    """The room for whole pieces (None: the floor) and the one for damaged ones, locked. Raises ROOM_NOT_FOUND."""
    wanted = [room_id] if room_id else []
    if any(lot.damaged for lot in lots.values()):
        wanted.append(rooms.quarantine(store_id).pk)
    found = rooms.locked(store_id, wanted) if wanted else []
    room = found[0] if room_id else None
    return room, found[-1] if len(found) > bool(room_id) else None


def check_tolerance(sku: str, *, expected: int, counted: int, authorised_by: str) -> None:
    """Raises OVER_RECEIPT when more came than a clerk may receive without a manager."""
    allowed = expected + max(expected * TOLERANCE_PERCENT // 100, TOLERANCE_PIECES)
    if counted > allowed and not authorised_by:
        raise errors.over_receipt(sku, expected=expected, counted=counted)


def repeated(
    source_key: str,
    lines: Sequence[Counted],
    *,
    notice: ShippingNotice | None = None,
    transfer: Transfer | None = None,
) -> Receipt | None:
    """The receipt recorded under this key before. Raises IDEMPOTENCY_MISMATCH when it was of something else."""
    found = Receipt.objects.filter(source_key=source_key).first()
    if found is None:
        return None
    same_document = (found.notice_id, found.transfer_id) == (notice and notice.pk, transfer and transfer.pk)
    if not same_document or found.contents != _contents(lines):
        raise errors.source_key_reused(source_key)
    return found


def record(
    source_key: str,
    lines: Sequence[Counted],
    *,
    actor: str,
    authorised_by: str,
    occurred_at: datetime | None,
    notice: ShippingNotice | None = None,
    transfer: Transfer | None = None,
) -> Receipt:
    """Write down the act."""
    return Receipt.objects.create(
        notice=notice,
        transfer=transfer,
        source_key=source_key,
        contents=_contents(lines),
        actor=actor,
        authorised_by=authorised_by,
        occurred_at=occurred_at or clock.now(),
    )


def entries(
    lot: Lot, found: Mapping[str, Unit], staying: Mapping[str, ApiError], booking: Booking
) -> list[ledger.Entry]:
    """The movements that bring a lot in; its units are put where they lie now, new ones made.

    `found` are the locked units; those in `staying` keep their place in the books, and the pieces that are here come in
    without a unit.
    """
    parts = [(lot.wanted.serials[: lot.whole], lot.whole, booking.room, "")]
    parts.append((lot.wanted.serials[lot.whole :], lot.damaged, booking.quarantine, "/damaged"))
    return [
        _entry(lot, (codes, quantity, room), found, staying, booking, suffix)
        for codes, quantity, room, suffix in parts
        if quantity
    ]


def look_up(entries: Sequence[ledger.Entry], movements: Sequence[Movement], known: Collection[Unit]) -> None:
    """Ask the blacklist, in the background, about the devices that came in and that no one had told or sent.

    `known` are the units that a notice named, or that the books knew where they came from.
    """
    told = {unit.pk for unit in known}
    for entry, movement in zip(entries, movements, strict=True):
        blacklist.want(movement, [unit for unit in entry.units if unit.pk not in told])


def note_damage(
    lots: Mapping[str, Lot],
    found: Mapping[str, Mapping[str, Unit]],
    *,
    notice: ShippingNotice | None = None,
    transfer: Transfer | None = None,
) -> list[ReceiptDifference]:
    """The differences for damaged pieces, not yet written: one for each unit, else one for the SKU."""
    rows = []
    for sku, lot in lots.items():
        if not lot.damaged:
            continue
        known = [found[sku].get(serial) for serial in lot.wanted.serials[lot.whole :]] or [None]
        rows += [
            ReceiptDifference(
                notice=notice,
                transfer=transfer,
                kind=Kind.DAMAGED,
                item=lot.wanted.item,
                quantity=1 if lot.wanted.item.tracked else lot.damaged,
                unit=unit,
                note=lot.note,
            )
            for unit in known
        ]
    return rows


def _entry(
    lot: Lot,
    part: tuple[Sequence[str], int, StockRoom | None],
    found: Mapping[str, Unit],
    staying: Mapping[str, ApiError],
    booking: Booking,
    suffix: str,
) -> ledger.Entry:
    codes, quantity, room = part
    state = units.state_in(room)
    known = [found[code] for code in codes if code in found and code not in staying]
    units.change(known, state, store_id=booking.store_id, room=room)
    new = [
        Unit(
            item=lot.wanted.item,
            identifier_type=lot.wanted.item.tracking,
            identifier=code,
            store_id=booking.store_id,
            state=state,
            room=None if room is None or room.is_floor else room,
        )
        for code in codes
        if code not in found and code not in staying
    ]
    moved = [*known, *units.create(new)]
    try:
        units.identify(moved, lot.further)
    except ApiError as problem:
        problem.field = lot.fields.get(str(problem.params.get("serial")))
        raise
    return ledger.Entry(
        place=(booking.store_id, lot.sku),
        kind=booking.kind,
        quantity=quantity,
        source_key=f"{booking.source_key}/{lot.sku}{suffix}",
        units=moved,
        unregistered=quantity - len(moved),
        reason=DAMAGED if suffix else "",
        room=room,
    )


def _check_quantities(line: Counted) -> None:
    for quantity in (line.quantity, line.damaged):
        if quantity != 0:
            goods.check_quantity(line.sku, quantity)


def _refuse_twice(wanted: Mapping[str, Wanted], codes: Mapping[str, Sequence[str]]) -> set[tuple[str, str]]:
    """The numbers counted, each with the scope in which it is unique. Raises SERIAL_TWICE."""
    seen: set[tuple[str, str]] = set()
    for sku, entry in wanted.items():
        if not entry.item.tracked:
            continue
        scope = sku if entry.item.tracking == StockItem.Tracking.SERIAL else ""
        for code in codes[sku]:
            number = (scope, serials.classify(code).value)
            if number in seen:
                raise errors.serial_twice(sku, code)
            seen.add(number)
    return seen


def _further(
    entry: Wanted, line: Counted, path: str, seen: set[tuple[str, str]]
) -> tuple[dict[str, list[Identifier]], dict[str, str]]:
    """The further numbers of a line's pieces, and where the input names each; they are added to `seen`."""
    found: dict[str, list[Identifier]] = {}
    fields: dict[str, str] = {}
    for index, numbers in enumerate(line.further):
        where = f"{path}.further.{index}"
        piece = next((code for code in entry.serials if code in serials.readings(numbers.serial)), None)
        if piece is None or piece in found:
            raise errors.not_counted(entry.sku, numbers.serial, field=f"{where}.serial")
        found[piece] = []
        for name, (called, kind) in FURTHER.items():
            if not (code := getattr(numbers, name).strip()):
                continue
            field_of = f"{where}.{called}"
            ((_kind, value),) = units.normalised(entry.sku, [(kind, code)], field=field_of)
            number = (entry.sku if kind == UnitIdentifier.Type.SERIAL else "", value)
            if number in seen:
                raise errors.serial_twice(entry.sku, code, field=field_of)
            seen.add(number)
            fields[value] = field_of
            found[piece].append((kind, value))
    return found, fields


def _contents(lines: Sequence[Counted]) -> list[dict[str, object]]:
    return [line.contents() for line in sorted(lines, key=lambda line: line.sku)]
