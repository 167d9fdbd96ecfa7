"""What can be had, from when, and why not: the rules alone."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.serviceability.qualification import (
    Access,
    Category,
    Confidence,
    Drop,
    Item,
    Reason,
    Result,
    Technology,
    loop_speed,
    option,
    qualify,
)
from plugins.serviceability.workdays import Calendar

TODAY = dt.date(2026, 11, 26)  # a Thursday, and a holiday
CALENDAR = Calendar(holidays=frozenset({TODAY}))
FTTH, HFC, VDSL, AIR = Technology.FTTH, Technology.HFC, Technology.VDSL, Technology.FIXED_WIRELESS


def access(technology: Technology = FTTH, drop: Drop = Drop.DROP, **more: object) -> Access:
    values: dict[str, object] = {"download": 1000, "upload": 1000, "opens_on": TODAY} | more
    return Access(technology, drop, **values)  # type: ignore[arg-type]


def broadband(*accesses: Access, **more: object) -> Item:
    return qualify(accesses, categories=[Category.BROADBAND], today=TODAY, calendar=CALENDAR, **more).items[0]  # type: ignore[arg-type]


def in_days(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.mark.parametrize(
    ("drop", "day"),
    [(Drop.ACTIVE, in_days(0)), (Drop.EQUIPMENT, in_days(1)), (Drop.DROP, in_days(7)), (Drop.FOOTPRINT, in_days(14))],
)
def test_each_rung_takes_its_work_days(drop: Drop, day: dt.date) -> None:
    item = broadband(access(drop=drop))
    assert (item.result, item.day, item.reasons) == (Result.QUALIFIED, day, ())


def test_capacity_that_opens_later_than_the_work_is_done_is_an_alternate() -> None:
    """Installation in 7 days, capacity in 12: the answer is day 12, and never day 7."""
    item = broadband(access(opens_on=in_days(12)))
    assert (item.result, item.day, item.reasons) == (
        Result.ALTERNATE, in_days(12), (Reason.CAPACITY_OPENS_LATER,)
    )  # fmt: skip
    assert [(one.technology, one.day) for one in item.alternates] == [(FTTH, in_days(12))]


def test_capacity_that_opens_at_a_weekend_waits_for_the_crew() -> None:
    assert broadband(access(opens_on=in_days(9))).day == in_days(11)


def test_a_wish_after_the_opening_is_qualified_for_that_day() -> None:
    item = broadband(access(opens_on=in_days(12)), requested=in_days(20))
    assert (item.result, item.day) == (Result.QUALIFIED, in_days(20))


def test_a_wish_that_is_too_early_is_an_alternate() -> None:
    item = broadband(access(), requested=in_days(2))
    assert (item.result, item.day, item.reasons) == (Result.ALTERNATE, in_days(7), (Reason.DATE_TOO_EARLY,))


def test_no_free_port_is_unqualified_and_a_lower_technology_is_its_alternate() -> None:
    full = access(opens_on=None)
    assert broadband(full).reasons == (Reason.CAPACITY_EXHAUSTED,)
    item = broadband(full, access(HFC))
    assert (item.result, item.technology, item.reasons) == (Result.ALTERNATE, HFC, (Reason.CAPACITY_EXHAUSTED,))


def test_an_active_line_needs_no_port() -> None:
    assert broadband(access(drop=Drop.ACTIVE, opens_on=None)).result is Result.QUALIFIED


def test_what_is_only_planned_is_no_reason_against_what_is_there() -> None:
    planned = access(drop=Drop.PLANNED, built_on=in_days(200))
    item = broadband(planned, access(HFC))
    assert (item.result, item.technology) == (Result.QUALIFIED, HFC)
    alone = broadband(planned)
    assert (alone.result, alone.reasons) == (Result.ALTERNATE, (Reason.BUILD_PLANNED,))
    assert alone.day == CALENDAR.after(in_days(200), 10)
    assert broadband(access(drop=Drop.PLANNED)).reasons == (Reason.BUILD_WITHOUT_DATE,)


@pytest.mark.parametrize(
    ("metres", "speed"), [(0, (100, 40)), (300, (100, 40)), (301, (80, 20)), (2500, (12, 1)), (2501, None)]
)
def test_copper_is_as_fast_as_it_is_short(metres: int, speed: tuple[int, int] | None) -> None:
    assert loop_speed(metres) == speed


def test_copper_that_is_too_long_or_too_slow_says_so() -> None:
    long = access(VDSL, download=100, upload=40, loop_metres=4000)
    assert broadband(long).reasons == (Reason.LOOP_TOO_LONG,)
    slow = access(VDSL, download=100, upload=40, loop_metres=2000)
    tv = qualify([slow], categories=[Category.TV], today=TODAY, calendar=CALENDAR).items[0]
    assert (tv.result, tv.reasons) == (Result.UNQUALIFIED, (Reason.TOO_SLOW,))
    assert broadband(slow).download == 12


def test_nothing_there_is_no_coverage() -> None:
    assert broadband().reasons == (Reason.NO_COVERAGE,)


def test_the_whole_is_as_good_as_its_worst_part() -> None:
    def whole(*accesses: Access) -> Result:
        return qualify(
            accesses, categories=[Category.BROADBAND, Category.MOBILE], today=TODAY, calendar=CALENDAR
        ).result

    mobile = access(Technology.NR, Drop.FOOTPRINT)
    assert whole(access(), mobile) is Result.QUALIFIED
    assert whole(access(opens_on=in_days(12)), mobile) is Result.ALTERNATE
    assert whole(access(opens_on=in_days(12))) is Result.UNQUALIFIED


def test_a_place_that_is_not_exact_is_never_promised() -> None:
    between = broadband(access(), confidence=Confidence.INTERPOLATED)
    assert (between.result, between.reasons) == (Result.ALTERNATE, (Reason.ADDRESS_NOT_EXACT,))
    assert broadband(access(), confidence=Confidence.AREA).reasons == (Reason.ADDRESS_NOT_EXACT,)


def test_holidays_and_exchanged_weekends_count() -> None:
    golden = Calendar(
        holidays=frozenset(dt.date(2026, 10, day) for day in range(1, 8)), worked=frozenset({dt.date(2026, 10, 10)})
    )
    assert golden.after(dt.date(2026, 9, 30), 1) == dt.date(2026, 10, 8)
    assert golden.after(dt.date(2026, 9, 30), 3) == dt.date(2026, 10, 10)
    with pytest.raises(ValueError, match="too few"):
        Calendar(weekdays=frozenset()).after(TODAY, 1)


days = st.one_of(st.none(), st.integers(-30, 60).map(in_days))
accesses = st.builds(
    Access,
    technology=st.sampled_from(Technology),
    drop=st.sampled_from(Drop),
    download=st.integers(1, 1000),
    upload=st.integers(1, 1000),
    opens_on=days.map(lambda day: None if day is None else max(day, TODAY)),
    built_on=days,
    loop_metres=st.integers(0, 4000),
)


@given(
    st.lists(accesses, unique_by=lambda one: one.technology),
    st.one_of(st.none(), st.integers(0, 60).map(in_days)),
    st.sampled_from(Confidence),
)
def test_no_day_is_before_its_capacity_its_building_or_its_work(
    given_: list[Access], requested: dt.date | None, confidence: Confidence
) -> None:
    answer = qualify(given_, categories=list(Category), today=TODAY, calendar=CALENDAR, requested=requested,
                     confidence=confidence)  # fmt: skip
    by_technology = {one.technology: one for one in given_}
    for item in answer.items:
        assert (item.result is Result.QUALIFIED) == (not item.reasons)
        assert (item.result is Result.UNQUALIFIED) == (item.day is None)
        if item.day is None or item.technology is None:
            continue
        source = by_technology[item.technology]
        if source.drop is not Drop.ACTIVE:
            assert source.opens_on is not None
            assert item.day >= source.opens_on
        if source.drop <= Drop.PLANNED:
            assert source.built_on is not None
            assert item.day >= source.built_on
        assert item.day >= (option(source, TODAY, CALENDAR).day or dt.date.max)
        if item.result is Result.QUALIFIED:
            assert confidence is Confidence.EXACT or item.category is Category.MOBILE
            assert requested is None or item.day <= requested
