"""Which products a caller sees, read in a fixed number of queries whatever the size of the page."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value
from graphql import GraphQLError

from embedded_core import ids, models
from embedded_core.graphql.common import Info, by
from embedded_core.requestor import SEES_UNPUBLISHED
from embedded_core.services import promotions, stock


def visible(info: Info, channel_slug: str | None) -> "QuerySet[models.Product]":
    """Products that the caller sees in a channel, with everything that the types above read.

    Apps and staff with a catalogue permission see unpublished products too, and all of them without a channel.
    """
    sees_all = by(info).has(*SEES_UNPUBLISHED)
    if channel_slug is None and not sees_all:
        channel_slug = _default_channel()
    listings = models.VariantListing.objects.filter(channel__slug=channel_slug).select_related("channel")
    variants = models.ProductVariant.objects.prefetch_related(
        Prefetch("listings", listings, to_attr="channel_listings"),
        Prefetch("promotionrule_set", promotions.running(channel_slug), to_attr="running_rules"),
    )
    listed = Exists(listings.filter(variant__product=OuterRef("pk")))
    if not sees_all:
        variants = variants.filter(Exists(listings.filter(variant=OuterRef("pk"))))
    in_stock = models.Stock.objects.filter(variant__product=OuterRef("pk"), quantity__gt=F("quantity_allocated"))
    if channel_slug is not None:
        in_stock = in_stock.filter(warehouse__in=stock.serving(channel_slug))
    untracked = models.ProductVariant.objects.filter(product=OuterRef("pk"), track_inventory=False)
    products = models.Product.objects.select_related("product_type", "category", "tax_class").prefetch_related(
        "tax_class__rates", Prefetch("variants", variants)
    )
    listed_in = models.Channel.objects.filter(listings__variant__product=OuterRef("pk")).order_by("pk").distinct()
    products = products.annotate(channel_ids=ArraySubquery(listed_in.values("pk")))
    products = products.annotate(is_listed=listed, is_in_stock=Q(Exists(in_stock)) | Q(Exists(untracked)))
    if channel_slug is not None:
        products = products.filter(is_listed=True)
    if not sees_all:
        products = products.filter(is_published=True)
    return products.annotate(channel_slug=Value(channel_slug, output_field=CharField(null=True)))


def visible_variants(info: Info) -> "QuerySet[models.ProductVariant]":
    """Variants that the caller sees, without prices: apps and staff see all, others those that are sold."""
    variants = models.ProductVariant.objects.select_related("product")
    if by(info).has(*SEES_UNPUBLISHED):
        return variants
    listed = models.VariantListing.objects.filter(channel__slug=_default_channel(), variant=OuterRef("pk"))
    return variants.filter(Exists(listed), product__is_published=True)


def _default_channel() -> str:
    active = list(models.Channel.objects.filter(is_active=True).values_list("slug", flat=True)[:2])
    if len(active) != 1:
        raise GraphQLError("More than one channel exists. You need to specify channel slug.")
    return active[0]


def filtered(products: "QuerySet[models.Product]", where: dict[str, Any] | None) -> "QuerySet[models.Product]":
    """The products that a ProductWhereInput lets through."""
    where = where or {}
    if (texts := where.get("ids")) is not None:
        products = products.filter(pk__in=_keys(texts))
    if where.get("collection"):
        products = products.none()  # This core has no collections.
    slug = where.get("slug") or {}
    if slug.get("eq") is not None:
        products = products.filter(slug=slug["eq"])
    if slug.get("one_of") is not None:
        products = products.filter(slug__in=slug["one_of"])
    moment = where.get("updated_at") or {}
    if moment.get("eq") is not None:
        products = products.filter(updated_at=moment["eq"])
    if moment.get("one_of") is not None:
        products = products.filter(updated_at__in=moment["one_of"])
    for bound, value in (moment.get("range") or {}).items():
        if value is not None:
            products = products.filter(**{f"updated_at__{bound}": value})
    return products


def _keys(texts: list[str]) -> list[int]:
    try:
        return [ids.key_of(text, models.Product) for text in texts]
    except ids.InvalidId as error:
        raise GraphQLError(str(error)) from error
