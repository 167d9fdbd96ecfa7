"""The seal that the suite puts on a checkout before it completes it, for the order guard within the core."""

import logging
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from commerce import core as commerce
from commerce.errors import CoreRefused
from commerce.records import CheckoutDraft
from kernel import clock
from plugins.order_guard import seal

log = logging.getLogger(__name__)

# The core has no such checkout: it is an order already, and the reply that said so was lost.
_GONE: Final = "NOT_FOUND"


def check_secret() -> None:
    """Raises ImproperlyConfigured for a secret that is too short to seal with."""
    if 0 < len(settings.ORDER_GUARD_SECRET) < seal.LEAST_SECRET:
        raise ImproperlyConfigured(f"ORDER_GUARD_SECRET must have at least {seal.LEAST_SECRET} characters.")


def covered(checkout_id: str, draft: CheckoutDraft, *, warehouse_id: str | None) -> seal.SealedCheckout:
    """What the seal of this checkout covers: just what the guard finds in the core."""
    return seal.SealedCheckout(
        checkout=seal.bare(checkout_id),
        channel=draft.channel,
        lines=[seal.SealedLine(seal.bare(line.variant_id), line.quantity, line.price) for line in draft.lines],
        point=seal.bare(warehouse_id) if warehouse_id else "",
    )


def is_on() -> bool:
    """Whether checkouts are sealed: there is a secret."""
    return bool(settings.ORDER_GUARD_SECRET)


def write(checkout_id: str, draft: CheckoutDraft, *, warehouse_id: str | None) -> None:
    """Seal the checkout anew, where `is_on`. Idempotent. Raises CoreUnavailable.

    A core that takes no seal is still asked for the order: whether it goes without one is for the guard to say, and
    the order may be there already.
    """
    what = covered(checkout_id, draft, warehouse_id=warehouse_id)
    text = seal.make(settings.ORDER_GUARD_SECRET, what, now=clock.now().timestamp())
    try:
        commerce.core().update_private_metadata(checkout_id, {seal.KEY: text})
    except CoreRefused as refused:
        if refused.code != _GONE:
            log.warning("the core takes no seal on %s: %s %s", checkout_id, refused.code, refused.message)
