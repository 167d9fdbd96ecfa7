"""GraphQL of the catalogue. Products of one answer share a `ProductSet`, so lists cost no query per product."""

import datetime as dt
from collections.abc import Hashable, Sequence
from enum import Enum
from typing import ClassVar, cast

import strawberry
from django.utils.translation import gettext_lazy as _

from kernel.api import Info, MoneyType, caller, language
from kernel.errors import INVALID, NOT_AVAILABLE, ApiError
from kernel.identity import Caller
from kernel.money import Money
from kernel.reuse import Reuse
from plugins.catalogue import kept, lookup, selectors
from plugins.catalogue.localised import Localised
from plugins.catalogue.models import Channel, Product, SalesChannel
from plugins.catalogue.providers import Monthly, providers
from plugins.catalogue.selectors import ProductSet, SellableVariant

ACCESSORIES_MAX = 100
KEY_MAX = 255


strawberry.enum(SalesChannel)


@strawberry.enum
class CodeKind(Enum):
    BARCODE = "BARCODE"
    SKU = "SKU"
    IMEI = "IMEI"
    ICCID = "ICCID"
    SERIAL = "SERIAL"


@strawberry.enum
class ProductKind(Enum):
    DEVICE = "DEVICE"
    PLAN = "PLAN"
    SERVICE = "SERVICE"
    ACCESSORY = "ACCESSORY"
    SIM = "SIM"
    OTHER = "OTHER"


@strawberry.input(description="Where and for whom the question is asked. `channel` is the core's channel slug.")
class ContextInput:
    channel: str
    sales_channel: SalesChannel = SalesChannel.WEB
    store_id: strawberry.ID | None = strawberry.field(
        default=None, description="Counts, results and prices take this store into account."
    )
    premises_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only services that can be delivered to these premises."
    )
    preview_at: dt.datetime | None = strawberry.field(
        default=None, description="Merchandisers only: as it will be at that moment."
    )


def channel_of(context: ContextInput, *, previews: bool = False) -> Channel:
    """The channel that the context names. `previews` for what can be shown as it will be at another moment.

    Raises ApiError NOT_FOUND, and NOT_AVAILABLE for what this version lacks and premises that nobody knows about.
    """
    if context.premises_id is not None and providers.at_address is None:
        message = _("Services at an address are not available in this version.")
        raise ApiError(NOT_AVAILABLE, message, field="context.premisesId")
    if context.preview_at is not None and not previews:
        message = _("Previews are not available in this version.")
        raise ApiError(NOT_AVAILABLE, message, field="context.previewAt")
    return kept.channel(context.channel)


@strawberry.type(name="Channel")
class ChannelType:
    slug: str
    name: str
    currency: str
    country: str
    prices_include_tax: bool

    @classmethod
    def of(cls, channel: Channel) -> "ChannelType":
        return cls(
            slug=channel.slug,
            name=channel.name,
            currency=channel.currency,
            country=channel.country,
            prices_include_tax=channel.prices_include_tax,
        )


@strawberry.type
class ProductAttribute:
    name: str
    label: str
    values: list[str]


def attributes_of(row: Localised, language: str) -> list[ProductAttribute]:
    """The attributes of a product or variant, in the reader's language."""
    # They have the fields of ProductAttribute: no copies are made of hundreds on a page.
    return cast(list[ProductAttribute], row.attributes_in(language))


@strawberry.type
class MonthlyPrice:
    monthly: MoneyType
    due_today: MoneyType
    term: int
    total_over_term: MoneyType
    offer_code: str

    @classmethod
    def of(cls, found: Monthly) -> "MonthlyPrice":
        return cls(
            monthly=MoneyType.of(found.monthly),
            due_today=MoneyType.of(found.due_today),
            term=found.term,
            total_over_term=MoneyType.of(found.total_over_term),
            offer_code=found.offer_code,
        )


@strawberry.type(name="ProductVariant")
class ProductVariantType:
    row: strawberry.Private[SellableVariant]

    @strawberry.field
    def id(self) -> strawberry.ID:
        return strawberry.ID(self.row.id)

    @strawberry.field
    def sku(self) -> str:
        return self.row.sku

    @strawberry.field
    def barcode(self) -> str | None:
        return self.row.barcode or None

    @strawberry.field
    def image_url(self) -> str | None:
        return self.row.image_url or None

    @strawberry.field(description="True when each unit is tracked by serial numbers such as an IMEI.")
    def serialised(self) -> bool:
        return self.row.serialised

    @strawberry.field
    def name(self, info: Info) -> str:
        return self.row.name_in(language(info))

    @strawberry.field
    def price(self) -> MoneyType | None:
        return _money(self.row.price)

    @strawberry.field
    def undiscounted_price(self) -> MoneyType | None:
        return _money(self.row.undiscounted_price)

    @strawberry.field(description="Colour, storage and the like, by which a customer chooses.")
    def attributes(self, info: Info) -> list[ProductAttribute]:
        return attributes_of(self.row, language(info))

    @classmethod
    def of(cls, row: SellableVariant) -> "ProductVariantType":
        return cls(row=row)


@strawberry.type(name="Product")
class ProductType:
    row: strawberry.Private[Product]
    together: strawberry.Private[ProductSet]
    id: strawberry.ID
    slug: str
    kind: ProductKind
    thumbnail_url: str | None
    # Accessories are products of their own: they change by themselves.
    reuse: ClassVar[Reuse] = Reuse(
        key=lambda product: product.state,
        fields=frozenset({"id", "slug", "name", "brand", "kind", "category_path", "thumbnail_url", "description"})
        | {"price", "attributes", "variants"},
        also={"monthly_price_from": lambda product: product.together.monthly_version()},
    )

    @property
    def state(self) -> Hashable:
        """Differs after each change of the product, its variants or their prices in the channel."""
        channel = self.together.channel
        return self.row.pk, self.row.revision, channel.slug, channel.currency

    @strawberry.field
    def name(self, info: Info) -> str:
        return self.row.name_in(language(info))

    @strawberry.field
    def brand(self, info: Info) -> str | None:
        return self.row.brand_in(language(info)) or None

    @strawberry.field
    def category_path(self, info: Info) -> list[str]:
        return self.row.category_path_in(language(info))

    @strawberry.field
    def description(self, info: Info) -> str | None:
        return self.row.description_in(language(info)) or None

    @strawberry.field(description="The least price among its variants; null for what is only sold in a bundle.")
    def price(self) -> MoneyType | None:
        return _money(self.together.price(self.row))

    @strawberry.field(
        description="The least that one pays a month when buying it with a plan, and on which terms. "
        "Null for what is in no offer."
    )
    def monthly_price_from(self) -> MonthlyPrice | None:
        found = self.together.monthly(self.row)
        return None if found is None else MonthlyPrice.of(found)

    @strawberry.field
    def attributes(self, info: Info) -> list[ProductAttribute]:
        return attributes_of(self.row, language(info))

    @strawberry.field
    def variants(self) -> list[ProductVariantType]:
        return [ProductVariantType.of(variant) for variant in self.together.variants(self.row)]

    @strawberry.field(description="What fits it, best first.")
    def accessories(self, first: int | None = 8) -> "list[ProductType]":
        count = 8 if first is None else first
        if not 0 <= count <= ACCESSORIES_MAX:
            message = _("Ask for 0 to %(max)s accessories.")
            raise ApiError(INVALID, message, field="first", params={"max": ACCESSORIES_MAX})
        found, together = self.together.accessories(self.row, count)
        return [ProductType.of(product, together) for product in found]

    @classmethod
    def of(cls, row: Product, together: ProductSet) -> "ProductType":
        return cls(
            row=row,
            together=together,
            id=strawberry.ID(row.pk),
            slug=row.slug,
            kind=ProductKind[row.kind],
            thumbnail_url=row.thumbnail_url or None,
        )


def product_types(products: Sequence[Product], channel: Channel, context: ContextInput) -> list[ProductType]:
    """Products of one list: what their fields need is read once for all of them."""
    return product_types_of(ProductSet(products, channel, sales_channel=context.sales_channel.value))


def product_types_of(together: ProductSet) -> list[ProductType]:
    """The products of a set."""
    return [ProductType.of(product, together) for product in together.products]


@strawberry.type
class CodeLookup:
    kind: CodeKind
    product: ProductType
    variant: ProductVariantType
    serial_state: str | None = strawberry.field(
        description="For a serial number and staff: its state in stock, for example IN_STOCK or SOLD."
    )

    @classmethod
    def of(cls, found: lookup.Found, caller: Caller, context: ContextInput) -> "CodeLookup":
        [product] = product_types([found.variant.product], found.variant.channel, context)
        return cls(
            kind=CodeKind[found.kind],
            product=product,
            variant=ProductVariantType.of(found.variant),
            serial_state=found.serial_state if caller.is_staff else None,
        )


@strawberry.type
class Query:
    @strawberry.field
    def channels(self) -> list[ChannelType]:
        return [ChannelType.of(channel) for channel in selectors.channels()]

    @strawberry.field
    def product(
        self,
        context: ContextInput,
        id: strawberry.ID | None = None,
        slug: str | None = None,
        sku: str | None = None,
    ) -> ProductType | None:
        channel = channel_of(context)
        given = [key for key in (id, slug, sku) if key is not None]
        if len(given) != 1:
            raise ApiError(INVALID, _("Give exactly one of id, slug and sku."), field="id")
        if len(given[0]) > KEY_MAX:
            return None
        found = selectors.product(channel=channel, id=id, slug=slug, sku=sku)
        return product_types([found], channel, context)[0] if found else None

    @strawberry.field(
        description="What a scanner read: a barcode (GTIN/UPC/EAN), SKU, IMEI, ICCID or other serial. "
        "Null when unknown."
    )
    def lookup_code(self, info: Info, context: ContextInput, code: str) -> CodeLookup | None:
        found = lookup.find(code, channel_of(context), store_id=context.store_id)
        return CodeLookup.of(found, caller(info), context) if found else None


def _money(money: Money | None) -> MoneyType | None:
    # It has the fields of MoneyType: see attributes_of.
    return cast(MoneyType | None, money)
