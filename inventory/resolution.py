"""The list of contradictions: put down with what was booked, settled once each by a person, through the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from kernel import audit, clock
from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import errors, ledger, settlements, units
from .models import Contradiction, Movement, MovementKind, StockItem, Unit, UnitMovement
from .settlements import Impossible, Plan

Type = Contradiction.Type

MAX_REASON = 200


@dataclass(frozen=True, slots=True)
class Clash:
    """What spoke against a movement. `pieces` are those that it booked by quantity alone on this account."""

    problem: ApiError
    movement: Movement
    pieces: int = 0


def record(clashes: Sequence[Clash]) -> list[Contradiction]:
    """Put contradictions on the list, in the transaction of the movements that they are about."""
    numbers = {str(clash.problem.params.get("serial", "")) for clash in clashes} - {""}
    known: dict[str, list[Unit]] = {}
    for unit in Unit.objects.filter(identifier__in=numbers).order_by("pk") if numbers else ():
        known.setdefault(unit.identifier, []).append(unit)
    return Contradiction.objects.bulk_create(
        [
            Contradiction(
                movement=clash.movement,
                type=type_of(clash.problem.code, clash.movement.kind),
                code=clash.problem.code,
                message=clash.problem.message[:500],
                params=clash.problem.params,
                serial=str(clash.problem.params.get("serial", ""))[:64],
                unit=_meant(known.get(str(clash.problem.params.get("serial", "")), ()), clash.movement.item_id),
                pieces=clash.pieces,
            )
            for clash in clashes
        ]
    )


def record_arrivals(problems: Sequence[ApiError], movements: Sequence[Movement]) -> None:
    """Put down what spoke against goods that came in; a piece with a number was booked by quantity alone."""
    by_sku = {movement.item_id: movement for movement in movements}
    record([Clash(problem, by_sku[problem.params["sku"]], int("serial" in problem.params)) for problem in problems])


def type_of(code: str, kind: str) -> str:
    """What kind of contradiction a problem is, by its code and what was booked."""
    if code == errors.SERIAL_IN_STOCK:
        came_in = {MovementKind.RETURN: Type.RETURNED_IN_STOCK, MovementKind.COUNT: Type.COUNTED_ELSEWHERE}
        return came_in.get(MovementKind(kind), Type.RECEIVED_TWICE)
    if code == errors.SERIAL_COUNTED_ELSEWHERE:
        return Type.COUNTED_ELSEWHERE
    if code == errors.DEVICE_BLACKLISTED:
        return Type.BLACKLISTED
    return _OF_SALES.get(code, Type.OTHER) if kind == MovementKind.SALE else Type.OTHER


_OF_SALES = {
    errors.INSUFFICIENT_STOCK: Type.SOLD_SHORT,
    errors.SERIAL_REQUIRED: Type.SOLD_UNNAMED,
    errors.SERIAL_INVALID: Type.SOLD_UNNAMED,
    errors.SERIAL_UNKNOWN: Type.SOLD_UNKNOWN,
    errors.SERIAL_WRONG_ITEM: Type.SOLD_WRONG_ITEM,
    errors.SERIAL_NOT_IN_STOCK: Type.SOLD_IN_BOOKS,
}


@transaction.atomic
def settle(
    *,
    contradiction_id: int,
    settlement: str,
    actor: str,
    reason: str,
    serials: Sequence[str] = (),
    occurred_at: datetime | None = None,
) -> Contradiction:
    """Settle a contradiction in one of the ways that `settlements.possible` gives, and book what follows.

    `serials` name the right pieces for NAME_UNITS. A repeat by the same person answers the same; the
    reason of the first stays. Raises NOT_FOUND, REQUIRED (no reason), CONTRADICTION_SETTLED (by someone else,
    or otherwise), SETTLEMENT_NOT_POSSIBLE, SERIAL_INVALID, SERIAL_REQUIRED, TRY_AGAIN; nothing is changed then.
    """
    if not reason.strip():
        raise errors.reason_required()
    rows = lock_rows(Contradiction.objects.filter(pk=contradiction_id))
    if not rows:
        raise errors.contradiction_not_found(contradiction_id)
    row = rows[0]
    if row.settled_at is not None:
        if (row.settlement, row.settled_with, row.settled_by) == (settlement, list(serials), actor):
            return row
        raise errors.contradiction_settled(row.pk, row.settled_by, row.settled_at)
    try:
        books, made = _locked_plan(row, settlement, serials)
    except Impossible as why:
        raise errors.settlement_not_possible(settlement, str(why)) from why
    # Movements name the kind of settlement, so that sums by reason stay few; the words stay with the contradiction.
    _carry_out(row, books, made, actor, settlement, occurred_at)
    row.settlement, row.settled_reason, row.settled_with = settlement, reason.strip()[:MAX_REASON], list(serials)
    row.settled_at, row.settled_by = clock.now(), actor
    row.save(update_fields=["settlement", "settled_reason", "settled_with", "settled_at", "settled_by"])
    audit.record(
        actor=actor,
        action="contradiction.settled",
        subject=f"contradiction:{row.pk}",
        detail={"settlement": settlement, "serials": list(serials)},
    )
    return row


def _locked_plan(row: Contradiction, settlement: str, serials: Sequence[str]) -> tuple[ledger.Books, Plan]:
    """What is to be done, worked out anew once the balances and units that it touches are locked."""
    first = settlements.plan(row, settlement, serials)
    books = ledger.Books.locked(sorted(_places(row, first)))
    held = lock_rows(Unit.objects.filter(pk__in=_units(first)), order_by=("item_id", "pk"))
    made = settlements.plan(row, settlement, serials)
    if not (_places(row, made) <= set(books.places()) and _units(made) <= {unit.pk for unit in held}):
        raise errors.changed_meanwhile()
    return books, made


def _carry_out(
    row: Contradiction, books: ledger.Books, made: Plan, actor: str, reason: str, occurred_at: datetime | None
) -> None:
    new = units.create(made.new) if made.new else []
    for change in made.changes:
        units.change([change.unit], change.state, store_id=change.store_id, room=change.room)
    for place, quantity in made.registered.items():
        books.register(place, quantity)
    entries = [
        replace(entry, source_key=f"settlement/{row.pk}/{number}", reason=reason)
        for number, entry in enumerate(made.entries)
    ]
    if entries:
        books.book(entries, actor=actor, occurred_at=occurred_at)
    elif made.registered:
        books.save()
    links = [UnitMovement(movement_id=row.movement_id, unit=unit) for unit in (*made.linked, *new)]
    UnitMovement.objects.bulk_create(links, ignore_conflicts=True)


def _places(row: Contradiction, made: Plan) -> set[ledger.Place]:
    own = (row.movement.store_id, row.movement.item_id)
    return {own, *made.registered, *(entry.place for entry in made.entries)}


def _units(made: Plan) -> set[int]:
    named = {unit.pk for entry in made.entries for unit in entry.units}
    return named | {change.unit.pk for change in made.changes} | {unit.pk for unit in made.linked}


def _meant(found: Sequence[Unit], sku: str) -> Unit | None:
    """The unit with that number: a maker's serial means one of this article."""
    for unit in found:
        if unit.item_id == sku or unit.identifier_type != StockItem.Tracking.SERIAL:
            return unit
    return None
