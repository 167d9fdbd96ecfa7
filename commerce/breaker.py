"""A circuit breaker: a core that keeps failing is left alone for a moment instead of being waited for by everybody."""

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
