"""The life of a bundle after its sale: bills, parts given back, changed, added or left, and the end.

Each act returns the life after it, with one entry for each line that money moved for; whatever happens, a line's
entries sum to what the line cost. What was agreed at the sale stays (instalments, credits, deposits, penalties, terms
of the version that was bought); what is paid for the months to come is priced anew for the parts that remain.
Months are whole: bills by the day are `proration`'s.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NoReturn

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.discounts import units_in
from plugins.bundles.errors import BUNDLE_ENDED, INVALID_QUANTITY, UNKNOWN_LINE
from plugins.bundles.price_lines import BundlePrice, LineKey, PriceLine, Rule, Step
from plugins.bundles.pricing import MOST_UNITS, price_bundle
from plugins.bundles.rounding import allocate, as_money, minor
from plugins.bundles.shares import ended, joined, paid_by, returned_deposit, split, traded_in
from plugins.bundles.tax import rules_of, tax_on_price
from plugins.bundles.terms import UNTAXED, BundleTerms, Chosen, OnReturn


class Kind(StrEnum):
    """What an entry is for."""

    SALE = "sale"
    TRADE_IN = "trade_in"  # paid with an old device, not with money
    BILL = "bill"
    DEPOSIT_RETURNED = "deposit_returned"
    RETURN = "return"  # what was paid for units that came back
    WITHHELD = "withheld"  # a discount that the rest no longer deserves
    EXIT = "exit"  # a line was left
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Entry:
    """Money for one line: paid by the customer, or given back when negative. `number` tells lines of one key apart."""

    month: int
    number: int
    key: LineKey
    kind: Kind
    amount: Money


@dataclass(frozen=True, slots=True)
class Running:
    """A line that goes on. `left` is what those of its units cost that have left, their exit in it."""

    number: int
    line: PriceLine
    left: int = 0

    def cost(self, month: int) -> int:
        """All that the line has cost up to `month`, in money and in old devices: what its entries sum to."""
        return self.left + paid_by(self.line, month) + traded_in(self.line)


@dataclass(frozen=True, kw_only=True)
class Life:
    """A bundle that was sold: `month` months were billed. `last` holds the entries of the last act."""

    context: PriceContext
    terms: BundleTerms
    month: int
    running: tuple[Running, ...]
    entries: tuple[Entry, ...]
    last: tuple[Entry, ...]
    next_number: int

    @property
    def to_pay(self) -> Money:
        """What the last act asks of the customer in money; negative: what is given back."""
        return Money.total(
            (entry.amount for entry in self.last if entry.kind is not Kind.TRADE_IN), self.context.currency
        )

    @property
    def price(self) -> BundlePrice:
        """The lines as they are now, their months counted from the sale."""
        return BundlePrice(context=self.context, terms=self.terms, lines=tuple(each.line for each in self.running))

    @property
    def exit_cost(self) -> Money:
        """What leaving now costs."""
        return as_money(sum(each.line.exit_cost(self.month) for each in self.running), self.context.currency)


def begin(price: BundlePrice) -> Life:
    """The life of a bundle that is sold at this price."""
    empty = Life(context=price.context, terms=price.terms, month=0, running=(), entries=(), last=(), next_number=1)
    return _with(empty, *_started(empty, price.lines))


def bill(life: Life) -> Life:
    """One more month passes and is paid; deposits whose months are over come back. Errors: BUNDLE_ENDED."""
    _check_running(life)
    month = life.month + 1
    if month > max(len(each.line.months) for each in life.running):
        raise ApiError(BUNDLE_ENDED, _("The commitment of this bundle is over."))
    entries = []
    for each in life.running:
        entries.append(_entry(life, each, Kind.BILL, each.line.month(month)))
        back = returned_deposit(each.line, month) - returned_deposit(each.line, life.month)
        entries.append(_entry(life, each, Kind.DEPOSIT_RETURNED, -back))
    return _with(replace(life, month=month), life.running, [replace(entry, month=month) for entry in entries])


def give_back(life: Life, parts: Mapping[LineKey, int]) -> Life:
    """Units of lines come back within the time for returns: all that was paid for them is given back.

    A discount of the bundle that the rest no longer deserves is kept from it where the offer says so (REPRICE), at
    most the whole refund. The months to come are priced anew. Errors: BUNDLE_ENDED, UNKNOWN_LINE, INVALID_QUANTITY,
    CREDIT_EXCEEDS_BILL (the rest would not bear its credits: what they belong to comes back with it, or nothing).
    """
    for key, units in parts.items():
        have = sum(each.line.quantity for each in _find(life, key))
        if not 1 <= units <= have:
            _refuse_quantity(have)
    wanted = Counter(parts)
    rest: list[Running] = []
    entries: list[Entry] = []
    for each in life.running:
        units = min(wanted[each.line.key], each.line.quantity) if each.line.chosen is not None else 0
        wanted[each.line.key] -= units
        gone, kept = split(each.line, units)
        # What the old device brought is given back in money, since the device itself is gone.
        entries.append(_entry(life, each, Kind.RETURN, -paid_by(gone, life.month) - traded_in(gone)))
        if units < each.line.quantity:
            rest.append(replace(each, line=kept))
    refund = -sum(minor(entry.amount) for entry in entries)
    rest, withheld = _withhold(life, rest, max(0, refund))
    running, _none = _priced_anew(life, rest)
    return _with(life, running, entries + withheld)


def leave(life: Life) -> Life:
    """The customer leaves: every line is settled by its exit cost. Errors: BUNDLE_ENDED."""
    _check_running(life)
    return _with(life, (), [_left(life, each) for each in life.running])


def remove(life: Life, key: LineKey) -> Life:
    """One line is left early, by its exit cost; the rest is priced anew. Errors: BUNDLE_ENDED, UNKNOWN_LINE."""
    found = _find(life, key)
    running, _none = _priced_anew(life, [each for each in life.running if each not in found])
    return _with(life, running, [_left(life, each) for each in found])


def change(life: Life, chosen: Sequence[Chosen], date: dt.date) -> Life:
    """Another choice from this month on: an upgrade, a smaller plan, one more line.

    Lines with the same key go on under their old terms; fewer of their units leave by exit cost, further ones begin.
    Lines that are not chosen again leave, new ones begin on `date`, with a term of their own. Errors: BUNDLE_ENDED and
    those of `price_bundle`.
    """
    _check_running(life)
    if any(choice.quantity < 1 for choice in chosen):
        _refuse_quantity(MOST_UNITS)
    wanted = Counter({choice.key: 0 for choice in chosen})
    for choice in chosen:
        wanted[choice.key] += choice.quantity
    kept: list[Running] = []
    entries: list[Entry] = []
    for each in life.running:
        if each.line.chosen is None:
            kept.append(each)
            continue
        stay = min(wanted[each.line.key], each.line.quantity)
        wanted[each.line.key] -= stay
        gone, rest = split(each.line, each.line.quantity - stay)
        entries.append(_left(life, replace(each, line=gone)))
        if stay:
            left = paid_by(gone, life.month) + traded_in(gone) + gone.exit_cost(life.month)
            kept.append(replace(each, line=rest, left=each.left + left))
    new = {choice.key: choice for choice in chosen if wanted[choice.key]}
    added = [replace(choice, quantity=wanted[key], agreed=date, start=life.month) for key, choice in new.items()]
    running, more = _priced_anew(life, kept, added)
    return _with(life, running, entries + more)


def _priced_anew(
    life: Life, kept: Sequence[Running], added: Sequence[Chosen] = ()
) -> tuple[list[Running], list[Entry]]:
    """What goes on with its months to come priced as it is now, and what begins; nothing when no part is left."""
    old = [each for each in kept if each.line.chosen is not None]
    choices = [*_chosen(old), *added]
    if not choices:
        return [], []
    price = price_bundle(choices, life.terms, life.context)
    # Lines come by instance, in the order given.
    order = sorted(range(len(choices)), key=lambda index: choices[index].instance)
    fresh = dict(zip(order, price.lines, strict=False))
    running = [replace(each, line=joined(each.line, fresh[index], life.month)) for index, each in enumerate(old)]
    begun, sold = _started(life, [fresh[index] for index in range(len(old), len(choices))])
    fees, charged = _fees(replace(life, next_number=life.next_number + len(begun)), kept, price, bool(added))
    return [*running, *begun, *fees], [*sold, *charged]


def _fees(life: Life, kept: Sequence[Running], price: BundlePrice, charge: bool) -> tuple[list[Running], list[Entry]]:
    """The bundle's fees after a change: a fee of the sale is charged for what is new alone, and never given back."""
    new = {line.key: line for line in price.lines if line.chosen is None}
    running, entries = [], []
    for each in (each for each in kept if each.line.chosen is None):
        line = new.pop(each.line.key, None)
        if line is None:
            running.append(replace(each, line=ended(each.line, life.month)))
            continue
        merged = joined(each.line, line, life.month)
        more = _risen(each.line, line) if charge else ()
        after = replace(each, line=replace(merged, steps=merged.steps + more))
        running.append(after)
        entries.append(_entry(life, after, Kind.FEE, sum(step.today for step in more)))
    begun, sold = _started(life, [_from_month(line, life.month, charge) for line in new.values()])
    return [*running, *begun], [*entries, *sold]


def _risen(old: PriceLine, new: PriceLine) -> tuple[Step, ...]:
    """What a fee of the sale costs more than was charged already."""
    charged: Counter[tuple[Rule, str]] = Counter()
    for step in old.steps:
        charged[step.rule, step.code] += step.today
    steps = (
        replace(step, today=max(0, step.today - charged[step.rule, step.code])) for step in new.steps if step.today
    )
    return tuple(step for step in steps if step.today)


def _from_month(line: PriceLine, month: int, charge: bool) -> PriceLine:
    """A fee that appears later: nothing of it is owed for the months before."""
    steps = (
        replace(
            step,
            today=step.today if charge else 0,
            months=(0,) * min(month, len(step.months)) + step.months[month:],
        )
        for step in line.steps
    )
    return replace(line, steps=tuple(steps))


def _withhold(life: Life, rest: list[Running], refund: int) -> tuple[list[Running], list[Entry]]:
    """Keep from the refund the discounts of the sale that the rest no longer deserves, with their tax."""
    rules = rules_of(life.terms.taxes, life.context.jurisdiction)
    entries = []
    for discount in life.terms.discounts:
        left = units_in(_chosen(rest), discount.groups)
        if discount.on_return is not OnReturn.REPRICE or left >= discount.minimum_units:
            continue
        taken: Counter[tuple[int, str]] = Counter()
        for place, each in enumerate(rest):
            for step in each.line.steps:
                if step.rule is Rule.DISCOUNT and step.code == discount.code:
                    taken[place, step.category] -= step.today
        shares = [(place, category, units) for (place, category), units in taken.items() if units > 0]
        whole = sum(units for *_, units in shares)
        amount = min(refund, whole)
        if amount <= 0:
            continue
        for (place, category, _units), part in zip(shares, allocate(amount, [each[2] for each in shares]), strict=True):
            steps = [Step(rule=Rule.DISCOUNT, code=discount.code, today=part, committed=True, category=category)]
            for code, tax in tax_on_price(rules, category, part):
                steps.append(Step(rule=Rule.TAX, code=code, today=tax, committed=True, category=UNTAXED))
            steps = _at_most(refund, steps)
            refund -= sum(step.today for step in steps)
            each = rest[place]
            entries.append(_entry(life, each, Kind.WITHHELD, sum(step.today for step in steps)))
            rest[place] = replace(each, line=replace(each.line, steps=(*each.line.steps, *steps)))
    return rest, entries


def _at_most(units: int, steps: Iterable[Step]) -> list[Step]:
    found = []
    for step in steps:
        found.append(replace(step, today=min(units, step.today)))
        units -= found[-1].today
    return found


def _started(life: Life, lines: Iterable[PriceLine]) -> tuple[tuple[Running, ...], list[Entry]]:
    running = tuple(Running(number, line) for number, line in enumerate(lines, start=life.next_number))
    entries = []
    for each in running:
        entries.append(_entry(life, each, Kind.SALE, each.line.today))
        entries.append(_entry(life, each, Kind.TRADE_IN, traded_in(each.line)))
    return running, entries


def _left(life: Life, each: Running) -> Entry:
    return _entry(life, each, Kind.EXIT, each.line.exit_cost(life.month))


def _chosen(running: Iterable[Running]) -> list[Chosen]:
    return [each.line.chosen for each in running if each.line.chosen is not None]


def _entry(life: Life, each: Running, kind: Kind, units: int) -> Entry:
    return Entry(life.month, each.number, each.line.key, kind, as_money(units, life.context.currency))


def _find(life: Life, key: LineKey) -> list[Running]:
    _check_running(life)
    found = [each for each in life.running if each.line.key == key and each.line.chosen is not None]
    if not found:
        raise ApiError(UNKNOWN_LINE, _("This bundle has no such line."), field="line")
    return found


def _check_running(life: Life) -> None:
    if not life.running:
        raise ApiError(BUNDLE_ENDED, _("This bundle has ended."))


def _with(life: Life, running: Iterable[Running], entries: Iterable[Entry]) -> Life:
    lines = tuple(running)
    last = tuple(entry for entry in entries if entry.amount.amount)
    highest = max((each.number for each in lines), default=0) + 1
    return replace(
        life,
        running=lines,
        entries=life.entries + last,
        last=last,
        next_number=max(life.next_number, highest),
    )


def _refuse_quantity(most: int) -> NoReturn:
    message = _("A quantity is a whole number from 1 to %(most)d.")
    raise ApiError(INVALID_QUANTITY, message, field="quantity", params={"most": most})
