"""Reads of the point of sale."""

import base64
import binascii
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory.documents import Document
from inventory.models import Store
from kernel.devices import register_of
from kernel.errors import INVALID, NOT_AVAILABLE, PERMISSION_DENIED, ApiError
from kernel.identity import Caller
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.localised import with_variant
from plugins.catalogue.models import Channel, Variant
from plugins.catalogue.selectors import SellableVariant
from plugins.payments.models import Method
from plugins.pos.checks import Listed
from plugins.pos.models import Sale, Shift, Tender
from plugins.staff.permissions import POS_SELL

CATALOGUE_MAX = 5_000


def documents_of_sales(keys: Collection[str]) -> dict[str, Document]:
    """The orders that register sales became, by the ids that the registers gave the sales. One query."""
    ids = [key for key in keys if _is_id(key)]
    sales = Sale.objects.filter(client_id__in=ids, order__isnull=False).select_related("order")
    return {str(sale.client_id): Document(sale.order.number, "pos_sale", sale.pk) for sale in sales if sale.order}


def _is_id(key: str) -> bool:
    try:
        return bool(UUID(key))
    except ValueError:
        return False


def open_shift(register_id: str) -> Shift | None:
    """The shift that is open at a register."""
    return Shift.objects.filter(register_id=register_id, closed_at=None).first()


def cash_taken(shift: Shift) -> Decimal:
    """The cash of all that was recorded in a shift."""
    taken = Tender.objects.filter(sale__shift=shift, method=Method.CASH).aggregate(sum=Sum("amount"))
    return taken["sum"] or Decimal(0)


def channel_of(store: Store) -> Channel:
    """The channel whose prices hold in a store: see `catalogue.channel_for`. Errors: NOT_AVAILABLE."""
    found = catalogue.channel_for(store)
    if found is None:
        raise ApiError(NOT_AVAILABLE, _("There is no sales channel that sells from this store."))
    return found


@dataclass(frozen=True, slots=True)
class Article:
    """What an order line keeps of an article, and how it is listed."""

    variant_id: str
    product_id: str
    name: str
    kind: str
    stocked: bool
    tracking: str
    serialised: bool
    listed: Listed


def articles(skus: Iterable[str], channel: Channel) -> dict[str, Article]:
    """The articles of `skus` as the channel lists and calls them; one that it no longer sells comes without price."""
    wanted = set(skus)
    sold = catalogue.variants_by_skus(wanted, channel)
    found = {sku: _listed(variant) for sku, variant in sold.items()}
    # What was taken off the shelf yesterday may have been sold by a register that did not know.
    for variant in Variant.objects.filter(sku__in=wanted - found.keys()).select_related("product").order_by("seq"):
        found[variant.sku] = _withdrawn(variant, channel)
    return found


def _listed(variant: SellableVariant) -> Article:
    return Article(
        variant_id=variant.id,
        product_id=variant.product_id,
        name=variant.full_name_in(variant.channel.language),
        kind=variant.kind,
        stocked=variant.stocked,
        tracking=variant.tracking,
        serialised=variant.serialised,
        listed=Listed(variant.price.amount if variant.price else None, variant.tax_rate),
    )


def _withdrawn(variant: Variant, channel: Channel) -> Article:
    listing = variant.listings.filter(channel=channel).first()
    return Article(
        variant_id=variant.pk,
        product_id=variant.product_id,
        name=with_variant(variant.product.full_name_in(channel.language), variant.name_in(channel.language)),
        kind=variant.product.kind,
        stocked=variant.stocked,
        tracking=variant.tracking,
        serialised=variant.serialised,
        listed=Listed(None, listing.tax_rate if listing else Decimal(0)),
    )


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """An article for a register, with what the store has of it (0 for what is not kept in stock)."""

    variant: SellableVariant
    price: Decimal
    quantity: int


@dataclass(frozen=True, slots=True)
class CatalogueDelta:
    """What changed since a cursor. Ask again with `cursor`, at once while `has_more`."""

    channel: Channel
    cursor: str
    has_more: bool
    items: list[CatalogueItem]
    removed_skus: list[str]


def catalogue_delta(
    *, caller: Caller, store_id: str, cursor: str | None, first: int, language: str = "en"
) -> CatalogueDelta:
    """What a register of this store needs to sell, as changes since `cursor` (all without one, or in a new language).

    Quantities are of now, for the articles that changed. Errors: UNAUTHENTICATED, PERMISSION_DENIED (also for another
    store), INVALID (cursor, first), NOT_AVAILABLE.
    """
    _register, own_store = register_of(caller, POS_SELL)
    if store_id != own_store:
        raise ApiError(PERMISSION_DENIED, _("You work in another store."), field="storeId")
    if not 1 <= first <= CATALOGUE_MAX:
        message = _("Ask for 1 to %(max)s articles.")
        raise ApiError(INVALID, message, field="first", params={"max": CATALOGUE_MAX})
    channel = channel_of(stock.store_by_id(store_id))
    delta = catalogue.changes_since(_seq_of(cursor, channel, language), channel=channel, limit=first)
    quantities = stock.free_in_store(store_id)
    items, removed = [], list(delta.removed_skus)
    for variant in delta.items:
        if variant.price is None:
            # Only sold in a bundle: not by itself at a register.
            removed.append(variant.sku)
        else:
            items.append(CatalogueItem(variant, variant.price.amount, quantities.get(variant.sku, 0)))
    return CatalogueDelta(channel, _cursor(channel, language, delta.seq), delta.has_more, items, removed)


def _cursor(channel: Channel, language: str, seq: int) -> str:
    return base64.urlsafe_b64encode(f"{channel.slug}:{language}:{seq}".encode()).decode()


def _seq_of(cursor: str | None, channel: Channel, language: str) -> int:
    if cursor is None:
        return 0
    try:
        place, _colon, number = base64.urlsafe_b64decode(cursor.encode()).decode().rpartition(":")
    except (binascii.Error, UnicodeError):
        place, number = "", ""
    slug, _colon, spoken = place.rpartition(":")
    if slug != channel.slug or not (number.isascii() and number.isdigit() and len(number) <= 18):
        raise ApiError(INVALID, _("This cursor was not given out for this store. Load everything."), field="cursor")
    # A number that was never reached comes from a database that is gone: everything is news then. So it is in another
    # language, since the articles have other names.
    return int(number) if spoken == language and int(number) <= catalogue.last_change().seq else 0
