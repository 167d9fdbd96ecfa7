"""Price a bundle: from what was chosen, by the offer's terms, to lines that explain themselves and sum to its totals.

The order is fixed: charges with their ladders, credits at the sale, the bundle's discounts, the trade-in, instalments
on what is left, monthly discounts, fees, tax, and what leaving costs.
"""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError, Message
from plugins.bundles.charges import (
    Draft,
    add_charges,
    add_credits,
    add_instalments,
    instalments_of,
    numbers_on_ladders,
)
from plugins.bundles.conditions import PriceContext
from plugins.bundles.discounts import add_discounts, fee_drafts
from plugins.bundles.errors import (
    CREDIT_BEYOND_TERM,
    CREDIT_EXCEEDS_BILL,
    CURRENCY_MISMATCH,
    INSTALMENTS_BEYOND_TERM,
    INVALID_QUANTITY,
    INVALID_TERM,
    PRICE_ENDED,
)
from plugins.bundles.exit_cost import add_exit
from plugins.bundles.price_lines import FEES, BundlePrice, PriceLine
from plugins.bundles.tax import add_tax, rules_of
from plugins.bundles.terms import LONGEST_TERM, BundleTerms, Chosen, On, Penalty
from plugins.bundles.trade_in import add_trade_in, promotion_of, terms_of

MOST_UNITS = 999


def price_bundle(chosen: Sequence[Chosen], terms: BundleTerms, context: PriceContext) -> BundlePrice:
    """The price of these options together. Changes nothing, asks nobody.

    Errors: CURRENCY_MISMATCH, PRICE_ENDED, INVALID_QUANTITY, INVALID_TERM, CREDIT_BEYOND_TERM, CREDIT_EXCEEDS_BILL,
    INSTALMENTS_BEYOND_TERM, UNKNOWN_GRADE, TAX_NOT_KNOWN.
    """
    _check_context(terms, context)
    rules = rules_of(terms.taxes, context.jurisdiction)
    drafts = _drafts(chosen, context)
    for draft, numbers in zip(drafts, numbers_on_ladders(drafts), strict=True):
        _check(draft)
        add_charges(draft, numbers)
        add_credits(draft)
    add_discounts(drafts, terms, context, On.TODAY)
    for draft in drafts:
        add_trade_in(draft)
        add_instalments(draft)
    add_discounts(drafts, terms, context, On.MONTHLY)
    drafts += fee_drafts(drafts, terms, context)
    for draft in drafts:
        add_tax(draft, rules)
        add_exit(draft, rules)
    price = BundlePrice(context=context, terms=terms, lines=tuple(_line(draft, context) for draft in drafts))
    _check_bills(price)
    return price


def _drafts(chosen: Sequence[Chosen], context: PriceContext) -> list[Draft]:
    horizon = max(context.term, 1) + max((choice.start for choice in chosen), default=0)
    return [
        Draft(
            chosen=choice,
            context=replace(context, date=choice.agreed) if choice.agreed else context,
            horizon=horizon,
        )
        for choice in sorted(chosen, key=lambda choice: choice.instance)
    ]


def _line(draft: Draft, context: PriceContext) -> PriceLine:
    chosen = draft.chosen
    return PriceLine(
        sku=chosen.sku,
        name=chosen.name or chosen.sku,
        group=chosen.group,
        instance=chosen.instance,
        quantity=chosen.quantity,
        currency=context.currency,
        steps=tuple(draft.steps),
        exits=tuple(draft.exits),
        chosen=None if chosen.group == FEES else chosen,
        instalment_months=len(draft.schedule.principal) if draft.schedule else None,
        paid_out=draft.paid_out,
    )


def _check_context(terms: BundleTerms, context: PriceContext) -> None:
    if not 0 <= context.term <= LONGEST_TERM:
        _refuse(INVALID_TERM, _("A commitment runs for 0 to %(most)d months."), "term", most=LONGEST_TERM)
    if not 1 <= context.cycle_day <= 31:
        raise ValueError("A cycle day is a day of the month.")
    if terms.currency not in ("", context.currency):
        _refuse(CURRENCY_MISMATCH, _("The offer has no prices in %(currency)s."), "currency", currency=context.currency)


def _check(draft: Draft) -> None:
    context = draft.context
    chosen, sku = draft.chosen, draft.chosen.sku
    if not 1 <= chosen.quantity <= MOST_UNITS:
        _refuse(INVALID_QUANTITY, _("A quantity is a whole number from 1 to %(most)d."), "quantity", most=MOST_UNITS)
    if chosen.terms.currency not in ("", context.currency):
        message = _("%(sku)s has no price in %(currency)s.")
        _refuse(CURRENCY_MISMATCH, message, "currency", sku=sku, currency=context.currency)
    since, until = chosen.terms.since, chosen.terms.until
    if (since is not None and context.date < since) or (until is not None and until < context.date):
        _refuse(PRICE_ENDED, _("%(sku)s is not sold on %(date)s."), "sku", sku=sku, date=context.date.isoformat())
    _check_term(draft)


def _check_term(draft: Draft) -> None:
    context = draft.context
    chosen, sku = draft.chosen, draft.chosen.sku
    credits = [each for each in chosen.terms.credits if each.when.holds(context)]
    if chosen.trade_in is not None:
        promotion = promotion_of(*terms_of(draft))
        credits += [promotion] if promotion else []
    penalties = [each for each in chosen.terms.charges if isinstance(each, Penalty) and each.when.holds(context)]
    instalments = instalments_of(draft)
    if not context.term and (credits or penalties or instalments):
        _refuse(INVALID_TERM, _("%(sku)s needs a commitment of some months."), "term", sku=sku)
    if any(each.first + each.months - 1 > context.term for each in credits):
        _refuse(CREDIT_BEYOND_TERM, _("A credit of %(sku)s runs longer than the commitment."), "term", sku=sku)
    if any(each.months > context.term for each in penalties):
        _refuse(INVALID_TERM, _("%(sku)s needs a longer commitment."), "term", sku=sku)
    if instalments is not None and instalments.months > context.term:
        message = _("The instalments of %(sku)s run longer than the commitment.")
        _refuse(INSTALMENTS_BEYOND_TERM, message, "term", sku=sku)


def _check_bills(price: BundlePrice) -> None:
    month = next((number for number, units in enumerate(price.month_units, start=1) if units < 0), None)
    if month is not None:
        _refuse(CREDIT_EXCEEDS_BILL, _("In month %(month)d the credits are more than the bill."), "term", month=month)


def _refuse(code: str, message: Message, field: str, **params: object) -> None:
    raise ApiError(code, message, field=field, params=params)
