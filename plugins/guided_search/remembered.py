"""Matches of texts that were just asked: who narrows, sorts or turns a page asks for the same text again.

An index never changes, so what a text matches in it stays true as long as the synonyms are the same.
"""

from collections import OrderedDict
from threading import Lock
from typing import Generic, Protocol, TypeVar

from plugins.guided_search.postings import Rows
from plugins.guided_search.words import Synonyms


class Found(Protocol):
    """What is remembered: it takes memory by its rows."""

    @property
    def rows(self) -> Rows: ...


F = TypeVar("F", bound=Found)
Key = tuple[str, bool, bool, bool]

# Rows that all remembered matches have together; one takes sixteen bytes.
ROWS_KEPT = 1_000_000
# A match of nothing takes room too.
ROWS_AT_LEAST = 1000


class Remembered(Generic[F]):
    """The matches last asked for, by what was asked."""

    def __init__(self) -> None:
        self._found: OrderedDict[Key, tuple[Synonyms | None, F]] = OrderedDict()
        self._rows = 0
        self._lock = Lock()

    def get(self, key: Key, synonyms: Synonyms | None) -> F | None:
        """What was found with these very synonyms; None when that is not known."""
        with self._lock:
            known = self._found.get(key)
            if known is None or known[0] is not synonyms:
                return None
            self._found.move_to_end(key)
            return known[1]

    def put(self, key: Key, synonyms: Synonyms | None, found: F) -> None:
        """Remember it, and forget what was not asked for longest."""
        with self._lock:
            before = self._found.pop(key, None)
            self._rows -= _room(before[1]) if before else 0
            self._found[key] = synonyms, found
            self._rows += _room(found)
            while self._rows > ROWS_KEPT:
                _key, (_synonyms, oldest) = self._found.popitem(last=False)
                self._rows -= _room(oldest)


def _room(found: Found) -> int:
    return max(len(found.rows), ROWS_AT_LEAST)
