"""Which texts are kept, and from when on one may be shown: pure functions.

A search box is also where people paste what it was not made for: an e-mail address, a telephone number, an IMEI, an
order number, a letter. Such a text is counted without its words. Any other text is kept, but nobody is shown it before
it is common: `SHOWN_SEARCHES` searches, not all on one day, among those that are shown. Who searched is not known, so
these are uses and not people; the second day keeps one visit from being enough.
"""

import unicodedata
from enum import StrEnum
from typing import Final

SHOWN_SEARCHES: Final = 3

MAX_CHARACTERS: Final = 60
MAX_WORDS: Final = 8
# A telephone number has seven digits or more, and so have IMEIs, ICCIDs and order numbers.
MAX_DIGITS: Final = 6


class TextClass(StrEnum):
    """What kind of text was searched. Only a TEXT is kept by its words."""

    TEXT = "TEXT"
    CODE = "CODE"
    LONG = "LONG"
    RARE = "RARE"


def kept(text: str) -> tuple[str, TextClass]:
    """The text as it is counted, and its class; an empty text for what is not kept by its words.

    "  Galaxy  S21 " and "galaxy s21" are one text, and so are "ＳＩＭ" and "sim", "résumé" and "resume".
    """
    folded = fold(text)
    if "@" in folded or sum(letter.isnumeric() for letter in folded) > MAX_DIGITS:
        return "", TextClass.CODE
    if len(folded) > MAX_CHARACTERS or len(folded.split()) > MAX_WORDS:
        return "", TextClass.LONG
    return folded, TextClass.TEXT


def fold(text: str) -> str:
    """Lower case without accents, invisible characters and needless spaces; compatible forms as their plain ones."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    # Controls and format characters show nothing, and the database refuses NUL.
    visible = "".join(
        " " if letter.isspace() else letter
        for letter in unicodedata.normalize("NFKD", decomposed)
        if letter.isspace() or not (unicodedata.combining(letter) or unicodedata.category(letter).startswith("C"))
    )
    return " ".join(unicodedata.normalize("NFKC", visible).split())
