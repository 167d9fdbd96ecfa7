"""Saleor's global ids: the type's name and the primary key in base64, such as `UHJvZHVjdDox` for `Product:1`."""

import base64
import binascii
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.db.models import Model, QuerySet

from embedded_core.errors import refuse

M = TypeVar("M", bound=Model)


class InvalidId(Exception):
    """The text is not the id of an object of the expected type."""


class OtherType(InvalidId):
    """The text is the id of an object of another type."""


def to_global(type_name: str, pk: object) -> str:
    """The global id of the object with this primary key."""
    return base64.b64encode(f"{type_name}:{pk}".encode()).decode()


def global_id(instance: Model) -> str:
    """The global id of a row."""
    return to_global(type(instance).__name__, instance.pk)


def parse(text: str) -> tuple[str, str]:
    """The type's name and the key of a global id; raises InvalidId."""
    try:
        type_name, separator, key = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, ValueError) as error:
        raise InvalidId(f"Invalid ID: {text}.") from error
    if not separator or not key:
        raise InvalidId(f"Invalid ID: {text}.")
    return type_name, key


def key_of(text: str, model: type[Model]) -> Any:
    """The primary key in a global id of this model; raises InvalidId for anything else."""
    type_name, key = parse(text)
    if type_name != model.__name__:
        raise OtherType(f"Invalid ID: {text}. Expected: {model.__name__}, received: {type_name}.")
    try:
        return UUID(key) if isinstance(model._meta.pk, models.UUIDField) else int(key)
    except ValueError as error:
        raise InvalidId(f"Invalid ID: {text}. Expected: {model.__name__}.") from error


def find(text: str, queryset: "QuerySet[M]") -> M | None:
    """The row with this global id, or None when there is none; raises InvalidId."""
    return queryset.filter(pk=key_of(text, queryset.model)).first()


def get(text: str | None, queryset: "QuerySet[M]", field: str) -> M:
    """The row with this global id; refuses with GRAPHQL_ERROR or NOT_FOUND as Saleor's mutations do."""
    if not text:
        raise refuse("GRAPHQL_ERROR", f"Argument '{field}' is required.", field)
    try:
        row = find(text, queryset)
    except InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), field) from error
    if row is None:
        raise refuse("NOT_FOUND", f"Couldn't resolve to a node: {text}", field)
    return row


def get_all(texts: list[str], queryset: "QuerySet[M]", field: str) -> dict[str, M]:
    """The rows by their global ids in one query; refuses when one is missing or malformed."""
    try:
        keys = {text: key_of(text, queryset.model) for text in texts}
    except InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), field) from error
    rows = queryset.in_bulk(set(keys.values()))
    missing = [text for text, key in keys.items() if key not in rows]
    if missing:
        raise refuse("GRAPHQL_ERROR", f"Could not resolve to a node with the global id list of '{missing}'.", field)
    return {text: rows[key] for text, key in keys.items()}
