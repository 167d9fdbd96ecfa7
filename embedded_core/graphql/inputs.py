"""The inputs of queries and mutations, with Saleor's names."""

import graphene

from embedded_core.graphql import enums
from embedded_core.graphql.common import PositiveDecimal, optional_list, required_list


class MetadataInput(graphene.InputObjectType):
    key = graphene.String(required=True)
    value = graphene.String(required=True)


class MoneyInput(graphene.InputObjectType):
    currency = graphene.String(required=True)
    amount = PositiveDecimal(required=True)


class TaxedMoneyInput(graphene.InputObjectType):
    gross = PositiveDecimal(required=True)
    net = PositiveDecimal(required=True)


class AddressInput(graphene.InputObjectType):
    first_name = graphene.String()
    last_name = graphene.String()
    company_name = graphene.String()
    street_address_1 = graphene.String()
    street_address_2 = graphene.String()
    city = graphene.String()
    city_area = graphene.String()
    postal_code = graphene.String()
    country = graphene.InputField(enums.CountryCode)
    country_area = graphene.String()
    phone = graphene.String()
    metadata = optional_list(MetadataInput)
    skip_validation = graphene.Boolean(default_value=False)


class DateTimeRangeInput(graphene.InputObjectType):
    gte = graphene.DateTime()
    lte = graphene.DateTime()


class DateTimeFilterInput(graphene.InputObjectType):
    eq = graphene.DateTime()
    one_of = optional_list(graphene.DateTime)
    range = graphene.InputField(DateTimeRangeInput)


class StringFilterInput(graphene.InputObjectType):
    eq = graphene.String()
    one_of = optional_list(graphene.String)


class GlobalIDFilterInput(graphene.InputObjectType):
    eq = graphene.ID()
    one_of = optional_list(graphene.ID)


class ProductWhereInput(graphene.InputObjectType):
    collection = graphene.InputField(GlobalIDFilterInput)
    ids = optional_list(graphene.ID)
    slug = graphene.InputField(StringFilterInput)
    updated_at = graphene.InputField(DateTimeFilterInput)


class CustomerFilterInput(graphene.InputObjectType):
    ids = optional_list(graphene.ID)
    search = graphene.String()
    updated_at = graphene.InputField(DateTimeRangeInput)


class CheckoutLineInput(graphene.InputObjectType):
    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)
    price = PositiveDecimal()
    price_override_reason = graphene.String()
    force_new_line = graphene.Boolean(default_value=False)
    metadata = optional_list(MetadataInput)


class CheckoutLineUpdateInput(graphene.InputObjectType):
    variant_id = graphene.ID()
    quantity = graphene.Int()
    price = PositiveDecimal()
    price_override_reason = graphene.String()
    line_id = graphene.ID()
    metadata = optional_list(MetadataInput)


class CheckoutCreateInput(graphene.InputObjectType):
    channel = graphene.String()
    lines = required_list(CheckoutLineInput)
    email = graphene.String()
    shipping_address = graphene.InputField(AddressInput)
    billing_address = graphene.InputField(AddressInput)
    language_code = graphene.InputField(enums.LanguageCodeEnum)
    metadata = optional_list(MetadataInput)
    private_metadata = optional_list(MetadataInput)


class OrderFulfillStockInput(graphene.InputObjectType):
    quantity = graphene.Int(required=True)
    warehouse = graphene.ID(required=True)


class OrderFulfillLineInput(graphene.InputObjectType):
    order_line_id = graphene.ID()
    stocks = required_list(OrderFulfillStockInput)


class OrderFulfillInput(graphene.InputObjectType):
    lines = required_list(OrderFulfillLineInput)
    notify_customer = graphene.Boolean()
    allow_stock_to_be_exceeded = graphene.Boolean(default_value=False)
    tracking_number = graphene.String()


class TransactionCreateInput(graphene.InputObjectType):
    name = graphene.String()
    message = graphene.String()
    psp_reference = graphene.String()
    available_actions = optional_list(enums.TransactionActionEnum)
    amount_authorized = graphene.InputField(MoneyInput)
    amount_charged = graphene.InputField(MoneyInput)
    amount_refunded = graphene.InputField(MoneyInput)
    amount_canceled = graphene.InputField(MoneyInput)
    metadata = optional_list(MetadataInput)
    private_metadata = optional_list(MetadataInput)
    external_url = graphene.String()


class TransactionEventInput(graphene.InputObjectType):
    psp_reference = graphene.String()
    message = graphene.String()


class OrderBulkCreateUserInput(graphene.InputObjectType):
    id = graphene.ID()
    email = graphene.String()


class OrderBulkCreateOrderLineInput(graphene.InputObjectType):
    variant_id = graphene.ID()
    variant_sku = graphene.String()
    variant_name = graphene.String()
    product_name = graphene.String()
    product_sku = graphene.String()
    created_at = graphene.DateTime(required=True)
    is_shipping_required = graphene.Boolean(required=True)
    is_gift_card = graphene.Boolean(required=True)
    quantity = graphene.Int(required=True)
    total_price = graphene.InputField(TaxedMoneyInput, required=True)
    undiscounted_total_price = graphene.InputField(TaxedMoneyInput, required=True)
    warehouse = graphene.ID(required=True)
    metadata = optional_list(MetadataInput)
    private_metadata = optional_list(MetadataInput)
    tax_rate = PositiveDecimal()
    tax_class_id = graphene.ID()
    tax_class_name = graphene.String()


class OrderBulkCreateDeliveryMethodInput(graphene.InputObjectType):
    warehouse_id = graphene.ID()
    warehouse_name = graphene.String()


class OrderBulkCreateFulfillmentLineInput(graphene.InputObjectType):
    variant_id = graphene.ID()
    variant_sku = graphene.String()
    quantity = graphene.Int(required=True)
    warehouse = graphene.ID(required=True)
    order_line_index = graphene.Int(required=True)


class OrderBulkCreateFulfillmentInput(graphene.InputObjectType):
    tracking_code = graphene.String()
    lines = optional_list(OrderBulkCreateFulfillmentLineInput)


class OrderBulkCreateInput(graphene.InputObjectType):
    external_reference = graphene.String()
    channel = graphene.String(required=True)
    created_at = graphene.DateTime(required=True)
    status = graphene.InputField(enums.OrderStatus)
    user = graphene.InputField(OrderBulkCreateUserInput, required=True)
    billing_address = graphene.InputField(AddressInput, required=True)
    shipping_address = graphene.InputField(AddressInput)
    currency = graphene.String(required=True)
    metadata = optional_list(MetadataInput)
    private_metadata = optional_list(MetadataInput)
    customer_note = graphene.String()
    language_code = graphene.InputField(enums.LanguageCodeEnum, required=True)
    display_gross_prices = graphene.Boolean()
    lines = required_list(OrderBulkCreateOrderLineInput)
    delivery_method = graphene.InputField(OrderBulkCreateDeliveryMethodInput)
    fulfillments = optional_list(OrderBulkCreateFulfillmentInput)
    transactions = optional_list(TransactionCreateInput)


class OrderReturnFulfillmentLineInput(graphene.InputObjectType):
    fulfillment_line_id = graphene.ID(required=True)
    quantity = graphene.Int(required=True)


class OrderReturnProductsInput(graphene.InputObjectType):
    fulfillment_lines = optional_list(OrderReturnFulfillmentLineInput)


class StockInput(graphene.InputObjectType):
    warehouse = graphene.ID(required=True)
    quantity = graphene.Int(required=True)


class StockBulkUpdateInput(graphene.InputObjectType):
    variant_id = graphene.ID()
    warehouse_id = graphene.ID()
    quantity = graphene.Int(required=True)
