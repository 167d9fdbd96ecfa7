"""Answers kept in memory, to be given again as bytes while nothing that they depend on has changed.

What they depend on is part of the key, and said by the capabilities (kernel.reuse): so nothing here ever expires, it
is only no longer asked for. Both caches belong to one process and are bounded in bytes.
"""

import itertools
from collections.abc import Callable, Hashable
from typing import Any

import orjson

from kernel.reuse import Reuse
from kernel.sized_cache import SizedCache

# What an entry takes beside its bytes, about.
OVERHEAD = 400

objects: SizedCache[orjson.Fragment] = SizedCache(32 * 1024 * 1024)
answers: SizedCache[bytes] = SizedCache(64 * 1024 * 1024)

_selections = itertools.count()


def reusing(
    select: Callable[[Any, Any], dict[str, Any]],
    reuse: Reuse,
    fields: set[str],
    options: int,
) -> Callable[[Any, Any], Any]:
    """As `select`, which answers `fields` of objects, but the same object is answered once."""
    selection = next(_selections)
    more = [reuse.also[name] for name in sorted(fields - reuse.fields)]

    def complete(source: Any, run: Any) -> Any:
        key = key_of(source, run)
        if key is None:
            return select(source, run)
        held = objects.get(key)
        if held is None:
            content = orjson.dumps(select(source, run), option=options)
            held = orjson.Fragment(content)
            objects.put(key, held, len(content) + OVERHEAD)
        return held

    def key_of(source: Any, run: Any) -> Hashable | None:
        if source is None or (own := reuse.key(source)) is None:
            return None
        others = tuple(each(source) for each in more)
        return None if None in others else (selection, run.context.language, own, others)

    return complete


def forget() -> None:
    """Forget everything."""
    objects.clear()
    answers.clear()
