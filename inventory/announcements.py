"""What the inventory tells all processes when it commits: notices of places whose stock changed, and of stores.

Sent by whoever writes (ledger, master data, admin), heard by `live`.
"""

import json
from collections.abc import Collection, Iterable

from kernel.notices import notify, notify_many

STOCK = "stock"
STORES = "stores"

# More than these are told as whole stores (or, for items, as everything): reading anew is cheaper than a flood.
MANY = 200

ScopeOfChange = tuple[str | None, str | None]
"""A store id and a SKU; None is each of them."""


def stock_changed(places: Collection[tuple[str, str]]) -> None:
    """The quantities at these (store id, SKU) changed."""
    if len(places) > MANY:
        _tell((store_id, None) for store_id, _sku in places)
    else:
        _tell(places)


def whole_stores_changed(store_ids: Collection[str]) -> None:
    """Many quantities of these stores changed."""
    _tell((store_id, None) for store_id in store_ids)


def items_changed(skus: Collection[str]) -> None:
    """Whether these SKUs are stocked changed, in each store."""
    _tell([(None, None)] if len(skus) > MANY else [(None, sku) for sku in skus])


def stores_changed() -> None:
    """A store was made or changed."""
    notify(STORES, "")


def scope(payload: str) -> ScopeOfChange:
    """What a notice of the topic STOCK tells of."""
    store_id, sku = json.loads(payload)
    return store_id, sku


def _tell(scopes: Iterable[ScopeOfChange]) -> None:
    notify_many(STOCK, [json.dumps(entry) for entry in scopes])
