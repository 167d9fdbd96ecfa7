"""The schema: the part of Saleor 3.23 that the suite's operations use."""

import graphene
from graphql import GraphQLSchema, build_schema, lexicographic_sort_schema, parse, print_schema
from graphql.language import ast, print_ast, visitor

from embedded_core.graphql import catalogue, checkout_mutations, mutations, queries, sales


class Mutation(graphene.ObjectType):
    checkout_create = checkout_mutations.CheckoutCreate.Field()
    checkout_lines_add = checkout_mutations.CheckoutLinesAdd.Field()
    checkout_lines_update = checkout_mutations.CheckoutLinesUpdate.Field()
    checkout_email_update = checkout_mutations.CheckoutEmailUpdate.Field()
    checkout_billing_address_update = checkout_mutations.CheckoutBillingAddressUpdate.Field()
    checkout_shipping_address_update = checkout_mutations.CheckoutShippingAddressUpdate.Field()
    checkout_delivery_method_update = checkout_mutations.CheckoutDeliveryMethodUpdate.Field()
    checkout_customer_attach = checkout_mutations.CheckoutCustomerAttach.Field()
    checkout_complete = checkout_mutations.CheckoutComplete.Field()
    order_fulfill = mutations.OrderFulfill.Field()
    order_cancel = mutations.OrderCancel.Field()
    order_fulfillment_return_products = mutations.FulfillmentReturnProducts.Field()
    order_bulk_create = mutations.OrderBulkCreate.Field()
    transaction_create = mutations.TransactionCreate.Field()
    transaction_event_report = mutations.TransactionEventReport.Field()
    stock_bulk_update = mutations.StockBulkUpdate.Field()
    product_variant_stocks_update = mutations.ProductVariantStocksUpdate.Field()
    product_variant_stocks_create = mutations.ProductVariantStocksCreate.Field()
    update_metadata = mutations.UpdateMetadata.Field()
    update_private_metadata = mutations.UpdatePrivateMetadata.Field()
    token_create = mutations.CreateToken.Field()
    token_refresh = mutations.RefreshToken.Field()


schema = graphene.Schema(
    query=queries.Query,
    mutation=Mutation,
    # Types that are reached only through an interface.
    types=[catalogue.Warehouse, sales.CheckoutLine, sales.OrderLine],
)


class _WithoutDescriptions(visitor.Visitor):
    def leave(self, node: ast.Node, *_args: object) -> ast.Node | None:
        if getattr(node, "description", None) is not None:
            node.description = None
        return node


def sdl() -> str:
    """The schema as text: sorted and without descriptions, so that it changes only when the types do."""
    printed = print_schema(schema.graphql_schema)
    bare = print_ast(visitor.visit(parse(printed), _WithoutDescriptions()))
    ordered: GraphQLSchema = lexicographic_sort_schema(build_schema(bare))
    return print_schema(ordered).rstrip() + "\n"
