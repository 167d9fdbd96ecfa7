"""Channels and products kept in the server's memory, so that a search's answer needs no query.

A process that hears notices drops a channel's row when it changes. A product is kept with its revision: who has newer
revisions (the search index) gets newer rows. Elsewhere everything is read from the database.
"""

import itertools
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from kernel import notices
from plugins.catalogue import selectors
from plugins.catalogue.models import Channel, Product
from plugins.catalogue.selectors import ProductSet, SellableVariant

# Products kept, of all channels together.
CAPACITY: Final = 5000

_numbers = itertools.count(1)


class _Channels:
    """The channels that sell, by slug; a handler of notices."""

    def __init__(self) -> None:
        self.version = next(_numbers)
        self._rows: Mapping[str, Channel] | None = None

    def find(self) -> Mapping[str, Channel] | None:
        """The rows in memory, read when there are none; None when this process does not hear of changes."""
        if not notices.fresh():
            return None
        version, rows = self.version, self._rows
        if rows is None:
            rows = {channel.pk: channel for channel in selectors.channels()}
            # What changed while they were read is not in them: then they are good for this answer alone.
            if version == self.version:
                self._rows = rows
        return rows

    def connected(self) -> None:
        self._drop()

    def lost(self) -> None:
        self._drop()

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        self._drop()

    def _drop(self) -> None:
        self.version, self._rows = next(_numbers), None


channels = _Channels()


def channel(slug: str, *, field: str = "context.channel") -> Channel:
    """As `selectors.channel`, without a query where channels are kept."""
    return known(slug) or selectors.channel(slug, field=field)


def known(slug: str) -> Channel | None:
    """The channel as it is kept; None when there is none that sells, and where channels are not kept."""
    rows = channels.find()
    return rows.get(slug) if rows is not None else None


def channels_version() -> int | None:
    """Differs after each change of a channel; None when this process does not hear of them."""
    return channels.version if notices.fresh() else None


_Kept = tuple[UUID, Product, list[SellableVariant]]
_products: "OrderedDict[tuple[str, str], _Kept]" = OrderedDict()
_lock = threading.Lock()


def products(
    ids: Sequence[str], channel: Channel, revisions: Mapping[str, UUID] | None, *, sales_channel: str
) -> ProductSet:
    """The products that the channel sells among `ids`, in their order, with their variants.

    `revisions` says which revision of each product is the last one, None that nobody knows: then all are read.
    """
    if revisions is None:
        return ProductSet(selectors.products_by_ids(ids, channel), channel, sales_channel=sales_channel)
    found = _found(ids, channel, revisions)
    missing = [key for key in ids if key not in found and key in revisions]
    if missing:
        for product, variants in selectors.with_variants(missing, channel):
            found[product.pk] = (product.revision, product, variants)
            _keep(channel, found[product.pk])
    present = [found[key] for key in ids if key in found]
    known = {kept[1].pk: kept[2] for kept in present}
    return ProductSet([kept[1] for kept in present], channel, known, sales_channel=sales_channel)


def forget() -> None:
    """Drop all products (tests)."""
    with _lock:
        _products.clear()


def _found(ids: Sequence[str], channel: Channel, revisions: Mapping[str, UUID]) -> dict[str, _Kept]:
    """Those of the products that are kept as they are now, priced in the channel's currency of now."""
    found = {}
    with _lock:
        for key in ids:
            place = channel.pk, key
            kept = _products.get(place)
            if kept is None or kept[0] != revisions.get(key) or kept[2][0].channel.currency != channel.currency:
                continue
            _products.move_to_end(place)
            found[key] = kept
    return found


def _keep(channel: Channel, kept: _Kept) -> None:
    if not kept[2]:
        return
    with _lock:
        _products[channel.pk, kept[1].pk] = kept
        _products.move_to_end((channel.pk, kept[1].pk))
        while len(_products) > CAPACITY:
            _products.popitem(last=False)
