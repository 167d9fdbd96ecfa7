"""The prices of an offer's document as terms: the fields of `terms` in camelCase, amounts as text in its currency.

A charge says its `type`: ONE_TIME, RECURRING, DEPOSIT, PENALTY or ALLOWANCE. Whatever `terms` learns to say can be
written at once, for the fields are read from there.
"""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, Union

from django.utils.translation import gettext_lazy as _
from pydantic.alias_generators import to_camel

from kernel.errors import ApiError, Message
from kernel.money import Money
from plugins.bundles import terms
from plugins.bundles.errors import INVALID_PRICE

Made = TypeVar("Made")
CHARGES: Final[Mapping[str, type]] = {
    "ONE_TIME": terms.OneTime,
    "RECURRING": terms.Recurring,
    "DEPOSIT": terms.Deposit,
    "PENALTY": terms.Penalty,
    "ALLOWANCE": terms.Allowance,
}
MAX_ENTRIES: Final = 200


def option_terms(raw: Mapping[str, Any], currency: str, path: str) -> terms.OptionTerms:
    """The terms of one option. Errors: INVALID_PRICE at the path."""
    return _record(terms.OptionTerms, raw, currency, path)


def bundle_terms(raw: Mapping[str, Any], currency: str, path: str = "prices") -> terms.BundleTerms:
    """The terms of the whole offer. Errors: INVALID_PRICE at the path."""
    return _record(terms.BundleTerms, raw, currency, path)


def problems(kind: Any, raw: Mapping[str, Any], currency: str, path: str) -> list[ApiError]:
    """Everything that is wrong with terms: each entry of their lists by itself, then the whole."""
    found: list[ApiError] = []
    for key, entries in raw.items():
        if isinstance(entries, list) and len(entries) <= MAX_ENTRIES and key in _fields(kind):
            wanted = typing.get_args(_fields(kind)[key][1])[0]
            found += [
                refusal
                for number, entry in enumerate(entries)
                if (refusal := _refusal(_value, wanted, entry, currency, f"{path}.{key}.{number}"))
            ]
    whole = _refusal(_record, kind, raw, currency, path)
    return found or ([whole] if whole else [])


def _refusal(reading: typing.Callable[..., Any], *given: Any) -> ApiError | None:
    try:
        reading(*given)
    except ApiError as refusal:
        return refusal
    return None


def _record(kind: type[Made], raw: object, currency: str, path: str) -> Made:
    if not isinstance(raw, Mapping):
        raise _refused(_("An object is expected here."), path)
    fields = _fields(typing.cast(Any, kind))
    unknown = sorted(set(raw) - set(fields) - {"type"})
    if unknown:
        raise _refused(_("There is no field “%(name)s”."), path, name=unknown[0])
    values = {
        name: _value(wanted, raw[key], currency, f"{path}.{key}")
        for key, (name, wanted) in fields.items()
        if key in raw and raw[key] is not None
    }
    try:
        return kind(**values)
    except TypeError:
        missing = next((key for key, (name, _wanted) in fields.items() if name not in values), "")
        raise _refused(_("Something is missing here, such as “%(name)s”."), path, name=missing) from None
    except ApiError as refusal:
        refusal.field = path
        raise


@cache
def _fields(kind: Any) -> dict[str, tuple[str, Any]]:
    hints = typing.get_type_hints(kind)
    return {to_camel(one.name): (one.name, hints[one.name]) for one in dataclasses.fields(kind) if one.init}


def _value(wanted: Any, raw: object, currency: str, path: str) -> Any:
    origin, inner = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in (Union, types.UnionType):
        return _one_of(inner, raw, currency, path)
    if origin is tuple:
        return _sequence(inner, raw, currency, path)
    if origin is frozenset:
        return frozenset(_value(inner[0], each, currency, path) for each in _entries(raw, path))
    if dataclasses.is_dataclass(wanted) and wanted is not Money:
        return _record(typing.cast(type, wanted), raw, currency, path)
    return _plain(wanted, raw, currency, path)


def _one_of(inner: tuple[Any, ...], raw: object, currency: str, path: str) -> Any:
    choices = [one for one in inner if one is not type(None)]
    if set(choices) <= set(CHARGES.values()):
        named = raw.get("type") if isinstance(raw, Mapping) else None
        if named not in CHARGES:
            raise _refused(_("A charge is one of %(types)s."), f"{path}.type", types=", ".join(CHARGES))
        return _record(CHARGES[str(named)], raw, currency, path)
    if terms.Ladder in choices and isinstance(raw, Mapping):
        return _record(terms.Ladder, raw, currency, path)
    return _value(next(one for one in choices if one is not terms.Ladder), raw, currency, path)


def _sequence(inner: tuple[Any, ...], raw: object, currency: str, path: str) -> tuple[Any, ...]:
    """A list; of pairs it is an object, as the values of grades."""
    pair = typing.get_args(inner[0]) if typing.get_origin(inner[0]) is tuple else ()
    if pair:
        if not isinstance(raw, Mapping) or len(raw) > MAX_ENTRIES:
            raise _refused(_("An object is expected here."), path)
        return tuple((str(key), _value(pair[1], each, currency, f"{path}.{key}")) for key, each in raw.items())
    return tuple(
        _value(inner[0], each, currency, f"{path}.{number}") for number, each in enumerate(_entries(raw, path))
    )


def _entries(raw: object, path: str) -> list[Any]:
    if not isinstance(raw, list) or len(raw) > MAX_ENTRIES:
        raise _refused(_("A list of at most %(most)s entries is expected here."), path, most=MAX_ENTRIES)
    return raw


def _plain(wanted: Any, raw: object, currency: str, path: str) -> Any:
    try:
        if wanted is Money:
            return Money(_decimal(raw), currency)
        if wanted is Decimal:
            return _decimal(raw)
        if wanted is dt.date:
            return dt.date.fromisoformat(str(raw))
        if isinstance(wanted, type) and issubclass(wanted, StrEnum):
            return wanted(str(raw).lower())
    except (ValueError, InvalidOperation):
        raise _refused(_("“%(value)s” is not what is expected here."), path, value=str(raw)[:60]) from None
    if wanted in (int, bool, str) and type(raw) is wanted and len(str(raw)) <= 200:
        return raw
    raise _refused(_("“%(value)s” is not what is expected here."), path, value=str(raw)[:60])


def _decimal(raw: object) -> Decimal:
    # A number of JSON has been through a float on its way.
    if not isinstance(raw, str):
        raise ValueError("text is expected")
    number = Decimal(raw)
    if not number.is_finite() or len(number.as_tuple().digits) > 14 or abs(number.adjusted()) > 12:
        raise ValueError("out of range")
    return number


def _refused(message: Message, path: str, **params: object) -> ApiError:
    return ApiError(INVALID_PRICE, message, field=path, params=params)
