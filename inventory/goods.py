"""What a caller asks for, checked: known SKUs, whole positive quantities, one entry per SKU."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kernel.errors import ApiError

from . import errors, serials
from .models import StockItem, Store


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
    summed: dict[str, int] = {}
    for sku, quantity in lines:
        check_quantity(sku, quantity)
        summed[sku] = check_quantity(sku, summed.get(sku, 0) + quantity)
    items = items_by_sku(summed)
    return {sku: Wanted(items[sku], quantity) for sku, quantity in sorted(summed.items()) if items[sku].stocked}


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


def name_serials(wanted: Mapping[str, Wanted], named: Mapping[str, Sequence[str]]) -> list[ApiError]:
    """Put the serials named by SKU on the tracked goods wanted, and return what is wrong with them.

    SERIAL_INVALID for one that cannot be a serial of the item, SERIAL_REQUIRED unless there are as many different ones
    as pieces. What is named for goods that are not tracked is ignored: a scanner reads numbers off everything.
    """
    problems: list[ApiError] = []
    for entry in wanted.values():
        if not entry.item.tracked:
            continue
        codes = named.get(entry.sku, ())
        for code in codes:
            try:
                serial = serials.normalise(entry.item.tracking, code)
            except serials.InvalidSerial as problem:
                problems.append(errors.serial_invalid(entry.sku, code, str(problem)))
                continue
            if serial not in entry.serials and len(entry.serials) < entry.quantity:
                entry.serials.append(serial)
        given = len({code.strip().upper() for code in codes})
        if not len(codes) == given == entry.quantity:
            problems.append(errors.serial_required(entry.sku, wanted=entry.quantity, given=given))
    return problems
