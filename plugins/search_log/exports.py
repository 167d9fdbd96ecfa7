"""The reports as CSV: one table each, for a spreadsheet."""

import csv
from collections.abc import Callable, Iterable
from io import StringIO
from typing import Any, Final

from django.utils.translation import gettext as _

from plugins.search_log import reports
from plugins.search_log.reports import Scope

MAX_ROWS: Final = 5000
# What a spreadsheet takes for the beginning of a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")

Row = Iterable[Any]


def table(name: str, scope: Scope) -> str:
    """The table called `name` as CSV with a line of headings. Raises KeyError for a name that is none of TABLES."""
    written = StringIO()
    writer = csv.writer(written)
    for row in TABLES[name](scope):
        writer.writerow([_cell(value) for value in row])
    return written.getvalue()


def _cell(value: Any) -> Any:
    """A value that a spreadsheet shows and never computes: what looks like a formula is quoted by an apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _days(scope: Scope) -> Iterable[Row]:
    yield _("Day"), _("Searches"), _("Nothing found"), _("Clicks")
    for day, figures in reports.daily(scope).items():
        yield day.isoformat(), figures.searches, figures.nothing, figures.clicks


def _top(scope: Scope) -> Iterable[Row]:
    yield _("Search"), _("Searches"), _("Clicks"), _("Clicks per 100 searches"), _("Mean position")
    for line in reports.top(scope, MAX_ROWS):
        yield line.text, line.searches, line.clicks, line.click_rate, line.position
    yield _("Rare searches, numbers and long texts"), reports.not_listed(scope)


def _nothing(scope: Scope) -> Iterable[Row]:
    yield _("Search"), _("Searches that found nothing")
    for line in reports.nothing_found(scope, MAX_ROWS):
        yield line.text, line.searches


def _changed(scope: Scope) -> Iterable[Row]:
    yield _("Search"), _("Corrected"), _("Searched with fewer words")
    for line in reports.changed(scope, MAX_ROWS):
        yield line.text, line.corrected, line.relaxed


def _products(scope: Scope) -> Iterable[Row]:
    yield _("Product"), _("Clicks"), _("Mean position")
    for product in reports.products(scope, MAX_ROWS):
        yield product.name, product.clicks, product.position


TABLES: Final[dict[str, Callable[[Scope], Iterable[Row]]]] = {
    "days": _days,
    "top": _top,
    "nothing": _nothing,
    "changed": _changed,
    "products": _products,
}
