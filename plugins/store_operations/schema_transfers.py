"""GraphQL of transfers between stores."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import strawberry

from inventory.models import ReceiptDifference, Transfer, TransferLine
from inventory.schema import StoreType
from kernel.api import ApiErrorType, Connection, Edge, Info, caller, language, mutation
from plugins.store_operations import transfers
from plugins.store_operations.acts import Performed
from plugins.store_operations.pieces import article_names
from plugins.store_operations.schema_receiving import CountedInput, ReceiptDifferenceType
from plugins.store_operations.types import device_of

strawberry.enum(Transfer.State, name="TransferState")


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class StockTransferLine:
    sku: str
    name: str
    tracked: bool = strawberry.field(description="Whether each piece needs its serial.")
    requested: int
    approved: int
    shipped: int
    received: int
    damaged: int
    in_transit: int = strawberry.field(description="In neither store's books.")
    serials: list[str] = strawberry.field(description="In transit.")

    @classmethod
    def of(cls, line: TransferLine, names: Mapping[str, str]) -> "StockTransferLine":
        """The line as clients see it."""
        return cls(
            sku=line.item_id,
            name=names.get(line.item_id, line.item_id),
            tracked=line.item.tracked,
            requested=line.requested,
            approved=line.approved,
            shipped=line.shipped,
            received=line.received,
            damaged=line.damaged,
            in_transit=line.in_transit,
            serials=[row.unit.identifier for row in line.units.all() if row.ended_at is None],
        )


@strawberry.type
class StockTransfer:
    model: strawberry.Private[Transfer]
    id: strawberry.ID
    number: str
    state: Transfer.State
    origin: StoreType
    target: StoreType
    pushed: bool = strawberry.field(description="Sent without having been asked for.")
    note: str | None
    requested: int
    shipped: int
    in_transit: int = strawberry.field(description="Pieces in neither store's books.")
    created_at: dt.datetime
    shipped_at: dt.datetime | None

    @classmethod
    def of(cls, found: Any) -> "StockTransfer":
        """The transfer, with the sums of `transfers`, as clients see it."""
        return cls(
            model=found,
            id=strawberry.ID(str(found.pk)),
            number=found.number,
            state=Transfer.State(found.state),
            origin=StoreType.of(found.origin),
            target=StoreType.of(found.target),
            pushed=found.pushed,
            note=found.note or None,
            requested=found.requested,
            shipped=found.shipped,
            in_transit=found.shipped - found.ended,
            created_at=found.created_at,
            shipped_at=found.shipped_at,
        )

    @strawberry.field(description="Costs two queries and one for the names: ask for it of one transfer.")
    def lines(self, info: Info) -> list[StockTransferLine]:
        rows = transfers.lines_of(self.model)
        names = article_names([row.item_id for row in rows], language(info))
        return [StockTransferLine.of(row, names) for row in rows]

    @strawberry.field(description="Written down while it is received and when that is finished.")
    def differences(self, info: Info) -> list[ReceiptDifferenceType]:
        return ReceiptDifferenceType.all_of(transfers.differences_of(self.model), info)


@strawberry.input
class TransferLineInput:
    sku: str
    quantity: int


@strawberry.input
class TransferPiecesInput:
    sku: str
    quantity: int
    serials: list[str] = strawberry.field(default_factory=list)


@strawberry.input
class StockActInput:
    """What every act with stock tells."""

    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID = strawberry.field(description="The store that the caller is signed in at.")


@strawberry.input
class StockTransferRequestInput(StockActInput):
    other_store_id: strawberry.ID
    pushed: bool = strawberry.field(description="Whether the caller's store sends the goods of its own accord.")
    lines: list[TransferLineInput]
    note: str | None = None


@strawberry.input
class StockTransferInput(StockActInput):
    transfer_id: strawberry.ID


@strawberry.input
class StockTransferDecideInput(StockTransferInput):
    approve: bool
    lines: list[TransferLineInput] | None = strawberry.field(
        default=None, description="How much is approved, by SKU; all when null."
    )


@strawberry.input
class StockTransferShipInput(StockTransferInput):
    lines: list[TransferPiecesInput]


@strawberry.input
class StockTransferReceiveInput(StockTransferInput):
    lines: list[CountedInput]
    finish: bool = strawberry.field(description="Nothing more will come: what is missing is written down.")


@strawberry.input
class StockTransferSettleInput(StockTransferInput):
    difference_id: strawberry.ID
    settlement: ReceiptDifference.Settlement
    quantity: int | None = strawberry.field(default=None, description="Of a shortage; all of it when null.")


@strawberry.type
class StockTransferPayload:
    transfer: StockTransfer | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, done: Performed) -> "StockTransferPayload":
        """What became of the transfer."""
        return cls(transfer=StockTransfer.of(transfers.recorded(done)), replayed=done.replayed)


@strawberry.type
class Query:
    @strawberry.field(description="Transfers to or from the caller's store, the latest first. stock.transfer.")
    def stock_transfers(
        self, info: Info, incoming: bool, first: int | None = 50, after: str | None = None
    ) -> Connection[StockTransfer]:
        rows = transfers.of_store(caller=caller(info), incoming=incoming, first=first, after=after)
        edges = [
            Edge(cursor=cursor, node=StockTransfer.of(row)) for cursor, row in zip(rows.cursors, rows.rows, strict=True)
        ]
        return Connection(edges=edges, page_info=rows.page_info)

    @strawberry.field(description="A transfer to or from the caller's store. stock.transfer.")
    def stock_transfer(self, info: Info, id: strawberry.ID) -> StockTransfer:
        return StockTransfer.of(transfers.transfer(caller=caller(info), transfer_id=str(id)))


@strawberry.type
class Mutation:
    @mutation(payload=StockTransferPayload, description="Ask a store for goods, or send it some. stock.transfer.")
    def stock_transfer_request(self, info: Info, input: StockTransferRequestInput) -> StockTransferPayload:
        done = transfers.request(
            device_of(info, input),
            other_store_id=str(input.other_store_id),
            pushed=input.pushed,
            lines=[(line.sku, line.quantity) for line in input.lines],
            note=input.note or "",
        )
        return StockTransferPayload.of(done)

    @mutation(payload=StockTransferPayload, description="The sending store approves or rejects. stock.transfer.")
    def stock_transfer_decide(self, info: Info, input: StockTransferDecideInput) -> StockTransferPayload:
        quantities = None if input.lines is None else {line.sku: line.quantity for line in input.lines}
        done = transfers.decide(
            device_of(info, input),
            transfer_id=str(input.transfer_id),
            approve=input.approve,
            quantities=quantities,
        )
        return StockTransferPayload.of(done)

    @mutation(payload=StockTransferPayload, description="The sending store keeps the goods for it. stock.transfer.")
    def stock_transfer_pick(self, info: Info, input: StockTransferInput) -> StockTransferPayload:
        return StockTransferPayload.of(transfers.pick(device_of(info, input), transfer_id=str(input.transfer_id)))

    @mutation(payload=StockTransferPayload, description="The goods leave the sending store. stock.transfer.")
    def stock_transfer_ship(self, info: Info, input: StockTransferShipInput) -> StockTransferPayload:
        lines = [(line.sku, line.quantity, line.serials) for line in input.lines]
        return StockTransferPayload.of(
            transfers.ship(device_of(info, input), transfer_id=str(input.transfer_id), lines=lines)
        )

    @mutation(payload=StockTransferPayload, description="Either store calls it off before shipping. stock.transfer.")
    def stock_transfer_cancel(self, info: Info, input: StockTransferInput) -> StockTransferPayload:
        return StockTransferPayload.of(transfers.cancel(device_of(info, input), transfer_id=str(input.transfer_id)))

    @mutation(
        payload=StockTransferPayload,
        description="Book what was counted, in one of several receipts. More than sent beyond the tolerance takes "
        "stock.authorise. stock.transfer.",
    )
    def stock_transfer_receive(self, info: Info, input: StockTransferReceiveInput) -> StockTransferPayload:
        done = transfers.receive(
            device_of(info, input),
            transfer_id=str(input.transfer_id),
            lines=[line.counted() for line in input.lines],
            finish=input.finish,
        )
        return StockTransferPayload.of(done)

    @mutation(
        payload=StockTransferPayload,
        description="What became of a difference: what is short ARRIVED, NEVER_LEFT or is LOST, any other is "
        "ACCEPTED. stock.authorise.",
    )
    def stock_transfer_settle(self, info: Info, input: StockTransferSettleInput) -> StockTransferPayload:
        done = transfers.settle(
            device_of(info, input),
            transfer_id=str(input.transfer_id),
            difference_id=str(input.difference_id),
            settlement=input.settlement.value,
            quantity=input.quantity,
        )
        return StockTransferPayload.of(done)
