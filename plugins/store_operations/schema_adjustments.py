"""GraphQL of adjustments."""

import datetime as dt
from typing import Any

import strawberry

from inventory import adjustments, models, replenishment
from inventory.adjustments import Change
from kernel.api import ApiErrorType, Connection, Info, caller, connection, language, mutation
from kernel.devices import register_of
from plugins.staff.permissions import STOCK_ADJUST, STOCK_VIEW
from plugins.store_operations import shelves
from plugins.store_operations.acts import Performed
from plugins.store_operations.types import device_of

AdjustmentDirection = models.Reason.Direction
AdjustmentState = models.Adjustment.State
strawberry.enum(AdjustmentDirection, name="AdjustmentDirection")
strawberry.enum(AdjustmentState, name="AdjustmentState")
RECENT = 300


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class AdjustmentReason:
    code: str
    name: str
    direction: AdjustmentDirection
    to_room_kind: str | None = strawberry.field(description="The kind of room that the pieces go to.")
    approval_from: int | None = strawberry.field(description="From so many pieces on someone else approves.")


@strawberry.type
class StoreRoom:
    id: strawberry.ID
    name: str = strawberry.field(description="Empty when it is called by its kind.")
    kind: str
    sellable: bool

    @classmethod
    def of(cls, room: models.StockRoom) -> "StoreRoom":
        return cls(id=strawberry.ID(room.pk), name=room.name, kind=room.kind, sellable=room.sellable)


@strawberry.type(description="What can be chosen when stock is adjusted.")
class AdjustmentOptions:
    reasons: list[AdjustmentReason]
    rooms: list[StoreRoom]


@strawberry.type
class Adjustment:
    id: strawberry.ID
    reason: str
    sku: str
    quantity: int
    serials: list[str]
    room: StoreRoom
    to_room: StoreRoom | None
    note: str
    state: AdjustmentState
    mine: bool = strawberry.field(description="The caller asked for it, and so does not decide.")
    occurred_at: dt.datetime

    @classmethod
    def of(cls, row: models.Adjustment, *, asking: str, language: str) -> "Adjustment":
        return cls(
            id=strawberry.ID(row.pk),
            reason=row.reason.name_in(language),
            sku=row.item_id,
            quantity=row.quantity,
            serials=row.serials,
            room=StoreRoom.of(row.room),
            to_room=StoreRoom.of(row.to_room) if row.to_room else None,
            note=row.note,
            state=models.Adjustment.State(row.state),
            mine=row.asked_by == asking,
            occurred_at=row.occurred_at,
        )


@strawberry.type
class AdjustmentPayload:
    adjustment: Adjustment | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()


@strawberry.input
class StockAdjustInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    reason: str
    sku: str
    quantity: int
    serials: list[str] | None = None
    room_id: strawberry.ID | None = strawberry.field(default=None, description="Where it lies; the floor by itself.")
    to_room_id: strawberry.ID | None = None
    note: str | None = None


@strawberry.input
class StockAdjustmentDecideInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    adjustment_id: strawberry.ID
    approve: bool


def _answer(info: Info, done: Performed) -> AdjustmentPayload:
    row = adjustments.of_ids([done.outcome["adjustment"]])[0]
    shown = Adjustment.of(row, asking=caller(info).scope, language=language(info))
    return AdjustmentPayload(adjustment=shown, replayed=done.replayed)


@strawberry.type
class Query:
    @strawberry.field(description="Reasons, and the rooms of the caller's store. Needs stock.view.")
    def adjustment_options(self, info: Info) -> AdjustmentOptions:
        _register, store_id = register_of(caller(info), STOCK_VIEW)
        return AdjustmentOptions(
            reasons=[
                AdjustmentReason(
                    code=reason.code,
                    name=reason.name_in(language(info)),
                    direction=models.Reason.Direction(reason.direction),
                    to_room_kind=reason.to_kind or None,
                    approval_from=reason.approval_from,
                )
                for reason in adjustments.reasons()
            ],
            rooms=[StoreRoom.of(room) for room in replenishment.rooms_of(store_id)],
        )

    @strawberry.field(description="Adjustments of the caller's store, those that wait first. Needs stock.adjust.")
    def stock_adjustments(
        self, info: Info, pending: bool = False, first: int | None = 20, after: str | None = None
    ) -> Connection[Adjustment]:
        _register, store_id = register_of(caller(info), STOCK_ADJUST)
        states = [models.Adjustment.State.PENDING] if pending else []
        found = adjustments.of_store(store_id, states=states, limit=RECENT)
        asking, tongue = caller(info).scope, language(info)
        return connection(found, first, after, node=lambda row: Adjustment.of(row, asking=asking, language=tongue))


@strawberry.type
class Mutation:
    @mutation(payload=AdjustmentPayload, description="Adjust stock with a reason. Needs stock.adjust.")
    def stock_adjust(self, info: Info, input: StockAdjustInput) -> AdjustmentPayload:
        change = Change(
            sku=input.sku,
            quantity=input.quantity,
            serials=tuple(input.serials or ()),
            room_id=str(input.room_id) if input.room_id else None,
            to_room_id=str(input.to_room_id) if input.to_room_id else None,
        )
        return _answer(
            info, shelves.adjust(device_of(info, input), reason=input.reason, change=change, note=input.note or "")
        )

    @mutation(
        payload=AdjustmentPayload, description="Book or reject what someone else asked for. Needs stock.authorise."
    )
    def stock_adjustment_decide(self, info: Info, input: StockAdjustmentDecideInput) -> AdjustmentPayload:
        return _answer(
            info,
            shelves.decide(device_of(info, input), adjustment_id=str(input.adjustment_id), approve=input.approve),
        )
