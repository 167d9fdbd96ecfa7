"""The order of a result and the cursors into it: pure functions."""

import base64
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum
from hashlib import blake2b

from plugins.guided_search.documents import ProductDocument
from plugins.guided_search.index import Index
from plugins.guided_search.words import KIND_FACTOR


class Sort(Enum):
    """The orders that a searcher may ask for."""

    RELEVANCE = "RELEVANCE"
    PRICE_ASC = "PRICE_ASC"
    PRICE_DESC = "PRICE_DESC"
    MONTHLY_PRICE_ASC = "MONTHLY_PRICE_ASC"
    NEWEST = "NEWEST"
    NAME = "NAME"
    BEST_SELLING = "BEST_SELLING"


class BadCursor(ValueError):
    """The cursor is not one that this search gave out."""


def ordered(
    index: Index, positions: Sequence[int], sort: Sort, scores: Mapping[int, float], sold: Mapping[str, int]
) -> list[int]:
    """The positions in the order asked for; `sold` is the number of pieces sold by SKU.

    Equals are put by relevance, then newest first, then by name; products without a price come last in both
    directions.
    """

    def relevance(position: int) -> tuple[object, ...]:
        product = index.products[position]
        score = scores.get(position, KIND_FACTOR.get(product.kind, 0.0))
        return (-round(score, 6), -_day(product), product.name.casefold(), product.id)

    def key(position: int) -> tuple[object, ...]:
        product = index.products[position]
        price = product.price
        match sort:
            case Sort.PRICE_ASC:
                first: tuple[object, ...] = (price is None, price or Decimal(0))
            case Sort.PRICE_DESC:
                first = (price is None, -(price or Decimal(0)))
            case Sort.NEWEST:
                first = (-_day(product),)
            case Sort.NAME:
                first = (product.name.casefold(),)
            case Sort.BEST_SELLING:
                first = (-sum(sold.get(variant.sku, 0) for variant in product.variants),)
            case _:
                first = ()
        return (*first, *relevance(position))

    return sorted(positions, key=key)


def _day(product: ProductDocument) -> int:
    return product.released.toordinal() if product.released else 0


def fingerprint(*parts: object) -> str:
    """A short name of a search: cursors of another one are recognised by it."""
    return blake2b(repr(parts).encode(), digest_size=8).hexdigest()


def cursor(search: str, rank: int, product_id: str) -> str:
    """An opaque cursor: the place after the product, or after its rank when the product has left the result."""
    text = json.dumps([search, rank, product_id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def start_after(after: str, search: str, product_ids: Sequence[str]) -> int:
    """The rank at which the page after this cursor starts. Raises BadCursor."""
    try:
        found = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except ValueError as error:
        raise BadCursor from error
    match found:
        case [str(own), int(rank), str(product_id)] if own == search and rank >= 0:
            return product_ids.index(product_id) + 1 if product_id in product_ids else min(rank, len(product_ids))
    raise BadCursor
