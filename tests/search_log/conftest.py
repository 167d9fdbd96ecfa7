"""Noon of one Monday, with nothing remembered from other tests."""

import pytest

from kernel import clock
from plugins.search_log import limits, recording, selectors
from tests.search_log.entries import NOON


@pytest.fixture(autouse=True)
def noon():
    selectors.forget()
    limits.forget()
    recording.forget()
    with clock.use_clock(clock.FrozenClock(NOON)) as frozen:
        yield frozen
    recording.forget()
    selectors.forget()
