"""How good a ranking is: nDCG, reciprocal rank of what was asked for, and how often nothing is found."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from bench.relevance.grading import ASKED_FOR
from bench.relevance.queries import Graded

# From a text to product ids, best first; ids that come twice count once.
Ranker = Callable[[str], Sequence[str]]
DEPTH = 10
# What lies beyond the first page is not looked at.
PAGE = 24


@dataclass(frozen=True)
class Scores:
    """Means over queries. `mrr` is over those that have an answer of the highest grade."""

    queries: int
    ndcg: float
    mrr: float
    zero_rate: float


@dataclass(frozen=True)
class Judged:
    """One query's result, judged; `reciprocal` is None where the catalogue has nothing of the highest grade."""

    graded: Graded
    ndcg: float
    reciprocal: float | None
    found: int


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain: gain 2^grade - 1, discount log2(rank + 1), ideal over all products."""
    ideal = _dcg(sorted(grades.values(), reverse=True)[:depth])
    return _dcg([grades.get(product, 0) for product in ranked[:depth]]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], grade: int = ASKED_FOR) -> float:
    """One over the rank of the first product of the grade; 0 when the ranking has none."""
    return next((1 / rank for rank, product in enumerate(ranked, start=1) if grades.get(product, 0) >= grade), 0.0)


def judge(ranker: Ranker, graded: Graded) -> Judged:
    """What the ranker makes of one query."""
    ranked = list(dict.fromkeys(ranker(graded.query.text)))[:PAGE]
    grades = graded.grades
    reciprocal = reciprocal_rank(ranked, grades) if ASKED_FOR in grades.values() else None
    return Judged(graded, ndcg(ranked, grades), reciprocal, len(ranked))


def summary(judged: Iterable[Judged]) -> Mapping[str, Scores]:
    """Scores over all queries under "all", and of each class under its name."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups["all"].append(one)
        groups[one.graded.query.query_class].append(one)
    return {name: _scores(members) for name, members in groups.items()}


def _dcg(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))


def _scores(judged: Sequence[Judged]) -> Scores:
    reciprocals = [one.reciprocal for one in judged if one.reciprocal is not None]
    return Scores(
        queries=len(judged),
        ndcg=fmean(one.ndcg for one in judged),
        mrr=fmean(reciprocals) if reciprocals else 0.0,
        zero_rate=fmean(one.found == 0 for one in judged),
    )
