"""What a priced bundle is made of: lines, each the sum of its steps, each step a rule with its amounts by month.

Inside, amounts are whole minor units; what callers read is Money. A line is nothing but its steps, so an explanation
cannot differ from what it explains.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import groupby, zip_longest

from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.proration import bill_date, cycle_of, on_bills
from plugins.bundles.rounding import as_money, spread
from plugins.bundles.terms import BundleTerms, Chosen

LineKey = tuple[str, int, str]  # group, instance, SKU
FEES = "fees"  # the group of lines that are the bundle's own fees


class Rule(StrEnum):
    """Why an amount is there."""

    ONE_TIME = "one_time"
    RECURRING = "recurring"
    LADDER = "ladder"  # what line n differs from the first
    ALLOWANCE = "allowance"
    DEPOSIT = "deposit"
    DISCOUNT = "discount"
    CREDIT = "credit"
    TRADE_IN = "trade_in"
    FINANCED = "financed"  # what instalments take off today's price
    INSTALMENT = "instalment"
    INTEREST = "interest"
    FEE = "fee"
    TAX = "tax"
    TAX_CONTAINED = "tax_contained"
    # On leaving alone
    PENALTY = "penalty"
    CREDIT_REPAID = "credit_repaid"
    CREDIT_LOST = "credit_lost"  # told, not owed
    CREDIT_PAID_OUT = "credit_paid_out"
    DEPOSIT_RETURNED = "deposit_returned"


Fact = tuple[str, str | int | Decimal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One rule at work: an amount today, and one for each month of the commitment."""

    rule: Rule
    code: str  # of the charge, credit, tax, ... in the offer
    today: int = 0
    months: tuple[int, ...] = ()
    prorated: bool = False
    committed: bool = False  # agreed at the sale: it stays when the rest is priced anew
    financed: bool = False  # part of the price that may be paid in instalments
    category: str = ""
    contained: tuple[int, ...] = ()  # tax within the prices: today, then each month
    facts: tuple[Fact, ...] = ()  # for the sentence: ("line", 2), ("rate", Decimal("0.13"))

    def month(self, number: int) -> int:
        """The amount of month `number`, counted from 1; nothing after the last."""
        return _at(self.months, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitStep:
    """What leaving after month 0, 1, ... costs by one rule; negative where the customer gets money back."""

    rule: Rule
    code: str
    amounts: tuple[int, ...]
    committed: bool = True  # agreed at the sale, as with Step

    @property
    def owed(self) -> bool:
        """Whether it counts; otherwise it only tells what is lost."""
        return self.rule is not Rule.CREDIT_LOST


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A step in the form that is read: the amount paid today (`first` 0) or in each of the months `first` to `last`."""

    rule: Rule
    code: str
    amount: Money
    first: int
    last: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True, kw_only=True)
class PriceLine:
    """The price of one chosen option, or of one fee of the bundle."""

    sku: str
    name: str
    group: str
    instance: int
    quantity: int
    currency: str
    steps: tuple[Step, ...]
    exits: tuple[ExitStep, ...]
    chosen: Chosen | None = None  # None: a fee
    instalment_months: int | None = None
    paid_out: int = 0  # what an old device brings beyond the new one's price

    @property
    def key(self) -> LineKey:
        return (self.group, self.instance, self.sku)

    @property
    def due_today(self) -> Money:
        """All that is paid at the sale, tax and deposit in it."""
        return self._money(self.today)

    @property
    def today(self) -> int:
        return sum(step.today for step in self.steps)

    @property
    def deposit(self) -> Money:
        """What of it is a deposit."""
        return self._money(self.of_today(Rule.DEPOSIT))

    @property
    def one_time(self) -> Money:
        """What of it is not: price, down payment, fees and tax."""
        return self._money(self.today - self.of_today(Rule.DEPOSIT))

    @property
    def tax_today(self) -> Money:
        """Tax in what is paid at the sale, added or contained."""
        contained = sum(step.contained[0] for step in self.steps if step.contained)
        return self._money(self.of_today(Rule.TAX) + contained)

    def of_today(self, *rules: Rule) -> int:
        return sum(step.today for step in self.steps if step.rule in rules)

    @cached_property
    def months(self) -> tuple[int, ...]:
        """What each month of the commitment costs, whole months."""
        return column_sums(step.months for step in self.steps)

    @cached_property
    def instalments(self) -> tuple[int, ...]:
        """What of it is the device's instalment, with interest, without tax."""
        return column_sums(step.months for step in self.steps if step.rule in (Rule.INSTALMENT, Rule.INTEREST))

    @cached_property
    def exit_costs(self) -> tuple[int, ...]:
        """What leaving after month 0, 1, ... costs."""
        return column_sums(step.amounts for step in self.exits if step.owed)

    def month(self, number: int) -> int:
        return _at(self.months, number)

    def exit_cost(self, month: int) -> int:
        """What leaving after `month` costs; after the last month told, what it costs then."""
        return self.exit_costs[min(month, len(self.exit_costs) - 1)] if self.exit_costs else 0

    def explanation(self) -> list[Explained]:
        """Every step in the form that is read, today's first; equal months in a row are told once."""
        today = [self._explained(step, step.today, 0, 0) for step in self.steps if step.today or not any(step.months)]
        monthly = [
            self._explained(step, amount, first, last)
            for step in self.steps
            for amount, first, last in runs(step.months)
            if amount
        ]
        return today + monthly

    def unit_prices(self) -> list[Money]:
        """What each of the line's units costs today without deposit: they sum to `one_time`."""
        whole = self.today - self.of_today(Rule.DEPOSIT)
        return [self._money(part) for part in spread(whole, self.quantity)]

    def _explained(self, step: Step, amount: int, first: int, last: int) -> Explained:
        return Explained(
            rule=step.rule, code=step.code, amount=self._money(amount), first=first, last=last, facts=step.facts
        )

    def _money(self, units: int) -> Money:
        return as_money(units, self.currency)


@dataclass(frozen=True, kw_only=True)
class FirstBill:
    """What the first bill will say. `days` of `of_days` of the first period are served when it is not whole."""

    date: dt.date
    total: Money
    lines: tuple[tuple[LineKey, Money], ...]
    days: int
    of_days: int


@dataclass(frozen=True, kw_only=True)
class ExitCost:
    """Leaving after `month` months: the parts sum to the total. `lost` are credits that will not come."""

    month: int
    total: Money
    parts: tuple[tuple[Rule, Money], ...]
    lost: Money


@dataclass(frozen=True, kw_only=True)
class BundlePrice:
    """The price of a bundle: lines that sum to its totals."""

    context: PriceContext
    terms: BundleTerms
    lines: tuple[PriceLine, ...]

    @property
    def due_today(self) -> Money:
        """Everything paid at the sale, deposits and tax in it."""
        return self._money(sum(line.today for line in self.lines))

    @property
    def deposits(self) -> Money:
        """What of it comes back."""
        return self._money(sum(line.of_today(Rule.DEPOSIT) for line in self.lines))

    @property
    def paid_out(self) -> Money:
        """What the customer gets for old devices beyond the price of the new ones."""
        return self._money(sum(line.paid_out for line in self.lines))

    @cached_property
    def month_units(self) -> tuple[int, ...]:
        return column_sums(line.months for line in self.lines)

    @property
    def months(self) -> list[Money]:
        """What each month costs, whole months."""
        return [self._money(units) for units in self.month_units]

    @cached_property
    def typical_month(self) -> int:
        """The month whose amount is met most often, the dearest among equals: what is called "a month"."""
        counts = Counter(self.month_units)
        amount = max(counts, key=lambda units: (counts[units], units), default=0)
        return self.month_units.index(amount) + 1 if counts else 1

    @property
    def monthly(self) -> Money:
        """What is paid each month once everything works."""
        return self._money(sum(line.month(self.typical_month) for line in self.lines))

    def instalment(self, line: PriceLine) -> Money | None:
        """What of `monthly` is the line's instalment; None when it is paid in full."""
        if line.instalment_months is None:
            return None
        return self._money(_at(line.instalments, self.typical_month))

    def recurring(self, line: PriceLine) -> Money:
        """What of `monthly` is the rest of the line: with the instalments it sums to `monthly`."""
        return self._money(line.month(self.typical_month) - _at(line.instalments, self.typical_month))

    @property
    def total_over_term(self) -> Money:
        """Everything paid over the commitment, without the deposits, which come back, and what is paid out."""
        months = sum(self.month_units[: self.context.term])
        return self.due_today - self.deposits - self.paid_out + self._money(months)

    @cached_property
    def bills(self) -> list[Money]:
        """Every bill of the commitment: they sum to its months."""
        return [self._money(units) for units in column_sums(self._on_bills(line) for line in self.lines)]

    @property
    def first_bill(self) -> FirstBill:
        cycle = cycle_of(self.context.date, self.context.cycle_day)
        lines = tuple((line.key, self._money(self._on_bills(line)[0])) for line in self.lines)
        return FirstBill(
            date=bill_date(cycle, in_advance=self.context.in_advance),
            total=Money.total((amount for _key, amount in lines), self.context.currency),
            lines=lines,
            days=cycle.days,
            of_days=cycle.length,
        )

    @property
    def exit_costs(self) -> list[Money]:
        """What leaving after each month costs, month 0 to the term; negative where a deposit outweighs it."""
        costs = column_sums((line.exit_costs for line in self.lines), self.context.term + 1)
        return [self._money(units) for units in costs]

    @property
    def exit_table(self) -> list[ExitCost]:
        """The same with its parts."""
        return [self._exit(month) for month in range(self.context.term + 1)]

    def _exit(self, month: int) -> ExitCost:
        parts: Counter[Rule] = Counter()
        for line in self.lines:
            for step in line.exits:
                parts[step.rule] += step.amounts[month] if month < len(step.amounts) else 0
        lost = parts.pop(Rule.CREDIT_LOST, 0)
        return ExitCost(
            month=month,
            total=self._money(sum(parts.values())),
            parts=tuple((rule, self._money(units)) for rule, units in parts.items() if units),
            lost=self._money(lost),
        )

    def _on_bills(self, line: PriceLine) -> tuple[int, ...]:
        cycle = cycle_of(self.context.date, self.context.cycle_day)
        halves = (
            on_bills(
                column_sums((step.months for step in line.steps if step.prorated is prorated), len(self.month_units)),
                cycle,
                prorated=prorated,
                in_advance=self.context.in_advance,
            )
            for prorated in (True, False)
        )
        return column_sums(halves)

    def _money(self, units: int) -> Money:
        return as_money(units, self.context.currency)


def column_sums(rows: Iterable[Sequence[int]], length: int = 0) -> tuple[int, ...]:
    """Month by month the sum of several rows, at least `length` long; the shorter ones end early."""
    found = [row for row in rows if row]
    if not found:
        return (0,) * length
    sums = tuple(found[0]) if len(found) == 1 else tuple(map(sum, zip_longest(*found, fillvalue=0)))
    return sums + (0,) * (length - len(sums))


def runs(months: Sequence[int]) -> list[tuple[int, int, int]]:
    """Equal months in a row as (amount, first, last), counted from 1."""
    found = []
    first = 1
    for units, equal in groupby(months):
        last = first + len(list(equal)) - 1
        found.append((units, first, last))
        first = last + 1
    return found


def _at(months: Sequence[int], number: int) -> int:
    return months[number - 1] if number <= len(months) else 0
