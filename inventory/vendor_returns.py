"""Returns to a vendor: prepared goods wait in quarantine, out of sale, until they are shipped or go back on sale.

Nobody moves them from there meanwhile, and the room stays a quarantine (`rooms`). What a count, an adjustment or a sale
that had happened takes all the same is neither shipped nor put back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import INVALID, REQUIRED, ApiError
from kernel.locks import lock_rows

from . import errors, goods, ledger, rooms, units
from .models import Movement, MovementKind, StockRoom, Unit, VendorReturn, VendorReturnLine

State = VendorReturn.State


@dataclass(frozen=True, slots=True)
class Returned:
    """Pieces of a SKU that go back, and the room in which they lie (None: on the floor)."""

    sku: str
    quantity: int
    serials: Sequence[str] = ()
    room_id: str | None = None


@transaction.atomic
def prepare(
    *,
    store_id: str,
    vendor: str,
    lines: Sequence[Returned],
    source_key: str,
    actor: str,
    authorisation: str = "",
    note: str = "",
    occurred_at: datetime | None = None,
) -> VendorReturn:
    """Set goods aside for their vendor: they are moved into quarantine, and their units kept for shipping.

    A repeat with the same `source_key` returns the same. Raises REQUIRED without a vendor, INVALID without goods,
    STORE_NOT_FOUND, ROOM_NOT_FOUND, UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, INSUFFICIENT_STOCK, the serial errors;
    nothing is changed then.
    """
    if not vendor.strip():
        raise ApiError(REQUIRED, _("Say which vendor the goods go back to."), field="vendor")
    if not lines:
        raise ApiError(INVALID, _("Choose at least one article."), field="lines")
    goods.check_store(store_id)
    quarantine = rooms.quarantine(store_id)
    made = VendorReturn(
        store_id=store_id,
        quarantine=quarantine,
        vendor=vendor.strip()[:100],
        authorisation=authorisation.strip()[:64],
        note=note.strip()[:200],
        source_key=source_key,
        created_by=actor,
    )
    # Waits for a twin that has not committed, and then finds what it made.
    VendorReturn.objects.bulk_create([made], ignore_conflicts=True)
    found = lock_rows(VendorReturn.objects.filter(source_key=source_key))[0]
    if found.lines.exists():
        return _repeated(found, store_id, lines)
    origins = [_floor(store_id) if line.room_id is None else line.room_id for line in lines]
    _lock_places(store_id, quarantine, set(origins), {line.sku for line in lines})
    for line, origin in zip(lines, origins, strict=True):
        _set_aside(found, line, origin, quarantine, actor, occurred_at)
    return found


@transaction.atomic
def ship(*, return_id: int | str, actor: str, occurred_at: datetime | None = None) -> list[Movement]:
    """The goods have gone to their vendor. The same again returns the same movements.

    Raises NOT_FOUND, DOCUMENT_CLOSED when it was cancelled, INSUFFICIENT_STOCK when quarantine has fewer by now, and
    SERIAL_WRONG_STATE when a piece does not wait there any more: cancel the return then, and prepare it anew.
    """
    found = locked(return_id)
    lines = list(found.lines.order_by("item_id", "pk"))
    keys = {line.pk: f"vendor-return/{found.pk}/{line.pk}" for line in lines}
    if found.state == State.SHIPPED:
        return list(Movement.objects.filter(source_key__in=keys.values()).order_by("pk"))
    _check_state(found, State.PREPARED)
    (quarantine,) = rooms.locked(found.store_id, [found.quarantine_id])
    books = ledger.Books.locked([(found.store_id, line.item_id) for line in lines])
    entries = []
    for line in lines:
        gone = lock_rows(line.units.select_related("room"))
        for unit in gone:
            if not _waits(unit, found):
                raise errors.serial_wrong_state(line.item_id, unit.identifier, unit.get_state_display())
        units.change(gone, Unit.State.SHIPPED_TO_VENDOR)
        entries.append(
            ledger.Entry(
                place=(found.store_id, line.item_id),
                kind=MovementKind.VENDOR_RETURN,
                quantity=-line.quantity,
                source_key=keys[line.pk],
                units=gone,
                unregistered=len(gone) - line.quantity,
                room=quarantine,
            )
        )
    _close(found, State.SHIPPED, actor)
    return books.book(entries, actor=actor, occurred_at=occurred_at)


@transaction.atomic
def cancel(*, return_id: int | str, actor: str) -> VendorReturn:
    """The goods stay and lie where they were taken from, but for pieces that have gone. Twice is the same as once.

    Raises NOT_FOUND, DOCUMENT_CLOSED once it was shipped, INSUFFICIENT_STOCK when quarantine has fewer by now.
    """
    found = locked(return_id)
    if found.state == State.CANCELLED:
        return found
    _check_state(found, State.PREPARED)
    lines = list(found.lines.select_related("item").order_by("item_id", "pk"))
    skus = {line.item_id for line in lines}
    _lock_places(found.store_id, found.quarantine, {line.room_id for line in lines}, skus)
    # First, so that its goods may be moved.
    _close(found, State.CANCELLED, actor)
    for line in lines:
        kept = [unit for unit in lock_rows(line.units.select_related("room")) if _waits(unit, found)]
        units.change(kept, Unit.State.UNAVAILABLE, room=found.quarantine)
        quantity = len(kept) if line.item.tracked else line.quantity
        if quantity and line.room_id != found.quarantine_id:
            rooms.move(
                store_id=found.store_id,
                lines=[(line.item_id, quantity, [unit.identifier for unit in kept])],
                from_room_id=found.quarantine_id,
                to_room_id=line.room_id,
                source_key=f"vendor-return/{found.pk}/{line.pk}/back",
                actor=actor,
            )
    return found


def locked(return_id: int | str) -> VendorReturn:
    """The return, locked for the rest of the transaction. Raises NOT_FOUND."""
    found = lock_rows(VendorReturn.objects.filter(pk=return_id)) if str(return_id).isdigit() else []
    if not found:
        raise errors.document_not_found(_("This return does not exist."))
    return found[0]


def _lock_places(store_id: str, quarantine: StockRoom, room_ids: set[str], skus: set[str]) -> ledger.Books:
    """All rooms, then all balances, so that the moves line by line keep the order of locks.

    Raises TRY_AGAIN when somebody has just made another room of the quarantine.
    """
    first, *_others = rooms.locked(store_id, [quarantine.pk, *sorted(room_ids - {quarantine.pk})])
    if first.sellable or first.kind != StockRoom.Kind.QUARANTINE:
        raise errors.changed_meanwhile()
    return ledger.Books.locked([(store_id, sku) for sku in skus])


def _waits(unit: Unit, found: VendorReturn) -> bool:
    return unit.state == Unit.State.RESERVED_FOR_SHIPPING and unit.room_id == found.quarantine_id


def _set_aside(
    found: VendorReturn,
    line: Returned,
    origin_id: str,
    quarantine: StockRoom,
    actor: str,
    occurred_at: datetime | None,
) -> None:
    """Put one line's goods into quarantine, unless they lie there, and keep its units."""
    wanted = goods.stocked([(line.sku, line.quantity)])
    if line.sku not in wanted:
        raise errors.not_stocked(line.sku)
    entry = wanted[line.sku]
    errors.raise_first(goods.name_serials(wanted, {line.sku: line.serials}))
    made = VendorReturnLine.objects.create(
        vendor_return=found, item=entry.item, room_id=origin_id, quantity=line.quantity
    )
    if origin_id == quarantine.pk:
        _check_unclaimed(found, entry, quarantine)
    else:
        rooms.move(
            store_id=found.store_id,
            lines=[(line.sku, line.quantity, entry.serials)],
            from_room_id=origin_id,
            to_room_id=quarantine.pk,
            source_key=f"vendor-return/{found.pk}/{made.pk}/aside",
            actor=actor,
            occurred_at=occurred_at,
        )
    kept = units.lying(entry, found.store_id, quarantine)
    units.change(kept, Unit.State.RESERVED_FOR_SHIPPING, room=quarantine)
    made.units.set(kept)


def _check_unclaimed(found: VendorReturn, entry: goods.Wanted, quarantine: StockRoom) -> None:
    """Raises INSUFFICIENT_STOCK when what lies in quarantine waits for other returns already."""
    place = (found.store_id, entry.sku)
    there = ledger.Books.locked([place]).in_room(place, quarantine)
    claimed = rooms.waiting_for_vendor(quarantine).get(entry.sku, 0)
    if there < claimed:
        free = max(there - claimed + entry.quantity, 0)
        raise errors.insufficient_stock([errors.Shortage(entry.sku, entry.quantity, free)])


def _repeated(found: VendorReturn, store_id: str, lines: Sequence[Returned]) -> VendorReturn:
    told = sorted((line.sku, line.quantity) for line in lines)
    if found.store_id != store_id or told != sorted(found.lines.values_list("item_id", "quantity")):
        raise errors.source_key_reused(found.source_key)
    return found


def _floor(store_id: str) -> str:
    return StockRoom.objects.values_list("pk", flat=True).get(store_id=store_id, kind=StockRoom.Kind.FLOOR)


def _check_state(found: VendorReturn, *states: VendorReturn.State) -> None:
    if found.state not in states:
        raise errors.document_closed(found.number, found.get_state_display())


def _close(found: VendorReturn, state: VendorReturn.State, actor: str) -> VendorReturn:
    found.state, found.closed_by, found.closed_at = state, actor, clock.now_after(found.created_at)
    found.save(update_fields=["state", "closed_by", "closed_at"])
    return found
