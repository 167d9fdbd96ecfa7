"""Telling the tables how far this process is with an index. Only a server tells; a search elsewhere does not write."""

import logging
import os
import socket
import time
from datetime import timedelta
from types import TracebackType

from django.db import Error

from kernel import clock
from plugins.guided_search.models import IndexReport

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
# A process that is gone says nothing any more.
FORGOTTEN_AFTER = timedelta(hours=1)

# Set by the server when it begins to follow the catalogue.
reporting = False


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
            try:
                _store(self._row)
            except Error as error:
                # An index is worth more than the report of it.
                log.warning("the state of the search index could not be told: %s", error)


def process() -> str:
    """This process, for people."""
    return f"{socket.gethostname()}:{os.getpid()}"


def _store(row: IndexReport) -> None:
    values = {field.name: getattr(row, field.name) for field in IndexReport._meta.concrete_fields if field.name != "id"}
    key = {"process": values.pop("process"), "channel": values.pop("channel")}
    IndexReport.objects.update_or_create(**key, defaults=values)
    IndexReport.objects.filter(seen_at__lt=row.seen_at - FORGOTTEN_AFTER).delete()
