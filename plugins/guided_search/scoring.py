"""How well each matching product answers: the best place of each word, the share of the name that was typed, the kind
that is meant, words that stand side by side, needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops, words
from plugins.guided_search.analysis import CATEGORY, NAME, shingle
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Rows
from plugins.guided_search.reading import Reader, Reading, Word
from plugins.guided_search.words import Need

Scores = NDArray[np.float32]

NAME_BONUS = 20.0
SHINGLE_BONUS = 3.0
NEED_BONUS = 25.0
# A word whose best place is a name, a synonym of it included.
_IN_NAME = NAME * 0.75


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a product's score, for people who ask why it stands where it does."""

    what: str
    points: float


def rarity(index: Index, word: Word) -> float:
    """How much a word tells products apart."""
    return math.log(1 + len(index.rows) / (len(word.hits.docs) or 1))


def browsing(index: Index) -> Scores:
    """The scores of all rows when nothing was typed: by kind."""
    return _kind_factors(tuple(index.kinds), None)[index.kind[index.rows]]


def scores(index: Index, reader: Reader, reading: Reading, kept: Sequence[Word], rows: Rows) -> Scores:
    """A score for each of `rows`."""
    total, in_name = np.zeros((2, len(rows)), np.float32)
    if not len(rows):
        return total
    for word in (*kept, *reading.aside):
        _add_word(index, word, rows, total, in_name)
    if reader.does("names"):
        loops.add_names(total, in_name, rows, index.name_length, NAME_BONUS)
        _add_side_by_side(index, kept, rows, total)
    for need in reading.needs:
        _add_need(index, need, rows, total)
    if reader.does("kind"):
        loops.times_kind(total, rows, index.kind, _kind_factors(tuple(index.kinds), reading.meant))
    return total


def _add_word(index: Index, word: Word, rows: Rows, total: Scores, in_name: Scores) -> None:
    """A word that names a broad kind counts no more than a category, and not as a part of the name."""
    greatest, length = (CATEGORY, 0) if word.generic else (NAME, len(word.terms))
    loops.add_word(
        total, in_name, rows, word.hits.docs, word.hits.weights, rarity(index, word), greatest, _IN_NAME, length
    )


def _add_side_by_side(index: Index, kept: Sequence[Word], rows: Rows, total: Scores) -> None:
    for one, other in pairwise(kept):
        hits = index.postings.hits(shingle(one.terms[-1], other.terms[0]))
        if len(hits.docs):
            loops.add_where(total, rows, hits.docs, SHINGLE_BONUS)


def _add_need(index: Index, need: Need, rows: Rows, total: Scores) -> None:
    """How well each row serves a need; nothing for what has no such number."""
    numbers = index.needs.get(need.dimension)
    if numbers is not None:
        loops.add_need(total, rows, numbers.place, need.more, NEED_BONUS)


def explained(index: Index, reading: Reading, kept: Sequence[Word], row: int) -> list[Part]:
    """The parts of one product's score, in the order in which they are added up; the last one multiplies."""
    rows = np.array([row], np.int32)
    parts: list[Part] = []
    total, in_name = np.zeros((2, 1), np.float32)

    def part(what: str) -> None:
        parts.append(Part(what, round(float(total[0]), 2)))
        total[0] = 0

    for word in (*kept, *reading.aside):
        _add_word(index, word, rows, total, in_name)
        part(f"“{word.shown}”")
    loops.add_names(total, in_name, rows, index.name_length, NAME_BONUS)
    part("name")
    _add_side_by_side(index, kept, rows, total)
    part("phrase")
    for need in reading.needs:
        _add_need(index, need, rows, total)
        part(f"need: {need.dimension}")
    parts.append(Part("kind ×", float(_kind_factors(tuple(index.kinds), reading.meant)[index.kind[row]])))
    return parts


@lru_cache(maxsize=200)
def _kind_factors(kinds: tuple[str, ...], meant: str | None) -> Scores:
    if meant is None:
        factors = [words.KIND_FACTOR.get(kind, words.KIND_FACTOR["OTHER"]) for kind in kinds]
    else:
        factors = [words.MEANT_FACTOR if kind == meant else words.OTHER_FACTOR for kind in kinds]
    return np.array(factors, np.float32)
