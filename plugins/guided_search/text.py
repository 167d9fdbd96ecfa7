"""From text to terms: pure functions, used alike for products and for what people type."""

import re
import threading
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import Stemmer

from plugins.guided_search import chinese

_TOKEN = re.compile(rf"[{chinese.HAN}]+|\d+(?:\.\d+)+[^\W_{chinese.HAN}]*|[^\W_{chinese.HAN}]+")
# What folding leaves as it is.
_FOLDED = re.compile(r"[a-z0-9 .()/_+-]*")
# "S21+" is an "S21 plus"; "8+128" is two numbers.
_PLUS = re.compile(r"(?<=\w)\+(?!\d)")
_INCH_MARK = re.compile(r"(?<=\d)(?:\"|''|\u2033|\u201d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)*)([a-z]+)")

# Units that belong to the number before them, so that "128 GB" and "128gb" are one term.
_UNITS = {
    **{unit: unit for unit in ("gb", "tb", "mb", "mah", "mp", "mbps", "gbps", "hz", "w", "mm", "cm", "g", "m")},
    **dict.fromkeys(("inch", "inches", "in", "zoll"), "inch"),
    **dict.fromkeys(("watt", "watts"), "w"),
    **dict.fromkeys(("gig", "gigs", "gigabyte", "gigabytes"), "gb"),
    **dict.fromkeys(("megapixel", "megapixels"), "mp"),
}
# Units only when written right after the number: "10 in store" means no inches.
_NEVER_APART = frozenset({"g", "in", "m"})
# People write "128G" for storage; "5G" stays a network.
_GIGABYTES = frozenset({"8", "16", "32", "64", "128", "256", "512"})

STOP_WORDS = frozenset(
    [
        "a", "an", "and", "any", "are", "at", "buy", "by", "can", "do", "does", "for", "from", "i", "in", "is",
        "it", "looking", "me", "my", "need", "of", "on", "or", "our", "please", "show", "some", "that", "the",
        "their", "this", "to", "want", "what", "which", "with", "you", "your"
    ]
)  # fmt: skip


@dataclass(slots=True)
class Token:
    """One term to search for and the text it was written as. Never changed once made."""

    term: str
    raw: str


def fold(text: str) -> str:
    """Lower case without accents or apostrophes, Chinese simplified: "Résumé" becomes "resume"."""
    return _short_fold(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    if _FOLDED.fullmatch(text):
        return text
    plain = _THOUSANDS.sub("", _INCH_MARK.sub(" inch ", text).replace("'", "").replace("\u2019", ""))
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    folded = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return chinese.simplified(folded) if chinese.has_han(folded) else folded


def tokens(text: str) -> tuple[Token, ...]:
    """The terms of a text in order; a number and its unit are one term, a run of Chinese characters is one term."""
    return _short_tokens(text) if len(text) <= _SHORT else _tokens(text)


def _tokens(text: str) -> tuple[Token, ...]:
    found: list[Token] = []
    for word in _TOKEN.findall(_PLUS.sub(" plus ", fold(text))):
        unit = _UNITS.get(word)
        if unit and word not in _NEVER_APART and found and _NUMBER.fullmatch(found[-1].term):
            number = found.pop()
            found.append(Token(number.term + unit, f"{number.raw} {word}"))
        else:
            found.append(Token(_term(word), word))
    return tuple(found)


# Names and values come again and again; descriptions do not.
_SHORT = 60
_short_tokens = lru_cache(maxsize=10_000)(_tokens)
_short_fold = lru_cache(maxsize=10_000)(_fold)


def forget() -> None:
    """Let go of what texts were read as, as if none had been seen before."""
    _short_tokens.cache_clear()
    _short_fold.cache_clear()


def terms(text: str) -> list[str]:
    """The terms of a text, stop words left out."""
    return [token.term for token in tokens(text) if token.term not in STOP_WORDS]


def query_tokens(text: str) -> list[Token]:
    """The terms of what a person typed; stop words are kept when there is nothing else."""
    found = tokens(text)
    return [token for token in found if token.raw not in STOP_WORDS] or list(found)


class _Stemmers(threading.local):
    """PyStemmer's objects must not be shared by threads."""

    def __init__(self) -> None:
        self.english = Stemmer.Stemmer("english", 0)


_stemmers = _Stemmers()


@lru_cache(maxsize=30_000)
def stem(word: str) -> str:
    """The word as Snowball's English stemmer leaves it: "cases" and "case" are one term; no number or name code is."""
    return str(_stemmers.english.stemWord(word)) if len(word) > 3 and word.isascii() and word.isalpha() else word


def is_han(term: str) -> bool:
    """Whether a term is a run of Chinese characters."""
    return chinese.has_han(term)


def _term(word: str) -> str:
    quantity = _QUANTITY.fullmatch(word) if word[0].isdigit() else None
    if quantity and quantity[2] in _UNITS:
        if quantity[2] == "g" and quantity[1] in _GIGABYTES:
            return f"{quantity[1]}gb"
        return quantity[1] + _UNITS[quantity[2]]
    return stem(word)


_SIZE_FACTORS = {"mb": 1, "gb": 1024, "tb": 1024 * 1024}


@lru_cache(maxsize=20_000)
def size_of(value: str) -> Decimal | None:
    """The number that a value such as "128 GB" starts with, sizes of storage in megabytes; None for other values."""
    quantity = _QUANTITY.fullmatch(value.replace(" ", "").casefold())
    return Decimal(quantity[1]) * _SIZE_FACTORS.get(quantity[2], 1) if quantity and quantity[1].count(".") < 2 else None


@lru_cache(maxsize=100_000)
def decimal_of(value: str) -> Decimal | None:
    """The number that a value is, "5000" or "6.1"; None for any other text."""
    return Decimal(value) if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", value, re.ASCII) else None
