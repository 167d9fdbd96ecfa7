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


def test_chinese_is_simplified_and_kept_in_runs() -> None:
    assert text.terms("華為P20手機") == ["华为", "p20", "手机"]


def test_chinese_units_are_units() -> None:
    assert text.terms("6.1英寸 5000毫安") == ["6.1inch", "5000mah"]


def test_storage_is_written_with_one_letter_but_networks_are_not() -> None:
    assert text.terms("128G 5G") == ["128gb", "5g"]


def test_stop_words_are_kept_when_there_is_nothing_else() -> None:
    assert [token.term for token in text.query_tokens("case for the one")] == ["case", "one"]
    assert [token.term for token in text.query_tokens("the")] == ["the"]


@given(st.text(max_size=200))
def test_any_text_has_terms_or_none(anything: str) -> None:
    for token in text.tokens(anything):
        assert token.term
        assert token.raw
