"""How many clicks one caller may report in a minute. Kept in this process's memory, forgotten with the minute."""

import threading
from collections import Counter
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import ApiError
from plugins.search_log.errors import RATE_LIMITED

CLICKS_A_MINUTE: Final = 60
# More callers than this in a minute are refused too: the memory is bounded.
MAX_CALLERS: Final = 50_000

_lock = threading.Lock()
_counts: Counter[str] = Counter()
_minute = 0


def spend(caller: str) -> None:
    """Count one click of `caller`. Errors: RATE_LIMITED."""
    global _minute
    minute = int(clock.now().timestamp() // 60)
    with _lock:
        if minute != _minute:
            _counts.clear()
            _minute = minute
        if _counts[caller] >= CLICKS_A_MINUTE or (caller not in _counts and len(_counts) >= MAX_CALLERS):
            raise ApiError(RATE_LIMITED, _("Too many requests. Please wait a minute."))
        _counts[caller] += 1


def forget() -> None:
    """Start anew (tests)."""
    with _lock:
        _counts.clear()
