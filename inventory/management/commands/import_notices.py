"""`manage.py import_notices FILE`: shipping notices from a CSV or XLSX."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inventory import notice_import
from kernel.errors import ApiError


class Command(BaseCommand):
    """Prints every mistake and records nothing then; else all notices, and says how many rows."""

    help = (
        "Import shipping notices (columns supplier, number, store, sku, quantity; expected_on, serials) from a CSV or "
        "XLSX."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--actor", default="import", help="who is named as having recorded them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, and so exit code 1, for a file with mistakes or none that can be read."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file, tqdm(unit=" rows", unit_scale=True) as bar:
                outcome = notice_import.bring_in(
                    file=file,
                    name=path.name,
                    actor=options["actor"],
                    dry_run=options["dry_run"],
                    progress=lambda doing, rows: _show(bar, doing, rows),
                )
        except (OSError, ApiError) as refused:
            raise CommandError(refused.message if isinstance(refused, ApiError) else str(refused)) from refused
        for mistake in outcome.mistakes.found:
            self.stderr.write(f"row {mistake.row}, {mistake.column}: {mistake.message}")
        if outcome.mistakes:
            raise CommandError(f"{len(outcome.mistakes)} mistakes: nothing is imported.")
        verb = "would be announced" if options["dry_run"] else "announced"
        self.stdout.write(f"{outcome.added} rows {verb}, {outcome.skipped} were announced already.")


def _show(bar: "tqdm[Any]", doing: str, rows: int) -> None:
    bar.set_description(doing)
    bar.update(rows)
