"""GraphQL of receiving deliveries."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import strawberry

from inventory.models import NoticeLine, ReceiptDifference, ShippingNotice
from inventory.services import Counted, Numbers
from kernel.api import ApiErrorType, Connection, Edge, Info, caller, language, mutation
from plugins.store_operations import deliveries
from plugins.store_operations.pieces import article_names
from plugins.store_operations.types import device_of

strawberry.enum(ShippingNotice.State, name="DeliveryState")
strawberry.enum(ReceiptDifference.Kind, name="ReceiptDifferenceKind")
strawberry.enum(ReceiptDifference.Settlement, name="ReceiptDifferenceSettlement")


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class ReceiptDifferenceType:
    """Where what came differs from what was to come."""

    id: strawberry.ID
    kind: ReceiptDifference.Kind
    sku: str
    name: str
    quantity: int
    serial: str | None
    note: str | None
    settlement: ReceiptDifference.Settlement | None = strawberry.field(description="Null while it is open.")

    @classmethod
    def of(cls, row: ReceiptDifference, names: Mapping[str, str]) -> "ReceiptDifferenceType":
        """The difference as clients see it."""
        return cls(
            id=strawberry.ID(str(row.pk)),
            kind=ReceiptDifference.Kind(row.kind),
            sku=row.item_id,
            name=names.get(row.item_id, row.item_id),
            quantity=row.quantity,
            serial=row.unit.identifier if row.unit else None,
            note=row.note or None,
            settlement=ReceiptDifference.Settlement(row.settlement) if row.settlement else None,
        )

    @classmethod
    def all_of(cls, rows: Sequence[ReceiptDifference], info: Info) -> list["ReceiptDifferenceType"]:
        """The differences, their articles named in the caller's language. One query."""
        names = article_names([row.item_id for row in rows], language(info))
        return [cls.of(row, names) for row in rows]


@strawberry.type
class StockDeliveryLine:
    sku: str
    name: str
    tracked: bool = strawberry.field(description="Whether each piece needs its serial.")
    expected: int = strawberry.field(description="0 for what was not announced.")
    received: int
    damaged: int
    serials: list[str] = strawberry.field(description="Announced and not yet received; empty when not told.")

    @classmethod
    def of(cls, line: NoticeLine, names: Mapping[str, str]) -> "StockDeliveryLine":
        """The line as clients see it."""
        return cls(
            sku=line.item_id,
            name=names.get(line.item_id, line.item_id),
            tracked=line.item.tracked,
            expected=line.expected,
            received=line.received,
            damaged=line.damaged,
            serials=[told.unit.identifier for told in line.units.all() if told.received_at is None],
        )


@strawberry.type
class StockDelivery:
    """A delivery, announced by a shipping notice or not."""

    model: strawberry.Private[ShippingNotice]
    id: strawberry.ID
    number: str
    supplier: str = strawberry.field(description="Or the depot that sends it.")
    state: ShippingNotice.State
    expected_on: dt.date | None
    line_count: int
    expected: int = strawberry.field(description="Pieces announced.")
    arrived: int = strawberry.field(description="Pieces that have come, damaged ones too.")

    @classmethod
    def of(cls, notice: Any) -> "StockDelivery":
        """The delivery, with the sums of `deliveries`, as clients see it."""
        return cls(
            model=notice,
            id=strawberry.ID(str(notice.pk)),
            number=notice.number,
            supplier=notice.supplier,
            state=ShippingNotice.State(notice.state),
            expected_on=notice.expected_on,
            line_count=notice.lines_count,
            expected=notice.expected,
            arrived=notice.arrived_count,
        )

    @strawberry.field(description="Costs two queries and one for the names: ask for it of one delivery.")
    def lines(self, info: Info) -> list[StockDeliveryLine]:
        rows = deliveries.lines_of(self.model)
        names = article_names([row.item_id for row in rows], language(info))
        return [StockDeliveryLine.of(row, names) for row in rows]

    @strawberry.field(description="Written down while it is received and when it is closed.")
    def differences(self, info: Info) -> list[ReceiptDifferenceType]:
        return ReceiptDifferenceType.all_of(deliveries.differences_of(self.model), info)


@strawberry.input
class FurtherNumbersInput:
    serial: str = strawberry.field(description="Of the piece, as it was counted.")
    imei2: str | None = strawberry.field(default=None, description="Of its second SIM.")
    eid: str | None = strawberry.field(default=None, description="Of its eSIM chip: 32 digits.")
    serial_number: str | None = strawberry.field(default=None, description="The maker's.")

    def numbers(self) -> Numbers:
        """What the services take."""
        return Numbers(self.serial, self.imei2 or "", self.eid or "", self.serial_number or "")


@strawberry.input
class CountedInput:
    sku: str
    quantity: int = strawberry.field(default=0, description="Whole pieces.")
    serials: list[str] = strawberry.field(default_factory=list, description="One for each whole tracked piece.")
    damaged: int = strawberry.field(default=0, description="Damaged pieces: they go into quarantine.")
    damaged_serials: list[str] = strawberry.field(default_factory=list)
    note: str | None = strawberry.field(default=None, description="What is wrong with the damaged ones.")
    further: list[FurtherNumbersInput] = strawberry.field(
        default_factory=list, description="Other numbers that some of the pieces carry."
    )

    def counted(self) -> Counted:
        """What the services take."""
        further = [numbers.numbers() for numbers in self.further]
        return Counted(
            self.sku, self.quantity, self.serials, self.damaged, self.damaged_serials, self.note or "", further
        )


@strawberry.input
class StockDeliveryReceiveInput:
    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID
    delivery_id: strawberry.ID
    lines: list[CountedInput]
    finish: bool = strawberry.field(description="Nothing more will come: what differs is written down.")


@strawberry.input
class StockDeliveryUnannouncedInput:
    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID
    supplier: str
    number: str = strawberry.field(description="Of the delivery note; a supplier's number is received once.")
    lines: list[CountedInput]


@strawberry.type
class StockDeliveryPayload:
    delivery: StockDelivery | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class Query:
    @strawberry.field(description="Deliveries that the caller's store expects, the earliest first. stock.receive.")
    def stock_deliveries(
        self, info: Info, first: int | None = 50, after: str | None = None
    ) -> Connection[StockDelivery]:
        rows = deliveries.open_deliveries(caller=caller(info), first=first, after=after)
        edges = [
            Edge(cursor=cursor, node=StockDelivery.of(row)) for cursor, row in zip(rows.cursors, rows.rows, strict=True)
        ]
        return Connection(edges=edges, page_info=rows.page_info)

    @strawberry.field(description="A delivery of the caller's store. stock.receive.")
    def stock_delivery(self, info: Info, id: strawberry.ID) -> StockDelivery:
        return StockDelivery.of(deliveries.delivery(caller=caller(info), delivery_id=str(id)))


@strawberry.type
class Mutation:
    @mutation(
        payload=StockDeliveryPayload,
        description="Book what was counted of a delivery, in one of several receipts. More than expected beyond the "
        "tolerance takes stock.authorise. stock.receive.",
    )
    def stock_delivery_receive(self, info: Info, input: StockDeliveryReceiveInput) -> StockDeliveryPayload:
        done = deliveries.receive(
            device_of(info, input),
            delivery_id=str(input.delivery_id),
            lines=[line.counted() for line in input.lines],
            finish=input.finish,
        )
        return StockDeliveryPayload(delivery=StockDelivery.of(deliveries.recorded(done)), replayed=done.replayed)

    @mutation(payload=StockDeliveryPayload, description="Book a delivery that nobody announced. stock.receive.")
    def stock_delivery_receive_unannounced(
        self, info: Info, input: StockDeliveryUnannouncedInput
    ) -> StockDeliveryPayload:
        done = deliveries.receive_unannounced(
            device_of(info, input),
            supplier=input.supplier,
            number=input.number,
            lines=[line.counted() for line in input.lines],
        )
        return StockDeliveryPayload(delivery=StockDelivery.of(deliveries.recorded(done)), replayed=done.replayed)
