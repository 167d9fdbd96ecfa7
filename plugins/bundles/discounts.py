"""What holds for the whole bundle: discounts, allocated over its lines to the cent, and fees as lines of their own."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from plugins.bundles.charges import Draft, net_charges
from plugins.bundles.conditions import PriceContext
from plugins.bundles.price_lines import FEES, Rule, Step, column_sums
from plugins.bundles.rounding import allocate, minor, share_of
from plugins.bundles.terms import BundleTerms, Chosen, Discount, Fee, On, OptionTerms

_CHARGES = (Rule.ONE_TIME, Rule.LADDER, Rule.CREDIT, Rule.DISCOUNT, Rule.RECURRING)


def add_discounts(drafts: Sequence[Draft], terms: BundleTerms, context: PriceContext, on: On) -> None:
    """Lower the lines' prices, today's or the months'. No price goes below nothing."""
    for discount in terms.discounts:
        if discount.on is not on or not discount.when.holds(context) or not deserved(discount, drafts):
            continue
        own = _within(drafts, discount.groups)
        if on is On.TODAY:
            _lower_today(own, discount)
        else:
            _lower_months(own, discount)


def deserved(discount: Discount, drafts: Sequence[Draft]) -> bool:
    """Whether enough is chosen in the discount's groups."""
    return units_in((draft.chosen for draft in drafts), discount.groups) >= discount.minimum_units


def units_in(chosen: Iterable[Chosen], groups: frozenset[str]) -> int:
    """How many units are chosen in these groups; in all when none is named."""
    return sum(choice.quantity for choice in chosen if not groups or choice.group in groups)


def fee_drafts(drafts: Sequence[Draft], terms: BundleTerms, context: PriceContext) -> list[Draft]:
    """The bundle's fees, each a line."""
    found = []
    for fee in terms.fees:
        own = _within(drafts, fee.groups)
        if not fee.when.holds(context) or not own:
            continue
        horizon = own[0].horizon
        steps = _fee_steps(fee, own, horizon)
        if any(step.today or any(step.months) for step in steps):
            chosen = Chosen(sku=fee.code, group=FEES, terms=OptionTerms(category=fee.category))
            found.append(Draft(chosen=chosen, context=context, horizon=horizon, steps=steps))
    return found


def _fee_steps(fee: Fee, drafts: Sequence[Draft], horizon: int) -> list[Step]:
    units = sum(draft.chosen.quantity for draft in drafts) if fee.per_unit else 1
    step = Step(rule=Rule.FEE, code=fee.code, category=fee.category, prorated=fee.on is On.MONTHLY)
    if fee.share is not None:
        step = replace(step, facts=(("rate", fee.share),))
    elif units > 1:
        step = replace(step, facts=(("units", units),))
    if fee.on is On.TODAY:
        charged = sum(each.today for draft in drafts for each in draft.steps if each.rule in _CHARGES)
        return [replace(step, today=_amount(fee, charged, units), committed=True)]
    charged_by_month = column_sums(
        (each.months for draft in drafts for each in draft.steps if each.rule in _CHARGES and not each.committed),
        horizon,
    )
    return [replace(step, months=tuple(_amount(fee, charged, units) for charged in charged_by_month))]


def _amount(term: Discount | Fee, charged: int, units: int = 1) -> int:
    if term.share is not None:
        return share_of(charged, term.share)
    return minor(term.amount) * units if term.amount is not None else 0


def _lower_today(drafts: Sequence[Draft], discount: Discount) -> None:
    # A price may be made of several charges, each with its own tax: the discount is allocated to them, not to the line.
    slots = [(draft, charge, net) for draft in drafts for charge, net in net_charges(draft)]
    whole = sum(net for *_, net in slots)
    amount = min(_amount(discount, whole), whole)
    if not amount:
        return
    for (draft, charge, _net), part in zip(slots, allocate(amount, [net for *_, net in slots]), strict=True):
        if part:
            draft.steps.append(
                Step(
                    rule=Rule.DISCOUNT,
                    code=discount.code,
                    today=-part,
                    committed=True,
                    financed=charge.financed,
                    category=charge.category,
                )
            )


def _lower_months(drafts: Sequence[Draft], discount: Discount) -> None:
    slots = [
        (draft, *kind)
        for draft in drafts
        for kind in dict.fromkeys((step.prorated, step.category) for step in draft.steps if step.rule is Rule.RECURRING)
    ]
    if not slots:
        return
    horizon = drafts[0].horizon
    nets = [_net_months(*slot) for slot in slots]
    last = horizon if discount.months is None else min(horizon, discount.months)
    by_weights: dict[tuple[int, ...], list[int]] = {}
    for weights in set(zip(*nets, strict=True)):
        amount = min(_amount(discount, sum(weights)), sum(weights))
        by_weights[weights] = allocate(amount, weights) if amount else [0] * len(slots)
    for place, (draft, prorated, category) in enumerate(slots):
        parts = [-by_weights[weights][place] for weights in zip(*nets, strict=True)]
        months = tuple(part if month <= last else 0 for month, part in enumerate(parts, start=1))
        if any(months):
            draft.steps.append(
                Step(rule=Rule.DISCOUNT, code=discount.code, months=months, prorated=prorated, category=category)
            )


def _net_months(draft: Draft, prorated: bool, category: str) -> tuple[int, ...]:
    own = (
        step.months
        for step in draft.steps
        if not step.committed and step.prorated is prorated and step.category == category and step.rule in _CHARGES
    )
    return column_sums(own, draft.horizon)


def _within(drafts: Sequence[Draft], groups: frozenset[str]) -> list[Draft]:
    return [draft for draft in drafts if not groups or draft.chosen.group in groups]
