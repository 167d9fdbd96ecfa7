"""Where an offer and its versions stand, in words."""

import datetime as dt
from typing import Any, Final

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from kernel.errors import Message
from plugins.bundles import selectors
from plugins.bundles.models import Offer, OfferVersion
from plugins.catalogue.models import Channel

STATES: Final[dict[str, Message]] = {
    "live": _("On sale"),
    "coming": _("Not on sale yet"),
    "ended": _("Ended"),
    "off": _("Not on sale"),
}
VERSIONS: Final[dict[str, Message]] = {
    "DRAFT": _("Draft"),
    "SCHEDULED": _("Scheduled"),
    "LIVE": _("On sale"),
    "ENDED": _("Ended"),
    "BEFORE": _("Sold before"),
}


def in_work(offer: Offer) -> OfferVersion | None:
    """The draft, scheduled or not; from what was prefetched where it was."""
    return next((one for one in offer.versions.all() if one.state != OfferVersion.State.PUBLISHED), None)


def name_of(offer: Offer, language: str) -> str:
    """What the offer is called in the version sold now, or in the newest; its code where that has no name."""
    version = offer.current or next(iter(sorted(offer.versions.all(), key=lambda one: -one.number)), None)
    name: Any = version.document.get("name") if version is not None else None
    texts = name if isinstance(name, dict) else {}
    own = texts.get("zh-Hans") if language.startswith("zh") else None
    return str(own or texts.get("en") or offer.pk)


def state_of(offer: Offer) -> str:
    """A key of STATES: sold, or to begin or ended by its own days, or not sold."""
    if offer.current is None:
        return "off"
    return _by_days(offer.current, offer.channel) or "live"


def version_state(version: OfferVersion, offer: Offer) -> str:
    """A key of VERSIONS."""
    if version.state != OfferVersion.State.PUBLISHED:
        return version.state
    if version.pk != offer.current_id:
        return "BEFORE"
    return "ENDED" if _by_days(version, offer.channel) == "ended" else "LIVE"


def _by_days(version: OfferVersion, channel: Channel) -> str | None:
    rule, today = version.document.get("eligibility") or {}, selectors.today(channel).isoformat()
    if rule.get("validTo") and str(rule["validTo"]) < today:
        return "ended"
    return "coming" if rule.get("validFrom") and str(rule["validFrom"]) > today else None


def moment(at: dt.datetime, channel: Channel) -> str:
    """A moment as the channel's clocks show it, with their zone."""
    zone = selectors.zone_of(channel)
    local = at.astimezone(zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({zone.key})"
