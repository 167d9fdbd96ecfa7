"""Writes of the catalogue: it copies what the core says and numbers each change.

The core is read before a transaction starts, never within one. What was read is stamped with the time before the
reading, so that a slow full synchronisation does not overwrite what a faster reader stored meanwhile.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.db.models import Q

from commerce.core import core
from commerce.records import CoreChannel, CoreProduct, CoreVariant
from kernel import clock
from kernel.notices import notify
from plugins.catalogue import mapping, translation
from plugins.catalogue.changes import Changes
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant

logger = logging.getLogger(__name__)
BATCH = 50
# The core's clock may be another, and its writes take a while: so much is read again.
OVERLAP = timedelta(minutes=2)

# Notices of this topic say that a channel was made, changed or closed.
CHANNELS = "channels"


@dataclass(slots=True)
class SyncReport:
    """What a synchronisation did, in products. `skipped_variants` have no SKU in the core, so none can sell them."""

    seen: int = 0
    changed: int = 0
    removed: int = 0
    skipped_variants: int = 0


def sync_channels() -> list[Channel]:
    """Copy the core's channels; those that the core has no more stop selling. Returns the ones that sell."""
    found = core().channels()
    with transaction.atomic():
        for item in found:
            _store_channel(item)
        gone = Channel.objects.filter(is_active=True).exclude(slug__in=[item.slug for item in found])
        if gone.update(is_active=False):
            notify(CHANNELS, "")
    return list(Channel.objects.filter(is_active=True).order_by("slug"))


def sync_products(channel: str, progress: Callable[[int], object] | None = None) -> SyncReport:
    """Copy all products of a channel from the core and drop from it what the core no longer lists or shows there.

    `progress` is called with the number of products seen so far. Raises CoreUnavailable when the core does not
    answer; what was copied until then stays, and nothing is dropped.
    """
    read_at, report = clock.now(), SyncReport()
    core_channel = _core_channel(channel)
    published = (product for product in core().iter_products(channel) if product.published)
    for batch in _batches(published):
        _apply(products=batch, channel=core_channel, read_at=read_at, report=report)
        if progress:
            progress(report.seen)
    # What the core shows now carries `read_at` or, from a faster reader, a later time.
    report.removed = finish_channel(channel=channel, read_at=read_at)
    return report


def copy_page(*, products: Sequence[CoreProduct], channel: CoreChannel, read_at: datetime, report: SyncReport) -> None:
    """Copy a page of what was read at or after `read_at`; those that the core hides in the channel are left out.

    Whoever copies page by page calls `finish_channel` at the end, with the `read_at` of all pages.
    """
    shown = [product for product in products if product.published]
    _apply(products=shown, channel=channel, read_at=read_at, report=report)


@transaction.atomic
def finish_channel(*, channel: str, read_at: datetime) -> int:
    """Drop from the channel what was not read since `read_at`, and note until when it is read; returns how many."""
    removed = _drop_from_channel(channel=channel, read_at=read_at)
    Channel.objects.filter(pk=channel).update(read_until=read_at)
    return removed


def catch_up(channel: str) -> SyncReport:
    """Copy what the core says has changed since the last reading: what a lost event left stale.

    Nothing is done for a channel that was never read as a whole. Raises CoreUnavailable; then the next call goes on.
    """
    report, read_at = SyncReport(), clock.now()
    since = Channel.objects.filter(pk=channel, is_active=True).values_list("read_until", flat=True).first()
    if since is None:
        return report
    core_channel = _core_channel(channel)
    for page in core().product_pages(channel, updated_since=since - OVERLAP):
        copy_page(products=page.products, channel=core_channel, read_at=read_at, report=report)
        for product in page.products:
            if not product.published:
                report.removed += _drop_from_channel(channel=channel, only=product.id, read_at=read_at)
    Channel.objects.filter(pk=channel, read_until__lt=read_at).update(read_until=read_at)
    return report


def sync_product(product_id: str) -> None:
    """Copy one product from the core in every channel; where the core does not show it, it is no longer sold."""
    for item in core().channels():
        read_at = clock.now()
        _store_channel(item)
        found = core().product(product_id, item.slug)
        if found is None or not found.published:
            _drop_from_channel(channel=item.slug, only=product_id, read_at=read_at)
        else:
            _apply(products=[found], channel=item, read_at=read_at, report=SyncReport())


def sync_everything() -> dict[str, SyncReport]:
    """Copy channels, then each channel's products. Returns a report per channel slug."""
    return {channel.slug: sync_products(channel.slug) for channel in sync_channels()}


def _core_channel(slug: str) -> CoreChannel:
    found = next((item for item in core().channels() if item.slug == slug), None)
    if found is None:
        raise ValueError(f"The core has no channel {slug}")
    _store_channel(found)
    return found


def _store_channel(item: CoreChannel) -> None:
    columns: translation.Columns = {
        "name": item.name,
        "currency": item.currency,
        "country": item.country,
        "prices_include_tax": item.prices_include_tax,
        "warehouse_ids": sorted(item.warehouse_ids),
        "is_active": item.is_active,
    }
    row, created = Channel.objects.get_or_create(slug=item.slug, defaults=columns)
    if _assign(row, columns) or created:
        row.save()
        notify(CHANNELS, item.slug)


def _batches(products: Iterable[CoreProduct]) -> Iterator[list[CoreProduct]]:
    iterator = iter(products)
    while batch := list(islice(iterator, BATCH)):
        yield batch


@transaction.atomic
def _apply(*, products: Sequence[CoreProduct], channel: CoreChannel, read_at: datetime, report: SyncReport) -> None:
    mappings = mapping.current()
    products = [mappings.applied(product) for product in products]
    changes = Changes()
    ids = [product.id for product in products]
    stored = Product.objects.in_bulk(ids)
    # Variants that these products had, and those that they took over from others.
    told = [variant.id for product in products for variant in product.variants]
    variants = {row.pk: row for row in Variant.objects.filter(Q(product__in=ids) | Q(pk__in=told))}
    listed = ChannelListing.objects.filter(variant__in=list(variants), channel_id=channel.slug)
    listings = {row.variant_id: row for row in listed}
    unchanged = []
    for item in products:
        report.seen += 1
        row = stored.get(item.id) or Product(id=item.id)
        if row.synced_at is not None and row.synced_at > read_at:
            continue
        comparison = _Comparison(item, channel, row, variants, listings, changes)
        if comparison.write(read_at):
            report.changed += 1
        else:
            unchanged.append(item.id)
        report.skipped_variants += comparison.skipped
    changes.save()
    Product.objects.filter(pk__in=unchanged).update(synced_at=read_at)


@transaction.atomic
def _drop_from_channel(*, channel: str, read_at: datetime, only: str | None = None) -> int:
    """Stop selling in the channel what was last read before `read_at` (or `only` one of it); returns how many."""
    changes = Changes()
    stale = Product.objects.filter(variants__listings__channel_id=channel, synced_at__lt=read_at).distinct()
    dropped = list((stale.filter(pk=only) if only else stale).prefetch_related("variants"))
    ChannelListing.objects.filter(variant__product__in=dropped, channel_id=channel).delete()
    elsewhere = ChannelListing.objects.filter(variant__product__in=dropped)
    still_sold = set(elsewhere.values_list("variant__product_id", flat=True))
    for product in dropped:
        product.is_active = product.pk in still_sold
        product.synced_at = read_at
        changes.product(product)
        for variant in product.variants.all():
            variant.is_active = variant.is_active and product.is_active
            changes.variant(variant)
    changes.save()
    return len(dropped)


class _Comparison:
    """Compares one product of the core in one channel with what is stored, and collects what differs."""

    def __init__(
        self,
        item: CoreProduct,
        channel: CoreChannel,
        row: Product,
        variants: dict[str, Variant],
        listings: dict[str, ChannelListing],
        changes: Changes,
    ) -> None:
        self.item, self.channel, self.row, self.changes = item, channel, row, changes
        self.variants, self.listings = variants, listings
        self.skipped = 0

    def write(self, read_at: datetime) -> bool:
        """Collect what differs; returns whether anything does."""
        new = self.row.synced_at is None
        product_differs = _assign(self.row, translation.product_columns(self.item)) or new
        self.row.synced_at = read_at
        # Before the variants that are told: one of those may have left this product for another and come back.
        removed = self._remove_missing()
        touched = [variant for variant in self._sold() if self._write_variant(*variant, product_differs)]
        changed = product_differs or removed or bool(touched)
        if changed:
            self.changes.product(self.row)
        return changed

    def _sold(self) -> Iterator[tuple[int, CoreVariant]]:
        for position, variant in enumerate(self.item.variants):
            if variant.sku:
                yield position, variant
            else:
                self.skipped += 1
                logger.warning("Variant %s of %s has no SKU in the core: skipped", variant.id, self.item.slug)

    def _write_variant(self, position: int, variant: CoreVariant, product_differs: bool) -> bool:
        row = self.variants.get(variant.id) or Variant(id=variant.id)
        differs = _assign(row, translation.variant_columns(variant, self.item, position))
        differs = self._write_listing(variant) or differs or product_differs
        if differs:
            self.changes.variant(row)
        return differs

    def _write_listing(self, variant: CoreVariant) -> bool:
        listing = self.listings.get(variant.id)
        # One variant without a price among priced ones is not sold in this channel; a product without any price
        # is sold, but only inside a bundle.
        if variant.price is None and any(other.price for other in self.item.variants):
            if listing:
                self.changes.withdraw(listing)
            return listing is not None
        row = listing or ChannelListing(variant_id=variant.id, channel_id=self.channel.slug)
        differs = _assign(row, translation.listing_columns(variant, self.item, self.channel)) or listing is None
        if differs:
            self.changes.listing(row)
        return differs

    def _remove_missing(self) -> bool:
        kept = {variant.id for variant in self.item.variants if variant.sku}
        own = [row for row in self.variants.values() if row.product_id == self.item.id and row.is_active]
        gone = [row for row in own if row.pk not in kept]
        for row in gone:
            row.is_active = False
            self.changes.variant(row)
        return bool(gone)


def _assign(row: Channel | Product | Variant | ChannelListing, columns: translation.Columns) -> bool:
    """Set the columns; returns whether any of them had another value."""
    differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)
