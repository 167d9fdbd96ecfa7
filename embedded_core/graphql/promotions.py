"""Promotions as Saleor tells of them."""

from typing import Any

import graphene
from graphene.types.generic import GenericScalar

from embedded_core import ids, models
from embedded_core.graphql import catalogue, enums
from embedded_core.graphql.common import HasId, Info, Node, PageInfo, by, optional_list, page, required_list


class JSON(GenericScalar):
    """Any value."""


class PromotionRule(graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    channels = optional_list(catalogue.Channel)
    catalogue_predicate = JSON()

    @staticmethod
    def resolve_channels(root: models.PromotionRule, info: Info) -> list[models.Channel]:
        return list(root.channels.all())

    @staticmethod
    def resolve_catalogue_predicate(root: models.PromotionRule, info: Info) -> dict[str, Any]:
        return {"variantPredicate": {"ids": [ids.global_id(variant) for variant in root.variants.all()]}}


class Promotion(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)
    type = graphene.Field(enums.PromotionTypeEnum)
    start_date = graphene.DateTime(required=True)
    end_date = graphene.DateTime()
    rules = optional_list(PromotionRule)

    @staticmethod
    def resolve_type(root: models.Promotion, info: Info) -> str:
        # Rewards on whole orders are not known here.
        return "CATALOGUE"

    @staticmethod
    def resolve_rules(root: models.Promotion, info: Info) -> list[models.PromotionRule]:
        return list(root.rules.all())


class PromotionCountableEdge(graphene.ObjectType):
    node = graphene.Field(Promotion, required=True)


class PromotionCountableConnection(graphene.ObjectType):
    edges = required_list(PromotionCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)


class PromotionQuery(graphene.ObjectType):
    promotions = graphene.Field(PromotionCountableConnection, first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_promotions(
        root: None, info: Info, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        by(info).require("MANAGE_DISCOUNTS")
        queryset = models.Promotion.objects.prefetch_related("rules__channels", "rules__variants")
        rows, page_info = page(queryset, first=first, after=after)
        return {"edges": [{"node": row} for row in rows], "page_info": page_info}
