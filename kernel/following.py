"""What a process keeps in memory of some tables, and keeps up to them: visible within CHECK_SECONDS of the change.

Notices wake it; while none can be heard the tables are compared each second, and at times all the same. A database
that is away, and rows that cannot be read, end nothing: the process goes on with what it has.
"""

import itertools
import logging
import sys
import threading
from collections.abc import Callable, Sequence

from django.db import Error, close_old_connections, connections

from kernel import notices

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
# Without a notice for so long, the tables are compared all the same.
PATROL_SECONDS = 15.0
# How long a thread may keep Python's lock from who waits for it, where a copy is kept up beside requests. Python's own
# five milliseconds are ten times what a search takes, and it would wait so long each time that it let go of the lock.
SWITCH_SECONDS = 0.0005


class Follower:
    """Hears of the changes of some tables: a handler of notices, to be registered for their topics.

    `number` differs after each change, and is None while changes may be missed: whatever was read under a number holds
    as long as it is the number. With `renew`, which brings a copy up to the tables and compares one version to find
    out whether it has to, `start` makes a thread that calls it after each change. It is given the topics that were
    heard of since the last renewal that went well.
    """

    def __init__(self, name: str = "", renew: Callable[[frozenset[str]], None] | None = None) -> None:
        self.number: int | None = None
        self._name, self._bring_up = name, renew
        self._numbers = itertools.count(1)
        self._wake, self._stop = threading.Event(), threading.Event()
        self._topics: set[str] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def following(self) -> bool:
        """Whether the copy is kept up, so that its readers need not compare versions themselves."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to keep the copy up; a second call does nothing."""
        if self._thread is None:
            sys.setswitchinterval(SWITCH_SECONDS)
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, after the renewal under way."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def connected(self) -> None:
        """Notices come from now on; anything may have changed before."""
        self.number = next(self._numbers)
        self._wake.set()

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        """Something changed."""
        if self.number is not None:
            self.number = next(self._numbers)
        with self._lock:
            self._topics.add(topic)
        self._wake.set()

    def lost(self) -> None:
        """Nobody tells of changes now: the tables are compared each second."""
        self.number = None
        self._wake.set()

    def renew(self) -> None:
        """Bring the copy up to the tables now. What went wrong is logged, and tried again at the next call."""
        if self._bring_up is None:
            return
        with self._lock:
            topics, self._topics = frozenset(self._topics), set()
        close_old_connections()
        try:
            self._bring_up(topics)
        except Exception as error:
            with self._lock:
                self._topics |= topics
            if isinstance(error, Error):
                log.warning("%s could not be renewed: %s", self._name, error)
            else:
                # What cannot be read must not end the thread: readers go on with what there is.
                log.exception("%s could not be renewed", self._name)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(PATROL_SECONDS if notices.fresh() else CHECK_SECONDS)
            self._wake.clear()
            if not self._stop.is_set():
                self.renew()
                connections.close_all()
