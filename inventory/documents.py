"""What the source key of a movement stands for: higher layers say which documents are theirs."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A sale, an order or a delivery note as people call it, and the name and id of its screen in the admin."""

    title: str
    screen: str = ""
    pk: object = None


Find = Callable[[str], Document | None]

_finders: dict[str, Find] = {}


def register(prefix: str, find: Find) -> None:
    """Let `find` say what the source keys that begin with `prefix` stand for; it gets the rest, without the SKU."""
    _finders[prefix] = find


def of(source_key: str) -> Document | None:
    """The document of a movement, None when nobody knows it."""
    for prefix, find in _finders.items():
        if source_key.startswith(prefix):
            return find(source_key.removeprefix(prefix).split("/")[0])
    return None
