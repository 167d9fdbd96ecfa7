"""Telling the tables how far this process is with an index. Only a server tells; a search elsewhere does not write."""

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import TracebackType

from django.db import Error

from kernel import clock
from plugins.guided_search.models import ALIVE_WITHIN, IndexReport

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
# A process that is gone says nothing any more.
FORGOTTEN_AFTER = timedelta(hours=1)

ALIVE_SECONDS = 10.0

# Set by the server when it begins to follow the catalogue.
reporting = False
_alive_at = float("-inf")


class Building:
    """A build or an update under way. Reports at its start, once a second, and at its end."""

    def __init__(self, channel: str, *, total: int, whole: bool) -> None:
        self._row = IndexReport(
            process=process(),
            channel=channel,
            state=IndexReport.State.BUILDING,
            whole=whole,
            total=total,
            started_at=clock.now(),
        )
        self._told_at = float("-inf")

    def __enter__(self) -> "Building":
        self._tell()
        return self

    def progress(self, read: int) -> None:
        """So many products have been read."""
        self._row.read = read
        if time.monotonic() - self._told_at >= EVERY_SECONDS:
            self._tell()

    def done(self, products: int, size: int) -> None:
        """The index holds so many products in so many bytes."""
        self._row.state = IndexReport.State.READY
        self._row.products, self._row.bytes, self._row.finished_at = products, size, clock.now()
        self._row.built_at = self._row.started_at if self._row.whole else None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._row.state = IndexReport.State.FAILED
        self._tell()

    def _tell(self) -> None:
        self._told_at = time.monotonic()
        self._row.seen_at = clock.now()
        if reporting:
            with _worth_less():
                _store(self._row)


def alive() -> None:
    """Tell that this process goes on serving what it reported last; at most once in ALIVE_SECONDS."""
    global _alive_at
    if reporting and time.monotonic() - _alive_at >= ALIVE_SECONDS:
        _alive_at = time.monotonic()
        with _worth_less():
            IndexReport.objects.filter(process=process()).update(seen_at=clock.now())


def farewell() -> None:
    """This process serves no longer."""
    if reporting:
        with _worth_less():
            IndexReport.objects.filter(process=process()).delete()


@contextmanager
def _worth_less() -> Iterator[None]:
    """An index is worth more than the report of it."""
    try:
        yield
    except Error as error:
        log.warning("the state of the search index could not be told: %s", error)


def living() -> list[IndexReport]:
    """The indexes of the processes that were heard within the last minute."""
    return list(IndexReport.objects.filter(seen_at__gt=clock.now() - ALIVE_WITHIN).order_by("process", "channel"))


def process() -> str:
    """This process, for people."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _store(row: IndexReport) -> None:
    values = {field.name: getattr(row, field.name) for field in IndexReport._meta.concrete_fields if field.name != "id"}
    key = {"process": values.pop("process"), "channel": values.pop("channel")}
    if row.built_at is None:
        del values["built_at"]
    IndexReport.objects.update_or_create(**key, defaults=values)
    IndexReport.objects.filter(seen_at__lt=row.seen_at - FORGOTTEN_AFTER).delete()
