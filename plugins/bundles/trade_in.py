"""An old device given for a new one: its value by grade lowers today's price, a promotion comes month by month."""

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from plugins.bundles.charges import Draft, lower_today, monthly_credit
from plugins.bundles.errors import INVALID_QUANTITY, UNKNOWN_GRADE
from plugins.bundles.price_lines import Rule
from plugins.bundles.rounding import minor
from plugins.bundles.terms import Credit, TradeInTerms


def add_trade_in(draft: Draft) -> None:
    """Take the old device's value off the new one's price; what is more than that is paid out.

    Errors: UNKNOWN_GRADE, INVALID_QUANTITY (one old device for one new one).
    """
    if draft.chosen.trade_in is None:
        return
    terms, grade = terms_of(draft)
    if draft.chosen.quantity != 1:
        raise ApiError(INVALID_QUANTITY, _("One old device is traded in for one new one."), field="quantity")
    value = minor(dict(terms.values)[grade])
    draft.paid_out += value - lower_today(draft, Rule.TRADE_IN, terms.code, value, (("grade", grade),))
    promotion = promotion_of(terms, grade)
    if promotion is not None:
        total = minor(promotion.total)
        draft.steps.append(monthly_credit(draft, Rule.CREDIT, promotion.code, total, 1, promotion.months))


def terms_of(draft: Draft) -> tuple[TradeInTerms, str]:
    """The trade-in that was chosen, with the grade. Errors: UNKNOWN_GRADE."""
    code, grade = draft.chosen.trade_in or ("", "")
    terms = next(
        (each for each in draft.chosen.terms.trade_ins if each.code == code and each.when.holds(draft.context)), None
    )
    if terms is None or grade not in dict(terms.values):
        raise ApiError(
            UNKNOWN_GRADE,
            _("The old device cannot be traded in for %(sku)s in this condition."),
            field="trade_in",
            params={"sku": draft.chosen.sku},
        )
    return terms, grade


def promotion_of(terms: TradeInTerms, grade: str) -> Credit | None:
    """The credit that a grade earns over the term, beside the old device's value."""
    total = dict(terms.promotions).get(grade)
    if total is None or not total.amount:
        return None
    return Credit(code=terms.code, total=total, months=terms.promotion_months, on_leave=terms.on_leave)
