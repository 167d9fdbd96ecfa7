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

from django.db import Error, close_old_connections, connections
from django.db.models import F, Min

from kernel import notices
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

CHECK_SECONDS = 1.0
# Without a notice for so long, the mark is compared all the same.
PATROL_SECONDS = 15.0
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


class Follower:
    """The thread that keeps this process up to the tables. A handler of notices: see `kernel.notices`."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def following(self) -> bool:
        """Whether questions need not look at the marks themselves."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Load and begin to follow; a second call does nothing."""
        if self._thread is None:
            self._stop.clear()
            self._renew()
            self._thread = threading.Thread(target=self._run, name="serviceability", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, after the renewal under way."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def connected(self) -> None:
        self._wake.set()

    def lost(self) -> None:
        """Until notices come again, the marks are compared each second."""
        self._wake.set()

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(PATROL_SECONDS if notices.fresh() else CHECK_SECONDS)
            self._wake.clear()
            if not self._stop.is_set():
                self._renew()
                connections.close_all()

    def _renew(self) -> None:
        close_old_connections()
        try:
            renew()
        except Error as error:
            log.warning("serviceability could not be loaded: %s", error)
        except Exception:
            # What cannot be read must not end the thread: questions go on with what there is.
            log.exception("serviceability could not be loaded")


follower = Follower()
