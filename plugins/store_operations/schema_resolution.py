"""GraphQL of the resolution list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import strawberry

from inventory import contradictions, documents, history, settlements
from inventory.models import Balance, Contradiction
from inventory.models.ledger import MovementKind
from inventory.schema import StoreType
from kernel.api import ApiErrorType, Connection, Edge, Info, caller, language, mutation
from plugins.store_operations import lookup, resolving
from plugins.store_operations.acts import Performed
from plugins.store_operations.pieces import article_names
from plugins.store_operations.schema_lookup import StockUnit, UnitEvent
from plugins.store_operations.types import StockRoomType, device_of

HISTORY_SHOWN = 50

strawberry.enum(Contradiction.Type, name="StockContradictionType")
strawberry.enum(Contradiction.Settlement, name="StockSettlement")


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Names:
    """What articles, members of staff and documents are called, read together."""

    articles: dict[str, str]
    people: dict[str, str]
    documents: dict[str, documents.Document]

    @classmethod
    def of(cls, rows: Sequence[Contradiction], spoken: str) -> "_Names":
        """Of these rows. Two queries, and one for each kind of document."""
        actors = {row.movement.actor for row in rows} | {row.settled_by for row in rows}
        return cls(
            article_names({row.movement.item_id for row in rows}, spoken),
            lookup.actor_names(actors),
            documents.of_all([row.movement.source_key for row in rows]),
        )


@strawberry.type(description="What was booked although the books spoke against it.")
class StockContradiction:
    id: strawberry.ID
    type: Contradiction.Type
    sku: str
    name: str
    serial: str | None = strawberry.field(description="The number that it is about.")
    kind: MovementKind
    quantity: int = strawberry.field(description="Of the movement: positive into the store, negative out of it.")
    pieces: int = strawberry.field(description="Of these what was booked by quantity alone on this account.")
    room: StockRoomType | None = strawberry.field(description="Null: the sales floor.")
    message: str = strawberry.field(description="What spoke against it, as it was put down then.")
    document: str | None
    actor: str | None = strawberry.field(description="The name of the member of staff; null for a system.")
    occurred_at: dt.datetime
    settlement: Contradiction.Settlement | None = strawberry.field(description="Null while it is open.")
    settled_at: dt.datetime | None
    settled_by: str | None = strawberry.field(description="The name of the member of staff, where it was one.")
    settled_reason: str | None
    settled_with: list[str] = strawberry.field(description="The numbers named.")

    @classmethod
    def of(cls, row: Contradiction, names: _Names) -> "StockContradiction":
        """The row as clients see it."""
        movement = row.movement
        document = names.documents.get(movement.source_key)
        return cls(
            id=strawberry.ID(str(row.pk)),
            type=Contradiction.Type(row.type),
            sku=movement.item_id,
            name=names.articles.get(movement.item_id, movement.item_id),
            serial=row.serial or None,
            kind=MovementKind(movement.kind),
            quantity=movement.quantity,
            pieces=row.pieces,
            room=StockRoomType.of(movement.room) if movement.room else None,
            message=row.message,
            document=document.title if document else None,
            actor=names.people.get(movement.actor),
            occurred_at=movement.occurred_at,
            settlement=Contradiction.Settlement(row.settlement) if row.settlement else None,
            settled_at=row.settled_at,
            settled_by=names.people.get(row.settled_by),
            settled_reason=row.settled_reason or None,
            settled_with=list(row.settled_with),
        )


@strawberry.type(description="What the books of a store say of the article.")
class StockContradictionPlace:
    store: StoreType
    sku: str
    on_hand: int
    reserved: int
    unregistered: int = strawberry.field(description="Pieces known by quantity alone.")
    booked_here: bool = strawberry.field(description="Where it was booked; else where the books have the piece.")

    @classmethod
    def of(cls, balance: Balance, row: Contradiction) -> "StockContradictionPlace":
        """The balance as clients see it."""
        return cls(
            store=StoreType.of(balance.store),
            sku=balance.item_id,
            on_hand=balance.on_hand,
            reserved=balance.reserved,
            unregistered=balance.unregistered,
            booked_here=(balance.store_id, balance.item_id) == (row.movement.store_id, row.movement.item_id),
        )


@strawberry.type(description="A way to settle it that is open in the present state of the books.")
class StockSettlementProposal:
    settlement: Contradiction.Settlement
    numbers: int = strawberry.field(description="How many pieces are to be named; nought: none.")
    effect: list[str] = strawberry.field(
        description="What it will do, a sentence for each step; empty until the pieces are named."
    )

    @classmethod
    def all_of(cls, row: Contradiction) -> "list[StockSettlementProposal]":
        """Those that are open now, the safest first; none once it is settled."""
        naming = Contradiction.Settlement.NAME_UNITS
        open_ = {} if row.settled_at else settlements.proposals(row)
        return [
            cls(
                settlement=Contradiction.Settlement(way),
                numbers=contradictions.numbers_wanted(row) if way == naming else 0,
                effect=[] if way == naming else contradictions.effect(made),
            )
            for way, made in open_.items()
        ]


@strawberry.type(description="A contradiction with all that decides how it is settled.")
class StockContradictionCase:
    contradiction: StockContradiction
    unit: StockUnit | None
    history: list[UnitEvent] = strawberry.field(description="What moved the unit, the latest first; at most 50.")
    places: list[StockContradictionPlace]
    proposals: list[StockSettlementProposal] = strawberry.field(
        description="The ways that are open now, the safest first; none once it is settled."
    )


@strawberry.type
class StockContradictionPayload:
    contradiction: StockContradiction | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, done: Performed, info: Info) -> "StockContradictionPayload":
        """What became of it."""
        row = resolving.recorded(done, str(caller(info).store_id))
        shown = StockContradiction.of(row, _Names.of([row], language(info)))
        return cls(contradiction=shown, replayed=done.replayed)


@strawberry.input
class StockContradictionSettleInput:
    client_id: strawberry.ID
    occurred_at: dt.datetime
    store_id: strawberry.ID
    contradiction_id: strawberry.ID
    settlement: Contradiction.Settlement
    reason: str = strawberry.field(description="How the person knows.")
    serials: list[str] | None = strawberry.field(default=None, description="The right pieces, to name them.")


def _events(unit_id: int | None) -> list[UnitEvent]:
    if unit_id is None:
        return []
    links = history.unit_links(unit_id).order_by("-movement_id")[:HISTORY_SHOWN]
    events = [history.event(link) for link in links]
    people = lookup.actor_names({event.movement.actor for event in events})
    titles = documents.of_all([event.movement.source_key for event in events])
    return [UnitEvent.of(event, people, titles) for event in events]


@strawberry.type
class Query:
    @strawberry.field(
        description="What was booked in the caller's store against its books, the latest first. Needs stock.resolve."
    )
    def stock_contradictions(
        self, info: Info, settled: bool = False, first: int | None = 50, after: str | None = None
    ) -> Connection[StockContradiction]:
        rows = resolving.of_store(caller=caller(info), settled=settled, first=first, after=after)
        names = _Names.of(rows.rows, language(info))
        edges = [
            Edge(cursor=cursor, node=StockContradiction.of(row, names))
            for cursor, row in zip(rows.cursors, rows.rows, strict=True)
        ]
        return Connection(edges=edges, page_info=rows.page_info)

    @strawberry.field(
        description="One of the caller's store with its unit, both balances, and the ways to settle it. "
        "Needs stock.resolve."
    )
    def stock_contradiction(self, info: Info, id: strawberry.ID) -> StockContradictionCase:
        row = resolving.one(caller=caller(info), contradiction_id=str(id))
        unit = contradictions.unit_of(row)
        return StockContradictionCase(
            contradiction=StockContradiction.of(row, _Names.of([row], language(info))),
            unit=StockUnit.of(unit, row.movement.store_id) if unit else None,
            history=_events(row.unit_id),
            places=[StockContradictionPlace.of(balance, row) for balance in contradictions.balances(row, unit)],
            proposals=StockSettlementProposal.all_of(row),
        )

    @strawberry.field(
        description="What it will do to name these pieces as the right ones; nothing is changed. Needs stock.resolve."
    )
    def stock_naming_effect(self, info: Info, contradiction_id: strawberry.ID, serials: list[str]) -> list[str]:
        return resolving.effect_of_naming(caller=caller(info), contradiction_id=str(contradiction_id), serials=serials)


@strawberry.type
class Mutation:
    @mutation(
        payload=StockContradictionPayload,
        description="Settle a contradiction in one of the ways that it proposes, and book what follows. "
        "Needs stock.resolve.",
    )
    def stock_contradiction_settle(self, info: Info, input: StockContradictionSettleInput) -> StockContradictionPayload:
        done = resolving.settle(
            device_of(info, input),
            contradiction_id=str(input.contradiction_id),
            settlement=input.settlement.value,
            reason=input.reason,
            serials=input.serials or [],
        )
        return StockContradictionPayload.of(done, info)
