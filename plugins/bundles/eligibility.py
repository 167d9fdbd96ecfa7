"""Who may have an offer or an option, where and when. Pure; who asks is known by the server and by nobody else."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import Message
from plugins.bundles.document import Eligibility


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Who asks, where and on which day, which ends at `day_ends` (UTC). Unknown is empty, and None for the age."""

    day: dt.date
    sales_channel: str = "WEB"
    store: str = ""
    region: str = ""
    city: str = ""
    segment: str = ""
    credit_class: str = ""
    age: int | None = None
    # Follows from the day and the place: two buyers alike have it alike.
    day_ends: dt.datetime | None = field(default=None, compare=False)


REASONS: Final[dict[str, Message]] = {
    "SALES_CHANNEL": _("It is not sold in this sales channel."),
    "STORE": _("It is not sold in this store."),
    "REGION": _("It is not sold in this region."),
    "CITY": _("It is not sold in this city."),
    "SEGMENT": _("It is for other customers."),
    "CREDIT_CLASS": _("It is not offered with this credit rating."),
    "AGE": _("It is for customers of another age."),
    "NOT_YET": _("It is not sold yet."),
    "ENDED": _("It is no longer sold."),
    "TERM": _("It is not offered with this commitment."),
    "NOT_SOLD": _("It is not sold at present."),
    "ADDRESS": _("It cannot be had at this address."),
    "ADDRESS_MISSING": _("It depends on the address: check the address first."),
}


def refusal(rule: Eligibility, buyer: Buyer) -> str | None:
    """The first demand that the buyer does not meet, one of REASONS; None when all are met."""
    named = (
        ("SALES_CHANNEL", rule.sales_channels, buyer.sales_channel),
        ("STORE", rule.stores, buyer.store),
        ("REGION", rule.regions, buyer.region),
        ("CITY", rule.cities, buyer.city),
        ("SEGMENT", rule.segments, buyer.segment),
        ("CREDIT_CLASS", rule.credit_classes, buyer.credit_class),
    )
    for reason, allowed, own in named:
        if allowed and own not in allowed:
            return reason
    if rule.minimum_age is not None and (buyer.age is None or buyer.age < rule.minimum_age):
        return "AGE"
    if rule.maximum_age is not None and (buyer.age is None or buyer.age > rule.maximum_age):
        return "AGE"
    if rule.valid_from is not None and buyer.day < rule.valid_from:
        return "NOT_YET"
    if rule.valid_to is not None and buyer.day > rule.valid_to:
        return "ENDED"
    return None
