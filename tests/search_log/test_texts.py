"""Which texts are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.search_log.texts import MAX_CHARACTERS, MAX_WORDS, TextClass, kept

PERSONAL = st.one_of(
    st.text(),
    st.text(alphabet="0123456789 -+().@ａ＠０１２３٣٤۵६७a", max_size=80),
    st.emails(),
    st.from_regex(r"\+?[0-9]{2,4}[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}", fullmatch=True),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Galaxy\t S21 ", "galaxy s21"),
        ("ＳＩＭ", "sim"),
        ("Résumé", "resume"),
        ("华为 手机", "华为 手机"),
        ("a\0b\u200bc", "abc"),
        ("128gb 5g 6.1", "128gb 5g 6.1"),
        ("STRASSE Straße", "strasse strasse"),
        (" \n ", ""),
        ("\0", ""),
    ],
)
def test_a_text_is_folded(text, expected):
    assert kept(text) == (expected, TextClass.TEXT)


@pytest.mark.parametrize(
    "text",
    [
        "ada@example.com",
        "ada＠example.com",
        "call 512 555 0134",
        "+1 (512) 555-0134",
        "356938035643809",
        "8901410321111851072",
        "order 1-000-042",
        "３５６９３８０",
        "٣٥٦٩٣٨٠",
        "iphone 1234567",
        "一三八零零一三八",
    ],
)
def test_a_number_or_an_address_is_not_kept(text):
    assert kept(text) == ("", TextClass.CODE)


@pytest.mark.parametrize("text", ["a" * 61, "one two three four five six seven eight nine"])
def test_a_long_text_is_not_kept(text):
    assert kept(text) == ("", TextClass.LONG)


def test_the_bounds_are_inclusive():
    assert kept("a" * 60)[1] is TextClass.TEXT
    assert kept("one two three four five six seven eight")[1] is TextClass.TEXT
    assert kept("123456") == ("123456", TextClass.TEXT)


@given(PERSONAL)
def test_no_kept_text_holds_an_address_or_seven_digits(text):
    words, text_class = kept(text)
    assert "@" not in words
    assert sum(letter.isdigit() for letter in words) < 7
    assert len(words) <= MAX_CHARACTERS
    assert len(words.split()) <= MAX_WORDS
    assert "\0" not in words
    assert text_class is TextClass.TEXT or words == ""


@given(st.text())
def test_what_is_kept_is_kept_the_same_again(text):
    words, text_class = kept(text)
    if text_class is TextClass.TEXT:
        assert kept(words) == (words, TextClass.TEXT)
