"""What the customer is told by e-mail: ready, rejected, expired. In the language of the order."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plugins.pickup import selectors
from plugins.pickup.models import Pickup


def tell_ready(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `pickup.ready`."""
    _send(payload["pickup_id"], "ready")


def tell_rejected(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `pickup.rejected`."""
    _send(payload["pickup_id"], "rejected")


def tell_expired(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `pickup.expired`."""
    _send(payload["pickup_id"], "expired")


def _send(pickup_id: str, event: str) -> None:
    pickup = selectors.with_details(Pickup.objects.filter(pk=pickup_id)).get()
    if not pickup.order.email:
        return
    # Templates print times in the active zone: the store's, where the customer will stand.
    with translation.override(pickup.order.language), timezone.override(pickup.store.zone()):
        context = {
            "pickup": pickup,
            "order": pickup.order,
            "store": pickup.store,
            "code": selectors.hand_over_code(pickup),
            "lines": list(pickup.lines.all()),
            "pickup_by": pickup.pickup_by,
            "shop_url": settings.PUBLIC_URL,
        }
        message = EmailMultiAlternatives(
            subject=_subject(event, pickup.order.number),
            body=render_to_string(f"pickup/{event}.txt", context),
            to=[pickup.order.email],
        )
        message.attach_alternative(render_to_string(f"pickup/{event}.html", context), "text/html")
        message.send()


def _subject(event: str, number: str) -> str:
    subjects = {
        "ready": _("Order %(number)s is ready to collect"),
        "rejected": _("Order %(number)s cannot be prepared"),
        "expired": _("Order %(number)s was not collected"),
    }
    return subjects[event] % {"number": number}
