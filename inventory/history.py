"""The life of a unit as the ledger tells it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from . import serials, uin
from .models import Movement, StockItem, Unit, UnitIdentifier, UnitMovement
from .units import state_in

# What a movement out of a store makes of a unit, where the movement alone tells.
_LEFT = {
    Movement.Kind.SALE: uin.State.SOLD,
    Movement.Kind.TRANSFER_OUT: uin.State.SHIPPED_TO_STORE,
    Movement.Kind.VENDOR_RETURN: uin.State.SHIPPED_TO_VENDOR,
}


@dataclass(frozen=True, slots=True)
class Event:
    """A movement of a unit and the state it brought it into, None where the movement does not tell."""

    movement: Movement
    state: str | None


def unit_links(unit_id: int) -> QuerySet[UnitMovement]:
    """What moved the unit, with store and room; order it by "-movement_id" for the latest first."""
    return UnitMovement.objects.filter(unit_id=unit_id).select_related("movement__store", "movement__room")


def event(link: UnitMovement) -> Event:
    """A link as the event that it was."""
    movement = link.movement
    if movement.quantity > 0:
        return Event(movement, state_in(movement.room).value)
    left = _LEFT.get(Movement.Kind(movement.kind))
    return Event(movement, left.value if left else None)


def units_with(code: str, *, sku: str | None = None, most: int = 10) -> list[Unit]:
    """The units that carry the scanned number, with item, store, room, holds and numbers: one, or of several SKUs.

    Any of its numbers does, as for `selectors.find_unit`. Two queries.
    """
    carried = UnitIdentifier.objects.filter(value__in=serials.readings(code)).values("unit")
    found = Unit.objects.filter(Q(pk__in=carried), *([Q(item_id=sku)] if sku else []))
    return list(shown(found).order_by("item_id", "pk")[:most])


def shown(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Units as people see them: with item, store, room, holds and numbers. Two queries."""
    together = units.select_related("item", "store", "room", "reservation_line__reservation")
    return together.prefetch_related("identifiers")


def item_by_code(code: str) -> StockItem | None:
    """The item of this SKU, compared without case. One query."""
    return StockItem.objects.filter(sku__iexact=code).first()
