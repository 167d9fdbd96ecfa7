"""A cache in memory that is bounded by the size of what it holds."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SizedCache(Generic[Value]):
    """Keeps what was used last, up to `capacity` in the unit in which `put` is told sizes. Threads may share it."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.size = 0
        self._held: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        """What is kept under the key, None when nothing is."""
        with self._lock:
            found = self._held.get(key)
            if found is None:
                return None
            self._held.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep the value; what was not used for longest makes room. Larger than everything: not kept."""
        with self._lock:
            if old := self._held.pop(key, None):
                self.size -= old[1]
            if size > self.capacity:
                return
            self._held[key] = (value, size)
            self.size += size
            while self.size > self.capacity:
                _key, (_value, gone) = self._held.popitem(last=False)
                self.size -= gone

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()
            self.size = 0

    def __len__(self) -> int:
        return len(self._held)
