"""What the source key of a movement stands for: each layer above says which documents are its own."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """A sale, an order or a delivery note as people call it, and the name and id of its screen in the admin."""

    title: str
    screen: str = ""
    pk: object = None


Find = Callable[[Collection[str]], Mapping[str, Document]]

_finders: dict[str, Find] = {}


def register(prefix: str, find: Find) -> None:
    """Let `find` say what the source keys that begin with `prefix` ("sale/") stand for.

    It gets what follows in each key up to the next slash, and answers those that it knows in one query.
    """
    _finders[prefix] = find


def of_all(source_keys: Collection[str]) -> dict[str, Document]:
    """The documents of movements by their source keys; those that nobody knows are left out. One query a prefix."""
    asked: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key in source_keys:
        prefix = next((prefix for prefix in _finders if key.startswith(prefix)), None)
        if prefix is not None:
            asked[prefix][key.removeprefix(prefix).split("/")[0]].append(key)
    return {
        key: document
        for prefix, keys in asked.items()
        for name, document in _finders[prefix](keys.keys()).items()
        for key in keys[name]
    }


def of(source_key: str) -> Document | None:
    """The document of a movement, None when nobody knows it."""
    return of_all([source_key]).get(source_key)
