"""GraphQL types that the topics of store operations share."""

from typing import Any

import strawberry

from inventory import uin
from inventory.models import Reservation, StockItem, StockRoom, UnitIdentifier
from inventory.models.ledger import MovementKind
from kernel.api import Info, caller
from plugins.store_operations.acts import Device

strawberry.enum(uin.State, name="UnitState")
strawberry.enum(StockRoom.Kind, name="RoomKind")
strawberry.enum(MovementKind, name="StockMovementKind")
strawberry.enum(StockItem.Tracking, name="StockTracking")
strawberry.enum(UnitIdentifier.Type, name="UnitIdentifierType")
strawberry.enum(Reservation.Purpose, name="HoldPurpose")


@strawberry.type(name="StockRoom")
class StockRoomType:
    id: strawberry.ID
    code: str
    name: str = strawberry.field(description="Empty when it is called by its kind.")
    kind: StockRoom.Kind
    sellable: bool

    @classmethod
    def of(cls, room: StockRoom) -> "StockRoomType":
        """The room as clients see it."""
        return cls(
            id=strawberry.ID(room.pk),
            code=room.code,
            name=room.name,
            kind=StockRoom.Kind(room.kind),
            sellable=room.sellable,
        )


def device_of(info: Info, input: Any) -> Device:
    """Who tells an act, from the head of its input."""
    return Device(caller(info), str(input.client_id), input.occurred_at, str(input.store_id))
