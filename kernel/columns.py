"""Columns of the admin's screens that several capabilities show alike."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.contrib import admin

from kernel.money import Money

Column = Callable[[Any, Any], str | None]


def amount(field: str, label: Any, *, currency: str = "currency", sortable: bool = True) -> Column:
    """A column that shows an amount in its currency, as 37.89 USD; `currency` is where the row has it, dotted.

    `sortable=False` for what is computed, which the database cannot sort by.
    """

    @admin.display(description=label, ordering=field if sortable else None)
    def column(_admin: Any, row: Any) -> str | None:
        value: Decimal | None = getattr(row, field)
        if value is None:
            return None
        code = row
        for name in currency.split("."):
            code = getattr(code, name)
        return str(Money(value, code).quantized())

    return column


def joined(field: str, label: Any) -> Column:
    """A column that shows a list of words, as serial numbers, with commas between."""

    @admin.display(description=label)
    def column(_admin: Any, row: Any) -> str | None:
        return ", ".join(getattr(row, field)) or None

    return column
