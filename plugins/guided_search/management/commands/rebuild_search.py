import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import datetime
from typing import Never

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from plugins.guided_search import reports, services
from plugins.guided_search.models import IndexReport

POLL_SECONDS = 0.5


class Command(BaseCommand):
    """The button "Build anew" of the admin, for scripts."""

    help = "Have every server process build its search indexes anew; it goes on serving meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wait", action="store_true", help="show the progress, and return when all are done")
        parser.add_argument("--limit", type=float, default=600, help="seconds to wait at most (default: 600)")

    def handle(self, *args: object, wait: bool, limit: float, **options: object) -> None:
        since = services.request_rebuild(actor="system:rebuild_search")
        if not wait:
            self.stdout.write("Asked. The admin shows how far each process is.")
            return
        with _Bars() as bars:
            self._follow(since, time.monotonic() + limit, bars)
        self.stdout.write("All indexes are built anew.")

    def _follow(self, since: datetime, deadline: float, bars: "_Bars") -> None:
        """Return when all live processes have finished a build that began after `since`."""
        while True:
            rows = reports.living()
            if not rows:
                raise CommandError("No server process is alive. One that starts builds its index by itself.")
            waiting = [row for row in rows if row.built_at is None or row.built_at < since]
            bars.show(rows, waiting, since)
            if not waiting:
                return
            if time.monotonic() >= deadline:
                raise CommandError(f"Not built anew in time: {', '.join(map(str, waiting))}.")
            time.sleep(POLL_SECONDS)


class _Bars:
    """A progress bar for each index of each process."""

    def __init__(self) -> None:
        self._bars: dict[int, tqdm[Never]] = {}

    def __enter__(self) -> "_Bars":
        return self

    def __exit__(self, *_error: object) -> None:
        for bar in self._bars.values():
            bar.close()

    def show(self, rows: Iterable[IndexReport], waiting: Iterable[IndexReport], since: datetime) -> None:
        """Bring the bars up to the rows. A row that tells of an older build has not begun."""
        unfinished = {row.pk for row in waiting}
        for row in rows:
            bar = self._bars.get(row.pk)
            if bar is None:
                bar = self._bars[row.pk] = tqdm(desc=str(row), total=row.products, unit="", file=sys.stderr)
            if row.pk not in unfinished:
                bar.total = bar.n = row.products
            elif row.started_at >= since:
                bar.total, bar.n = row.total, row.read
            bar.refresh()
