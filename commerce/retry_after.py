"""How long a core, or a proxy before it, asks to be left alone: `Retry-After` of a 429 or 503 (RFC 9110, 10.2.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from kernel import clock

# Who names a longer time is asked again after this one: a slip in a proxy's configuration must not silence the suite.
MOST: Final = timedelta(hours=1)


def asked_for(status: int, headers: Mapping[str, str]) -> timedelta | None:
    """The wait, from 0 to MOST; None where none is asked for, or not in a way that is understood.

    A date is taken by the reply's own `Date`, so that a clock that is wrong, here or there, does no harm.
    """
    if status not in {429, 503}:
        return None
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return timedelta(seconds=min(float(text), MOST.total_seconds()))
    until = _time(text)
    if until is None:
        return None
    wait = until - (_time(headers.get("Date", "")) or clock.now())
    return min(max(wait, timedelta(0)), MOST)


def _time(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
