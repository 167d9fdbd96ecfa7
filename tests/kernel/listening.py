"""Waiting for what a listener does in its own thread."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from kernel import notices

SECONDS = 15


def eventually(holds: Callable[[], object]) -> None:
    """Return once it holds; fail when it does not come true."""
    pause = threading.Event()
    for _attempt in range(SECONDS * 100):
        if holds():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come true in time")


@contextmanager
def listening() -> Iterator[None]:
    """This process listens, with all that is registered, until the block ends."""
    notices.start()
    try:
        eventually(notices.fresh)
        yield
    finally:
        notices.stop()


def kill_listeners() -> int:
    """End the database's side of all listeners on this database; returns how many there were."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = %s",
            [notices.APPLICATION_NAME],
        )
        return len(cursor.fetchall())


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
