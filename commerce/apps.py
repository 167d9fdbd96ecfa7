from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.translation import gettext_lazy as _

from commerce import addresses


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
    """What the settings say of cores must be addresses, and of keys keys."""
    found: list[CheckMessage] = []
    for name, urls in (
        ("SALEOR_API_URL", [settings.SALEOR_API_URL]),
        ("SALEOR_ALLOWED_CORES", settings.SALEOR_ALLOWED_CORES),
    ):
        for url in filter(None, urls):
            try:
                addresses.normalised(url)
            except ValueError as error:
                hint = "For instance https://shop.example.com/graphql/"
                found.append(Error(f"{name}: {error}", hint=hint, id="commerce.E001"))
    if settings.SALEOR_APP_TOKEN and not settings.SALEOR_API_URL:
        found.append(Error("SALEOR_APP_TOKEN is set without SALEOR_API_URL.", id="commerce.E002"))
    for key in settings.CORE_TOKEN_KEYS:
        try:
            Fernet(key)
        except ValueError:
            hint = "Make one with cryptography.fernet.Fernet.generate_key()."
            found.append(Error("CORE_TOKEN_KEYS holds something that is no Fernet key.", hint=hint, id="commerce.E003"))
    return found
