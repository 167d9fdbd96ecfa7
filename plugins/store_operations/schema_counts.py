"""GraphQL of stock counts. Resolvers translate; the rules are in the services."""

import datetime as dt
from typing import Annotated, Any

import strawberry

from inventory import count_selectors, models, replenishment
from inventory.count_variance import Result
from inventory.counts import Told
from kernel.api import ApiErrorType, Connection, Info, caller, connection, language, mutation
from kernel.devices import register_of
from plugins.catalogue.selectors import category_names
from plugins.staff.permissions import STOCK_AUTHORISE, STOCK_COUNT
from plugins.store_operations import counting
from plugins.store_operations.acts import Performed
from plugins.store_operations.schema_adjustments import StoreRoom
from plugins.store_operations.types import device_of

StockCountType = models.StockCount.Type
StockCountScope = models.StockCount.Scope
StockCountState = models.StockCount.State
StockCountPartState = models.CountPart.State
for _enum, _name in (
    (StockCountType, "StockCountType"),
    (StockCountScope, "StockCountScope"),
    (StockCountState, "StockCountState"),
    (StockCountPartState, "StockCountPartState"),
):
    strawberry.enum(_enum, name=_name)


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class StockCountPart:
    id: strawberry.ID
    room_id: strawberry.ID
    room: str = strawberry.field(description="The room's name; empty when it is called by its kind.")
    room_kind: str
    category: str = strawberry.field(description="Empty: all of the room.")
    state: StockCountPartState
    round: int = strawberry.field(description="1, and one more for each recount.")
    lines: int
    counted: int

    @classmethod
    def of(cls, part: models.CountPart) -> "StockCountPart":
        progress = count_selectors.progress([part])
        return cls(
            id=strawberry.ID(str(part.pk)),
            room_id=strawberry.ID(part.room_id),
            room=part.room.name,
            room_kind=part.room.kind,
            category=part.category,
            state=StockCountPartState(part.state),
            round=part.round,
            lines=progress.lines,
            counted=progress.counted,
        )


@strawberry.type
class StockCount:
    id: strawberry.ID
    type: StockCountType
    name: str
    blind: bool
    state: StockCountState
    opened_at: dt.datetime
    planned_for: dt.date | None
    lines: int
    counted: int
    parts: list[StockCountPart]

    @classmethod
    def of(cls, count: models.StockCount) -> "StockCount":
        parts = list(count.parts.all())
        progress = count_selectors.progress(parts)
        return cls(
            id=strawberry.ID(count.pk),
            type=StockCountType(count.type),
            name=count.name,
            blind=count.blind,
            state=StockCountState(count.state),
            opened_at=count.opened_at,
            planned_for=count.planned_for,
            lines=progress.lines,
            counted=progress.counted,
            parts=[StockCountPart.of(part) for part in parts],
        )


@strawberry.type
class StockCountLine:
    id: strawberry.ID
    sku: str
    tracking: str = strawberry.field(description="NONE: by quantity; else each piece is scanned.")
    counted: int | None = strawberry.field(description="By all devices in this round; null before.")
    expected: int | None = strawberry.field(description="By the books when it was counted; null in a blind count.")
    scanned: list[str] = strawberry.field(description="The numbers scanned in this round.")


@strawberry.type(description="A line that differs from the books, for whoever authorises.")
class StockCountVariance:
    line_id: strawberry.ID
    part_id: strawberry.ID
    room: str
    room_kind: str
    sku: str
    counted: int
    expected: int
    variance: int
    within_tolerance: bool
    disturbed: bool = strawberry.field(description="Goods moved while it was counted: count it again.")
    missing: list[str] = strawberry.field(description="Numbers that the books have here and nobody scanned.")
    found: list[str] = strawberry.field(description="Numbers scanned here that the books have not here.")
    elsewhere: list[str] = strawberry.field(description="Of these what needs a decision: with others by the books.")

    @classmethod
    def of(cls, result: Result) -> "StockCountVariance":
        pieces = result.pieces
        found = [unit.identifier for unit in (*pieces.elsewhere_here, *pieces.found_again)]
        return cls(
            line_id=strawberry.ID(str(result.line.pk)),
            part_id=strawberry.ID(str(result.line.part_id)),
            room=result.room.name,
            room_kind=result.room.kind,
            sku=result.line.item_id,
            counted=result.line.counted or 0,
            expected=result.expected or 0,
            variance=result.variance,
            within_tolerance=result.within_tolerance,
            disturbed=result.disturbed,
            missing=[unit.identifier for unit in (*pieces.missing, *pieces.left)],
            found=[*found, *pieces.new],
            elsewhere=[unit.identifier for unit in pieces.contradictory],
        )


@strawberry.type
class StockCountCategory:
    path: str = strawberry.field(description="Slugs from the root down: what a count takes.")
    names: list[str] = strawberry.field(description="What it and those above it are called, from the root down.")
    skus: int = strawberry.field(description="Articles in it or below it of which the store has pieces.")


@strawberry.type(description="What of the store can be counted by itself.")
class StockCountScopes:
    rooms: list[StoreRoom]
    categories: list[StockCountCategory] = strawberry.field(description="Those that the store has, by their paths.")


@strawberry.type
class StockCountPayload:
    count: StockCount | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()


@strawberry.input
class StockCountOpenInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    name: str
    type: StockCountType = StockCountType.AD_HOC
    scope: StockCountScope = StockCountScope.ALL
    room_id: strawberry.ID | None = None
    category: str | None = None
    skus: list[str] | None = None
    blind: bool = True
    by_category: bool = False


@strawberry.input
class StockCountedInput:
    sku: str
    quantity: int = strawberry.field(default=0, description="Pieces; for what has serial numbers, give these.")
    serials: list[str] | None = None
    anew: bool = strawberry.field(
        default=False, description="Replaces what this device has told of the SKU in this round; else it is added."
    )


@strawberry.input
class StockCountRecordInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime = strawberry.field(description="When it was counted: later movements are respected.")
    count_id: strawberry.ID
    part_id: strawberry.ID
    round: int
    lines: list[StockCountedInput]


@strawberry.input
class StockCountCompleteInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    count_id: strawberry.ID
    part_id: strawberry.ID
    round: int
    rest_is_zero: bool = strawberry.field(default=False, description="What nobody counted is not there.")


@strawberry.input
class StockCountRecountInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    count_id: strawberry.ID
    line_ids: list[strawberry.ID]


@strawberry.input
class StockCountAuthoriseInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    count_id: strawberry.ID
    accepted_line_ids: list[strawberry.ID] = strawberry.field(description="Lines beyond the tolerance, looked at.")


@strawberry.input
class StockCountCancelInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    occurred_at: dt.datetime
    count_id: strawberry.ID


First = Annotated[int | None, strawberry.argument(description="At most 100.")]


def _store(info: Info, permission: str) -> str:
    return register_of(caller(info), permission)[1]


def _answer(info: Info, done: Performed) -> StockCountPayload:
    store_id = caller(info).store_id
    count = count_selectors.count_of(str(store_id), done.outcome["count"])
    return StockCountPayload(count=StockCount.of(count), replayed=done.replayed)


def number(text: str) -> int:
    """The id of a part or a line, 0 (which none has) for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@strawberry.type
class Query:
    @strawberry.field(description="The counts of the caller's store, the latest first. Needs stock.count.")
    def stock_counts(
        self, info: Info, closed: bool = False, first: First = 20, after: str | None = None
    ) -> Connection[StockCount]:
        store_id = _store(info, STOCK_COUNT)
        states = set(models.StockCount.State.values) - set(models.StockCount.OPEN) if closed else models.StockCount.OPEN
        found = count_selectors.counts_of(store_id, states=states, limit=500)
        return connection(found, first, after, node=StockCount.of)

    @strawberry.field(description="Rooms and categories that can be counted by themselves. Needs stock.count.")
    def stock_count_scopes(self, info: Info) -> StockCountScopes:
        store_id = _store(info, STOCK_COUNT)
        names = category_names(language(info))
        return StockCountScopes(
            rooms=[StoreRoom.of(room) for room in replenishment.rooms_of(store_id)],
            categories=[
                StockCountCategory(path=path, names=names.get(path) or path.split("/"), skus=skus)
                for path, skus in count_selectors.categories_of(store_id).items()
            ],
        )

    @strawberry.field(description="A count of the caller's store. Needs stock.count.")
    def stock_count(self, info: Info, id: strawberry.ID) -> StockCount:
        return StockCount.of(count_selectors.count_of(_store(info, STOCK_COUNT), str(id)))

    @strawberry.field(description="What is to be counted in a part; in a recount only that. Needs stock.count.")
    def stock_count_lines(
        self, info: Info, count_id: strawberry.ID, part_id: strawberry.ID, first: First = 100, after: str | None = None
    ) -> Connection[StockCountLine]:
        store_id = _store(info, STOCK_COUNT)
        count, lines = count_selectors.lines_of_part(store_id, str(count_id), number(str(part_id)))
        found = connection(lines, first, after, node=lambda line: line)
        rows = [edge.node for edge in found.edges]
        return _with_facts(found, count_selectors.facts(count, rows))

    @strawberry.field(description="What differs from the books, the worst first. Needs stock.authorise.")
    def stock_count_variances(
        self, info: Info, count_id: strawberry.ID, first: First = 100, after: str | None = None
    ) -> Connection[StockCountVariance]:
        count = count_selectors.count_of(_store(info, STOCK_AUTHORISE), str(count_id))
        return connection(count_selectors.variances(count), first, after, node=StockCountVariance.of)


def _with_facts(found: Any, facts: dict[int, count_selectors.LineFacts]) -> Any:
    for edge in found.edges:
        line = edge.node
        edge.node = StockCountLine(
            id=strawberry.ID(str(line.pk)),
            sku=line.item_id,
            tracking=line.item.tracking,
            counted=line.counted,
            expected=facts[line.pk].expected,
            scanned=facts[line.pk].scanned,
        )
    return found


@strawberry.type
class Mutation:
    @mutation(payload=StockCountPayload, description="Open a count. Needs stock.count.")
    def stock_count_open(self, info: Info, input: StockCountOpenInput) -> StockCountPayload:
        done = counting.open_count(
            device_of(info, input),
            type=input.type.value,
            name=input.name,
            scope=input.scope.value,
            room_id=str(input.room_id) if input.room_id else None,
            category=input.category or "",
            skus=input.skus or [],
            blind=input.blind,
            by_category=input.by_category,
        )
        return _answer(info, done)

    @mutation(payload=StockCountPayload, description="Add what was counted of some SKUs. Needs stock.count.")
    def stock_count_record(self, info: Info, input: StockCountRecordInput) -> StockCountPayload:
        done = counting.record(
            device_of(info, input),
            count_id=str(input.count_id),
            part_id=number(str(input.part_id)),
            round=input.round,
            lines=[Told(line.sku, line.quantity, tuple(line.serials or ()), line.anew) for line in input.lines],
        )
        return _answer(info, done)

    @mutation(payload=StockCountPayload, description="A part is counted. Needs stock.count.")
    def stock_count_complete(self, info: Info, input: StockCountCompleteInput) -> StockCountPayload:
        done = counting.complete(
            device_of(info, input),
            count_id=str(input.count_id),
            part_id=number(str(input.part_id)),
            round=input.round,
            rest_is_zero=input.rest_is_zero,
        )
        return _answer(info, done)

    @mutation(payload=StockCountPayload, description="Have lines counted again. Needs stock.authorise.")
    def stock_count_recount(self, info: Info, input: StockCountRecountInput) -> StockCountPayload:
        line_ids = [number(str(line_id)) for line_id in input.line_ids]
        return _answer(info, counting.recount(device_of(info, input), count_id=str(input.count_id), line_ids=line_ids))

    @mutation(payload=StockCountPayload, description="Post a count. Needs stock.authorise.")
    def stock_count_authorise(self, info: Info, input: StockCountAuthoriseInput) -> StockCountPayload:
        accepted = [number(str(line_id)) for line_id in input.accepted_line_ids]
        return _answer(
            info, counting.authorise(device_of(info, input), count_id=str(input.count_id), accepted=accepted)
        )

    @mutation(payload=StockCountPayload, description="Give a count up. Needs stock.authorise.")
    def stock_count_cancel(self, info: Info, input: StockCountCancelInput) -> StockCountPayload:
        return _answer(info, counting.cancel(device_of(info, input), count_id=str(input.count_id)))
