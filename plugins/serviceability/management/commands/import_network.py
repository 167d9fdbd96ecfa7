"""`manage.py import_network premises|nodes|footprints FILE`: CSV, XLSX or GeoJSON of any length."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from kernel.errors import ApiError
from plugins.serviceability import imports


class Command(BaseCommand):
    """Brings in the rows that are right, and lists the others; exit code 1 when there are some."""

    help = "Import premises, network nodes or footprints from CSV, XLSX or GeoJSON."

    def add_arguments(self, parser: CommandParser) -> None:
        """What the file holds, the file, and whether only to look."""
        parser.add_argument("kind", choices=sorted(imports.KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--actor", default="import", help="who is named as having done it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError for a file that cannot be read, and for one of which rows were rejected."""
        path: Path = options["file"]
        try:
            with path.open("rb") as file, tqdm(unit=" rows", unit_scale=True) as bar:
                outcome = imports.bring_in(
                    kind=options["kind"],
                    file=file,
                    name=path.name,
                    actor=options["actor"],
                    dry_run=options["dry_run"],
                    progress=lambda _doing, rows: _show(bar, rows),
                )
        except (OSError, ApiError) as refused:
            raise CommandError(refused.message if isinstance(refused, ApiError) else str(refused)) from refused
        for mistake in outcome.mistakes.found:
            self.stderr.write(f"row {mistake.row}, {mistake.column}: {mistake.message}")
        verb = "would be brought in" if options["dry_run"] else "brought in"
        self.stdout.write(f"{outcome.added} {verb}, {outcome.skipped} as before, {len(outcome.mistakes)} mistakes.")
        if outcome.mistakes:
            raise CommandError(f"{len(outcome.mistakes)} mistakes: those rows were left out.")


def _show(bar: "tqdm[Any]", rows: int) -> None:
    bar.update(rows)
