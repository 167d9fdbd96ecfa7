"""How a contradiction can be settled: which ways are open in the present state of the books, and what each will book.

Reads only. `plan` gives the whole effect of a settlement, or the sentence why it cannot be; `resolution.settle` carries
it out under the locks, and the screen shows it before.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from . import errors, serials, uin, units
from .ledger import Entry, Place
from .models import Balance, Contradiction, Movement, MovementKind, RoomBalance, StockRoom, Unit, UnitMovement

Type = Contradiction.Type
Settlement = Contradiction.Settlement

# Lost to the books, so that a sale elsewhere tells where it was.
_LOST = (Unit.State.MISSING, Unit.State.REMOVE_FROM_INVENTORY, Unit.State.UNKNOWN, Unit.State.UNCONFIRMED)


class Impossible(Exception):
    """A settlement that is not open now; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Change:
    """A unit gets into a state, in a room (None: the floor, or not in the store) of a store."""

    unit: Unit
    state: str
    store_id: str
    room: StockRoom | None = None


@dataclass(slots=True)
class Plan:
    """All that a settlement does. `entries` have no source key yet.

    `registered` are pieces known by quantity alone that get a unit (negative: lose it); `new` the units to be made, and
    `linked` those that belong to the contradiction's own movement.
    """

    entries: list[Entry] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    registered: dict[Place, int] = field(default_factory=dict)
    new: list[Unit] = field(default_factory=list)
    linked: list[Unit] = field(default_factory=list)

    def register(self, place: Place, quantity: int) -> None:
        """So many pieces of a place get a unit."""
        self.registered[place] = self.registered.get(place, 0) + quantity


@dataclass(frozen=True, slots=True)
class Case:
    """A contradiction with the rows that decide how it can be settled, as they are now."""

    row: Contradiction
    movement: Movement
    balance: Balance
    unit: Unit | None
    belongs: bool
    """Whether the unit is linked to the movement."""

    @property
    def place(self) -> Place:
        """Where it was booked."""
        return (self.movement.store_id, self.movement.item_id)

    @property
    def pieces(self) -> int:
        """Pieces booked by quantity alone, without a sign."""
        return abs(self.row.pieces)

    @property
    def shortfall(self) -> int:
        """Sellable pieces that the books lack."""
        return max(self.balance.unsellable - self.balance.on_hand, 0)


def case_of(row: Contradiction) -> Case:
    """The case as it is now; four queries at most."""
    movement = Movement.objects.select_related("item", "store", "room").get(pk=row.movement_id)
    balance = Balance.objects.get(store_id=movement.store_id, item_id=movement.item_id)
    unit = Unit.objects.select_related("item", "store", "room").get(pk=row.unit_id) if row.unit_id else None
    belongs = unit is not None and UnitMovement.objects.filter(movement=movement, unit=unit).exists()
    return Case(row, movement, balance, unit, belongs)


def proposals(row: Contradiction) -> dict[str, Plan]:
    """The settlements that are open now with what each will do, the safest first.

    NAME_UNITS is open while a piece may be named; what it does is known once one is.
    """
    case = case_of(row)
    found = {}
    for settlement, rule in RULES.items():
        with suppress(Impossible):
            found[settlement] = rule(case, None)
    return found


def possible(row: Contradiction) -> list[str]:
    """The settlements that are open now, the safest first."""
    return list(proposals(row))


def plan(row: Contradiction, settlement: str, named: Sequence[str] = ()) -> Plan:
    """What the settlement does now. `named` are the numbers of the right pieces, for NAME_UNITS.

    Raises Impossible, SERIAL_INVALID, SERIAL_REQUIRED.
    """
    if settlement not in RULES:
        raise Impossible(_("There is no such way to settle this."))
    return RULES[settlement](case_of(row), list(named))


def _noted(case: Case, named: list[str] | None) -> Plan:
    row = case.row
    if row.type == Type.BLACKLISTED:
        _refuse(case.unit is not None and case.unit.is_present(), _("The device is still in stock."))
    elif row.type == Type.SOLD_SHORT:
        _refuse(case.shortfall > 0, _("The books still have fewer pieces than nought."))
    elif row.pieces < 0:
        _refuse(case.balance.unregistered < 0, _("More pieces were sold than were ever received."))
    return Plan()


def _found(case: Case, named: list[str] | None) -> Plan:
    row = case.row
    missing = case.pieces
    if row.type == Type.SOLD_SHORT:
        wanted, available = int(row.params.get("wanted", 0)), int(row.params.get("available", 0))
        missing = min(case.shortfall, wanted - available)
        _refuse(missing <= 0, _("The books have all the pieces by now."))
        return Plan([_entry(case.place, MovementKind.ADJUSTMENT, missing, unregistered=missing)])
    ours = row.type in (Type.SOLD_UNKNOWN, Type.SOLD_UNNAMED) or (row.type == Type.SOLD_IN_BOOKS and case.belongs)
    _refuse(not ours or row.pieces >= 0, _("Nothing is missing for this."))
    _refuse(case.balance.unregistered >= 0, _("The books have all the pieces by now."))
    moved = (case.unit,) if case.unit is not None and case.unit.state == Unit.State.SOLD else ()
    return Plan([_entry(case.place, MovementKind.ADJUSTMENT, missing, unregistered=missing, moved=moved)])


def _really_sold(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, Type.SOLD_IN_BOOKS)
    store, _sku = case.place
    _refuse(case.row.pieces >= 0, _("The piece was booked out of this store."))
    sold = Change(unit, Unit.State.SOLD, store)
    if unit.state in units.FREE and unit.store_id == store:
        return _sold_from_here(case, [unit])
    arrived = _entry(case.place, MovementKind.TRANSFER_IN, 1, unregistered=1, moved=[unit])
    if unit.state in units.FREE:
        left = _entry((unit.store_id, unit.item_id), MovementKind.TRANSFER_OUT, -1, moved=[unit], room=unit.room)
        return Plan([left, arrived], [sold], linked=[unit])
    _refuse(unit.state not in _LOST, _("The piece is %(state)s.") % {"state": unit.get_state_display()})
    return Plan([_entry(case.place, MovementKind.ADJUSTMENT, 1, unregistered=1, moved=[unit])], [sold], linked=[unit])


def _return_unbooked(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, Type.SOLD_IN_BOOKS)
    _refuse(case.row.pieces >= 0 or case.belongs, _("The piece was booked out of this store."))
    _refuse(unit.state not in uin.WITH_CUSTOMER, _("The piece was not sold before."))
    entry = _entry(case.place, MovementKind.RETURN, 1, unregistered=1, moved=[unit])
    return Plan([entry], [Change(unit, Unit.State.SOLD, case.place[0])], linked=[unit])


def _wrong_article(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, Type.SOLD_WRONG_ITEM)
    _refuse(case.row.pieces >= 0, _("Nothing is missing for this."))
    _refuse(unit.state not in units.FREE, _("The piece is %(state)s.") % {"state": unit.get_state_display()})
    back = _entry(case.place, MovementKind.ADJUSTMENT, 1, unregistered=1)
    out = _entry((unit.store_id, unit.item_id), MovementKind.ADJUSTMENT, -1, moved=[unit], room=unit.room)
    return Plan([back, out], [Change(unit, Unit.State.SOLD, unit.store_id)])


def _name_units(case: Case, named: list[str] | None) -> Plan:
    row = case.row
    _refuse(not case.movement.item.tracked, _("The pieces have no serial numbers."))
    if row.pieces > 0:
        return _named_in(case, named)
    mistaken = (
        row.type in (Type.SOLD_UNKNOWN, Type.SOLD_IN_BOOKS)
        and case.unit is not None
        and case.belongs
        and case.unit.state == Unit.State.SOLD
    )
    _refuse(row.pieces == 0 and not mistaken, _("No piece is left to be named."))
    _refuse(row.type not in _NAMED_OUT, _("No piece is left to be named."))
    if named is None:
        return Plan()
    right = [_free_here(case, number) for number in _numbers(case, named, max(case.pieces, 1))]
    made = _sold_from_here(case, right, gains=row.pieces != 0)
    if mistaken and case.unit is not None:
        # It was here and goes back to the shelf, or it was never known: it is not sold, and not confirmed.
        state = Unit.State.IN_STOCK if row.pieces == 0 else Unit.State.UNCONFIRMED
        made.changes.append(Change(case.unit, state, case.place[0]))
    return made


_NAMED_OUT = (Type.SOLD_UNNAMED, Type.SOLD_UNKNOWN, Type.SOLD_WRONG_ITEM, Type.SOLD_IN_BOOKS)


def _named_in(case: Case, named: list[str] | None) -> Plan:
    _refuse(case.balance.unregistered < case.pieces, _("The piece has left the store, or has a number by now."))
    if named is None:
        return Plan()
    room = _room_of_piece(case)
    made = Plan()
    for number in _numbers(case, named, case.pieces):
        known = Unit.objects.filter(units.matching(case.movement.item, [number])).select_related("room").first()
        if known is None:
            unit = Unit(item=case.movement.item, identifier_type=case.movement.item.tracking, identifier=number)
            unit.store_id, unit.state, unit.room = case.place[0], units.state_in(room), room
            made.new.append(unit)
        else:
            _refuse(known.item_id != case.place[1], _("%(number)s is a piece of another article.") % {"number": number})
            _refuse(
                not uin.may_arrive(known.state, returned=case.movement.kind == MovementKind.RETURN),
                _("%(number)s is in the books already.") % {"number": number},
            )
            made.changes.append(Change(known, units.state_in(room), case.place[0], room))
            made.linked.append(known)
        made.register(case.place, 1)
    return made


def _is_here(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, *_CAME_IN)
    _refuse(case.row.pieces <= 0, _("Nothing was booked for it."))
    _refuse(case.balance.unregistered < 1, _("The piece has left the store, or has a number by now."))
    _refuse(
        unit.is_present() and unit.store_id == case.place[0],
        _("The books have it in this store already: there is one piece, or the scan was wrong."),
    )
    room = _room_of_piece(case)
    made = Plan([], [Change(unit, units.state_in(room), case.place[0], room)], {case.place: 1}, linked=[unit])
    if unit.state in units.FREE:
        place = (unit.store_id, unit.item_id)
        made.entries.append(_entry(place, MovementKind.TRANSFER_OUT, -1, moved=[unit], room=unit.room))
    elif unit.is_present():
        raise Impossible(_("The piece is %(state)s.") % {"state": unit.get_state_display()})
    return made


def _take_out(case: Case, named: list[str] | None) -> Plan:
    _refuse(case.row.pieces <= 0, _("Nothing was booked for it."))
    gone = _("The piece has left the store, or has a number by now.")
    _refuse(case.balance.unregistered < case.pieces, gone)
    return Plan([
        _entry(
            case.place,
            MovementKind.ADJUSTMENT,
            -case.pieces,
            unregistered=-case.pieces,
            room=_room_of_piece(case),
        )
    ])  # fmt: skip


def _back_in_stock(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, Type.BLACKLISTED)
    place = (unit.store_id, unit.item_id)
    _refuse(unit.state != Unit.State.UNAVAILABLE or unit.room is None, _("The device is not in quarantine."))
    moved = [
        _entry(place, MovementKind.MOVE, -1, room=unit.room),
        _entry(place, MovementKind.MOVE, 1, moved=[unit]),
    ]
    return Plan(moved, [Change(unit, Unit.State.IN_STOCK, unit.store_id)])


def _write_off(case: Case, named: list[str] | None) -> Plan:
    unit = _named_unit(case, Type.BLACKLISTED)
    _refuse(unit.state not in units.FREE, _("The piece is %(state)s.") % {"state": unit.get_state_display()})
    place = (unit.store_id, unit.item_id)
    entry = _entry(place, MovementKind.ADJUSTMENT, -1, moved=[unit], room=unit.room)
    return Plan([entry], [Change(unit, Unit.State.REMOVE_FROM_INVENTORY, unit.store_id)])


_CAME_IN = (Type.RECEIVED_TWICE, Type.COUNTED_ELSEWHERE, Type.RETURNED_IN_STOCK)

Rule = Callable[[Case, list[str] | None], Plan]

# In the order shown: what moves a known piece first, then numbers, then quantities alone.
RULES: dict[str, Rule] = {
    Settlement.REALLY_SOLD: _really_sold,
    Settlement.RETURN_UNBOOKED: _return_unbooked,
    Settlement.WRONG_ARTICLE: _wrong_article,
    Settlement.IS_HERE: _is_here,
    Settlement.NAME_UNITS: _name_units,
    Settlement.FOUND: _found,
    Settlement.TAKE_OUT: _take_out,
    Settlement.BACK_IN_STOCK: _back_in_stock,
    Settlement.WRITE_OFF: _write_off,
    Settlement.NOTED: _noted,
}


def _refuse(wrong: bool, sentence: str) -> None:
    if wrong:
        raise Impossible(sentence)


def _named_unit(case: Case, *types: str) -> Unit:
    if case.row.type not in types or case.unit is None:
        raise Impossible(_("This is not about such a piece."))
    return case.unit


def _sold_from_here(case: Case, right: Sequence[Unit], *, gains: bool = True) -> Plan:
    """Units that lie in the store left with the movement. `gains`: it had booked them by quantity alone."""
    made = Plan(linked=list(right))
    for unit in right:
        if unit.room is not None:
            # The sale took from the floor, the piece lay elsewhere.
            made.entries += [
                _entry(case.place, MovementKind.MOVE, -1, room=unit.room),
                _entry(case.place, MovementKind.MOVE, 1, moved=[unit]),
            ]
        made.changes.append(Change(unit, Unit.State.SOLD, case.place[0]))
    if gains and right:
        made.register(case.place, -len(right))
    return made


def _free_here(case: Case, number: str) -> Unit:
    found = Unit.objects.filter(units.matching(case.movement.item, [number])).select_related("item", "store", "room")
    unit = found.first()
    if unit is None:
        raise Impossible(_("No piece with the number %(number)s is known.") % {"number": number})
    _refuse(unit.item_id != case.place[1], _("%(number)s is a piece of another article.") % {"number": number})
    _refuse(
        unit.store_id != case.place[0] or unit.state not in units.FREE,
        _("%(number)s is not free in this store.") % {"number": number},
    )
    return unit


def _numbers(case: Case, named: Sequence[str], wanted: int) -> list[str]:
    """The numbers as stored. Raises SERIAL_INVALID, SERIAL_REQUIRED."""
    sku, found = case.place[1], []
    for code in named:
        try:
            found.append(serials.normalise(case.movement.item.tracking, code))
        except serials.InvalidSerial as problem:
            raise errors.serial_invalid(sku, code, problem.message) from problem
    if len(set(found)) != wanted or len(found) != wanted:
        raise errors.serial_required(sku, wanted=wanted, given=len(set(found)))
    return found


def _room_of_piece(case: Case) -> StockRoom | None:
    """The room that the movement brought the piece to, while a piece without a number lies there; else the floor."""
    room = case.movement.room
    if room is None:
        return None
    there = RoomBalance.objects.filter(balance=case.balance, room=room).values_list("quantity", flat=True).first() or 0
    named = Unit.objects.filter(item_id=case.place[1], room=room).count()
    return room if there - named >= case.pieces else None


def _entry(
    place: Place,
    kind: MovementKind,
    quantity: int,
    *,
    unregistered: int = 0,
    moved: Sequence[Unit] = (),
    room: StockRoom | None = None,
) -> Entry:
    return Entry(place, kind, quantity, "", moved, unregistered, "", room)
