"""Arguments as resolvers get them: what Strawberry makes of coerced values, with the types looked up beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cache
from typing import Any

from strawberry.relay.types import GlobalID
from strawberry.scalars import is_scalar
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.base import (
    StrawberryList,
    StrawberryMaybe,
    StrawberryObjectDefinition,
    StrawberryOptional,
    has_object_definition,
)
from strawberry.types.enum import StrawberryEnumDefinition, has_enum_definition
from strawberry.types.unset import UNSET

from storefront_api.schema import Schema

# Makes the value that a resolver gets of one that graphql-core coerced; None: it is the value itself.
Convert = Callable[[Any], Any] | None


def converter(schema: Schema, arguments: list[StrawberryArgument]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Makes a resolver's keyword arguments."""
    names = schema.config.name_converter
    known = [(names.from_argument(each), each.python_name, _convert(schema, each.type)) for each in arguments]

    def convert(given: Mapping[str, Any]) -> dict[str, Any]:
        return {
            python_name: each(given[name]) if each else given[name]
            for name, python_name, each in known
            if name in given
        }

    return convert


def _convert(schema: Schema, type_: Any) -> Convert:
    if isinstance(type_, StrawberryOptional) and not isinstance(type_, StrawberryMaybe):
        return _convert(schema, type_.of_type)
    if type_ is not GlobalID and not isinstance(type_, StrawberryMaybe):
        if is_scalar(type_, schema.schema_converter.scalar_registry):
            return None
        if isinstance(type_, StrawberryEnumDefinition) or has_enum_definition(type_):
            return None
        if isinstance(type_, StrawberryList):
            return _list(_convert(schema, type_.of_type))
        if has_object_definition(type_) and _is_plain(type_.__strawberry_definition__):
            return _object(schema, type_, type_.__strawberry_definition__)
    registry, config = schema.schema_converter.scalar_registry, schema.config
    return lambda value: convert_argument(value, type_, registry, config)


def _is_plain(definition: StrawberryObjectDefinition) -> bool:
    return definition.is_input and definition.from_input is None and not definition.is_one_of


def _list(item: Convert) -> Callable[[Any], Any]:
    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        return [item(each) for each in value] if item else list(value)

    return convert


def _object(schema: Schema, made: Any, definition: StrawberryObjectDefinition) -> Callable[[Any], Any]:
    names = schema.config.name_converter
    missing = {
        field.python_name: None
        for field in definition.fields
        if field.default_value is MISSING and field.default_factory is MISSING
    }

    @cache
    def fields() -> list[tuple[str, str, Convert]]:
        # Types may hold themselves: they are looked at when the first value comes.
        return [
            (names.from_field(field), field.python_name, _convert(schema, field.resolve_type()))
            for field in definition.fields
        ]

    def convert(value: Any) -> Any:
        if value is None or value is UNSET:
            return value
        given = {
            python_name: each(value[name]) if each else value[name]
            for name, python_name, each in fields()
            if name in value
        }
        return made(**missing | given)

    return convert
