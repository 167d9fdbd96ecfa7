"""Opening hours by the store's clock: past midnight, around the clock, exceptions, both changes of summer time."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from inventory import hours

CHICAGO = ZoneInfo("America/Chicago")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def weekly(text: str, exceptions: dict[str, str] | None = None) -> hours.Schedule:
    rows = [{"weekday": day, **row} for day in range(1, 8) for row in _rows(text)]
    dated = [{"date": day, **row} for day, spans in (exceptions or {}).items() for row in _rows(spans)]
    return hours.parse_schedule(rows, dated)


def _rows(text: str) -> list[dict[str, str | None]]:
    spans = hours.parse_spans(text)
    found = [{"opens": f"{span.opens:%H:%M}", "closes": f"{span.closes:%H:%M}"} for span in spans]
    return found or [{"opens": None, "closes": None}]


def test_opening_times_follow_the_zone_through_the_year():
    schedule = weekly("10:00-20:00")
    winter = hours.intervals(schedule, dt.date(2026, 1, 15), CHICAGO)
    summer = hours.intervals(schedule, dt.date(2026, 7, 15), CHICAGO)
    assert winter == [(utc("2026-01-15T16:00"), utc("2026-01-16T02:00"))]
    assert summer == [(utc("2026-07-15T15:00"), utc("2026-07-16T01:00"))]
    assert hours.intervals(schedule, dt.date(2026, 7, 15), SHANGHAI) == [
        (utc("2026-07-15T02:00"), utc("2026-07-15T12:00"))
    ]


@pytest.mark.parametrize(
    ("day", "text", "length"),
    [
        # Clocks go forward on 8 March 2026 at 02:00, back on 1 November at 02:00.
        (dt.date(2026, 3, 7), "22:00-04:00", 5),
        (dt.date(2026, 10, 31), "22:00-04:00", 7),
        (dt.date(2026, 3, 8), "00:00-00:00", 23),
        (dt.date(2026, 11, 1), "00:00-00:00", 25),
        (dt.date(2026, 3, 8), "01:00-05:00", 3),
    ],
)
def test_the_length_of_a_night_in_which_the_clock_changes(day, text, length):
    ((start, end),) = hours.intervals(weekly(text), day, CHICAGO)
    assert end - start == dt.timedelta(hours=length)


def test_a_time_inside_the_gap_and_one_that_comes_twice():
    ((start, end),) = hours.intervals(weekly("02:30-09:00"), dt.date(2026, 3, 8), CHICAGO)
    assert (start, end) == (utc("2026-03-08T08:30"), utc("2026-03-08T14:00"))
    ((start, _end),) = hours.intervals(weekly("01:30-09:00"), dt.date(2026, 11, 1), CHICAGO)
    assert start == utc("2026-11-01T06:30")
    assert hours.intervals(weekly("02:30-03:15"), dt.date(2026, 3, 8), CHICAGO) == []


def test_open_past_midnight_belongs_to_the_evening_before():
    schedule = weekly("18:00-02:00", {"2026-01-16": "closed"})
    at = utc("2026-01-16T07:59")  # 01:59 on the 16th, a closed day
    assert hours.is_open(schedule, at, CHICAGO)
    assert not hours.is_open(schedule, at + dt.timedelta(minutes=1), CHICAGO)
    assert not hours.is_open(schedule, utc("2026-01-17T01:00"), CHICAGO)


def test_the_opening_minute_counts_and_the_closing_minute_does_not():
    schedule = weekly("10:00-12:00, 13:00-20:00")
    day = "2026-01-15T"
    assert not hours.is_open(schedule, utc(day + "15:59:59"), CHICAGO)
    assert hours.is_open(schedule, utc(day + "16:00"), CHICAGO)
    assert not hours.is_open(schedule, utc(day + "18:00"), CHICAGO)
    assert hours.is_open(schedule, utc(day + "19:00"), CHICAGO)


def test_an_exception_takes_the_place_of_the_week():
    schedule = weekly("10:00-20:00", {"2026-12-24": "09:00-14:00", "2026-12-25": "closed"})
    assert len(hours.intervals(schedule, dt.date(2026, 12, 24), CHICAGO)) == 1
    assert hours.intervals(schedule, dt.date(2026, 12, 24), CHICAGO)[0][1] == utc("2026-12-24T20:00")
    assert hours.intervals(schedule, dt.date(2026, 12, 25), CHICAGO) == []


def test_what_people_type_is_read_and_written_back():
    assert hours.format_spans(hours.parse_spans("9:00–12:30 ,14:00 - 18:00")) == "09:00-12:30, 14:00-18:00"
    assert hours.format_spans(hours.parse_spans(" closed ")) == "closed"
    assert hours.parse_spans("") == ()


@pytest.mark.parametrize("text", ["10", "10:00", "25:00-26:00", "10:00-11:60", "a-b", "09:00-12:00, 11:00-13:00"])
def test_nonsense_is_refused_with_a_sentence(text):
    with pytest.raises(ValueError, match=r"\."):
        hours.parse_spans(text)


@pytest.mark.parametrize(
    ("weekly_rows", "dated_rows"),
    [
        ([{"weekday": 0, "opens": None, "closes": None}], []),
        ([{"weekday": "1", "opens": None, "closes": None}], []),
        ([{"weekday": 1, "opens": "10:00", "closes": None}], []),
        ([{"weekday": 1, "opens": 10, "closes": 12}], []),
        ([], [{"date": "25.12.2026", "opens": None, "closes": None}]),
        ([], [{"opens": None, "closes": None}]),
    ],
)
def test_malformed_rows_are_refused(weekly_rows, dated_rows):
    with pytest.raises(ValueError, match=r"\."):
        hours.parse_schedule(weekly_rows, dated_rows)
