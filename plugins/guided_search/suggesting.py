"""What the characters typed so far may become: searches that others made, categories, products."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops, matching, ordering, spelling, text
from plugins.guided_search.analysis import CATEGORY
from plugins.guided_search.index import Index
from plugins.guided_search.matching import Match
from plugins.guided_search.ordering import Order
from plugins.guided_search.words import Synonyms

# Of the words that begin so, the most frequent ones are looked at.
_COMPLETIONS_TRIED = 40


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`categories` are (slug, name), products are ids, best first."""

    queries: list[str]
    categories: list[tuple[str, str]]
    product_ids: list[str]


class Popular:
    """Searches that people made and found something by, each with its weight; found by how they begin."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._texts = sorted(weights)
        self._weights: NDArray[np.float64] = np.array([weights[key] for key in self._texts], np.float64)

    def starting_with(self, prefix: str, limit: int) -> list[str]:
        """The heaviest texts that start so."""
        first = bisect_left(self._texts, prefix)
        last = bisect_left(self._texts, prefix + "\U0010ffff", lo=first)
        best = np.argsort(-self._weights[first:last], kind="stable")[:limit]
        return [self._texts[first + at] for at in best.tolist()]


NOBODY = Popular({})


def suggest(
    index: Index,
    prefix: str,
    limit: int,
    popular: Popular = NOBODY,
    language: str = "en",
    synonyms: Synonyms | None = None,
) -> Suggestions:
    """Suggestions for what was typed so far, at most `limit` of each sort, from the first character on."""
    typed = text.query_tokens(prefix)
    if not typed:
        return Suggestions([], [], [])
    match = matching.match(index, prefix, synonyms=synonyms, typing=True)
    corrected = prefix
    if match.correction is not None or not len(match.rows):
        corrected = _corrected(index, typed) or prefix
        if corrected != prefix:
            match = matching.match(index, corrected, synonyms=synonyms, typing=True)
            typed = text.query_tokens(corrected)
    order = Order(match.rows, ordering.keys(index, match.rows, match.scores, None))
    best = [index.entry(row) for row in order.page(0, limit)]
    return Suggestions(
        queries=_queries(index, corrected, typed, [entry.name for entry in best], match, popular, limit),
        categories=_categories(index, typed[-1].raw, language, limit),
        product_ids=[entry.id for entry in best],
    )


def _corrected(index: Index, typed: Sequence[text.Token]) -> str | None:
    """What was typed with its last word as the start of a known one."""
    started = spelling.started(index, typed[-1].raw)
    return " ".join([*(token.raw for token in typed[:-1]), started]) if started else None


def _queries(
    index: Index,
    prefix: str,
    typed: Sequence[text.Token],
    names: Sequence[str],
    match: Match,
    popular: Popular,
    limit: int,
) -> list[str]:
    """Searches of others that start so; then the last word completed; then names of the best products."""
    start = text.fold(prefix).strip()
    found = popular.starting_with(start, limit)
    before = " ".join(token.raw for token in typed[:-1])
    completed = [f"{before} {index.written(term)}".strip() for term in _completions(index, typed[-1], match)]
    folded = [text.fold(name) for name in names]
    return list(dict.fromkeys([*found, *completed[: limit // 2 + 1], *folded, *completed]))[:limit]


def _completions(index: Index, last: text.Token, match: Match) -> list[str]:
    """Words of names, brands and categories of matching products that start so, the most frequent among them first."""
    terms = index.postings.starting_with(text.fold(last.raw))
    if not len(terms):
        terms = index.postings.starting_with(last.term)
    naming = index.postings.naming[terms.start : terms.stop]
    frequent = np.argsort(-naming, kind="stable")[:_COMPLETIONS_TRIED]
    counts: dict[str, int] = {}
    for at in frequent.tolist():
        number = terms.start + at
        term = index.postings.vocabulary[number]
        if naming[at] and " " not in term and term in index.surface:
            hits = index.postings.hits(term)
            few = len(match.rows) < naming[at]
            counts[term] = loops.overlap(match.rows, hits.docs, hits.weights, CATEGORY) if few else int(naming[at])
    return sorted((term for term, count in counts.items() if count), key=lambda term: (-counts[term], term))


def _categories(index: Index, typed: str, language: str, limit: int) -> list[tuple[str, str]]:
    """Categories of which a word begins so."""
    fitting = (
        (slug, name)
        for _count, name, slug, starts in index.category_starts(language)
        if any(start.startswith(typed) for start in starts)
    )
    return list(islice(fitting, limit))
