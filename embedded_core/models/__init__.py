"""The core's tables, one module per part."""

from embedded_core.models.account import App, User
from embedded_core.models.catalogue import Attribute, Category, Product, ProductType, ProductVariant, VariantListing
from embedded_core.models.checkout import Checkout, CheckoutLine
from embedded_core.models.delivery import Fault, WebhookDelivery
from embedded_core.models.order import (
    Allocation,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
    next_order_number,
)
from embedded_core.models.payment import TransactionEvent, TransactionItem
from embedded_core.models.promotion import Promotion, PromotionRule
from embedded_core.models.shop import Channel, Shop, SigningKey, TaxClass, TaxRate
from embedded_core.models.stock import Stock, Warehouse

__all__ = [
    "Allocation",
    "App",
    "Attribute",
    "Category",
    "Channel",
    "Checkout",
    "CheckoutLine",
    "Fault",
    "Fulfillment",
    "FulfillmentLine",
    "Order",
    "OrderLine",
    "Product",
    "ProductType",
    "ProductVariant",
    "Promotion",
    "PromotionRule",
    "Shop",
    "SigningKey",
    "Stock",
    "TaxClass",
    "TaxRate",
    "TransactionEvent",
    "TransactionItem",
    "User",
    "VariantListing",
    "Warehouse",
    "WebhookDelivery",
    "next_order_number",
]
