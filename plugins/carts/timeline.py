"""The story of an order in words that a customer may read. Rows keep a code; words are made when they are read."""

from datetime import date
from typing import Any

from django.utils import formats
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
    "HELD": _("There is no line for you yet: your service works from %(day)s on. Nobody comes before."),
    "HELD_WITHOUT_DATE": _("There is no line for you at present and no date yet. Nobody comes before we write to you."),
    "DATE_MOVED": _("The work takes longer than planned: your service works from %(day)s on."),
    "HOLD_OVER": _("Your line is there: your service works from %(day)s on."),
    "GOODS_HANDED_OVER": _("The goods were handed over; the service at your address is still to come."),
    "RETURNED": _("You brought goods back: %(amount)s are given back."),
    "SERVICE_WORKS": _("The service at your address works."),
}


def tell(code: str, label: Any) -> None:
    """Make the words for a code known; `%(name)s` is filled from the event's params. Raises ValueError if taken."""
    if _LABELS.setdefault(code, label) != label:
        raise ValueError(f"The timeline already has other words for {code}.")


def add(*, order: Order, code: str, actor: str = "", **params: str) -> OrderEvent:
    """Add an event to an order's timeline. KeyError for a code without words."""
    made = event(order=order, code=code, actor=actor, **params)
    made.save()
    return made


def event(*, order: Order, code: str, actor: str = "", **params: str) -> OrderEvent:
    """The same not written yet."""
    _LABELS[code]
    return OrderEvent(order=order, at=clock.now(), code=code, actor=actor, params=params)


def label(event: OrderEvent) -> str:
    """What the event says, in the language active now."""
    words = str(_LABELS.get(event.code, event.code))
    return words % {**event.params, **_dates(event)} if event.params else words


def hold_label(day: date | None) -> str:
    """Why an order waits, in the language active now."""
    if day is None:
        return str(_LABELS["HELD_WITHOUT_DATE"])
    return str(_LABELS["HELD"]) % {"day": formats.date_format(day, "DATE_FORMAT")}


def _dates(event: OrderEvent) -> dict[str, str]:
    day = event.params.get("day")
    return {"day": formats.date_format(date.fromisoformat(day), "DATE_FORMAT")} if day else {}
