from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from embedded_core import webhooks
from embedded_core.models import App
from embedded_core.requestor import PERMISSIONS, hash_app_token

SHORTEST_TOKEN = 20


class Command(BaseCommand):
    """Installs an App: its token (only a digest is kept), its permissions, and where its webhooks go."""

    help = "Install or update an App with the token in a file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--token-file", required=True, type=Path)
        parser.add_argument("--webhook-url", default="", help="where webhooks go; without it the app gets none")
        parser.add_argument("--permission", action="append", choices=PERMISSIONS, help="default: all of them")
        parser.add_argument("--event", action="append", choices=webhooks.EVENTS, help="default: all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = options["token_file"].read_text().strip()
        except OSError as error:
            raise CommandError(f"The token file cannot be read: {error}") from error
        if len(token) < SHORTEST_TOKEN or "." in token:
            raise CommandError(f"The token must have at least {SHORTEST_TOKEN} characters and no dot.")
        values = {
            "token_hash": hash_app_token(token),
            "permissions": sorted(options["permission"] or PERMISSIONS),
            "webhook_url": options["webhook_url"],
            "events": list(options["event"] or webhooks.EVENTS),
            "is_active": True,
        }
        try:
            _, created = App.objects.update_or_create(name=options["name"], defaults=values)
        except IntegrityError as error:
            raise CommandError("Another app has this token already.") from error
        self.stdout.write(f"The app {options['name']} is {'installed' if created else 'up to date'}.")
