"""Reads of the catalogue, with bounded query counts.

Everything that belongs to products read together (variants, accessories) is read for all of them at once through a
`ProductSet`, when the first of them asks.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from kernel.errors import NOT_FOUND, ApiError
from kernel.money import Money
from plugins.catalogue.codes import barcode_spellings
from plugins.catalogue.localised import Attributes, Localised, with_variant
from plugins.catalogue.models import (
    SERIAL_TRACKING,
    ChangeCounter,
    Channel,
    ChannelListing,
    Product,
    SalesChannel,
    Variant,
)
from plugins.catalogue.providers import Monthly, providers


@dataclass(frozen=True, slots=True)
class SellableVariant(Localised):
    """A variant as one channel sells it."""

    id: str
    sku: str
    name: str
    product: Product
    channel: Channel
    barcode: str
    attributes: Attributes
    translations: dict[str, Any]
    image_url: str
    tracking: str
    stocked: bool
    price: Money | None
    undiscounted_price: Money | None
    tax_rate: Decimal

    @property
    def product_id(self) -> str:
        return self.product.pk

    @property
    def kind(self) -> str:
        return self.product.kind

    @property
    def serialised(self) -> bool:
        """True when each unit is tracked by an identifier such as an IMEI."""
        return self.tracking in SERIAL_TRACKING

    @property
    def full_name(self) -> str:
        """Product and variant, in the core's own language."""
        return with_variant(self.product.full_name, self.name)

    def full_name_in(self, language: str) -> str:
        """Product and variant, as `language` calls them."""
        return with_variant(self.product.full_name_in(language), self.name_in(language))


@dataclass(frozen=True, slots=True)
class CatalogueDelta:
    """What changed for one channel after a change number."""

    items: list[SellableVariant]
    removed_skus: list[str]
    seq: int
    has_more: bool


@dataclass(frozen=True, slots=True)
class Change:
    """The catalogue's last change: compare `token` to know whether anything moved."""

    seq: int
    token: UUID | None


def channels() -> list[Channel]:
    """The channels that sell, by slug."""
    return list(Channel.objects.filter(is_active=True).order_by("slug"))


def channels_for(stores: Iterable[Store]) -> dict[str, Channel | None]:
    """By store's id the channel whose prices hold there: the one that names its warehouse, of several that of its
    country; that of its country where none does. None where there is none of either. One query.
    """
    selling = channels()
    return {store.pk: _best_for(store, selling) for store in stores}


def channel_for(store: Store) -> Channel | None:
    """The channel whose prices hold in a store, as `channels_for` says. One query."""
    return channels_for([store])[store.pk]


def _best_for(store: Store, selling: list[Channel]) -> Channel | None:
    def order(one: Channel) -> tuple[bool, bool, bool]:
        # One that names no warehouse at all has not said that it sells here.
        return not one.names(store), not one.holds_in(store), one.country != store.country

    ranked = sorted(selling, key=order)
    best = ranked[0] if ranked else None
    return best if best and (best.holds_in(store) or best.country == store.country) else None


def prices_in_stores(wanted: Collection[tuple[Store, str]]) -> dict[tuple[str, str], tuple[Decimal, str]]:
    """By (store's id, SKU) the price and currency in the store's channel; unknown ones are left out. Two queries."""
    channel_of = channels_for({store.pk: store for store, _sku in wanted}.values())
    listings = ChannelListing.objects.filter(
        channel__in={channel.pk for channel in channel_of.values() if channel},
        variant__sku__in={sku for _store, sku in wanted},
        price__isnull=False,
    ).order_by("variant__is_active")  # of two variants that had a SKU one after the other, the one of now
    rows = listings.values_list("channel", "variant__sku", "price", "channel__currency")
    found = {(slug, sku): (price, currency) for slug, sku, price, currency in rows if price is not None}
    pairs = [(store.pk, channel_of[store.pk], sku) for store, sku in wanted]
    return {
        (store_id, sku): found[channel.pk, sku]
        for store_id, channel, sku in pairs
        if channel and (channel.pk, sku) in found
    }


def channel(slug: str, *, field: str = "context.channel") -> Channel:
    """The channel with this slug; ApiError NOT_FOUND at `field` when there is none that sells."""
    found = Channel.objects.filter(slug=slug, is_active=True).first() if "\0" not in slug else None
    if found is None:
        raise ApiError(NOT_FOUND, _("There is no such sales channel."), field=field)
    return found


def product(
    *, channel: Channel, id: str | None = None, slug: str | None = None, sku: str | None = None
) -> Product | None:
    """The product that the channel sells under this id, slug or SKU of a variant; None when it sells none."""
    if sku is not None:
        variant = variant_by_sku(sku, channel)
        return variant.product if variant else None
    key = {"pk": id} if id is not None else {"slug": slug}
    if any("\0" in str(value) for value in key.values()):
        return None
    return _sold_in(channel).filter(**key).order_by("-seq").first()


def products_by_ids(ids: Sequence[str], channel: Channel) -> list[Product]:
    """The products that the channel sells among `ids`, in their order."""
    found = {product.pk: product for product in _sold_in(channel).filter(pk__in=ids)}
    return [found[key] for key in ids if key in found]


def variant_by_sku(sku: str, channel: Channel) -> SellableVariant | None:
    """The variant that the channel sells under this SKU."""
    return variants_by_skus([sku], channel).get(sku)


def variants_by_skus(skus: Iterable[str], channel: Channel) -> dict[str, SellableVariant]:
    """The variants that the channel sells among `skus`, by SKU; two queries."""
    wanted = [sku for sku in skus if "\0" not in sku]
    found = _sellable(_listings(channel).filter(variant__sku__in=wanted), channel)
    return {variant.sku: variant for variant in found}


def variant_by_code(code: str, channel: Channel) -> tuple[str, SellableVariant] | None:
    """What carries this code in the channel, with "SKU" or "BARCODE"; SKUs are compared without case."""
    named = _sellable(_listings(channel).filter(variant__sku__iexact=code)[:1], channel)
    if named:
        return "SKU", named[0]
    spellings = barcode_spellings(code)
    printed = _sellable(_listings(channel).filter(variant__barcode__in=spellings)[:1], channel) if spellings else []
    return ("BARCODE", printed[0]) if printed else None


def last_change() -> Change:
    """The number and token of the last change; one query on one row."""
    counter = ChangeCounter.objects.first()
    return Change(counter.value, counter.token) if counter else Change(0, None)


def revisions(channel: Channel, *, since: int = -1) -> tuple[dict[str, UUID], list[str]]:
    """Of the products that changed after the change `since`: by id the revision of each that the channel sells, and the
    ids of the others. One query."""
    changed = Product.objects.filter(seq__gt=since).annotate(sold=Q(is_active=True) & Exists(_listed_in(channel)))
    sold: dict[str, UUID] = {}
    others: list[str] = []
    for key, revision, is_sold in changed.values_list("pk", "revision", "sold"):
        if is_sold:
            sold[key] = revision
        else:
            others.append(key)
    return sold, others


def with_variants(ids: Sequence[str], channel: Channel) -> list[tuple[Product, list[SellableVariant]]]:
    """The products that the channel sells among `ids`, each with its variants; two queries."""
    together = ProductSet(products_by_ids(ids, channel), channel)
    return [(product, together.variants(product)) for product in together.products]


def names(ids: Iterable[str]) -> dict[str, str]:
    """What products are called, brand included, by id; one query."""
    found = Product.objects.filter(pk__in=set(ids)).only("brand", "name")
    return {product.pk: product.full_name for product in found}


def category_names(language: str) -> dict[str, list[str]]:
    """What each category and those above it are called, by slugs from the root ("devices/phones"). One query."""
    found: dict[str, list[str]] = {}
    for product in (
        Product.objects.exclude(category_slugs=[]).order_by("category_slugs", "pk").distinct("category_slugs")
    ):
        names = product.category_path_in(language)
        for depth in range(1, len(product.category_slugs) + 1):
            found.setdefault("/".join(product.category_slugs[:depth]), names[:depth])
    return found


def changes_since(seq: int, *, channel: Channel, limit: int) -> CatalogueDelta:
    """The next `limit` variants that changed after `seq`, oldest change first.

    A variant that the channel does not sell (any more) is among `removed_skus`. Pass the answer's `seq` to go on.
    """
    changed = list(Variant.objects.filter(seq__gt=seq).only("sku", "seq").order_by("seq")[: limit + 1])
    page, has_more = changed[:limit], len(changed) > limit
    sold = variants_by_skus([variant.sku for variant in page], channel)
    # Another variant may have taken over the SKU of a removed one: then nothing was removed.
    removed = [variant.sku for variant in page if variant.sku not in sold]
    items = [sold[variant.sku] for variant in page if variant.sku in sold and sold[variant.sku].id == variant.pk]
    return CatalogueDelta(items, removed, page[-1].seq if page else seq, has_more)


class ProductSet:
    """Products read together for one channel: what one of them needs is read once for all."""

    def __init__(
        self,
        products: Sequence[Product],
        channel: Channel,
        variants: Mapping[str, list[SellableVariant]] | None = None,
        *,
        sales_channel: str = SalesChannel.WEB,
    ) -> None:
        """`variants` by product id when they have been read already."""
        self.products = list(products)
        self.channel = channel
        self.sales_channel = sales_channel
        self._known = variants

    @cached_property
    def _variants(self) -> Mapping[str, list[SellableVariant]]:
        if self._known is not None:
            return self._known
        by_product: dict[str, list[SellableVariant]] = defaultdict(list)
        known = {product.pk: product for product in self.products}
        listings = _listings(self.channel).filter(variant__product__in=list(known))
        for variant in _sellable(listings.order_by("variant__position", "variant_id"), self.channel, known):
            by_product[variant.product_id].append(variant)
        return by_product

    def variants(self, product: Product) -> list[SellableVariant]:
        """The variants of `product` that the channel sells, in the core's order."""
        return self._variants[product.pk]

    def price(self, product: Product) -> Money | None:
        """The least price among the variants; None for what is only sold in a bundle."""
        prices = [variant.price for variant in self.variants(product) if variant.price is not None]
        return min(prices, key=lambda price: price.amount, default=None)

    def monthly(self, product: Product) -> Monthly | None:
        """The least that one pays a month with any of its variants; None for what is in no offer."""
        if not self._monthly:
            return None
        found = [self._monthly[one.sku] for one in self.variants(product) if one.sku in self._monthly]
        return min(found, key=lambda one: (one.monthly.amount, one.total_over_term.amount), default=None)

    @cached_property
    def _monthly(self) -> Mapping[str, Monthly]:
        provider = providers.monthly_prices
        return {} if provider is None else provider.by_sku(self.channel.pk, self.sales_channel)

    def monthly_version(self) -> Hashable | None:
        """Differs after each change of what `monthly` says; None when that is not known. From memory."""
        provider = providers.monthly_prices
        version = "none" if provider is None else provider.version(self.channel.pk, self.sales_channel)
        return None if version is None else (self.sales_channel, version)

    @cached_property
    def _accessories(self) -> "tuple[dict[str, list[Product]], ProductSet]":
        own = {product.pk for product in self.products}
        found = list(_sold_in(self.channel).filter(fits__has_any_keys=sorted(own)) if own else [])
        # What was made for few products fits them best; the newer of two equals comes first.
        found.sort(key=lambda item: (len(item.fits), -item.released.toordinal() if item.released else 0, item.name))
        by_product: dict[str, list[Product]] = defaultdict(list)
        for accessory in found:
            for key in own.intersection(accessory.fits):
                by_product[key].append(accessory)
        return by_product, ProductSet(found, self.channel, sales_channel=self.sales_channel)

    def accessories(self, product: Product, first: int) -> "tuple[list[Product], ProductSet]":
        """The first accessories that fit `product`, best first, with the set that they were read in."""
        by_product, together = self._accessories
        return by_product[product.pk][:first], together


def _listed_in(channel: Channel) -> QuerySet[ChannelListing]:
    return ChannelListing.objects.filter(channel=channel, variant__is_active=True, variant__product=OuterRef("pk"))


def _sold_in(channel: Channel) -> QuerySet[Product]:
    return Product.objects.filter(Exists(_listed_in(channel)), is_active=True)


def _listings(channel: Channel) -> QuerySet[ChannelListing]:
    active = ChannelListing.objects.filter(channel=channel, variant__is_active=True, variant__product__is_active=True)
    return active.select_related("variant")


def _sellable(
    listings: QuerySet[ChannelListing], channel: Channel, known: Mapping[str, Product] | None = None
) -> list[SellableVariant]:
    """The listings with their products, each product read once and only when it is not `known`."""
    rows = list(listings)
    products = known if known is not None else Product.objects.in_bulk({row.variant.product_id for row in rows})
    return [
        SellableVariant(
            id=row.variant.pk,
            sku=row.variant.sku,
            name=row.variant.name,
            product=products[row.variant.product_id],
            channel=channel,
            barcode=row.variant.barcode,
            attributes=row.variant.attributes,
            translations=row.variant.translations,
            image_url=row.variant.image_url,
            tracking=row.variant.tracking,
            stocked=row.variant.stocked,
            price=_money(row.price, channel),
            undiscounted_price=_money(row.undiscounted_price, channel),
            tax_rate=row.tax_rate,
        )
        for row in rows
    ]


def _money(amount: Decimal | None, channel: Channel) -> Money | None:
    return None if amount is None else Money(amount, channel.currency).quantized()
