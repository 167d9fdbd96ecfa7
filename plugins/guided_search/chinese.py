"""Chinese in a search box: simplified and traditional are one, words are found without spaces, pinyin counts.

Pure functions. Texts become runs of Han characters; the index holds a run's characters, neighbouring pairs and, when it
is short, the run as a whole with its pinyin ("huawei") and initials ("hw").
"""

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

import opencc
from pypinyin import lazy_pinyin

HAN = "\u3400-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
# A name or a value; longer runs are sentences, which nobody types as one word.
WORD_LENGTH = 6
# Characters that carry no meaning in a search of a shop.
STOP_CHARACTERS = frozenset("的了和与在是我要买个有吗呢")
# Between two things that one name speaks of.
_JOINTS = frozenset("和与及或")
# Units that follow a number, as the index writes them.
UNITS = {"英寸": "inch", "寸": "inch", "毫安时": "mah", "毫安": "mah", "兆": "mbps", "瓦": "w"}
_UNIT = re.compile(rf"(?<=\d)\s*({'|'.join(sorted(UNITS, key=len, reverse=True))})")


def has_han(text: str) -> bool:
    """Whether the text holds a Chinese character."""
    return not text.isascii() and _HAN.search(text) is not None


def is_joint(name: str) -> bool:
    """Whether a name speaks of several things: "phones and tablets"."""
    return any(character in _JOINTS for character in name)


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=20_000)
def simplified(text: str) -> str:
    """Traditional characters as simplified ones, units after numbers as the index writes them."""
    return _UNIT.sub(lambda found: f"{UNITS[found[1]]} ", _converter().convert(text))


def pieces(run: str) -> Iterator[str]:
    """What the index holds of a run of characters: each, each pair of neighbours, and a short run as a whole."""
    yield from run
    yield from (run[start : start + 2] for start in range(len(run) - 1))
    if 2 < len(run) <= WORD_LENGTH:
        yield run


@lru_cache(maxsize=20_000)
def latin(run: str) -> tuple[str, ...]:
    """How a short run is typed without a Chinese keyboard: pinyin, and the initials of two syllables and more."""
    if not 2 <= len(run) <= WORD_LENGTH:
        return ()
    syllables = lazy_pinyin(run)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables)


def segmented(run: str, known: Callable[[str], bool]) -> list[str]:
    """The fewest known words that the run is made of; an unknown character stands alone.

    Words of up to WORD_LENGTH characters are tried; of two ways of equal cost the one with the longer first word wins.
    """
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(run) + 1):
        options = []
        for start in range(max(0, end - WORD_LENGTH), end):
            length = end - start
            if length == 1 or known(run[start:end]):
                # A single character says less than a word: two of them cost more than one pair.
                cost = 1.0 if length > 1 else (1.2 if known(run[start]) else 3.0)
                options.append((best[start][0] + cost, start))
        best.append(min(options))
    words: list[str] = []
    end = len(run)
    while end:
        start = best[end][1]
        words.append(run[start:end])
        end = start
    found = words[::-1]
    return [word for word in found if word not in STOP_CHARACTERS] or found
