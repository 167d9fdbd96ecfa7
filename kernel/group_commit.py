"""Rows that are written together: those of all answers that wait at the same moment, in one transaction.

A commit waits for the disk, however little it holds. Where answers are made in the event loop their rows are gathered,
written by one thread, and the answers are held back until it is done: nobody is told of a row that is not there.
"""

import asyncio
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import orjson
from django.db import connection, models, transaction

_gathered: ContextVar[list[models.Model] | None] = ContextVar("gathered_rows", default=None)


def insert(row: models.Model) -> None:
    """Insert a row: now, or where rows are gathered, before anybody is told of it. It has its key already."""
    rows = _gathered.get()
    if rows is None:
        row.save(force_insert=True)
    else:
        rows.append(row)


def atomic() -> AbstractContextManager[object]:
    """All rows of the block or none: a transaction, which the `GroupWriter` makes where rows are gathered."""
    return transaction.atomic() if _gathered.get() is None else nullcontext()


@contextmanager
def gathering() -> Iterator[list[models.Model]]:
    """Within the block rows are gathered into the list. Whoever opens it gives them to a `GroupWriter`."""
    rows: list[models.Model] = []
    token = _gathered.set(rows)
    try:
        yield rows
    finally:
        _gathered.reset(token)


class NotAllowedError(Exception):
    """Who wants rows to be written may not have them."""


# Whom of those who claim it may have rows written.
Judge = Callable[[Collection[Any]], Mapping[Any, Any]]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Rows of one answer, who claims to be allowed them (None where nobody need be), and who waits for them."""

    rows: Sequence[models.Model]
    claim: Hashable | None
    done: "asyncio.Future[Any]"


class GroupWriter:
    """Writes what is handed over while it was writing. For one event loop; its thread is made when it is needed.

    `judge` says, in the same thread and once for a group, what those who claim something may have written.
    """

    def __init__(self, judge: Judge = lambda _claims: {}) -> None:
        self._judge = judge
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="group-commit")
        self._waiting: list[_Entry] = []
        self._is_writing = False

    async def write(self, rows: Sequence[models.Model], claim: Hashable | None = None) -> Any:
        """Return once the rows are committed, with what the judge said to the claim.

        Raises NotAllowedError where he said nothing, and what the database said; then none of the rows is there. Rows
        of others may have been refused with them: whoever gets an error tries again by itself.
        """
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Entry(rows, claim, done))
        if not self._is_writing:
            self._begin()
        return await done

    def _begin(self) -> None:
        """Hand all that waits to the thread; what comes meanwhile is the next group."""
        group, self._waiting = self._waiting, []
        self._is_writing = bool(group)
        if group:
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._thread, self._written, group)
            work.add_done_callback(lambda written: self._end(group, written))

    def _end(self, group: Sequence[_Entry], written: "asyncio.Future[Mapping[Any, Any]]") -> None:
        error = asyncio.CancelledError() if written.cancelled() else written.exception()
        for entry in group:
            # A client that went away no longer waits.
            if entry.done.done():
                continue
            if error:
                entry.done.set_exception(error)
            elif entry.claim is not None and entry.claim not in written.result():
                entry.done.set_exception(NotAllowedError())
            else:
                entry.done.set_result(written.result().get(entry.claim))
        self._begin()

    def _written(self, group: Sequence[_Entry]) -> Mapping[Any, Any]:
        """In the writer's thread, which keeps its connection."""
        try:
            claims = {entry.claim for entry in group if entry.claim is not None}
            said = self._judge(claims) if claims else {}
            _write([row for entry in group if entry.claim is None or entry.claim in said for row in entry.rows])
        except Exception:
            # It may have ended: the next group gets another.
            connection.close()
            raise
        return said


def _write(rows: Sequence[models.Model]) -> None:
    """All rows in one statement, whatever their tables: it is its own transaction, and one way to the database."""
    # By table, not as they come: rows of several answers alternate between the tables.
    kinds: dict[type[models.Model], list[dict[str | None, Any]]] = {}
    for row in rows:
        fields = _insertion(type(row))[1]
        kinds.setdefault(type(row), []).append({field.column: field.pre_save(row, True) for field in fields})
    if not kinds:
        return
    *before, last = (_insertion(model)[0] for model in kinds)
    named = ", ".join(f"others{number} AS ({one})" for number, one in enumerate(before))
    with connection.cursor() as cursor:
        statement = f"WITH {named} {last}" if named else last
        cursor.execute(statement, [orjson.dumps(found, default=str).decode() for found in kinds.values()])


@cache
def _insertion(model: type[models.Model]) -> tuple[str, list[models.Field]]:  # type: ignore[type-arg]
    """The statement for a model's rows, and the fields that it takes: all but a number that the database gives.

    The rows are one JSON text: as values one by one they cost ten times as much to put together.
    """
    fields = [field for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]
    named = ", ".join(f'"{field.column}"' for field in fields)
    table = f'"{model._meta.db_table}"'
    # Names of our own models, and nothing that anybody sent.
    statement = f"INSERT INTO {table} ({named}) SELECT {named} FROM json_populate_recordset(NULL::{table}, %s)"  # noqa: S608
    return statement, fields
