"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

from .arrivals import Receipt, ReceiptDifference
from .core import CoreStock
from .deliveries import NoticeLine, NoticeUnit, ShippingNotice
from .ledger import KEY_LENGTH, Contradiction, Movement, MovementKind, Reason
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
    "Balance",
    "Contradiction",
    "CoreStock",
    "Movement",
    "MovementKind",
    "NoticeLine",
    "NoticeUnit",
    "Reason",
    "Receipt",
    "ReceiptDifference",
    "Reservation",
    "ReservationLine",
    "RoomBalance",
    "SafetyStock",
    "ShippingNotice",
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
