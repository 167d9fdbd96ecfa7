"""Reads."""

from typing import Any

import graphene
from django.conf import settings
from django.db.models import Q, QuerySet
from graphql import GraphQLError

from embedded_core import ids, models
from embedded_core.graphql import app_types, catalogue, inputs, products, promotions, sales
from embedded_core.graphql.common import Info, by, page
from embedded_core.services import checkout as checkouts


class Shop(graphene.ObjectType):
    name = graphene.String(required=True)
    version = graphene.String(required=True)

    @staticmethod
    def resolve_version(root: models.Shop, info: Info) -> str:
        by(info).require_staff_or_app()
        return settings.VERSION


def orders() -> "QuerySet[models.Order]":
    """Orders with what their type reads, in a fixed number of queries."""
    related = models.Order.objects.select_related("channel", "collection_point")
    return related.prefetch_related("lines__variant", "transactions")


def found(text: str, queryset: "QuerySet[Any]", *, strict: bool = False) -> Any:
    """The row with this global id or None; what is no id is an error, with `strict` an id of something else, too."""
    try:
        return ids.find(text, queryset)
    except ids.OtherType as error:
        if strict:
            raise GraphQLError(str(error)) from error
        return None
    except ids.InvalidId as error:
        raise GraphQLError(str(error)) from error


class Query(app_types.AppQuery, promotions.PromotionQuery, graphene.ObjectType):
    shop = graphene.Field(Shop, required=True)
    channels = graphene.List(graphene.NonNull(catalogue.Channel))
    products = graphene.Field(
        catalogue.ProductCountableConnection,
        channel=graphene.String(),
        first=graphene.Int(),
        after=graphene.String(),
        where=graphene.Argument(inputs.ProductWhereInput),
    )
    product = graphene.Field(catalogue.Product, id=graphene.ID(), channel=graphene.String())
    product_variant = graphene.Field(catalogue.ProductVariant, id=graphene.ID())
    warehouses = graphene.Field(catalogue.WarehouseCountableConnection, first=graphene.Int(), after=graphene.String())
    warehouse = graphene.Field(catalogue.Warehouse, id=graphene.ID())
    customers = graphene.Field(
        sales.UserCountableConnection,
        first=graphene.Int(),
        filter=graphene.Argument(inputs.CustomerFilterInput),
    )
    checkout = graphene.Field(sales.Checkout, id=graphene.ID())
    order = graphene.Field(sales.Order, id=graphene.ID(), external_reference=graphene.String())

    @staticmethod
    def resolve_shop(root: None, info: Info) -> models.Shop:
        return models.Shop.objects.first() or models.Shop()

    @staticmethod
    def resolve_channels(root: None, info: Info) -> list[models.Channel]:
        by(info).require_staff_or_app()
        return list(models.Channel.objects.order_by("slug"))

    @staticmethod
    def resolve_products(
        root: None,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        channel: str | None = None,
        where: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        queryset = products.filtered(products.visible(info, channel), where)
        rows, page_info = page(queryset, first=first, after=after)
        return {"edges": [{"node": row} for row in rows], "page_info": page_info, "queryset": queryset}

    @staticmethod
    def resolve_product(
        root: None, info: Info, id: str | None = None, channel: str | None = None
    ) -> models.Product | None:
        if not id:
            raise GraphQLError("At least one of arguments is required: 'id'.")
        return found(id, products.visible(info, channel))

    @staticmethod
    def resolve_product_variant(root: None, info: Info, id: str | None = None) -> models.ProductVariant | None:
        if not id:
            raise GraphQLError("At least one of arguments is required: 'id'.")
        return found(id, products.visible_variants(info))

    @staticmethod
    def resolve_warehouses(
        root: None, info: Info, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        by(info).require("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
        rows, page_info = page(models.Warehouse.objects.all(), first=first, after=after)
        return {"edges": [{"node": row} for row in rows], "page_info": page_info}

    @staticmethod
    def resolve_warehouse(root: None, info: Info, id: str | None = None) -> models.Warehouse | None:
        by(info).require("MANAGE_PRODUCTS", "MANAGE_ORDERS", "MANAGE_SHIPPING")
        if not id:
            raise GraphQLError("Exactly one of arguments is required: 'id', 'externalReference'.")
        return found(id, models.Warehouse.objects.all())

    @staticmethod
    def resolve_customers(
        root: None, info: Info, first: int | None = None, filter: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        by(info).require("MANAGE_ORDERS", "MANAGE_USERS")
        customers = models.User.objects.filter(Q(is_staff=False) | Q(orders__isnull=False)).distinct()
        rows, _ = page(_customers(customers, filter or {}), first=first, after=None)
        return {"edges": [{"node": row} for row in rows]}

    @staticmethod
    def resolve_checkout(root: None, info: Info, id: str | None = None) -> models.Checkout | None:
        if not id:
            raise GraphQLError("At least one of arguments is required: 'id'.")
        row = found(id, checkouts.queryset(), strict=True)
        if row is None or row.channel.is_active:
            return row
        by(info).require("MANAGE_CHECKOUTS", "IMPERSONATE_USER", "HANDLE_PAYMENTS")
        return row

    @staticmethod
    def resolve_order(
        root: None, info: Info, id: str | None = None, external_reference: str | None = None
    ) -> models.Order | None:
        if bool(id) == bool(external_reference):
            raise GraphQLError("Exactly one of arguments is required: 'id', 'externalReference'.")
        if id:
            return found(id, orders())
        return orders().filter(external_reference=external_reference).first()


def _customers(rows: "QuerySet[models.User]", where: dict[str, Any]) -> "QuerySet[models.User]":
    if where.get("search"):
        text = where["search"]
        rows = rows.filter(Q(email__icontains=text) | Q(first_name__icontains=text) | Q(last_name__icontains=text))
    if where.get("ids") is not None:
        try:
            rows = rows.filter(pk__in=[ids.key_of(text, models.User) for text in where["ids"]])
        except ids.InvalidId as error:
            raise GraphQLError(str(error)) from error
    for bound, value in (where.get("updated_at") or {}).items():
        if value is not None:
            rows = rows.filter(**{f"updated_at__{bound}": value})
    return rows
