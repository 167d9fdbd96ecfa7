"""Whatever is sold: lines sum to totals, explanations to lines, bills to months, and leaving is worked out right."""

import itertools
from decimal import Decimal

from hypothesis import given

from kernel.money import Money
from plugins.bundles.conditions import PriceContext
from plugins.bundles.exit_cost import never_rises
from plugins.bundles.price_lines import Rule
from plugins.bundles.pricing import price_bundle
from plugins.bundles.rounding import minor
from plugins.bundles.terms import BundleTerms, Chosen, Given, OneTime, Recurring
from tests.bundles.price_examples import FREE, context
from tests.bundles.price_strategies import TERM, bundle_terms, choices, contexts


@given(choices(), bundle_terms(), contexts())
def test_every_explanation_sums_to_its_line_and_every_line_to_the_totals(
    chosen: list[Chosen], terms: BundleTerms, asked: PriceContext
) -> None:
    price = price_bundle(chosen, terms, asked)

    for line in price.lines:
        told = line.explanation()
        today = Money.total((each.amount for each in told if not each.first), "USD")
        assert today == line.due_today == line.one_time + line.deposit
        for month in range(1, TERM + 1):
            monthly = Money.total((each.amount for each in told if each.first <= month <= each.last), "USD")
            assert monthly == Money(Decimal(line.month(month)).scaleb(-2), "USD")
        assert Money.total(line.unit_prices(), "USD") == line.one_time
    assert Money.total((line.due_today for line in price.lines), "USD") == price.due_today
    shown = [price.recurring(line) + (price.instalment(line) or Money.zero("USD")) for line in price.lines]
    assert Money.total(shown, "USD") == price.monthly
    assert price.monthly in price.months


@given(choices(), bundle_terms(), contexts())
def test_nothing_is_negative_that_may_not_be(chosen: list[Chosen], terms: BundleTerms, asked: PriceContext) -> None:
    price = price_bundle(chosen, terms, asked)

    zero = Money.zero("USD")
    assert min(price.months) >= zero
    assert price.first_bill.total >= zero
    assert price.paid_out >= zero
    for line in price.lines:
        assert line.one_time >= zero
        assert line.deposit >= zero
        assert min(line.instalments, default=0) >= 0
        for step in line.steps:
            if step.rule in (Rule.TAX, Rule.INTEREST, Rule.INSTALMENT, Rule.FEE, Rule.RECURRING):
                assert min((step.today, *step.months)) >= 0


@given(choices(), bundle_terms(), contexts())
def test_the_bills_are_the_months_and_the_first_is_one_of_them(
    chosen: list[Chosen], terms: BundleTerms, asked: PriceContext
) -> None:
    price = price_bundle(chosen, terms, asked)

    assert Money.total(price.bills, "USD") == Money.total(price.months, "USD")
    assert price.first_bill.total == price.bills[0]
    assert price.total_over_term == (
        price.due_today - price.deposits - price.paid_out + Money.total(price.bills, "USD")
    )


@given(choices(), bundle_terms(), contexts())
def test_leaving_is_told_for_each_month_by_its_parts(
    chosen: list[Chosen], terms: BundleTerms, asked: PriceContext
) -> None:
    price = price_bundle(chosen, terms, asked)

    table = price.exit_table
    assert [each.month for each in table] == list(range(TERM + 1))
    assert [each.total for each in table] == price.exit_costs
    for each in table:
        assert Money.total((amount for _rule, amount in each.parts), "USD") == each.total
    # At the end nothing is owed, and what deposit is still held comes back.
    assert all(rule is Rule.DEPOSIT_RETURNED for rule, _amount in table[-1].parts)


@given(choices(), bundle_terms(), contexts())
def test_waiting_never_makes_leaving_dearer_where_the_terms_say_so(
    chosen: list[Chosen], terms: BundleTerms, asked: PriceContext
) -> None:
    price = price_bundle(chosen, terms, asked)

    for line in price.lines:
        if line.chosen is not None and never_rises(line.chosen):
            assert all(later <= earlier for earlier, later in itertools.pairwise(line.exit_costs))


@given(choices())
def test_without_tax_the_whole_is_what_counting_by_hand_gives(chosen: list[Chosen]) -> None:
    price = price_bundle(chosen, FREE, context(term=TERM))

    assert minor(price.total_over_term) == sum(_by_hand(choice, chosen) for choice in chosen) + sum(
        sum(step.months) for line in price.lines for step in line.steps if step.rule is Rule.INTEREST
    )


def _by_hand(choice: Chosen, chosen: list[Chosen]) -> int:
    """List prices less credits, month by month, with no schedule and no allocation."""
    lines = sorted(each.instance for each in chosen if each.group == "line")
    total = 0
    for charge in choice.terms.charges:
        if isinstance(charge, OneTime):
            total += minor(charge.price) * choice.quantity
        elif isinstance(charge, Recurring):
            price = charge.price
            if not isinstance(price, Money):
                place = len(lines) if price.volume else lines.index(choice.instance) + 1
                price = price.rungs[min(place, len(price.rungs)) - 1]
            total += sum(
                minor(price)
                for month in range(1, TERM + 1)
                if month >= charge.first and (charge.months is None or month < charge.first + charge.months)
            )
    device = next((minor(c.price) for c in choice.terms.charges if isinstance(c, OneTime) and c.financed), 0)
    for credit in choice.terms.credits:
        given = minor(credit.total)
        total -= min(given, device) if credit.given is Given.AT_SALE else given
    if choice.trade_in is not None:
        total -= minor(choice.terms.trade_ins[0].values[0][1]) + minor(choice.terms.trade_ins[0].promotions[0][1])
    return total
