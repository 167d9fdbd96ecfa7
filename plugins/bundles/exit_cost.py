"""What leaving costs after each month: instalments that remain, penalties, credits to repay, less the deposit."""

from collections.abc import Sequence
from decimal import Decimal

from plugins.bundles.charges import Draft
from plugins.bundles.price_lines import ExitStep, Rule, column_sums
from plugins.bundles.rounding import first_of, minor, ratio_of, share_of
from plugins.bundles.tax import tax_on_exit, tax_on_rest
from plugins.bundles.terms import PENALTY, Chosen, Credit, Deposit, Given, OnLeave, Penalty, TaxRule
from plugins.bundles.trade_in import promotion_of, terms_of


def add_exit(draft: Draft, rules: Sequence[TaxRule]) -> None:
    """What this line costs to leave after each month of the bundle, from month 0."""
    months = [max(0, month - draft.chosen.start) for month in range(draft.horizon + 1)]
    _add_instalments(draft, rules, months)
    for charge in draft.chosen.terms.charges:
        if isinstance(charge, Penalty) and charge.when.holds(draft.context):
            _add_penalty(draft, charge, rules, months)
        elif isinstance(charge, Deposit) and charge.when.holds(draft.context):
            back = -minor(charge.amount) * draft.chosen.quantity
            after = charge.returned_after
            amounts = tuple(back if after is None or month < after else 0 for month in months)
            draft.exits.append(ExitStep(rule=Rule.DEPOSIT_RETURNED, code=charge.code, amounts=amounts))
    for credit, total in credits_of(draft):
        draft.exits += credit_exits(credit, total, months)


def never_rises(chosen: Chosen) -> bool:
    """Whether waiting a month never makes leaving dearer, by the kind of the terms."""
    terms = chosen.terms
    repaid = any(
        credit.on_leave is OnLeave.REPAID or (credit.given is Given.MONTHLY and credit.on_leave is OnLeave.KEPT)
        for credit in terms.credits
    )
    traded = any(each.promotions and each.on_leave is not OnLeave.FORFEITED for each in terms.trade_ins)
    returned = any(isinstance(charge, Deposit) and charge.returned_after is not None for charge in terms.charges)
    return not (repaid or traded or returned)


def credits_of(draft: Draft) -> list[tuple[Credit, int]]:
    """Every credit of the line with its whole amount, the trade-in's promotion among them."""
    found = [
        (credit, minor(credit.total) * draft.chosen.quantity)
        for credit in draft.chosen.terms.credits
        if credit.given is Given.MONTHLY and credit.when.holds(draft.context)
    ]
    if draft.chosen.trade_in is not None:
        promotion = promotion_of(*terms_of(draft))
        if promotion is not None:
            found.append((promotion, minor(promotion.total)))
    return found + draft.at_sale


def credit_exits(credit: Credit, total: int, months: Sequence[int]) -> list[ExitStep]:
    """What becomes of a credit on leaving after each of the months."""
    last = credit.first + credit.months - 1
    earned = [first_of(total, min(max(month - credit.first + 1, 0), credit.months), credit.months) for month in months]
    rest = tuple(total - part for part in earned)
    received = rest if credit.given is Given.AT_SALE else tuple(earned)
    found = []
    if credit.on_leave is OnLeave.REPAID:
        whole = received if credit.given is Given.MONTHLY else (total,) * len(months)
        amounts = tuple(units if month < last else 0 for month, units in zip(months, whole, strict=True))
        found.append(ExitStep(rule=Rule.CREDIT_REPAID, code=credit.code, amounts=amounts))
    elif credit.given is Given.AT_SALE and credit.on_leave is OnLeave.FORFEITED:
        found.append(ExitStep(rule=Rule.CREDIT_REPAID, code=credit.code, amounts=rest))
    if credit.given is Given.MONTHLY:
        kept = credit.on_leave is OnLeave.KEPT
        rule = Rule.CREDIT_PAID_OUT if kept else Rule.CREDIT_LOST
        found.append(ExitStep(rule=rule, code=credit.code, amounts=tuple(-part for part in rest) if kept else rest))
    return found


def _add_instalments(draft: Draft, rules: Sequence[TaxRule], months: Sequence[int]) -> None:
    if draft.schedule is None:
        return
    remaining = draft.schedule.remaining
    amounts = tuple(remaining[month] if month < len(remaining) else 0 for month in months)
    draft.exits.append(ExitStep(rule=Rule.INSTALMENT, code="", amounts=amounts))
    category = next(step.category for step in draft.steps if step.rule is Rule.FINANCED)
    for code, taxes in tax_on_rest(rules, category, amounts):
        draft.exits.append(ExitStep(rule=Rule.TAX, code=code, amounts=taxes))


def _add_penalty(draft: Draft, penalty: Penalty, rules: Sequence[TaxRule], months: Sequence[int]) -> None:
    if penalty.share is not None:
        amounts = _share_of_rest(draft, penalty.share, penalty.months, months)
    else:
        whole = minor(penalty.amount) * draft.chosen.quantity if penalty.amount is not None else 0
        left = [max(0, penalty.months - month) for month in months]
        amounts = tuple(
            ratio_of(whole, rest, penalty.months) if penalty.declining else whole * (rest > 0) for rest in left
        )
    priced_anew = penalty.share is not None
    draft.exits.append(ExitStep(rule=Rule.PENALTY, code=penalty.code, amounts=amounts, committed=not priced_anew))
    for code, taxes in tax_on_exit(rules, PENALTY, amounts):
        draft.exits.append(ExitStep(rule=Rule.TAX, code=code, amounts=taxes, committed=not priced_anew))


def _share_of_rest(draft: Draft, share: Decimal, length: int, months: Sequence[int]) -> tuple[int, ...]:
    last = draft.chosen.start + length
    recurring = (step.months for step in draft.steps if not step.committed and step.rule is not Rule.TAX)
    charged = column_sums(recurring, last)
    rests = [sum(charged[month + draft.chosen.start : last]) for month in months]
    return tuple(share_of(rest, share) for rest in rests)
