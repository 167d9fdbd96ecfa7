"""Fixtures of the kernel's tests."""

import datetime as dt
from collections.abc import Iterator

import pytest

from kernel import clock


@pytest.fixture(autouse=True)
def _no_broker(settings) -> None:
    settings.CELERY_WAKE = False


@pytest.fixture
def frozen() -> Iterator[clock.FrozenClock]:
    """A clock that only the test moves."""
    at = clock.FrozenClock(dt.datetime(2026, 3, 31, 12, 0, tzinfo=dt.UTC))
    with clock.use_clock(at):
        yield at
