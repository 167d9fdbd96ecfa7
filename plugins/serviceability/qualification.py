"""What can be had at a place and from when: technologies, drop states, capacity, days, results and reasons. Pure.

Names follow TMF645: QUALIFIED, UNQUALIFIED or ALTERNATE, with reasons of unavailability and alternate services.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final

from plugins.serviceability.workdays import Calendar


class Technology(StrEnum):
    """By which network a service comes."""

    FTTH = "FTTH"
    HFC = "HFC"
    VDSL = "VDSL"
    FIXED_WIRELESS = "FIXED_WIRELESS"
    NR = "NR"
    LTE = "LTE"


class Category(StrEnum):
    """What a customer asks for."""

    BROADBAND = "BROADBAND"
    TV = "TV"
    VOICE = "VOICE"
    MOBILE = "MOBILE"


class Drop(IntEnum):
    """How near a line is to working at the premises; each rung has what the one before has."""

    NONE = 0
    PLANNED = 1
    FOOTPRINT = 2
    DROP = 3
    EQUIPMENT = 4
    ACTIVE = 5


class Result(StrEnum):
    """The answer for an item, and for all."""

    QUALIFIED = "QUALIFIED"
    UNQUALIFIED = "UNQUALIFIED"
    ALTERNATE = "ALTERNATE"


class Confidence(StrEnum):
    """How well the place is known: by premises, between neighbours, or by its area alone."""

    EXACT = "EXACT"
    INTERPOLATED = "INTERPOLATED"
    AREA = "AREA"


class Reason(StrEnum):
    """Why a service cannot be had, or not as asked. Part of the API: never renamed."""

    NO_COVERAGE = "NO_COVERAGE"
    CAPACITY_OPENS_LATER = "CAPACITY_OPENS_LATER"
    CAPACITY_EXHAUSTED = "CAPACITY_EXHAUSTED"
    BUILD_PLANNED = "BUILD_PLANNED"
    BUILD_WITHOUT_DATE = "BUILD_WITHOUT_DATE"
    LOOP_TOO_LONG = "LOOP_TOO_LONG"
    TOO_SLOW = "TOO_SLOW"
    DATE_TOO_EARLY = "DATE_TOO_EARLY"
    ADDRESS_NOT_EXACT = "ADDRESS_NOT_EXACT"


# The best first. What is not here cannot carry the category.
LADDER: Final = {
    Category.BROADBAND: (Technology.FTTH, Technology.HFC, Technology.VDSL, Technology.FIXED_WIRELESS),
    Category.TV: (Technology.FTTH, Technology.HFC, Technology.VDSL),
    Category.VOICE: (Technology.FTTH, Technology.HFC, Technology.VDSL, Technology.FIXED_WIRELESS),
    Category.MOBILE: (Technology.NR, Technology.LTE),
}
LINES: Final = (Technology.FTTH, Technology.HFC, Technology.VDSL)
# The least download speed that television needs.
TV_MBPS: Final = 25

# Work days until it works, by rung. An activation is done on the day; a survey comes before a drop is built.
LEAD_DAYS: Final = {
    Technology.FTTH: {Drop.FOOTPRINT: 10, Drop.DROP: 5, Drop.EQUIPMENT: 1, Drop.ACTIVE: 0},
    Technology.HFC: {Drop.FOOTPRINT: 8, Drop.DROP: 5, Drop.EQUIPMENT: 1, Drop.ACTIVE: 0},
    Technology.VDSL: {Drop.FOOTPRINT: 8, Drop.DROP: 5, Drop.EQUIPMENT: 2, Drop.ACTIVE: 0},
    Technology.FIXED_WIRELESS: {Drop.FOOTPRINT: 3},
    Technology.NR: {Drop.FOOTPRINT: 0},
    Technology.LTE: {Drop.FOOTPRINT: 0},
}
# Download and upload by the length of the copper loop in metres; beyond the last there is none.
LOOPS: Final = ((300, 100, 40), (600, 80, 20), (900, 50, 10), (1300, 30, 6), (2500, 12, 1))

# How long an answer holds, in days: what is built changes slowly, capacity quickly.
HOLDS: Final = {Drop.FOOTPRINT: 7, Drop.DROP: 14, Drop.EQUIPMENT: 14, Drop.ACTIVE: 14}
HOLDS_OTHERWISE: Final = 2


def loop_speed(metres: int) -> tuple[int, int] | None:
    """Megabits a second down and up over so much copper; None when it is too long."""
    return next(((down, up) for longest, down, up in LOOPS if metres <= longest), None)


@dataclass(frozen=True, slots=True)
class Access:
    """One technology at a place. `opens_on` is the first day on which a port or slot is free, None when none will be;
    `built_on` the day on which a planned network is there, None when that is not known or not awaited."""

    technology: Technology
    drop: Drop
    download: int
    upload: int
    opens_on: dt.date | None
    built_on: dt.date | None = None
    loop_metres: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """A technology with the first day on which it can work, None for never, and what holds it back."""

    technology: Technology
    download: int
    upload: int
    day: dt.date | None
    reasons: tuple[Reason, ...] = ()
    drop: Drop = Drop.NONE


@dataclass(frozen=True, slots=True)
class Alternate:
    """What can be had instead."""

    technology: Technology
    download: int
    upload: int
    day: dt.date


@dataclass(frozen=True, slots=True)
class Item:
    """The answer for one category."""

    category: Category
    result: Result
    technology: Technology | None = None
    download: int | None = None
    upload: int | None = None
    day: dt.date | None = None
    reasons: tuple[Reason, ...] = ()
    alternates: tuple[Alternate, ...] = ()
    drop: Drop = Drop.NONE


@dataclass(frozen=True, slots=True)
class Answer:
    """All items, the result of all, and how many days it holds."""

    result: Result
    items: tuple[Item, ...]
    days: int = field(default=HOLDS_OTHERWISE)


def option(access: Access, today: dt.date, calendar: Calendar) -> Option:
    """When a technology can work at the place: the later of capacity, build-out and work."""
    down, up = access.download, access.upload
    tech = access.technology
    if tech is Technology.VDSL and access.loop_metres:
        speed = loop_speed(access.loop_metres)
        if speed is None:
            return Option(tech, 0, 0, None, (Reason.LOOP_TOO_LONG,))
        down, up = min(down, speed[0]), min(up, speed[1])
    begin, reasons = today, []
    drop = access.drop
    if drop <= Drop.PLANNED:
        if access.built_on is None:
            return Option(tech, down, up, None, (Reason.BUILD_WITHOUT_DATE,))
        begin, drop = max(today, access.built_on), Drop.FOOTPRINT
        if begin > today:
            reasons.append(Reason.BUILD_PLANNED)
    days = LEAD_DAYS[tech].get(drop, LEAD_DAYS[tech][Drop.FOOTPRINT])
    ready = calendar.after(begin, days)
    if access.opens_on is None and drop is not Drop.ACTIVE:
        return Option(tech, down, up, None, (Reason.CAPACITY_EXHAUSTED,))
    opens = today if drop is Drop.ACTIVE or access.opens_on is None else access.opens_on
    if opens > ready:
        reasons.append(Reason.CAPACITY_OPENS_LATER)
        # A crew that connects the drop comes on a work day; what is installed is switched on from afar.
        ready = calendar.on_or_after(opens) if tech in LINES and drop <= Drop.DROP else opens
    return Option(tech, down, up, ready, tuple(reasons), drop)


def qualify(
    accesses: Iterable[Access],
    *,
    categories: Sequence[Category],
    today: dt.date,
    calendar: Calendar,
    requested: dt.date | None = None,
    confidence: Confidence = Confidence.EXACT,
) -> Answer:
    """Answer for each category. What is not EXACT is never promised: at most ALTERNATE, by area nothing at all."""
    options = {access.technology: option(access, today, calendar) for access in accesses}
    items = tuple(_item(category, options, requested, confidence) for category in categories)
    results = {item.result for item in items}
    result = next((one for one in (Result.UNQUALIFIED, Result.ALTERNATE) if one in results), Result.QUALIFIED)
    days = min(HOLDS.get(i.drop, HOLDS_OTHERWISE) if i.result is Result.QUALIFIED else HOLDS_OTHERWISE for i in items)
    return Answer(result, items, days if confidence is Confidence.EXACT else 1)


def _item(
    category: Category, options: dict[Technology, Option], requested: dt.date | None, confidence: Confidence
) -> Item:
    if confidence is Confidence.AREA:
        return Item(category, Result.UNQUALIFIED, reasons=(Reason.ADDRESS_NOT_EXACT,))
    ladder = [options[tech] for tech in LADDER[category] if tech in options]
    if category is Category.TV:
        ladder = [_too_slow(one) if one.day and one.download < TV_MBPS else one for one in ladder]
    possible = [one for one in ladder if one.day is not None]
    if not possible:
        found = tuple(dict.fromkeys(reason for one in ladder for reason in one.reasons))
        return Item(category, Result.UNQUALIFIED, reasons=found or (Reason.NO_COVERAGE,))
    # The best that is there, though it may open later than another: the others are its alternates. What is yet to be
    # built is chosen only where there is nothing else.
    chosen = next((one for one in possible if Reason.BUILD_PLANNED not in one.reasons), possible[0])
    reasons = list(chosen.reasons)
    if ladder[0] is not chosen and options.get(ladder[0].technology):
        reasons += [reason for reason in ladder[0].reasons if reason not in reasons and not _settled(ladder[0])]
    assert chosen.day is not None
    if requested is not None and requested < chosen.day and Reason.CAPACITY_OPENS_LATER not in reasons:
        reasons.append(Reason.DATE_TOO_EARLY)
    if confidence is not Confidence.EXACT and category is not Category.MOBILE:
        reasons.append(Reason.ADDRESS_NOT_EXACT)
    waits = requested is not None and requested >= chosen.day
    blocking = [reason for reason in reasons if not (waits and reason in _DATED)]
    result = Result.ALTERNATE if blocking else Result.QUALIFIED
    alternates = _alternates(possible, chosen) if result is Result.ALTERNATE else ()
    day = max(chosen.day, requested) if waits and requested else chosen.day
    return Item(
        category,
        result,
        chosen.technology,
        chosen.download,
        chosen.upload,
        day,
        tuple(blocking),
        alternates,
        chosen.drop,
    )


# What a later wish settles.
_DATED: Final = frozenset({Reason.CAPACITY_OPENS_LATER, Reason.BUILD_PLANNED})


def _settled(one: Option) -> bool:
    """A better one that is only planned, or whose line is too long, is no reason against the one that is there."""
    return not set(one.reasons) & {Reason.CAPACITY_EXHAUSTED, Reason.CAPACITY_OPENS_LATER}


def _too_slow(one: Option) -> Option:
    return Option(one.technology, one.download, one.upload, None, (Reason.TOO_SLOW,))


def _alternates(possible: Sequence[Option], chosen: Option) -> tuple[Alternate, ...]:
    """The chosen one on its day, and the others by their days."""
    others = sorted((one for one in possible if one is not chosen), key=lambda one: one.day or dt.date.max)
    return tuple(Alternate(one.technology, one.download, one.upload, one.day) for one in (chosen, *others) if one.day)
