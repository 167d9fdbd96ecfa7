"""Goods that leave by a sale: issued against a reservation, or sold at the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from kernel import clock
from kernel.errors import ApiError

from . import errors, goods, ledger, reservations, resolution, units
from .goods import Wanted
from .models import Contradiction, CoreStock, Movement, Reservation, ReservationLine
from .resolution import Clash

State = Reservation.State
SaleLine = tuple[str, int, Sequence[str]]
"""SKU, quantity, serials."""


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """The movements of a sale and what spoke against it; the latter only with `allow_short`."""

    movements: list[Movement]
    exceptions: list[ApiError] = field(default_factory=list)


@transaction.atomic
def issue(
    *,
    reservation_id: UUID | str,
    serials: Mapping[str, Sequence[str]],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
    core_pending: bool = False,
) -> list[Movement]:
    """Hand over all that is reserved; a repeat with the same `source_key` returns the same movements.

    Tracked SKUs need a serial per piece: those in `serials`, or the units picked before when a SKU is not named.
    `core_pending` says that the core's order is fulfilled only afterwards: the core's quantity is left alone until
    `core_fulfilled`, since it will be lowered by that fulfilment.

    Raises RESERVATION_EXPIRED, RESERVATION_CLOSED (issued under another key), IDEMPOTENCY_MISMATCH (the key has issued
    another), SERIAL_REQUIRED and the other serial errors; nothing is changed then.
    """
    reservation = reservations.locked(reservation_id)
    lines = list(reservation.lines.select_related("item").order_by("item_id"))
    keys = {_line_key(source_key, line.item_id): line for line in lines}
    if reservation.state == State.ISSUED:
        if reservation.issue_key != source_key:
            raise errors.reservation_closed(reservation.pk, reservation.get_state_display())
        return list(Movement.objects.filter(source_key__in=keys).order_by("pk"))
    reservations.check_usable(reservation)

    wanted = {line.item_id: Wanted(line.item, line.quantity) for line in lines}
    named = units.picked(reservation) | {sku: list(codes) for sku, codes in serials.items()}
    errors.raise_first(goods.name_serials(wanted, named))
    place = reservation.store_id
    books = ledger.Books.locked([(place, sku) for sku in wanted])
    if done := ledger.replayed({key: ((place, line.item_id), -line.quantity) for key, line in keys.items()}):
        # The same goods, but handed over for another reservation: a repeat of this one is answered above.
        raise errors.source_key_reused(done[0].source_key)
    kept_by = [line.pk for line in lines]
    entries = []
    for sku, entry in wanted.items():
        leaving = units.leaving(entry, place, kept_by=kept_by)
        errors.raise_first(leaving.problems)
        books.reserve((place, sku), -entry.quantity)
        entries.append(_sale(entry, leaving, place, source_key))
    issued(reservation, source_key, core_pending=core_pending)
    return books.book(entries, actor=actor, occurred_at=occurred_at)


@transaction.atomic
def core_fulfilled(*, reservation_id: UUID | str) -> None:
    """The core has fulfilled the order of an issue made with `core_pending`: its quantity is looked at anew."""
    reservation = reservations.locked(reservation_id)
    if not reservation.core_pending:
        return
    reservation.core_pending = False
    reservation.save(update_fields=["core_pending"])
    lines = dict(reservation.lines.values_list("item_id", "quantity"))
    books = ledger.Books.locked([(reservation.store_id, sku) for sku in lines])
    # Its own quantity is lower by what it fulfilled.
    for sku, quantity in lines.items():
        told = CoreStock.objects.filter(balance__store=reservation.store_id, balance__item=sku, quantity__isnull=False)
        told.update(quantity=F("quantity") - quantity)
    books.tell_core(books.places())


@transaction.atomic
def sell(
    *,
    store_id: str,
    lines: Sequence[SaleLine],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
    allow_short: bool = False,
    reservation_id: UUID | str | None = None,
) -> SaleOutcome:
    """Book a sale at a store; a repeat with the same `source_key` returns the same outcome.

    The pieces of `reservation_id`, if it is still active, are freed for this sale and it counts as issued. Items that
    are not stocked are skipped. The register may take the safety stock. With `allow_short` the sale has happened and is
    booked whatever the books say: what speaks against it is kept for a person and returned as exceptions.

    Raises without `allow_short` INSUFFICIENT_STOCK and the serial errors; always UNKNOWN_SKU, INVALID_QUANTITY,
    STORE_NOT_FOUND, IDEMPOTENCY_MISMATCH. Nothing is changed then.
    """
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _serials in lines])
    problems = goods.name_serials(wanted, _named(lines))
    goods.check_store(store_id)
    reservation = reservations.locked(reservation_id) if reservation_id is not None else None
    held = _held(reservation, store_id)
    books = ledger.Books.locked([(store_id, sku) for sku in wanted.keys() | held.keys()], create=True)
    keys = {_line_key(source_key, sku): ((store_id, sku), -entry.quantity) for sku, entry in wanted.items()}
    if done := ledger.replayed(keys):
        return SaleOutcome(done, _contradictions(done))

    for sku, line in held.items():
        books.reserve((store_id, sku), -line.quantity)
    entries = []
    booked: dict[str, _Booked] = {}
    for sku, entry in wanted.items():
        available = max(books.free((store_id, sku)), 0)
        if available < entry.quantity:
            problems.append(errors.insufficient_stock([errors.Shortage(sku, entry.quantity, available)]))
        leaving = units.leaving(entry, store_id, kept_by=[line.pk for line in held.values()])
        problems += leaving.problems
        if not allow_short:
            errors.raise_first(problems)
        present = {unit.identifier for unit in leaving.present}
        booked[sku] = _Booked(set(entry.serials) - present, entry.quantity - len(entry.serials))
        entries.append(_sale(entry, leaving, store_id, source_key))
    movements = books.book(entries, actor=actor, occurred_at=occurred_at)
    if reservation is not None and held:
        units.put_back([reservation])
        issued(reservation, source_key, core_pending=False)
        books.tell_core(books.places())
    resolution.record(_clashes(problems, movements, booked))
    return SaleOutcome(movements, problems)


def _sale(entry: Wanted, leaving: units.Leaving, store_id: str, source_key: str) -> ledger.Entry:
    return ledger.Entry(
        place=(store_id, entry.sku),
        kind=Movement.Kind.SALE,
        quantity=-entry.quantity,
        source_key=_line_key(source_key, entry.sku),
        units=units.sold(leaving),
        unregistered=len(leaving.present) - entry.quantity,
    )


def _held(reservation: Reservation | None, store_id: str) -> dict[str, ReservationLine]:
    """The lines that still keep goods in this store for the buyer."""
    if reservation is None or not reservation.is_active() or reservation.is_overdue():
        return {}
    if reservation.store_id != store_id:
        return {}
    return {line.item_id: line for line in reservation.lines.all()}


def issued(reservation: Reservation, source_key: str, *, core_pending: bool) -> None:
    """Close the locked reservation, whose goods have left under `source_key`."""
    reservation.state, reservation.expires_at = State.ISSUED, None
    reservation.issue_key, reservation.closed_at = source_key, clock.now()
    reservation.core_pending = core_pending
    reservation.save(update_fields=["state", "expires_at", "issue_key", "closed_at", "core_pending"])


def _clashes(
    problems: Sequence[ApiError], movements: Sequence[Movement], booked: "Mapping[str, _Booked]"
) -> list[Clash]:
    """What spoke against each movement, with the pieces that it booked by quantity alone on that account."""
    by_sku = {movement.item_id: movement for movement in movements}
    found = []
    for problem in problems:
        sku = problem.params["sku"]
        found.append(Clash(problem, by_sku[sku], -booked[sku].pieces(problem)))
    return found


@dataclass(slots=True)
class _Booked:
    """Of a sale of one SKU: the serials that were not here, and how many pieces had no valid one."""

    absent: set[str]
    unnamed: int

    def pieces(self, problem: ApiError) -> int:
        """How many pieces the problem is to blame for."""
        if problem.code == errors.SERIAL_INVALID:
            taken = min(self.unnamed, 1)
        elif problem.code == errors.SERIAL_REQUIRED:
            taken = self.unnamed
        else:
            return int(problem.params.get("serial") in self.absent)
        self.unnamed -= taken
        return taken


def _contradictions(movements: Sequence[Movement]) -> list[ApiError]:
    found = Contradiction.objects.filter(movement__in=movements).order_by("pk")
    return [ApiError(row.code, row.message, params=row.params) for row in found]


def _named(lines: Sequence[SaleLine]) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        named.setdefault(sku, []).extend(codes)
    return named


def _line_key(source_key: str, sku: str) -> str:
    """One movement per SKU of a document; the key names both."""
    return f"{source_key}/{sku}"
