"""What the commands that import a spreadsheet share."""

from pathlib import Path
from typing import IO, Any, Protocol

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from kernel.errors import ApiError

from .spreadsheets import Mistakes, Progress


class Outcome(Protocol):
    """What an import did, or would do: rows that were new, those known before, and what is wrong."""

    added: int
    skipped: int
    mistakes: Mistakes


class ImportCommand(BaseCommand):
    """Prints every mistake and imports nothing then; else imports all rows and says how many.

    A command says what it imports (`things`), what is `done` with them and what is said of those `known` before, and
    has `bring_in(file=, name=, actor=, dry_run=, progress=)`.
    """

    things = done = known = ""

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--actor", default="import", help="who is named as having done it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, and so exit code 1, for a file with mistakes or none that can be read."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file, tqdm(unit=" rows", unit_scale=True) as bar:
                outcome = self._brought(file, path.name, options, lambda doing, rows: _show(bar, doing, rows))
        except (OSError, ApiError) as refused:
            raise CommandError(refused.message if isinstance(refused, ApiError) else str(refused)) from refused
        for mistake in outcome.mistakes.found:
            self.stderr.write(f"row {mistake.row}, {mistake.column}: {mistake.message}")
        if outcome.mistakes:
            raise CommandError(f"{len(outcome.mistakes)} mistakes: nothing is imported.")
        verb = f"would be {self.done}" if options["dry_run"] else self.done
        self.stdout.write(f"{outcome.added} {self.things} {verb}, {outcome.skipped} {self.known}.")

    def _brought(self, file: IO[bytes], name: str, options: dict[str, Any], progress: Progress) -> Outcome:
        found: Outcome = self.bring_in(  # type: ignore[attr-defined]
            file=file, name=name, actor=options["actor"], dry_run=options["dry_run"], progress=progress
        )
        return found


def _show(bar: "tqdm[Any]", doing: str, rows: int) -> None:
    bar.set_description(doing)
    bar.update(rows)
