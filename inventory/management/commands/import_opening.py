"""`manage.py import_opening FILE`: opening stock from a CSV or XLSX, however many rows."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from inventory import opening_import
from kernel.errors import ApiError


class Command(BaseCommand):
    """Prints every mistake and books nothing then; else books all rows and says how many."""

    help = "Import opening stock (columns store, sku, quantity, and serials of tracked SKUs) from a CSV or XLSX."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, and whether only to look."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--actor", default="import", help="who is named in the ledger")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, and so exit code 1, for a file with mistakes or none that can be read."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file, tqdm(unit=" rows", unit_scale=True) as bar:
                outcome = opening_import.bring_in(
                    file=file,
                    name=path.name,
                    actor=options["actor"],
                    dry_run=options["dry_run"],
                    max_rows=None,
                    progress=lambda doing, rows: _show(bar, doing, rows),
                )
        except (OSError, ApiError) as refused:
            raise CommandError(refused.message if isinstance(refused, ApiError) else str(refused)) from refused
        for mistake in outcome.mistakes.found:
            self.stderr.write(f"row {mistake.row}, {mistake.column}: {mistake.message}")
        if outcome.mistakes:
            raise CommandError(f"{len(outcome.mistakes)} mistakes: nothing is imported.")
        verb = "would be opened" if options["dry_run"] else "opened"
        self.stdout.write(f"{outcome.added} balances {verb}, {outcome.skipped} were open already.")


def _show(bar: "tqdm[Any]", doing: str, rows: int) -> None:
    bar.set_description(doing)
    bar.update(rows)
