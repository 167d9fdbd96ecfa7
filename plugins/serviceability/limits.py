"""How many questions one caller may ask in a minute. Kept in this process's memory, forgotten with the minute."""

import threading
from collections import Counter
from typing import Final, Literal

from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import ApiError
from plugins.serviceability.errors import RATE_LIMITED

Kind = Literal["suggestion", "qualification", "waiting"]

# A fast typist in a shop with one address; the whole list of premises is not to be read off.
A_MINUTE: Final[dict[Kind, int]] = {"suggestion": 600, "qualification": 300, "waiting": 10}
# More callers than this in a minute are refused too: the memory is bounded.
MAX_CALLERS: Final = 50_000

_lock = threading.Lock()
_counts: Counter[tuple[Kind, str]] = Counter()
_minute = 0


def spend(kind: Kind, caller: str) -> None:
    """Count one question of `caller`. Errors: RATE_LIMITED."""
    global _minute
    minute = int(clock.now().timestamp() // 60)
    key = (kind, caller)
    with _lock:
        if minute != _minute:
            _counts.clear()
            _minute = minute
        if _counts[key] >= A_MINUTE[kind] or (key not in _counts and len(_counts) >= MAX_CALLERS):
            raise ApiError(RATE_LIMITED, _("Too many requests. Please wait a minute."))
        _counts[key] += 1


def forget() -> None:
    """Start anew (tests)."""
    with _lock:
        _counts.clear()
