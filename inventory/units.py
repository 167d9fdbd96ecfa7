"""Serialised pieces: which units are meant by the serials named, and whether they may leave or enter a store.

Runs in the caller's transaction, with the balances locked before the units.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q

from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import errors, serials, uin
from .goods import Wanted
from .models import Reservation, ReservationLine, StockItem, StockRoom, Unit, UnitIdentifier

# Nobody's: such a unit may be moved between rooms, shipped or adjusted.
FREE = (Unit.State.IN_STOCK, Unit.State.UNAVAILABLE)

Identifier = tuple[str, str]
"""A `UnitIdentifier.Type` and a number."""


@dataclass(slots=True)
class Leaving:
    """The units of one SKU that go out with a movement.

    `present` were on hand here; `absent` belong to the movement too but were not counted as on hand.
    """

    present: list[Unit] = field(default_factory=list)
    absent: list[Unit] = field(default_factory=list)
    problems: list[ApiError] = field(default_factory=list)


def leaving(wanted: Wanted, store_id: str, *, kept_by: Collection[int] = ()) -> Leaving:
    """Lock the units named in `wanted` and judge them; `kept_by` are the reservation lines they may be kept for.

    Problems: SERIAL_UNKNOWN, SERIAL_WRONG_ITEM, SERIAL_NOT_IN_STOCK. The caller decides whether they forbid the booking
    or only come with it; units are not changed here.
    """
    found = named(wanted)
    result = Leaving()
    for serial in wanted.serials:
        unit = found.get(serial)
        if unit is None:
            result.problems.append(errors.serial_unknown(wanted.sku, serial))
            result.absent.append(_new(wanted.item, serial, store_id, Unit.State.SOLD))
        elif unit.item_id != wanted.sku:
            result.problems.append(errors.serial_wrong_item(wanted.sku, serial, unit.item_id))
        else:
            _judge(unit, store_id, kept_by, result)
    return result


def sold(goods: Leaving) -> list[Unit]:
    """Mark the units as sold, creating those that were unknown; returns all that go with the movement.

    In memory they keep the room that they lay in, for the ledger.
    """
    known = [unit for unit in (*goods.present, *goods.absent) if unit.pk is not None]
    change(known, Unit.State.SOLD)
    return known + create([unit for unit in goods.absent if unit.pk is None])


def arriving(
    wanted: Wanted,
    store_id: str,
    *,
    returned: bool,
    room: StockRoom | None = None,
    clashes: list[ApiError] | None = None,
) -> list[Unit]:
    """Lock or create the units named in `wanted` and put them in the store's stock, on the floor unless in `room`.

    Raises SERIAL_WRONG_ITEM, and SERIAL_IN_STOCK when a unit is on hand somewhere or, unless `returned`, was sold; with
    `clashes` the latter is added to them, and the unit is left as it is.
    """
    found = named(wanted)
    stays: set[str] = set()
    for serial, unit in found.items():
        if unit.item_id != wanted.sku:
            raise errors.serial_wrong_item(wanted.sku, serial, unit.item_id)
        if not uin.may_arrive(unit.state, returned=returned):
            clash = errors.serial_in_stock(wanted.sku, serial, unit.get_state_display())
            if clashes is None:
                raise clash
            clashes.append(clash)
            stays.add(serial)
    arrived = [unit for serial, unit in found.items() if serial not in stays]
    change(arrived, state_in(room), store_id=store_id, room=room)
    new = [_new(wanted.item, serial, store_id, state_in(room)) for serial in wanted.serials if serial not in found]
    for unit in new:
        unit.room = None if room is None or room.is_floor else room
    return [*arrived, *create(new)]


def lying(wanted: Wanted, store_id: str, room: StockRoom | None) -> list[Unit]:
    """Lock the units named in `wanted`, which must be free in that room of the store (None: on the floor).

    Raises SERIAL_UNKNOWN, SERIAL_WRONG_ITEM, SERIAL_NOT_IN_STOCK.
    """
    found = named(wanted)
    room_id = None if room is None or room.is_floor else room.pk
    for serial in wanted.serials:
        unit = found.get(serial)
        if unit is None:
            raise errors.serial_unknown(wanted.sku, serial)
        if unit.item_id != wanted.sku:
            raise errors.serial_wrong_item(wanted.sku, serial, unit.item_id)
        if (unit.store_id, unit.room_id) != (store_id, room_id) or unit.state not in FREE:
            raise errors.serial_not_in_stock(wanted.sku, serial, unit.get_state_display())
    return list(found.values())


def change(
    units: Collection[Unit],
    state: str,
    *,
    store_id: str | None = None,
    room: StockRoom | None = None,
    line: ReservationLine | None = None,
) -> None:
    """Bring locked units into `state`, in `room` (None: the floor, or not in the store), kept for `line`.

    `store_id` None leaves them on the books of their store. The objects in memory stay as they were. Raises
    SERIAL_WRONG_STATE, see `uin.FOLLOWS`.
    """
    for unit in units:
        if not uin.may_become(unit.state, state):
            raise errors.serial_wrong_state(unit.item_id, unit.identifier, unit.get_state_display())
    values: dict[str, object] = {
        "state": state,
        "room": None if room is None or room.is_floor else room,
        "reservation_line": line,
    }
    if store_id is not None:
        values["store_id"] = store_id
    Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(**values)


def state_in(room: StockRoom | None) -> Unit.State:
    """What a free unit in that room is: for sale, or not."""
    return Unit.State.IN_STOCK if room is None or room.sellable else Unit.State.UNAVAILABLE


def create(new: list[Unit], further: Mapping[str, Sequence[Identifier]] | None = None) -> list[Unit]:
    """Write new units, each with the number it is booked by and those in `further`, by that number, normalised.

    Raises TRY_AGAIN when another store has just booked the same number.
    """
    try:
        with transaction.atomic():
            made = Unit.objects.bulk_create(new, batch_size=5000)
            identifiers = [_identifier(unit, unit.identifier_type, unit.identifier) for unit in made]
            if further:
                identifiers += [
                    _identifier(unit, kind, value) for unit in made for kind, value in further.get(unit.identifier, ())
                ]
            UnitIdentifier.objects.bulk_create(identifiers, batch_size=5000)
    except IntegrityError as error:
        raise errors.serial_just_booked() from error
    return made


def identify(units: Collection[Unit], further: Mapping[str, Sequence[Identifier]]) -> None:
    """Give units, found by the number they were booked by, the numbers in `further` that they do not carry yet.

    Raises SERIAL_IN_STOCK (params serial: the number) when it is another unit's or the unit has another of that type.
    """
    wanted = [(unit, kind, value) for unit in units for kind, value in further.get(unit.identifier, ())]
    if not wanted:
        return
    rows = UnitIdentifier.objects.filter(Q(unit__in=units) | Q(value__in={value for _unit, _kind, value in wanted}))
    known = list(rows.select_related("unit"))
    new = []
    for unit, kind, value in wanted:
        same = [row for row in known if _clash(row, unit, kind, value)]
        for row in same:
            if row.unit_id != unit.pk:
                raise errors.number_of_another(unit.item_id, value, row.unit.identifier)
            if row.value != value:
                raise errors.number_differs(unit.item_id, value, row.value)
        if not same:
            new.append(_identifier(unit, kind, value))
            known.append(new[-1])
    try:
        with transaction.atomic():
            UnitIdentifier.objects.bulk_create(new)
    except IntegrityError as error:
        raise errors.serial_just_booked() from error


def normalised(sku: str, further: Iterable[Identifier], *, field: str | None = None) -> list[Identifier]:
    """The (type, number)s as they are stored. Raises SERIAL_INVALID, with the `field` of the input."""
    found = []
    for kind, code in further:
        try:
            found.append((UnitIdentifier.Type(kind).value, serials.normalise(kind, code)))
        except serials.InvalidSerial as problem:
            raise errors.serial_invalid(sku, code, problem.message, field=field) from problem
    return found


def picked(reservation: Reservation) -> dict[str, list[str]]:
    """The identifiers already kept for a reservation, by SKU."""
    kept: dict[str, list[str]] = {}
    for unit in Unit.objects.filter(reservation_line__reservation=reservation).order_by("pk"):
        kept.setdefault(unit.item_id, []).append(unit.identifier)
    return kept


def keep(unit: Unit, line: ReservationLine) -> None:
    """Keep a unit for the owner of a reservation line, where it lies."""
    change([unit], Unit.State.CUSTOMER_RESERVED, room=unit.room, line=line)


def put_back(reservations: Collection[Reservation]) -> None:
    """Free the units still kept for these reservations."""
    kept = Unit.objects.filter(reservation_line__reservation__in=reservations)
    for unit in lock_rows(kept.select_related("room"), order_by=("item_id", "pk")):
        change([unit], state_in(unit.room), room=unit.room)


def named(wanted: Wanted) -> dict[str, Unit]:
    """Lock the units named in `wanted`, of whatever item and store; by the number they were booked by."""
    if not wanted.serials:
        return {}
    units: Sequence[Unit] = lock_rows(Unit.objects.filter(matching(wanted.item, wanted.serials)).select_related("room"))
    return {unit.identifier: unit for unit in units}


def matching(item: StockItem, identifiers: Iterable[str]) -> Q:
    """Units that carry one of the identifiers: of any item for numbers unique in the world, else of this item."""
    same = Q(identifier_type=item.tracking, identifier__in=list(identifiers))
    return same & Q(item=item) if item.tracking == StockItem.Tracking.SERIAL else same


def _judge(unit: Unit, store_id: str, kept_by: Collection[int], result: Leaving) -> None:
    here = unit.store_id == store_id
    free = unit.state == Unit.State.IN_STOCK or (
        unit.state == Unit.State.CUSTOMER_RESERVED and unit.reservation_line_id in kept_by
    )
    if not (here and free):
        result.problems.append(errors.serial_not_in_stock(unit.item_id, unit.identifier, unit.get_state_display()))
    if here and unit.is_present():
        result.present.append(unit)
    elif here and uin.may_become(unit.state, Unit.State.SOLD) and unit.state not in uin.WITH_CUSTOMER:
        result.absent.append(unit)
    # A unit that is on another store's books, or was sold before, stays as it is: a person must find out which it was.


def _new(item: StockItem, serial: str, store_id: str, state: Unit.State) -> Unit:
    return Unit(item=item, identifier_type=item.tracking, identifier=serial, store_id=store_id, state=state)


def _identifier(unit: Unit, kind: str, value: str) -> UnitIdentifier:
    return UnitIdentifier(unit=unit, item_id=unit.item_id, type=kind, value=value)


def _clash(row: UnitIdentifier, unit: Unit, kind: str, value: str) -> bool:
    """Whether this row and the number to be given cannot both be, or are the same."""
    if row.unit_id == unit.pk and row.type == kind:
        return True
    if row.value != value:
        return False
    kinds = {row.type, kind}
    if kinds <= {"IMEI", "IMEI2"}:
        return True
    return len(kinds) == 1 and (kind != "SERIAL" or row.item_id == unit.item_id)
