"""What each option would change of the price of a choice: shown beside it before it is chosen. Pure.

Each option is priced with the choice as it would be: one more unit, or, in a group that takes one, this instead of what
is chosen there. It is told of one group at a time, of at most `MOST` options: each is a price of the whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from kernel.errors import ApiError
from kernel.money import Money
from plugins.bundles import configurator, quoting
from plugins.bundles.compiled import Asking, Compiled, Judged, Line
from plugins.bundles.price_lines import BundlePrice
from plugins.bundles.quoting import PAYMENT
from plugins.bundles.structure import Option

MOST: Final = 100


@dataclass(frozen=True, slots=True)
class Effect:
    """By how much the choice costs more or less with an option. Both are None where it has no price so, as when there
    is no room for another one; `replaces` is the SKU that would make way."""

    group: str
    instance: int
    sku: str
    chosen: bool
    replaces: str | None = None
    due_today: Money | None = None
    monthly: Money | None = None


def effects(
    offer: Compiled, judged: Judged, asking: Asking, term: int, *, group: str, instance: int = 1
) -> list[Effect]:
    """The effect of every option of a group that can be had here and now; `instance` is the one meant of a group that
    repeats."""
    obstacles = configurator.obstacles_of(offer, term, asking)
    before = _price(offer, judged.lines, asking, term) or quoting.empty_price(offer, asking, offer.document.first_term)
    meant = [
        option
        for option in offer.structure.options
        if option.index not in obstacles and offer.structure.groups[option.group].code == group
    ]
    return [_effect(offer, judged, asking, term, option, instance, before) for option in meant[:MOST]]


def _effect(
    offer: Compiled, judged: Judged, asking: Asking, term: int, option: Option, instance: int, before: BundlePrice
) -> Effect:
    number = instance if offer.structure.key(offer.structure.groups[option.group].code, option.sku, instance) else 1
    place = offer.structure.groups[option.group]
    here = [line for line in judged.lines if (line.group, line.instance) == (place.code, number)]
    own = next((line for line in here if line.sku == option.sku), None)
    found = Effect(place.code, number, option.sku, own is not None)
    nothing = Money.zero(offer.document.currency)
    if own is not None and place.upper == 1:
        return replace(found, due_today=nothing, monthly=nothing)
    if own is not None and own.quantity >= option.upper:
        return found
    gone = here[0] if place.upper == 1 and here else None
    after = _price(offer, list(_with(judged.lines, option, place.code, number, gone, offer)), asking, term)
    found = replace(found, replaces=gone.sku if gone else None)
    if after is None:
        return found
    return replace(found, due_today=after.due_today - before.due_today, monthly=after.monthly - before.monthly)


def _with(
    lines: Sequence[Line], option: Option, group: str, instance: int, gone: Line | None, offer: Compiled
) -> Iterator[Line]:
    key, added = (group, instance, option.sku), False
    for line in lines:
        if line.key == key:
            yield replace(line, quantity=line.quantity + 1)
            added = True
        elif line is not gone:
            yield line
    if not added:
        asked = {one.name for one in offer.options[option.index].characteristics}
        # How it is paid is meant for whatever stands there; an old device was graded for the other one.
        values = {PAYMENT: gone.values[PAYMENT]} if gone and PAYMENT in asked & gone.values.keys() else {}
        yield Line(option.index, group, instance, option.sku, 1, values, None)


def _price(offer: Compiled, lines: Sequence[Line], asking: Asking, term: int) -> BundlePrice | None:
    """The price, None for what has none: a choice that is not valid need not have one."""
    try:
        return quoting.price(offer, Judged(tuple(lines), ()), asking, term)
    except ApiError:
        return None
