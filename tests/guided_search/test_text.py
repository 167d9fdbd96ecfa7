"""Terms are the same however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.guided_search import text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("128gb", "128 GB"),
        ("Café", "CAFE"),
        ("6.1 inches", '6.1"'),
        ("6.1inch", "6.1 in".replace(" in", "in")),
        ("Galaxy S21+", "galaxy s21 plus"),
        ("cases", "case"),
        ("batteries", "battery"),
        ("5000 mAh", "5000MAH"),
        ("45 W charger", "45W chargers"),
        ("Wi-Fi", "wi fi"),
    ],
)
def test_spellings_of_the_same(one: str, other: str) -> None:
    assert text.terms(one) == text.terms(other)


def test_a_number_before_a_word_is_no_quantity() -> None:
    assert text.terms("10 in store") == ["10", "store"]
    assert text.terms("pixel 8 pro") == ["pixel", "8", "pro"]


def test_chinese_is_taken_character_by_character() -> None:
    assert text.terms("华为P20手机") == ["华", "为", "p20", "手", "机"]


def test_stop_words_are_kept_when_there_is_nothing_else() -> None:
    assert [token.term for token in text.query_tokens("case for the one")] == ["case", "one"]
    assert [token.term for token in text.query_tokens("the")] == ["the"]


@given(st.text(max_size=200))
def test_any_text_has_terms_or_none(anything: str) -> None:
    for token in text.tokens(anything):
        assert token.term
        assert token.raw


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("galaxy", "galaxy", 0), ("galxy", "galaxy", 1), ("gaalxy", "galaxy", 1), ("s2l", "s21", 1), ("abc", "xyz", 3)],
)
def test_edit_distance(one: str, other: str, distance: int) -> None:
    assert text.edit_distance(one, other, 2) == distance
    assert text.edit_distance(other, one, 2) == distance
