"""The counter of a store, with a shift to sell in."""

import pytest

from tests.counter import counter  # noqa: F401 - fixture
from tests.pos.sales import Till


@pytest.fixture
def till(counter):  # noqa: F811
    """A register with an open shift: a float of 100 dollars."""
    till = Till(counter)
    till.shift = till.open().shift
    return till


@pytest.fixture
def closed_till(counter):  # noqa: F811
    """A register whose shift is not open yet."""
    return Till(counter)
