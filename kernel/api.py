"""What the capabilities' GraphQL schemas share. They only translate: this module helps them to."""

import decimal
import functools
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import MISSING, fields
from typing import Any, TypeVar

import strawberry
from django.db import transaction
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from kernel import metrics
from kernel.database import translated_errors
from kernel.errors import PERMISSION_DENIED, UNAUTHENTICATED, ApiError, Errors
from kernel.identity import Caller
from kernel.money import Money
from kernel.pages import Connection, Edge, Page, PageInfo, connection, page

__all__ = [
    "SCALARS",
    "ApiErrorType",
    "Connection",
    "Edge",
    "Info",
    "MoneyType",
    "Page",
    "PageInfo",
    "as_errors",
    "caller",
    "connection",
    "language",
    "mutation",
    "page",
]

Info = strawberry.Info[Any, Any]
Resolver = TypeVar("Resolver", bound=Callable[..., Any])

# The contract sends these to the top level, from mutations too.
_TOP_LEVEL = {UNAUTHENTICATED, PERMISSION_DENIED}


def _parse_decimal(value: object) -> decimal.Decimal:
    # A JSON number has been through a float on its way: only strings and whole numbers are exact.
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise GraphQLError("A Decimal must be sent as a string.")
    try:
        number = decimal.Decimal(value)
    except decimal.InvalidOperation:
        raise GraphQLError(f"{value!r} is not a Decimal number.") from None
    if not number.is_finite() or number.adjusted() > 15 or len(number.as_tuple().digits) > 30:
        raise GraphQLError(f"{value!r} is out of the range of a Decimal.")
    return number


# Give to StrawberryConfig as `scalar_map`: Decimal is a string in JSON, exact in both directions.
SCALARS: dict[object, ScalarDefinition] = {
    decimal.Decimal: strawberry.scalar(
        name="Decimal",
        description="An exact decimal number, as a string.",
        serialize=lambda value: format(value, "f"),
        parse_value=_parse_decimal,
    )
}


@strawberry.type(name="Money")
class MoneyType:
    """An amount of one currency."""

    amount: decimal.Decimal
    currency: str

    @classmethod
    def of(cls, money: Money) -> "MoneyType":
        return cls(amount=money.amount, currency=money.currency)


@strawberry.type(name="ApiError")
class ApiErrorType:
    """What the user or a business rule got wrong."""

    field: str | None = strawberry.field(
        description="Input path that caused it, dotted, for example `lines.0.quantity`."
    )
    message: str = strawberry.field(description="One sentence that a person can act on.")
    code: str = strawberry.field(description="Stable, upper-case, documented, for example INSUFFICIENT_STOCK.")

    @classmethod
    def of(cls, error: ApiError) -> "ApiErrorType":
        metrics.refused(error.code)
        return cls(field=error.field, message=error.message, code=error.code)


def caller(info: Info) -> Caller:
    """Who is calling."""
    return info.context.caller


def language(info: Info) -> str:
    """The language of the request: "en", "zh-hans"."""
    return info.context.language


def as_errors(exc: ApiError | Errors) -> list[ApiErrorType]:
    """The refusals as a payload's `errors`, in the language of the request."""
    found = exc.errors if isinstance(exc, Errors) else [exc]
    return [ApiErrorType.of(error) for error in found]


def mutation(*, payload: type, atomic: bool = True, **options: Any) -> Callable[[Resolver], Any]:
    """Make a resolver a mutation that answers refusals in `payload.errors`, all other fields null.

    UNAUTHENTICATED and PERMISSION_DENIED go to the top level. The resolver runs in a transaction that a refusal
    rolls back; `atomic=False` for one that commits step by step (sagas, counted attempts). `options` go to
    strawberry.mutation.
    """

    def decorate(resolver: Resolver) -> Any:
        @functools.wraps(resolver)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            try:
                with translated_errors(), transaction.atomic() if atomic else nullcontext():
                    return resolver(*args, **kwargs)
            except (ApiError, Errors) as refusal:
                _raise_top_level(refusal)
                return _refused(payload, refusal)

        return strawberry.mutation(guarded, **options)

    return decorate


def _raise_top_level(refusal: ApiError | Errors) -> None:
    for error in refusal.errors if isinstance(refusal, Errors) else [refusal]:
        if error.code in _TOP_LEVEL:
            raise error


def _refused(payload: type, refusal: ApiError | Errors) -> Any:
    required = [
        field.name
        for field in fields(payload)
        if field.init and field.default is MISSING and field.default_factory is MISSING
    ]
    values: dict[str, Any] = dict.fromkeys(required)
    return payload(**values | {"errors": as_errors(refusal)})
