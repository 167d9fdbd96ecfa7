"""Edits of products, prices and stock by staff: saved with the webhooks that Saleor's mutations fire."""

from django.db import transaction
from django.utils import timezone

from embedded_core.models import Product, ProductVariant, Stock, VariantListing
from embedded_core.requestor import Requestor
from embedded_core.services import events


@transaction.atomic
def save_product(product: Product, *, by: Requestor) -> None:
    """Save an edited product."""
    product.updated_at = timezone.now()
    product.save()
    events.product_updated(product, by=by)


@transaction.atomic
def save_variant(variant: ProductVariant, *, by: Requestor) -> None:
    """Save an edited variant; its product counts as changed with it."""
    variant.updated_at = timezone.now()
    variant.save()
    _touch(variant)
    events.product_variant_updated(variant, by=by)


@transaction.atomic
def save_listing(listing: VariantListing, *, by: Requestor) -> None:
    """Save an edited price."""
    listing.save()
    ProductVariant.objects.filter(pk=listing.variant_id).update(updated_at=timezone.now())
    _touch(listing.variant)
    events.product_variant_updated(listing.variant, by=by)


@transaction.atomic
def remove_listing(listing: VariantListing, *, by: Requestor) -> None:
    """Take a variant out of a channel."""
    variant = listing.variant
    listing.delete()
    _touch(variant)
    events.product_variant_updated(variant, by=by)


@transaction.atomic
def set_quantity(*, stock_id: int, quantity: int, by: Requestor) -> None:
    """Set how many units a warehouse has; nothing is told when that is so already."""
    stock = (
        Stock.objects.select_for_update(of=("self",)).select_related("variant__product", "warehouse").get(pk=stock_id)
    )
    if stock.quantity == quantity:
        return
    stock.quantity = quantity
    stock.save(update_fields=["quantity"])
    events.product_variant_stock_updated(stock, by=by)


def _touch(variant: ProductVariant) -> None:
    Product.objects.filter(pk=variant.product_id).update(updated_at=timezone.now())
