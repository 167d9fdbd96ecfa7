"""From text to terms: pure functions, used alike for products and for what people type."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_TOKEN = re.compile(r"\d+(?:\.\d+)+[^\W_]*|[^\W_]+")
_PLUS = re.compile(r"(?<=\w)\+")
_CJK = re.compile(r"([\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff])")
_INCH_MARK = re.compile(r"(?<=\d)(?:\"|''|\u2033|\u201d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)*)([a-z]+)")

# Units that belong to the number before them, so that "128 GB" and "128gb" are one term.
_UNITS = {
    **{unit: unit for unit in ("gb", "tb", "mb", "mah", "mp", "mbps", "gbps", "hz", "w", "mm", "cm", "g")},
    **dict.fromkeys(("inch", "inches", "in", "zoll"), "inch"),
    **dict.fromkeys(("watt", "watts"), "w"),
}
# Units only when written right after the number: "10 in store" means no inches.
_NEVER_APART = frozenset({"g", "in"})

STOP_WORDS = frozenset(["a", "an", "and", "by", "for", "from", "in", "is", "my", "of", "on", "or", "the", "to", "with"])


@dataclass(frozen=True, slots=True)
class Token:
    """One term to search for and the text it was written as."""

    term: str
    raw: str


def fold(text: str) -> str:
    """Lower case without accents or apostrophes: "Résumé" becomes "resume"."""
    plain = _INCH_MARK.sub(" inch ", text).replace("'", "").replace("\u2019", "")
    decomposed = unicodedata.normalize("NFKD", plain).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[Token, ...]:
    """The terms of a text in order; a number and its unit are one term, a Chinese character is one term."""
    folded = _CJK.sub(r" \1 ", _PLUS.sub(" plus ", fold(text)))
    words = _TOKEN.findall(folded)
    found: list[Token] = []
    for word in words:
        unit = _UNITS.get(word)
        if unit and word not in _NEVER_APART and found and _NUMBER.fullmatch(found[-1].term):
            number = found.pop()
            found.append(Token(number.term + unit, f"{number.raw} {word}"))
        else:
            found.append(Token(_term(word), word))
    return tuple(found)


def terms(text: str) -> list[str]:
    """The terms of a text, stop words left out."""
    return [token.term for token in tokens(text) if token.term not in STOP_WORDS]


def query_tokens(text: str) -> list[Token]:
    """The terms of what a person typed; stop words are kept when there is nothing else."""
    found = tokens(text)
    return [token for token in found if token.term not in STOP_WORDS] or list(found)


def stem(word: str) -> str:
    """The word without a plural ending: "cases" and "case" are one term."""
    if len(word) < 4 or not word.isalpha() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") else word


def _term(word: str) -> str:
    quantity = _QUANTITY.fullmatch(word)
    if quantity and quantity[2] in _UNITS:
        return quantity[1] + _UNITS[quantity[2]]
    return stem(word)


def edit_distance(one: str, other: str, limit: int) -> int:
    """Insertions, deletions, substitutions and swaps of neighbours between two words; `limit + 1` when more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, match in enumerate(other, 1):
            cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != match))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == match:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1] if last[-1] <= limit else limit + 1


_SIZE_FACTORS = {"mb": 1, "gb": 1024, "tb": 1024 * 1024}


def size_of(value: str) -> Decimal | None:
    """The number that a value such as "128 GB" starts with, sizes of storage in megabytes; None for other values."""
    quantity = _QUANTITY.fullmatch(value.replace(" ", "").casefold())
    return Decimal(quantity[1]) * _SIZE_FACTORS.get(quantity[2], 1) if quantity and quantity[1].count(".") < 2 else None
