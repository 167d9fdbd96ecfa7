"""`manage.py prove_stock`: do the balances equal what they are made of?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inventory import proof
from inventory.models import Balance


class Command(BaseCommand):
    """Names each difference and ends with an error if there is one."""

    help = "Prove that balances equal the ledger, the reservations and the units; name each difference."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the outcome. Raises CommandError, and so exit code 1, when something does not add up."""
        found = proof.differences()
        for difference in found:
            self.stderr.write(str(difference))
        if found:
            raise CommandError(f"{len(found)} differences in the stock.")
        self.stdout.write(f"{Balance.objects.count()} balances proven.")
