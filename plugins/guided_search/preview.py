"""What a search shows and why, for those who tune it: places with and without the rules, which rules fired and which
did not, which dimensions are shown and which are held back. Products and texts are read by the caller."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from plugins.guided_search import selectors, tuning
from plugins.guided_search.address import AT_ADDRESS
from plugins.guided_search.columns import ALWAYS, groups
from plugins.guided_search.engine import POPULARITY_SHARE, Boost, Explanation, Question
from plugins.guided_search.facets import ATTRIBUTES_SHOWN, Facet
from plugins.guided_search.monthly import MONTHLY_PRICE
from plugins.guided_search.selectors import Found, Search
from plugins.guided_search.stock import IN_STORE
from plugins.merchandising import rules
from plugins.merchandising.rules import N_, Reason, Situation, SpotlightSpec, Trace

SHOWN = 24
# Why a condition on what is known only at the moment holds for nothing.
_LACKING = {
    IN_STORE: N_("It fires, but its condition on stock holds for no product: no store and no place is chosen."),
    AT_ADDRESS: N_("It fires, but its condition on the address holds for no product: no address is chosen."),
    MONTHLY_PRICE: N_("It fires, but its condition on the price a month holds for no product: nobody tells any."),
}
# Places without the rules are found with one search so far, and one by one behind it.
BEFORE = 100


@dataclass(frozen=True, slots=True)
class Row:
    """A product of the result. Places count from 1; `before` is the one without rules, None when not found then."""

    place: int
    product_id: str
    score: float
    before: int | None
    # The place that a rule asked for.
    pinned_at: int | None
    boosts: Sequence[Boost]


@dataclass(frozen=True, slots=True)
class Line:
    """A dimension, why it is shown or not, and its values where it is."""

    name: str
    reason: Reason
    facet: Facet | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Why a product stands where it does, or that it is not in the result: `explanation.place` is then None.

    The score is the parts' sum by the factor of the kind, `popularity` and the boosts.
    """

    product_id: str
    explanation: Explanation
    popularity: float


@dataclass(frozen=True, slots=True)
class Preview:
    """One search with all that merchandising did to it; `hidden` are products with their places without rules."""

    found: Found
    rows: Sequence[Row]
    hidden: Sequence[tuple[str, int]]
    traces: Sequence[Trace]
    shown: Sequence[Line]
    withheld: Sequence[Line]
    spotlights: Sequence[tuple[SpotlightSpec, Sequence[str]]]
    why: Why | None

    @property
    def changes(self) -> bool:
        """Whether a rule changes which products stand where."""
        fired = self.found.fired
        return bool(fired.pins or fired.boosts or fired.hidden)


def preview(question: Search, explain: str = "") -> Preview:
    """The first page of a search and its reasons; `explain` is a product to tell more about.

    Costs the queries of the search alone. Raises what `selectors.search` raises.
    """
    found = selectors.search(replace(question, first=SHOWN, after=None))
    about = selectors.situation(found.ready, question)
    before = _Before(found)
    return Preview(
        found=found,
        rows=_rows(found, before),
        hidden=_hidden(found, before),
        traces=tuple(_traces(found, about)),
        shown=[Line(facet.name, _reason(found, about, facet.name), facet) for facet in found.page.facets],
        withheld=_withheld(found, about),
        spotlights=[(spot, selectors.spotlight_ids(found, spot)) for spot in found.fired.spotlights],
        why=_why(found, explain),
    )


def _traces(found: Found, about: Situation) -> Iterator[Trace]:
    """Why each rule fired or not, and of those that fired without anything to hold for, why that is."""
    asked = {boost.rule: boost.conditions for boost in found.fired.boosts}
    asked |= {spot.rule: spot.refinements for spot in found.fired.spotlights if not spot.product_ids}
    for trace in rules.explain(found.ready.rules.compiled, about):
        lacking = tuning.lacking(asked[trace.rule], found.question.given) if trace.rule in asked else []
        yield replace(trace, reason=Reason(_LACKING[lacking[0]])) if trace.fired and lacking else trace


class _Before:
    """The same search without the rules; synonyms stay."""

    def __init__(self, found: Found) -> None:
        tuning = replace(found.question.tuning, pins={}, boosts=(), hidden=frozenset())
        self._engine = found.ready.engine
        self._question = replace(found.question, tuning=tuning, first=BEFORE, shown=lambda _attributes: ())
        hits = self._engine.search(self._question).hits
        self._places = {hit.product_id: place for place, hit in enumerate(hits, 1)}

    def place(self, product_id: str) -> int | None:
        """Where the product stands, from 1."""
        place = self._places.get(product_id)
        if place is None:
            told = self._engine.explain(self._question, product_id)
            place = None if told is None or told.place is None else told.place + 1
        return place


def _rows(found: Found, before: _Before) -> list[Row]:
    pins = {pin.product_id: pin.position for pin in found.fired.pins}
    rows = []
    for place, hit in enumerate(found.page.hits, 1):
        told = found.ready.engine.explain(found.question, hit.product_id)
        assert told is not None
        rows.append(
            Row(
                place,
                hit.product_id,
                told.score,
                before.place(hit.product_id),
                pins.get(hit.product_id) if _pins_count(found.question) else None,
                told.boosts,
            )
        )
    return rows


def _pins_count(question: Question) -> bool:
    """Pinned products stand in their places only where the best come first."""
    return question.sort is selectors.Sort.RELEVANCE


def _hidden(found: Found, before: _Before) -> list[tuple[str, int]]:
    """The best of the products that a rule took out of this result."""
    known = sorted(key for key in found.fired.hidden if key in found.index.row_of)
    places = [(key, place) for key in known[:BEFORE] if (place := before.place(key)) is not None]
    return sorted(places, key=lambda item: item[1])[:SHOWN]


def _withheld(found: Found, about: Situation) -> list[Line]:
    """Dimensions that are set up, or that the found products have, and are not shown, each with the reason."""
    applying: list[str] = []

    def note(attributes: Sequence[str]) -> Sequence[str]:
        applying.extend(attributes)
        return ()

    # The engine says which attributes apply when it asks which to show.
    found.ready.engine.search(replace(found.question, first=1, shown=note))
    chosen = set(found.question.shown(applying)) if found.question.shown else set()
    shown = {facet.name for facet in found.page.facets}
    configured = (row.name for row in found.ready.rules.setup.dimensions)
    names = (name for name in dict.fromkeys((*configured, *applying)) if name not in shown)
    return [Line(name, _why_not(found, about, name, name in applying, name in chosen)) for name in names]


def _reason(found: Found, about: Situation, name: str) -> Reason:
    if name in ALWAYS or name in (IN_STORE, AT_ADDRESS):
        return Reason(N_("Every answer has it."))
    return rules.shown(found.ready.rules.compiled, name, about.refinements, about.categories)[1]


def _why_not(found: Found, about: Situation, name: str, applies: bool, chosen: bool) -> Reason:
    if name == IN_STORE:
        return Reason(N_("It is shown only where a store is chosen."))
    if name == MONTHLY_PRICE and not any(item.name == name for item in found.question.measured):
        return Reason(N_("Nobody tells monthly prices."))
    if name == AT_ADDRESS:
        return Reason(N_("It is shown only where an address is chosen."))
    allowed, reason = rules.shown(found.ready.rules.compiled, name, about.refinements, about.categories)
    if not allowed:
        return reason
    if name == MONTHLY_PRICE:
        return Reason(N_("None of these products has a value of it."))
    dimension = found.index.columns.dimensions.get(name)
    if dimension is None or not dimension.values:
        return Reason(N_("No product of this channel has a value of it."))
    if not groups(dimension):
        return Reason(N_("It has too many values to choose from."))
    if not applies:
        return Reason(N_("Too few of these products have it."))
    if chosen:
        return Reason(N_("None of these products has a value of it."))
    return Reason(N_("Only the first %(count)s attributes are shown."), {"count": str(ATTRIBUTES_SHOWN)})


def _why(found: Found, product_id: str) -> Why | None:
    told = found.ready.engine.explain(found.question, product_id) if product_id else None
    if told is None:
        return None
    popular = found.question.tuning.popular
    row = found.index.row_of[product_id]
    counts = popular is not None and len(popular) == found.index.size
    return Why(product_id, told, 1 + POPULARITY_SHARE * float(popular[row]) if popular is not None and counts else 1.0)


def product_ids(shown: Preview) -> list[str]:
    """All products that the preview speaks of, each once."""
    found = [row.product_id for row in shown.rows]
    found += [key for key, _place in shown.hidden]
    found += [key for _spot, ids in shown.spotlights for key in ids]
    return list(dict.fromkeys([*found, shown.why.product_id] if shown.why else found))
