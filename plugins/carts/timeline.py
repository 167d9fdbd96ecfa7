"""The story of an order in words that a customer may read. Rows keep a code; words are made when they are read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel import clock
from plugins.carts.models import Order, OrderEvent

# A later capability may add its own by `tell`.
_LABELS: dict[str, Any] = {
    "PLACED": _("We have your order."),
    "PAYMENT_AUTHORISED": _("Your card payment of %(amount)s is authorised."),
    "PAY_IN_STORE": _("You pay %(amount)s when you collect."),
    "PAID_IN_STORE": _("You paid %(amount)s in the store."),
    "PAYMENT_CAPTURED": _("Your card was charged %(amount)s."),
    "PAYMENT_VOIDED": _("Your card was not charged."),
    "PAYMENT_REFUNDED": _("Your payment of %(amount)s was given back."),
    "FULFILLED": _("Everything was handed over."),
    "ESIM_READY": _("Your eSIM is ready to be loaded."),
    "CANCELLED": _("The order was cancelled."),
}


def tell(code: str, label: Any) -> None:
    """Make the words for a code known; `%(name)s` is filled from the event's params. Raises ValueError if taken."""
    if _LABELS.setdefault(code, label) != label:
        raise ValueError(f"The timeline already has other words for {code}.")


def add(*, order: Order, code: str, actor: str = "", **params: str) -> OrderEvent:
    """Add an event to an order's timeline. KeyError for a code without words."""
    _LABELS[code]
    return OrderEvent.objects.create(order=order, at=clock.now(), code=code, actor=actor, params=params)


def label(event: OrderEvent) -> str:
    """What the event says, in the language active now."""
    words = str(_LABELS.get(event.code, event.code))
    return words % event.params if event.params else words
