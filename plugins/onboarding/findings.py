"""What is wrong with products as the core has them: pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from commerce.records import CoreProduct


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: its code, what it is about, and what makes it one."""

    code: str
    subject: str
    detail: str = ""


def of_products(products: Iterable[CoreProduct]) -> Iterator[Finding]:
    """The problems of a page of products."""
    for product in products:
        yield from _of_product(product)


def _of_product(product: CoreProduct) -> Iterator[Finding]:
    subject = f"{product.name} ({product.slug})"
    if not product.published:
        yield Finding("IN_NO_CHANNEL", subject)
        return
    if not product.variants:
        yield Finding("NO_VARIANTS", subject)
        return
    unnamed = [variant for variant in product.variants if not variant.sku]
    for variant in unnamed:
        yield Finding("NO_SKU", subject, variant.name or variant.id)
    priced = [variant for variant in product.variants if variant.price is not None]
    if not priced:
        yield Finding("NO_PRICE", subject)
        return
    for variant in product.variants:
        if variant.price is None:
            yield Finding("NO_PRICE", subject, variant.sku or variant.id)
