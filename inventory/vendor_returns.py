"""Returns to a vendor: prepared goods wait in quarantine, out of sale, until they are shipped or go back on sale."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Sum
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
    made = VendorReturn(
        store_id=store_id,
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
    quarantine = rooms.quarantine(store_id)
    origins = [_floor(store_id) if line.room_id is None else line.room_id for line in lines]
    _lock_places(store_id, {quarantine.pk, *origins}, {line.sku for line in lines})
    for line, origin in zip(lines, origins, strict=True):
        _set_aside(found, line, origin, quarantine, actor, occurred_at)
    return found


@transaction.atomic
def ship(*, return_id: int | str, actor: str, occurred_at: datetime | None = None) -> list[Movement]:
    """The goods have gone to their vendor. The same again returns the same movements.

    Raises NOT_FOUND, DOCUMENT_CLOSED when it was cancelled, INSUFFICIENT_STOCK when quarantine has fewer by now.
    """
    found = locked(return_id)
    lines = list(found.lines.order_by("item_id", "pk"))
    keys = {line.pk: f"vendor-return/{found.pk}/{line.pk}" for line in lines}
    if found.state == State.SHIPPED:
        return list(Movement.objects.filter(source_key__in=keys.values()).order_by("pk"))
    _check_state(found, State.PREPARED)
    (quarantine,) = rooms.locked(found.store_id, [rooms.quarantine(found.store_id).pk])
    books = ledger.Books.locked([(found.store_id, line.item_id) for line in lines])
    entries = []
    for line in lines:
        gone = lock_rows(line.units.select_related("room"))
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
    """The goods stay and lie where they were taken from. Twice is the same as once.

    Raises NOT_FOUND, DOCUMENT_CLOSED once it was shipped, INSUFFICIENT_STOCK when quarantine has fewer by now.
    """
    found = locked(return_id)
    if found.state == State.CANCELLED:
        return found
    _check_state(found, State.PREPARED)
    quarantine = rooms.quarantine(found.store_id)
    lines = list(found.lines.order_by("item_id", "pk"))
    _lock_places(found.store_id, {quarantine.pk, *(line.room_id for line in lines)}, {line.item_id for line in lines})
    for line in lines:
        kept = lock_rows(line.units.select_related("room"))
        units.change(kept, Unit.State.UNAVAILABLE, room=quarantine)
        if line.room_id != quarantine.pk:
            rooms.move(
                store_id=found.store_id,
                lines=[(line.item_id, line.quantity, [unit.identifier for unit in kept])],
                from_room_id=quarantine.pk,
                to_room_id=line.room_id,
                source_key=f"vendor-return/{found.pk}/{line.pk}/back",
                actor=actor,
            )
    return _close(found, State.CANCELLED, actor)


def locked(return_id: int | str) -> VendorReturn:
    """The return, locked for the rest of the transaction. Raises NOT_FOUND."""
    found = lock_rows(VendorReturn.objects.filter(pk=return_id)) if str(return_id).isdigit() else []
    if not found:
        raise errors.document_not_found(_("This return does not exist."))
    return found[0]


def _lock_places(store_id: str, room_ids: set[str], skus: set[str]) -> ledger.Books:
    """All rooms, then all balances, so that the moves line by line keep the order of locks."""
    rooms.locked(store_id, sorted(room_ids))
    return ledger.Books.locked([(store_id, sku) for sku in skus])


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
    prepared = VendorReturnLine.objects.filter(
        vendor_return__store_id=found.store_id, vendor_return__state=State.PREPARED, item=entry.item
    )
    claimed = prepared.aggregate(total=Sum("quantity"))["total"] or 0
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
    found.state, found.closed_by, found.closed_at = state, actor, clock.now()
    found.save(update_fields=["state", "closed_by", "closed_at"])
    return found
