"""Pickup times: pure arithmetic."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.carts import slots

UTC = dt.UTC
HOUR = dt.timedelta(hours=1)


def at(day, hour, minute=0):
    return dt.datetime(2026, 3, day, hour, minute, tzinfo=UTC)


OPENINGS = [(at(2, 9), at(2, 18)), (at(3, 9), at(3, 12)), (at(3, 14), at(3, 18))]


@pytest.mark.parametrize(
    ("now", "lead", "ready"),
    [
        (at(2, 10), HOUR, at(2, 11)),
        (at(2, 3), HOUR, at(2, 10)),
        (at(2, 17, 30), HOUR, at(3, 9, 30)),
        (at(2, 17), HOUR, at(2, 18)),
        (at(3, 11), 4 * HOUR, at(3, 17)),
        (at(2, 10), dt.timedelta(0), at(2, 10)),
        (at(3, 18), HOUR, None),
        (at(2, 9), 40 * HOUR, None),
    ],
)
def test_the_lead_time_runs_while_the_store_is_open(now, lead, ready):
    assert slots.ready_by(OPENINGS, now=now, lead=lead) == ready


def test_slots_fill_the_openings_from_the_moment_it_is_ready():
    found = slots.slots(OPENINGS, length=2 * HOUR, not_before=at(2, 10))

    assert [(slot.start, slot.end) for slot in found] == [
        (at(2, 11), at(2, 13)),
        (at(2, 13), at(2, 15)),
        (at(2, 15), at(2, 17)),
        (at(3, 9), at(3, 11)),
        (at(3, 14), at(3, 16)),
        (at(3, 16), at(3, 18)),
    ]


def test_remaining_never_falls_below_zero():
    found = slots.slots(OPENINGS[:1], length=3 * HOUR, not_before=at(2, 9))

    rest = slots.with_remaining(found, capacity=2, taken={at(2, 9): 1, at(2, 12): 5})

    assert [slot.remaining for slot in rest] == [1, 0, 2]


def test_a_slot_id_names_its_store_and_start():
    assert slots.parse_slot_id(slots.slot_id("store~1", at(2, 9))) == ("store~1", at(2, 9))


@pytest.mark.parametrize("text", ["", "x", "~20260302T0900", "store~", "store~2026-03-02", "store~20261302T0900"])
def test_anything_else_is_no_slot_id(text):
    assert slots.parse_slot_id(text) is None


@given(
    starts=st.lists(st.integers(0, 6 * 24), min_size=1, max_size=6, unique=True),
    length=st.integers(5, 300),
    lead=st.integers(0, 2000),
    now=st.integers(-300, 9000),
)
def test_every_slot_lies_in_an_opening_and_begins_when_the_order_is_ready(starts, length, lead, now):
    base = at(2, 0)
    openings = [(base + start * HOUR, base + start * HOUR + HOUR * 7 / 8) for start in sorted(starts)]
    moment = base + dt.timedelta(minutes=now)

    ready = slots.ready_by(openings, now=moment, lead=dt.timedelta(minutes=lead))
    found = slots.slots(openings, length=dt.timedelta(minutes=length), not_before=ready) if ready else []

    assert ready is None or ready >= moment + dt.timedelta(minutes=lead)
    assert all(any(o <= slot.start and slot.end <= c for o, c in openings) for slot in found)
    assert all(slot.start >= ready for slot in found)
    assert [slot.start for slot in found] == sorted({slot.start for slot in found})
