"""What other parts of the suite may do to the inventory. Each is one transaction and joins the caller's."""

from .masterdata import ItemSpec, upsert_item, upsert_items, upsert_store
from .receipts import OpeningRow, receive, receive_opening, take_back
from .reservations import confirm, expire_due, extend, pick_unit, release, reserve, unpick
from .sales import SaleOutcome, core_fulfilled, issue, sell

__all__ = [
    "ItemSpec",
    "OpeningRow",
    "SaleOutcome",
    "confirm",
    "core_fulfilled",
    "expire_due",
    "extend",
    "issue",
    "pick_unit",
    "receive",
    "receive_opening",
    "release",
    "reserve",
    "sell",
    "take_back",
    "unpick",
    "upsert_item",
    "upsert_items",
    "upsert_store",
]
