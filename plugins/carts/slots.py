"""When an order can be collected: pure arithmetic on a store's opening hours. Times are aware UTC.

A store prepares orders while it is open, so the lead time runs in opening hours: an order placed at night with an
hour's lead is ready an hour after the doors open. A slot is offered when it begins at or after that moment.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Interval = tuple[datetime, datetime]
_STAMP = "%Y%m%dT%H%M"


@dataclass(frozen=True, slots=True)
class Slot:
    """A stretch of time in which a customer may come; `remaining` orders can still be taken."""

    start: datetime
    end: datetime
    remaining: int = 0


def ready_by(openings: Iterable[Interval], *, now: datetime, lead: timedelta) -> datetime | None:
    """When an order placed now is ready; None when the openings given do not last that long.

    `openings` are in order and do not overlap.
    """
    left = lead
    for start, end in openings:
        begin = max(start, now)
        if begin >= end:
            continue
        if begin + left <= end:
            return begin + left
        left -= end - begin
    return None


def slots(openings: Iterable[Interval], *, length: timedelta, not_before: datetime) -> list[Slot]:
    """Slots of that length from the start of each opening, those that begin before `not_before` left out.

    What is left at the end of an opening, shorter than a slot, is offered to nobody.
    """
    found = []
    for start, end in openings:
        begin = start
        while begin + length <= end:
            if begin >= not_before:
                found.append(Slot(begin, begin + length))
            begin += length
    return found


def with_remaining(found: Sequence[Slot], *, capacity: int, taken: Mapping[datetime, int]) -> list[Slot]:
    """The same slots with what is left of the capacity; `taken` counts orders by slot start."""
    return [Slot(slot.start, slot.end, max(capacity - taken.get(slot.start, 0), 0)) for slot in found]


def slot_id(store_id: str, start: datetime) -> str:
    """The opaque id of a store's slot."""
    return f"{store_id}~{start.astimezone(UTC):{_STAMP}}"


def parse_slot_id(text: str) -> tuple[str, datetime] | None:
    """Store id and start of a slot id; None for anything else."""
    store_id, tilde, stamp = text.rpartition("~")
    try:
        start = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return (store_id, start) if tilde and store_id else None
