"""Rows as plain JSON values, as revisions and exports hold them, and back: with every mistake told at its field."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, ApiError
from plugins.merchandising.models import Configured, DimensionSetup, PrecedenceRule, Rule, Synonyms

Values = dict[str, Any]

_EMPTY: Final[tuple[object, ...]] = (None, "", [], {})
_HUGE: Final = 10**9

# In the order of exports; a revision names its model so.
MODELS: Final[Mapping[str, type[Configured]]] = {
    "synonyms": Synonyms,
    "dimensions": DimensionSetup,
    "precedence": PrecedenceRule,
    "rules": Rule,
}


def name_of(model: type[Configured]) -> str:
    """What exports and revisions call a model."""
    return next(name for name, own in MODELS.items() if own is model)


def snapshot(row: Configured) -> Values:
    """The row's values in JSON: decimals and moments as texts."""
    return {column.name: _plain(getattr(row, column.name)) for column in row.columns()}


def defaults(model: type[Configured]) -> Values:
    """A new row's values."""
    return snapshot(model())


def fill(row: Configured, values: Mapping[str, object]) -> list[ApiError]:
    """Put values into the row, not saved; returns what is wrong with their form, nothing when all is well."""
    columns = {column.name: column for column in row.columns()}
    errors = [ApiError(INVALID, _("There is no such field."), field=name) for name in values if name not in columns]
    for name, value in values.items():
        if name in columns and _has_form(columns[name], value):
            setattr(row, name, _normal(columns[name], value))
        elif name in columns:
            errors.append(ApiError(INVALID, _("This value has the wrong form."), field=name))
    try:
        row.full_clean(exclude={error.field for error in errors if error.field})
    except ValidationError as error:
        errors += _told(error, columns)
    return errors


def _has_form(column: models.Field[Any, Any], value: object) -> bool:
    """Whether it can be read without guessing: a list is no text, 1.5 no whole number."""
    if isinstance(column, models.JSONField):
        return True
    if isinstance(column, models.CharField):
        return isinstance(value, str) and "\0" not in value
    if isinstance(column, models.BooleanField):
        return isinstance(value, bool)
    number = float if isinstance(column, models.DecimalField) else int
    return value is None or (isinstance(value, str | int | number | Decimal | datetime) and not isinstance(value, bool))


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _normal(column: models.Field[Any, Any], value: object) -> object:
    """Equal things in one form: nothing in a list is an empty list, a moment without a zone is UTC, 2 is 2.00."""
    if isinstance(column, models.JSONField):
        return column.get_default() if value in _EMPTY else value
    try:
        read = column.to_python(value)
    except ValidationError:
        # full_clean tells it with the field's own words.
        return value
    if isinstance(column, models.DecimalField) and isinstance(read, Decimal) and read.is_finite():
        exact = round(read, column.decimal_places) if abs(read) < _HUGE else read
        return exact if exact == read else read
    if isinstance(read, datetime):
        return make_aware(read, UTC) if is_naive(read) else read.astimezone(UTC)
    return read


def _told(error: ValidationError, columns: Mapping[str, object]) -> Iterator[ApiError]:
    for name, found in error.error_dict.items():
        for one in found:
            at_code = name == NON_FIELD_ERRORS and one.code in columns
            field = one.code if at_code else None if name == NON_FIELD_ERRORS else name
            for message in one.messages:
                yield ApiError(INVALID, message.replace("%", "%%"), field=field)
