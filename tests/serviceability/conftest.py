import datetime as dt
from collections.abc import Iterator

import pytest

from kernel import clock
from kernel.clock import FrozenClock
from plugins.serviceability import loader
from plugins.serviceability.qualification import Drop
from tests.serviceability import places
from tests.serviceability.places import TODAY, us

HERE, AWAY = (30.27, -97.74), (30.60, -97.74)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    loader.forget()
    yield
    loader.forget()


@pytest.fixture
def at_noon() -> Iterator[FrozenClock]:
    frozen = FrozenClock(dt.datetime.combine(TODAY, dt.time(12), dt.UTC))
    with clock.use_clock(frozen):
        yield frozen


@pytest.fixture
def network(db: None, at_noon: FrozenClock) -> FrozenClock:
    """FIBRE is ready, LATER has a full node that opens in 12 days, NOTHING lies outside; mobile is at the first two."""
    places.calendar()
    places.node("OLT1", "FTTH", (TODAY - dt.timedelta(days=100), 8))
    places.node("OLT2", "FTTH", (TODAY - dt.timedelta(days=100), 0), (TODAY + dt.timedelta(days=12), 4))
    places.node("CELL1", "FIXED_WIRELESS", (TODAY, 1))
    places.footprint("FIBRE-AREA", "FTTH", HERE, node_id="OLT1", download_mbps=1000, upload_mbps=1000)
    places.footprint("5G", "NR", HERE)
    places.premises("FIBRE", us(120, "MAPLE"), fibre=Drop.DROP, fibre_node="OLT1")
    places.premises("LATER", us(122, "MAPLE"), fibre=Drop.EQUIPMENT, fibre_node="OLT2")
    places.premises("NOTHING", us(1, "OUTBACK", "RD", postal_code="78799"), latitude=AWAY[0])
    places.loaded()
    return at_noon
