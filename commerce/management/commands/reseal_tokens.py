from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce import installations, secret_tokens


class Command(BaseCommand):
    """After a new key was put first: seals the tokens of cores anew, so that the old key can go."""

    help = "Seal the tokens of cores under the first key."

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError, and changes nothing, when a token cannot be opened."""
        try:
            count = installations.reseal()
        except secret_tokens.Unreadable as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} tokens are sealed under the first key.")
