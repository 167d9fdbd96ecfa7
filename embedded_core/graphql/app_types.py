"""What an App can ask about itself, and what a catalogue is made of: product types and attributes."""

from typing import Any

import graphene
from django.conf import settings

from embedded_core import ids, models
from embedded_core.graphql import catalogue, enums
from embedded_core.graphql.common import HasId, Info, Node, PageInfo, by, optional_list, page, required_list

NAME = "suite"


class Permission(graphene.ObjectType):
    code = graphene.Field(enums.PermissionEnum, required=True)


class Webhook(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String()
    is_active = graphene.Boolean(required=True)
    target_url = graphene.String(required=True)
    subscription_query = graphene.String()


class App(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    identifier = graphene.String()
    name = graphene.String()
    is_active = graphene.Boolean()
    version = graphene.String()
    permissions = optional_list(Permission)
    webhooks = optional_list(Webhook)

    @staticmethod
    def resolve_identifier(root: models.App, info: Info) -> str:
        # An App that no manifest names is called by its id, as in Saleor.
        return ids.global_id(root)

    @staticmethod
    def resolve_version(root: models.App, info: Info) -> str:
        return settings.VERSION

    @staticmethod
    def resolve_permissions(root: models.App, info: Info) -> list[dict[str, str]]:
        return [{"code": code} for code in root.permissions]

    @staticmethod
    def resolve_webhooks(root: models.App, info: Info) -> list[dict[str, Any]]:
        if not root.webhook_url:
            return []
        # One address takes all events here, without a query.
        return [{"id": str(root.pk), "name": NAME, "is_active": True, "target_url": root.webhook_url}]


class ProductTypeCountableEdge(graphene.ObjectType):
    node = graphene.Field(catalogue.ProductType, required=True)


class ProductTypeCountableConnection(graphene.ObjectType):
    edges = required_list(ProductTypeCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)


class AttributeCountableEdge(graphene.ObjectType):
    node = graphene.Field(catalogue.Attribute, required=True)


class AttributeCountableConnection(graphene.ObjectType):
    edges = required_list(AttributeCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)


class AppQuery(graphene.ObjectType):
    """The part of the queries that this module answers."""

    app = graphene.Field(App)
    product_types = graphene.Field(ProductTypeCountableConnection, first=graphene.Int(), after=graphene.String())
    attributes = graphene.Field(AttributeCountableConnection, first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_app(root: None, info: Info) -> models.App | None:
        by(info).require_staff_or_app()
        return by(info).app

    @staticmethod
    def resolve_product_types(
        root: None, info: Info, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return _connection(models.ProductType.objects.all(), first, after)

    @staticmethod
    def resolve_attributes(
        root: None, info: Info, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        return _connection(models.Attribute.objects.all(), first, after)


def _connection(rows: Any, first: int | None, after: str | None) -> dict[str, Any]:
    found, page_info = page(rows, first=first, after=after)
    return {"edges": [{"node": row} for row in found], "page_info": page_info}
