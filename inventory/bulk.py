"""Opening balances by the hundred thousand: what `ledger.Books.book` does for a few, as one statement for many.

For goods known by quantity alone, onto the floor. It keeps what the ledger keeps: a movement under its source key for
each balance, the balance after, the safety stock that applies, what is short, what the core must be told, and the
announcements, once per store. Beside `ledger` the only writer of balances and movements.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from kernel import clock
from kernel.locks import LockSpace, advisory_lock

from . import announcements, atp, ledger

BATCH = 100_000

STAGE = "inventory_opening_rows"
"""A temporary table (number, store_id, item_id, quantity); numbers run from 1 in the order of (store_id, item_id)."""


def open_balances(*, rows: int, actor: str, occurred_at: datetime | None = None) -> Iterator[int]:
    """Book the `rows` rows of STAGE, in transactions of 100,000; yields how many of each were new.

    What was opened before is skipped, by its source key, so that a broken import is simply run again.
    """
    for first in range(1, rows + 1, BATCH):
        yield _open(first, min(first + BATCH - 1, rows), actor, occurred_at or clock.now())


@transaction.atomic
def _open(first: int, last: int, actor: str, occurred_at: datetime) -> int:
    # One at a time: the second finds the first's movements.
    advisory_lock(LockSpace.OPENING, "")
    values: dict[str, Any] = {
        "first": first,
        "last": last,
        "actor": actor,
        "occurred_at": occurred_at,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        # A batch is sorted and joined in memory.
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute(_BOOK, values)
        booked: dict[str, int] = dict(cursor.fetchall())
    ledger.announce([(store_id, None) for store_id in sorted(booked)])
    announcements.whole_stores_changed(sorted(booked))
    return sum(booked.values())


# Rows are written in the order of all locks. A balance that is there already (sold before it was opened) is added to.
_BOOK = f"""
WITH wanted AS (
    SELECT opening.store_id, opening.item_id, opening.quantity,
           'opening/' || opening.store_id || '/' || opening.item_id AS source_key
      FROM {STAGE} opening
     WHERE opening.number BETWEEN %(first)s AND %(last)s
       -- One look into the index for each row: an anti-join would read the whole ledger for each batch.
       AND (SELECT done.id FROM inventory_movement done
             WHERE done.source_key = 'opening/' || opening.store_id || '/' || opening.item_id LIMIT 1) IS NULL
), booked AS (
    INSERT INTO inventory_balance AS balance
           (store_id, item_id, on_hand, unsellable, reserved, safety, unregistered)
    SELECT place.store_id, place.item_id, place.quantity, 0, 0, {atp.SAFETY}, place.quantity
      FROM wanted place JOIN inventory_stockitem item ON item.sku = place.item_id
     ORDER BY place.store_id, place.item_id
        ON CONFLICT (store_id, item_id) DO UPDATE
       SET on_hand = balance.on_hand + excluded.on_hand,
           unregistered = balance.unregistered + excluded.unregistered,
           short_since = CASE WHEN balance.on_hand + excluded.on_hand < balance.unsellable
                              THEN balance.short_since END
    RETURNING balance.id, balance.store_id, balance.item_id, balance.on_hand
), moved AS (
    INSERT INTO inventory_movement
           (store_id, item_id, kind, quantity, balance_after, source_key, actor, reason, occurred_at, recorded_at)
    SELECT booked.store_id, booked.item_id, 'RECEIPT', wanted.quantity, booked.on_hand, wanted.source_key,
           %(actor)s, 'opening stock', %(occurred_at)s, %(now)s
      FROM booked JOIN wanted USING (store_id, item_id)
), told AS (
    INSERT INTO inventory_corestock (balance_id, wanted, pushed, failures, last_error)
    SELECT id, 1, 0, 0, '' FROM booked ORDER BY id
        ON CONFLICT (balance_id) DO UPDATE SET wanted = inventory_corestock.wanted + 1
)
SELECT store_id, count(*) FROM booked GROUP BY store_id
"""  # noqa: S608 - constants of ours
