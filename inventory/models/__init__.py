"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

from .adjustments import Adjustment, ParLevel
from .core import CoreStock
from .counts import AbcClass, CountEntry, CountLine, CountPart, CountPlan, StockCount
from .ledger import KEY_LENGTH, Contradiction, Movement, MovementKind, Reason
from .places import StockRoom, Store, new_id
from .reservations import Reservation, ReservationLine
from .stock import CATEGORY_LENGTH, SKU_LENGTH, Balance, RoomBalance, SafetyStock, StockItem
from .units import Unit, UnitIdentifier, UnitMovement

__all__ = [
    "CATEGORY_LENGTH",
    "KEY_LENGTH",
    "SKU_LENGTH",
    "AbcClass",
    "Adjustment",
    "Balance",
    "Contradiction",
    "CoreStock",
    "CountEntry",
    "CountLine",
    "CountPart",
    "CountPlan",
    "Movement",
    "MovementKind",
    "ParLevel",
    "Reason",
    "Reservation",
    "ReservationLine",
    "RoomBalance",
    "SafetyStock",
    "StockCount",
    "StockItem",
    "StockRoom",
    "Store",
    "Unit",
    "UnitIdentifier",
    "UnitMovement",
    "new_id",
]
