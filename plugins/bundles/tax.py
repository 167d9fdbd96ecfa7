"""Tax by the rules of the place of use: on the full price of a device at the sale or with its instalments, added to
the prices or contained in them."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from plugins.bundles.charges import Draft
from plugins.bundles.conditions import within
from plugins.bundles.errors import TAX_NOT_KNOWN
from plugins.bundles.price_lines import Rule, Step, column_sums
from plugins.bundles.rounding import share_of
from plugins.bundles.terms import UNTAXED, TaxBase, TaxDue, TaxRule

_LIST_PRICE = (Rule.ONE_TIME, Rule.FEE)
_REDUCTIONS = (Rule.CREDIT,)


def rules_of(rules: Iterable[TaxRule], jurisdiction: str) -> list[TaxRule]:
    """The rules of the place and of all that it lies in; "untaxed" is said by a rate of 0. Errors: TAX_NOT_KNOWN."""
    found = [rule for rule in rules if within(jurisdiction, rule.jurisdiction)]
    if not found:
        raise ApiError(
            TAX_NOT_KNOWN,
            _("The tax for %(place)s is not known."),
            field="jurisdiction",
            params={"place": jurisdiction},
        )
    return found


def add_tax(draft: Draft, rules: Sequence[TaxRule]) -> None:
    """Add each rule's tax on what the line costs by category; a tax that prices contain is told, not added."""
    found = []
    for category in dict.fromkeys(step.category for step in draft.steps if step.category not in ("", UNTAXED)):
        steps = [step for step in draft.steps if step.category == category]
        own = [rule for rule in rules if category in rule.categories]
        contained = sum((rule.rate for rule in own if rule.inclusive), Decimal(0))
        for rule in own:
            if rule.inclusive:
                found += _contained(rule, rule.rate / (1 + contained), steps)
            else:
                found += _added(rule, steps)
    draft.steps += found


def tax_on_rest(rules: Sequence[TaxRule], category: str, remaining: Sequence[int]) -> list[tuple[str, tuple[int, ...]]]:
    """The tax that falls due with the rest of the instalments, where it is due with each of them."""
    return [
        (rule.code, tuple(share_of(units, rule.rate) for units in remaining))
        for rule in rules
        if category in rule.categories and not rule.inclusive and rule.due is TaxDue.BY_INSTALMENT
    ]


def tax_on_exit(rules: Sequence[TaxRule], category: str, amounts: Sequence[int]) -> list[tuple[str, tuple[int, ...]]]:
    """The tax that is added to what is charged on leaving."""
    return [
        (rule.code, tuple(share_of(units, rule.rate) for units in amounts))
        for rule in rules
        if category in rule.categories and not rule.inclusive
    ]


def tax_on_price(rules: Sequence[TaxRule], category: str, units: int) -> list[tuple[str, int]]:
    """The tax on a price that rises after the sale; none where the list price was taxed already."""
    return [
        (rule.code, share_of(units, rule.rate))
        for rule in rules
        if category in rule.categories and not rule.inclusive and rule.base is TaxBase.PRICE
    ]


def _added(rule: TaxRule, steps: Sequence[Step]) -> list[Step]:
    facts = (("rate", rule.rate),)
    found = []
    today = share_of(_base_today(rule, steps), rule.rate)
    if today:
        step = Step(rule=Rule.TAX, code=rule.code, today=today, committed=True, category=UNTAXED, facts=facts)
        found.append(step)
    for prorated, committed in ((True, False), (False, False), (False, True)):
        months = _taxed(_base_months(rule, steps, prorated, committed), rule.rate)
        if any(months):
            found.append(
                Step(
                    rule=Rule.TAX,
                    code=rule.code,
                    months=months,
                    prorated=prorated,
                    committed=committed,
                    category=UNTAXED,
                    facts=facts,
                )
            )
    return found


def _contained(rule: TaxRule, share: Decimal, steps: Sequence[Step]) -> list[Step]:
    found = []
    for committed in (True, False):
        base = column_sums(_base_months(rule, steps, prorated, committed) for prorated in (True, False))
        contained = _taxed((_base_today(rule, steps) if committed else 0, *base), share)
        if any(contained):
            found.append(
                Step(
                    rule=Rule.TAX_CONTAINED,
                    code=rule.code,
                    contained=contained,
                    committed=committed,
                    category=UNTAXED,
                    facts=(("rate", rule.rate),),
                )
            )
    return found


def _base_today(rule: TaxRule, steps: Sequence[Step]) -> int:
    """What is taxed at the sale: without what is taxed with the instalments."""
    if rule.base is TaxBase.LIST:
        base = sum(step.today for step in steps if step.rule in _LIST_PRICE)
        base += sum(step.today for step in steps if step.rule is Rule.LADDER)
    else:
        base = sum(step.today for step in steps if step.rule not in (Rule.FINANCED, Rule.TRADE_IN))
    if rule.trade_in_reduces:
        base += sum(step.today for step in steps if step.rule is Rule.TRADE_IN)
    if rule.due is TaxDue.BY_INSTALMENT:
        base += sum(step.today for step in steps if step.rule is Rule.FINANCED)
    return max(0, base)


def _base_months(rule: TaxRule, steps: Sequence[Step], prorated: bool, committed: bool) -> tuple[int, ...]:
    own = [
        step
        for step in steps
        if step.prorated is prorated
        and step.committed is committed
        and step.rule not in _REDUCTIONS
        and (step.rule is not Rule.INSTALMENT or rule.due is TaxDue.BY_INSTALMENT)
    ]
    base = column_sums(step.months for step in own)
    if not (committed and rule.credits_reduce):
        return base
    # Credits lower what is taxed, at most to nothing, whichever charge of the category they meet.
    charged = column_sums(
        step.months
        for step in steps
        if step.rule not in _REDUCTIONS and (step.rule is not Rule.INSTALMENT or rule.due is TaxDue.BY_INSTALMENT)
    )
    credits = column_sums((step.months for step in steps if step.rule in _REDUCTIONS), len(charged))
    lowered = tuple(max(-units, credit) for units, credit in zip(charged, credits, strict=False))
    return column_sums((base, lowered))


def _taxed(base: Sequence[int], rate: Decimal) -> tuple[int, ...]:
    by_units = {units: share_of(units, rate) for units in set(base)}
    return tuple(by_units[units] for units in base)
