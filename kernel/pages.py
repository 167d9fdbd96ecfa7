"""Connections: pages of a list behind opaque cursors."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, ApiError

Row = TypeVar("Row")
Node = TypeVar("Node")

MAX_OFFSET = 100_000


@strawberry.type
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[Node]):
    cursor: str
    node: Node


@strawberry.type
class Connection(Generic[Node]):
    """`Connection[Store]` is StoreConnection in the schema, with StoreEdge."""

    edges: list[Edge[Node]]
    page_info: PageInfo


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, the cursor of each, and what lies around them."""

    rows: list[Row]
    cursors: list[str]
    page_info: PageInfo


def page(
    items: Sequence[Row] | QuerySet[Any],
    first: int | None,
    after: str | None = None,
    max: int = 100,
    *,
    keyset: Sequence[str] | None = None,
) -> Page[Row]:
    """The `first` rows behind the cursor `after` (from the start when None; `max` rows when `first` is None).

    Without `keyset` a cursor is a position: right for lists that are computed whole or change little. `keyset` names
    the ordering of a queryset ("-created_at", "pk"), unique as a whole and without nulls: rows that come and go
    neither repeat nor hide others. Raises ApiError INVALID for `first` outside 0..max and for a cursor that was not
    given out.
    """
    count = max if first is None else first
    if not 0 <= count <= max:
        raise ApiError(INVALID, _("Ask for 0 to %(max)s entries."), field="first", params={"max": max})
    if keyset is not None:
        if not isinstance(items, QuerySet):
            raise TypeError("A keyset orders a queryset.")
        return _keyset_page(items, count, after, tuple(keyset))
    return _offset_page(items, count, after)


def connection(
    items: Sequence[Any] | QuerySet[Any],
    first: int | None,
    after: str | None = None,
    max: int = 100,
    *,
    node: Callable[[Any], Any] = lambda row: row,
    keyset: Sequence[str] | None = None,
) -> Connection[Any]:
    """`page` as a GraphQL connection; `node` translates a row to its type."""
    found: Page[Any] = page(items, first, after, max, keyset=keyset)
    edges = [Edge(cursor=cursor, node=node(row)) for cursor, row in zip(found.cursors, found.rows, strict=True)]
    return Connection(edges=edges, page_info=found.page_info)


def _offset_page(items: Sequence[Any] | QuerySet[Any], count: int, after: str | None) -> Page[Any]:
    start = 0 if after is None else _offset(after) + 1
    rows = list(items[start : start + count + 1])
    cursors = [_encode(["o", start + index]) for index in range(len(rows[:count]))]
    return _page(rows, cursors, count, after)


def _offset(cursor: str) -> int:
    value = _decode(cursor, "o", 1)[0]
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_OFFSET:
        raise _bad_cursor()
    return value


def _keyset_page(items: QuerySet[Any], count: int, after: str | None, keyset: tuple[str, ...]) -> Page[Any]:
    names = [name.removeprefix("-") for name in keyset]
    query = items.order_by(*keyset)
    if after is not None:
        try:
            query = query.filter(_behind(keyset, _decode(after, "k", len(keyset))))
            rows = list(query[: count + 1])
        except (ValueError, TypeError, ValidationError):
            raise _bad_cursor() from None
    else:
        rows = list(query[: count + 1])
    cursors = [_encode(["k", *(_value(row, name) for name in names)]) for row in rows[:count]]
    return _page(rows, cursors, count, after)


def _behind(keyset: tuple[str, ...], values: list[Any]) -> Q:
    """Rows after `values` in the order: equal up to some column, beyond in that one."""
    condition = Q(pk__in=[])
    equal = Q()
    for name, value in zip(keyset, values, strict=True):
        column = name.removeprefix("-")
        beyond = Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        condition |= equal & beyond
        equal &= Q(**{column: value})
    return condition


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _page(rows: list[Any], cursors: list[str], count: int, after: str | None) -> Page[Any]:
    info = PageInfo(
        has_next_page=len(rows) > count,
        has_previous_page=after is not None,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
    return Page(rows=rows[:count], cursors=cursors, page_info=info)


class _MicrosecondEncoder(DjangoJSONEncoder):
    """Django's encoder cuts times to milliseconds: a cursor would then repeat its own row."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _encode(value: list[Any]) -> str:
    text = json.dumps(value, cls=_MicrosecondEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, kind: str, length: int) -> list[Any]:
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise _bad_cursor() from None
    if not isinstance(value, list) or len(value) != length + 1 or value[0] != kind:
        raise _bad_cursor()
    return value[1:]


def _bad_cursor() -> ApiError:
    return ApiError(INVALID, _("This cursor does not belong to this list."), field="after")
