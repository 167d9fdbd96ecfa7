"""Locks on the database, taken in a fixed order and freed by the end of the transaction, whatever ends it.

Order across kinds, so that two services can never wait for each other: advisory locks first, then rows; rows of one
table in the order of `order_by`; tables from the top layer down (cart, order, pickup, then stock).
"""

import hashlib
from collections.abc import Sequence
from enum import IntEnum
from typing import TypeVar

from django.db import connection, models, transaction

Row = TypeVar("Row", bound=models.Model)

LOCK_TIMEOUT_MS = 5000


class LockSpace(IntEnum):
    """The spaces of advisory locks. A number is given once: renumbering would let two versions overlap."""

    SAGA = 1
    OUTBOX = 2
    CATALOGUE_SYNC = 10
    STOCK_PROJECTION = 11
    CORE_INBOX = 12
    CORE_TRANSACTION = 13
    CORE_INSTALLATION = 14
    PICKUP_SLOT = 20
    GUEST_CAP = 21
    PICKUP_ATTEMPTS = 22
    POS_REGISTER = 30
    STORE_ACT = 31
    ESIM = 40
    OPENING = 41
    NETWORK_IMPORT = 50


def lock_rows(queryset: models.QuerySet[Row], *, order_by: Sequence[str] = ("pk",), no_key: bool = False) -> list[Row]:
    """Lock and return the rows of `queryset`, in the order given, until the transaction ends.

    With `no_key` others may meanwhile write rows that refer to them.

    Raises RuntimeError outside a transaction (the lock would be gone at once). A wait of more than five seconds ends in
    a database error that `kernel.database.translated_errors` tells as TRY_AGAIN.
    """
    _refuse_outside_transaction()
    limit_wait()
    return list(queryset.order_by(*order_by).select_for_update(of=("self",), no_key=no_key))


def advisory_lock(namespace: LockSpace, key: str) -> None:
    """Wait for the lock named (namespace, key) and hold it until the transaction ends.

    Raises RuntimeError outside a transaction. Waits as `lock_rows` does.
    """
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        # One statement: the wait is limited before the lock is asked for.
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), pg_advisory_xact_lock(%s)",
            [longest_wait(), _number(namespace, key)],
        )
    _note_limit()


def try_advisory_lock(namespace: LockSpace, key: str) -> bool:
    """Take the lock if it is free; never waits. Raises RuntimeError outside a transaction."""
    _refuse_outside_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_number(namespace, key)])
        row = cursor.fetchone()
    return bool(row and row[0])


def _refuse_outside_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("A lock is only held inside a transaction: wrap the service in transaction.atomic().")


def limit_wait() -> None:
    """Let no later statement of this transaction wait for a lock for more than five seconds; told to it once."""
    if any(hook[1] is _wait_is_limited for hook in connection.run_on_commit):
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [longest_wait()])
    _note_limit()


def _note_limit() -> None:
    # A hook lasts exactly as long as the setting: until the transaction ends, or the savepoint is rolled back in which
    # it was made.
    if connection.in_atomic_block:
        transaction.on_commit(_wait_is_limited, robust=True)


def _wait_is_limited() -> None:
    """Nothing is to be done at the commit."""


def longest_wait() -> str:
    """The value of PostgreSQL's lock_timeout that every transaction sets before it waits for a lock."""
    return f"{LOCK_TIMEOUT_MS}ms"


def _number(namespace: LockSpace, key: str) -> int:
    digest = hashlib.blake2b(f"{int(namespace)}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
