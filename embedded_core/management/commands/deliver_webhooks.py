from typing import Any

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand

from embedded_core import webhooks
from embedded_core.models import WebhookDelivery


class Command(BaseCommand):
    """Sends the webhooks that are due, once; the server does the same all the time."""

    help = "Deliver the webhooks that are due now."

    def handle(self, *args: Any, **options: Any) -> None:
        with httpx.Client(timeout=settings.WEBHOOK_TIMEOUT_SECONDS) as client:
            while webhooks.deliver_due(client):
                continue
        left = WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING).count()
        self.stdout.write(f"{left} deliveries wait for another attempt." if left else "Everything is delivered.")
