"""The sentence that a step of a price is read as, in the language of the request."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import Message
from plugins.bundles.price_lines import Explained, Rule

LABELS: dict[Rule, Message] = {
    Rule.ONE_TIME: _("List price"),
    Rule.RECURRING: _("Monthly charge"),
    Rule.LADDER: _("Price of line %(line)s"),
    Rule.ALLOWANCE: _("Included: %(quantity)s %(unit)s a month"),
    Rule.DEPOSIT: _("Deposit, comes back"),
    Rule.DISCOUNT: _("Bundle discount"),
    Rule.CREDIT: _("Credit over %(months)s months"),
    Rule.TRADE_IN: _("Old device, grade %(grade)s"),
    Rule.FINANCED: _("Paid in %(months)s instalments"),
    Rule.INSTALMENT: _("Instalment, %(months)s months"),
    Rule.INTEREST: _("Interest, %(rate)s %% a year"),
    Rule.FEE: _("Fee"),
    Rule.TAX: _("Tax, %(rate)s %%"),
    Rule.TAX_CONTAINED: _("Tax contained, %(rate)s %%"),
    Rule.PENALTY: _("Early leave"),
    Rule.CREDIT_REPAID: _("Credit to be paid back"),
    Rule.CREDIT_LOST: _("Credit that is lost"),
    Rule.CREDIT_PAID_OUT: _("Credit that is paid out"),
    Rule.DEPOSIT_RETURNED: _("Deposit given back"),
}
_UNLIMITED: Message = _("Included: %(unit)s without limit")
_REST_OF_INSTALMENTS: Message = _("Instalments that remain")


def label(step: Explained) -> str:
    """What a step is called: the rule and its facts; rates are told in per cent."""
    facts = {name: _shown(name, value) for name, value in step.facts}
    if step.rule is Rule.ALLOWANCE and not facts["quantity"]:
        return str(_UNLIMITED) % facts
    return str(LABELS[step.rule]) % facts


def exit_label(rule: Rule) -> str:
    """What a part of the cost of leaving is called."""
    if rule is Rule.INSTALMENT:
        return str(_REST_OF_INSTALMENTS)
    return str(_("Tax")) if rule is Rule.TAX else str(LABELS[rule])


def _shown(name: str, value: str | int | Decimal) -> str:
    if name == "rate" and isinstance(value, Decimal):
        return f"{value * 100:.4f}".rstrip("0").rstrip(".")
    return str(value)
