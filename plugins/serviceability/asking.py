"""From a question to a place and its answer, in memory. Writes nothing; errors tell the field of the input."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import INVALID, NOT_FOUND, REQUIRED, ApiError
from plugins.serviceability import errors, geometry, qualification
from plugins.serviceability.addresses import MAX_TEXT
from plugins.serviceability.index import Index, Line
from plugins.serviceability.matching import match
from plugins.serviceability.messages import geometry_problem
from plugins.serviceability.network import NOWHERE, Network
from plugins.serviceability.qualification import Access, Answer, Category, Confidence
from plugins.serviceability.us_words import STATE_NAMES

# Nobody plans an installation further ahead.
MAX_DAYS_AHEAD = 730


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """An address in fields, as a form has it."""

    street: str
    city: str
    country: str
    unit: str = ""
    district: str = ""
    area: str = ""
    postal_code: str = ""

    @property
    def text(self) -> str:
        """As one would write it."""
        if self.country == "CN":
            city = "" if self.city == self.area else self.city
            return f"{self.area}{city}{self.district}{self.street}{self.unit}"
        return ", ".join(
            part for part in (self.street, self.unit, self.city, f"{self.area} {self.postal_code}") if part
        )


@dataclass(frozen=True, slots=True)
class Question:
    """Which place, by exactly one of four ways, and what is wanted there."""

    premises_id: str | None = None
    address: PostalAddress | None = None
    text: str | None = None
    point: tuple[float, float] | None = None
    categories: tuple[Category, ...] = tuple(Category)
    requested: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A place: premises with EXACT, else a position."""

    confidence: Confidence
    latitude: float
    longitude: float
    country: str
    label: str
    premises_id: str | None = None
    lines: tuple[Line, ...] = NOWHERE
    candidates: tuple[str, ...] = ()


def locate(index: Index, network: Network, question: Question) -> Found:
    """The place of a question.

    Errors: REQUIRED, INVALID, NOT_FOUND, ADDRESS_NOT_FOUND, ADDRESS_ELSEWHERE, POSITION_ELSEWHERE.
    """
    ways = [question.premises_id, question.address, question.text, question.point]
    if sum(way is not None for way in ways) != 1:
        raise ApiError(
            REQUIRED if not any(way is not None for way in ways) else INVALID,
            _("Say the place in exactly one way: premises, address, text or point."),
            field="input",
        )
    if question.premises_id is not None:
        return _premises(index, question.premises_id)
    if question.point is not None:
        return _point(index, network, *question.point)
    if question.address is not None:
        if question.address.country not in geometry.COUNTRIES:
            raise _elsewhere("input.address.country")
        return _text(index, question.address.text, "input.address")
    return _text(index, question.text or "", "input.addressText")


def answer(network: Network, found: Found, question: Question, kept: Mapping[str, dt.date] | None = None) -> Answer:
    """What can be had at the place. Errors: INVALID for a day in the past or too far ahead.

    `kept` has by technology the day on which a port opens that is reserved for these premises already.
    """
    calendar = network.calendar(found.country)
    today = calendar.today(clock.now())
    wanted = question.requested
    if wanted is not None and not today <= wanted <= today + dt.timedelta(days=MAX_DAYS_AHEAD):
        message = _("Choose a day from today on, at most two years ahead.")
        raise ApiError(INVALID, message, field="input.requestedDate")
    accesses = network.accesses(found.latitude, found.longitude, found.lines, today)
    return qualification.qualify(
        (_with_kept(access, kept or {}, today) for access, _node in accesses.values()),
        categories=question.categories or tuple(Category),
        today=today,
        calendar=calendar,
        requested=wanted,
        confidence=found.confidence,
    )


def _with_kept(access: Access, kept: Mapping[str, dt.date], today: dt.date) -> Access:
    day = kept.get(access.technology)
    return access if day is None else replace(access, opens_on=max(day, today))


def _premises(index: Index, code: str) -> Found:
    row = index.row_of(code) if len(code) <= 40 else None
    if row is None:
        raise ApiError(NOT_FOUND, _("There is no such address."), field="input.premisesId")
    return at_row(index, row)


def at_row(index: Index, row: int) -> Found:
    """The place of premises."""
    latitude, longitude = index.position(row)
    address = index.address(row)
    return Found(Confidence.EXACT, latitude, longitude, address.country, address.label, index.code(row),
                 index.lines(row))  # fmt: skip


def _text(index: Index, text: str, field: str) -> Found:
    check_text(text, field)
    if _is_foreign(text):
        raise _elsewhere(field)
    best = match(index, text)
    if best is None:
        raise ApiError(
            errors.ADDRESS_NOT_FOUND,
            _("We do not know this address. Check the street, city and postal code."),
            field=field,
        )
    if best.row is not None:
        return at_row(index, best.row)
    codes = tuple(index.code(row) for row in best.candidates)
    return Found(best.confidence, best.latitude, best.longitude, best.country, best.label, candidates=codes)


def check_text(text: str, field: str) -> None:
    """Refuse what is no address: nothing, or too long. Errors: REQUIRED, INVALID."""
    if not text.strip():
        raise ApiError(REQUIRED, _("Type an address."), field=field)
    if len(text) > MAX_TEXT:
        message = _("An address has at most %(max)s characters.")
        raise ApiError(INVALID, message, field=field, params={"max": MAX_TEXT})


def _point(index: Index, network: Network, latitude: float, longitude: float) -> Found:
    for country in geometry.COUNTRIES:
        try:
            geometry.check_position(latitude, longitude, country)
        except geometry.BadGeometry:
            continue
        if network.covering(latitude, longitude) or index.is_near(latitude, longitude):
            return Found(Confidence.INTERPOLATED, latitude, longitude, country, "")
    swapped = index.is_near(longitude, latitude) or bool(network.covering(longitude, latitude))
    problem = geometry.BadGeometry(geometry.SWAPPED if swapped else geometry.ELSEWHERE)
    message = geometry_problem(problem) if swapped else _("There is no place that we serve near this position.")
    raise ApiError(errors.POSITION_ELSEWHERE, message, field="input.point")


def _elsewhere(field: str) -> ApiError:
    return ApiError(errors.ADDRESS_ELSEWHERE, _("We do not serve this country."), field=field)


def _is_foreign(text: str) -> bool:
    """Whether the address names another country at its end, or begins with one in Chinese."""
    end = text.replace("，", ",").rstrip(" ,.").rpartition(",")[2].strip().upper().replace(".", "")
    return end in _countries() or text.strip().startswith(_chinese_countries())


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    names = {name.upper() for code, name in Locale("en").territories.items() if len(code) == 2 and code.isalpha()}
    ours = {"UNITED STATES", "CHINA", "PUERTO RICO", "HONG KONG", "MACAO"} | set(STATE_NAMES)
    return frozenset((names | {"UK", "GREAT BRITAIN", "ENGLAND", "SCOTLAND"}) - ours)


@lru_cache(maxsize=1)
def _chinese_countries() -> tuple[str, ...]:
    territories = Locale("zh").territories
    return tuple(name for code, name in territories.items() if len(code) == 2 and code.isalpha()
                 and code not in ("US", "CN", "HK", "MO", "TW"))  # fmt: skip


def rows_of(index: Index, codes: Sequence[str]) -> list[int]:
    """The rows of premises that are known."""
    return [row for code in codes if (row := index.row_of(code)) is not None]
