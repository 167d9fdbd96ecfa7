"""Serialised pieces: which units are meant by the serials named, and whether they may leave or enter a store.

Runs in the caller's transaction, with the balances locked before the units.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Q

from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import errors
from .goods import Wanted
from .models import Reservation, ReservationLine, StockItem, Unit


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
    found = _locked(wanted)
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
    """Mark the units as sold, creating those that were unknown; returns all that go with the movement."""
    known = [unit for unit in (*goods.present, *goods.absent) if unit.pk is not None]
    Unit.objects.filter(pk__in=[unit.pk for unit in known]).update(state=Unit.State.SOLD, reservation_line=None)
    return known + create([unit for unit in goods.absent if unit.pk is None])


def arriving(wanted: Wanted, store_id: str, *, returned: bool) -> list[Unit]:
    """Lock or create the units named in `wanted` and put them in the store's stock.

    Raises SERIAL_WRONG_ITEM, and SERIAL_IN_STOCK when a unit is on hand somewhere or, unless `returned`, was sold.
    """
    found = _locked(wanted)
    refused = (*Unit.PRESENT,) if returned else (*Unit.PRESENT, Unit.State.SOLD)
    for serial, unit in found.items():
        if unit.item_id != wanted.sku:
            raise errors.serial_wrong_item(wanted.sku, serial, unit.item_id)
        if unit.state in refused:
            raise errors.serial_in_stock(wanted.sku, serial, unit.get_state_display())
    Unit.objects.filter(pk__in=[unit.pk for unit in found.values()]).update(
        state=Unit.State.IN_STOCK, store_id=store_id
    )
    new = [_new(wanted.item, serial, store_id, Unit.State.IN_STOCK) for serial in wanted.serials if serial not in found]
    return [*found.values(), *create(new)]


def create(new: list[Unit]) -> list[Unit]:
    """Write new units. Raises TRY_AGAIN when another store has just booked the same number."""
    try:
        with transaction.atomic():
            return Unit.objects.bulk_create(new, batch_size=5000)
    except IntegrityError as error:
        raise errors.serial_just_booked() from error


def picked(reservation: Reservation) -> dict[str, list[str]]:
    """The identifiers already kept for a reservation, by SKU."""
    kept: dict[str, list[str]] = {}
    for unit in Unit.objects.filter(reservation_line__reservation=reservation).order_by("pk"):
        kept.setdefault(unit.item_id, []).append(unit.identifier)
    return kept


def keep(unit: Unit, line: ReservationLine) -> None:
    """Keep a unit for the owner of a reservation line."""
    unit.state, unit.reservation_line = Unit.State.CUSTOMER_RESERVED, line
    unit.save(update_fields=["state", "reservation_line"])


def put_back(reservations: Collection[Reservation]) -> None:
    """Free the units still kept for these reservations."""
    kept = lock_rows(Unit.objects.filter(reservation_line__reservation__in=reservations), order_by=("item_id", "pk"))
    if kept:
        Unit.objects.filter(pk__in=[unit.pk for unit in kept]).update(state=Unit.State.IN_STOCK, reservation_line=None)


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
    elif here and unit.state != Unit.State.SOLD:
        result.absent.append(unit)
    # A unit that is on another store's books, or was sold before, stays as it is: a person must find out which it was.


def _locked(wanted: Wanted) -> dict[str, Unit]:
    if not wanted.serials:
        return {}
    units: Sequence[Unit] = lock_rows(Unit.objects.filter(matching(wanted.item, wanted.serials)))
    return {unit.identifier: unit for unit in units}


def _new(item: StockItem, serial: str, store_id: str, state: Unit.State) -> Unit:
    return Unit(item=item, identifier_type=item.tracking, identifier=serial, store_id=store_id, state=state)
