import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from kernel.errors import ApiError
from plugins.onboarding import services
from plugins.onboarding.models import SyncRun

# A core that is slow for a moment is waited for, as the workers do; one that is away is told of.
PATIENCE = 4


class Command(BaseCommand):
    """Copies the core's catalogue and stock as the admin's page does; goes on with a copy that broke off."""

    help = "Take over the core's catalogue and stock; --dry-run only tells what is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether only to look."""
        parser.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when problems keep it from copying, or when another kind of run is unfinished."""
        run = SyncRun.objects.filter(open=True).first()
        if run is not None and run.dry != options["dry_run"]:
            raise CommandError(f"Run {run.pk} is unfinished: wait for it, or cancel it in the admin.")
        if run is None:
            try:
                run = services.start(dry=options["dry_run"], actor="command")
            except ApiError as refused:
                raise CommandError(refused.message) from refused
        self._follow(run)
        run.refresh_from_db()
        for problem in run.problems.all():
            self.stderr.write(f"{problem.get_code_display()}: {problem.subject} {problem.detail}".rstrip())
        self.stdout.write(
            f"{run.get_state_display()}: {run.seen} products read, {run.changed} changed, "
            f"{run.removed} no longer sold, {run.stock_rows} rows of stock, {run.problem_count} problems."
        )

    def _follow(self, run: SyncRun) -> None:
        with tqdm(unit=" products") as bar:
            while run.unfinished:
                if not services.work():
                    time.sleep(1.0)
                run.refresh_from_db()
                bar.total = run.total or None
                bar.update(run.seen - bar.n)
                bar.set_postfix_str(run.last_error if run.failures else "")
                if run.failures >= PATIENCE and run.unfinished:
                    raise CommandError(f"{run.last_error} (the workers try again; or call this command again)")
