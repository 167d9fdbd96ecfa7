"""Holds the premises and the network of this process in memory, and keeps them up to the tables.

A thread follows the notices; without it (workers, commands, tests) each question compares one row first. Questions go
on with what there is until the next is whole.
"""

import datetime as dt
import gc
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, Min

from kernel.following import Follower
from plugins.serviceability import geometry
from plugins.serviceability.index import BATCH, Index, Row
from plugins.serviceability.models import (
    CapacityOpening,
    Footprint,
    NetworkNode,
    NetworkVersion,
    Premises,
    WorkCalendar,
)
from plugins.serviceability.network import Area, Network
from plugins.serviceability.qualification import Technology
from plugins.serviceability.workdays import Calendar

log = logging.getLogger(__name__)

COLUMNS = [name if not name.endswith("_node") else f"{name}_id" for name in Row._fields]


@dataclass(slots=True)
class _Loaded:
    index: Index | None = None
    network: Network | None = None
    premises_mark: UUID | None = None
    network_mark: UUID | None = None


_loaded = _Loaded()
_lock = threading.RLock()


def index() -> Index:
    """All premises, as they are or a moment ago."""
    found = _loaded.index
    if found is None or not follower.following:
        found = _renewed_index()
    return found


def network() -> Network:
    """Footprints, capacity and calendars, as they are or a moment ago."""
    found = _loaded.network
    if found is None or not follower.following:
        found = _renewed_network()
    return found


def forget() -> None:
    """Drop what this process holds (tests)."""
    global _loaded
    _loaded = _Loaded()


def renew() -> None:
    """Bring both up to the tables."""
    _renewed_network()
    _renewed_index()


def _marks() -> tuple[UUID | None, UUID | None]:
    found = NetworkVersion.objects.values_list("premises", "network").first()
    return found or (None, None)


def _renewed_index() -> Index:
    with _lock:
        # The mark before the rows: a change in between is seen at the next look.
        mark = _marks()[0]
        if _loaded.index is None or mark != _loaded.premises_mark:
            _loaded.index = Index.build(_batches())
            _loaded.premises_mark = mark
            # What an index holds lives as long as it: the garbage collector need not walk through it.
            gc.collect()
            gc.freeze()
        return _loaded.index


def _batches() -> Iterator[Sequence[Row]]:
    rows = Premises.objects.order_by().values_list(*COLUMNS).iterator(chunk_size=BATCH)
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch


def _renewed_network() -> Network:
    with _lock:
        mark = _marks()[1]
        if _loaded.network is None or mark != _loaded.network_mark:
            _loaded.network = Network.of(_footprints(), _first_days(), _calendars())
            _loaded.network_mark = mark
        return _loaded.network


def _footprints() -> Iterator[tuple[Area, list[geometry.Polygon]]]:
    for row in Footprint.objects.order_by("pk").iterator():
        try:
            polygons = geometry.polygons(row.geometry, row.country)
        except geometry.BadGeometry as problem:
            # Written past the services: one bad row must not take the others away.
            log.error("the footprint %s is left out: %s", row.pk, problem)
            continue
        area = Area(
            code=row.pk,
            technology=Technology(row.technology),
            live=row.state == Footprint.State.LIVE,
            built_on=row.opens_on,
            download=row.download_mbps,
            upload=row.upload_mbps,
            node=row.node_id or "",
        )
        yield area, polygons


def _first_days() -> dict[str, dt.date | None]:
    free = CapacityOpening.objects.filter(reserved__lt=F("ports")).order_by()
    found: dict[str, dt.date | None] = dict.fromkeys(NetworkNode.objects.order_by().values_list("pk", flat=True))
    return found | dict(free.values_list("node").annotate(first=Min("opens_on")))


def _calendars() -> dict[str, Calendar]:
    return {row.country: calendar_of(row) for row in WorkCalendar.objects.all()}


def calendar_of(row: WorkCalendar) -> Calendar:
    """The rules' calendar of a row. Raises ValueError or TypeError for what cannot be read."""
    weekdays = frozenset(row.weekdays)
    if not weekdays or not weekdays <= set(range(1, 8)):
        raise ValueError(row.weekdays)
    days = [frozenset(map(dt.date.fromisoformat, listed)) for listed in (row.holidays, row.worked)]
    ZoneInfo(row.timezone)
    return Calendar(row.timezone, weekdays, *days)


follower = Follower("serviceability", lambda _topics: renew())
