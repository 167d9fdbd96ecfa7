"""What all types share: scalars, money, metadata, connections, and the answer of a mutation."""

import base64
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

import graphene
from django.db import transaction
from django.db.models import Model, QuerySet
from graphql import GraphQLError
from graphql.language import ast

from embedded_core import ids
from embedded_core.errors import Refused
from embedded_core.requestor import Requestor
from embedded_core.services.metadata import PERMISSIONS
from embedded_core.services.pricing import Taxed

MAX_PAGE = 100
Info = graphene.ResolveInfo


class PositiveDecimal(graphene.Scalar):
    """A decimal number that is not negative, as a number or as text."""

    @staticmethod
    def serialize(value: Decimal) -> float:
        return float(value)

    @staticmethod
    def parse_value(value: Any) -> Decimal:
        try:
            # Through text: the float 19.99 is meant as 19.99 and not as its binary neighbour.
            number = Decimal(str(value))
        except InvalidOperation as error:
            raise GraphQLError(f"{value!r} is not a decimal number.") from error
        if not number.is_finite() or number < 0:
            raise GraphQLError(f"Value cannot be lower than 0 or not finite: {value!r}.")
        if number >= 10**9:
            raise GraphQLError(f"Value is too large: {value!r}.")
        return number

    @staticmethod
    def parse_literal(node: ast.ValueNode, _variables: dict[str, Any] | None = None) -> Decimal:
        if isinstance(node, ast.IntValueNode | ast.FloatValueNode | ast.StringValueNode):
            return PositiveDecimal.parse_value(node.value)
        raise GraphQLError("A decimal number is expected.")


class Node(graphene.Interface):
    id = graphene.ID(required=True)


class MetadataItem(graphene.ObjectType):
    key = graphene.String(required=True)
    value = graphene.String(required=True)


def _items(values: dict[str, str]) -> list[MetadataItem]:
    return [MetadataItem(key=key, value=value) for key, value in sorted(values.items())]


def type_of(instance: Model, info: Info) -> type[graphene.ObjectType]:
    """The GraphQL type of a row: it has the name of the row's class."""
    return info.schema.get_type(type(instance).__name__).graphene_type


class ObjectWithMetadata(graphene.Interface):
    metadata = graphene.List(graphene.NonNull(MetadataItem), required=True)
    private_metadata = graphene.List(graphene.NonNull(MetadataItem), required=True)

    @classmethod
    def resolve_type(cls, instance: Model, info: Info) -> type[graphene.ObjectType]:
        return type_of(instance, info)

    @staticmethod
    def resolve_metadata(root: Any, info: Info) -> list[MetadataItem]:
        return _items(root.metadata)

    @staticmethod
    def resolve_private_metadata(root: Any, info: Info) -> list[MetadataItem]:
        by(info).require(*PERMISSIONS[type(root)][1])
        return _items(root.private_metadata)


class HasId:
    """Resolves `id` to the global id of the row behind the object."""

    @staticmethod
    def resolve_id(root: Model, info: Info) -> str:
        return ids.global_id(root)


class Money(graphene.ObjectType):
    amount = graphene.Float(required=True)
    currency = graphene.String(required=True)


class TaxedMoney(graphene.ObjectType):
    net = graphene.Field(Money, required=True)
    gross = graphene.Field(Money, required=True)
    tax = graphene.Field(Money, required=True)


def money(amount: Decimal, currency: str) -> Money:
    return Money(amount=float(amount), currency=currency)


def taxed_money(value: Taxed) -> TaxedMoney:
    return TaxedMoney(
        net=money(value.net, value.currency),
        gross=money(value.gross, value.currency),
        tax=money(value.tax, value.currency),
    )


class CountryDisplay(graphene.ObjectType):
    code = graphene.String(required=True)


class PageInfo(graphene.ObjectType):
    has_next_page = graphene.Boolean(required=True)
    has_previous_page = graphene.Boolean(required=True)
    start_cursor = graphene.String()
    end_cursor = graphene.String()


def by(info: Info) -> Requestor:
    """Who sent the request."""
    return info.context.requestor


R = TypeVar("R", bound=Model)


def page(queryset: "QuerySet[R]", *, first: int | None, after: str | None) -> tuple[list[R], PageInfo]:
    """A page of rows in the order of their keys; asking for more than 100, or for no size, is an error."""
    if first is None:
        raise GraphQLError("You must provide a `first` or `last` value to properly paginate the connection.")
    if not 0 <= first <= MAX_PAGE:
        raise GraphQLError(f"Requesting {first} records exceeds the `first` limit of {MAX_PAGE} records.")
    rows = queryset.order_by("pk")
    if after:
        rows = rows.filter(pk__gt=_key_of_cursor(after, queryset))
    found = list(rows[: first + 1])
    kept = found[:first]
    info = PageInfo(
        has_next_page=len(found) > first,
        has_previous_page=bool(after),
        start_cursor=_cursor(kept[0]) if kept else None,
        end_cursor=_cursor(kept[-1]) if kept else None,
    )
    return kept, info


def _cursor(row: Model) -> str:
    return base64.b64encode(str(row.pk).encode()).decode()


def _key_of_cursor(cursor: str, queryset: "QuerySet[R]") -> Any:
    try:
        return queryset.model._meta.pk.to_python(base64.b64decode(cursor, validate=True).decode())
    except Exception as error:
        raise GraphQLError("Received cursor is invalid.") from error


def error_list(error_type: type[graphene.ObjectType], refusal: Refused) -> list[graphene.ObjectType]:
    """The problems of a refusal in a mutation's error type."""
    known = error_type._meta.fields
    place = "field" if "field" in known else "path"
    return [
        error_type(
            **{place: problem.field},
            message=problem.message,
            code=problem.code,
            **{name: value for name, value in problem.extra.items() if name in known},
        )
        for problem in refusal.problems
    ]


P = TypeVar("P")


def attempt(payload: type[P], error_type: type[graphene.ObjectType], work: Callable[[], dict[str, Any]]) -> P:
    """Do the work in one transaction and answer with the payload; a refusal undoes it and fills `errors`."""
    try:
        with transaction.atomic():
            return payload(errors=[], **work())
    except Refused as refusal:
        return payload(errors=error_list(error_type, refusal))


def plain(value: Any) -> Any:
    """An input as plain dicts, lists and texts: services know neither graphene's containers nor its enums."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(entry) for entry in value]
    return getattr(value, "value", value) if hasattr(value, "name") and hasattr(value, "value") else value


def required_list(kind: Any) -> graphene.List:
    """`[Kind!]!`"""
    return graphene.List(graphene.NonNull(kind), required=True)


def optional_list(kind: Any) -> graphene.List:
    """`[Kind!]`"""
    return graphene.List(graphene.NonNull(kind))
