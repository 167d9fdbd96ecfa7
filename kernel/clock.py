"""The time. Business code asks `now()`; a test puts another clock in its place."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Clock(Protocol):
    """Anything that tells an aware UTC time."""

    def now(self) -> dt.datetime: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)


class FrozenClock:
    """Stands still until it is advanced."""

    def __init__(self, at: dt.datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("A clock needs an aware time.")
        self._at = at.astimezone(dt.UTC)

    def now(self) -> dt.datetime:
        return self._at

    def advance(self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        self._at += dt.timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)


_clock: Clock = SystemClock()


def now() -> dt.datetime:
    """The current time, aware, UTC."""
    return _clock.now()


def now_after(moment: dt.datetime) -> dt.datetime:
    """The current time, or `moment` when the clock has gone back behind it: what follows on it is not before it."""
    return max(now(), moment)


@contextmanager
def use_clock(clock: Clock) -> Iterator[Clock]:
    """Put `clock` in the place of the machine's, in all threads, for the length of a `with` block (tests)."""
    global _clock
    before, _clock = _clock, clock
    try:
        yield clock
    finally:
        _clock = before
