"""The only writer of balances, of what lies in rooms, and of movements.

Locks are taken in one order everywhere: reservations by id, rooms by id, balances by (store, SKU), units by id. What
lies in a room is guarded by its balance. Whoever brings goods into a room locks the room first (`rooms.locked`);
whoever only takes out of it reads it after the balance is locked. Every function here runs in the caller's transaction.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection
from django.db.models import Count, Q

from kernel import clock, outbox
from kernel.database import violated_constraint
from kernel.locks import lock_rows

from . import announcements, atp, errors
from .models import Balance, Movement, MovementKind, RoomBalance, StockRoom, Unit, UnitMovement
from .models.ledger import SOURCE_ONCE

STOCK_CHANGED = "stock.changed"

Place = tuple[str, str]
"""A store id and a SKU."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A movement to be written. `units` move with it; `unregistered` is the part of the quantity without one.

    Into `room` or out of it, None for the sales floor. What leaves from the floor is brought there first, from where
    the units lay (their `room_id` in memory, whatever `units` has written since) or from another sellable room.
    """

    place: Place
    kind: MovementKind
    quantity: int
    source_key: str
    units: Sequence[Unit] = ()
    unregistered: int = 0
    reason: str = ""
    room: StockRoom | None = None


class Books:
    """The locked balances of some places; what is changed is written by `save` and `book`."""

    def __init__(self, balances: Iterable[Balance]) -> None:
        self._balances = {(balance.store_id, balance.item_id): balance for balance in balances}
        self._told = {place: self.promisable(place) for place in self._balances}
        self._rooms: dict[int, dict[str, RoomBalance]] | None = None
        self._shifted: dict[tuple[int, str], RoomBalance] = {}

    @classmethod
    def locked(cls, places: Collection[Place], *, create: bool = False) -> "Books":
        """Lock the balances of `places` in order; with `create`, first make those that are missing."""
        if not places:
            return cls(())
        if create:
            _create(places)
        skus: dict[str, set[str]] = defaultdict(set)
        for store, sku in places:
            skus[store].add(sku)
        chosen = Q()
        for store, wanted in skus.items():
            chosen |= Q(store_id=store, item_id__in=wanted)
        return cls(lock_rows(Balance.objects.filter(chosen), order_by=("store_id", "item_id")))

    def places(self) -> list[Place]:
        """The places locked."""
        return list(self._balances)

    def on_hand(self, place: Place) -> int:
        """All pieces, in whatever room. 0 where there is no balance."""
        row = self._balances.get(place)
        return row.on_hand if row else 0

    def free(self, place: Place) -> int:
        """Sellable on hand less reserved, which may be negative (see `atp.free`). 0 where there is no balance."""
        row = self._balances.get(place)
        return atp.free(on_hand=row.on_hand, unsellable=row.unsellable, reserved=row.reserved) if row else 0

    def promisable(self, place: Place) -> int:
        """`free` less the safety stock. 0 where there is no balance."""
        row = self._balances.get(place)
        return self.free(place) - row.safety if row else 0

    def unregistered(self, place: Place) -> int:
        """Pieces known by quantity alone. 0 where there is no balance."""
        row = self._balances.get(place)
        return row.unregistered if row else 0

    def in_room(self, place: Place, room: StockRoom | None) -> int:
        """How many pieces lie in the room (None: on the floor, where it is negative when more left than there were)."""
        balance = self._balances.get(place)
        if balance is None:
            return 0
        found = self._in_rooms(balance)
        if room is None or room.is_floor:
            return balance.on_hand - sum(row.quantity for row in found.values())
        return found[room.pk].quantity if room.pk in found else 0

    def reserve(self, place: Place, quantity: int) -> None:
        """Add `quantity` (negative to free it) to what is reserved."""
        self._balances[place].reserved += quantity

    def register(self, place: Place, quantity: int) -> None:
        """`quantity` pieces known by quantity alone have got a unit (negative: lost it); on hand stays."""
        self._balances[place].unregistered -= quantity

    def keep_back(self, place: Place, quantity: int) -> None:
        """Set the safety stock that applies."""
        self._balances[place].safety = quantity

    def count_unsellable(self) -> None:
        """A room has become sellable, or ceased to be: count anew what of these places is not for sale."""
        for balance in self._balances.values():
            rows = self._in_rooms(balance).values()
            balance.unsellable = sum(row.quantity for row in rows if not row.room.sellable)
            _note_shortage(balance)

    def save(self) -> None:
        """Write the balances in one statement, and let the processes that mirror them know which to read again."""
        _write(self._balances.values())
        now = {place: self.promisable(place) for place in self._balances}
        announcements.stock_changed([place for place in now if now[place] != self._told[place]])
        self._told = now

    def book(
        self, entries: Sequence[Entry], *, actor: str, occurred_at: datetime | None, bulk: bool = False
    ) -> list[Movement]:
        """Write the entries as movements with their units, and the balances; returns one movement per entry.

        Announces `stock.changed` {store_id, sku} for each place; with `bulk` once per store, its sku null. Raises
        INSUFFICIENT_STOCK when more is taken from a room than lies there, TRY_AGAIN when a source key was used at
        another place, of which no lock is held, since `replayed` looked.
        """
        when = occurred_at or clock.now()
        written: list[tuple[Movement, Entry]] = []
        movements = []
        for entry in entries:
            brought = self._brought(entry) if entry.quantity < 0 and _row_of(entry.room) is None else ()
            for line in (*brought, entry):
                written.append((self._movement(line, actor, when), line))
            movements.append(written[-1][0])
        _insert([movement for movement, _entry in written])
        UnitMovement.objects.bulk_create(
            [UnitMovement(movement=movement, unit=unit) for movement, entry in written for unit in entry.units],
            batch_size=5000,
        )
        self._save_rooms()
        self.save()
        self.tell_core(entry.place for entry in entries)
        places = dict.fromkeys(entry.place for entry in entries)
        announce(dict.fromkeys((store, None) for store, _sku in places) if bulk else places)
        return movements

    def tell_core(self, places: Iterable[Place]) -> None:
        """Note that the core's quantity at these places must be looked at anew."""
        want_push([self._balances[place].pk for place in places])

    def _movement(self, entry: Entry, actor: str, occurred_at: datetime) -> Movement:
        balance = self._balances[entry.place]
        balance.on_hand += entry.quantity
        balance.unregistered += entry.unregistered
        room = _row_of(entry.room)
        if room is not None:
            self._shift(balance, room, entry.quantity)
        _note_shortage(balance)
        store, sku = entry.place
        return Movement(
            store_id=store,
            item_id=sku,
            kind=entry.kind,
            room=room,
            quantity=entry.quantity,
            balance_after=balance.on_hand,
            source_key=entry.source_key,
            actor=actor,
            reason=entry.reason,
            occurred_at=occurred_at,
        )

    def _shift(self, balance: Balance, room: StockRoom, quantity: int) -> None:
        rows = self._in_rooms(balance)
        row = rows.setdefault(room.pk, RoomBalance(balance=balance, room=room))
        if row.quantity + quantity < 0:
            raise errors.insufficient_stock([errors.Shortage(balance.item_id, -quantity, row.quantity)])
        row.quantity += quantity
        self._shifted[balance.pk, room.pk] = row
        if not row.room.sellable:
            balance.unsellable += quantity

    def _brought(self, entry: Entry) -> list[Entry]:
        """The moves that bring to the floor what is to leave from there."""
        balance = self._balances[entry.place]
        by_room: dict[str, list[Unit]] = defaultdict(list)
        for unit in entry.units:
            if unit.room_id is not None:
                by_room[unit.room_id].append(unit)
        rows = self._in_rooms(balance)
        moves = [pair for pk, units in by_room.items() for pair in _pair(entry, rows[pk].room, len(units), units)]
        floor = self.in_room(entry.place, None) + sum(len(units) for units in by_room.values())
        missing = -(floor + entry.quantity)
        if missing <= 0:
            return moves
        spare = self._spare(balance, {pk: len(units) for pk, units in by_room.items()})
        for room, quantity in spare:
            taken = min(quantity, missing)
            if taken > 0:
                moves += _pair(entry, room, taken, ())
                missing -= taken
        return moves

    def _spare(self, balance: Balance, leaving: Mapping[str, int]) -> list[tuple[StockRoom, int]]:
        """The sellable rooms with the pieces that may be brought from there unnamed, the back room first."""
        rows = [row for row in self._in_rooms(balance).values() if row.room.sellable and row.quantity]
        if not rows:
            return []
        units = Unit.objects.filter(item_id=balance.item_id, room__in=[row.room_id for row in rows])
        named = dict(units.values_list("room").annotate(Count("pk")).order_by())
        rows.sort(key=lambda row: (row.room.kind, row.room.code))
        return [(row.room, row.quantity - leaving.get(row.room_id, 0) - named.get(row.room_id, 0)) for row in rows]

    def _in_rooms(self, balance: Balance) -> dict[str, RoomBalance]:
        """What of the balance lies in rooms, by room id."""
        if self._rooms is None:
            self._rooms = {row.pk: {} for row in self._balances.values()}
            for row in RoomBalance.objects.filter(balance__in=self._rooms).select_related("room"):
                self._rooms[row.balance_id][row.room_id] = row
        return self._rooms[balance.pk]

    def _save_rooms(self) -> None:
        rows = [
            RoomBalance(balance_id=pk, room_id=room, quantity=row.quantity) for (pk, room), row in self._shifted.items()
        ]
        RoomBalance.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["balance", "room"], update_fields=["quantity"]
        )
        self._shifted = {}


def replayed(source_keys: Mapping[str, tuple[Place, int]]) -> list[Movement]:
    """The movements already written under these keys, which must be all of them or none.

    Raises IDEMPOTENCY_MISMATCH when a key was used for another place or quantity, or only some were used. Call it with
    the balances locked: then a concurrent twin has either committed or not begun.
    """
    found = list(Movement.objects.filter(source_key__in=source_keys).order_by("pk"))
    for movement in found:
        if source_keys[movement.source_key] != ((movement.store_id, movement.item_id), movement.quantity):
            raise errors.source_key_reused(movement.source_key)
    if found and len(found) != len(source_keys):
        raise errors.source_key_reused(found[0].source_key)
    return found


def _insert(movements: Sequence[Movement]) -> None:
    try:
        Movement.objects.bulk_create(movements, batch_size=2000)
    except IntegrityError as error:
        if violated_constraint(error) == SOURCE_ONCE:
            raise errors.changed_meanwhile() from error
        raise


def want_push(balance_ids: Collection[int]) -> None:
    """Mark the core's copy of these balances as stale."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO inventory_corestock (balance_id, wanted, pushed, failures, last_error)
            SELECT id, 1, 0, 0, '' FROM unnest(%s::bigint[]) AS id ORDER BY id
            ON CONFLICT (balance_id) DO UPDATE SET wanted = inventory_corestock.wanted + 1
            """,
            [sorted(set(balance_ids))],
        )


def _row_of(room: StockRoom | None) -> StockRoom | None:
    """The room if it has balances of its own, None for the floor."""
    return None if room is None or room.is_floor else room


def _pair(entry: Entry, room: StockRoom, quantity: int, units: Sequence[Unit]) -> list[Entry]:
    """Out of the room and onto the floor, under keys made of the booking's."""
    key = f"{entry.source_key}/from/{room.pk}{'/units' if units else ''}"
    return [
        Entry(entry.place, MovementKind.MOVE, -quantity, f"{key}/out", units=units, room=room),
        Entry(entry.place, MovementKind.MOVE, quantity, f"{key}/in", units=units),
    ]


def _note_shortage(balance: Balance) -> None:
    if balance.on_hand >= balance.unsellable:
        balance.short_since = None
    elif balance.short_since is None:
        balance.short_since = clock.now()


def announce(places: Iterable[tuple[str, str | None]]) -> None:
    """Publish `stock.changed` {store_id, sku} for each place; a SKU of None is each of the store."""
    for store, sku in places:
        outbox.publish(
            topic=STOCK_CHANGED,
            aggregate=f"stock:{store}:{sku}" if sku else f"stock:{store}",
            payload={"store_id": store, "sku": sku},
        )


def _create(places: Collection[Place]) -> None:
    """Make the balances that are missing, with the safety stock that applies."""
    wanted = sorted(set(places))
    with connection.cursor() as cursor:
        cursor.execute(_NEW_BALANCES, [[store for store, _sku in wanted], [sku for _store, sku in wanted]])


_NEW_BALANCES = f"""
INSERT INTO inventory_balance (store_id, item_id, on_hand, unsellable, reserved, safety, unregistered)
SELECT place.store_id, place.item_id, 0, 0, 0, {atp.SAFETY}, 0
  FROM unnest(%s::text[], %s::text[]) AS place(store_id, item_id)
  JOIN inventory_stockitem item ON item.sku = place.item_id
 ORDER BY place.store_id, place.item_id
    ON CONFLICT (store_id, item_id) DO NOTHING
"""  # noqa: S608 - a constant of ours


def _write(balances: Collection[Balance]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_balance AS balance
               SET on_hand = new.on_hand, unsellable = new.unsellable, reserved = new.reserved, safety = new.safety,
                   unregistered = new.unregistered, short_since = new.short_since
              FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::timestamptz[])
                   AS new(id, on_hand, unsellable, reserved, safety, unregistered, short_since)
             WHERE balance.id = new.id
            """,
            [
                [balance.pk for balance in balances],
                [balance.on_hand for balance in balances],
                [balance.unsellable for balance in balances],
                [balance.reserved for balance in balances],
                [balance.safety for balance in balances],
                [balance.unregistered for balance in balances],
                [balance.short_since for balance in balances],
            ],
        )
