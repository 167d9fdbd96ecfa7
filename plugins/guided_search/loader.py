"""What a process needs to search a channel: its index, built from the catalogue's tables, and what merchandisers set
up.

A process that follows the catalogue (a server does) has a thread that renews both a moment after each change;
elsewhere a search compares the change tokens with its own, at most once a second. Only products whose revision is new
are read. Searches go on with what there is until the next is whole: a rebuild has no gap, and a crash in the middle
of it leaves nothing behind, since the tables are the truth.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import Error
from immutables import Map

from kernel.following import CHECK_SECONDS, Follower
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel
from plugins.guided_search import collector, reports, tuning
from plugins.guided_search.analysis import FITS_LIMIT
from plugins.guided_search.documents import DimensionSpec, ProductDocument
from plugins.guided_search.engine import MemoryEngine
from plugins.guided_search.index import Index
from plugins.guided_search.reports import Building
from plugins.guided_search.rows import document
from plugins.guided_search.tuning import Rules
from plugins.merchandising import selectors as merchandising

log = logging.getLogger(__name__)

BATCH = 500

Progress = Callable[[int, int], object]
"""Called with the number of products read and their total."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A channel's engine and rules, as of one moment; `token` names that moment."""

    engine: MemoryEngine
    rules: Rules
    token: tuple[UUID | None, UUID]
    # What the core calls the attributes.
    labels: Mapping[str, str]
    # The revision of each product that is in the index.
    revisions: Mapping[str, UUID]
    # What the values in the index are called, by language, currency and dimension: see presentation.Labels.
    names: dict[tuple[str, str, str], dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Loaded:
    """What this process holds for one channel."""

    ready: Ready | None = None
    checked_at: float = float("-inf")
    # Of each product, and the change up to which they are known.
    revisions: Map[str, UUID] = field(default_factory=Map)
    seq: int = -1
    labels: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_channels: dict[str, _Loaded] = defaultdict(_Loaded)


def ready(channel: Channel) -> Ready:
    """What is needed to search a channel, at most a second behind the tables."""
    loaded = _channels[channel.pk]
    found = loaded.ready
    if found is not None and (follower.following or time.monotonic() - loaded.checked_at < CHECK_SECONDS):
        return found
    # The first answer has to wait for an index; later ones use the one there is while another thread renews it.
    if loaded.lock.acquire(blocking=found is None):
        try:
            _renew(loaded, channel)
        finally:
            loaded.lock.release()
    assert loaded.ready is not None
    return loaded.ready


def known(channel_slug: str) -> Ready | None:
    """As `ready`, without ever asking the database; None when it would have to."""
    return _channels[channel_slug].ready if follower.following and channel_slug in _channels else None


def forget() -> None:
    """Drop all indexes of this process, so that the next search sees the tables as they are now."""
    _channels.clear()


def renew_all(*, progress: Progress | None = None, anew: bool = False, heard: bool = False) -> None:
    """Bring every channel up to the tables; `anew` reads all products again.

    Only what changed since the last time is compared when this process has `heard` of it: what it may have missed, such
    as a backup that was restored, makes it compare all. A channel that fails does not keep the others waiting: its
    error is raised when all have had their turn.
    """
    failures: list[Exception] = []
    for channel in catalogue.channels():
        loaded = _channels[channel.pk]
        with loaded.lock:
            try:
                _renew(loaded, channel, progress, anew=anew, heard=heard)
            except Exception as failure:  # noqa: BLE001 - raised below
                failures.append(failure)
    if failures:
        raise failures[0]


CATALOGUE, MERCHANDISING, REBUILD = "catalogue", "merchandising", "search_rebuild"


class FirstBuild:
    """Whether this server still owes its first indexes: until then it should get no shoppers.

    One that failed for another reason than the database has ended, too: a product that cannot be read must not close
    the stores.
    """

    def __init__(self) -> None:
        self.is_awaited = False

    def begin(self) -> None:
        self.is_awaited = True

    def ended(self) -> None:
        self.is_awaited = False


first_build = FirstBuild()


def _follow(topics: frozenset[str]) -> None:
    """One renewal, reported. Raises what kept a channel from it."""
    try:
        renew_all(anew=REBUILD in topics, heard=CATALOGUE in topics)
    except Error:
        raise
    except Exception:
        first_build.ended()
        raise
    first_build.ended()
    reports.alive()


follower = Follower("the search index", _follow)


def _renew(
    loaded: _Loaded,
    channel: Channel,
    progress: Progress | None = None,
    *,
    anew: bool = False,
    heard: bool = False,
) -> None:
    before, change = loaded.ready, catalogue.last_change()
    token = (change.token, merchandising.version())
    if before is None or anew or token != before.token:
        rules = before.rules if before and token[1] == before.token[1] else _rules(channel)
        specs = tuning.specs(rules.setup)
        engine = None if before is None or anew or before.engine.index.specs != specs else before.engine
        # Numbers that have gone back are those of a backup.
        since = loaded.seq if heard and change.seq >= loaded.seq else -1
        with collector.waiting():
            engine = _brought_up(loaded, channel, engine, specs, progress, since=since)
        loaded.seq = change.seq
        loaded.ready = Ready(engine, rules, token, loaded.labels, loaded.revisions)
    loaded.checked_at = time.monotonic()


def _rules(channel: Channel) -> Rules:
    return tuning.rules_of(merchandising.setup(channel.pk))


def _brought_up(
    loaded: _Loaded,
    channel: Channel,
    engine: MemoryEngine | None,
    specs: tuple[DimensionSpec, ...],
    progress: Progress | None,
    *,
    since: int,
) -> MemoryEngine:
    """The engine with all products as they are now: the one there is, with what changed, or a new one."""
    known, since = (Map[str, UUID](), -1) if engine is None else (loaded.revisions, since)
    sold, others = catalogue.revisions(channel, since=since)
    stale = [key for key, revision in sold.items() if known.get(key) != revision]
    # What was deleted is in no row any more: only a comparison of all finds that.
    gone = [key for key in others if key in known] if since >= 0 else [key for key in known if key not in sold]
    with Building(channel.pk, total=len(stale), whole=engine is None) as building:
        documents = _documents(stale, channel, loaded.labels, building, progress)
        if engine is None:
            engine = MemoryEngine(Index.build(documents, specs))
        elif stale or gone:
            engine = MemoryEngine(engine.index.updated(documents, gone))
        revisions = known.mutate()
        revisions.update({key: sold[key] for key in stale})
        for key in gone:
            del revisions[key]
        building.done(len(revisions), engine.index.bytes)
    loaded.revisions = revisions.finish()
    return engine


def _documents(
    ids: list[str], channel: Channel, labels: dict[str, str], building: Building, progress: Progress | None
) -> Iterator[ProductDocument]:
    for start in range(0, len(ids), BATCH):
        fresh = catalogue.with_variants(ids[start : start + BATCH], channel)
        names = catalogue.names(key for product, _ in fresh for key in product.fits[: FITS_LIMIT + 1])
        for product, variants in fresh:
            fits = tuple(names[key] for key in product.fits[: FITS_LIMIT + 1] if key in names)
            yield document(product, variants, fits, labels)
        building.progress(min(start + BATCH, len(ids)))
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))
