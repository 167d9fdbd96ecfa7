"""Waiting for what a listener does in its own thread."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from kernel import notices

# For a machine several times slower than ours that does other things too; nobody waits so long for what is true.
SECONDS = 90.0


def eventually(holds: Callable[[], object]) -> None:
    """Return once it holds; fail when it does not come true."""
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, "it did not come true in time"
        threading.Event().wait(0.01)


@contextmanager
def listening() -> Iterator[None]:
    """This process listens, with all that is registered, until the block ends."""
    notices.start()
    try:
        eventually(notices.fresh)
        yield
    finally:
        notices.stop()


def listeners() -> list[int]:
    """Their processes in the database; that of a listener just stopped may be there for a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s",
            [notices.APPLICATION_NAME],
        )
        return [pid for (pid,) in cursor.fetchall()]


def kill_the_listener() -> None:
    """End the database's side of the one listener on this database."""
    eventually(lambda: len(listeners()) == 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid", [listeners()])


class Diary:
    """Writes down what it is told; fails when it hears the word "fail"."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def connected(self) -> None:
        self.lines.append("connected")

    def lost(self) -> None:
        self.lines.append("lost")

    def notice(self, topic: str, payloads: list[str]) -> None:
        self.lines += [f"{topic}: {payload}" for payload in payloads]
        if "fail" in payloads:
            raise ArithmeticError("told to")

    def heard(self, *lines: str) -> None:
        """Exactly these since the last time, and nothing after."""
        eventually(lambda: len(self.lines) >= len(lines))
        assert self.lines == list(lines)
        self.lines.clear()
