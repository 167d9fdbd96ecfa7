"""Promises of stock: reserve, extend, confirm, release, expire. All or nothing, each released exactly once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kernel import clock
from kernel.database import joined
from kernel.locks import limit_wait, lock_rows

from . import errors, fresh, goods, ledger, units
from .models import Reservation, ReservationLine, Unit

State = Reservation.State

_CONFIRM = """
UPDATE inventory_reservation SET state = 'CONFIRMED', expires_at = NULL
 WHERE id = %s AND state = 'HELD' AND expires_at > %s RETURNING *
"""


def reserve(
    *,
    key: str,
    purpose: str,
    owner: str,
    store_id: str,
    lines: Sequence[tuple[str, int]],
    expires_at: datetime,
    replaces: str | None = None,
    serials: Mapping[str, Sequence[str]] | None = None,
) -> Reservation:
    """Hold all `lines` (SKU, quantity) in one store until `expires_at`, or nothing.

    The same `key` again changes that reservation to these lines and this expiry; a closed one is opened anew, and one
    already confirmed or issued is returned as it is if the lines are the same. `replaces` names the key of a held
    reservation whose pieces are freed for this one in the same transaction. `serials` names pieces, by SKU, that are
    kept at once (as `pick_unit` does). Items that are not stocked are skipped. Only the register and transfers may take
    the safety stock; what was held before a rule kept back more stays held.

    Raises INSUFFICIENT_STOCK (params sku, available, wanted, shortages), UNKNOWN_SKU, INVALID_QUANTITY,
    STORE_NOT_FOUND, RESERVATION_CLOSED, the serial errors; nothing is changed then, an earlier hold stays.
    """
    _check_future(expires_at)
    if replaces is None and not serials:
        with joined():
            held = fresh.promise(
                key=key,
                purpose=purpose,
                owner=owner,
                store_id=store_id,
                wanted=goods.summed(lines),
                expires_at=expires_at,
            )
        if held is not None:
            return held
    return _reserve(key, purpose, owner, store_id, lines, expires_at, replaces, serials or {})


@transaction.atomic
def _reserve(
    key: str,
    purpose: str,
    owner: str,
    store_id: str,
    lines: Sequence[tuple[str, int]],
    expires_at: datetime,
    replaces: str | None,
    serials: Mapping[str, Sequence[str]],
) -> Reservation:
    """What is not the usual case."""
    wanted = {sku: entry.quantity for sku, entry in goods.stocked(lines).items()}
    goods.check_store(store_id)
    Reservation.objects.bulk_create(
        [Reservation(key=key, purpose=purpose, owner=owner, store_id=store_id, expires_at=expires_at)],
        ignore_conflicts=True,
    )
    involved = _lock_involved(key, replaces, store_id, wanted)
    own = next(reservation for reservation in involved if reservation.key == key)
    if own.state in (State.CONFIRMED, State.ISSUED):
        if own.store_id == store_id and _quantities(own) == wanted:
            return own
        raise errors.reservation_closed(own.pk, own.get_state_display())

    freed = [reservation for reservation in involved if reservation.is_active()]
    before = _places(freed)
    books = ledger.Books.locked(before.keys() | {(store_id, sku) for sku in wanted})
    for place, quantity in before.items():
        books.reserve(place, -quantity)
    kept = _places(hold for hold in freed if hold.key in (key, replaces) and not hold.is_overdue())
    limits = {sku: _limit(books, (store_id, sku), purpose, kept.get((store_id, sku), 0)) for sku in wanted}
    _take(books, store_id, wanted, limits)
    books.save()
    if purpose in Reservation.UNKNOWN_TO_CORE or any(hold.purpose in Reservation.UNKNOWN_TO_CORE for hold in freed):
        books.tell_core(books.places())

    same = own.is_active() and own.store_id == store_id and _quantities(own) == wanted
    others = [reservation for reservation in freed if reservation is not own]
    _close([reservation for reservation in others if reservation.key == replaces], State.RELEASED, "replaced")
    _close([reservation for reservation in others if reservation.key != replaces], State.EXPIRED, "expired")
    held = _renew(own, expires_at) if same else _rewrite(own, purpose, owner, store_id, wanted, expires_at)
    for sku, codes in sorted(serials.items()):
        for code in codes:
            _pick(held, sku, code)
    return held


@transaction.atomic
def extend(*, reservation_id: UUID | str, expires_at: datetime) -> Reservation:
    """Hold it until `expires_at`; a confirmed one needs no time.

    Raises RESERVATION_EXPIRED when its time ran out, swept or not, and RESERVATION_CLOSED once the goods were issued.
    """
    reservation = locked(reservation_id)
    if reservation.state == State.ISSUED:
        raise errors.reservation_closed(reservation.pk, reservation.get_state_display())
    check_usable(reservation)
    if reservation.state == State.HELD:
        _check_future(expires_at)
        _renew(reservation, expires_at)
    return reservation


def confirm(*, reservation_id: UUID | str) -> Reservation:
    """Turn a hold into an allocation that does not expire; confirming twice is the same as once.

    Raises RESERVATION_EXPIRED when its time ran out, swept or not.
    """
    with joined():
        limit_wait()
        # The usual case in one statement.
        for confirmed in Reservation.objects.raw(_CONFIRM, [parsed(reservation_id), clock.now()]):
            return confirmed
        reservation = locked(reservation_id)
        if reservation.state != State.ISSUED:
            check_usable(reservation)
    return reservation


@transaction.atomic
def release(*, reservation_id: UUID | str, reason: str) -> bool:
    """Free what is held or confirmed. True if this call did it, False if it was closed before.

    Raises RESERVATION_CLOSED once the goods were issued.
    """
    reservation = locked(reservation_id)
    if reservation.state == State.ISSUED:
        raise errors.reservation_closed(reservation.pk, reservation.get_state_display())
    return free([reservation], State.RELEASED, reason)


def expire_due(*, limit: int = 500) -> int:
    """Free the holds whose time has run out, each in a transaction of its own; returns how many."""
    due = Reservation.objects.filter(state=State.HELD, expires_at__lte=clock.now()).order_by("expires_at")
    return sum(_expire(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def pick_unit(*, reservation_id: UUID | str, sku: str, serial: str) -> Unit:
    """Keep the unit that was scanned for this reservation; scanning it again changes nothing.

    Raises UNKNOWN_SKU when the SKU is not reserved, SERIAL_REQUIRED when all its pieces are picked already, the serial
    errors, RESERVATION_EXPIRED, RESERVATION_CLOSED.
    """
    reservation = locked(reservation_id)
    if reservation.state == State.ISSUED:
        raise errors.reservation_closed(reservation.pk, reservation.get_state_display())
    check_usable(reservation)
    return _pick(reservation, sku, serial)


@transaction.atomic
def unpick(*, reservation_id: UUID | str) -> None:
    """Put the units picked for this reservation back; its quantities stay reserved."""
    units.put_back([locked(reservation_id)])


def locked(reservation_id: UUID | str) -> Reservation:
    """The reservation, locked for the rest of the transaction. Raises RESERVATION_NOT_FOUND."""
    found = lock_rows(Reservation.objects.filter(pk=parsed(reservation_id)))
    if not found:
        raise errors.reservation_not_found(reservation_id)
    return found[0]


def parsed(reservation_id: UUID | str) -> UUID:
    """The id as a UUID. Raises RESERVATION_NOT_FOUND for what cannot be one."""
    try:
        return UUID(str(reservation_id))
    except ValueError:
        raise errors.reservation_not_found(reservation_id) from None


def check_usable(reservation: Reservation) -> None:
    """Raises RESERVATION_EXPIRED unless its pieces are still kept."""
    if not reservation.is_active() or reservation.is_overdue():
        raise errors.reservation_expired(reservation.pk)


def free(reservations: Sequence[Reservation], state: Reservation.State, reason: str) -> bool:
    """Give back what these locked reservations still hold and close them; False if none held anything."""
    active = [reservation for reservation in reservations if reservation.is_active()]
    if not active:
        return False
    places = _places(active)
    books = ledger.Books.locked(places.keys())
    for place, quantity in places.items():
        books.reserve(place, -quantity)
    books.save()
    if any(reservation.purpose in Reservation.UNKNOWN_TO_CORE for reservation in active):
        books.tell_core(books.places())
    _close(active, state, reason)
    return True


def _pick(reservation: Reservation, sku: str, serial: str) -> Unit:
    line = reservation.lines.select_related("item").filter(item_id=sku).first()
    if line is None:
        raise errors.unknown_sku(sku)
    if not line.item.tracked:
        raise errors.serial_unknown(sku, serial)
    wanted = goods.Wanted(line.item, 1)
    errors.raise_first(goods.name_serials({sku: wanted}, {sku: [serial]}))
    chosen = units.leaving(wanted, reservation.store_id, kept_by=[line.pk])
    errors.raise_first(chosen.problems)
    (unit,) = chosen.present
    if unit.reservation_line_id != line.pk:
        kept = line.units.count()
        if kept >= line.quantity:
            raise errors.serial_required(sku, wanted=line.quantity, given=kept + 1)
        units.keep(unit, line)
    return unit


def _check_future(expires_at: datetime) -> None:
    if expires_at <= clock.now():
        raise ValueError("A reservation must expire in the future.")


def _expire(pk: UUID) -> bool:
    with transaction.atomic():
        reservation = locked(pk)
        return reservation.is_overdue() and free([reservation], State.EXPIRED, "expired")


def _lock_involved(key: str, replaces: str | None, store_id: str, skus: Iterable[str]) -> list[Reservation]:
    # Holds that ran out but were not swept yet must not keep anyone from the goods.
    overdue = ReservationLine.objects.filter(
        reservation__store_id=store_id,
        reservation__state=State.HELD,
        reservation__expires_at__lte=clock.now(),
        item_id__in=list(skus),
    ).values("reservation_id")
    keys = [key] if replaces is None else [key, replaces]
    found = lock_rows(Reservation.objects.filter(Q(key__in=keys) | Q(pk__in=overdue)))
    for reservation in found:
        if reservation.key == replaces != key and reservation.state in (State.CONFIRMED, State.ISSUED):
            raise errors.reservation_closed(reservation.pk, reservation.get_state_display())
    return [reservation for reservation in found if reservation.key in keys or reservation.is_overdue()]


def _limit(books: ledger.Books, place: ledger.Place, purpose: str, kept: int) -> int:
    """How many pieces may be taken for this purpose by one who has `kept` so many until now."""
    free = books.free(place)
    return free if purpose in Reservation.FROM_SAFETY else max(books.promisable(place), min(free, kept))


def _take(books: ledger.Books, store_id: str, wanted: dict[str, int], limits: dict[str, int]) -> None:
    shortages = [
        errors.Shortage(sku, quantity, max(limits[sku], 0))
        for sku, quantity in wanted.items()
        if limits[sku] < quantity
    ]
    if shortages:
        raise errors.insufficient_stock(shortages)
    for sku, quantity in wanted.items():
        books.reserve((store_id, sku), quantity)


def _rewrite(
    reservation: Reservation,
    purpose: str,
    owner: str,
    store_id: str,
    wanted: dict[str, int],
    expires_at: datetime,
) -> Reservation:
    units.put_back([reservation])
    reservation.lines.all().delete()
    reservation.purpose, reservation.owner, reservation.store_id = purpose, owner, store_id
    reservation.state, reservation.expires_at = State.HELD, expires_at
    reservation.closed_at, reservation.close_reason = None, ""
    reservation.save()
    ReservationLine.objects.bulk_create(
        [ReservationLine(reservation=reservation, item_id=sku, quantity=quantity) for sku, quantity in wanted.items()]
    )
    return reservation


def _renew(reservation: Reservation, expires_at: datetime) -> Reservation:
    reservation.expires_at = expires_at
    reservation.save(update_fields=["expires_at"])
    return reservation


def _close(reservations: Sequence[Reservation], state: Reservation.State, reason: str) -> None:
    if not reservations:
        return
    units.put_back(reservations)
    for reservation in reservations:
        reservation.state, reservation.close_reason, reservation.closed_at = state, reason[:200], clock.now()
    Reservation.objects.bulk_update(reservations, ["state", "close_reason", "closed_at"])


def _places(reservations: Iterable[Reservation]) -> dict[ledger.Place, int]:
    """What these reservations hold, by place."""
    held: dict[ledger.Place, int] = {}
    stores = {reservation.pk: reservation.store_id for reservation in reservations}
    if not stores:
        return held
    for line in ReservationLine.objects.filter(reservation__in=stores):
        place = (stores[line.reservation_id], line.item_id)
        held[place] = held.get(place, 0) + line.quantity
    return held


def _quantities(reservation: Reservation) -> dict[str, int]:
    return {line.item_id: line.quantity for line in reservation.lines.all()}
