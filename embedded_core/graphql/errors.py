"""The error types of the mutations."""

import graphene

from embedded_core.graphql import enums
from embedded_core.graphql.common import optional_list


class _Error(graphene.ObjectType):
    class Meta:
        abstract = True

    field = graphene.String()
    message = graphene.String()


class AccountError(_Error):
    code = graphene.Field(enums.AccountErrorCode, required=True)


class MetadataError(_Error):
    code = graphene.Field(enums.MetadataErrorCode, required=True)


class CheckoutError(_Error):
    code = graphene.Field(enums.CheckoutErrorCode, required=True)
    variants = optional_list(graphene.ID)
    lines = optional_list(graphene.ID)


class OrderError(_Error):
    code = graphene.Field(enums.OrderErrorCode, required=True)
    warehouse = graphene.ID()
    order_lines = optional_list(graphene.ID)


class OrderBulkCreateError(graphene.ObjectType):
    path = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.OrderBulkCreateErrorCode)


class TransactionCreateError(_Error):
    code = graphene.Field(enums.TransactionCreateErrorCode, required=True)


class TransactionEventReportError(_Error):
    code = graphene.Field(enums.TransactionEventReportErrorCode, required=True)


class StockBulkUpdateError(_Error):
    code = graphene.Field(enums.StockBulkUpdateErrorCode, required=True)


class BulkStockError(_Error):
    code = graphene.Field(enums.ProductErrorCode, required=True)
    index = graphene.Int()
