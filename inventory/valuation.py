"""What stock is worth at its selling price: a higher layer says what that is."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

Price = tuple[Decimal, str]
"""An amount and its currency."""

Find = Callable[[Collection[tuple[str, str]]], Mapping[tuple[str, str], Price]]

_find: list[Find] = []


def register(find: Find) -> None:
    """Let `find` give the prices of (country, SKU)s; those that it does not know are left out."""
    _find[:] = [find]


def prices(wanted: Collection[tuple[str, str]]) -> Mapping[tuple[str, str], Price]:
    """The selling prices of (country, SKU)s, as far as they are known."""
    return _find[0](wanted) if _find and wanted else {}
