"""The usual promise in few statements: a new key, everything stocked, nothing beside it that ran out.

It takes the locks of `reservations.reserve` in the same order and writes the same rows; what is not usual is left to
that one before anything is locked.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection

from kernel import clock, locks

from . import announcements, atp, errors, ledger
from .models import Reservation

_RESERVATION = """
WITH told AS (SELECT set_config('lock_timeout', %(wait)s, true))
INSERT INTO inventory_reservation
       (id, key, purpose, owner, store_id, state, expires_at, close_reason, issue_key, core_pending, created_at)
SELECT %(id)s, %(key)s, %(purpose)s, %(owner)s, %(store)s, %(state)s, %(until)s, '', '', false, %(now)s
  FROM told
 WHERE (SELECT count(*) FROM inventory_stockitem WHERE sku = ANY(%(skus)s) AND stocked) = %(count)s
   AND EXISTS (SELECT FROM inventory_store WHERE id = %(store)s)
   AND NOT EXISTS (
       SELECT FROM inventory_reservationline line
         JOIN inventory_reservation reservation ON reservation.id = line.reservation_id
        WHERE reservation.store_id = %(store)s AND reservation.state = 'HELD' AND reservation.expires_at <= %(now)s
          AND line.item_id = ANY(%(skus)s))
ON CONFLICT (key) DO NOTHING
"""

_BALANCES = """
SELECT balance.id, balance.item_id, {free} FROM inventory_balance balance
 WHERE balance.store_id = %s AND balance.item_id = ANY(%s)
 ORDER BY balance.store_id, balance.item_id FOR UPDATE
"""

_TAKE = """
WITH line AS (
    INSERT INTO inventory_reservationline (reservation_id, item_id, quantity)
    SELECT %s, wanted.sku, wanted.quantity FROM unnest(%s::text[], %s::int[]) AS wanted(sku, quantity)
    RETURNING item_id, quantity)
UPDATE inventory_balance balance SET reserved = balance.reserved + line.quantity
  FROM line WHERE balance.store_id = %s AND balance.item_id = line.item_id
"""


def promise(
    *, key: str, purpose: str, owner: str, store_id: str, wanted: Mapping[str, int], expires_at: datetime
) -> Reservation | None:
    """Hold `wanted` (pieces by SKU, in order of the SKU) when that is the usual case; else None, and nothing changed.

    Runs in the caller's transaction. Raises INSUFFICIENT_STOCK, with nothing changed.
    """
    if not wanted:
        return None
    skus, now = list(wanted), clock.now()
    held = Reservation(
        pk=uuid4(), key=key, purpose=purpose, owner=owner, store_id=store_id, expires_at=expires_at, created_at=now
    )
    told: dict[str, Any] = {"id": held.pk, "key": key, "purpose": purpose, "owner": owner, "store": store_id}
    told |= {"state": held.state, "until": expires_at, "now": now, "wait": locks.longest_wait()}
    with connection.cursor() as cursor:
        cursor.execute(_RESERVATION, told | {"skus": skus, "count": len(skus)})
        if cursor.rowcount == 0:
            return None
        held._state.adding = False
        free = atp.FREE if purpose in Reservation.FROM_SAFETY else atp.PROMISABLE
        cursor.execute(_BALANCES.format(free=free), [store_id, skus])
        rows = cursor.fetchall()
        shortages = _shortages(wanted, {sku: free for _pk, sku, free in rows})
        if shortages:
            cursor.execute("DELETE FROM inventory_reservation WHERE id = %s", [held.pk])
            raise errors.insufficient_stock(shortages)
        cursor.execute(_TAKE, [held.pk, skus, list(wanted.values()), store_id])
    announcements.stock_changed([(store_id, sku) for sku in skus])
    if purpose in Reservation.UNKNOWN_TO_CORE:
        ledger.want_push([pk for pk, _sku, _free in rows])
    return held


def _shortages(wanted: Mapping[str, int], free: Mapping[str, int]) -> list[errors.Shortage]:
    return [
        errors.Shortage(sku, quantity, max(free.get(sku, 0), 0))
        for sku, quantity in wanted.items()
        if free.get(sku, 0) < quantity
    ]
