"""What other parts of the suite may do to the inventory. Each is one transaction and joins the caller's."""

from . import receiving, transfer_receipts, transfers, vendor_returns
from .arrivals import Counted, Numbers
from .masterdata import ItemSpec, upsert_item, upsert_items, upsert_store
from .receipts import OpeningRow, receive, receive_opening, take_back
from .reservations import confirm, expire_due, extend, pick_unit, release, reserve, unpick
from .resolution import settle as settle_contradiction
from .rooms import move as move_goods
from .rooms import upsert_room
from .safety import drop_rule as drop_safety_rule
from .safety import set_rule as set_safety_rule
from .sales import SaleOutcome, core_fulfilled, issue, sell
from .vendor_returns import Returned

__all__ = [
    "Counted",
    "ItemSpec",
    "Numbers",
    "OpeningRow",
    "Returned",
    "SaleOutcome",
    "confirm",
    "core_fulfilled",
    "drop_safety_rule",
    "expire_due",
    "extend",
    "issue",
    "move_goods",
    "pick_unit",
    "receive",
    "receive_opening",
    "receiving",
    "release",
    "reserve",
    "sell",
    "set_safety_rule",
    "settle_contradiction",
    "take_back",
    "transfer_receipts",
    "transfers",
    "unpick",
    "upsert_item",
    "upsert_items",
    "upsert_room",
    "upsert_store",
    "vendor_returns",
]
