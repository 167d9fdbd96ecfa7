"""What is told about an option: a telephone number, port-in details, an EID. The product says what it may be. Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import phonenumbers
from django.utils.translation import gettext as _

from inventory.serials import InvalidSerial, normalise
from plugins.bundles.document import Characteristic

MISSING: Final = "CHARACTERISTIC_MISSING"
WRONG: Final = "CHARACTERISTIC_INVALID"
UNKNOWN: Final = "CHARACTERISTIC_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one characteristic, and what mends it."""

    code: str
    name: str
    message: str
    remedy: str


def cleaned(
    wanted: Sequence[Characteristic], given: Mapping[str, str], *, country: str, language: str
) -> tuple[dict[str, str], list[Mistake]]:
    """The values as they are kept (telephone numbers in E.164), and what is wrong with them."""
    known = {one.name: one for one in wanted}
    mistakes = [_unknown(name) for name in given if name not in known]
    values: dict[str, str] = {}
    for one in wanted:
        label, raw = one.label.in_language(language), given.get(one.name, "").strip()
        if raw:
            kept = _value(one, raw, country)
            if kept is None:
                mistakes.append(_wrong(one, label))
            else:
                values[one.name] = kept
    mistakes += _missing(wanted, given, language)
    return values, mistakes


def _missing(wanted: Sequence[Characteristic], given: Mapping[str, str], language: str) -> Iterator[Mistake]:
    told = {name for name, value in given.items() if value.strip()}
    for one in wanted:
        asked = one.required or (one.required_with is not None and one.required_with in told)
        if asked and one.name not in told:
            label = one.label.in_language(language)
            yield Mistake(
                MISSING,
                one.name,
                _("“%(label)s” is missing.") % {"label": label},
                _("Give “%(label)s”.") % {"label": label},
            )


def _unknown(name: str) -> Mistake:
    name = name[:64]
    return Mistake(
        UNKNOWN,
        name,
        _("“%(name)s” is not asked for here.") % {"name": name},
        _("Leave “%(name)s” out.") % {"name": name},
    )


def _wrong(one: Characteristic, label: str) -> Mistake:
    if one.type == "CHOICE":
        hint = _("Choose one of: %(choices)s.") % {"choices": ", ".join(one.choices)}
    elif one.type == "DATE":
        hint = _("Write the day as 2027-01-31.")
    elif one.type == "EID":
        hint = _("An EID has 32 digits; dial *#06# to see it.")
    elif one.type == "PHONE_NUMBER":
        hint = _("Give a telephone number with its area code.")
    elif one.type == "DIGITS":
        hint = _("Give %(least)s to %(most)s digits.") % {"least": one.minimum_length, "most": one.maximum_length}
    else:
        hint = _("Give %(least)s to %(most)s characters.") % {"least": one.minimum_length, "most": one.maximum_length}
    return Mistake(WRONG, one.name, _("“%(label)s” cannot be right.") % {"label": label}, hint)


def _value(one: Characteristic, raw: str, country: str) -> str | None:
    """The value as it is kept; None when it cannot be right."""
    if len(raw) > 100 or not raw.isprintable():
        return None
    if one.type == "PHONE_NUMBER":
        return _number(raw, country)
    if one.type == "EID":
        try:
            return normalise("EID", raw)
        except InvalidSerial:
            return None
    if one.type == "DATE":
        try:
            return dt.date.fromisoformat(raw).isoformat()
        except ValueError:
            return None
    if one.type == "CHOICE":
        return raw if raw in one.choices else None
    if one.type == "DIGITS" and not (raw.isascii() and raw.isdigit()):
        return None
    return raw if one.minimum_length <= len(raw) <= one.maximum_length else None


def _number(raw: str, country: str) -> str | None:
    try:
        number = phonenumbers.parse(raw, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
