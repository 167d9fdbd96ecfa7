"""How plans answer values: scalars and enums, lists and nulls, exactly as graphql-core does, or not at all."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)

Complete = Callable[[Any, Any], Any]


class UnsupportedError(Exception):
    """The document holds something that plans do not know; graphql-core executes it."""


class UnplannedError(Exception):
    """The answer is not plain: graphql-core must give it, or say what is wrong."""


@dataclass(frozen=True, slots=True)
class Completer:
    """Answers a field's values. `complete(value, run)` may be left out for values of exactly the type `passes` that
    meet the condition `within` as well, an expression of `value`; and must be for None where that `is_nullable`.
    `complete_all(values, run)` answers a list of them at once."""

    complete: Complete
    passes: type | None = None
    within: str = ""
    is_nullable: bool = False
    complete_all: Callable[[Any, Any], list[Any]] | None = None

    def __call__(self, value: Any, run: Any) -> Any:
        return None if value is None and self.is_nullable else self.complete(value, run)


def leaf(type_: GraphQLLeafType) -> Completer:
    """For values that may not be null."""
    if type_ is GraphQLString or type_ is GraphQLID:
        return Completer(_coerced(type_), str)
    if type_ is GraphQLBoolean:
        return Completer(_coerced(type_), bool)
    if type_ is GraphQLInt:
        return Completer(_int, int, within=f"{GRAPHQL_MIN_INT} <= value <= {GRAPHQL_MAX_INT}")
    if type_ is GraphQLFloat:
        return Completer(_float)
    if isinstance(type_, GraphQLEnumType):
        return Completer(_enum(type_))
    return Completer(_coerced(type_))


def nullable(inner: Completer) -> Completer:
    """For values that may be null as well."""
    return replace(inner, is_nullable=True)


def listed(item: Completer) -> Completer:
    """For lists. Another iterable than a list or tuple is left to graphql-core."""
    complete = item if item.is_nullable else item.complete
    passes = None if item.within else item.passes
    complete_all = None if item.is_nullable else item.complete_all

    def complete_list(value: Any, run: Any) -> Any:
        if value.__class__ is not list and value.__class__ is not tuple:
            raise UnplannedError("a list is expected")
        if complete_all:
            return complete_all(value, run)
        for each in value:
            if each.__class__ is not passes:
                return [complete(each, run) for each in value]
        return value

    return Completer(complete_list)


def _coerced(type_: GraphQLLeafType) -> Complete:
    coerce = type_.coerce_output_value
    # The types of values that were seen: a program has few.
    values: set[type] = set()

    def complete(value: Any, _run: Any) -> Any:
        if value.__class__ not in values:
            values.add(_type_of_value(value))
        result = coerce(value)
        if result is None or result is Undefined:
            raise UnplannedError(f"{type_.name} has no value")
        return result

    return complete


def _type_of_value(value: Any) -> type:
    """Its type; raises for what stands for something else, or for nothing."""
    if value is None or isinstance(value, Exception) or hasattr(type(value), "__await__"):
        raise UnplannedError(f"{type(value).__name__} is no value")
    return type(value)


def _int(value: Any, run: Any) -> int:
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return value
    return int(_coerced_int(value, run))


def _float(value: Any, run: Any) -> float:
    if type(value) is float and math.isfinite(value):
        return value
    result = _coerced_float(value, run)
    # Other libraries' kinds of float are not known to the JSON encoder.
    return float(result) if isinstance(result, float) else result


def _enum(type_: GraphQLEnumType) -> Complete:
    coerced = _coerced(type_)
    names: dict[Any, Any] = {}

    def complete(value: Any, run: Any) -> Any:
        name = names.get(value)
        if name is None:
            name = coerced(value, run)
            # Members alone are kept: they are few, and equal to nothing else.
            if isinstance(value, getattr(type_, "wrapped_cls", ())):
                names[value] = name
        return name

    return complete


_coerced_int = _coerced(GraphQLInt)
_coerced_float = _coerced(GraphQLFloat)
