"""Real concurrency: each function in a thread with a database connection of its own."""

import threading
import time
from collections.abc import Callable
from typing import Any

from django.db import connection

SECONDS = 120


class Running:
    """A function at work in its own thread; `result()` gives what it returned or raises what it raised."""

    def __init__(self, function: Callable[[], Any]) -> None:
        self._function = function
        self._value: Any = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._value = self._function()
        except BaseException as error:  # noqa: BLE001 - raised again by result()
            self._error = error
        finally:
            connection.close()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def result(self) -> Any:
        self._thread.join(SECONDS)
        assert not self._thread.is_alive(), "the thread did not end in time"
        if self._error is not None:
            raise self._error
        return self._value


def wait_until_blocked() -> None:
    """Return once some connection to this database waits for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits for a lock")


class Crash(BaseException):
    """The process dies here: no except clause and no clean-up of the code under test sees it."""
