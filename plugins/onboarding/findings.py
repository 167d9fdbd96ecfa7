"""What is wrong with products and warehouses as the core has them: pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from commerce.records import CoreChannel, CoreProduct, CoreWarehouse


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem: its code, what it is about, and what makes it one."""

    code: str
    subject: str
    detail: str = ""


def not_collecting(warehouses: Iterable[CoreWarehouse], channels: Iterable[CoreChannel]) -> dict[str, str]:
    """By id each warehouse at which the core lets nobody collect, with the reason; `channels` are those that sell."""
    sold_from = frozenset[str]().union(*(channel.warehouse_ids for channel in channels))
    reasons = {}
    for warehouse in warehouses:
        if warehouse.click_and_collect == "DISABLED":
            reasons[warehouse.id] = _("Click and collect is disabled for it in the core.")
        elif warehouse.id not in sold_from:
            reasons[warehouse.id] = _("No active channel of the core sells from it.")
    return reasons


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
