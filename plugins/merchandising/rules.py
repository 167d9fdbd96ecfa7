"""Which rules fire for a search, what they ask for together, and why each did or did not: pure functions.

Rules are found through the words, categories and dimensions of the search, so that those that it does not touch cost
nothing, however many there are.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from plugins.merchandising.setup import (
    Conditions,
    GoTo,
    HideProducts,
    PinProducts,
    PlaceSpotlight,
    Rule,
    Setup,
    WeighProducts,
)

Terms = tuple[str, ...]
Tokeniser = Callable[[str], Sequence[str]]

# However many boosts meet in one product, text still counts.
LEAST_FACTOR, GREATEST_FACTOR = 0.05, 20.0
MAX_SPOTLIGHTS = 4
_NAMED = 3


def N_(sentence: str) -> str:
    """Marks a sentence for translation; whoever shows it translates it."""
    return sentence


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence with its facts, so that it can be said in another language."""

    sentence: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.facts


@dataclass(frozen=True, slots=True)
class Situation:
    """What a search is about.

    `text` as typed and folded, `words` its terms in order as the search's tokeniser gives them. `categories` are the
    chosen ones with their ancestors; `at` is aware.
    """

    at: datetime
    text: str = ""
    words: Terms = ()
    categories: frozenset[str] = frozenset()
    refinements: Mapping[str, frozenset[str]] = field(default_factory=dict)
    channel: str = ""
    sales_channel: str = "WEB"
    store_id: str | None = None
    segment: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """A product's place in the result, counted from 1; no two pins share a product or a place."""

    product_id: str
    position: int
    rule: str


@dataclass(frozen=True, slots=True)
class Boost:
    """A factor for the score of the products listed and of those that meet the conditions; below 1 it buries.

    Factors of several boosts multiply; see `combined`.
    """

    rule: str
    factor: float
    product_ids: frozenset[str]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class SpotlightSpec:
    """A group to place beside the result: `product_ids` or, when empty, the best of `query` and `refinements`."""

    rule: str
    title_en: str
    title_zh: str
    product_ids: tuple[str, ...]
    query: str
    refinements: Conditions
    limit: int


@dataclass(frozen=True, slots=True)
class Redirect:
    """The page that the searcher is sent to."""

    rule: str
    url: str


@dataclass(frozen=True, slots=True)
class Fired:
    """What the rules ask for together; `rules` are the codes of all that fired, in order."""

    pins: tuple[Pin, ...] = ()
    boosts: tuple[Boost, ...] = ()
    hidden: frozenset[str] = frozenset()
    spotlights: tuple[SpotlightSpec, ...] = ()
    redirect: Redirect | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trace:
    """Whether a rule fired, and why; `reason` reads as a sentence."""

    rule: str
    fired: bool
    reason: Reason


NOTHING = Fired()


class Compiled:
    """A set-up ready for searching: rules in order, and where to look for those that a search may trigger."""

    def __init__(self, setup: Setup, terms: Tokeniser) -> None:
        self.setup = setup
        self.rules: tuple[Rule, ...] = tuple(sorted(setup.rules, key=lambda rule: (rule.priority, rule.code)))
        # A phrase that holds nothing to search for (only stop words or signs) is never met.
        self.phrases: tuple[dict[Terms, str], ...] = tuple(
            {found: phrase for phrase in rule.trigger.phrases if (found := tuple(terms(phrase)))} for rule in self.rules
        )
        self._terms = terms
        self._always: list[int] = []
        self._by_phrase: dict[Terms, list[int]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._by_category: dict[str, list[int]] = defaultdict(list)
        self._by_dimension: dict[str, list[int]] = defaultdict(list)
        rarity = Counter(word for phrases in self.phrases for phrase in phrases for word in set(phrase))
        for number, rule in enumerate(self.rules):
            if rule.is_active:
                self._enter(number, rule, rarity)

    def _enter(self, number: int, rule: Rule, rarity: Mapping[str, int]) -> None:
        """Under something that a search must have for the rule to fire; the rarest word stands for a phrase."""
        trigger = rule.trigger
        if trigger.match == "EXACT":
            for phrase in self.phrases[number]:
                self._by_phrase[phrase].append(number)
        elif trigger.match != "NONE":
            for phrase in self.phrases[number]:
                self._by_word[min(phrase, key=lambda word: (rarity[word], word))].append(number)
        elif trigger.categories:
            for category in trigger.categories:
                self._by_category[category].append(number)
        elif trigger.refinements:
            self._by_dimension[min(trigger.refinements)].append(number)
        else:
            self._always.append(number)

    def triggered(self, situation: Situation) -> list[int]:
        """Numbers of the rules that fire, in order."""
        found = set(self._always)
        found.update(self._by_phrase.get(situation.words, ()))
        for word in situation.words:
            found.update(self._by_word.get(word, ()))
        for category in situation.categories:
            found.update(self._by_category.get(category, ()))
        for dimension in situation.refinements:
            found.update(self._by_dimension.get(dimension, ()))
        return [number for number in sorted(found) if self.obstacle(number, situation) is None]

    def obstacle(self, number: int, situation: Situation) -> Reason | None:
        """Why a rule does not fire; None when it does."""
        rule = self.rules[number]
        return next(_obstacles(rule, self.phrases[number], situation), None)

    @cached_property
    def _synonyms(self) -> Mapping[str, Mapping[Terms, tuple[Terms, ...]]]:
        known: dict[str, dict[Terms, dict[Terms, None]]] = defaultdict(lambda: defaultdict(dict))
        for synonyms in filter(lambda one: one.is_active, self.setup.synonyms):
            meant = [found for term in synonyms.terms if (found := tuple(self._terms(term)))]
            typed = [found for term in synonyms.sources if (found := tuple(self._terms(term)))]
            for source in meant if synonyms.kind == "TWO_WAY" else typed:
                known[synonyms.language][source].update(dict.fromkeys(term for term in meant if term != source))
        return {
            language: {source: tuple(found) for source, found in sources.items() if found}
            for language, sources in known.items()
        }

    def synonyms(self, language: str = "") -> Mapping[Terms, tuple[Terms, ...]]:
        """The terms that also stand for terms typed in a language: those of all languages and its own."""
        general, own = self._synonyms.get("", {}), self._synonyms.get(language, {}) if language else {}
        both = {source: tuple(dict.fromkeys((*general[source], *own[source]))) for source in general.keys() & own}
        return {**general, **own, **both}


def compile(setup: Setup, terms: Tokeniser) -> Compiled:
    """A set-up ready for searching. `terms` is the search's own tokeniser: phrases are cut up as searches are."""
    return Compiled(setup, terms)


def fire(compiled: Compiled, situation: Situation) -> Fired:
    """What the rules that this search triggers ask for together."""
    numbers = compiled.triggered(situation)
    return together([compiled.rules[number] for number in numbers]) if numbers else NOTHING


def together(rules: Sequence[Rule]) -> Fired:
    """What rules ask for, those first that come first: who comes first decides over a product, a place, the redirect.

    A product whose place is taken moves on to the next free one.
    """
    pins: dict[str, Pin] = {}
    taken: set[int] = set()
    hidden: set[str] = set()
    boosts: list[Boost] = []
    spotlights: list[SpotlightSpec] = []
    redirect: Redirect | None = None
    for rule in rules:
        match rule.action:
            case PinProducts(places):
                for product_id, wanted in places:
                    if product_id not in pins and product_id not in hidden:
                        place = _free(wanted, taken)
                        taken.add(place)
                        pins[product_id] = Pin(product_id, place, rule.code)
            case HideProducts(product_ids):
                hidden |= product_ids - pins.keys()
            case WeighProducts(factor, product_ids, conditions):
                boosts.append(Boost(rule.code, factor, product_ids, conditions))
            case PlaceSpotlight() as spot:
                spotlights.append(_spotlight(rule.code, spot))
            case GoTo(url):
                redirect = redirect or Redirect(rule.code, url)
    return Fired(
        pins=tuple(sorted(pins.values(), key=lambda pin: pin.position)),
        boosts=tuple(boosts),
        hidden=frozenset(hidden),
        spotlights=tuple(spotlights[:MAX_SPOTLIGHTS]),
        redirect=redirect,
        rules=tuple(rule.code for rule in rules),
    )


def combined(factors: Iterable[float]) -> float:
    """The product of the factors of all boosts that meet in one product, within bounds: burying never hides."""
    result = 1.0
    for factor in factors:
        result *= factor
    return min(max(result, LEAST_FACTOR), GREATEST_FACTOR)


def explain(compiled: Compiled, situation: Situation) -> tuple[Trace, ...]:
    """For each rule, in order, whether it fires and why."""
    return tuple(_trace(compiled, number, situation) for number in range(len(compiled.rules)))


def shown(
    configured: Compiled | Setup, dimension: str, chosen: Mapping[str, frozenset[str]], categories: Iterable[str]
) -> tuple[bool, Reason]:
    """Whether a dimension is shown beside what is chosen, and why. `categories` are the chosen ones with ancestors."""
    setup = configured.setup if isinstance(configured, Compiled) else configured
    if chosen.get(dimension):
        return True, Reason(N_("Something is chosen in it."))
    row, here = setup.dimension(dimension), frozenset(categories)
    if row is not None and not row.is_shown:
        return False, Reason(N_("It is set up never to be shown."))
    if row is not None and row.categories and not row.categories & here:
        return False, Reason(N_("It is shown only in %(categories)s."), {"categories": _listed(sorted(row.categories))})
    needs = [precedence for precedence in setup.precedence if precedence.dimension == dimension]
    for need in needs:
        if all(_is_met(name, values, chosen, here) for name, values in need.needs.items()):
            return True, Reason(N_("Something is chosen in “%(dimension)s”."), {"dimension": "”, “".join(need.needs)})
    if needs:
        ways = _ways({tuple(need.needs) for need in needs})
        return False, Reason(N_("It is shown only after a choice in %(dimensions)s."), {"dimensions": ways})
    return True, Reason(N_("Nothing holds it back."))


def _ways(ways: Iterable[tuple[str, ...]]) -> str:
    """Alternatives; dimensions that all must have a choice are joined by a plus."""
    return ", ".join(" + ".join(f"“{name}”" for name in way) for way in sorted(ways))


def _is_met(
    trigger: str, values: frozenset[str], chosen: Mapping[str, frozenset[str]], categories: frozenset[str]
) -> bool:
    found = chosen.get(trigger, frozenset()) | (categories if trigger == "category" else frozenset())
    return bool(found & values if values else found)


def _free(wanted: int, taken: set[int]) -> int:
    while wanted in taken:
        wanted += 1
    return wanted


def _spotlight(code: str, spot: PlaceSpotlight) -> SpotlightSpec:
    return SpotlightSpec(code, spot.title_en, spot.title_zh, spot.product_ids, spot.query, spot.refinements, spot.limit)


def _trace(compiled: Compiled, number: int, situation: Situation) -> Trace:
    rule = compiled.rules[number]
    obstacle = compiled.obstacle(number, situation)
    if obstacle is not None:
        return Trace(rule.code, False, obstacle)
    for terms, phrase in compiled.phrases[number].items():
        if _matches(rule.trigger.match, terms, situation.words):
            return Trace(rule.code, True, Reason(N_("The search matches “%(phrase)s”."), {"phrase": phrase}))
    return Trace(rule.code, True, Reason(N_("Everything that it asks for is given.")))


def _obstacles(rule: Rule, phrases: Iterable[Terms], situation: Situation) -> Iterator[Reason]:
    """What keeps the rule from firing, what people look for first first."""
    trigger = rule.trigger
    if not rule.is_active:
        yield Reason(N_("It is switched off."))
    if trigger.starts_at is not None and situation.at < trigger.starts_at:
        yield Reason(N_("It begins on %(moment)s."), {"moment": _moment(trigger.starts_at)})
    if trigger.ends_at is not None and situation.at >= trigger.ends_at:
        yield Reason(N_("It ended on %(moment)s."), {"moment": _moment(trigger.ends_at)})
    if trigger.match != "NONE" and not any(_matches(trigger.match, phrase, situation.words) for phrase in phrases):
        yield Reason(_NO_MATCH[trigger.match], {"phrases": _listed(trigger.phrases)})
    if trigger.categories and not trigger.categories & situation.categories:
        yield Reason(N_("None of these categories is chosen: %(values)s."), {"values": _listed(trigger.categories)})
    for dimension, values in sorted(trigger.refinements.items()):
        if not _is_met(dimension, values, situation.refinements, frozenset()):
            yield _not_chosen(dimension, values)
    if trigger.store_ids and situation.store_id not in trigger.store_ids:
        yield Reason(N_("It is for other stores."))
    if trigger.sales_channels and situation.sales_channel not in trigger.sales_channels:
        yield Reason(N_("It is only for the sales channels %(values)s."), {"values": _listed(trigger.sales_channels)})
    if trigger.segments and situation.segment not in trigger.segments:
        yield Reason(N_("It is only for the customer segments %(values)s."), {"values": _listed(trigger.segments)})


_NO_MATCH = {
    "EXACT": N_("The search is not exactly %(phrases)s."),
    "PHRASE": N_("The search does not contain %(phrases)s."),
    "ALL": N_("The search does not have all words of %(phrases)s."),
}


def _not_chosen(dimension: str, values: frozenset[str]) -> Reason:
    if not values:
        return Reason(N_("Nothing is chosen in “%(dimension)s”."), {"dimension": dimension})
    facts = {"dimension": dimension, "values": _listed(values)}
    return Reason(N_("In “%(dimension)s” none of these is chosen: %(values)s."), facts)


def _matches(mode: str, phrase: Terms, words: Terms) -> bool:
    match mode:
        case "EXACT":
            return phrase == words
        case "PHRASE":
            return any(words[start : start + len(phrase)] == phrase for start in range(len(words) - len(phrase) + 1))
        case "ALL":
            return set(phrase) <= set(words)
    return False


def _listed(values: Iterable[str]) -> str:
    """The first few in quotation marks."""
    found = list(values) if isinstance(values, tuple) else sorted(values)
    quoted = ", ".join(f"“{value}”" for value in found[:_NAMED])
    return quoted + (", …" if len(found) > _NAMED else "")


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M %Z}"
