"""What serviceability says of an address, as the configurator takes it."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_FOUND, ApiError
from plugins.bundles.compiled import Service
from plugins.serviceability import selectors, services
from plugins.serviceability.models import Qualification
from plugins.serviceability.qualification import Confidence, Item

_FIELD = "input.qualificationId"


def find(qualification_id: str) -> list[Service] | None:
    """What can be had there and from when, as of now: a day that needs work moves on with the calendar.

    None where the address is not exact, for nothing is promised then. Errors: NOT_FOUND, QUALIFICATION_EXPIRED.
    """
    kept = _kept(qualification_id)
    if kept.confidence != Confidence.EXACT:
        return None
    found = [service for item in services.answer_now(kept).items for service in _services(item)]
    return list(dict.fromkeys(found))


def _kept(qualification_id: str) -> Qualification:
    kept = selectors.qualification(qualification_id) if "\0" not in qualification_id else None
    if kept is None:
        raise ApiError(NOT_FOUND, _("There is no such qualification."), field=_FIELD)
    try:
        services.require_valid(kept)
    except ApiError as refusal:
        refusal.field = _FIELD
        raise
    return kept


def _services(item: Item) -> list[Service]:
    """The one that was chosen, and what there is beside it."""
    rows = [(item.technology, item.download, item.day)]
    rows += [(one.technology, one.download, one.day) for one in item.alternates]
    return [Service(item.category, tech, speed or 0, day) for tech, speed, day in rows if tech is not None]
