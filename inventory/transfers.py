"""Goods from one store to another, in two steps: shipped out of one, received in the other, in transit between.

The sum over the stores and what is in transit changes only when a loss is written off. Services on the way out are
here; receiving and settling are in `transfer_receipts`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import INVALID, ApiError
from kernel.locks import lock_rows

from . import errors, goods, ledger, reservations, sales, units
from .goods import Wanted
from .models import Movement, MovementKind, Reservation, Transfer, TransferLine, TransferUnit, Unit

State = Transfer.State

MAX_NOTE = 200


@transaction.atomic
def request(
    *,
    origin_id: str,
    target_id: str,
    lines: Sequence[tuple[str, int]],
    source_key: str,
    actor: str,
    pushed: bool = False,
    note: str = "",
) -> Transfer:
    """Ask the store `origin_id` for goods; with `pushed` it sends them of its own accord, and no one need approve.

    A repeat with the same `source_key` returns the same. Raises INVALID for a store that sends to itself or nothing,
    STORE_NOT_FOUND, UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, IDEMPOTENCY_MISMATCH; nothing is changed then.
    """
    if origin_id == target_id:
        raise ApiError(INVALID, _("Choose two different stores."), field="originId")
    wanted = {sku: entry.quantity for sku, entry in goods.stocked(lines).items()}
    for sku, _quantity in lines:
        if sku not in wanted:
            raise errors.not_stocked(sku)
    if not wanted:
        raise ApiError(INVALID, _("Choose at least one article."), field="lines")
    goods.check_store(origin_id)
    goods.check_store(target_id)
    made = Transfer(
        origin_id=origin_id,
        target_id=target_id,
        state=State.APPROVED if pushed else State.REQUESTED,
        pushed=pushed,
        note=note.strip()[:MAX_NOTE],
        source_key=source_key,
        created_by=actor,
        decided_by=actor if pushed else "",
    )
    # Waits for a twin that has not committed, and then finds what it made.
    Transfer.objects.bulk_create([made], ignore_conflicts=True)
    transfer = lock_rows(Transfer.objects.filter(source_key=source_key))[0]
    known = {line.item_id: line.requested for line in transfer.lines.all() if line.requested}
    if not known:
        TransferLine.objects.bulk_create(
            [
                TransferLine(transfer=transfer, item_id=sku, requested=quantity, approved=quantity if pushed else 0)
                for sku, quantity in wanted.items()
            ]
        )
    elif known != wanted or (transfer.origin_id, transfer.target_id) != (origin_id, target_id):
        raise errors.source_key_reused(source_key)
    return transfer


@transaction.atomic
def approve(*, transfer_id: int | str, actor: str, quantities: Mapping[str, int] | None = None) -> Transfer:
    """The sender agrees: to all, or to the `quantities` by SKU (a SKU left out is not sent). Twice is the same as once.

    Raises NOT_FOUND, DOCUMENT_CLOSED, NOT_APPROVED for more than was requested, INVALID when nothing is left.
    """
    transfer = locked(transfer_id)
    if transfer.state == State.APPROVED:
        return transfer
    check_state(transfer, State.REQUESTED)
    lines = list(transfer.lines.all())
    for line in lines:
        line.approved = line.requested if quantities is None else quantities.get(line.item_id, 0)
        if not 0 <= line.approved <= line.requested:
            raise errors.not_approved(line.item_id, approved=line.requested, wanted=line.approved)
    if not any(line.approved for line in lines):
        raise ApiError(INVALID, _("Approve at least one piece, or reject the request."), field="lines")
    TransferLine.objects.bulk_update(lines, ["approved"])
    return _decide(transfer, State.APPROVED, actor)


@transaction.atomic
def reject(*, transfer_id: int | str, actor: str) -> Transfer:
    """The sender does not agree. Raises NOT_FOUND, DOCUMENT_CLOSED."""
    transfer = locked(transfer_id)
    if transfer.state == State.REJECTED:
        return transfer
    check_state(transfer, State.REQUESTED)
    _decide(transfer, State.REJECTED, actor)
    return close(transfer, State.REJECTED, actor)


@transaction.atomic
def start_picking(*, transfer_id: int | str, actor: str) -> Transfer:
    """Keep the approved goods in the sending store until they are shipped. Twice is the same as once.

    Raises NOT_FOUND, DOCUMENT_CLOSED, INSUFFICIENT_STOCK; nothing is changed then.
    """
    transfer = locked(transfer_id)
    if transfer.state == State.PICKING:
        return transfer
    check_state(transfer, State.APPROVED)
    transfer.reservation = reservations.reserve(
        key=f"transfer/{transfer.pk}",
        purpose=Reservation.Purpose.TRANSFER,
        owner=transfer.number,
        store_id=transfer.origin_id,
        lines=[(line.item_id, line.approved) for line in transfer.lines.all() if line.approved],
        expires_at=clock.now() + timedelta(minutes=1),
    )
    reservations.confirm(reservation_id=transfer.reservation.pk)
    transfer.state = State.PICKING
    transfer.save(update_fields=["state", "reservation"])
    return transfer


@transaction.atomic
def cancel(*, transfer_id: int | str, actor: str) -> Transfer:
    """It will not be sent; what was kept is free again. Twice is the same as once.

    Raises NOT_FOUND, and DOCUMENT_CLOSED once it was shipped.
    """
    transfer = locked(transfer_id)
    if transfer.state == State.CANCELLED:
        return transfer
    check_state(transfer, State.REQUESTED, State.APPROVED, State.PICKING)
    if transfer.reservation_id is not None:
        reservations.release(reservation_id=transfer.reservation_id, reason="transfer cancelled")
    return close(transfer, State.CANCELLED, actor)


@transaction.atomic
def ship(
    *,
    transfer_id: int | str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    actor: str,
    occurred_at: datetime | None = None,
) -> Transfer:
    """Send what was picked (SKU, quantity, serials), at most what was approved; the rest is free again.

    Its pieces are in transit then. A piece that was known by quantity alone gets its serial. The same shipment again
    returns the same, since a transfer is shipped once.

    Raises NOT_FOUND, DOCUMENT_CLOSED (also when it was shipped with other contents), NOT_APPROVED, INSUFFICIENT_STOCK
    and the serial errors; nothing is changed then.
    """
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _codes in lines if quantity])
    named: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        named.setdefault(sku, []).extend(codes)
    errors.raise_first(goods.name_serials(wanted, named))
    transfer = locked(transfer_id)
    if transfer.state in (State.SHIPPED, State.RECEIVED):
        return _shipped_before(transfer, wanted)
    check_state(transfer, State.PICKING)
    if not wanted:
        raise ApiError(INVALID, _("Pick at least one piece, or cancel the transfer."), field="lines")
    assert transfer.reservation_id is not None
    reservation = reservations.locked(transfer.reservation_id)
    reserved = {line.item_id: line.quantity for line in reservation.lines.all()}
    books = ledger.Books.locked([(transfer.origin_id, sku) for sku in reserved.keys() | wanted.keys()])
    rows = {line.item_id: line for line in transfer.lines.all()}
    units.put_back([reservation])
    entries = [_leave(transfer, rows.get(sku), entry, books) for sku, entry in wanted.items()]
    for sku, quantity in reserved.items():
        books.reserve((transfer.origin_id, sku), -quantity)
    sales.issued(reservation, f"transfer/{transfer.pk}/ship", core_pending=False)
    books.book(entries, actor=actor, occurred_at=occurred_at)
    books.tell_core(books.places())
    transfer.state, transfer.shipped_by, transfer.shipped_at = State.SHIPPED, actor, occurred_at or clock.now()
    transfer.save(update_fields=["state", "shipped_by", "shipped_at"])
    return transfer


def locked(transfer_id: int | str) -> Transfer:
    """The transfer, locked for the rest of the transaction. Raises NOT_FOUND."""
    found = lock_rows(Transfer.objects.filter(pk=transfer_id)) if str(transfer_id).isdigit() else []
    if not found:
        raise errors.document_not_found(_("This transfer does not exist."))
    return found[0]


def check_state(transfer: Transfer, *states: Transfer.State) -> None:
    """Raises DOCUMENT_CLOSED unless it is in one of the states."""
    if transfer.state not in states:
        raise errors.document_closed(transfer.number, transfer.get_state_display())


def close(transfer: Transfer, state: Transfer.State, actor: str) -> Transfer:
    """Bring the locked transfer into its last state."""
    transfer.state, transfer.closed_by, transfer.closed_at = state, actor, clock.now_after(transfer.created_at)
    transfer.save(update_fields=["state", "closed_by", "closed_at"])
    return transfer


def _leave(transfer: Transfer, line: TransferLine | None, entry: Wanted, books: ledger.Books) -> ledger.Entry:
    """The pieces of one SKU leave; its units are on their way."""
    place = (transfer.origin_id, entry.sku)
    approved = line.approved if line else 0
    if line is None or entry.quantity > approved:
        raise errors.not_approved(entry.sku, approved=approved, wanted=entry.quantity)
    leaving = units.leaving(entry, transfer.origin_id)
    unknown = [unit for unit in leaving.absent if unit.pk is None]
    may_register = len(unknown) <= books.unregistered(place)
    errors.raise_first(
        [problem for problem in leaving.problems if problem.code != errors.SERIAL_UNKNOWN or not may_register]
    )
    # Our own reservation still counts: what is free beside it and what it holds must cover the pieces.
    _check_there(books, place, entry.quantity, approved)
    units.change(leaving.present, Unit.State.SHIPPED_TO_STORE)
    for unit in unknown:
        unit.state = Unit.State.SHIPPED_TO_STORE
    moved = [*leaving.present, *units.create(unknown)]
    line.shipped = entry.quantity
    line.save(update_fields=["shipped"])
    TransferUnit.objects.bulk_create([TransferUnit(line=line, unit=unit) for unit in moved])
    return ledger.Entry(
        place=place,
        kind=MovementKind.TRANSFER_OUT,
        quantity=-entry.quantity,
        source_key=f"transfer/{transfer.pk}/ship/{entry.sku}",
        units=moved,
        unregistered=len(leaving.present) - entry.quantity,
    )


def _check_there(books: ledger.Books, place: ledger.Place, quantity: int, held: int) -> None:
    there = books.free(place) + held
    if there < quantity:
        raise errors.insufficient_stock([errors.Shortage(place[1], quantity, max(there, 0))])


def _shipped_before(transfer: Transfer, wanted: Mapping[str, Wanted]) -> Transfer:
    prefix = f"transfer/{transfer.pk}/ship/"
    before = {line.item_id: f"{prefix}{line.item_id}" for line in transfer.lines.all()}
    booked = Movement.objects.filter(source_key__in=before.values()).prefetch_related("unit_links__unit")
    shipped = {
        movement.item_id: (-movement.quantity, {link.unit.identifier for link in movement.unit_links.all()})
        for movement in booked
    }
    if shipped != {sku: (entry.quantity, set(entry.serials)) for sku, entry in wanted.items()}:
        raise errors.document_closed(transfer.number, transfer.get_state_display())
    return transfer


def _decide(transfer: Transfer, state: Transfer.State, actor: str) -> Transfer:
    transfer.state, transfer.decided_by = state, actor
    transfer.save(update_fields=["state", "decided_by"])
    return transfer
