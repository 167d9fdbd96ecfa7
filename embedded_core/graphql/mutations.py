"""Changes of orders, stock, transactions, metadata, and sign-in."""

from decimal import Decimal
from typing import Any

import graphene

from embedded_core import tokens
from embedded_core.errors import Problem, Refused
from embedded_core.graphql import catalogue, enums, inputs, sales
from embedded_core.graphql.common import (
    Info,
    ObjectWithMetadata,
    PositiveDecimal,
    attempt,
    by,
    error_list,
    optional_list,
    plain,
    required_list,
)
from embedded_core.graphql.errors import (
    AccountError,
    BulkStockError,
    MetadataError,
    OrderBulkCreateError,
    OrderError,
    StockBulkUpdateError,
    TransactionCreateError,
    TransactionEventReportError,
)
from embedded_core.services import accounts, bulk_orders, metadata, orders, payments, returns, stock


def _problems(error_type: type[graphene.ObjectType], problems: list[Problem]) -> list[graphene.ObjectType]:
    return error_list(error_type, Refused(*problems))


class OrderFulfill(graphene.Mutation):
    class Arguments:
        order = graphene.ID()
        input = inputs.OrderFulfillInput(required=True)

    order = graphene.Field(sales.Order)
    errors = required_list(OrderError)

    @classmethod
    def mutate(cls, root: None, info: Info, input: dict[str, Any], order: str | None = None) -> "OrderFulfill":
        return attempt(
            cls, OrderError, lambda: {"order": orders.fulfil(order_id=order, data=plain(input), by=by(info))}
        )


class OrderCancel(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)

    order = graphene.Field(sales.Order)
    errors = required_list(OrderError)

    @classmethod
    def mutate(cls, root: None, info: Info, id: str) -> "OrderCancel":
        return attempt(cls, OrderError, lambda: {"order": orders.cancel(order_id=id, by=by(info))})


class FulfillmentReturnProducts(graphene.Mutation):
    class Arguments:
        order = graphene.ID(required=True)
        input = inputs.OrderReturnProductsInput(required=True)

    order = graphene.Field(sales.Order)
    return_fulfillment = graphene.Field(sales.Fulfillment)
    errors = required_list(OrderError)

    @classmethod
    def mutate(cls, root: None, info: Info, order: str, input: dict[str, Any]) -> "FulfillmentReturnProducts":
        def work() -> dict[str, Any]:
            returned = returns.take_back(order_id=order, lines=plain(input).get("fulfillment_lines") or (), by=by(info))
            return {"order": returned.order, "return_fulfillment": returned}

        return attempt(cls, OrderError, work)


class OrderBulkCreateResult(graphene.ObjectType):
    order = graphene.Field(sales.Order)
    errors = optional_list(OrderBulkCreateError)


class OrderBulkCreate(graphene.Mutation):
    class Arguments:
        orders = required_list(inputs.OrderBulkCreateInput)
        error_policy = enums.ErrorPolicyEnum()
        stock_update_policy = enums.StockUpdatePolicyEnum()

    count = graphene.Int(required=True)
    results = required_list(OrderBulkCreateResult)
    errors = required_list(OrderBulkCreateError)

    @staticmethod
    def resolve_count(root: Any, info: Info) -> int:
        return sum(1 for result in root.results or () if result.order is not None)

    @staticmethod
    def resolve_results(root: Any, info: Info) -> list[OrderBulkCreateResult]:
        return root.results or []

    @classmethod
    def mutate(
        cls,
        root: None,
        info: Info,
        orders: list[dict[str, Any]],
        error_policy: Any = None,
        stock_update_policy: Any = None,
    ) -> "OrderBulkCreate":
        def work() -> dict[str, Any]:
            entries, problems = bulk_orders.create(
                orders=plain(orders),
                error_policy=plain(error_policy) or "REJECT_EVERYTHING",
                stock_policy=plain(stock_update_policy) or "UPDATE",
                by=by(info),
            )
            if problems:
                raise Refused(*problems)
            results = [
                OrderBulkCreateResult(order=entry.order, errors=_problems(OrderBulkCreateError, entry.problems) or None)
                for entry in entries
            ]
            return {"results": results}

        return attempt(cls, OrderBulkCreateError, work)


class TransactionCreate(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)
        transaction = inputs.TransactionCreateInput(required=True)
        transaction_event = inputs.TransactionEventInput()

    transaction = graphene.Field(sales.TransactionItem)
    errors = required_list(TransactionCreateError)

    @classmethod
    def mutate(
        cls,
        root: None,
        info: Info,
        id: str,
        transaction: dict[str, Any],
        transaction_event: dict[str, Any] | None = None,
    ) -> "TransactionCreate":
        def work() -> dict[str, Any]:
            row = payments.create(target_id=id, data=plain(transaction), event=plain(transaction_event), by=by(info))
            return {"transaction": row}

        return attempt(cls, TransactionCreateError, work)


class TransactionEventReport(graphene.Mutation):
    class Arguments:
        id = graphene.ID()
        type = enums.TransactionEventTypeEnum(required=True)
        amount = PositiveDecimal()
        psp_reference = graphene.String(required=True)

    already_processed = graphene.Boolean()
    transaction = graphene.Field(sales.TransactionItem)
    errors = required_list(TransactionEventReportError)

    @classmethod
    def mutate(
        cls,
        root: None,
        info: Info,
        type: Any,
        psp_reference: str,
        id: str | None = None,
        amount: Decimal | None = None,
    ) -> "TransactionEventReport":
        def work() -> dict[str, Any]:
            row, known = payments.report_event(
                transaction_id=id,
                event_type=plain(type),
                amount=amount,
                psp_reference=psp_reference,
                by=by(info),
            )
            return {"transaction": row, "already_processed": known}

        return attempt(cls, TransactionEventReportError, work)


class StockBulkResult(graphene.ObjectType):
    errors = optional_list(StockBulkUpdateError)


class StockBulkUpdate(graphene.Mutation):
    class Arguments:
        stocks = required_list(inputs.StockBulkUpdateInput)
        error_policy = enums.ErrorPolicyEnum()

    count = graphene.Int(required=True)
    results = required_list(StockBulkResult)
    errors = required_list(StockBulkUpdateError)

    @staticmethod
    def resolve_count(root: Any, info: Info) -> int:
        return root.count or 0

    @staticmethod
    def resolve_results(root: Any, info: Info) -> list[StockBulkResult]:
        return root.results or []

    @classmethod
    def mutate(
        cls, root: None, info: Info, stocks: list[dict[str, Any]], error_policy: Any = None
    ) -> "StockBulkUpdate":
        def work() -> dict[str, Any]:
            outcome = stock.bulk_update(
                stocks=plain(stocks), error_policy=plain(error_policy) or "REJECT_EVERYTHING", by=by(info)
            )
            results = [
                StockBulkResult(errors=_problems(StockBulkUpdateError, problems)) for problems in outcome.problems
            ]
            return {"count": outcome.count, "results": results}

        return attempt(cls, StockBulkUpdateError, work)


class ProductVariantStocksUpdate(graphene.Mutation):
    class Arguments:
        variant_id = graphene.ID()
        stocks = required_list(inputs.StockInput)

    product_variant = graphene.Field(catalogue.ProductVariant)
    errors = required_list(BulkStockError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, stocks: list[dict[str, Any]], variant_id: str | None = None
    ) -> "ProductVariantStocksUpdate":
        def work() -> dict[str, Any]:
            row = stock.set_variant_stocks(variant_id=variant_id, stocks=plain(stocks), by=by(info))
            return {"product_variant": row}

        return attempt(cls, BulkStockError, work)


class ProductVariantStocksCreate(graphene.Mutation):
    class Arguments:
        variant_id = graphene.ID(required=True)
        stocks = required_list(inputs.StockInput)

    product_variant = graphene.Field(catalogue.ProductVariant)
    errors = required_list(BulkStockError)

    @classmethod
    def mutate(
        cls, root: None, info: Info, variant_id: str, stocks: list[dict[str, Any]]
    ) -> "ProductVariantStocksCreate":
        def work() -> dict[str, Any]:
            row = stock.create_variant_stocks(variant_id=variant_id, stocks=plain(stocks), by=by(info))
            return {"product_variant": row}

        return attempt(cls, BulkStockError, work)


class UpdateMetadata(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)
        input = required_list(inputs.MetadataInput)

    item = graphene.Field(ObjectWithMetadata)
    errors = required_list(MetadataError)

    @classmethod
    def mutate(cls, root: None, info: Info, id: str, input: list[dict[str, Any]]) -> "UpdateMetadata":
        def work() -> dict[str, Any]:
            return {"item": metadata.update(object_id=id, items=plain(input), private=False, by=by(info))}

        return attempt(cls, MetadataError, work)


class UpdatePrivateMetadata(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)
        input = required_list(inputs.MetadataInput)

    item = graphene.Field(ObjectWithMetadata)
    errors = required_list(MetadataError)

    @classmethod
    def mutate(cls, root: None, info: Info, id: str, input: list[dict[str, Any]]) -> "UpdatePrivateMetadata":
        def work() -> dict[str, Any]:
            return {"item": metadata.update(object_id=id, items=plain(input), private=True, by=by(info))}

        return attempt(cls, MetadataError, work)


class CreateToken(graphene.Mutation):
    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String(required=True)

    token = graphene.String()
    refresh_token = graphene.String()
    user = graphene.Field(sales.User)
    errors = required_list(AccountError)

    @classmethod
    def mutate(cls, root: None, info: Info, email: str, password: str) -> "CreateToken":
        def work() -> dict[str, Any]:
            user = accounts.sign_in(email=email, password=password)
            return {
                "user": user,
                "token": tokens.create(user, kind="access"),
                "refresh_token": tokens.create(user, kind="refresh"),
            }

        return attempt(cls, AccountError, work)


class RefreshToken(graphene.Mutation):
    class Arguments:
        refresh_token = graphene.String()

    token = graphene.String()
    user = graphene.Field(sales.User)
    errors = required_list(AccountError)

    @classmethod
    def mutate(cls, root: None, info: Info, refresh_token: str | None = None) -> "RefreshToken":
        def work() -> dict[str, Any]:
            user = accounts.user_of_refresh_token(refresh_token)
            return {"user": user, "token": tokens.create(user, kind="access")}

        return attempt(cls, AccountError, work)
