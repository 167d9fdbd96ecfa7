import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
import strawberry
from django.db import connection, transaction
from graphql import GraphQLError
from strawberry.schema.config import StrawberryConfig

from kernel import api
from kernel.errors import INVALID, TRY_AGAIN, UNAUTHENTICATED, ApiError, Errors
from kernel.identity import GUEST, Caller
from kernel.models import AuditEntry, OutboxMessage
from kernel.money import Money

pytestmark = pytest.mark.django_db(transaction=True)


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


@strawberry.type(name="Thing")
class ThingType:
    name: str


@strawberry.type
class ThingPayload:
    errors: list[api.ApiErrorType]
    thing: ThingType | None = None


@strawberry.type
class ThingSharePayload:
    thing: ThingType | None
    errors: list[api.ApiErrorType]


@strawberry.type
class Query:
    @strawberry.field
    def price(self) -> api.MoneyType:
        return api.MoneyType.of(Money(Decimal("1.10"), "USD"))

    @strawberry.field
    def echo(self, amount: Decimal) -> Decimal:
        return amount

    @strawberry.field
    def me(self, info: api.Info) -> str:
        return f"{api.caller(info).scope} {api.language(info)}"

    @strawberry.field
    def things(self, first: int = 20, after: str | None = None) -> api.Connection[ThingType]:
        return api.connection(["a", "b", "c"], first, after, node=ThingType)

    @strawberry.field
    def refused(self) -> str:
        raise ApiError(INVALID, "no", field="x")


FAILURES: dict[str, Exception] = {
    "one": ApiError("NO_THING", "Take another.", field="name"),
    "two": Errors([ApiError("A", "a"), ApiError("B", "b")]),
    "guest": ApiError(UNAUTHENTICATED, "Please sign in."),
}


@strawberry.type
class Mutation:
    @api.mutation(payload=ThingPayload)
    def thing_make(self, info: api.Info, name: str) -> ThingPayload:
        AuditEntry.objects.create(actor="a", action="b", subject=name)
        if name in FAILURES:
            raise FAILURES[name]
        return ThingPayload(thing=ThingType(name=name), errors=[])

    @api.mutation(payload=ThingSharePayload, atomic=False)
    def thing_count(self, name: str) -> ThingSharePayload:
        """Counts even when it refuses."""
        AuditEntry.objects.create(actor="a", action="b", subject=str(connection.in_atomic_block))
        raise FAILURES[name]

    @api.mutation(payload=ThingPayload)
    def thing_conflict(self) -> ThingPayload:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$")
        raise AssertionError


SCHEMA = strawberry.Schema(query=Query, mutation=Mutation, config=StrawberryConfig(scalar_map=api.SCALARS))


def execute(document: str, **variables: Any) -> Any:
    return SCHEMA.execute_sync(document, variable_values=variables, context_value=Context())


def test_types_are_named_as_the_contract_names_them() -> None:
    printed = SCHEMA.as_str()

    for part in (
        "scalar Decimal",
        "type Money {\n  amount: Decimal!\n  currency: String!\n}",
        "type ThingConnection {\n  edges: [ThingEdge!]!\n  pageInfo: PageInfo!\n}",
        "type ThingEdge {\n  cursor: String!\n  node: Thing!\n}",
        "type PageInfo {\n  hasNextPage: Boolean!\n  hasPreviousPage: Boolean!\n"
        "  startCursor: String\n  endCursor: String\n}",
        "thingMake(name: String!): ThingPayload!",
        "type ApiError {",
    ):
        assert part in printed


def test_money_leaves_as_strings() -> None:
    assert execute("{ price { amount currency } }").data == {"price": {"amount": "1.10", "currency": "USD"}}


@pytest.mark.parametrize(("sent", "echoed"), [("1.10", "1.10"), (3, "3"), ("1E+2", "100"), ("-0.5", "-0.5")])
def test_a_decimal_is_exact_both_ways(sent: Any, echoed: str) -> None:
    assert execute("query($a: Decimal!) { echo(amount: $a) }", a=sent).data == {"echo": echoed}


@pytest.mark.parametrize("sent", ["NaN", "Infinity", "1e400", "one", "", 0.1, True])
def test_what_is_no_exact_decimal_is_refused(sent: Any) -> None:
    result = execute("query($a: Decimal!) { echo(amount: $a) }", a=sent)

    assert result.data is None
    assert "Decimal" in result.errors[0].message
    # The caller's mistake, not a bug: nothing but GraphQL errors below.
    cause = result.errors[0].original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    assert cause is None


def test_a_decimal_literal_is_read_like_a_variable() -> None:
    assert execute('{ echo(amount: "2.50") }').data == {"echo": "2.50"}


def test_the_caller_and_the_language_are_known() -> None:
    assert execute("{ me }").data == {"me": "guest: en"}


def test_a_mutation_answers() -> None:
    result = execute('mutation { thingMake(name: "x") { thing { name } errors { code } } }')

    assert result.data == {"thingMake": {"thing": {"name": "x"}, "errors": []}}
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(("name", "codes"), [("one", ["NO_THING"]), ("two", ["A", "B"])])
def test_a_refusal_is_told_in_the_payload_and_rolls_back(name: str, codes: list[str]) -> None:
    result = execute(
        "mutation($n: String!) { thingMake(name: $n) { thing { name } errors { code field message } } }", n=name
    )

    assert result.errors is None
    assert result.data["thingMake"]["thing"] is None
    assert [error["code"] for error in result.data["thingMake"]["errors"]] == codes
    assert not AuditEntry.objects.exists()


def test_a_mutation_that_is_not_atomic_keeps_what_it_did() -> None:
    result = execute('mutation { thingCount(name: "one") { thing { name } errors { field message } } }')

    assert result.data == {"thingCount": {"thing": None, "errors": [{"field": "name", "message": "Take another."}]}}
    assert AuditEntry.objects.get().subject == "False"


def test_a_missing_sign_in_goes_to_the_top_level_and_rolls_back() -> None:
    result = execute('mutation { thingMake(name: "guest") { errors { code } } }')

    assert result.errors[0].extensions == {"code": UNAUTHENTICATED, "field": None}
    assert not AuditEntry.objects.exists()


def test_a_query_s_refusal_goes_to_the_top_level() -> None:
    assert execute("{ refused }").errors[0].extensions == {"code": INVALID, "field": "x"}


def test_a_conflict_in_the_database_is_told_as_try_again() -> None:
    result = execute("mutation { thingConflict { errors { code } } }")

    assert result.data == {"thingConflict": {"errors": [{"code": TRY_AGAIN}]}}


def walk(first: int, **options: Any) -> list[list[Any]]:
    pages, after = [], None
    for _page in range(20):
        found: api.Page[Any] = api.page(options["items"](), first, after, keyset=options.get("keyset"))
        pages.append(found.rows)
        assert found.page_info.has_previous_page is (after is not None)
        if not found.page_info.has_next_page:
            return pages
        after = found.page_info.end_cursor
    raise AssertionError("the list does not end")


@pytest.mark.parametrize(("first", "sizes"), [(1, [1, 1, 1, 1, 1]), (2, [2, 2, 1]), (5, [5]), (100, [5])])
def test_pages_of_a_list_cover_it_once(first: int, sizes: list[int]) -> None:
    pages = walk(first, items=lambda: list("abcde"))

    assert [len(rows) for rows in pages] == sizes
    assert [row for rows in pages for row in rows] == list("abcde")


def test_an_empty_page_has_no_cursors() -> None:
    found: api.Page[str] = api.page([], 10)

    assert (found.rows, found.page_info.start_cursor, found.page_info.has_next_page) == ([], None, False)


def make_rows() -> None:
    # Equal in the first column, and apart by microseconds: what a careless cursor loses.
    start = dt.datetime(2026, 3, 31, 12, 0, 0, 123456, tzinfo=dt.UTC)
    for number in range(7):
        OutboxMessage.objects.create(
            topic="t", aggregate=str(number), payload={}, created_at=start + dt.timedelta(microseconds=number // 2)
        )


@pytest.mark.parametrize("keyset", [["created_at", "pk"], ["-created_at", "-pk"], ["-created_at", "pk"]])
def test_pages_of_a_keyset_cover_it_once_in_order(keyset: list[str]) -> None:
    make_rows()

    pages = walk(2, items=OutboxMessage.objects.all, keyset=keyset)

    expected = list(OutboxMessage.objects.order_by(*keyset))
    assert [row for rows in pages for row in rows] == expected


def test_rows_that_appear_neither_hide_nor_repeat_others() -> None:
    make_rows()
    keyset = ["-created_at", "-pk"]
    before: api.Page[Any] = api.page(OutboxMessage.objects.all(), 3, keyset=keyset)

    OutboxMessage.objects.create(topic="t", aggregate="new", payload={})
    after: api.Page[Any] = api.page(OutboxMessage.objects.all(), 100, before.page_info.end_cursor, keyset=keyset)

    assert {row.aggregate for row in before.rows} | {row.aggregate for row in after.rows} == set("0123456")
    assert len(before.rows) + len(after.rows) == 7


@pytest.mark.parametrize("first", [-1, 101])
def test_too_many_or_too_few_are_refused(first: int) -> None:
    with pytest.raises(ApiError) as refused:
        api.page([], first)
    assert (refused.value.code, refused.value.field) == (INVALID, "first")
    assert "100" in refused.value.message


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "W10", "eyJhIjoxfQ", "WyJvIiwtMV0", "WyJvIiwidGV4dCJd", "WyJrIiwxLDJd"]
)
@pytest.mark.parametrize("keyset", [None, ["created_at", "pk"]])
def test_a_foreign_cursor_is_refused(cursor: str, keyset: list[str] | None) -> None:
    with pytest.raises(ApiError) as refused, transaction.atomic():
        api.page(OutboxMessage.objects.all(), 10, cursor, keyset=keyset)
    assert (refused.value.code, refused.value.field) == (INVALID, "after")
