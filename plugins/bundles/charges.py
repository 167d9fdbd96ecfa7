"""The steps of one line before the bundle's discounts, fees and taxes: charges, ladders, credits, instalments."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.instalments import Schedule, down_payment, schedule
from plugins.bundles.price_lines import ExitStep, Fact, Rule, Step
from plugins.bundles.rounding import minor, spread
from plugins.bundles.terms import (
    UNTAXED,
    Allowance,
    Chosen,
    Credit,
    Deposit,
    Given,
    InstalmentTerms,
    Ladder,
    OneTime,
    Recurring,
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Which lines a choice is on the ladders it stands on: its first number, and how many there are in all."""

    first: Mapping[str, int]
    totals: Mapping[str, int]


@dataclass(slots=True, kw_only=True)
class Draft:
    """A line in the making."""

    chosen: Chosen
    context: PriceContext  # of the day it was agreed
    horizon: int  # months of the bundle that amounts are told for
    steps: list[Step] = field(default_factory=list)
    exits: list[ExitStep] = field(default_factory=list)
    schedule: Schedule | None = None
    at_sale: list[tuple[Credit, int]] = field(default_factory=list)  # credits given at once, as far as they went
    paid_out: int = 0

    def placed(self, months: tuple[int, ...]) -> tuple[int, ...]:
        """Months of the line as months of the bundle."""
        return ((0,) * self.chosen.start + months)[: self.horizon]


def net_charges(draft: Draft) -> list[tuple[Step, int]]:
    """The one-time charges with what each still costs: those of one tax category together, the financed apart."""
    found: dict[tuple[bool, str], Step] = {}
    nets: Counter[tuple[bool, str]] = Counter()
    for step in draft.steps:
        kind = (step.financed, step.category)
        nets[kind] += step.today
        if step.rule is Rule.ONE_TIME:
            found.setdefault(kind, step)
    return [(step, nets[kind]) for kind, step in found.items()]


def lower_today(draft: Draft, rule: Rule, code: str, units: int, facts: tuple[Fact, ...]) -> int:
    """Take up to `units` off today's price, the financed part where there is one. Returns how much that was."""
    charges = sorted(net_charges(draft), key=lambda each: not each[0].financed)
    if not charges:
        return 0
    charge, net = charges[0]
    taken = min(units, net)
    draft.steps.append(
        Step(
            rule=rule,
            code=code,
            today=-taken,
            committed=True,
            financed=charge.financed,
            category=charge.category,
            facts=facts,
        )
    )
    return taken


def numbers_on_ladders(drafts: Sequence[Draft]) -> list[Numbers]:
    """For each choice its place on its ladders, in the order given."""
    totals: Counter[str] = Counter()
    found = []
    for draft in drafts:
        codes = {
            charge.price.code
            for charge in draft.chosen.terms.charges
            if isinstance(charge, OneTime | Recurring)
            and isinstance(charge.price, Ladder)
            and charge.when.holds(draft.context)
        }
        found.append(Numbers({code: totals[code] + 1 for code in codes}, totals))
        totals.update(dict.fromkeys(codes, draft.chosen.quantity))
    return found


def add_charges(draft: Draft, numbers: Numbers) -> None:
    """One-time and recurring charges, deposits and free usage."""
    for charge in draft.chosen.terms.charges:
        if not charge.when.holds(draft.context):
            continue
        match charge:
            case OneTime():
                category = charge.category or draft.chosen.terms.category
                for rule, units, facts in _price(charge.price, draft.chosen.quantity, numbers):
                    draft.steps.append(
                        Step(
                            rule=Rule.ONE_TIME if rule is None else rule,
                            code=charge.code,
                            today=units,
                            committed=True,
                            financed=charge.financed,
                            category=category,
                            facts=facts,
                        )
                    )
            case Recurring():
                category = charge.category or draft.chosen.terms.category
                for rule, units, facts in _price(charge.price, draft.chosen.quantity, numbers):
                    draft.steps.append(
                        Step(
                            rule=Rule.RECURRING if rule is None else rule,
                            code=charge.code,
                            months=draft.placed(_window(units, charge.first, charge.months, draft.horizon)),
                            prorated=charge.prorated,
                            category=category,
                            facts=facts,
                        )
                    )
            case Deposit():
                units = minor(charge.amount) * draft.chosen.quantity
                draft.steps.append(
                    Step(rule=Rule.DEPOSIT, code=charge.code, today=units, committed=True, category=UNTAXED)
                )
            case Allowance():
                quantity = "" if charge.quantity is None else charge.quantity
                draft.steps.append(
                    Step(rule=Rule.ALLOWANCE, code=charge.code, facts=(("unit", charge.unit), ("quantity", quantity)))
                )


def add_credits(draft: Draft) -> None:
    """Credits of the option: at once off today's price, as far as that goes, or month by month."""
    for credit in draft.chosen.terms.credits:
        if not credit.when.holds(draft.context):
            continue
        total = minor(credit.total) * draft.chosen.quantity
        if credit.given is Given.MONTHLY:
            draft.steps.append(monthly_credit(draft, Rule.CREDIT, credit.code, total, credit.first, credit.months))
            continue
        given = lower_today(draft, Rule.CREDIT, credit.code, total, (("months", credit.months),))
        draft.at_sale.append((credit, given))


def monthly_credit(draft: Draft, rule: Rule, code: str, total: int, first: int, months: int) -> Step:
    """A credit that comes on the bills of `months` months."""
    parts = tuple(-part for part in spread(total, months))
    return Step(
        rule=rule,
        code=code,
        months=draft.placed((0,) * (first - 1) + parts),
        committed=True,
        category=draft.chosen.terms.category,
        facts=(("months", months),),
    )


def instalments_of(draft: Draft) -> InstalmentTerms | None:
    """The instalments that are offered in this context; None when the price is paid in full."""
    chosen = draft.chosen
    if chosen.pay_in_full or not any(isinstance(each, OneTime) and each.financed for each in chosen.terms.charges):
        return None
    return next((each for each in chosen.terms.instalments if each.when.holds(draft.context)), None)


def add_instalments(draft: Draft) -> None:
    """Move what is financed from today to the months."""
    terms = instalments_of(draft)
    if terms is None:
        return
    price = sum(step.today for step in draft.steps if step.financed)
    principal = price - down_payment(price, terms, draft.chosen.quantity)
    draft.schedule = plan = schedule(principal, terms.months, terms.annual_rate)
    category = next(step.category for step in draft.steps if step.financed)
    draft.steps.append(
        Step(
            rule=Rule.FINANCED,
            code="",
            today=-principal,
            committed=True,
            category=category,
            facts=(("months", terms.months),),
        )
    )
    for rule, months, own, facts in (
        (Rule.INSTALMENT, plan.principal, category, ("months", terms.months)),
        (Rule.INTEREST, plan.interest, UNTAXED, ("rate", terms.annual_rate)),
    ):
        if any(months):
            draft.steps.append(
                Step(rule=rule, code="", months=draft.placed(months), committed=True, category=own, facts=(facts,))
            )


def _price(price: Money | Ladder, quantity: int, numbers: Numbers) -> list[tuple[Rule | None, int, tuple[Fact, ...]]]:
    """The list price, and what the place on a ladder changes of it."""
    if isinstance(price, Money):
        return [(None, minor(price) * quantity, ())]
    listed = minor(price.at(1)) * quantity
    first = numbers.first[price.code]
    places = [numbers.totals[price.code]] * quantity if price.volume else range(first, first + quantity)
    change = sum(minor(price.at(place)) for place in places) - listed
    own: list[tuple[Rule | None, int, tuple[Fact, ...]]] = [(None, listed, ())]
    return [*own, (Rule.LADDER, change, (("line", max(places)),))] if change else own


def _window(units: int, first: int, months: int | None, horizon: int) -> tuple[int, ...]:
    """`units` in each month from `first` on."""
    last = horizon if months is None else min(horizon, first + months - 1)
    return tuple(units if first <= month <= last else 0 for month in range(1, horizon + 1))
