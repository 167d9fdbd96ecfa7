"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

from .contradictions import Contradiction
from .core import CoreStock
from .devices import DeviceCheck
from .esim import EsimPool, EsimProfile
from .ledger import KEY_LENGTH, Movement, MovementKind, Reason
from .places import StockRoom, Store, new_id
from .reservations import Reservation, ReservationLine
from .stock import CATEGORY_LENGTH, SKU_LENGTH, Balance, RoomBalance, SafetyStock, StockItem
from .units import Unit, UnitIdentifier, UnitMovement

__all__ = [
    "CATEGORY_LENGTH",
    "KEY_LENGTH",
    "SKU_LENGTH",
    "Balance",
    "Contradiction",
    "CoreStock",
    "DeviceCheck",
    "EsimPool",
    "EsimProfile",
    "Movement",
    "MovementKind",
    "Reason",
    "Reservation",
    "ReservationLine",
    "RoomBalance",
    "SafetyStock",
    "StockItem",
    "StockRoom",
    "Store",
    "Unit",
    "UnitIdentifier",
    "UnitMovement",
    "new_id",
]
