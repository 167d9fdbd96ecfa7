"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

from .adjustments import Adjustment, ParLevel
from .arrivals import Receipt, ReceiptDifference
from .contradictions import Contradiction
from .core import CoreDifference, CoreOrder, CoreOrderPart, CoreStock
from .counts import AbcClass, CountEntry, CountLine, CountPart, CountPlan, StockCount
from .deliveries import NoticeLine, NoticeUnit, ShippingNotice
from .devices import DeviceCheck
from .esim import EsimPool, EsimProfile
from .ledger import KEY_LENGTH, Movement, MovementKind, Reason
from .places import StockRoom, Store, new_id
from .reservations import Reservation, ReservationLine
from .stock import CATEGORY_LENGTH, SKU_LENGTH, Balance, RoomBalance, SafetyStock, StockItem
from .transfers import Transfer, TransferLine, TransferUnit
from .units import Unit, UnitIdentifier, UnitMovement
from .vendor_returns import VendorReturn, VendorReturnLine

__all__ = [
    "CATEGORY_LENGTH",
    "KEY_LENGTH",
    "SKU_LENGTH",
    "AbcClass",
    "Adjustment",
    "Balance",
    "Contradiction",
    "CoreDifference",
    "CoreOrder",
    "CoreOrderPart",
    "CoreStock",
    "CountEntry",
    "CountLine",
    "CountPart",
    "CountPlan",
    "DeviceCheck",
    "EsimPool",
    "EsimProfile",
    "Movement",
    "MovementKind",
    "NoticeLine",
    "NoticeUnit",
    "ParLevel",
    "Reason",
    "Receipt",
    "ReceiptDifference",
    "Reservation",
    "ReservationLine",
    "RoomBalance",
    "SafetyStock",
    "ShippingNotice",
    "StockCount",
    "StockItem",
    "StockRoom",
    "Store",
    "Transfer",
    "TransferLine",
    "TransferUnit",
    "Unit",
    "UnitIdentifier",
    "UnitMovement",
    "VendorReturn",
    "VendorReturnLine",
    "new_id",
]
