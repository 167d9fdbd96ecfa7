from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from embedded_core.services import catalogue_file, catalogue_load


class Command(BaseCommand):
    """Loads a catalogue file; loading it again changes only what differs."""

    help = "Load products, prices, warehouses and users from a JSON file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            data = catalogue_file.read(options["file"])
        except catalogue_file.CatalogueErrors as error:
            count = len(error.problems)
            lines = "\n".join(error.problems)
            raise CommandError(f"{lines}\n{count} problem(s) in {options['file']}; nothing was loaded.") from error
        done = catalogue_load.load(data)
        self.stdout.write(f"{done.created} rows are new and {done.changed} have changed.")
