"""Work days of a country: weekends, holidays, and weekend days that are worked in exchange. Pure."""

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

MAX_DAYS = 400


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days crews work. `weekdays` are ISO weekdays (1 is Monday), `worked` days that are worked all the same."""

    timezone: str = "UTC"
    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[dt.date] = field(default_factory=frozenset)
    worked: frozenset[dt.date] = field(default_factory=frozenset)

    def today(self, now: dt.datetime) -> dt.date:
        """The local date of an aware moment."""
        return now.astimezone(ZoneInfo(self.timezone)).date()

    def is_workday(self, day: dt.date) -> bool:
        """Whether crews work on this day."""
        return day in self.worked or (day.isoweekday() in self.weekdays and day not in self.holidays)

    def after(self, day: dt.date, days: int) -> dt.date:
        """The day on which `days` work days after `day` have passed; `day` itself for none.

        Raises ValueError when a calendar has no work day within MAX_DAYS days.
        """
        reached = day
        for _day in range(MAX_DAYS):
            if days <= 0:
                return reached
            reached += dt.timedelta(days=1)
            days -= self.is_workday(reached)
        raise ValueError("The calendar has too few work days.")

    def on_or_after(self, day: dt.date) -> dt.date:
        """The first work day from `day` on."""
        return self.after(day - dt.timedelta(days=1), 1)
