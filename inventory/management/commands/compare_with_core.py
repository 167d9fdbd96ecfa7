"""`manage.py compare_with_core`: does the core have the quantities that it was told?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commerce.errors import CoreUnavailable
from inventory import core_edits


class Command(BaseCommand):
    """Books what can be booked; the rest is on the list of differences."""

    help = "Compare what the core has in each store with what it was told; differences are booked or listed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the outcome. Raises CommandError when the core cannot be read."""
        try:
            found = core_edits.compare_all()
        except CoreUnavailable as error:
            raise CommandError(f"The core cannot be read: {error}") from error
        self.stdout.write(f"{found.places} quantities compared, {found.differences} differ.")
