"""Tables of the store inventory. The database itself refuses what must not be: see the constraints and triggers."""

from .core import CoreStock
from .ledger import KEY_LENGTH, Contradiction, Movement
from .places import Store, new_id
from .reservations import Reservation, ReservationLine
from .stock import SKU_LENGTH, Balance, StockItem
from .units import Unit, UnitMovement

__all__ = [
    "KEY_LENGTH",
    "SKU_LENGTH",
    "Balance",
    "Contradiction",
    "CoreStock",
    "Movement",
    "Reservation",
    "ReservationLine",
    "StockItem",
    "Store",
    "Unit",
    "UnitMovement",
    "new_id",
]
