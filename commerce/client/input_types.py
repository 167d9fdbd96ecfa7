from datetime import datetime
from decimal import Decimal
from typing import Annotated, Optional

from pydantic import Field, PlainSerializer

from commerce.scalars import serialize_datetime

from .base_model import BaseModel
from .enums import CountryCode, LanguageCodeEnum, OrderStatus, TransactionActionEnum


class AddressInput(BaseModel):
    city: Optional[str] = None
    city_area: Optional[str] = Field(alias="cityArea", default=None)
    company_name: Optional[str] = Field(alias="companyName", default=None)
    country: Optional[CountryCode] = None
    country_area: Optional[str] = Field(alias="countryArea", default=None)
    first_name: Optional[str] = Field(alias="firstName", default=None)
    last_name: Optional[str] = Field(alias="lastName", default=None)
    metadata: Optional[list["MetadataInput"]] = None
    phone: Optional[str] = None
    postal_code: Optional[str] = Field(alias="postalCode", default=None)
    skip_validation: Optional[bool] = Field(alias="skipValidation", default=False)
    street_address_1: Optional[str] = Field(alias="streetAddress1", default=None)
    street_address_2: Optional[str] = Field(alias="streetAddress2", default=None)


class CheckoutCreateInput(BaseModel):
    billing_address: Optional["AddressInput"] = Field(
        alias="billingAddress", default=None
    )
    channel: Optional[str] = None
    email: Optional[str] = None
    language_code: Optional[LanguageCodeEnum] = Field(
        alias="languageCode", default=None
    )
    lines: list["CheckoutLineInput"]
    metadata: Optional[list["MetadataInput"]] = None
    private_metadata: Optional[list["MetadataInput"]] = Field(
        alias="privateMetadata", default=None
    )
    shipping_address: Optional["AddressInput"] = Field(
        alias="shippingAddress", default=None
    )


class CheckoutLineInput(BaseModel):
    force_new_line: Optional[bool] = Field(alias="forceNewLine", default=False)
    metadata: Optional[list["MetadataInput"]] = None
    price: Optional[Annotated[Decimal, PlainSerializer(str)]] = None
    price_override_reason: Optional[str] = Field(
        alias="priceOverrideReason", default=None
    )
    quantity: int
    variant_id: str = Field(alias="variantId")


class CheckoutLineUpdateInput(BaseModel):
    line_id: Optional[str] = Field(alias="lineId", default=None)
    metadata: Optional[list["MetadataInput"]] = None
    price: Optional[Annotated[Decimal, PlainSerializer(str)]] = None
    price_override_reason: Optional[str] = Field(
        alias="priceOverrideReason", default=None
    )
    quantity: Optional[int] = None
    variant_id: Optional[str] = Field(alias="variantId", default=None)


class DateTimeFilterInput(BaseModel):
    eq: Optional[Annotated[datetime, PlainSerializer(serialize_datetime)]] = None
    one_of: Optional[list[Annotated[datetime, PlainSerializer(serialize_datetime)]]] = (
        Field(alias="oneOf", default=None)
    )
    range_: Optional["DateTimeRangeInput"] = Field(alias="range", default=None)


class DateTimeRangeInput(BaseModel):
    gte: Optional[Annotated[datetime, PlainSerializer(serialize_datetime)]] = None
    lte: Optional[Annotated[datetime, PlainSerializer(serialize_datetime)]] = None


class GlobalIDFilterInput(BaseModel):
    eq: Optional[str] = None
    one_of: Optional[list[str]] = Field(alias="oneOf", default=None)


class MetadataInput(BaseModel):
    key: str
    value: str


class MoneyInput(BaseModel):
    amount: Annotated[Decimal, PlainSerializer(str)]
    currency: str


class OrderBulkCreateDeliveryMethodInput(BaseModel):
    warehouse_id: Optional[str] = Field(alias="warehouseId", default=None)
    warehouse_name: Optional[str] = Field(alias="warehouseName", default=None)


class OrderBulkCreateFulfillmentInput(BaseModel):
    lines: Optional[list["OrderBulkCreateFulfillmentLineInput"]] = None
    tracking_code: Optional[str] = Field(alias="trackingCode", default=None)


class OrderBulkCreateFulfillmentLineInput(BaseModel):
    order_line_index: int = Field(alias="orderLineIndex")
    quantity: int
    variant_id: Optional[str] = Field(alias="variantId", default=None)
    variant_sku: Optional[str] = Field(alias="variantSku", default=None)
    warehouse: str


class OrderBulkCreateInput(BaseModel):
    billing_address: "AddressInput" = Field(alias="billingAddress")
    channel: str
    created_at: Annotated[datetime, PlainSerializer(serialize_datetime)] = Field(
        alias="createdAt"
    )
    currency: str
    customer_note: Optional[str] = Field(alias="customerNote", default=None)
    delivery_method: Optional["OrderBulkCreateDeliveryMethodInput"] = Field(
        alias="deliveryMethod", default=None
    )
    display_gross_prices: Optional[bool] = Field(
        alias="displayGrossPrices", default=None
    )
    external_reference: Optional[str] = Field(alias="externalReference", default=None)
    fulfillments: Optional[list["OrderBulkCreateFulfillmentInput"]] = None
    language_code: LanguageCodeEnum = Field(alias="languageCode")
    lines: list["OrderBulkCreateOrderLineInput"]
    metadata: Optional[list["MetadataInput"]] = None
    private_metadata: Optional[list["MetadataInput"]] = Field(
        alias="privateMetadata", default=None
    )
    shipping_address: Optional["AddressInput"] = Field(
        alias="shippingAddress", default=None
    )
    status: Optional[OrderStatus] = None
    transactions: Optional[list["TransactionCreateInput"]] = None
    user: "OrderBulkCreateUserInput"


class OrderBulkCreateOrderLineInput(BaseModel):
    created_at: Annotated[datetime, PlainSerializer(serialize_datetime)] = Field(
        alias="createdAt"
    )
    is_gift_card: bool = Field(alias="isGiftCard")
    is_shipping_required: bool = Field(alias="isShippingRequired")
    metadata: Optional[list["MetadataInput"]] = None
    private_metadata: Optional[list["MetadataInput"]] = Field(
        alias="privateMetadata", default=None
    )
    product_name: Optional[str] = Field(alias="productName", default=None)
    product_sku: Optional[str] = Field(alias="productSku", default=None)
    quantity: int
    tax_class_id: Optional[str] = Field(alias="taxClassId", default=None)
    tax_class_name: Optional[str] = Field(alias="taxClassName", default=None)
    tax_rate: Optional[Annotated[Decimal, PlainSerializer(str)]] = Field(
        alias="taxRate", default=None
    )
    total_price: "TaxedMoneyInput" = Field(alias="totalPrice")
    undiscounted_total_price: "TaxedMoneyInput" = Field(alias="undiscountedTotalPrice")
    variant_id: Optional[str] = Field(alias="variantId", default=None)
    variant_name: Optional[str] = Field(alias="variantName", default=None)
    variant_sku: Optional[str] = Field(alias="variantSku", default=None)
    warehouse: str


class OrderBulkCreateUserInput(BaseModel):
    email: Optional[str] = None
    id: Optional[str] = None


class OrderFulfillInput(BaseModel):
    allow_stock_to_be_exceeded: Optional[bool] = Field(
        alias="allowStockToBeExceeded", default=False
    )
    lines: list["OrderFulfillLineInput"]
    notify_customer: Optional[bool] = Field(alias="notifyCustomer", default=None)
    tracking_number: Optional[str] = Field(alias="trackingNumber", default=None)


class OrderFulfillLineInput(BaseModel):
    order_line_id: Optional[str] = Field(alias="orderLineId", default=None)
    stocks: list["OrderFulfillStockInput"]


class OrderFulfillStockInput(BaseModel):
    quantity: int
    warehouse: str


class OrderReturnFulfillmentLineInput(BaseModel):
    fulfillment_line_id: str = Field(alias="fulfillmentLineId")
    quantity: int


class OrderReturnProductsInput(BaseModel):
    fulfillment_lines: Optional[list["OrderReturnFulfillmentLineInput"]] = Field(
        alias="fulfillmentLines", default=None
    )


class ProductWhereInput(BaseModel):
    collection: Optional["GlobalIDFilterInput"] = None
    ids: Optional[list[str]] = None
    slug: Optional["StringFilterInput"] = None
    updated_at: Optional["DateTimeFilterInput"] = Field(alias="updatedAt", default=None)


class StockBulkUpdateInput(BaseModel):
    quantity: int
    variant_id: Optional[str] = Field(alias="variantId", default=None)
    warehouse_id: Optional[str] = Field(alias="warehouseId", default=None)


class StockInput(BaseModel):
    quantity: int
    warehouse: str


class StringFilterInput(BaseModel):
    eq: Optional[str] = None
    one_of: Optional[list[str]] = Field(alias="oneOf", default=None)


class TaxedMoneyInput(BaseModel):
    gross: Annotated[Decimal, PlainSerializer(str)]
    net: Annotated[Decimal, PlainSerializer(str)]


class TransactionCreateInput(BaseModel):
    amount_authorized: Optional["MoneyInput"] = Field(
        alias="amountAuthorized", default=None
    )
    amount_canceled: Optional["MoneyInput"] = Field(
        alias="amountCanceled", default=None
    )
    amount_charged: Optional["MoneyInput"] = Field(alias="amountCharged", default=None)
    amount_refunded: Optional["MoneyInput"] = Field(
        alias="amountRefunded", default=None
    )
    available_actions: Optional[list[TransactionActionEnum]] = Field(
        alias="availableActions", default=None
    )
    external_url: Optional[str] = Field(alias="externalUrl", default=None)
    message: Optional[str] = None
    metadata: Optional[list["MetadataInput"]] = None
    name: Optional[str] = None
    private_metadata: Optional[list["MetadataInput"]] = Field(
        alias="privateMetadata", default=None
    )
    psp_reference: Optional[str] = Field(alias="pspReference", default=None)


class TransactionEventInput(BaseModel):
    message: Optional[str] = None
    psp_reference: Optional[str] = Field(alias="pspReference", default=None)


AddressInput.model_rebuild()
CheckoutCreateInput.model_rebuild()
CheckoutLineInput.model_rebuild()
CheckoutLineUpdateInput.model_rebuild()
DateTimeFilterInput.model_rebuild()
OrderBulkCreateFulfillmentInput.model_rebuild()
OrderBulkCreateInput.model_rebuild()
OrderBulkCreateOrderLineInput.model_rebuild()
OrderFulfillInput.model_rebuild()
OrderFulfillLineInput.model_rebuild()
OrderReturnProductsInput.model_rebuild()
ProductWhereInput.model_rebuild()
TransactionCreateInput.model_rebuild()
