"""Why a line costs what it costs, in words for the customer. Pure."""

from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import Message
from plugins.bundles.price_lines import Explained, Rule

_NAMES: Final[dict[Rule, Message]] = {
    Rule.ONE_TIME: gettext_lazy("Price"),
    Rule.RECURRING: gettext_lazy("Monthly price"),
    Rule.LADDER: gettext_lazy("Price of line %(line)s"),
    Rule.ALLOWANCE: gettext_lazy("Included"),
    Rule.DEPOSIT: gettext_lazy("Deposit, given back"),
    Rule.DISCOUNT: gettext_lazy("Discount"),
    Rule.CREDIT: gettext_lazy("Credit"),
    Rule.TRADE_IN: gettext_lazy("Old device"),
    Rule.FINANCED: gettext_lazy("Paid in instalments"),
    Rule.INSTALMENT: gettext_lazy("Instalment"),
    Rule.INTEREST: gettext_lazy("Interest"),
    Rule.FEE: gettext_lazy("Fee"),
    Rule.TAX: gettext_lazy("Tax"),
    Rule.TAX_CONTAINED: gettext_lazy("Tax contained"),
    Rule.PENALTY: gettext_lazy("For leaving early"),
    Rule.CREDIT_REPAID: gettext_lazy("Credit to pay back"),
    Rule.CREDIT_LOST: gettext_lazy("Credit that is lost"),
    Rule.CREDIT_PAID_OUT: gettext_lazy("Credit paid out"),
    Rule.DEPOSIT_RETURNED: gettext_lazy("Deposit given back"),
}


def label(step: Explained) -> str:
    """One step: what it is, its rate where it has one, and the months it is for."""
    facts = dict(step.facts)
    text = str(_NAMES[step.rule]) % {"line": facts.get("line", "")}
    rate = facts.get("rate")
    if isinstance(rate, Decimal):
        text = _("%(what)s (%(percent)s %%)") % {"what": text, "percent": f"{(rate * 100).normalize():f}"}
    if not step.first:
        return text
    if step.first == step.last:
        return _("%(what)s, month %(first)s") % {"what": text, "first": step.first}
    return _("%(what)s, months %(first)s to %(last)s") % {"what": text, "first": step.first, "last": step.last}


def exit_part(rule: Rule) -> str:
    """What a part of the exit cost is."""
    return str(_NAMES[rule])
