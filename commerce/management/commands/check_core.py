from typing import Any

from django.core.management.base import BaseCommand

from commerce import check
from commerce.check import Level


class Command(BaseCommand):
    """Looks at each point of the connection to the core. Exit code 1 when one fails, 0 otherwise."""

    help = "Verify the connection to the commerce core, point by point, each with its remedy."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints a line for each point."""
        styles = {Level.OK: self.style.SUCCESS, Level.WARN: self.style.WARNING, Level.FAIL: self.style.ERROR}
        worst = Level.OK
        counts = dict.fromkeys(Level, 0)
        for point in check.points():
            counts[point.level] += 1
            remedy = f"\n      -> {point.remedy}" if point.remedy else ""
            self.stdout.write(f"{styles[point.level](f'{point.level:<4}')}  {point.what}: {point.found}{remedy}")
            if point.level == Level.FAIL:
                worst = Level.FAIL
        self.stdout.write(", ".join(f"{count} {level}" for level, count in counts.items()))
        if worst == Level.FAIL:
            raise SystemExit(1)
