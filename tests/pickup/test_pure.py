"""The code of a pickup and the table of its states: pure."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel import codes
from kernel.ids import CROCKFORD
from plugins.pickup.states import MOVES, OPEN, State, may

KEY = b"secret"


def test_a_code_is_the_pickups_the_generations_and_the_keys():
    code = codes.derive(KEY, "pickup:1:1")

    assert code == codes.derive(KEY, "pickup:1:1")
    others = {codes.derive(KEY, "pickup:2:1"), codes.derive(KEY, "pickup:1:2"), codes.derive(b"other", "pickup:1:1")}
    assert code not in others
    assert len(others) == 3


@given(st.text())
def test_a_code_is_eight_characters_that_can_be_read_aloud(subject):
    code = codes.derive(KEY, subject)

    assert len(code) == codes.LENGTH
    assert set(code) <= set(CROCKFORD)
    assert codes.matches(code, code)


@pytest.mark.parametrize("typed", ["01AB-23CV", " 01ab 23cv ", "oiab-23cu", "OLAB23CV"])
def test_what_people_type_for_a_code(typed):
    assert codes.matches("01AB23CV", typed)


@pytest.mark.parametrize("typed", ["", "01AB23C", "01AB23CVX", "1AB23CV0", "０１AB23CV", "é" * 8, "\0"])
def test_what_is_not_the_code(typed):
    assert not codes.matches("01AB23CV", typed)


def test_every_state_has_its_moves_and_the_ends_have_none():
    assert set(MOVES) == set(State)
    assert {State.PLACED, State.ACCEPTED, State.PICKING, State.READY} == OPEN
    assert all(may(state, State.CANCELLED) for state in OPEN)
    assert [state for state in State if may(state, State.HANDED_OVER)] == [State.READY]
