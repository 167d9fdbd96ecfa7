"""Sentences about geometry and reasons, for people."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from plugins.serviceability import geometry
from plugins.serviceability.geometry import BadGeometry
from plugins.serviceability.qualification import Reason

_GEOMETRY: Final[dict[str, Promise]] = {
    geometry.NOT_A_POLYGON: _("This is not a GeoJSON Polygon or MultiPolygon."),
    geometry.TOO_MANY_VERTICES: _("The polygon has more than 20,000 vertices: split it."),
    geometry.OPEN_RING: _("A ring of the polygon does not end where it begins."),
    geometry.OFF_GLOBE: _("The position is not on the globe."),
    geometry.SWAPPED: _("The position is not in the country: latitude and longitude seem to be swapped."),
    geometry.ELSEWHERE: _("The position is not in the country."),
    geometry.SELF_CROSSING: _("The polygon's border crosses itself."),
    geometry.NO_AREA: _("The polygon has no area."),
}

_REASONS: Final[dict[Reason, Promise]] = {
    Reason.NO_COVERAGE: _("No network reaches this address yet."),
    Reason.CAPACITY_OPENS_LATER: _("There is not enough capacity at this place before that day."),
    Reason.CAPACITY_EXHAUSTED: _("The network at this place is fully used, and no extension is planned."),
    Reason.BUILD_PLANNED: _("The network is being built and opens later."),
    Reason.BUILD_WITHOUT_DATE: _("The network is planned; its date is not known yet."),
    Reason.LOOP_TOO_LONG: _("The copper line to this address is too long."),
    Reason.TOO_SLOW: _("The line is too slow for television."),
    Reason.DATE_TOO_EARLY: _("The installation takes longer than until the day you asked for."),
    Reason.ADDRESS_NOT_EXACT: _("We are not sure which address this is: choose the exact one, with its unit."),
}


def geometry_problem(problem: BadGeometry) -> Promise:
    """What is wrong with a geometry, as a sentence."""
    return _GEOMETRY[str(problem)]


def reason_label(code: str) -> str:
    """A reason as a sentence in the language active now."""
    return str(_REASONS[Reason(code)])
