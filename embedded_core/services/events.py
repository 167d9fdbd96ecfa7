"""The webhooks that changes fire, with the payloads of Saleor's subscriptions."""

from typing import Any

from embedded_core import webhooks
from embedded_core.ids import global_id
from embedded_core.models import Checkout, Order, Product, ProductVariant, Stock
from embedded_core.requestor import Requestor


def product_updated(product: Product, *, by: Requestor) -> None:
    webhooks.emit("product_updated", {"product": {"id": global_id(product), "slug": product.slug}}, by=by)


def product_variant_updated(variant: ProductVariant, *, by: Requestor) -> None:
    webhooks.emit("product_variant_updated", {"productVariant": _variant(variant)}, by=by)


def product_variant_stock_updated(stock: Stock, *, by: Requestor) -> None:
    """Fired by the two stock mutations alone: neither an allocation nor a fulfilment tells of stock."""
    payload = {
        "productVariant": _variant(stock.variant),
        "warehouse": {"id": global_id(stock.warehouse), "slug": stock.warehouse.slug},
    }
    webhooks.emit("product_variant_stock_updated", payload, by=by)


def checkout_updated(checkout: Checkout, *, by: Requestor) -> None:
    webhooks.emit("checkout_updated", {"checkout": {"id": global_id(checkout)}}, by=by)


def order(event: str, row: Order, *, by: Requestor) -> None:
    """Fires an event of an order: `order_created`, `order_updated`, `order_fulfilled`..."""
    payload = {
        "order": {
            "id": global_id(row),
            "number": str(row.number),
            "status": row.status,
            "externalReference": row.external_reference,
        }
    }
    webhooks.emit(event, payload, by=by)


def _variant(variant: ProductVariant) -> dict[str, Any]:
    return {
        "id": global_id(variant),
        "sku": variant.sku,
        "product": {"id": global_id(variant.product), "slug": variant.product.slug},
    }
