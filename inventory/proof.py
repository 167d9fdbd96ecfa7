"""The proof that the books are right: every balance against what it is made of."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

from . import atp, uin


class Fact(StrEnum):
    """What the books claim."""

    ON_HAND = "on hand against the sum of movements"
    RUNNING = "on hand against the last movement's balance"
    MOVES = "moves between rooms against nought"
    RESERVED = "reserved against the active reservation lines"
    UNITS = "on hand against units present and pieces without serial"
    SHORT = "short since against the sign of what is sellable"
    UNSELLABLE = "not sellable against what lies in rooms that do not sell"
    SAFETY = "safety stock against the rule that applies"
    ROOM = "in the room against the sum of its movements"
    ROOM_UNITS = "in the room against the units that lie there"
    ROOM_STORE = "pieces and units in a room of another store, or on a floor with a balance of its own"
    UNIT_STATE = "units whose state does not fit their room"
    IDENTIFIER = "units that do not carry the number they were booked by"
    TRANSIT = "shipped less received less settled against the movements of the transfers"
    TRANSIT_UNITS = "tracked pieces in transit against the units on their way"


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim that does not hold; `room` is the code of the room it is about, if it is about one."""

    fact: Fact
    store: str
    sku: str
    balance: int
    actual: int
    room: str = ""

    def __str__(self) -> str:
        place = f"{self.store}/{self.room}" if self.room else self.store
        return f"{self.sku} in {place}: {self.fact.value}: {self.balance} against {self.actual}"


def differences() -> list[Difference]:
    """All differences, by store, SKU and room. One statement, hence one moment, whatever is booked meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_PROOF)
        rows = cursor.fetchall()
    return [
        Difference(Fact[fact], store, sku, balance, actual, room) for fact, store, sku, balance, actual, room in rows
    ]


_PRESENT = ", ".join(f"'{state}'" for state in sorted(uin.PRESENT))

# Movements, lines or units at a place without a balance are compared with a balance of nought.
_PROOF = f"""
WITH moved AS (
    SELECT store_id, item_id, sum(quantity)::int AS total, max(id) AS last_id,
           coalesce(sum(quantity) FILTER (WHERE kind = 'MOVE'), 0)::int AS between_rooms
      FROM inventory_movement GROUP BY store_id, item_id
), held AS (
    SELECT reservation.store_id, line.item_id, sum(line.quantity)::int AS total
      FROM inventory_reservationline line
      JOIN inventory_reservation reservation ON reservation.id = line.reservation_id
     WHERE reservation.state IN ('HELD', 'CONFIRMED')
     GROUP BY reservation.store_id, line.item_id
), present AS (
    SELECT store_id, item_id, count(*)::int AS total
      FROM inventory_unit WHERE state IN ({_PRESENT})
     GROUP BY store_id, item_id
), apart AS (
    SELECT balance.store_id, balance.item_id, sum(lying.quantity)::int AS total
      FROM inventory_roombalance lying
      JOIN inventory_balance balance ON balance.id = lying.balance_id
      JOIN inventory_stockroom room ON room.id = lying.room_id AND NOT room.sellable
     GROUP BY balance.store_id, balance.item_id
), claims AS (
    SELECT store_id, item_id,
           coalesce(balance.on_hand, 0) AS on_hand, coalesce(balance.reserved, 0) AS reserved,
           coalesce(balance.unsellable, 0) AS unsellable,
           coalesce(balance.unregistered, 0) AS unregistered, balance.short_since IS NOT NULL AS short,
           coalesce(moved.total, 0) AS moved, moved.last_id, coalesce(moved.between_rooms, 0) AS between_rooms,
           coalesce(held.total, 0) AS held, coalesce(present.total, 0) AS present, coalesce(apart.total, 0) AS apart
      FROM inventory_balance balance
      FULL JOIN moved USING (store_id, item_id)
      FULL JOIN held USING (store_id, item_id)
      FULL JOIN present USING (store_id, item_id)
      FULL JOIN apart USING (store_id, item_id)
), room_moved AS (
    SELECT store_id, item_id, room_id, sum(quantity)::int AS total
      FROM inventory_movement WHERE room_id IS NOT NULL GROUP BY store_id, item_id, room_id
), room_present AS (
    SELECT store_id, item_id, room_id, count(*)::int AS total
      FROM inventory_unit WHERE room_id IS NOT NULL GROUP BY store_id, item_id, room_id
), room_lying AS (
    SELECT balance.store_id, balance.item_id, lying.room_id, lying.quantity
      FROM inventory_roombalance lying JOIN inventory_balance balance ON balance.id = lying.balance_id
), in_rooms AS (
    SELECT lies.store_id, lies.item_id, coalesce(room_lying.quantity, 0) AS quantity,
           coalesce(room_moved.total, 0) AS moved, coalesce(room_present.total, 0) AS present,
           room.code AS room, room.store_id <> lies.store_id OR room.kind = 'FLOOR' AS misplaced
      FROM (SELECT store_id, item_id, room_id FROM room_lying
            UNION SELECT store_id, item_id, room_id FROM room_moved
            UNION SELECT store_id, item_id, room_id FROM room_present) lies
      LEFT JOIN room_lying USING (store_id, item_id, room_id)
      LEFT JOIN room_moved USING (store_id, item_id, room_id)
      LEFT JOIN room_present USING (store_id, item_id, room_id)
      JOIN inventory_stockroom room ON room.id = lies.room_id
), unit_faults AS (
    SELECT unit.store_id, unit.item_id,
           count(*) FILTER (WHERE unit.state IN ('IN_STOCK', 'UNAVAILABLE')
                              AND (unit.state = 'IN_STOCK') <> coalesce(room.sellable, true))::int AS unfit,
           count(*) FILTER (WHERE NOT EXISTS (
               SELECT 1 FROM inventory_unitidentifier own
                WHERE own.unit_id = unit.id AND own.item_id = unit.item_id
                  AND own.type = unit.identifier_type AND own.value = unit.identifier))::int AS nameless
      FROM inventory_unit unit
      LEFT JOIN inventory_stockroom room ON room.id = unit.room_id
     GROUP BY unit.store_id, unit.item_id
), transit AS (
    SELECT transfer.target_id AS store_id, line.item_id, transfer.id AS transfer_id, line.id AS line_id,
           line.shipped - line.received - line.damaged - line.sent_back - line.lost AS in_transit, line.lost
      FROM inventory_transferline line JOIN inventory_transfer transfer ON transfer.id = line.transfer_id
), transit_moved AS (
    SELECT split_part(source_key, '/', 2)::bigint AS transfer_id, item_id, -sum(quantity)::int AS total
      FROM inventory_movement
     WHERE kind IN ('TRANSFER_OUT', 'TRANSFER_IN') AND source_key LIKE 'transfer/%'
     GROUP BY 1, item_id
), transit_units AS (
    SELECT way.line_id, count(*) FILTER (WHERE unit.state = 'SHIPPED_TO_STORE')::int AS total
      FROM inventory_transferunit way JOIN inventory_unit unit ON unit.id = way.unit_id
     WHERE way.ended_at IS NULL
     GROUP BY way.line_id
), facts AS (
    SELECT 'ON_HAND' AS fact, store_id, item_id, on_hand AS balance, moved AS actual, '' AS room FROM claims
    UNION ALL
    SELECT 'RUNNING', claims.store_id, claims.item_id, claims.on_hand, movement.balance_after, ''
      FROM claims JOIN inventory_movement movement ON movement.id = claims.last_id
    UNION ALL
    SELECT 'MOVES', store_id, item_id, between_rooms, 0, '' FROM claims
    UNION ALL
    SELECT 'RESERVED', store_id, item_id, reserved, held, '' FROM claims
    UNION ALL
    SELECT 'UNITS', store_id, item_id, on_hand, present + unregistered, '' FROM claims
    UNION ALL
    SELECT 'SHORT', store_id, item_id, short::int, (on_hand < unsellable)::int, '' FROM claims
    UNION ALL
    SELECT 'UNSELLABLE', store_id, item_id, unsellable, apart, '' FROM claims
    UNION ALL
    SELECT 'SAFETY', place.store_id, place.item_id, place.safety, {atp.SAFETY}, ''
      FROM inventory_balance place JOIN inventory_stockitem item ON item.sku = place.item_id
    UNION ALL
    SELECT 'ROOM', store_id, item_id, quantity, moved, room FROM in_rooms
    UNION ALL
    -- Pieces without a serial may lie beside the units, but no unit where nothing lies.
    SELECT 'ROOM_UNITS', store_id, item_id, quantity, greatest(present, quantity), room FROM in_rooms
    UNION ALL
    SELECT 'ROOM_STORE', store_id, item_id, misplaced::int, 0, room FROM in_rooms
    UNION ALL
    SELECT 'UNIT_STATE', store_id, item_id, unfit, 0, '' FROM unit_faults
    UNION ALL
    -- What has left the stores by a transfer and has not come into one is in transit, or was written off.
    SELECT 'TRANSIT', store_id, item_id, sum(in_transit)::int, sum(coalesce(total, 0) - lost)::int, ''
      FROM transit LEFT JOIN transit_moved USING (transfer_id, item_id)
     GROUP BY transfer_id, store_id, item_id
    UNION ALL
    SELECT 'TRANSIT_UNITS', store_id, item_id, in_transit, coalesce(total, 0), ''
      FROM transit
      JOIN inventory_stockitem item ON item.sku = transit.item_id AND item.tracking <> 'NONE'
      LEFT JOIN transit_units USING (line_id)
    UNION ALL
    SELECT 'IDENTIFIER', store_id, item_id, nameless, 0, '' FROM unit_faults
)
SELECT fact, store.code, item_id, balance, actual, room
  FROM facts JOIN inventory_store store ON store.id = facts.store_id
 WHERE balance <> actual
 ORDER BY store.code, item_id, fact, room
"""  # noqa: S608 - constants of ours
