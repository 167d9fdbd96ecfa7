"""`manage.py personal_data export|erase EMAIL`: what a person may ask for."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder

from kernel import personal_data
from kernel.database import translated_errors
from kernel.errors import ApiError


class Command(BaseCommand):
    """Prints JSON: the person's rows by model, or how many of them were deleted or blanked."""

    help = "Export or erase what this suite holds of the person with an e-mail address. Make sure who asks first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["export", "erase"])
        parser.add_argument("email")
        parser.add_argument("--actor", default="system", help="who does it, for the audit trail")

    def handle(self, *args: object, act: str, email: str, actor: str, **options: object) -> None:
        """Raises CommandError, and so exit code 1, when it is refused."""
        service = personal_data.export if act == "export" else personal_data.erase
        try:
            with translated_errors():
                done = service(email=email, actor=actor)
        except (personal_data.ErasureRefused, ValueError, ApiError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(json.dumps(done, indent=2, cls=DjangoJSONEncoder, ensure_ascii=False))
