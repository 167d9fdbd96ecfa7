"""What crosses the boundary to the core: plain immutable values. Money is Decimal, times are aware UTC.

Records named `Core...` come from the core, records named `...Draft` go to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

# The language that is fetched beside the core's own texts; `translated_...` are in it, empty without a translation.
TRANSLATED_INTO = "zh-hans"


@dataclass(frozen=True, slots=True)
class CorePrice:
    """An amount with its tax, in `currency`; `net + tax == gross`."""

    net: Decimal
    tax: Decimal
    gross: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class CoreChannel:
    """A channel; `warehouse_ids` are those that it sells from."""

    id: str
    slug: str
    name: str
    currency: str
    country: str
    prices_include_tax: bool
    charge_taxes: bool
    allow_unpaid_orders: bool
    is_active: bool
    warehouse_ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CoreWarehouse:
    """A warehouse; `slug` is the store's code. `click_and_collect` is DISABLED, LOCAL or ALL."""

    id: str
    slug: str
    name: str
    email: str
    phone: str
    street_address_1: str
    street_address_2: str
    city: str
    postal_code: str
    country_area: str
    country: str
    click_and_collect: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CoreAttributeValue:
    """One chosen value; `reference` is the core id of the object a REFERENCE attribute points to."""

    slug: str
    name: str
    reference: str | None
    boolean: bool | None
    translated_name: str = ""


@dataclass(frozen=True, slots=True)
class CoreAttribute:
    """An attribute that is set; `input_type` is Saleor's (DROPDOWN, MULTISELECT, NUMERIC, REFERENCE...)."""

    slug: str
    name: str
    input_type: str
    values: tuple[CoreAttributeValue, ...]
    translated_name: str = ""


@dataclass(frozen=True, slots=True)
class CoreCategory:
    """A category; `path_*` run from the root to the category itself, `translated_path` beside `path_names`."""

    id: str
    slug: str
    name: str
    path_slugs: tuple[str, ...]
    path_names: tuple[str, ...]
    translated_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoreProductType:
    slug: str
    name: str
    is_shipping_required: bool
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CoreMedia:
    url: str
    alt: str


@dataclass(frozen=True, slots=True)
class CoreVariant:
    """A variant in the channel it was read for; without a listing there, the prices are None.

    The price that the merchant entered is `gross` where the channel's prices include tax, else `net`.
    """

    id: str
    sku: str | None
    name: str
    track_inventory: bool
    updated_at: datetime
    metadata: Mapping[str, str]
    attributes: tuple[CoreAttribute, ...]
    media: tuple[CoreMedia, ...]
    price: CorePrice | None
    undiscounted_price: CorePrice | None
    translated_name: str = ""


@dataclass(frozen=True, slots=True)
class CoreProduct:
    """A product in the channel it was read for.

    `description` is plain text. `tax_rates` maps a country code to a fraction (Decimal("0.0825") is 8.25 %);
    it is empty without a tax class. `published` says whether the merchant shows it in that channel now; the core
    tells the suite of products that are hidden, too.
    """

    id: str
    slug: str
    name: str
    description: str
    updated_at: datetime
    is_available: bool
    published: bool
    product_type: CoreProductType
    category: CoreCategory | None
    tax_class_id: str | None
    tax_class_name: str | None
    tax_rates: Mapping[str, Decimal]
    thumbnail_url: str | None
    metadata: Mapping[str, str]
    attributes: tuple[CoreAttribute, ...]
    variants: tuple[CoreVariant, ...]
    translated_name: str = ""
    translated_description: str = ""


@dataclass(frozen=True, slots=True)
class CoreAddress:
    """A postal address to send; `phone` in E.164. Saleor validates it by country unless `skip_validation`."""

    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    postal_code: str = ""
    country_area: str = ""
    country: str = ""
    phone: str = ""
    skip_validation: bool = False


@dataclass(frozen=True, slots=True)
class CheckoutLineDraft:
    """A line to order; `price` overrides the unit price in the channel's own terms (net or gross)."""

    variant_id: str
    quantity: int
    price: Decimal | None = None
    price_reason: str = ""
    force_new_line: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckoutDraft:
    """A checkout to make; `language` is Saleor's code (EN, ZH_HANS)."""

    channel: str
    email: str
    lines: tuple[CheckoutLineDraft, ...]
    billing_address: CoreAddress
    shipping_address: CoreAddress | None = None
    language: str = "EN"
    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CoreTransaction:
    """A payment as the core knows it. `refunded` is None where the core was not asked for it (checkouts)."""

    id: str
    psp_reference: str
    authorized: Decimal
    charged: Decimal
    refunded: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CoreCheckoutLine:
    id: str
    variant_id: str
    sku: str | None
    quantity: int
    unit_price: CorePrice
    total: CorePrice
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CoreCheckout:
    """`customer_id` is the shopper it is attached to; `warehouse_id` is the chosen collection point;
    `collection_points` maps ids on offer to names.
    """

    id: str
    email: str
    is_shipping_required: bool
    lines: tuple[CoreCheckoutLine, ...]
    warehouse_id: str | None
    collection_points: Mapping[str, str]
    discount: Decimal
    subtotal: CorePrice
    total: CorePrice
    transactions: tuple[CoreTransaction, ...]
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class CoreOrderLine:
    id: str
    sku: str | None
    product_name: str
    quantity: int
    quantity_fulfilled: int
    unit_price: CorePrice
    total: CorePrice
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CoreFulfilledLine:
    """Units of an order line that left, or came back (`returned`), together; `id` is the fulfilment line's."""

    id: str
    order_line_id: str
    quantity: int
    returned: bool


@dataclass(frozen=True, slots=True)
class CoreOrder:
    """An order of the core. `number` is the core's; `status` and `charge_status` are Saleor's words.

    `email` is empty when the key that asks may not see it.
    """

    id: str
    number: str
    status: str
    charge_status: str
    external_reference: str | None
    created: datetime
    updated_at: datetime
    email: str
    channel: str
    warehouse_id: str | None
    collection_point_name: str | None
    metadata: Mapping[str, str]
    lines: tuple[CoreOrderLine, ...]
    total: CorePrice
    transactions: tuple[CoreTransaction, ...]
    fulfilled: tuple[CoreFulfilledLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PosOrderLineDraft:
    """A line sold at a register; the totals are of the whole line and are trusted by the core.

    `product_id` serves to find the tax class, which the core demands. `tax_rate` is a fraction.
    """

    product_id: str
    variant_id: str
    sku: str
    product_name: str
    quantity: int
    total_net: Decimal
    total_gross: Decimal
    undiscounted_net: Decimal
    undiscounted_gross: Decimal
    tax_rate: Decimal
    is_shipping_required: bool = True
    variant_name: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PosTenderDraft:
    """Money taken: `name` is what staff read (Cash, Card), `psp_reference` is unique per tender."""

    name: str
    psp_reference: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class PosOrderDraft:
    """A finished sale to record: fulfilled at once from `warehouse_id`, the core's stock left alone.

    `external_reference` (the sale's client id) makes it exactly once. `created_at` may not lie in the future.
    """

    external_reference: str
    channel: str
    currency: str
    created_at: datetime
    email: str
    warehouse_id: str
    billing_address: CoreAddress
    lines: tuple[PosOrderLineDraft, ...]
    tenders: tuple[PosTenderDraft, ...]
    language: str = "EN"
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StockRefusal:
    """A row of `push_stock` that the core refused."""

    variant_id: str
    warehouse_id: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class CoreUser:
    id: str
    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class CoreTokens:
    """A shopper's sign-in; `refresh_token` is empty in the answer to a refresh."""

    token: str
    refresh_token: str
    user: CoreUser


@dataclass(frozen=True, slots=True)
class CoreFulfilment:
    """Goods of an order that left a warehouse together; `pieces` by variant id. `status` is Saleor's word."""

    id: str
    status: str
    warehouse_id: str | None
    pieces: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CoreOrderStock:
    """What an order means for stock: allocated and not yet fulfilled by (warehouse id, variant id), and what left.

    `variants` are those of all its lines, of services too.
    """

    id: str
    number: str
    status: str
    external_reference: str | None
    channel: str
    metadata: Mapping[str, str]
    allocated: Mapping[tuple[str, str], int]
    fulfilments: tuple[CoreFulfilment, ...]
    variants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CorePromotionRule:
    """Where a rule of a promotion holds: channels by slug, and Saleor's catalogue predicate as it is."""

    channels: frozenset[str]
    predicate: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CorePromotion:
    """A promotion of the core. `kind` is CATALOGUE (prices of variants) or ORDER (whole orders)."""

    id: str
    name: str
    kind: str
    starts_at: datetime
    ends_at: datetime | None
    rules: tuple[CorePromotionRule, ...]
