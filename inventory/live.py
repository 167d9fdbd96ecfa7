"""What each store can promise, mirrored in the server's memory for search: read without a query.

The ledger tells each balance that it changed (`announcements`), and the mirror reads that balance again, a moment after
the commit. Where this process does not listen, or may have missed something, everything here reads the database: an
answer is at most `kernel.notices.STALE_SECONDS` old even when the network fails without a word.

A store is read at its first use and kept from then on. One thread, the listener's, writes the mirror, and replaces what
changed as a whole; so readers need no lock, and what they were given stays as it was.
"""

import itertools
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kernel import notices

from . import announcements, errors, selectors
from .models import Store

# How many changes of a store can be told after the fact.
LOG_LENGTH = 4096

# Never used twice in a process, so that one version has one content, also after a store is read anew.
_versions = itertools.count(1)


@dataclass(frozen=True, slots=True)
class StoreStock:
    """Available to promise in a store, by SKU: stocked items of which there is any.

    `version` grows with each change; None means that it was read from the database for this call alone, and nothing may
    be kept by it.
    """

    version: int | None
    quantities: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Mirrored:
    """A store's stock at `version`, and in `log` (version, SKU) of all that changed after the version `since`."""

    version: int
    stock: StoreStock
    log: tuple[tuple[int, str], ...]
    since: int

    @classmethod
    def of(cls, quantities: Mapping[str, int]) -> "_Mirrored":
        version = next(_versions)
        return cls(version, StoreStock(version, quantities), (), version)

    def renewed(self, skus: Collection[str], now: Mapping[str, int]) -> "_Mirrored":
        """With the quantities of `skus` as they are `now`."""
        before = self.stock.quantities
        moved = [sku for sku in skus if before.get(sku, 0) != now.get(sku, 0)]
        if not moved:
            return self
        version = next(_versions)
        quantities = {**before, **{sku: now.get(sku, 0) for sku in moved}}
        for sku in moved:
            if not quantities[sku]:
                del quantities[sku]
        log = self.log + tuple((version, sku) for sku in moved)
        forgotten = log[:-LOG_LENGTH]
        since = forgotten[-1][0] if forgotten else self.since
        return _Mirrored(version, StoreStock(version, quantities), log[-LOG_LENGTH:], since)

    def changed_since(self, version: int) -> Mapping[str, int] | None:
        if not self.since <= version <= self.version:
            return None
        first = bisect_right(self.log, version, key=lambda entry: entry[0])
        return {sku: self.stock.quantities.get(sku, 0) for _version, sku in self.log[first:]}


class _Mirror:
    """The stores in memory. Its methods without an underscore are called by the listener's thread, but for `find`."""

    def __init__(self) -> None:
        self._stocks: dict[str, _Mirrored] = {}
        self._stores: dict[str, Store] | None = None
        self.stores_version = next(_versions)
        self._wanted: set[str] = set()

    def find(self, store_id: str) -> _Mirrored | None:
        """The mirrored stock of a store; when there is none yet, it will be read soon."""
        if not notices.fresh():
            return None
        found = self._stocks.get(store_id)
        if found is None and store_id not in self._wanted:
            self._wanted.add(store_id)
            notices.soon(lambda: self._load(store_id))
        return found

    def find_stores(self) -> Mapping[str, Store] | None:
        """The active stores and depots by id, in the order of their names; None as for `find`."""
        if not notices.fresh():
            return None
        found = self._stores
        if found is None:
            notices.soon(self._load_stores)
        return found

    def connected(self) -> None:
        self._forget()

    def lost(self) -> None:
        self._forget()

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        if topic == announcements.STORES:
            self._load_stores()
        else:
            self._renew(payloads)

    def _forget(self) -> None:
        self.stores_version = next(_versions)
        self._stocks, self._stores, self._wanted = {}, None, set()

    def _load(self, store_id: str) -> None:
        try:
            if self._stores is None:
                self._load_stores()
            # What is no store of ours is not kept, however often it is asked for.
            if store_id in (self._stores or {}) and store_id not in self._stocks:
                self._stocks[store_id] = _Mirrored.of(selectors.available_in_store(store_id))
        finally:
            self._wanted.discard(store_id)

    def _load_stores(self) -> None:
        self.stores_version = next(_versions)
        self._stores = {store.pk: store for store in selectors.stores_and_depots()}
        for store_id in self._stocks.keys() - self._stores.keys():
            del self._stocks[store_id]

    def _renew(self, payloads: Sequence[str]) -> None:
        whole, places = self._touched(payloads)
        parts = selectors.available_at(places) if places else {}
        for store_id, skus in places.items():
            self._stocks[store_id] = self._stocks[store_id].renewed(skus, parts.get(store_id, {}))
        for store_id in whole:
            now, mirrored = selectors.available_in_store(store_id), self._stocks[store_id]
            self._stocks[store_id] = mirrored.renewed(now.keys() | mirrored.stock.quantities.keys(), now)

    def _touched(self, payloads: Sequence[str]) -> tuple[set[str], dict[str, set[str]]]:
        """The mirrored stores to be read as a whole, and of the others the SKUs."""
        whole: set[str] = set()
        places: dict[str, set[str]] = defaultdict(set)
        for store_id, sku in map(announcements.scope, payloads):
            for mirrored in self._stocks.keys() if store_id is None else self._stocks.keys() & {store_id}:
                if sku is None:
                    whole.add(mirrored)
                else:
                    places[mirrored].add(sku)
        whole |= {store_id for store_id, skus in places.items() if len(skus) > announcements.MANY}
        return whole, {store_id: skus for store_id, skus in places.items() if store_id not in whole}


mirror = _Mirror()


def of_store(store_id: str) -> StoreStock:
    """What the store can promise now. No query when it is mirrored, else one; an unknown store has nothing."""
    found = mirror.find(store_id)
    return found.stock if found else StoreStock(None, selectors.available_in_store(store_id))


def version(store_id: str) -> int | None:
    """The version that `of_store` would give. Never a query."""
    found = mirror.find(store_id)
    return found.version if found else None


def changed_since(store_id: str, version: int) -> Mapping[str, int] | None:
    """The quantity now, 0 included, of each SKU that changed after `version`; None when that cannot be told any more.

    It may already hold changes after the `of_store` that was read before: keep that one's version, and be told of them
    again. Never a query.
    """
    found = mirror.find(store_id)
    return found.changed_since(version) if found else None


def stores_version() -> int | None:
    """Differs after each change of a store; None when stores are not mirrored. Never a query."""
    return mirror.stores_version if mirror.find_stores() is not None else None


def store(store_id: str) -> Store:
    """An active store or depot; it is shared, do not change it. Raises STORE_NOT_FOUND. No query when mirrored."""
    known = mirror.find_stores()
    if known is None:
        return selectors.store_by_id(store_id)
    if store_id not in known:
        raise errors.store_not_found(store_id)
    return known[store_id]


def stores() -> list[Store]:
    """The active stores (not depots) by name; shared, do not change them. No query when mirrored, else one."""
    known = mirror.find_stores()
    if known is None:
        return [entry.store for entry in selectors.stores()]
    return [store for store in known.values() if store.kind == Store.Kind.STORE]


def following() -> bool:
    """Whether this process mirrors at all at the moment."""
    return notices.fresh()
