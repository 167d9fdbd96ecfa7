"""Noon of one Monday."""

import pytest

from kernel import clock
from tests.search_log.entries import NOON


@pytest.fixture(autouse=True)
def noon():
    with clock.use_clock(clock.FrozenClock(NOON)) as frozen:
        yield frozen
