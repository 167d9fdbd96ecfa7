"""The kinds of call to the core: what may be repeated by itself, what may not, and pages of a connection."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from commerce.errors import CoreUnavailable
from commerce.transport import attempt, forbid_transaction

T = TypeVar("T")


def read(call: Callable[[], T]) -> Any:
    return attempt(call, repeatable=True)


def repeat(call: Callable[[], T]) -> Any:
    """A write whose second call changes nothing."""
    return attempt(call, repeatable=True)


def write(call: Callable[[], T]) -> Any:
    return attempt(call, repeatable=False)


def present(value: Any, what: str) -> Any:
    if value is None:
        raise CoreUnavailable(f"The core answered without errors but also without the {what}.")
    return value


def pages(load: Callable[..., Any]) -> Iterator[Any]:
    """Nodes of a connection, page by page; `load` takes `after` but for the first page."""
    for connection in connections(load):
        yield from (edge.node for edge in connection.edges)


def always() -> bool:
    return True


def connections(load: Callable[..., Any], after: str = "", go_on: Callable[[], bool] = always) -> Iterator[Any]:
    """The pages of a connection from a cursor on, until `go_on` says no: then one page more, and nothing is read ahead
    in vain.

    While the caller works on one page, a thread reads the next: a long copy takes half the time.
    """
    connection = read(partial(load, after=after) if after else load)
    with ThreadPoolExecutor(1, "core-pages") as ahead:
        while connection is not None:
            info, coming = connection.page_info, None
            if info.has_next_page and go_on():
                if not info.end_cursor:
                    raise CoreUnavailable("The core says that there is more, but not from where on.")
                # The thread has no transaction of its own that would be noticed there.
                forbid_transaction()
                coming = ahead.submit(read, partial(load, after=info.end_cursor))
            yield connection
            connection = coming.result() if coming else None
