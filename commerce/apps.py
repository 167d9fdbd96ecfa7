from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _


class CommerceConfig(AppConfig):
    name = "commerce"
    label = "commerce"
    verbose_name = _("Commerce core")

    def ready(self) -> None:
        from commerce import metrics as own_metrics
        from commerce.models import InboxEvent
        from kernel import metrics, personal_data

        register(check_core_address)
        metrics.at_scrape(own_metrics.inbox_waiting)
        personal_data.register(
            InboxEvent,
            ["payload"],
            find=personal_data.text_holds(InboxEvent, "payload"),
            erasure=personal_data.Erasure.BLANK,
            shown=["event", "received_at"],
            blocked=_not_handled,
            note="What the core sent with an event; handlers read the object anew and need no more than its id.",
        )


def _not_handled(event: Any) -> str | None:
    if event.state != event.State.WAITING:
        return None
    return f"Event {event.pk} of the core is not handled yet: wait a moment, or look why it waits."


def check_core_address(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[CheckMessage]:
    """A suite for customers needs a core, at an address that can be one."""
    url = settings.SALEOR_API_URL
    parts = urlsplit(url)
    if url and not (parts.scheme in {"http", "https"} and parts.netloc):
        hint = "For instance https://shop.example.com/graphql/"
        return [Error(f"SALEOR_API_URL is not an address: {url}", hint=hint, id="commerce.E001")]
    if not url and not settings.DEBUG:
        return [Error("SALEOR_API_URL must be set when DEBUG is off.", id="commerce.E002")]
    return []
