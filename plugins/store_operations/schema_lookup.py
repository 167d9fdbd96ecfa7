"""GraphQL of looking stock up."""

import datetime as dt

import strawberry

from inventory import documents, uin
from inventory.explained import Line, LineKind, RegionSum
from inventory.history import Event
from inventory.incoming import Incoming, IncomingKind
from inventory.models import Reservation, StockItem, Unit, UnitIdentifier
from inventory.models.ledger import MovementKind
from inventory.schema import StoreAvailability, StoreType
from kernel.api import Connection, Edge, Info, MoneyType, caller, language
from plugins.store_operations import lookup
from plugins.store_operations.types import StockRoomType

strawberry.enum(LineKind, name="StockLineKind")
strawberry.enum(IncomingKind, name="StockIncomingKind")


@strawberry.type
class StockLine:
    """A summand of what may be promised, negative where it takes away."""

    kind: LineKind
    quantity: int
    room: StockRoomType | None = strawberry.field(description="Null for ON_HAND: the sales floor.")
    purpose: Reservation.Purpose | None = strawberry.field(description="What is RESERVED for.")

    @classmethod
    def of(cls, line: Line) -> "StockLine":
        """The line as clients see it."""
        return cls(
            kind=line.kind,
            quantity=line.quantity,
            room=StockRoomType.of(line.room) if line.room else None,
            purpose=Reservation.Purpose(line.purpose) if line.purpose else None,
        )


@strawberry.type
class StockIncoming:
    """Pieces that a document brings, none of which is on the store's books yet."""

    kind: IncomingKind
    quantity: int
    document: str = strawberry.field(description="The number of the transfer, or of the supplier's delivery note.")
    sender: str = strawberry.field(description="The store or the supplier that they come from.")
    expected_on: dt.date | None = strawberry.field(description="Of what is ANNOUNCED, where the sender told it.")

    @classmethod
    def of(cls, line: Incoming) -> "StockIncoming":
        """The line as clients see it."""
        return cls(
            kind=line.kind,
            quantity=line.quantity,
            document=line.document,
            sender=line.sender,
            expected_on=line.expected_on,
        )


@strawberry.type
class RegionAvailability:
    country: str
    country_area: str
    quantity: int
    stores: int = strawberry.field(description="Stores of the region that have any.")

    @classmethod
    def of(cls, region: RegionSum) -> "RegionAvailability":
        """The region as clients see it."""
        return cls(
            country=region.country,
            country_area=region.country_area,
            quantity=region.available,
            stores=region.stores,
        )


@strawberry.type
class StockArticle:
    sku: str
    name: str
    barcode: str | None
    price: MoneyType | None = strawberry.field(description="Null when the store's channel does not sell it.")
    stocked: bool = strawberry.field(description="False for plans and services, of which nothing lies in a store.")
    tracking: StockItem.Tracking
    quantity: int = strawberry.field(description="What may be promised in the caller's store; never negative.")
    explanation: list[StockLine] = strawberry.field(
        description="How it comes about: sums to `quantity`, or to less than nought where more was sold than was here."
    )
    incoming: list[StockIncoming] = strawberry.field(
        description="What is on its way to the caller's store. It informs, and counts for nothing in `quantity`."
    )
    elsewhere: list[StoreAvailability] = strawberry.field(
        description="The country's other stores that have any, nearest first; at most 12."
    )
    regions: list[RegionAvailability] = strawberry.field(
        description="Sums over the country's states, the largest first; the caller's store included."
    )

    @classmethod
    def of(cls, article: lookup.Article, spoken: str) -> "StockArticle":
        """The article as clients see it."""
        price = article.sold.price if article.sold else None
        return cls(
            sku=article.item.sku,
            name=article.name_in(spoken),
            barcode=article.barcode or None,
            price=MoneyType.of(price) if price else None,
            stocked=article.item.stocked,
            tracking=StockItem.Tracking(article.item.tracking),
            quantity=article.here.available,
            explanation=[StockLine.of(line) for line in article.here.lines],
            incoming=[StockIncoming.of(line) for line in article.here.incoming],
            elsewhere=[
                StoreAvailability(store=StoreType.of_near(near), quantity=quantity)
                for near, quantity in article.elsewhere
            ],
            regions=[RegionAvailability.of(region) for region in article.regions],
        )


@strawberry.type
class StockUnitIdentifier:
    type: UnitIdentifier.Type
    value: str


@strawberry.type
class StockUnit:
    """A serialised piece."""

    id: strawberry.ID
    sku: str
    identifier: str = strawberry.field(description="The number that it was booked by.")
    identifiers: list[StockUnitIdentifier]
    state: uin.State
    store: StoreType = strawberry.field(description="On whose books it is, or was last.")
    here: bool = strawberry.field(description="Whether that is the caller's store.")
    room: StockRoomType | None = strawberry.field(description="Null: the sales floor, or not in the store.")
    reserved_for: Reservation.Purpose | None

    @classmethod
    def of(cls, unit: Unit, store_id: str) -> "StockUnit":
        """The unit as someone in that store sees it."""
        line = unit.reservation_line
        return cls(
            id=strawberry.ID(str(unit.pk)),
            sku=unit.item_id,
            identifier=unit.identifier,
            identifiers=[
                StockUnitIdentifier(type=UnitIdentifier.Type(row.type), value=row.value)
                for row in unit.identifiers.all()
            ],
            state=uin.State(unit.state),
            store=StoreType.of(unit.store),
            here=unit.store_id == store_id,
            room=StockRoomType.of(unit.room) if unit.room else None,
            reserved_for=Reservation.Purpose(line.reservation.purpose) if line else None,
        )


@strawberry.type
class StockLookup:
    article: StockArticle | None = strawberry.field(
        description="Null when nothing has the code, or when units of several SKUs carry it: ask again with `sku`."
    )
    units: list[StockUnit] = strawberry.field(description="The units that carry the code; at most 10.")


@strawberry.type
class UnitEvent:
    """A movement of a unit."""

    id: strawberry.ID
    kind: MovementKind
    state: uin.State | None = strawberry.field(description="What it became by it, where the movement tells.")
    store: StoreType
    room: StockRoomType | None = strawberry.field(description="Null: the sales floor.")
    quantity: int = strawberry.field(description="Positive into the store, negative out of it.")
    occurred_at: dt.datetime
    recorded_at: dt.datetime
    actor: str | None = strawberry.field(description="The name of the member of staff; null for a system.")
    document: str | None = strawberry.field(description="The order, sale or delivery it belongs to, where known.")
    reason: str | None

    @classmethod
    def of(cls, event: Event, names: dict[str, str], titles: dict[str, documents.Document]) -> "UnitEvent":
        """The event as clients see it."""
        movement = event.movement
        document = titles.get(movement.source_key)
        return cls(
            id=strawberry.ID(str(movement.pk)),
            kind=MovementKind(movement.kind),
            state=uin.State(event.state) if event.state else None,
            store=StoreType.of(movement.store),
            room=StockRoomType.of(movement.room) if movement.room else None,
            quantity=movement.quantity,
            occurred_at=movement.occurred_at,
            recorded_at=movement.recorded_at,
            actor=names.get(movement.actor),
            document=document.title if document else None,
            reason=movement.reason or None,
        )


@strawberry.type
class Query:
    @strawberry.field(
        description="What a SKU, a GTIN or any number of a unit names: the article in the caller's store, explained "
        "line by line, and in others; and the unit. Staff with stock.view."
    )
    def stock_lookup(self, info: Info, code: str, sku: str | None = None) -> StockLookup:
        found = lookup.look_up(caller=caller(info), code=code, sku=sku)
        return StockLookup(
            article=StockArticle.of(found.article, language(info)) if found.article else None,
            units=[StockUnit.of(unit, found.store_id) for unit in found.units],
        )

    @strawberry.field(description="Everything that moved a unit, in every store, latest first. Staff with stock.view.")
    def unit_history(
        self, info: Info, unit_id: strawberry.ID, first: int | None = 50, after: str | None = None
    ) -> Connection[UnitEvent]:
        events = lookup.unit_history(caller=caller(info), unit_id=str(unit_id), first=first, after=after)
        names = lookup.actor_names({event.movement.actor for event in events.rows})
        titles = documents.of_all([event.movement.source_key for event in events.rows])
        edges = [
            Edge(cursor=cursor, node=UnitEvent.of(event, names, titles))
            for cursor, event in zip(events.cursors, events.rows, strict=True)
        ]
        return Connection(edges=edges, page_info=events.page_info)
