from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from kernel import sagas


class Command(BaseCommand):
    """The way out of STUCK for a person who has removed the cause."""

    help = "Let a saga that is STUCK be tried again; the sweep takes it up within seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", help='for example "cart.complete"')
        parser.add_argument("key", help="the saga's key, as the admin site shows it")

    def handle(self, *args: object, kind: str, key: str, **options: object) -> None:
        if not sagas.unstick(kind=kind, key=key):
            raise CommandError(f"No saga {kind} {key} is stuck.")
        self.stdout.write(f"{kind} {key} will be tried again.")
