"""Rows that are written together: those of all answers that wait at the same moment, in one transaction.

A commit waits for the disk, however little it holds. Where answers are made in the event loop their rows are gathered,
written by one thread, and the answers are held back until it is done: nobody is told of a row that is not there.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections, models, transaction

_gathered: ContextVar[list[models.Model] | None] = ContextVar("gathered_rows", default=None)


def insert(row: models.Model) -> None:
    """Insert a row: now, or where rows are gathered, before anybody is told of it. It has its key already."""
    rows = _gathered.get()
    if rows is None:
        row.save(force_insert=True)
    else:
        rows.append(row)


@contextmanager
def gathering() -> Iterator[list[models.Model]]:
    """Within the block rows are gathered into the list. Whoever opens it gives them to a `GroupWriter`."""
    rows: list[models.Model] = []
    token = _gathered.set(rows)
    try:
        yield rows
    finally:
        _gathered.reset(token)


class GroupWriter:
    """Writes what is handed over while it was writing. For one event loop; its thread is made when it is needed."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="group-commit")
        self._waiting: list[tuple[Sequence[models.Model], asyncio.Future[None]]] = []
        self._is_writing = False

    async def write(self, rows: Sequence[models.Model]) -> None:
        """Return once the rows are committed. Raises what the database said; then none of them is there.

        Rows of others may have been refused with them: whoever gets an error tries again by itself.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((rows, done))
        if not self._is_writing:
            self._begin()
        await done

    def _begin(self) -> None:
        """Hand all that waits to the thread; what comes meanwhile is the next group."""
        group, self._waiting = self._waiting, []
        self._is_writing = bool(group)
        if group:
            loop = asyncio.get_running_loop()
            work = loop.run_in_executor(self._thread, _write, [row for rows, _done in group for row in rows])
            work.add_done_callback(lambda written: self._end(group, written))

    def _end(self, group: Sequence[tuple[Sequence[models.Model], asyncio.Future[None]]], written) -> None:  # type: ignore[no-untyped-def]
        error = asyncio.CancelledError() if written.cancelled() else written.exception()
        for _rows, done in group:
            # A client that went away no longer waits.
            if not done.done():
                done.set_exception(error) if error else done.set_result(None)
        self._begin()


def _write(rows: Sequence[models.Model]) -> None:
    """In the writer's thread, which keeps its connection."""
    # By table, not as they come: rows of several answers alternate between the tables.
    kinds: dict[type[models.Model], list[models.Model]] = {}
    for row in rows:
        kinds.setdefault(type(row), []).append(row)
    try:
        if len(kinds) == 1:
            _copy(*next(iter(kinds.items())))
            return
        with transaction.atomic():
            for model, found in kinds.items():
                _copy(model, found)
    except Exception:
        # It may have ended: the next group gets another.
        connection.close()
        raise


def _copy(model: type[models.Model], rows: list[models.Model]) -> None:
    """All rows in one statement. By COPY: an INSERT of many rows costs several times as much to put together."""
    command, fields = _copying(model)
    database = connections[DEFAULT_DB_ALIAS]
    with database.cursor() as cursor, database.wrap_database_errors, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row([field.get_db_prep_save(field.pre_save(row, True), database) for field in fields])


@cache
def _copying(model: type[models.Model]) -> tuple[str, list[models.Field]]:  # type: ignore[type-arg]
    """The statement for a model's rows, and the fields that it takes: all but a number that the database gives."""
    fields = [field for field in model._meta.local_concrete_fields if field is not model._meta.auto_field]
    named = ", ".join(f'"{field.column}"' for field in fields)
    return f'COPY "{model._meta.db_table}" ({named}) FROM STDIN', fields
