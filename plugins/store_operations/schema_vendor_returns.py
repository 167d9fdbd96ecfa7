"""GraphQL of returns to vendors."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import strawberry

from inventory.models import VendorReturn
from kernel.api import ApiErrorType, Connection, Edge, Info, caller, language, mutation
from plugins.store_operations import vendor_returns
from plugins.store_operations.acts import Performed
from plugins.store_operations.pieces import article_names
from plugins.store_operations.types import device_of

strawberry.enum(VendorReturn.State, name="VendorReturnState")


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class VendorReturnLineType:
    sku: str
    name: str
    quantity: int
    serials: list[str]


@strawberry.type(name="VendorReturn")
class VendorReturnType:
    id: strawberry.ID
    number: str
    vendor: str
    authorisation: str | None = strawberry.field(description="The vendor's number (RMA).")
    note: str | None
    state: VendorReturn.State
    created_at: dt.datetime
    lines: list[VendorReturnLineType]

    @classmethod
    def of(cls, found: VendorReturn, names: Mapping[str, str]) -> "VendorReturnType":
        """The return, with its lines read, as clients see it."""
        return cls(
            id=strawberry.ID(str(found.pk)),
            number=found.number,
            vendor=found.vendor,
            authorisation=found.authorisation or None,
            note=found.note or None,
            state=VendorReturn.State(found.state),
            created_at=found.created_at,
            lines=[
                VendorReturnLineType(
                    sku=line.item_id,
                    name=names.get(line.item_id, line.item_id),
                    quantity=line.quantity,
                    serials=[unit.identifier for unit in line.units.all()],
                )
                for line in found.lines.all()
            ],
        )


@strawberry.input
class VendorReturnLineInput:
    sku: str
    quantity: int
    serials: list[str] = strawberry.field(default_factory=list)
    from_quarantine: bool = strawberry.field(description="False: from the sales floor.")


@strawberry.input
class VendorReturnPrepareInput:
    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID
    vendor: str
    authorisation: str | None = None
    note: str | None = None
    lines: list[VendorReturnLineInput]


@strawberry.input
class VendorReturnActInput:
    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID
    return_id: strawberry.ID


@strawberry.type
class VendorReturnPayload:
    vendor_return: VendorReturnType | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, done: Performed, info: Info) -> "VendorReturnPayload":
        """What became of the return."""
        found = vendor_returns.recorded(done)
        names = article_names([line.item_id for line in found.lines.all()], language(info))
        return cls(vendor_return=VendorReturnType.of(found, names), replayed=done.replayed)


@strawberry.type
class Query:
    @strawberry.field(description="Returns to vendors of the caller's store, the latest first. stock.return_vendor.")
    def stock_vendor_returns(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> Connection[VendorReturnType]:
        rows = vendor_returns.of_store(caller=caller(info), first=first, after=after)
        skus = {line.item_id for row in rows.rows for line in row.lines.all()}
        names = article_names(skus, language(info))
        edges = [
            Edge(cursor=cursor, node=VendorReturnType.of(row, names))
            for cursor, row in zip(rows.cursors, rows.rows, strict=True)
        ]
        return Connection(edges=edges, page_info=rows.page_info)


@strawberry.type
class Mutation:
    @mutation(payload=VendorReturnPayload, description="Set goods aside for their vendor. stock.return_vendor.")
    def stock_vendor_return_prepare(self, info: Info, input: VendorReturnPrepareInput) -> VendorReturnPayload:
        lines = [
            vendor_returns.ReturnedFrom(line.sku, line.quantity, tuple(line.serials), line.from_quarantine)
            for line in input.lines
        ]
        done = vendor_returns.prepare(
            device_of(info, input),
            vendor=input.vendor,
            authorisation=input.authorisation or "",
            note=input.note or "",
            lines=lines,
        )
        return VendorReturnPayload.of(done, info)

    @mutation(payload=VendorReturnPayload, description="The goods have gone to their vendor. stock.return_vendor.")
    def stock_vendor_return_ship(self, info: Info, input: VendorReturnActInput) -> VendorReturnPayload:
        done = vendor_returns.ship(device_of(info, input), return_id=str(input.return_id))
        return VendorReturnPayload.of(done, info)

    @mutation(payload=VendorReturnPayload, description="The goods stay in the store. stock.return_vendor.")
    def stock_vendor_return_cancel(self, info: Info, input: VendorReturnActInput) -> VendorReturnPayload:
        done = vendor_returns.cancel(device_of(info, input), return_id=str(input.return_id))
        return VendorReturnPayload.of(done, info)
