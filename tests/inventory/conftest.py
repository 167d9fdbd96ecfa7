"""Goods for the tests of the inventory."""

import datetime as dt
from collections.abc import Iterator

import pytest

from inventory.models import StockItem, Store
from kernel.clock import FrozenClock, use_clock

from .goods import make_item, make_store


@pytest.fixture(autouse=True)
def _no_broker(settings: object) -> None:
    settings.CELERY_WAKE = False


@pytest.fixture
def clock() -> Iterator[FrozenClock]:
    """Stands still at noon of a Wednesday in Minneapolis."""
    frozen = FrozenClock(dt.datetime(2026, 3, 4, 18, 0, tzinfo=dt.UTC))
    with use_clock(frozen):
        yield frozen


@pytest.fixture
def store(db: None) -> Store:
    return make_store()


@pytest.fixture
def cable(db: None) -> StockItem:
    """Known by quantity alone."""
    return make_item()


@pytest.fixture
def phone(db: None) -> StockItem:
    """Known by IMEI."""
    return make_item("IMEI")


@pytest.fixture
def plan(db: None) -> StockItem:
    """Not stocked."""
    return make_item(stocked=False)
