"""From months of the commitment to bills: a first part by the day, and the same days' rest after the last month."""

import calendar
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from plugins.bundles.rounding import ratio_of


@dataclass(frozen=True, slots=True)
class Cycle:
    """The billing cycle that service starts in: `days` of the `length` days of its period are served."""

    start: dt.date
    period_start: dt.date
    period_end: dt.date  # the first day of the next one

    @property
    def days(self) -> int:
        return (self.period_end - self.start).days

    @property
    def length(self) -> int:
        return (self.period_end - self.period_start).days

    @property
    def whole(self) -> bool:
        """Service starts on the first day of a period: nothing is prorated."""
        return self.days == self.length


def cycle_of(start: dt.date, cycle_day: int) -> Cycle:
    """The period around `start`. A cycle day of 29 to 31 is the last day of a month that has none."""
    if not 1 <= cycle_day <= 31:
        raise ValueError("A cycle day is a day of the month.")
    own = _cycle_date(start.year, start.month, cycle_day)
    if own <= start:
        return Cycle(start, own, _cycle_date(*_month_after(start.year, start.month), cycle_day))
    year, month = (start.year, start.month - 1) if start.month > 1 else (start.year - 1, 12)
    return Cycle(start, _cycle_date(year, month, cycle_day), own)


def on_bills(months: Sequence[int], cycle: Cycle, *, prorated: bool, in_advance: bool) -> tuple[int, ...]:
    """What each bill holds of a price whose `months` are given: the bills sum to the months, to the cent.

    Periods are those of the cycle. What is prorated is charged by the day: the first period holds the first month's
    days, each further one the rest of a month and the first days of the next. In advance, the first bill holds the
    first period and the one after. What is not prorated comes once with each whole period's bill.
    """
    if cycle.whole:
        return tuple(months)
    if not prorated:
        return tuple(months) if in_advance else (0, *months)
    firsts = [ratio_of(units, cycle.days, cycle.length) for units in months]
    rests = [units - first for units, first in zip(months, firsts, strict=True)]
    periods = [first + rest for first, rest in zip([*firsts, 0], [0, *rests], strict=True)]
    return (periods[0] + periods[1], *periods[2:]) if in_advance and months else tuple(periods)


def bill_date(cycle: Cycle, *, in_advance: bool) -> dt.date:
    """When the first bill is drawn up: in advance on the first day of a period, else after the last day of one."""
    return cycle.start if in_advance and cycle.whole else cycle.period_end


def _cycle_date(year: int, month: int, day: int) -> dt.date:
    return dt.date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _month_after(year: int, month: int) -> tuple[int, int]:
    return (year, month + 1) if month < 12 else (year + 1, 1)
