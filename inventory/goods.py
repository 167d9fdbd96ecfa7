"""What a caller asks for, checked: known SKUs, whole positive quantities, one entry per SKU."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kernel.errors import ApiError

from . import errors, serials
from .models import StockItem, Store, UnitIdentifier


@dataclass(slots=True)
class Wanted:
    """A stocked SKU with its quantity in all lines, and the serials named for it, normalised."""

    item: StockItem
    quantity: int
    serials: list[str] = field(default_factory=list)

    @property
    def sku(self) -> str:
        """The item's SKU."""
        return self.item.sku


def stocked(lines: Iterable[tuple[str, int]]) -> dict[str, Wanted]:
    """The stocked part of `lines` by SKU, equal SKUs summed; what is not stocked is left out.

    Raises UNKNOWN_SKU, INVALID_QUANTITY.
    """
    wanted = summed(lines)
    items = items_by_sku(wanted)
    return {sku: Wanted(items[sku], quantity) for sku, quantity in wanted.items() if items[sku].stocked}


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Pieces by SKU, in order of the SKU, equal SKUs summed. Raises INVALID_QUANTITY."""
    found: dict[str, int] = {}
    for sku, quantity in lines:
        check_quantity(sku, quantity)
        found[sku] = check_quantity(sku, found.get(sku, 0) + quantity)
    return dict(sorted(found.items()))


def items_by_sku(skus: Iterable[str]) -> dict[str, StockItem]:
    """The items of `skus`; raises UNKNOWN_SKU for the first that is missing."""
    asked = list(skus)
    items = {item.sku: item for item in StockItem.objects.filter(sku__in=asked)}
    for sku in asked:
        if sku not in items:
            raise errors.unknown_sku(sku)
    return items


def check_quantity(sku: str, quantity: int) -> int:
    """`quantity` if it is a whole number from 1 to MAX_QUANTITY; raises INVALID_QUANTITY."""
    if not isinstance(quantity, int) or isinstance(quantity, bool) or not 1 <= quantity <= errors.MAX_QUANTITY:
        raise errors.invalid_quantity(sku, quantity)
    return quantity


def check_store(store_id: str) -> None:
    """Raises STORE_NOT_FOUND."""
    if not Store.objects.filter(pk=store_id).exists():
        raise errors.store_not_found(store_id)


def name_serials(
    wanted: Mapping[str, Wanted],
    named: Mapping[str, Sequence[str]],
    *,
    known: Mapping[tuple[str, str], str] | None = None,
) -> list[ApiError]:
    """Put the serials named by SKU on the tracked goods wanted, and return what is wrong with them.

    Any number that a unit carries stands for the one it was booked by (`known`, see `known_numbers`; read here when
    None). SERIAL_INVALID for one that cannot be a serial of the item, SERIAL_REQUIRED unless there are as many
    different ones as pieces. What is named for goods that are not tracked is ignored: a scanner reads numbers off
    everything.
    """
    problems: list[ApiError] = []
    tracked = [entry for entry in wanted.values() if entry.item.tracked]
    if known is None:
        known = known_numbers((entry.item, code) for entry in tracked for code in named.get(entry.sku, ()))
    for entry in tracked:
        codes = named.get(entry.sku, ())
        given = set()
        for code in codes:
            try:
                serial = _booked_by(entry.item, code, known)
            except serials.InvalidSerial as problem:
                problems.append(errors.serial_invalid(entry.sku, code, problem.message))
                given.add(code.strip().upper())
                continue
            given.add(serial)
            if serial not in entry.serials and len(entry.serials) < entry.quantity:
                entry.serials.append(serial)
        if not len(codes) == len(given) == entry.quantity:
            problems.append(errors.serial_required(entry.sku, wanted=entry.quantity, given=len(given)))
    return problems


def known_numbers(codes: Iterable[tuple[StockItem, str]]) -> dict[tuple[str, str], str]:
    """The number by which the unit was booked that carries a code, by (scope, number as stored). At most one query.

    The scope is the SKU for makers' serial numbers, else empty: those numbers are unique in the world.
    """
    numbers = {number for _item, code in codes for number in serials.readings(code)}
    if not numbers:
        return {}
    rows = UnitIdentifier.objects.filter(value__in=numbers)
    return {
        (sku if kind == UnitIdentifier.Type.SERIAL else "", value): booked_by
        for kind, sku, value, booked_by in rows.values_list("type", "item_id", "value", "unit__identifier")
    }


def _booked_by(item: StockItem, code: str, known: Mapping[tuple[str, str], str]) -> str:
    """The number that the unit of this code was booked by, or would be. Raises InvalidSerial."""
    for number in sorted(serials.readings(code)):
        for scope in (item.sku, ""):
            if found := known.get((scope, number)):
                return found
    return serials.normalise(item.tracking, code)
