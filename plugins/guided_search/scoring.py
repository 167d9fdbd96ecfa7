"""How well each matching product answers: the best place of each word, the share of the name that was typed, the kind
that is meant, words that stand side by side, needs."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import words
from plugins.guided_search.analysis import CATEGORY, NAME, shingle
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Rows, among
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
    return _kind_factors(index, None)[index.kind[index.rows]]


def scores(index: Index, reader: Reader, reading: Reading, kept: Sequence[Word], rows: Rows) -> Scores:
    """A score for each of `rows`."""
    total = np.zeros(len(rows), np.float32)
    if not len(rows):
        return total
    in_name = np.zeros(len(rows), np.float32)
    for word in (*kept, *reading.aside):
        weights = _weights(word, rows)
        total += np.float32(rarity(index, word)) * weights
        if not word.generic:
            in_name += (weights >= _IN_NAME) * len(word.terms)
    if reader.does("names"):
        total += NAME_BONUS * np.minimum(1.0, in_name / index.name_length[rows])
        total += _side_by_side(index, kept, rows)
    for need in reading.needs:
        total += NEED_BONUS * wanted(index, need, rows)
    if reader.does("kind"):
        total *= _kind_factors(index, reading.meant)[index.kind[rows]]
    return total


def explained(index: Index, reading: Reading, kept: Sequence[Word], row: int) -> list[Part]:
    """The parts of one product's score, in the order in which they are added up; the last one multiplies."""
    rows = np.array([row], np.int32)
    parts = [
        Part(f"“{word.shown}”", round(float(rarity(index, word) * _weights(word, rows)[0]), 2))
        for word in (*kept, *reading.aside)
    ]
    plain = [word for word in (*kept, *reading.aside) if not word.generic]
    in_name = sum(float(_weights(word, rows)[0] >= _IN_NAME) * len(word.terms) for word in plain)
    parts.append(Part("name", round(NAME_BONUS * min(1.0, in_name / float(index.name_length[row])), 2)))
    parts.append(Part("phrase", round(float(_side_by_side(index, kept, rows)[0]), 2)))
    parts += [
        Part(f"need: {need.dimension}", round(NEED_BONUS * float(wanted(index, need, rows)[0]), 2))
        for need in reading.needs
    ]
    parts.append(Part("kind ×", float(_kind_factors(index, reading.meant)[index.kind[row]])))
    return parts


def wanted(index: Index, need: Need, rows: Rows) -> Scores:
    """How well each row serves a need, 0 to 1; 0 for what has no such number."""
    numbers = index.needs.get(need.dimension)
    if numbers is None:
        return np.zeros(len(rows), np.float32)
    place = numbers.place[rows]
    return np.nan_to_num(place if need.more else 1 - place, nan=0.0)


def _weights(word: Word, rows: Rows) -> Scores:
    if not word.known:
        return np.zeros(len(rows), np.float32)
    places, there = among(word.hits, rows)
    weights = np.where(there, word.hits.weights[places], np.float32(0))
    return weights if not word.generic else np.minimum(weights, np.float32(CATEGORY))


def _side_by_side(index: Index, kept: Sequence[Word], rows: Rows) -> Scores:
    total = np.zeros(len(rows), np.float32)
    for one, other in pairwise(kept):
        hits = index.postings.hits(shingle(one.terms[-1], other.terms[0]))
        if len(hits.docs):
            total += SHINGLE_BONUS * among(hits, rows)[1]
    return total


def _kind_factors(index: Index, meant: str | None) -> Scores:
    if meant is None:
        factors = [words.KIND_FACTOR.get(kind, words.KIND_FACTOR["OTHER"]) for kind in index.kinds]
    else:
        factors = [words.MEANT_FACTOR if kind == meant else words.OTHER_FACTOR for kind in index.kinds]
    return np.array(factors, np.float32)
