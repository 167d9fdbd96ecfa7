"""From what merchandisers set up to what it does to one search: rules fired, dimensions shown, words that mean the
same."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np

from kernel import clock
from plugins.guided_search import text, words
from plugins.guided_search.address import AT_ADDRESS
from plugins.guided_search.columns import ALWAYS
from plugins.guided_search.documents import DimensionSpec
from plugins.guided_search.engine import Boost, Tuning
from plugins.guided_search.facets import ATTRIBUTES_SHOWN, Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.monthly import MONTHLY_PRICE
from plugins.guided_search.postings import Weights
from plugins.guided_search.stock import IN_STORE
from plugins.guided_search.words import Synonyms
from plugins.merchandising import rules
from plugins.merchandising.rules import Compiled, Fired, Situation
from plugins.merchandising.setup import Conditions, Setup

# Dimensions that a search has only where something is chosen or told: a store or place, an address, monthly prices.
AT_THE_MOMENT = frozenset({IN_STORE, AT_ADDRESS, MONTHLY_PRICE})


@dataclass
class Rules:
    """A channel's set-up as the search uses it."""

    compiled: Compiled
    _synonyms: dict[str, Synonyms] = field(default_factory=dict)

    @property
    def setup(self) -> Setup:
        return self.compiled.setup

    @cached_property
    def moments(self) -> tuple[datetime, ...]:
        """When rules begin or end."""
        triggers = [rule.trigger for rule in self.setup.rules]
        return tuple(sorted({at for trigger in triggers for at in (trigger.starts_at, trigger.ends_at) if at}))

    def synonyms(self, language: str) -> Synonyms:
        """What phrases also stand for: the trade's vocabulary less what rows replace, and the merchandisers' words."""
        if language not in self._synonyms:
            rows = [row for row in self.setup.synonyms if row.language in ("", language)]
            found = dict(words.synonyms(frozenset(row.code for row in rows if row.code.startswith(words.PREFIX))))
            for phrase, others in self.compiled.synonyms(language).items():
                found[phrase] = tuple(dict.fromkeys((*found.get(phrase, ()), *others)))
            self._synonyms[language] = found
        return self._synonyms[language]


def rules_of(setup: Setup) -> Rules:
    """The set-up, its phrases cut up as searches are."""
    return Rules(rules.compile(setup, text.terms))


def specs(setup: Setup) -> tuple[DimensionSpec, ...]:
    """How the index is to hold the dimensions that are set up; what is never shown groups nothing."""
    found = {
        row.name: DimensionSpec(row.name, row.attribute, row.kind, row.bounds, grouping=row.is_shown)
        for row in setup.dimensions
        if row.name != MONTHLY_PRICE
        and (row.kind != "BOOLEAN" or (row.name == row.attribute and row.name not in (IN_STORE, AT_ADDRESS)))
    }
    # Four dimensions are there whatever is set up.
    for name, kind in (("category", "HIERARCHY"), ("brand", "TERMS"), ("kind", "TERMS"), ("price", "RANGE")):
        found.setdefault(name, DimensionSpec(name, kind=kind))  # type: ignore[arg-type]
    return tuple(found.values())


def situation(
    index: Index,
    *,
    typed: str,
    refinements: Sequence[Refinement],
    channel: str,
    sales_channel: str,
    store_id: str | None,
    segment: str,
    at: datetime | None,
) -> Situation:
    """What a search is about, for the rules."""
    chosen = {item.dimension: _chosen(item) for item in refinements if item.narrows}
    return Situation(
        at=at or clock.now(),
        text=text.fold(typed).strip(),
        words=tuple(text.terms(typed)),
        categories=with_ancestors(index, chosen.get("category", frozenset())),
        refinements=chosen,
        channel=channel,
        sales_channel=sales_channel,
        store_id=store_id,
        segment=segment,
    )


def _chosen(item: Refinement) -> frozenset[str]:
    """The values chosen; bounds stand as a group is written."""
    if item.minimum is None and item.maximum is None:
        return frozenset(item.values)
    low, high = ("" if bound is None else bound for bound in (item.minimum, item.maximum))
    return frozenset((*item.values, f"{low}..{high}"))


def with_ancestors(index: Index, categories: frozenset[str]) -> frozenset[str]:
    """Categories and all that they are in."""
    found: set[str] = set()
    for slug in categories:
        node = index.categories.get(slug)
        while node is not None and node.slug not in found:
            found.add(node.slug)
            node = index.categories.get(node.parent or "")
    return frozenset(found | categories)


def tuning(fired: Fired, synonyms: Synonyms, popular: Weights | None, given: Collection[str]) -> Tuning:
    """What the rules that fired do to the result. `given` are the dimensions that this search has at the moment."""
    return Tuning(
        pins={pin.product_id: pin.position - 1 for pin in fired.pins},
        boosts=tuple(_boost(boost, given) for boost in fired.boosts),
        hidden=fired.hidden,
        synonyms=synonyms,
        popular=popular,
    )


def _boost(boost: rules.Boost, given: Collection[str]) -> Boost:
    """A condition on what this search does not have holds for nothing; products that are named are meant all the same.

    An attribute of the catalogue that is called so does not stand in for it.
    """
    conditions = () if lacking(boost.conditions, given) else refinements_of(boost.conditions)
    return Boost(boost.rule, boost.factor, boost.product_ids, conditions)


def lacking(conditions: Conditions, given: Collection[str]) -> list[str]:
    """The dimensions known only at the moment that conditions name and a search does not have."""
    return sorted((conditions.values.keys() | conditions.ranges.keys()) & AT_THE_MOMENT - set(given))


def refinements_of(conditions: Conditions) -> tuple[Refinement, ...]:
    """Conditions of a rule as choices in dimensions."""
    found = [Refinement(name, tuple(sorted(values))) for name, values in conditions.values.items()]
    found += [Refinement(name, (), span.minimum, span.maximum) for name, span in conditions.ranges.items()]
    return tuple(found)


def shown(
    found: Compiled, about: Situation, live: Sequence[str], measured: Sequence[str] = ()
) -> Callable[[Sequence[str]], Sequence[str]]:
    """Which dimensions to show beside a search, in order, given the attributes that apply to what was found.

    Set-up decides order, place and precedence; attributes that nobody set up follow, those that most products have
    first.
    """

    def choose(attributes: Sequence[str]) -> Sequence[str]:
        places = {row.name: place for place, row in enumerate(found.setup.dimensions)}
        applying = dict.fromkeys((*ALWAYS, *live, *measured, *attributes))
        ordered = sorted(applying, key=lambda name: places.get(name, len(places)))
        kept: list[str] = []
        for name in ordered:
            # The contract promises these four and the live ones whatever is set up.
            always = name in ALWAYS or name in live
            if always or rules.shown(found, name, about.refinements, about.categories)[0]:
                kept.append(name)
        own = {*ALWAYS, *live, *measured, *about.refinements}
        extra = [name for name in kept if name not in own]
        dropped = set(extra[ATTRIBUTES_SHOWN:])
        return [name for name in kept if name not in dropped]

    return choose


def kept_empty(setup: Setup) -> frozenset[str]:
    """Dimensions whose values stay, disabled, when no product has them."""
    return frozenset(row.name for row in setup.dimensions if row.show_empty)


def popularity(index: Index, clicks: Mapping[str, float]) -> Weights | None:
    """By row, how often a product was opened among those most opened, 0 to 1; None when nobody opened any."""
    kept = index.popular
    if kept is not None and kept[0] is clicks:
        return kept[1]
    counts = np.zeros(index.size, np.float32)
    for key, count in clicks.items():
        row = index.row_of.get(key)
        if row is not None:
            counts[row] = count
    most = float(counts.max(initial=0.0))
    weights = (np.log1p(counts) / np.log1p(most)).astype(np.float32) if most else None
    index.popular = (clicks, weights)
    return weights
