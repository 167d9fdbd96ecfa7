"""Promises of stock as bare SQL: the same locks in the same order and the same rows, with nothing around them."""

import json
import threading
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg

_INSERT = """INSERT INTO inventory_reservation
    (id, key, purpose, owner, store_id, state, expires_at, close_reason, issue_key, core_pending, created_at)
    VALUES (%s, %s, 'CART', 'cart:bench', %s, 'HELD', %s, '', '', false, %s)"""
_LOCK = """SELECT id, on_hand - unsellable - reserved - safety FROM inventory_balance
    WHERE store_id = %s AND item_id = ANY(%s) ORDER BY store_id, item_id FOR UPDATE"""
_TAKE = "UPDATE inventory_balance SET reserved = reserved + 1 WHERE id = ANY(%s)"
_LINES = """INSERT INTO inventory_reservationline (reservation_id, item_id, quantity)
    SELECT %s, sku, 1 FROM unnest(%s::text[]) AS sku"""
_NOTICE = "SELECT pg_notify('stock', payload) FROM unnest(%s::text[]) AS payload"


class RawSql:
    """One connection for each client."""

    def __init__(self, url: str, store: str) -> None:
        self._url, self._store = url, store
        self._own = threading.local()

    def promise(self, skus: Sequence[str]) -> None:
        """Reserve one of each and confirm."""
        connection = self._connection()
        held, now = uuid.uuid4(), datetime.now(UTC)
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '5000ms', true)")
            cursor.execute(_INSERT, [held, str(held), self._store, now + timedelta(minutes=15), now])
            cursor.execute(_LOCK, [self._store, list(skus)])
            rows = cursor.fetchall()
            if any(free < 1 for _pk, free in rows):
                raise RuntimeError("The stock of the benchmark is sold out.")
            cursor.execute(_TAKE, [[pk for pk, _free in rows]])
            cursor.execute(_LINES, [held, list(skus)])
            cursor.execute(_NOTICE, [[json.dumps([self._store, sku]) for sku in skus]])
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '5000ms', true)")
            cursor.execute("SELECT state FROM inventory_reservation WHERE id = %s FOR UPDATE", [held])
            cursor.execute(
                "UPDATE inventory_reservation SET state = 'CONFIRMED', expires_at = NULL WHERE id = %s", [held]
            )

    def _connection(self) -> psycopg.Connection:
        if not hasattr(self._own, "connection"):
            self._own.connection = psycopg.connect(self._url, autocommit=True)
        connection: psycopg.Connection = self._own.connection
        return connection


def fill_ledger(url: str, stores: Sequence[str], skus: Sequence[str], size: int) -> None:
    """Movements until there are `size` of them, out and in again in turns, so that the balances stay right."""
    with psycopg.connect(url) as connection:
        connection.execute(
            """
            INSERT INTO inventory_movement (store_id, item_id, kind, quantity, balance_after, source_key, actor, reason,
                                            occurred_at, recorded_at)
            SELECT (%(stores)s::text[])[1 + n %% %(many)s], (%(skus)s::text[])[1 + n / %(many)s %% %(few)s],
                   'ADJUSTMENT', CASE WHEN n / %(all)s %% 2 = 0 THEN -1 ELSE 1 END, 0, 'bench:' || n, 'bench', '',
                   now(), now()
              FROM generate_series((SELECT count(*) FROM inventory_movement), %(size)s - 1) AS n
            """,
            {
                "stores": list(stores),
                "skus": list(skus),
                "many": len(stores),
                "few": len(skus),
                "all": len(stores) * len(skus),
                "size": size,
            },
        )
        connection.execute("COMMIT")
        connection.autocommit = True
        connection.execute("ANALYZE inventory_movement")
