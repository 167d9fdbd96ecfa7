"""Opening hours out of free text such as `Mon: 10-9:30; Thurs: 9:30-10; Sun: 11-7`.

The sources write twelve-hour times without a.m. or p.m.: a shop opens in the morning and closes after noon.
"""

import re

DAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
_ENTRY = re.compile(r"^\s*([A-Za-z]+)\.?\s*:\s*(.+?)\s*$")
_SPAN = re.compile(r"^(\d{1,2})(?::(\d{2}))?\s*(am|pm)?\s*[-–]\s*(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$", re.IGNORECASE)


def parse(text: str) -> list[dict[str, object]]:
    """The week as `{weekday, opens, closes}` with local times `HH:MM`; a day that is not named is closed.

    Raises ValueError, saying which entry is not understood.
    """
    week: dict[int, dict[str, object]] = {day: {"weekday": day, "opens": None, "closes": None} for day in DAYS.values()}
    entries = [entry for entry in re.split(r"[;|]", text) if entry.strip()]
    if not entries:
        raise ValueError("no opening hours")
    for entry in entries:
        match = _ENTRY.match(entry)
        day = DAYS.get(match.group(1)[:3].lower()) if match else None
        if match is None or day is None:
            raise ValueError(f"opening hours not understood: {entry.strip()!r}")
        opens, closes = _span(match.group(2), entry)
        week[day] = {"weekday": day, "opens": opens, "closes": closes}
    return [week[day] for day in sorted(week)]


def _span(text: str, entry: str) -> tuple[str | None, str | None]:
    if text.lower() == "closed":
        return None, None
    match = _SPAN.match(text)
    if not match:
        raise ValueError(f"opening hours not understood: {entry.strip()!r}")
    opens = _minutes(match.group(1), match.group(2), match.group(3) or "am")
    closes = _minutes(match.group(4), match.group(5), match.group(6) or "pm")
    if opens >= 24 * 60 or closes > 24 * 60 or closes <= opens:
        raise ValueError(f"opening hours end before they begin: {entry.strip()!r}")
    return _clock(opens), _clock(closes)


def _minutes(hour: str, minute: str | None, half: str) -> int:
    value = int(hour)
    if value > 12:
        return value * 60 + int(minute or 0)
    value %= 12
    # 12 at night ends the day it belongs to.
    return (value + (12 if half.lower() == "pm" else 0)) * 60 + int(minute or 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
