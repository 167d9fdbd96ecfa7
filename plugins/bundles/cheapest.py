"""The least that one pays a month for an offer: over its commitments, from what it suggests with each plan. Pure."""

from dataclasses import dataclass, replace
from decimal import Decimal

from kernel.errors import ApiError
from plugins.bundles import configurator, quoting, repair
from plugins.bundles.compiled import Asking, Compiled, Selected
from plugins.bundles.default_terms import MONTHLY_KINDS
from plugins.bundles.price_lines import BundlePrice
from plugins.bundles.structure import Choice, Rule, Structure


@dataclass(frozen=True, slots=True)
class Least:
    """The price and the commitment it is for."""

    term: int
    price: BundlePrice


def least(offer: Compiled, asking: Asking, *, option: int | None = None) -> Least:
    """The cheapest a month, with that option when one is named. Nothing is in it where nothing can be chosen."""
    found: list[Least] = []
    for term in offer.document.terms:
        for choice in _candidates(offer, term, asking, option):
            price = _price(offer, choice, term, asking)
            if price is not None:
                found.append(Least(term, price))
    if not found:
        term = offer.document.first_term
        return Least(term, quoting.empty_price(offer, asking, term))
    return min(found, key=_amounts)


def least_by_sku(offer: Compiled, asking: Asking) -> dict[str, Least]:
    """The cheapest a month with each SKU; one that cannot be chosen is left out."""
    found: dict[str, Least] = {}
    for option in offer.structure.options:
        made = least(offer, asking, option=option.index)
        if made.price.lines:
            found[option.sku] = min(made, found.get(option.sku, made), key=_amounts)
    return found


def _amounts(one: Least) -> tuple[Decimal, Decimal]:
    return one.price.monthly.amount, one.price.total_over_term.amount


def _candidates(offer: Compiled, term: int, asking: Asking, option: int | None) -> list[Choice]:
    """The smallest valid choice with each plan by itself."""
    obstacles = configurator.obstacles_of(offer, term, asking)
    caps = configurator.caps_of(offer, obstacles)
    plans: list[int | None] = [
        one.index
        for one in offer.structure.options
        if one.sku in offer.listed and offer.listed[one.sku].product.kind in MONTHLY_KINDS and caps[one.index]
    ]
    found = []
    for plan in plans or [None]:
        pins = {pin for pin in (option, plan) if pin is not None and caps[pin]}
        if option is not None and option not in pins:
            continue
        start: Choice = {(pin, 1): 1 for pin in sorted(pins)}
        mended = repair.repair(_pinned(offer.structure, pins), start, caps)
        if mended is not None:
            choice = {key: start.get(key, 0) + mended.change.get(key, 0) for key in start.keys() | mended.change.keys()}
            found.append({key: units for key, units in choice.items() if units})
    return found


def _pinned(structure: Structure, pins: set[int]) -> Structure:
    """The same structure, with these options needed."""
    needs = tuple(Rule("", False, None, None, frozenset({pin}), 1) for pin in sorted(pins))
    first = len(structure.rules)
    return replace(
        structure,
        rules=(*structure.rules, *needs),
        standing=(*structure.standing, *range(first, first + len(needs))),
    )


def _price(offer: Compiled, choice: Choice, term: int, asking: Asking) -> BundlePrice | None:
    selections = [Selected(offer.code(key), offer.sku(key), key[1], units) for key, units in sorted(choice.items())]
    try:
        return quoting.price(offer, configurator.judge(offer, term, selections, asking), asking, term)
    except ApiError:
        # It has no price with this commitment: then it is none of the cheapest.
        return None
