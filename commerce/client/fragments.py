from datetime import datetime
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import BeforeValidator, Field

from commerce.scalars import parse_datetime

from .base_model import BaseModel
from .enums import (
    AttributeInputTypeEnum,
    CheckoutErrorCode,
    FulfillmentStatus,
    OrderChargeStatusEnum,
    OrderStatus,
)


class CategoryFields(BaseModel):
    id: str
    slug: str
    name: str
    translation: Optional["CategoryFieldsTranslation"]


class CategoryFieldsTranslation(BaseModel):
    name: Optional[str]


class CheckoutErrorFields(BaseModel):
    field: Optional[str]
    message: Optional[str]
    code: CheckoutErrorCode
    variants: Optional[list[str]]
    lines: Optional[list[str]]


class CheckoutFields(BaseModel):
    id: str
    email: Optional[str]
    user: Optional["CheckoutFieldsUser"]
    is_shipping_required: bool = Field(alias="isShippingRequired")
    lines: list["CheckoutFieldsLines"]
    delivery_method: Optional[
        Annotated[
            Union[
                "CheckoutFieldsDeliveryMethodShippingMethod",
                "CheckoutFieldsDeliveryMethodWarehouse",
            ],
            Field(discriminator="typename__"),
        ]
    ] = Field(alias="deliveryMethod")
    available_collection_points: list["CheckoutFieldsAvailableCollectionPoints"] = (
        Field(alias="availableCollectionPoints")
    )
    discount: Optional["CheckoutFieldsDiscount"]
    subtotal_price: "CheckoutFieldsSubtotalPrice" = Field(alias="subtotalPrice")
    total_price: "CheckoutFieldsTotalPrice" = Field(alias="totalPrice")
    transactions: Optional[list["CheckoutFieldsTransactions"]]


class CheckoutFieldsUser(BaseModel):
    id: str


class CheckoutFieldsLines(BaseModel):
    id: str
    quantity: int
    variant: "CheckoutFieldsLinesVariant"
    unit_price: "CheckoutFieldsLinesUnitPrice" = Field(alias="unitPrice")
    total_price: "CheckoutFieldsLinesTotalPrice" = Field(alias="totalPrice")
    metadata: list["CheckoutFieldsLinesMetadata"]


class CheckoutFieldsLinesVariant(BaseModel):
    id: str
    sku: Optional[str]


class CheckoutFieldsLinesUnitPrice(BaseModel):
    net: "CheckoutFieldsLinesUnitPriceNet"
    tax: "CheckoutFieldsLinesUnitPriceTax"
    gross: "CheckoutFieldsLinesUnitPriceGross"


class CheckoutFieldsLinesUnitPriceNet(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsLinesUnitPriceTax(BaseModel):
    amount: float


class CheckoutFieldsLinesUnitPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsLinesTotalPrice(BaseModel):
    net: "CheckoutFieldsLinesTotalPriceNet"
    tax: "CheckoutFieldsLinesTotalPriceTax"
    gross: "CheckoutFieldsLinesTotalPriceGross"


class CheckoutFieldsLinesTotalPriceNet(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsLinesTotalPriceTax(BaseModel):
    amount: float


class CheckoutFieldsLinesTotalPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsLinesMetadata(BaseModel):
    key: str
    value: str


class CheckoutFieldsDeliveryMethodShippingMethod(BaseModel):
    typename__: Literal["ShippingMethod"] = Field(alias="__typename")
    id: str
    name: str


class CheckoutFieldsDeliveryMethodWarehouse(BaseModel):
    typename__: Literal["Warehouse"] = Field(alias="__typename")
    id: str
    name: str


class CheckoutFieldsAvailableCollectionPoints(BaseModel):
    id: str
    name: str


class CheckoutFieldsDiscount(BaseModel):
    amount: float


class CheckoutFieldsSubtotalPrice(BaseModel):
    net: "CheckoutFieldsSubtotalPriceNet"
    tax: "CheckoutFieldsSubtotalPriceTax"
    gross: "CheckoutFieldsSubtotalPriceGross"


class CheckoutFieldsSubtotalPriceNet(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsSubtotalPriceTax(BaseModel):
    amount: float


class CheckoutFieldsSubtotalPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsTotalPrice(BaseModel):
    net: "CheckoutFieldsTotalPriceNet"
    tax: "CheckoutFieldsTotalPriceTax"
    gross: "CheckoutFieldsTotalPriceGross"


class CheckoutFieldsTotalPriceNet(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsTotalPriceTax(BaseModel):
    amount: float


class CheckoutFieldsTotalPriceGross(BaseModel):
    amount: float
    currency: str


class CheckoutFieldsTransactions(BaseModel):
    id: str
    psp_reference: str = Field(alias="pspReference")
    authorized_amount: "CheckoutFieldsTransactionsAuthorizedAmount" = Field(
        alias="authorizedAmount"
    )
    charged_amount: "CheckoutFieldsTransactionsChargedAmount" = Field(
        alias="chargedAmount"
    )


class CheckoutFieldsTransactionsAuthorizedAmount(BaseModel):
    amount: float


class CheckoutFieldsTransactionsChargedAmount(BaseModel):
    amount: float


class OrderFields(BaseModel):
    id: str
    number: str
    status: OrderStatus
    charge_status: OrderChargeStatusEnum = Field(alias="chargeStatus")
    external_reference: Optional[str] = Field(alias="externalReference")
    created: Annotated[datetime, BeforeValidator(parse_datetime)]
    updated_at: Annotated[datetime, BeforeValidator(parse_datetime)] = Field(
        alias="updatedAt"
    )
    user_email: Optional[str] = Field(alias="userEmail")
    collection_point_name: Optional[str] = Field(alias="collectionPointName")
    channel: "OrderFieldsChannel"
    metadata: list["OrderFieldsMetadata"]
    delivery_method: Optional[
        Annotated[
            Union[
                "OrderFieldsDeliveryMethodShippingMethod",
                "OrderFieldsDeliveryMethodWarehouse",
            ],
            Field(discriminator="typename__"),
        ]
    ] = Field(alias="deliveryMethod")
    lines: list["OrderFieldsLines"]
    fulfillments: list["OrderFieldsFulfillments"]
    total: "OrderFieldsTotal"
    transactions: list["OrderFieldsTransactions"]


class OrderFieldsChannel(BaseModel):
    slug: str


class OrderFieldsMetadata(BaseModel):
    key: str
    value: str


class OrderFieldsDeliveryMethodShippingMethod(BaseModel):
    typename__: Literal["ShippingMethod"] = Field(alias="__typename")
    id: str
    name: str


class OrderFieldsDeliveryMethodWarehouse(BaseModel):
    typename__: Literal["Warehouse"] = Field(alias="__typename")
    id: str
    name: str


class OrderFieldsLines(BaseModel):
    id: str
    product_sku: Optional[str] = Field(alias="productSku")
    product_name: str = Field(alias="productName")
    quantity: int
    quantity_fulfilled: int = Field(alias="quantityFulfilled")
    unit_price: "OrderFieldsLinesUnitPrice" = Field(alias="unitPrice")
    total_price: "OrderFieldsLinesTotalPrice" = Field(alias="totalPrice")
    metadata: list["OrderFieldsLinesMetadata"]


class OrderFieldsLinesUnitPrice(BaseModel):
    net: "OrderFieldsLinesUnitPriceNet"
    tax: "OrderFieldsLinesUnitPriceTax"
    gross: "OrderFieldsLinesUnitPriceGross"


class OrderFieldsLinesUnitPriceNet(BaseModel):
    amount: float
    currency: str


class OrderFieldsLinesUnitPriceTax(BaseModel):
    amount: float


class OrderFieldsLinesUnitPriceGross(BaseModel):
    amount: float
    currency: str


class OrderFieldsLinesTotalPrice(BaseModel):
    net: "OrderFieldsLinesTotalPriceNet"
    tax: "OrderFieldsLinesTotalPriceTax"
    gross: "OrderFieldsLinesTotalPriceGross"


class OrderFieldsLinesTotalPriceNet(BaseModel):
    amount: float
    currency: str


class OrderFieldsLinesTotalPriceTax(BaseModel):
    amount: float


class OrderFieldsLinesTotalPriceGross(BaseModel):
    amount: float
    currency: str


class OrderFieldsLinesMetadata(BaseModel):
    key: str
    value: str


class OrderFieldsFulfillments(BaseModel):
    id: str
    status: FulfillmentStatus
    lines: Optional[list["OrderFieldsFulfillmentsLines"]]


class OrderFieldsFulfillmentsLines(BaseModel):
    id: str
    quantity: int
    order_line: Optional["OrderFieldsFulfillmentsLinesOrderLine"] = Field(
        alias="orderLine"
    )


class OrderFieldsFulfillmentsLinesOrderLine(BaseModel):
    id: str


class OrderFieldsTotal(BaseModel):
    net: "OrderFieldsTotalNet"
    tax: "OrderFieldsTotalTax"
    gross: "OrderFieldsTotalGross"


class OrderFieldsTotalNet(BaseModel):
    amount: float
    currency: str


class OrderFieldsTotalTax(BaseModel):
    amount: float


class OrderFieldsTotalGross(BaseModel):
    amount: float
    currency: str


class OrderFieldsTransactions(BaseModel):
    id: str
    psp_reference: str = Field(alias="pspReference")
    authorized_amount: "OrderFieldsTransactionsAuthorizedAmount" = Field(
        alias="authorizedAmount"
    )
    charged_amount: "OrderFieldsTransactionsChargedAmount" = Field(
        alias="chargedAmount"
    )
    refunded_amount: "OrderFieldsTransactionsRefundedAmount" = Field(
        alias="refundedAmount"
    )


class OrderFieldsTransactionsAuthorizedAmount(BaseModel):
    amount: float


class OrderFieldsTransactionsChargedAmount(BaseModel):
    amount: float


class OrderFieldsTransactionsRefundedAmount(BaseModel):
    amount: float


class SelectedAttributeFields(BaseModel):
    attribute: "SelectedAttributeFieldsAttribute"
    values: list["SelectedAttributeFieldsValues"]


class SelectedAttributeFieldsAttribute(BaseModel):
    slug: str
    name: str
    input_type: Optional[AttributeInputTypeEnum] = Field(alias="inputType")
    translation: Optional["SelectedAttributeFieldsAttributeTranslation"]


class SelectedAttributeFieldsAttributeTranslation(BaseModel):
    name: str


class SelectedAttributeFieldsValues(BaseModel):
    slug: Optional[str]
    name: Optional[str]
    reference: Optional[str]
    boolean: Optional[bool]
    translation: Optional["SelectedAttributeFieldsValuesTranslation"]


class SelectedAttributeFieldsValuesTranslation(BaseModel):
    name: str


class ProductFields(BaseModel):
    id: str
    slug: str
    name: str
    description: Optional[Any]
    translation: Optional["ProductFieldsTranslation"]
    updated_at: Annotated[datetime, BeforeValidator(parse_datetime)] = Field(
        alias="updatedAt"
    )
    is_available: Optional[bool] = Field(alias="isAvailable")
    channel_listings: Optional[list["ProductFieldsChannelListings"]] = Field(
        alias="channelListings"
    )
    product_type: "ProductFieldsProductType" = Field(alias="productType")
    category: Optional["ProductFieldsCategory"]
    tax_class: Optional["ProductFieldsTaxClass"] = Field(alias="taxClass")
    thumbnail: Optional["ProductFieldsThumbnail"]
    metadata: list["ProductFieldsMetadata"]
    attributes: list["ProductFieldsAttributes"]
    variants: Optional[list["ProductFieldsVariants"]]


class ProductFieldsTranslation(BaseModel):
    name: Optional[str]
    description: Optional[Any]


class ProductFieldsChannelListings(BaseModel):
    channel: "ProductFieldsChannelListingsChannel"
    is_published: bool = Field(alias="isPublished")
    published_at: Optional[Annotated[datetime, BeforeValidator(parse_datetime)]] = (
        Field(alias="publishedAt")
    )


class ProductFieldsChannelListingsChannel(BaseModel):
    slug: str


class ProductFieldsProductType(BaseModel):
    slug: str
    name: str
    is_shipping_required: bool = Field(alias="isShippingRequired")
    metadata: list["ProductFieldsProductTypeMetadata"]


class ProductFieldsProductTypeMetadata(BaseModel):
    key: str
    value: str


class ProductFieldsCategory(CategoryFields):
    ancestors: Optional["ProductFieldsCategoryAncestors"]


class ProductFieldsCategoryAncestors(BaseModel):
    edges: list["ProductFieldsCategoryAncestorsEdges"]


class ProductFieldsCategoryAncestorsEdges(BaseModel):
    node: "ProductFieldsCategoryAncestorsEdgesNode"


class ProductFieldsCategoryAncestorsEdgesNode(CategoryFields):
    pass


class ProductFieldsTaxClass(BaseModel):
    id: str
    name: str
    countries: list["ProductFieldsTaxClassCountries"]


class ProductFieldsTaxClassCountries(BaseModel):
    country: "ProductFieldsTaxClassCountriesCountry"
    rate: float


class ProductFieldsTaxClassCountriesCountry(BaseModel):
    code: str


class ProductFieldsThumbnail(BaseModel):
    url: str


class ProductFieldsMetadata(BaseModel):
    key: str
    value: str


class ProductFieldsAttributes(SelectedAttributeFields):
    pass


class ProductFieldsVariants(BaseModel):
    id: str
    sku: Optional[str]
    name: str
    translation: Optional["ProductFieldsVariantsTranslation"]
    track_inventory: bool = Field(alias="trackInventory")
    updated_at: Annotated[datetime, BeforeValidator(parse_datetime)] = Field(
        alias="updatedAt"
    )
    metadata: list["ProductFieldsVariantsMetadata"]
    attributes: list["ProductFieldsVariantsAttributes"]
    media: Optional[list["ProductFieldsVariantsMedia"]]
    pricing: Optional["ProductFieldsVariantsPricing"]


class ProductFieldsVariantsTranslation(BaseModel):
    name: str


class ProductFieldsVariantsMetadata(BaseModel):
    key: str
    value: str


class ProductFieldsVariantsAttributes(SelectedAttributeFields):
    pass


class ProductFieldsVariantsMedia(BaseModel):
    url: str
    alt: str


class ProductFieldsVariantsPricing(BaseModel):
    price: Optional["ProductFieldsVariantsPricingPrice"]
    price_undiscounted: Optional["ProductFieldsVariantsPricingPriceUndiscounted"] = (
        Field(alias="priceUndiscounted")
    )


class ProductFieldsVariantsPricingPrice(BaseModel):
    net: "ProductFieldsVariantsPricingPriceNet"
    tax: "ProductFieldsVariantsPricingPriceTax"
    gross: "ProductFieldsVariantsPricingPriceGross"


class ProductFieldsVariantsPricingPriceNet(BaseModel):
    amount: float
    currency: str


class ProductFieldsVariantsPricingPriceTax(BaseModel):
    amount: float


class ProductFieldsVariantsPricingPriceGross(BaseModel):
    amount: float
    currency: str


class ProductFieldsVariantsPricingPriceUndiscounted(BaseModel):
    net: "ProductFieldsVariantsPricingPriceUndiscountedNet"
    tax: "ProductFieldsVariantsPricingPriceUndiscountedTax"
    gross: "ProductFieldsVariantsPricingPriceUndiscountedGross"


class ProductFieldsVariantsPricingPriceUndiscountedNet(BaseModel):
    amount: float
    currency: str


class ProductFieldsVariantsPricingPriceUndiscountedTax(BaseModel):
    amount: float


class ProductFieldsVariantsPricingPriceUndiscountedGross(BaseModel):
    amount: float
    currency: str


CategoryFields.model_rebuild()
CheckoutErrorFields.model_rebuild()
CheckoutFields.model_rebuild()
OrderFields.model_rebuild()
SelectedAttributeFields.model_rebuild()
ProductFields.model_rebuild()
