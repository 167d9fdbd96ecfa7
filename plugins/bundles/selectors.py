"""Reads of offers, ready to be configured: compiled once for each version and state of the catalogue."""

import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from inventory.models import Store
from kernel import clock
from kernel.errors import ApiError
from plugins.bundles import addresses, cheapest
from plugins.bundles.cheapest import Least
from plugins.bundles.compiled import Asking, Compiled, compile_offer
from plugins.bundles.default_terms import Listed
from plugins.bundles.document import OfferDocument, read
from plugins.bundles.eligibility import Buyer, refusal
from plugins.bundles.errors import OFFER_NOT_FOUND
from plugins.bundles.models import BuyerProfile, Offer, OfferVersion
from plugins.bundles.structure import Product
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.models import Channel
from plugins.catalogue.selectors import Change, SellableVariant

CAPACITY: Final = 128
BUYERS: Final = 200
# Where nobody names a store: the day is that of the country's largest part.
ZONES: Final = {"CN": ZoneInfo("Asia/Shanghai"), "US": ZoneInfo("America/New_York")}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A version with its offer, compiled for what its channel sells now."""

    version: OfferVersion
    compiled: Compiled
    variants: Mapping[str, SellableVariant]
    remembered: dict[Buyer, Least] = field(default_factory=dict, compare=False)
    remembered_by_sku: dict[Buyer, Mapping[str, Least]] = field(default_factory=dict, compare=False)

    def names(self, language: str) -> dict[str, str]:
        """What its products are called."""
        return {sku: variant.full_name_in(language) for sku, variant in self.variants.items()}


_kept: OrderedDict[object, Loaded] = OrderedDict()
_lock = threading.Lock()


def load(version: OfferVersion, change: Change | None = None) -> Loaded:
    """The version, compiled; from memory while neither it nor the catalogue has changed. One to three queries.

    `change` is the catalogue's last one, where that is known already.
    """
    key = (version.pk, version.revision, (change or catalogue.last_change()).token)
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    document = read(version.document)
    compiled, variants = compile_for(document, version.offer.channel)
    found = Loaded(version, compiled, variants)
    with _lock:
        _kept[key] = found
        while len(_kept) > CAPACITY:
            _kept.popitem(last=False)
    return found


def compile_for(document: OfferDocument, channel: Channel) -> tuple[Compiled, dict[str, SellableVariant]]:
    """A sound document ready to be configured, with the variants that the channel sells of it. Two queries."""
    variants = catalogue.variants_by_skus(document.all_skus, channel)
    listed = listed_of(variants)
    made = compile_offer(document, listed, country=channel.country, tax_included=channel.prices_include_tax)
    return made, variants


def listed_of(variants: Mapping[str, SellableVariant]) -> dict[str, Listed]:
    """What the rules and the price need to know of variants."""
    return {
        sku: Listed(
            Product(variant.kind, _attributes(variant)),
            variant.price.amount if variant.price is not None else None,
            variant.tax_rate,
        )
        for sku, variant in variants.items()
    }


def _attributes(variant: SellableVariant) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in (*variant.product.attributes, *variant.attributes):
        found[one["name"]] = found.get(one["name"], frozenset()) | frozenset(map(str, one["values"]))
    return found


def names_of(skus: Collection[str], channel: Channel, language: str) -> dict[str, str]:
    """What the channel calls those of the SKUs that it sells. One query."""
    found = catalogue.variants_by_skus(skus, channel)
    return {sku: found[sku].full_name_in(language) for sku in skus if sku in found}


def current(channel: Channel) -> list[OfferVersion]:
    """The versions sold in the channel now, in the order of their offers. One query."""
    return current_in(channel.pk)


def current_in(slug: str) -> list[OfferVersion]:
    """The same by the channel's slug."""
    offers = Offer.objects.filter(channel=slug, current__isnull=False).select_related("current", "channel")
    found = []
    for offer in offers:
        version = offer.current
        assert version is not None
        version.offer = offer
        found.append(version)
    return found


def version_before(offer: Offer) -> OfferVersion | None:
    """The last published version with a smaller number than the one sold now; after a withdrawal the last sold."""
    sold = offer.versions.filter(state=OfferVersion.State.PUBLISHED).order_by("-number")
    if offer.current is not None:
        return sold.filter(number__lt=offer.current.number).first()
    last = offer.publications.filter(version__isnull=False).select_related("version").first()
    return last.version if last else None


def zone_of(channel: Channel) -> ZoneInfo:
    """The time zone that a channel's days and hours are told in."""
    return ZONES.get(channel.country, ZoneInfo("UTC"))


def today(channel: Channel) -> dt.date:
    """The day it is in a channel."""
    return clock.now().astimezone(zone_of(channel)).date()


def sold(channel: Channel, code: str, *, field: str = "input.offerCode") -> OfferVersion:
    """The version of an offer that is sold now. Errors: OFFER_NOT_FOUND."""
    offer = (
        Offer.objects.filter(pk=code, channel=channel, current__isnull=False).select_related("current").first()
        if "\0" not in code
        else None
    )
    if offer is None or offer.current is None:
        raise ApiError(OFFER_NOT_FOUND, _("This offer is not sold."), field=field)
    offer.channel = channel
    offer.current.offer = offer
    return offer.current


def available(loaded: Loaded, buyer: Buyer) -> bool:
    """Whether this buyer may have the offer at all."""
    return refusal(loaded.compiled.document.eligibility, buyer) is None and all(
        sku in loaded.variants for sku in loaded.compiled.document.carriers.values()
    )


def require_available(loaded: Loaded, buyer: Buyer, *, field: str = "input.offerCode") -> None:
    """Errors: OFFER_NOT_FOUND for a buyer who may not have it: who it is for is nobody else's business."""
    if not available(loaded, buyer):
        raise ApiError(OFFER_NOT_FOUND, _("This offer is not sold."), field=field)


def buyer(channel: Channel, sales_channel: str, *, store_id: str | None, shopper_id: str) -> Buyer:
    """Who asks, as the server knows it. At most two queries."""
    store = Store.objects.filter(pk=store_id.replace("\0", "")).first() if store_id else None
    profile = BuyerProfile.objects.filter(pk=shopper_id).first() if shopper_id else None
    zone = store.zone() if store else zone_of(channel)
    day = clock.now().astimezone(zone).date()
    return Buyer(
        day=day,
        day_ends=dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), zone).astimezone(dt.UTC),
        sales_channel=sales_channel,
        store=store.code if store else "",
        region=store.country_area if store else "",
        city=store.city if store else "",
        segment=profile.segment if profile else "",
        credit_class=profile.credit_class if profile else "",
        age=_age(profile.born_on, day) if profile and profile.born_on else None,
    )


def _age(born_on: dt.date, day: dt.date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def asking(
    loaded: Loaded, who: Buyer, *, language: str, skus: Collection[str], qualification_id: str | None = None
) -> Asking:
    """All that a configuration needs to know; the stock of `skus`. Two queries, and that of the address.

    Errors: those of `addresses.services`.
    """
    channel = loaded.version.offer.channel
    return Asking(
        buyer=who,
        country=channel.country,
        language=language,
        names=loaded.names(language),
        stock=_stock(loaded, skus, channel, who.day),
        services=None if qualification_id is None else addresses.services(qualification_id),
    )


def _stock(loaded: Loaded, skus: Collection[str], channel: Channel, day: dt.date) -> dict[str, dt.date | None]:
    wanted = {sku for sku in skus if sku in loaded.variants and loaded.variants[sku].stocked}
    if not wanted:
        return {}
    stores = {str(store.pk) for store in stock.places_of_sale() if channel.sells_from(store)}
    places = stock.stores_with_stock(wanted)
    return {sku: day if stores & set(map(str, places.get(sku, ()))) else None for sku in wanted}


def holding(versions: Iterable[OfferVersion], sku: str | None) -> list[Loaded]:
    """The versions, loaded; those that offer `sku` when it is given. One query for all that are in memory."""
    change = catalogue.last_change()
    loaded = [load(version, change) for version in versions]
    return [one for one in loaded if sku is None or sku in one.compiled.document.skus]


def least(loaded: Loaded, who: Buyer) -> Least:
    """The cheapest a month for this buyer; from memory for buyers alike. No query."""
    found = loaded.remembered.get(who)
    if found is None:
        if len(loaded.remembered) >= BUYERS:
            loaded.remembered.clear()
        found = cheapest.least(loaded.compiled, Asking(buyer=who, country=loaded.version.offer.channel.country))
        loaded.remembered[who] = found
    return found


def least_by_sku(loaded: Loaded, who: Buyer) -> Mapping[str, Least]:
    """The cheapest a month with each SKU that this buyer can have; from memory for buyers alike. No query."""
    found = loaded.remembered_by_sku.get(who)
    if found is None:
        if len(loaded.remembered_by_sku) >= BUYERS:
            loaded.remembered_by_sku.clear()
        asking = Asking(buyer=who, country=loaded.version.offer.channel.country)
        found = cheapest.least_by_sku(loaded.compiled, asking)
        loaded.remembered_by_sku[who] = found
    return found
