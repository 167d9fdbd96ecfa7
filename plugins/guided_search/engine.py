"""The search engine behind a small interface, and the one that works in this process's memory.

Another engine (a search server, say) is another class with these four methods. Nothing here knows tables or the web.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from plugins.guided_search import loops, matching, ordering, scoring, suggesting
from plugins.guided_search.documents import DEFAULT_DIMENSIONS, DimensionSpec, ProductDocument
from plugins.guided_search.facets import Facet, Refinement, Selection
from plugins.guided_search.index import Index
from plugins.guided_search.matching import Correction, Match
from plugins.guided_search.measured import Measured
from plugins.guided_search.ordering import Order, Sort
from plugins.guided_search.postings import WHOLE, Masks, Rows, Weights
from plugins.guided_search.scoring import Part, Scores
from plugins.guided_search.suggesting import Popular, Suggestions
from plugins.guided_search.words import Synonyms

# The best of a million would be pushed out by no boost, the worst by no bury.
LEAST_FACTOR, GREATEST_FACTOR = 0.01, 100.0
# What everybody opens counts so much more than what nobody opens.
POPULARITY_SHARE = 0.05


class Live(Protocol):
    """A dimension whose products are known only at the moment of asking, such as `in_store`."""

    @property
    def name(self) -> str: ...

    def masks(self, index: Index) -> Masks:
        """By row of the index, the variants that have it now."""
        ...


@dataclass(frozen=True, slots=True)
class Boost:
    """Products raised (`factor` above 1) or lowered by a rule: those named, and those with all of `conditions`, which
    may be in the question's live and measured dimensions, too."""

    rule: str
    factor: float
    products: frozenset[str] = frozenset()
    conditions: tuple[Refinement, ...] = ()


@dataclass(frozen=True, slots=True)
class Tuning:
    """What merchandising does to one search. `pins` are product ids with their place from 0."""

    pins: Mapping[str, int] = field(default_factory=dict)
    boosts: tuple[Boost, ...] = ()
    hidden: frozenset[str] = frozenset()
    synonyms: Synonyms | None = None
    # By row of the index, 0 to 1: a little more for what others open, among equals.
    popular: Weights | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One search. `search` names it for cursors."""

    text: str = ""
    refinements: tuple[Refinement, ...] = ()
    sort: Sort = Sort.RELEVANCE
    first: int = 24
    after: str | None = None
    search: str = ""
    verbatim: bool = False
    live: tuple[Live, ...] = ()
    # Ranges of numbers of this index that are known only now.
    measured: tuple[Measured, ...] = ()
    # Dimensions of which a row stands the further ahead, the earlier the first that it has: for the order by distance.
    nearest: tuple[Live, ...] = ()
    tuning: Tuning = field(default_factory=Tuning)
    # Names of the dimensions to show, given those that apply to what was found.
    shown: Callable[[Sequence[str]], Sequence[str]] | None = None
    # Dimensions whose values stay when no product has them.
    keep_empty: frozenset[str] = frozenset()
    # Pieces sold by SKU, for the order by best-selling.
    sold: Mapping[str, int] = field(default_factory=dict)

    @property
    def given(self) -> frozenset[str]:
        """The dimensions that it brings along, since they are known only now."""
        return frozenset([item.name for item in self.live] + [item.name for item in self.measured])


@dataclass(slots=True)
class Hit:
    """A product found, the search that found it, its place from 1 and the first of `Question.nearest` that has it."""

    row: int
    product_id: str
    search: str
    place: int
    nearest: int | None = None

    @property
    def cursor(self) -> str:
        """The cursor of its place: made when asked for, most are not."""
        return ordering.cursor(self.search, self.place, self.product_id)


@dataclass(slots=True)
class Page:
    """A page of a result, and the index that it was found in."""

    index: Index
    total: int
    # How many of them have all that was typed; the others come near.
    exact: int
    hits: list[Hit]
    facets: list[Facet]
    correction: Correction | None
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a product stands where it does: its place from 0 (None: not in the result), parts of its score, rules."""

    place: int | None
    parts: list[Part]
    boosts: list[Boost]
    score: float


class Engine(Protocol):
    """What guided search needs of an engine."""

    def update(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> None:
        """Take in products; searches that began before finish on what they began with."""
        ...

    def search(self, question: Question) -> Page:
        """Find products. Raises BadCursor for a cursor of another search."""
        ...

    def suggest(self, prefix: str, limit: int, popular: Popular, language: str, synonyms: Synonyms) -> Suggestions:
        """What the characters typed so far may become."""
        ...

    def explain(self, question: Question, product_id: str) -> Explanation | None:
        """Why a product stands where it does; None for an unknown product."""
        ...


class MemoryEngine:
    """Searches an index in memory; `index` is replaced as a whole, never changed."""

    def __init__(self, index: Index | None = None, specs: Sequence[DimensionSpec] = DEFAULT_DIMENSIONS) -> None:
        self.index = Index.build((), specs) if index is None else index

    def update(self, changed: Iterable[ProductDocument], removed: Iterable[str]) -> None:
        self.index = self.index.updated(changed, removed)

    def search(self, question: Question) -> Page:
        index = self.index
        found, selection, order = _found(index, question)
        start = 0
        if question.after is not None:
            start = ordering.start_after(question.after, question.search, index, order)
        rows = order.page(start, question.first)
        names = None
        if question.shown is not None:
            names = question.shown(selection.attribute_names())
        search, entry = question.search, index.entry
        hits = [Hit(row, entry(row).id, search, place) for place, row in enumerate(rows, start + 1)]
        if question.nearest:
            for hit, nearest in zip(hits, _nearest_of(index, question, selection, rows), strict=True):
                hit.nearest = nearest
        near = int(np.count_nonzero(loops.within(found.near, selection.rows))) if len(found.near) else 0
        return Page(
            index=index,
            total=selection.total(),
            exact=selection.total() - near,
            hits=hits,
            facets=selection.facets(names, question.keep_empty),
            correction=found.correction,
            has_next=start + len(hits) < selection.total(),
            has_previous=start > 0,
        )

    def suggest(self, prefix: str, limit: int, popular: Popular, language: str, synonyms: Synonyms) -> Suggestions:
        return suggesting.suggest(self.index, prefix, limit, popular, language, synonyms)

    def explain(self, question: Question, product_id: str) -> Explanation | None:
        index = self.index
        row = index.row_of.get(product_id)
        if row is None:
            return None
        found, selection, order = _found(index, question)
        at = int(np.searchsorted(found.rows, row))
        inside = at < len(found.rows) and found.rows[at] == row
        return Explanation(
            place=order.place_of(row),
            parts=scoring.explained(index, found.reading, found.words, row) if inside and found.reading.typed else [],
            boosts=[boost for boost in question.tuning.boosts if row in _boosted(selection, boost)],
            score=float(found.scores[at]) if inside else 0.0,
        )


def _found(index: Index, question: Question) -> tuple[Match, Selection, Order]:
    tuning = question.tuning
    found = matching.match(
        index,
        question.text,
        synonyms=tuning.synonyms,
        verbatim=question.verbatim,
        # In another order what only comes near would stand before what was asked for.
        nearby=question.sort is Sort.RELEVANCE,
    )
    found = _tuned(index, found, tuning)
    live = {item.name: item.masks(index) for item in question.live}
    selection = Selection(
        index, found.rows, question.refinements, masks=found.masks, live=live, measured=question.measured
    )
    found = _weighed(found, selection, tuning.boosts)
    scores = found.scores
    if selection.places is not None:
        scores = scores[selection.places]
    first = _ranks(index, question, selection)
    pins = (
        {index.row_of[key]: place for key, place in tuning.pins.items() if key in index.row_of} if first is None else {}
    )
    if pins:
        rows = np.array(sorted(pins), np.int32)
        pins = {row: pins[row] for row in rows[loops.within(rows, selection.rows)].tolist()}
    return found, selection, Order(selection.rows, ordering.keys(index, selection.rows, scores, first), pins)


def _ranks(index: Index, question: Question, selection: Selection) -> ordering.Keys | None:
    if question.sort is Sort.RELEVANCE:
        return None
    if question.sort is Sort.DISTANCE:
        return _by_distance(index, question.nearest, selection)
    if question.sort is Sort.BEST_SELLING:
        return ordering.most_first(index, question.sold)
    return index.ranks[question.sort.value]


def _by_distance(index: Index, nearest: Sequence[Live], selection: Selection) -> ordering.Keys:
    """By row, which is the first that has a variant that is left; after them all what none has."""
    rows, ranks = selection.rows, np.full(index.size, len(nearest), np.int64)
    for at in range(len(nearest) - 1, -1, -1):
        ranks[rows[selection.having(nearest[at].masks(index)[rows])]] = at
    return ranks


def _nearest_of(index: Index, question: Question, selection: Selection, rows: Sequence[int]) -> list[int | None]:
    """For each of a page's rows the first that has a variant that is left."""
    left, wanted = selection.left_of(rows), np.array(rows, np.int64)
    found: list[int | None] = [None] * len(rows)
    for at, live in enumerate(question.nearest):
        if None not in found:
            break
        for place, mask in enumerate(live.masks(index)[wanted].tolist()):
            if found[place] is None and mask & left[place]:
                found[place] = at
    return found


def _tuned(index: Index, found: Match, tuning: Tuning) -> Match:
    """With pinned products added, hidden ones left out, and a little more for what others open."""
    if tuning.pins:
        pinned = [index.row_of[key] for key in tuning.pins if key in index.row_of]
        missing = np.setdiff1d(np.array(pinned, np.int32), found.rows)
        if len(missing):
            found = _with_rows(index, found, missing)
    hidden = [index.row_of[key] for key in tuning.hidden if key in index.row_of]
    if hidden:
        kept = ~loops.within(found.rows, np.array(sorted(hidden), np.int32))
        masks = found.masks[kept] if len(found.masks) else WHOLE
        found = replace(found, rows=found.rows[kept], scores=found.scores[kept], masks=masks)
    if tuning.popular is not None and len(tuning.popular) == index.size:
        found = replace(found, scores=found.scores * (1 + POPULARITY_SHARE * tuning.popular[found.rows]))
    return found


def _weighed(found: Match, selection: Selection, boosts: Sequence[Boost]) -> Match:
    """With the scores of what is left raised and lowered."""
    if not boosts or not len(selection.rows):
        return found
    factors = np.ones(len(selection.rows), np.float32)
    for boost in boosts:
        factors[loops.within(selection.rows, _boosted(selection, boost))] *= boost.factor
    scores = found.scores.copy()
    scores[slice(None) if selection.places is None else selection.places] *= np.clip(
        factors, LEAST_FACTOR, GREATEST_FACTOR
    )
    return replace(found, scores=scores)


def _with_rows(index: Index, found: Match, missing: Rows) -> Match:
    places = np.searchsorted(found.rows, missing)
    masks = np.insert(found.masks, places, index.valid[missing]) if len(found.masks) else WHOLE
    scores: Scores = np.insert(found.scores, places, 0)
    rows: Rows = np.insert(found.rows, places, missing)
    return replace(found, rows=rows, scores=scores, masks=masks)


def _boosted(selection: Selection, boost: Boost) -> Rows:
    """The products named, and those left of which a variant that was found has all that the conditions ask for."""
    row_of = selection.index.row_of
    named = np.array(sorted(row_of[key] for key in boost.products if key in row_of), np.int32)
    if not boost.conditions:
        return named
    meeting = selection.meeting(boost.conditions)
    return np.union1d(named, meeting).astype(np.int32) if len(named) else meeting
