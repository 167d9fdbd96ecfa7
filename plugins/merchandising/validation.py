"""What may stand in the lists of a set-up: validators of their shape, for forms, imports and services alike."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MAX_ENTRIES: Final = 200
MAX_LENGTH: Final = 200
MAX_PRODUCTS: Final = 100
MAX_PLACE: Final = 500
# One slash, then no second one (nor a backslash, which browsers take for one): never another host.
SHOP_PATH: Final = r"^/([^/\\\s][^\\\s]*)?$"

name = RegexValidator(r"^[a-z][a-z0-9_-]*\Z", _("Use small letters, digits, _ and -."))


def texts(value: object) -> None:
    """A list of different texts that are not blank."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(_("Give a list of texts."))
    if len(value) > MAX_ENTRIES:
        raise ValidationError(_("At most %(max)s entries."), params={"max": MAX_ENTRIES})
    for item in value:
        _text(item)
    if len(set(value)) < len(value):
        raise ValidationError(_("Each entry may stand here once."))


def phrases(value: object) -> None:
    """A list of texts with something to search for in each."""
    texts(value)
    for item in _items(value):
        if not re.search(r"\w", item):
            raise ValidationError(_("“%(text)s” has no word."), params={"text": item})


def bounds(value: object) -> None:
    """A list of numbers, written as texts, each above the one before."""
    texts(value)
    numbers = [_number(item) for item in _items(value)]
    if any(one >= other for one, other in pairwise(numbers)):
        raise ValidationError(_("Each number must be above the one before."))


def refinements(value: object) -> None:
    """{dimension: [values]}; no values mean any."""
    for _dimension, values in _by_dimension(value):
        texts(values)


def conditions(value: object) -> None:
    """{dimension: [values]} or {dimension: {"minimum": number, "maximum": number}}, one bound at least."""
    for _dimension, wanted in _by_dimension(value):
        if isinstance(wanted, dict):
            _span(wanted)
        else:
            texts(wanted)
            if not wanted:
                raise ValidationError(_("Name a value."))


def products(value: object) -> None:
    """[{"sku": SKU}], with {"position": place from 1} where they are pinned; each once."""
    if not isinstance(value, list) or not all(_is_product(item) for item in value):
        raise ValidationError(_("Give a list of products by their SKU."))
    if len(value) > MAX_PRODUCTS:
        raise ValidationError(_("At most %(max)s entries."), params={"max": MAX_PRODUCTS})
    for key in ("sku", "position"):
        given = [item[key] for item in value if key in item]
        if len(set(given)) < len(given):
            raise ValidationError(_("Each product and each place may stand here once."))


def _is_product(item: Any) -> bool:
    if not isinstance(item, dict) or not item.keys() <= {"sku", "position"}:
        return False
    sku, place = item.get("sku"), item.get("position", 1)
    whole = isinstance(place, int) and not isinstance(place, bool)
    return isinstance(sku, str) and 0 < len(sku) <= MAX_LENGTH and "\0" not in sku and whole and 1 <= place <= MAX_PLACE


def _by_dimension(value: object) -> Iterable[tuple[str, Any]]:
    if not isinstance(value, dict) or len(value) > MAX_ENTRIES:
        raise ValidationError(_("Give values by dimension."))
    for dimension in value:
        name(dimension)
    return value.items()


def _span(wanted: dict[Any, Any]) -> None:
    given = {key: bound for key, bound in wanted.items() if bound is not None}
    if not given or not wanted.keys() <= {"minimum", "maximum"}:
        raise ValidationError(_("Give a minimum, a maximum or both."))
    low, high = (_number(given[key]) if key in given else None for key in ("minimum", "maximum"))
    if low is not None and high is not None and low > high:
        raise ValidationError(_("The minimum is above the maximum."))


def _text(item: str) -> None:
    if not item.strip() or item != item.strip() or "\0" in item:
        raise ValidationError(_("No entry may be blank, or begin or end with a space."))
    if len(item) > MAX_LENGTH:
        raise ValidationError(_("At most %(max)s characters each."), params={"max": MAX_LENGTH})


def _number(item: object) -> Decimal:
    try:
        number = Decimal(item) if isinstance(item, str) else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValidationError(_("“%(text)s” is no number."), params={"text": item})
    return number


def _items(value: object) -> list[str]:
    return value if isinstance(value, list) else []
