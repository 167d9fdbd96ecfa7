"""What a characteristic may be chosen from, as people read it: grades of old devices with what each brings. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kernel.money import Money
from plugins.bundles.document import Characteristic
from plugins.bundles.quoting import IN_FULL, PAYMENT, TRADE_IN
from plugins.bundles.terms import OptionTerms


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that a characteristic may have; `worth` is what giving an old device of that grade brings today."""

    value: str
    label: str
    worth: Money | None = None


def choices(one: Characteristic, terms: OptionTerms) -> Iterator[Choice]:
    """The values of a characteristic that is chosen from a list; none for one that is written."""
    for value in one.choices:
        if one.name == TRADE_IN:
            code, _colon, grade = value.partition(":")
            worth = next((dict(each.values).get(grade) for each in terms.trade_ins if each.code == code), None)
            yield Choice(value, _("Grade %(grade)s") % {"grade": grade or value}, worth)
        elif one.name == PAYMENT and value == IN_FULL:
            yield Choice(value, _("In full today"))
        else:
            yield Choice(value, value)
