"""Answers kept in memory, to be given again as bytes while nothing that they depend on has changed.

What they depend on is part of the key, and said by the capabilities (kernel.reuse): so nothing here ever expires, it
is only no longer asked for. All caches belong to one process and are bounded in bytes.
"""

import gzip
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
# The same, by gzip, of those that were asked for again: a page of 40 kB takes a few, on the way and to be sent.
packed: SizedCache[bytes] = SizedCache(16 * 1024 * 1024)
# Shorter ones fit into a packet or two as they are.
PACKED_FROM = 2000
_LEVEL = 6

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


def pack(key: Hashable, answer: bytes) -> bytes | None:
    """The answer that is kept under this key by gzip, packed once; None for one that is not worth it.

    Only what everybody is told is kept as answers, so that its length gives no secret away.
    """
    if len(answer) < PACKED_FROM:
        return None
    found = packed.get(key)
    if found is None:
        found = gzip.compress(answer, _LEVEL, mtime=0)
        packed.put(key, found, len(found) + OVERHEAD)
    return found


def forget() -> None:
    """Forget everything."""
    objects.clear()
    answers.clear()
    packed.clear()
