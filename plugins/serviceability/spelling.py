"""Words that are one edit away: one letter more, fewer, other, or two neighbours swapped. Pure.

Two words are one edit apart when a letter can be left out of one, the other or both so that they are alike; so each
word is filed under itself and all its parts with one letter less (Garbe's symmetric deletion).
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA


class Spelling:
    """Finds the words of a list that are one edit from a text."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        filed = [(hash(part), number) for number, word in enumerate(words) for part in _parts(word)]
        hashes: NDArray[np.int64] = np.array([one for one, _number in filed], np.int64)
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._numbers = np.array([number for _one, number in filed], np.int32)[order]

    def near(self, text: str) -> list[int]:
        """The numbers of the words one edit away, the text itself not among them."""
        wanted = np.array([hash(part) for part in _parts(text)], np.int64)
        first = np.searchsorted(self._hashes, wanted, "left")
        last = np.searchsorted(self._hashes, wanted, "right")
        found = {
            int(number)
            for low, high in zip(first, last, strict=True)
            if low != high
            for number in self._numbers[low:high]
        }
        return [number for number in sorted(found) if OSA.distance(self.words[number], text, score_cutoff=1) == 1]

    @property
    def bytes(self) -> int:
        """Size in memory, without the words."""
        return self._hashes.nbytes + self._numbers.nbytes


def is_near(one: str, other: str) -> bool:
    """Whether two texts are one edit apart."""
    return OSA.distance(one, other, score_cutoff=1) == 1


def _parts(word: str) -> Iterator[str]:
    yield word
    yield from dict.fromkeys(word[:place] + word[place + 1 :] for place in range(len(word)))
