"""GraphQL of what the shelves lack."""

import datetime as dt
from typing import Any

import strawberry

from inventory import replenishment
from kernel.api import ApiErrorType, Connection, Info, caller, connection, mutation
from kernel.devices import register_of
from plugins.staff.permissions import STOCK_VIEW
from plugins.store_operations import shelves
from plugins.store_operations.types import device_of


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class ShelfReserve:
    room_id: strawberry.ID
    room: str
    quantity: int


@strawberry.type(description="A SKU of which less lies on the floor than should, while a back room has it.")
class ShelfGap:
    sku: str
    tracking: str
    floor: int
    par: int
    wanted: int = strawberry.field(description="How many to bring.")
    sold: int = strawberry.field(description="In four weeks.")
    reserves: list[ShelfReserve]

    @classmethod
    def of(cls, gap: replenishment.Gap) -> "ShelfGap":
        return cls(
            sku=gap.sku,
            tracking=gap.tracking,
            floor=gap.floor,
            par=gap.par,
            wanted=gap.wanted,
            sold=gap.sold,
            reserves=[
                ShelfReserve(room_id=strawberry.ID(row.room_id), room=row.room, quantity=row.quantity)
                for row in gap.reserves
            ],
        )


@strawberry.input
class ShelfBroughtInput:
    sku: str
    quantity: int
    serials: list[str] | None = None


@strawberry.input
class ShelfReplenishInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    from_room_id: strawberry.ID
    lines: list[ShelfBroughtInput]


@strawberry.type
class ShelfReplenishPayload:
    pieces: int | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class Query:
    @strawberry.field(description="What to bring to the floor, the emptiest shelves first. Needs stock.view.")
    def shelf_gaps(self, info: Info, first: int | None = 50, after: str | None = None) -> Connection[ShelfGap]:
        _register, store_id = register_of(caller(info), STOCK_VIEW)
        return connection(replenishment.gaps(store_id), first, after, node=ShelfGap.of)


@strawberry.type
class Mutation:
    @mutation(
        payload=ShelfReplenishPayload, description="Bring goods from a back room to the floor. Needs stock.transfer."
    )
    def shelf_replenish(self, info: Info, input: ShelfReplenishInput) -> ShelfReplenishPayload:
        done = shelves.bring(
            device_of(info, input),
            from_room_id=str(input.from_room_id),
            lines=[(line.sku, line.quantity, list(line.serials or ())) for line in input.lines],
        )
        return ShelfReplenishPayload(pieces=done.outcome["pieces"], replayed=done.replayed)
