"""GraphQL of pickups."""

import datetime as dt

import strawberry

from inventory.schema import StoreType
from kernel.api import ApiErrorType, Connection, Info, MoneyType, caller, connection, mutation
from plugins.carts.models import OrderStatus
from plugins.pickup import models, selectors, services
from plugins.pickup.states import State

strawberry.enum(State, name="PickupState")


@strawberry.type
class PickupLine:
    sku: str
    name: str
    quantity: int
    picked: int
    serials: list[str]

    @classmethod
    def of(cls, line: models.PickupLine) -> "PickupLine":
        return cls(sku=line.sku, name=line.name, quantity=line.quantity, picked=line.picked, serials=list(line.serials))


@strawberry.type(name="Pickup")
class PickupType:
    model: strawberry.Private[models.Pickup]
    id: strawberry.ID
    state: State
    store: StoreType
    order_id: strawberry.ID
    order_number: str
    customer_name: str | None
    order_held: bool = strawberry.field(description="A part of the order waits for its line.")
    promise_date: dt.date | None = strawberry.field(description="The order's, as every channel says it.")
    ready_by: dt.datetime
    pickup_by: dt.datetime | None = strawberry.field(
        description="After this moment it expires and the stock is released."
    )
    hand_over_code: str | None = strawberry.field(
        description="What the customer shows at the counter; only the signed-in owner and the answer of cartComplete "
        "carry it."
    )

    @classmethod
    def of(cls, pickup: models.Pickup, *, show_code: bool = False) -> "PickupType":
        """The pickup as clients see it; its code only where the contract shows it."""
        return cls(
            model=pickup,
            id=strawberry.ID(str(pickup.pk)),
            state=State(pickup.state),
            store=StoreType.of(pickup.store),
            order_id=strawberry.ID(pickup.order_id),
            order_number=pickup.order.number,
            customer_name=pickup.order.full_name or None,
            order_held=pickup.order.status == OrderStatus.HELD,
            promise_date=pickup.order.promise_date,
            ready_by=pickup.ready_by,
            pickup_by=pickup.pickup_by,
            hand_over_code=selectors.hand_over_code(pickup) if show_code else None,
        )

    @strawberry.field
    def lines(self) -> list[PickupLine]:
        return [PickupLine.of(line) for line in self.model.lines.all()]

    @strawberry.field(description="Must be paid before hand-over.")
    def amount_due(self) -> MoneyType:
        return MoneyType.of(self.model.order.money(selectors.amount_due(self.model)))


@strawberry.type
class PickupPayload:
    pickup: PickupType | None
    errors: list[ApiErrorType] = strawberry.field(default_factory=list)


def pickups_of(order_id: str, *, show_code: bool) -> list[PickupType]:
    """The pickups of an order, for the order's own type; with their codes only where the contract shows them."""
    return [PickupType.of(pickup, show_code=show_code) for pickup in selectors.of_order(order_id)]


@strawberry.type
class Query:
    @strawberry.field(description="The pickup work of one store. Staff only.")
    def pickup_queue(
        self,
        info: Info,
        store_id: strawberry.ID,
        states: list[State] | None = None,
        first: int | None = 50,
        after: str | None = None,
    ) -> Connection[PickupType]:
        wanted = [state.value for state in states] if states else None
        found = selectors.queue(caller=caller(info), store_id=str(store_id), states=wanted)
        return connection(found, first, after, node=PickupType.of, keyset=("ready_by", "id"))


@strawberry.type
class Mutation:
    @mutation(payload=PickupPayload)
    def pickup_accept(self, info: Info, id: strawberry.ID) -> PickupPayload:
        return _payload(services.accept(caller=caller(info), pickup_id=str(id)))

    @mutation(payload=PickupPayload)
    def pickup_reject(self, info: Info, id: strawberry.ID, reason: str) -> PickupPayload:
        return _payload(services.reject(caller=caller(info), pickup_id=str(id), reason=reason))

    @mutation(
        payload=PickupPayload,
        description="Confirms one picked unit by scanning it; a serialised item needs one of its identifiers.",
    )
    def pickup_scan(self, info: Info, id: strawberry.ID, code: str, serial: str | None = None) -> PickupPayload:
        return _payload(services.scan(caller=caller(info), pickup_id=str(id), code=code, serial=serial))

    @mutation(payload=PickupPayload)
    def pickup_ready(self, info: Info, id: strawberry.ID) -> PickupPayload:
        return _payload(services.ready(caller=caller(info), pickup_id=str(id)))

    # Wrong codes are counted even when the hand-over is refused: no transaction around it.
    @mutation(payload=PickupPayload, atomic=False)
    def pickup_hand_over(self, info: Info, id: strawberry.ID, code: str, collected_by: str) -> PickupPayload:
        done = services.hand_over(caller=caller(info), pickup_id=str(id), code=code, collected_by=collected_by)
        return _payload(done)


def _payload(pickup: models.Pickup) -> PickupPayload:
    return PickupPayload(pickup=PickupType.of(pickup))
