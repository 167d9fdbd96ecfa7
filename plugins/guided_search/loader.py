"""The index of each channel in this process: built from the catalogue's tables, renewed when they changed.

When a process follows the catalogue (a server does), a thread renews the indexes a moment after each change; elsewhere a
search compares the catalogue's change token with its own, at most once a second. Only products whose revision is new are
read. Searches go on with the index there is until the next one is whole: a rebuild has no gap, and a crash in the middle
of it leaves nothing behind, since the tables are the truth.
"""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import Error, close_old_connections, connection

from kernel import notices
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.labels import attribute_label
from plugins.catalogue.models import Channel, Product
from plugins.guided_search.analysis import FITS_LIMIT
from plugins.guided_search.documents import (
    DEFAULT_DIMENSIONS,
    Attributes,
    Category,
    DimensionSpec,
    ProductDocument,
    VariantDocument,
)
from plugins.guided_search.engine import MemoryEngine
from plugins.guided_search.index import Index

log = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
# Without a notice for so long, the tables are compared all the same.
PATROL_SECONDS = 15.0
BATCH = 500
# Shown on a product's page, but no way to tell products apart.
_NO_ATTRIBUTE = frozenset({"brand", "fits", "released"})

Progress = Callable[[int, int], object]
"""Called with the number of products read and their total."""


@dataclass(slots=True)
class _Loaded:
    """What this process holds for one channel."""

    token: UUID | None = None
    checked_at: float = float("-inf")
    revisions: dict[str, UUID] = field(default_factory=dict)
    engine: MemoryEngine | None = None
    labels: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_channels: dict[str, _Loaded] = defaultdict(_Loaded)


def engine_of(channel: Channel) -> MemoryEngine:
    """The engine of a channel, at most a second behind the catalogue."""
    loaded = _channels[channel.pk]
    if loaded.engine is not None and (follower.following or time.monotonic() - loaded.checked_at < CHECK_SECONDS):
        return loaded.engine
    # The first answer has to wait for an index; later ones use the one there is while another thread renews it.
    if loaded.lock.acquire(blocking=loaded.engine is None):
        try:
            _renew(loaded, channel)
        finally:
            loaded.lock.release()
    assert loaded.engine is not None
    return loaded.engine


def is_ready(channel_slug: str) -> bool:
    """Whether a search in the channel needs no database for its index."""
    return follower.following and _channels[channel_slug].engine is not None


def token(channel_slug: str) -> UUID | None:
    """The change of the catalogue that the channel's index is of."""
    return _channels[channel_slug].token


def attribute_name(channel: Channel, dimension: str, language: str) -> str:
    """What a dimension is called: the suite's word, else the core's."""
    return attribute_label(dimension, _channels[channel.pk].labels.get(dimension, dimension), language)


def forget() -> None:
    """Drop all indexes of this process, so that the next search sees the tables as they are now."""
    _channels.clear()


def renew_all(progress: Progress | None = None) -> None:
    """Bring the index of every channel up to the tables."""
    for channel in catalogue.channels():
        loaded = _channels[channel.pk]
        with loaded.lock:
            _renew(loaded, channel, progress)


class Follower:
    """The thread that renews the indexes of this process."""

    def __init__(self) -> None:
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def following(self) -> bool:
        """Whether searches need not look at the catalogue's token themselves."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin to follow the catalogue; a second call does nothing."""
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="search-index", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End, after the renewal under way."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def wake(self) -> None:
        """Something changed: look now."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.wait(PATROL_SECONDS if notices.fresh() else CHECK_SECONDS)
            self._wake.clear()
            if self._stop.is_set():
                break
            close_old_connections()
            try:
                renew_all()
            except Error as error:
                log.warning("the search index could not be renewed: %s", error)
        connection.close()


follower = Follower()


def _renew(loaded: _Loaded, channel: Channel, progress: Progress | None = None) -> None:
    token = catalogue.last_change().token
    if loaded.engine is None or token != loaded.token:
        revisions = catalogue.revisions(channel)
        stale = [key for key, revision in revisions.items() if loaded.revisions.get(key) != revision]
        gone = [key for key in loaded.revisions if key not in revisions]
        documents = _documents(stale, channel, loaded.labels, progress)
        if loaded.engine is None:
            loaded.engine = MemoryEngine(Index.build(documents, _dimensions(channel)))
        else:
            loaded.engine.update(documents, gone)
        loaded.revisions, loaded.token = revisions, token
    loaded.checked_at = time.monotonic()


def _dimensions(channel: Channel) -> tuple[DimensionSpec, ...]:
    return DEFAULT_DIMENSIONS


def _documents(
    ids: list[str], channel: Channel, labels: dict[str, str], progress: Progress | None
) -> Iterator[ProductDocument]:
    for start in range(0, len(ids), BATCH):
        fresh = catalogue.with_variants(ids[start : start + BATCH], channel)
        names = catalogue.names(key for product, _ in fresh for key in product.fits[: FITS_LIMIT + 1])
        for product, variants in fresh:
            fits = tuple(names[key] for key in product.fits[: FITS_LIMIT + 1] if key in names)
            yield _document(product, variants, fits, labels)
        if progress:
            progress(min(start + BATCH, len(ids)), len(ids))


def _document(
    product: Product,
    variants: Iterable[catalogue.SellableVariant],
    fits: tuple[str, ...],
    labels: dict[str, str],
) -> ProductDocument:
    path = zip(product.category_slugs, product.category_path, strict=True)
    return ProductDocument(
        id=product.pk,
        name=product.name,
        kind=product.kind,
        brand=product.brand,
        categories=tuple(Category(slug, name) for slug, name in path),
        attributes=_attributes(product.attributes, labels),
        variants=tuple(
            VariantDocument(
                sku=variant.sku,
                price=variant.price.amount if variant.price else None,
                attributes=_attributes(variant.attributes, labels),
                barcode=variant.barcode,
                stocked=variant.stocked,
            )
            for variant in variants
        ),
        description=product.description,
        fits=fits,
        released=product.released,
    )


def _attributes(stored: Iterable[Mapping[str, object]], labels: dict[str, str]) -> Attributes:
    found: dict[str, tuple[str, ...]] = {}
    for item in stored:
        name, values = str(item["name"]), item["values"]
        if name not in _NO_ATTRIBUTE and isinstance(values, list):
            labels[name] = str(item["label"])
            found[name] = tuple(str(value) for value in values)
    return found
