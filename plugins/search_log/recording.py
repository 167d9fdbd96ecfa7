"""Recording what is searched and opened without a search waiting for it.

`record` counts an entry in a buffer of this process; a thread writes the sums every two seconds. What a process that
is killed had not yet written is lost: two seconds of statistics. A full buffer drops its oldest entries and logs how
many. While the database is away entries wait in the buffer. Equal ones are counted together at once: to look at each
of thousands later would hold up the searches of that moment.
"""

import datetime as dt
import logging
import threading
from collections import Counter
from typing import Final

from django.db import InterfaceError, OperationalError, connection

from kernel import clock
from plugins.search_log import services
from plugins.search_log.services import Opened, Searched

__all__ = ["Opened", "Recorder", "Searched", "flush", "forget", "record", "start", "stop"]

log = logging.getLogger(__name__)

CAPACITY: Final = 20_000
INTERVAL_SECONDS: Final = 2.0


class Recorder:
    """A buffer of at most `capacity` different entries and the thread that writes their sums."""

    def __init__(self, *, capacity: int = CAPACITY, interval: float = INTERVAL_SECONDS) -> None:
        self._entries: Counter[tuple[dt.date, Searched | Opened]] = Counter()
        self._capacity = capacity
        self._interval = interval
        self._dropped = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def record(self, entry: Searched | Opened) -> None:
        """Take note of an entry. It never waits for the database and never fails.

        Of searches only those that begin one: with a text, without cursor, refinements, another order or preview.
        """
        day = clock.now().date()
        with self._lock:
            self._entries[day, entry] += 1
            self._drop_surplus()

    def flush(self) -> None:
        """Write what waits, in the caller's thread. After a database error that may pass it waits on, and is raised."""
        with self._lock:
            taken, self._entries = self._entries, Counter()
            dropped, self._dropped = self._dropped, 0
        if dropped:
            log.warning("%s searches and clicks were not counted: they came faster than they could be written", dropped)
        if not taken:
            return
        try:
            services.count(
                searches=((day, entry, times) for (day, entry), times in taken.items() if isinstance(entry, Searched)),
                clicks=((day, entry, times) for (day, entry), times in taken.items() if isinstance(entry, Opened)),
            )
        except (InterfaceError, OperationalError):
            with self._lock:
                # What waited longer stays the older.
                taken.update(self._entries)
                self._entries = taken
                self._drop_surplus()
            raise

    def forget(self) -> None:
        """Drop what waits (tests)."""
        with self._lock:
            self._entries.clear()
            self._dropped = 0

    def start(self) -> None:
        """Write every two seconds from now on."""
        if self._thread is None:
            self._stopping.clear()
            self._thread = threading.Thread(target=self._run, name="search-log", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what waits and end the thread."""
        if self._thread is not None:
            self._stopping.set()
            self._thread.join()
            self._thread = None

    def _drop_surplus(self) -> None:
        while len(self._entries) > self._capacity:
            self._dropped += self._entries.pop(next(iter(self._entries)))

    def _run(self) -> None:
        while not self._stopping.wait(self._interval):
            self._write()
        self._write()

    def _write(self) -> None:
        try:
            self.flush()
        except (InterfaceError, OperationalError) as error:
            log.warning("searches wait to be counted: %s", error)
        except Exception:
            # What cannot be written at all must not come back for ever.
            log.exception("searches could not be counted")
        finally:
            # Back to the pool: this thread needs it for a moment only.
            connection.close()


_recorder = Recorder()
record = _recorder.record
flush = _recorder.flush
start = _recorder.start
stop = _recorder.stop
forget = _recorder.forget
