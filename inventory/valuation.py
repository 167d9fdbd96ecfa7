"""What stock is worth at its selling price: a higher layer says what that is."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal

from .models import Store

Price = tuple[Decimal, str]
"""An amount and its currency."""

Find = Callable[[Collection[tuple[Store, str]]], Mapping[tuple[str, str], Price]]

_find: list[Find] = []


def register(find: Find) -> None:
    """Let `find` give prices for (store, SKU)s, by (store's id, SKU); those that it does not know are left out."""
    _find[:] = [find]


def prices(wanted: Collection[tuple[Store, str]]) -> Mapping[tuple[str, str], Price]:
    """By (store's id, SKU) what a piece sells for there, as far as it is known."""
    return _find[0](wanted) if _find and wanted else {}
