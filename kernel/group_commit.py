"""Rows that are written together: those of all answers that wait at the same moment, in one transaction.

A commit waits for the disk, however little it holds. Where answers are made in the event loop their rows are gathered,
written by one thread, and the answers are held back until it is done: nobody is told of a row that is not there.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import groupby

from django.db import connection, models, transaction

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
    kinds = [(model, list(found)) for model, found in groupby(rows, type)]
    try:
        if len(kinds) == 1:
            _insert(*kinds[0])
            return
        with transaction.atomic():
            for model, found in kinds:
                _insert(model, found)
    except Exception:
        # It may have ended: the next group gets another.
        connection.close()
        raise


def _insert(model: type[models.Model], rows: list[models.Model]) -> None:
    if len(rows) == 1:
        rows[0].save(force_insert=True)
    else:
        model._base_manager.bulk_create(rows)
