from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from embedded_core.graphql.schema import sdl


class Command(BaseCommand):
    """Writes the schema to `embedded_core/schema.graphql`, from which the suite's client is generated."""

    help = "Write the GraphQL schema to embedded_core/schema.graphql (or only check it)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail when the file differs, write nothing")
        parser.add_argument("--stdout", dest="printed", action="store_true", help="print the schema, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "schema.graphql"
        text = sdl()
        if options["printed"]:
            self.stdout.write(text, ending="")
            return
        if options["check"]:
            if not path.exists() or path.read_text() != text:
                raise CommandError("embedded_core/schema.graphql is not up to date: run export_schema.")
            return
        path.write_text(text)
        self.stdout.write("embedded_core/schema.graphql is written.")
