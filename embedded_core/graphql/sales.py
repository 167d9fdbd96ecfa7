"""Checkouts, orders, their transactions, and customers."""

from typing import Any

import graphene
from django.db.models import Model

from embedded_core import models
from embedded_core.graphql import enums
from embedded_core.graphql.catalogue import OBJECT, Channel, ProductVariant, Warehouse
from embedded_core.graphql.common import (
    HasId,
    Info,
    Money,
    Node,
    TaxedMoney,
    by,
    money,
    optional_list,
    required_list,
    taxed_money,
    type_of,
)
from embedded_core.services import checkout as checkouts
from embedded_core.services import collection, pricing


class User(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    email = graphene.String(required=True)
    first_name = graphene.String(required=True)
    last_name = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)


class UserCountableEdge(graphene.ObjectType):
    node = graphene.Field(User, required=True)


class UserCountableConnection(graphene.ObjectType):
    edges = required_list(UserCountableEdge)


class ShippingMethod(graphene.ObjectType):
    """Part of the schema only: this core ships nothing."""

    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)


class DeliveryMethod(graphene.Union):
    class Meta:
        types = (Warehouse, ShippingMethod)

    @classmethod
    def resolve_type(cls, instance: Model, info: Info) -> type[graphene.ObjectType]:
        return type_of(instance, info)


class TransactionItem(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    psp_reference = graphene.String(required=True)
    authorized_amount = graphene.Field(Money, required=True)
    charged_amount = graphene.Field(Money, required=True)
    refunded_amount = graphene.Field(Money, required=True)

    @staticmethod
    def resolve_authorized_amount(root: models.TransactionItem, info: Info) -> Money:
        return money(root.authorized, root.currency)

    @staticmethod
    def resolve_charged_amount(root: models.TransactionItem, info: Info) -> Money:
        return money(root.charged, root.currency)

    @staticmethod
    def resolve_refunded_amount(root: models.TransactionItem, info: Info) -> Money:
        return money(root.refunded, root.currency)


class CheckoutLine(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    quantity = graphene.Int(required=True)
    variant = graphene.Field(ProductVariant, required=True)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    @staticmethod
    def resolve_unit_price(root: models.CheckoutLine, info: Info) -> TaxedMoney:
        return taxed_money(root.priced.unit)

    @staticmethod
    def resolve_total_price(root: models.CheckoutLine, info: Info) -> TaxedMoney:
        return taxed_money(root.priced.total)


class Checkout(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    email = graphene.String()
    is_shipping_required = graphene.Boolean(required=True)
    lines = required_list(CheckoutLine)
    delivery_method = graphene.Field(DeliveryMethod)
    available_collection_points = required_list(Warehouse)
    discount = graphene.Field(Money)
    subtotal_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)
    transactions = optional_list(TransactionItem)

    @staticmethod
    def resolve_is_shipping_required(root: models.Checkout, info: Info) -> bool:
        return checkouts.is_shipping_required(root)

    @staticmethod
    def resolve_lines(root: models.Checkout, info: Info) -> list[models.CheckoutLine]:
        found = []
        for priced in _priced(root):
            priced.line.priced = priced
            found.append(priced.line)
        return found

    @staticmethod
    def resolve_delivery_method(root: models.Checkout, info: Info) -> models.Warehouse | None:
        return root.collection_point

    @staticmethod
    def resolve_available_collection_points(root: models.Checkout, info: Info) -> list[models.Warehouse]:
        return collection.available_points(root)

    @staticmethod
    def resolve_discount(root: models.Checkout, info: Info) -> Money:
        # Vouchers and promotions on the whole order are not part of this core.
        return money(pricing.Decimal(0), root.channel.currency_code)

    @staticmethod
    def resolve_subtotal_price(root: models.Checkout, info: Info) -> TaxedMoney:
        return taxed_money(pricing.total(_priced(root), root.channel.currency_code))

    @staticmethod
    def resolve_total_price(root: models.Checkout, info: Info) -> TaxedMoney:
        return taxed_money(pricing.total(_priced(root), root.channel.currency_code))

    @staticmethod
    def resolve_transactions(root: models.Checkout, info: Info) -> list[models.TransactionItem]:
        by(info).require("MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
        return list(root.transactions.all())


def _priced(checkout: models.Checkout) -> list[pricing.PricedLine]:
    return pricing.price_lines(checkout, checkout.lines.all())


class Allocation(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    quantity = graphene.Int(required=True)
    warehouse = graphene.Field(Warehouse, required=True)

    @staticmethod
    def resolve_warehouse(root: models.Allocation, info: Info) -> models.Warehouse:
        return root.stock.warehouse


class OrderLine(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    product_sku = graphene.String()
    product_name = graphene.String(required=True)
    variant = graphene.Field(ProductVariant)
    quantity = graphene.Int(required=True)
    quantity_fulfilled = graphene.Int(required=True)
    allocations = optional_list(Allocation)
    unit_price = graphene.Field(TaxedMoney, required=True)
    total_price = graphene.Field(TaxedMoney, required=True)

    @staticmethod
    def resolve_unit_price(root: models.OrderLine, info: Info) -> TaxedMoney:
        return taxed_money(pricing.Taxed(root.unit_net, root.unit_gross, root.order.currency))

    @staticmethod
    def resolve_total_price(root: models.OrderLine, info: Info) -> TaxedMoney:
        return taxed_money(pricing.Taxed(root.total_net, root.total_gross, root.order.currency))

    @staticmethod
    def resolve_allocations(root: models.OrderLine, info: Info) -> list[models.Allocation]:
        by(info).require("MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return list(root.allocations.select_related("stock__warehouse").order_by("pk"))


class FulfillmentLine(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    quantity = graphene.Int(required=True)
    order_line = graphene.Field(OrderLine)


class Fulfillment(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    status = graphene.Field(enums.FulfillmentStatus, required=True)
    warehouse = graphene.Field(Warehouse)
    lines = optional_list(FulfillmentLine)

    @staticmethod
    def resolve_status(root: models.Fulfillment, info: Info) -> str:
        # This core takes nothing back and cancels no fulfilment.
        return "FULFILLED"

    @staticmethod
    def resolve_lines(root: models.Fulfillment, info: Info) -> list[models.FulfillmentLine]:
        return list(root.lines.select_related("order_line__variant").order_by("pk"))


class Order(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    number = graphene.String(required=True)
    status = graphene.Field(enums.OrderStatus, required=True)
    charge_status = graphene.Field(enums.OrderChargeStatusEnum, required=True)
    external_reference = graphene.String()
    created = graphene.DateTime(required=True)
    updated_at = graphene.DateTime(required=True)
    user_email = graphene.String()
    collection_point_name = graphene.String()
    channel = graphene.Field(Channel, required=True)
    delivery_method = graphene.Field(DeliveryMethod)
    lines = required_list(OrderLine)
    total = graphene.Field(TaxedMoney, required=True)
    transactions = required_list(TransactionItem)
    fulfillments = required_list(Fulfillment)

    @staticmethod
    def resolve_fulfillments(root: models.Order, info: Info) -> list[models.Fulfillment]:
        return list(root.fulfillments.select_related("warehouse").order_by("pk"))

    @staticmethod
    def resolve_status(root: models.Order, info: Info) -> str:
        return str(root.status)

    @staticmethod
    def resolve_charge_status(root: models.Order, info: Info) -> str:
        return str(root.charge_status)

    @staticmethod
    def resolve_created(root: models.Order, info: Info) -> Any:
        return root.created_at

    @staticmethod
    def resolve_collection_point_name(root: models.Order, info: Info) -> str | None:
        return root.collection_point_name or None

    @staticmethod
    def resolve_delivery_method(root: models.Order, info: Info) -> models.Warehouse | None:
        return root.collection_point

    @staticmethod
    def resolve_lines(root: models.Order, info: Info) -> list[models.OrderLine]:
        return list(root.lines.all())

    @staticmethod
    def resolve_total(root: models.Order, info: Info) -> TaxedMoney:
        return taxed_money(pricing.Taxed(root.total_net, root.total_gross, root.currency))

    @staticmethod
    def resolve_transactions(root: models.Order, info: Info) -> list[models.TransactionItem]:
        by(info).require("MANAGE_ORDERS", "HANDLE_PAYMENTS")
        return list(root.transactions.all())
