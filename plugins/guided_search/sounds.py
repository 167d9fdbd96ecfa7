"""What words sound like, so that "fone" and "galaksy" lead to what was heard: English, and pinyin as it is mixed up.

Pure. A key is not a transcription: words that a listener may take for each other have the same one.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from plugins.guided_search import chinese

# In this order, on small letters. What stands at the start of a word is written with ^.
_ENGLISH: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"^kn|^gn", "n"), (r"^wr", "r"), (r"^ps", "s"), (r"ph", "f"), (r"gh(?=t|$)", ""), (r"gh", "g"),
        (r"tch|ch", "C"), (r"sch|sh|sj", "S"), (r"th", "t"), (r"ck|qu|q", "k"), (r"c(?=[eiy])|z", "s"), (r"c", "k"),
        (r"x", "ks"), (r"y|j(?=[aou])", "i"), (r"ee|ea|ie|ei", "i"), (r"oo|ou|ue", "u"), (r"au|aw|oa", "o"),
        (r"(.)\1+", r"\1"), (r"(?<=..)e(s?)$", r"\1"),
    )
)  # fmt: skip
_VOWELS: Final = re.compile(r"(?<!^)[aeiou]")
_SYLLABLES: Final = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|[aeiouv]))+"
)
# Sounds that speakers of many regions do not tell apart.
_PINYIN: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in ((r"([zcs])h", r"\1"), (r"([aei])ng", r"\1n"), (r"n(?=[aeiouv])|r(?=[aeiouv])", "l"),
                           (r"hu(?=[aeo])", "f"), (r"v", "u"))
)  # fmt: skip
SHORTEST: Final = 3


@lru_cache(maxsize=100_000)
def english(word: str) -> str:
    """The key of an English word, with its vowels; "" for what is no word."""
    if len(word) < SHORTEST or not (word.isascii() and word.isalpha()):
        return ""
    for pattern, sound in _ENGLISH:
        word = pattern.sub(sound, word)
    return word


def consonants(key: str) -> str:
    """The same without the vowels behind the first letter; "" where little is left."""
    left = _VOWELS.sub("", key)
    return left if len(left) >= SHORTEST else ""


@lru_cache(maxsize=100_000)
def pinyin(word: str) -> str:
    """The key of syllables in pinyin; "" for what is none."""
    if len(word) < SHORTEST or not _SYLLABLES.fullmatch(word):
        return ""
    for pattern, sound in _PINYIN:
        word = pattern.sub(sound, word)
    return word


class Sounds:
    """The words of an index by what they sound like."""

    def __init__(self, written: Mapping[str, str]) -> None:
        """`written` are words with their terms."""
        self._by_key: dict[str, list[tuple[str, str]]] = {}
        self._runs = [term for term in written.values() if chinese.has_han(term)]
        self._by_sound: dict[str, str] | None = None
        for word, term in written.items():
            for spelled in {word, term}:
                for key in _keys(spelled):
                    self._by_key.setdefault(key, []).append((spelled, term))

    def like(self, word: str) -> list[tuple[bool, str, str]]:
        """Other words that sound like this one: whether their vowels do too, the word, its term."""
        found: dict[str, tuple[bool, str, str]] = {}
        for key in _keys(word):
            for spelled, term in self._by_key.get(key, ()):
                if spelled != word:
                    found.setdefault(term, (not key.startswith("c:"), spelled, term))
        return list(found.values())

    def homophone(self, run: str) -> str | None:
        """Another run of Chinese characters that is read alike, such as 华为 for 花为; None where there is none."""
        if self._by_sound is None:
            self._by_sound = dict(_heard(self._runs))
        heard = chinese.latin(run)
        found = self._by_sound.get(pinyin(heard[0]) or heard[0]) if heard else None
        return None if found == run else found


def _keys(word: str) -> list[str]:
    """The keys of a word, those that say most first."""
    spoken, syllables = english(word), pinyin(word)
    keys = [f"e:{spoken}"] if spoken else []
    if syllables:
        keys.append(f"p:{syllables}")
    left = consonants(spoken)
    if left:
        keys.append(f"c:{left}")
    return keys


def _heard(runs: Iterable[str]) -> Iterable[tuple[str, str]]:
    for run in runs:
        spelled = chinese.latin(run)
        if spelled:
            yield pinyin(spelled[0]) or spelled[0], run
