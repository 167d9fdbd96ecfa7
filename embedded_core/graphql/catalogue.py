"""Products, variants, stock and warehouses."""

from collections.abc import Iterable
from typing import Any

import graphene
from graphql import GraphQLError

from embedded_core import models
from embedded_core.graphql import enums
from embedded_core.graphql.common import (
    CountryDisplay,
    HasId,
    Info,
    Node,
    ObjectWithMetadata,
    PageInfo,
    TaxedMoney,
    by,
    optional_list,
    page,
    plain,
    required_list,
    taxed_money,
)
from embedded_core.services import pricing, promotions, stock

OBJECT = (Node, ObjectWithMetadata)


class TaxConfiguration(graphene.ObjectType):
    prices_entered_with_tax = graphene.Boolean(required=True)
    charge_taxes = graphene.Boolean(required=True)


class OrderSettings(graphene.ObjectType):
    allow_unpaid_orders = graphene.Boolean(required=True)


class Channel(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    currency_code = graphene.String(required=True)
    is_active = graphene.Boolean(required=True)
    default_country = graphene.Field(CountryDisplay, required=True)
    tax_configuration = graphene.Field(TaxConfiguration, required=True)
    order_settings = graphene.Field(OrderSettings, required=True)
    warehouses = required_list(lambda: Warehouse)

    @staticmethod
    def resolve_default_country(root: models.Channel, info: Info) -> CountryDisplay:
        by(info).require_staff_or_app()
        return CountryDisplay(code=root.default_country)

    @staticmethod
    def resolve_tax_configuration(root: models.Channel, info: Info) -> models.Channel:
        by(info).require_staff_or_app()
        return root

    @staticmethod
    def resolve_order_settings(root: models.Channel, info: Info) -> models.Channel:
        by(info).require("MANAGE_CHANNELS", "MANAGE_ORDERS")
        return root

    @staticmethod
    def resolve_warehouses(root: models.Channel, info: Info) -> Iterable[models.Warehouse]:
        by(info).require_staff_or_app()
        return stock.serving(root.slug).order_by("slug")

    @staticmethod
    def resolve_name(root: models.Channel, info: Info) -> str:
        by(info).require_staff_or_app()
        return root.name

    @staticmethod
    def resolve_is_active(root: models.Channel, info: Info) -> bool:
        by(info).require_staff_or_app()
        return root.is_active

    @staticmethod
    def resolve_currency_code(root: models.Channel, info: Info) -> str:
        by(info).require_staff_or_app()
        return root.currency_code


class ProductTranslation(graphene.ObjectType):
    name = graphene.String()
    description = graphene.JSONString()


class CategoryTranslation(graphene.ObjectType):
    name = graphene.String()


class AttributeTranslation(graphene.ObjectType):
    name = graphene.String(required=True)


class AttributeValueTranslation(graphene.ObjectType):
    name = graphene.String(required=True)


class ProductVariantTranslation(graphene.ObjectType):
    name = graphene.String(required=True)


def _translation_field(kind: type[graphene.ObjectType]) -> graphene.Field:
    return graphene.Field(kind, language_code=graphene.Argument(enums.LanguageCodeEnum, required=True))


def _translation(translations: dict[str, dict[str, Any]], language_code: Any) -> dict[str, Any] | None:
    """The texts in a language; None when the merchant has not translated into it."""
    return translations.get(plain(language_code))


def _named(translations: dict[str, dict[str, Any]], language_code: Any) -> dict[str, Any] | None:
    """As `_translation`, where a translation always has a name."""
    texts = _translation(translations, language_code)
    return texts if texts and texts.get("name") else None


class ProductType(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    is_shipping_required = graphene.Boolean(required=True)


class Category(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    ancestors = graphene.Field(lambda: CategoryCountableConnection, first=graphene.Int())
    translation = _translation_field(CategoryTranslation)

    @staticmethod
    def resolve_translation(root: models.Category, info: Info, language_code: Any) -> dict[str, Any] | None:
        return _translation(root.translations, language_code)

    @staticmethod
    def resolve_ancestors(root: models.Category, info: Info, first: int | None = None) -> dict[str, Any]:
        if first is None:
            raise GraphQLError("You must provide a `first` or `last` value to properly paginate the connection.")
        tree = info.context.categories
        found = []
        parent = tree.get(root.parent_id)
        while parent is not None and parent not in found:
            found.insert(0, parent)
            parent = tree.get(parent.parent_id)
        return {"edges": [{"node": row} for row in found[:first]]}


class CategoryCountableEdge(graphene.ObjectType):
    node = graphene.Field(Category, required=True)


class CategoryCountableConnection(graphene.ObjectType):
    edges = required_list(CategoryCountableEdge)


class TaxClassCountryRate(graphene.ObjectType):
    country = graphene.Field(CountryDisplay, required=True)
    rate = graphene.Float(required=True)

    @staticmethod
    def resolve_country(root: models.TaxRate, info: Info) -> CountryDisplay:
        return CountryDisplay(code=root.country)


class TaxClass(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    name = graphene.String(required=True)
    countries = required_list(TaxClassCountryRate)

    @staticmethod
    def resolve_countries(root: models.TaxClass, info: Info) -> list[models.TaxRate]:
        return list(root.rates.all())


class Image(graphene.ObjectType):
    url = graphene.String(required=True)


class ProductMedia(graphene.ObjectType):
    url = graphene.String(required=True)
    alt = graphene.String(required=True)


class Attribute(graphene.ObjectType):
    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    input_type = graphene.Field(enums.AttributeInputTypeEnum)
    translation = _translation_field(AttributeTranslation)

    @staticmethod
    def resolve_translation(root: models.Attribute, info: Info, language_code: Any) -> dict[str, Any] | None:
        return _named(root.translations, language_code)


class AttributeValue(graphene.ObjectType):
    slug = graphene.String()
    name = graphene.String()
    reference = graphene.ID()
    boolean = graphene.Boolean()
    translation = _translation_field(AttributeValueTranslation)

    @staticmethod
    def resolve_translation(root: dict[str, Any], info: Info, language_code: Any) -> dict[str, Any] | None:
        texts = _translation(root["attribute"].translations, language_code) or {}
        name = texts.get("values", {}).get(root["name"])
        return {"name": name} if name else None


class SelectedAttribute(graphene.ObjectType):
    attribute = graphene.Field(Attribute, required=True)
    values = required_list(AttributeValue)


def _attributes(info: Info, assigned: list[dict[str, Any]]) -> list[dict[str, Any]]:
    known = info.context.attributes
    found = [(known[entry["attribute"]], entry["values"]) for entry in assigned if entry["attribute"] in known]
    return [
        {"attribute": attribute, "values": [{**value, "attribute": attribute} for value in values]}
        for attribute, values in found
    ]


class VariantPricingInfo(graphene.ObjectType):
    price = graphene.Field(TaxedMoney)
    price_undiscounted = graphene.Field(TaxedMoney)


class Address(graphene.ObjectType):
    street_address_1 = graphene.String(required=True)
    street_address_2 = graphene.String(required=True)
    city = graphene.String(required=True)
    postal_code = graphene.String(required=True)
    country_area = graphene.String(required=True)
    country = graphene.Field(CountryDisplay, required=True)
    phone = graphene.String()

    @staticmethod
    def resolve_country(root: dict[str, str], info: Info) -> CountryDisplay:
        return CountryDisplay(code=root.get("country", ""))


class Warehouse(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    email = graphene.String(required=True)
    address = graphene.Field(Address, required=True)
    click_and_collect_option = graphene.Field(enums.WarehouseClickAndCollectOptionEnum, required=True)
    stocks = graphene.Field(lambda: StockCountableConnection, first=graphene.Int(), after=graphene.String())

    @staticmethod
    def resolve_stocks(
        root: models.Warehouse, info: Info, first: int | None = None, after: str | None = None
    ) -> dict[str, Any]:
        by(info).require("MANAGE_PRODUCTS", "MANAGE_ORDERS")
        stocks = models.Stock.objects.filter(warehouse=root).select_related("warehouse", "variant")
        rows, page_info = page(stocks, first=first, after=after)
        return {"edges": [{"node": row} for row in rows], "page_info": page_info}

    @staticmethod
    def resolve_address(root: models.Warehouse, info: Info) -> dict[str, str]:
        blank = {"street_address_1": "", "street_address_2": "", "city": "", "postal_code": "", "country_area": ""}
        return blank | root.address

    @staticmethod
    def resolve_click_and_collect_option(root: models.Warehouse, info: Info) -> str:
        return root.click_and_collect


class WarehouseCountableEdge(graphene.ObjectType):
    node = graphene.Field(Warehouse, required=True)


class WarehouseCountableConnection(graphene.ObjectType):
    edges = required_list(WarehouseCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)


class Stock(HasId, graphene.ObjectType):
    class Meta:
        interfaces = (Node,)

    quantity = graphene.Int(required=True)
    quantity_allocated = graphene.Int(required=True)
    warehouse = graphene.Field(Warehouse, required=True)
    product_variant = graphene.Field(lambda: ProductVariant, required=True)

    @staticmethod
    def resolve_product_variant(root: models.Stock, info: Info) -> models.ProductVariant:
        return root.variant


class StockCountableEdge(graphene.ObjectType):
    node = graphene.Field(Stock, required=True)


class StockCountableConnection(graphene.ObjectType):
    edges = required_list(StockCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)


class ProductVariant(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    sku = graphene.String()
    name = graphene.String(required=True)
    track_inventory = graphene.Boolean(required=True)
    updated_at = graphene.DateTime(required=True)
    attributes = required_list(SelectedAttribute)
    media = optional_list(ProductMedia)
    pricing = graphene.Field(VariantPricingInfo)
    stocks = optional_list(Stock)
    translation = _translation_field(ProductVariantTranslation)

    @staticmethod
    def resolve_translation(root: models.ProductVariant, info: Info, language_code: Any) -> dict[str, Any] | None:
        return _named(root.translations, language_code)

    @staticmethod
    def resolve_attributes(root: models.ProductVariant, info: Info) -> list[dict[str, Any]]:
        return _attributes(info, root.attribute_values)

    @staticmethod
    def resolve_media(root: models.ProductVariant, info: Info) -> list[dict[str, str]]:
        return [{"url": root.media_url, "alt": root.name}] if root.media_url else []

    @staticmethod
    def resolve_pricing(root: models.ProductVariant, info: Info) -> VariantPricingInfo | None:
        # Without a channel there is no price, as in Saleor.
        listing = next(iter(getattr(root, "channel_listings", ())), None)
        if listing is None:
            return None
        channel = listing.channel
        rate = pricing.tax_rate(root.product, channel.default_country, channel)
        before = listing.undiscounted_price or listing.price
        price = promotions.reduced(listing.price, getattr(root, "running_rules", ()))
        return VariantPricingInfo(
            price=taxed_money(pricing.taxed(price, rate, channel)),
            price_undiscounted=taxed_money(pricing.taxed(before, rate, channel)),
        )

    @staticmethod
    def resolve_stocks(root: models.ProductVariant, info: Info) -> list[models.Stock]:
        by(info).require("MANAGE_PRODUCTS", "MANAGE_ORDERS")
        return list(root.stocks.select_related("warehouse"))


class ProductChannelListing(graphene.ObjectType):
    channel = graphene.Field(Channel, required=True)
    is_published = graphene.Boolean(required=True)
    published_at = graphene.DateTime()


class Product(HasId, graphene.ObjectType):
    class Meta:
        interfaces = OBJECT

    slug = graphene.String(required=True)
    name = graphene.String(required=True)
    description = graphene.JSONString()
    updated_at = graphene.DateTime(required=True)
    is_available = graphene.Boolean()
    product_type = graphene.Field(ProductType, required=True)
    category = graphene.Field(Category)
    tax_class = graphene.Field(TaxClass)
    thumbnail = graphene.Field(Image, size=graphene.Int())
    attributes = required_list(SelectedAttribute)
    variants = optional_list(ProductVariant)
    channel_listings = optional_list(ProductChannelListing)
    translation = _translation_field(ProductTranslation)

    @staticmethod
    def resolve_translation(root: models.Product, info: Info, language_code: Any) -> dict[str, Any] | None:
        return _translation(root.translations, language_code)

    @staticmethod
    def resolve_channel_listings(root: models.Product, info: Info) -> list[dict[str, Any]]:
        by(info).require("MANAGE_PRODUCTS")
        # This core publishes a product wherever one of its variants is listed, and at once.
        channels = info.context.channels
        return [
            {"channel": channels[pk], "is_published": root.is_published, "published_at": None}
            for pk in root.channel_ids
        ]

    @staticmethod
    def resolve_tax_class(root: models.Product, info: Info) -> models.TaxClass | None:
        by(info).require_staff_or_app()
        return root.tax_class

    @staticmethod
    def resolve_thumbnail(root: models.Product, info: Info, size: int | None = None) -> Image | None:
        # Pictures are drawings that fit every size.
        return Image(url=root.media_url) if root.media_url else None

    @staticmethod
    def resolve_attributes(root: models.Product, info: Info) -> list[dict[str, Any]]:
        return _attributes(info, root.attribute_values)

    @staticmethod
    def resolve_variants(root: models.Product, info: Info) -> list[models.ProductVariant]:
        return list(root.variants.all())

    @staticmethod
    def resolve_is_available(root: models.Product, info: Info) -> bool | None:
        if root.channel_slug is None:
            return None
        return root.is_published and root.is_listed and root.is_in_stock


class ProductCountableEdge(graphene.ObjectType):
    node = graphene.Field(Product, required=True)


class ProductCountableConnection(graphene.ObjectType):
    total_count = graphene.Int()
    edges = required_list(ProductCountableEdge)
    page_info = graphene.Field(PageInfo, required=True)

    @staticmethod
    def resolve_total_count(root: dict[str, Any], info: Info) -> int:
        return root["queryset"].count()
