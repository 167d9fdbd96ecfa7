"""The index of each channel in this process: built from the catalogue's tables, renewed when they changed.

At most once a second a process compares the catalogue's change token with the one it has. When they differ, only the
products whose revision is new are read; the index is then built from the documents in memory. One thread renews while
the others go on with the index they have.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from plugins.catalogue import selectors as catalogue
from plugins.catalogue.labels import attribute_label
from plugins.catalogue.models import Channel, Product
from plugins.guided_search.documents import Attributes, Category, ProductDocument, VariantDocument
from plugins.guided_search.index import FITS_LIMIT, Index

CHECK_SECONDS = 1.0
# Shown on a product's page, but no way to tell products apart.
_NO_ATTRIBUTE = frozenset({"brand", "fits", "released"})


@dataclass(slots=True)
class _Loaded:
    """What this process holds for one channel."""

    token: UUID | None = None
    checked_at: float = float("-inf")
    revisions: dict[str, UUID] = field(default_factory=dict)
    documents: dict[str, ProductDocument] = field(default_factory=dict)
    index: Index | None = None
    labels: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_channels: dict[str, _Loaded] = defaultdict(_Loaded)


def index_of(channel: Channel) -> Index:
    """The index of a channel, at most a second behind the catalogue."""
    loaded = _channels[channel.pk]
    if loaded.index is not None and time.monotonic() - loaded.checked_at < CHECK_SECONDS:
        return loaded.index
    # The first answer has to wait for an index; later ones use the one there is while another thread renews it.
    if loaded.lock.acquire(blocking=loaded.index is None):
        try:
            _renew(loaded, channel)
        finally:
            loaded.lock.release()
    assert loaded.index is not None
    return loaded.index


def attribute_name(channel: Channel, dimension: str, language: str) -> str:
    """What a dimension is called: the suite's word, else the core's."""
    return attribute_label(dimension, _channels[channel.pk].labels.get(dimension, dimension), language)


def forget() -> None:
    """Drop all indexes of this process, so that the next search sees the tables as they are now."""
    _channels.clear()


def _renew(loaded: _Loaded, channel: Channel) -> None:
    token = catalogue.last_change().token
    if loaded.index is None or token != loaded.token:
        revisions = catalogue.revisions(channel)
        stale = [key for key, revision in revisions.items() if loaded.revisions.get(key) != revision]
        documents = {key: loaded.documents[key] for key in revisions if key in loaded.documents}
        fresh = catalogue.with_variants(stale, channel)
        names = catalogue.names(key for product, _ in fresh for key in product.fits[: FITS_LIMIT + 1])
        for product, variants in fresh:
            fits = tuple(names[key] for key in product.fits[: FITS_LIMIT + 1] if key in names)
            documents[product.pk] = _document(product, variants, fits, loaded.labels)
        loaded.index = Index([documents[key] for key in sorted(documents)])
        loaded.documents, loaded.revisions, loaded.token = documents, revisions, token
    loaded.checked_at = time.monotonic()


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
