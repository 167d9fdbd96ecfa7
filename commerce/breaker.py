"""A circuit breaker: a core that keeps failing is left alone for a moment instead of being waited for by everybody.

One that asks to be left alone is, too, for as long as it says.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

FAILURES: Final = 10  # in a row
REST_SECONDS: Final = 2.0


class Breaker:
    """Closed: calls pass. Open: none does. After the rest one call at a time tries; its success closes the circuit.

    Thread-safe. `clock` gives seconds that never go back.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, told: Callable[[bool], None] = lambda _open: None
    ) -> None:
        """`told` hears when the circuit opens (True), and that it is closed."""
        self._clock = clock
        self._told = told
        self._lock = threading.Lock()
        self._failures = 0
        self._tries_at = 0.0
        self._rests_until: float | None = None

    def lets_pass(self) -> bool:
        """Whether a call may be made now; who is let pass must report `succeeded` or `failed`."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            now = self._clock()
            if now < self._tries_at:
                return False
            # This call is the one that tries. Should it never report, another may after a further rest.
            self._tries_at = now + REST_SECONDS
            return True

    def rest(self, seconds: float) -> None:
        """The core answered that it wants to be left alone so long. It works: this is no failure of it."""
        with self._lock:
            until = self._clock() + seconds
            self._rests_until = until if self._rests_until is None else max(until, self._rests_until)

    def rest_left(self) -> float:
        """For how many seconds more the core wants to be left alone; 0 when it may be called."""
        with self._lock:
            if self._rests_until is None:
                return 0.0
            left = self._rests_until - self._clock()
            if left <= 0:
                self._rests_until = None
            return max(left, 0.0)

    def succeeded(self) -> None:
        """The core has answered."""
        with self._lock:
            was_open, self._failures = self._failures >= FAILURES, 0
        if was_open:
            self._told(False)

    def failed(self) -> None:
        """The core has not answered, or only that it cannot."""
        with self._lock:
            self._failures += 1
            opens = self._failures == FAILURES
            if self._failures >= FAILURES:
                self._tries_at = self._clock() + REST_SECONDS
        if opens:
            self._told(True)
