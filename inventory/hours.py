"""Opening hours: weekly spans with dated exceptions, read in the store's own time zone. Pure.

A span that closes at or before it opens ends on the next day ("18:00-02:00"; "00:00-00:00" is open around the clock).
Local times are read by their first occurrence: in the hour repeated in autumn the earlier one counts, and a time
inside the gap of spring falls as long after the gap's start as it would have.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = range(1, 8)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Local opening and closing time of one day."""

    opens: time
    closes: time

    def ends_next_day(self) -> bool:
        """Whether the closing time belongs to the following day."""
        return self.closes <= self.opens


@dataclass(frozen=True, slots=True)
class Schedule:
    """Weekly hours (1 is Monday) and the dates on which others hold; no span means closed."""

    weekly: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The local spans that begin on `day`."""
        if day in self.exceptions:
            return self.exceptions[day]
        return self.weekly.get(day.isoweekday(), ())


def parse_schedule(hours: Sequence[Mapping[str, Any]], exceptions: Sequence[Mapping[str, Any]]) -> Schedule:
    """Read `[{weekday, opens, closes}]` and `[{date, opens, closes}]`; raises ValueError with a sentence."""
    weekly: dict[int, list[Span]] = {}
    for row in hours:
        weekday = row.get("weekday")
        if not isinstance(weekday, int) or weekday not in WEEKDAYS:
            raise ValueError(f"Weekday must be 1 (Monday) to 7 (Sunday), not {weekday!r}.")
        weekly.setdefault(weekday, []).extend(_row_spans(row))
    dated: dict[date, list[Span]] = {}
    for row in exceptions:
        dated.setdefault(_parse_date(row.get("date")), []).extend(_row_spans(row))
    return Schedule(
        weekly={day: _in_order(spans) for day, spans in weekly.items()},
        exceptions={day: _in_order(spans) for day, spans in dated.items()},
    )


def intervals(schedule: Schedule, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The openings that begin on the local `day`, as UTC start and end, in order."""
    found = []
    for span in schedule.spans(day):
        last_day = day + timedelta(days=1) if span.ends_next_day() else day
        start, end = _utc(day, span.opens, zone), _utc(last_day, span.closes, zone)
        if start < end:
            found.append((start, end))
    return found


def is_open(schedule: Schedule, at: datetime, zone: ZoneInfo) -> bool:
    """Whether the aware moment `at` lies in an opening, counting the one begun the evening before."""
    today = at.astimezone(zone).date()
    return any(
        start <= at < end for day in (today - timedelta(days=1), today) for start, end in intervals(schedule, day, zone)
    )


def parse_spans(text: str) -> tuple[Span, ...]:
    """Read what a person types: "10:00-21:00", "9:00-12:30, 14:00-18:00", "closed" or nothing."""
    if text.strip().lower() in {"", "closed"}:
        return ()
    spans = []
    for part in text.split(","):
        opens, dash, closes = (piece.strip() for piece in part.replace("–", "-").partition("-"))
        if not dash:
            raise ValueError(f"Hours must look like 10:00-21:00, not {part.strip()!r}.")
        spans.append(Span(_parse_time(opens), _parse_time(closes)))
    return _in_order(spans)


def format_spans(spans: Iterable[Span]) -> str:
    """The inverse of `parse_spans`; "closed" when there is none."""
    return ", ".join(f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in spans) or "closed"


def _row_spans(row: Mapping[str, Any]) -> list[Span]:
    opens, closes = row.get("opens"), row.get("closes")
    if opens is None and closes is None:
        return []
    if opens is None or closes is None:
        raise ValueError("Hours need both an opening and a closing time, or neither.")
    return [Span(_parse_time(opens), _parse_time(closes))]


def _parse_time(text: str) -> time:
    padded = text.zfill(5) if isinstance(text, str) else ""
    if not _TIME.fullmatch(padded):
        raise ValueError(f"A time must look like 09:30, not {text!r}.")
    return time.fromisoformat(padded)


def _parse_date(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"A date must look like 2026-12-25, not {value!r}.") from None


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    ordered = tuple(sorted(spans))
    for earlier, later in pairwise(ordered):
        if earlier.ends_next_day() or earlier.closes > later.opens:
            raise ValueError(f"Hours overlap: {format_spans((earlier, later))}.")
    return ordered


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
