"""The proof that the books are right: every balance against what it is made of."""

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection


class Fact(StrEnum):
    """What a balance claims."""

    ON_HAND = "on hand against the sum of movements"
    RUNNING = "on hand against the last movement's balance"
    RESERVED = "reserved against the active reservation lines"
    UNITS = "on hand against units present and pieces without serial"
    SHORT = "short since against the sign of on hand"


@dataclass(frozen=True, slots=True)
class Difference:
    """A claim that does not hold."""

    fact: Fact
    store: str
    sku: str
    balance: int
    actual: int

    def __str__(self) -> str:
        return f"{self.sku} in {self.store}: {self.fact.value}: {self.balance} against {self.actual}"


def differences() -> list[Difference]:
    """All differences, by store and SKU. One statement, hence one moment, whatever is booked meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(_PROOF)
        rows = cursor.fetchall()
    return [Difference(Fact[fact], store, sku, balance, actual) for fact, store, sku, balance, actual in rows]


# Movements, lines or units at a place without a balance are compared with a balance of nought.
_PROOF = """
WITH moved AS (
    SELECT store_id, item_id, sum(quantity)::int AS total, max(id) AS last_id
      FROM inventory_movement GROUP BY store_id, item_id
), held AS (
    SELECT reservation.store_id, line.item_id, sum(line.quantity)::int AS total
      FROM inventory_reservationline line
      JOIN inventory_reservation reservation ON reservation.id = line.reservation_id
     WHERE reservation.state IN ('HELD', 'CONFIRMED')
     GROUP BY reservation.store_id, line.item_id
), present AS (
    SELECT store_id, item_id, count(*)::int AS total
      FROM inventory_unit WHERE state IN ('IN_STOCK', 'CUSTOMER_RESERVED')
     GROUP BY store_id, item_id
), claims AS (
    SELECT store_id, item_id,
           coalesce(balance.on_hand, 0) AS on_hand, coalesce(balance.reserved, 0) AS reserved,
           coalesce(balance.unregistered, 0) AS unregistered, balance.short_since IS NOT NULL AS short,
           coalesce(moved.total, 0) AS moved, moved.last_id,
           coalesce(held.total, 0) AS held, coalesce(present.total, 0) AS present
      FROM inventory_balance balance
      FULL JOIN moved USING (store_id, item_id)
      FULL JOIN held USING (store_id, item_id)
      FULL JOIN present USING (store_id, item_id)
), facts AS (
    SELECT 'ON_HAND' AS fact, store_id, item_id, on_hand AS balance, moved AS actual FROM claims
    UNION ALL
    SELECT 'RUNNING', claims.store_id, claims.item_id, claims.on_hand, movement.balance_after
      FROM claims JOIN inventory_movement movement ON movement.id = claims.last_id
    UNION ALL
    SELECT 'RESERVED', store_id, item_id, reserved, held FROM claims
    UNION ALL
    SELECT 'UNITS', store_id, item_id, on_hand, present + unregistered FROM claims
    UNION ALL
    SELECT 'SHORT', store_id, item_id, short::int, (on_hand < 0)::int FROM claims
)
SELECT fact, store.code, item_id, balance, actual
  FROM facts JOIN inventory_store store ON store.id = facts.store_id
 WHERE balance <> actual
 ORDER BY store.code, item_id, fact
"""
