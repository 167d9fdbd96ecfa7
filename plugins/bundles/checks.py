"""What `manage.py check_core` says of promotions: the core applies them on top of the prices of bundles."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from commerce.check import Level, Point
from commerce.core import core
from commerce.errors import CoreRefused
from commerce.records import CorePromotion
from kernel import clock
from plugins.bundles.document import read
from plugins.bundles.models import Offer
from plugins.catalogue.models import Variant

_WHAT: Final = "promotions"
_NAMED: Final = 5
# By channel, SKUs with the ids of their variant and product.
_Offered = Mapping[str, Mapping[str, tuple[str, str]]]


def promotions() -> Iterator[Point]:
    """The core's promotions, running or to come, that would change what an offer of the suite costs."""
    offered = _offered()
    if not offered:
        yield Point(Level.OK, _WHAT, "no offer is sold")
        return
    try:
        known = [item for item in core().promotions() if item.ends_at is None or item.ends_at > clock.now()]
    except CoreRefused as refused:
        if refused.code != "PERMISSION_DENIED":
            raise
        remedy = "Grant MANAGE_DISCOUNTS to the App in Saleor to have them named."
        yield Point(Level.WARN, _WHAT, "cannot be seen with the App's permissions", remedy)
        return
    found = [point for promotion in known for point in _touched(promotion, offered)]
    yield from found or [Point(Level.OK, _WHAT, f"{len(known)} in the core, none touches an offer")]


def _offered() -> _Offered:
    skus: dict[str, set[str]] = defaultdict(set)
    for offer in Offer.objects.exclude(current=None).select_related("current"):
        assert offer.current is not None
        skus[offer.channel_id] |= set(read(offer.current.document).all_skus)
    rows = Variant.objects.filter(is_active=True, sku__in=set().union(*skus.values()) if skus else ())
    ids = {sku: (pk, product) for sku, pk, product in rows.values_list("sku", "pk", "product_id")}
    return {channel: {sku: ids[sku] for sku in wanted if sku in ids} for channel, wanted in skus.items()}


def _touched(promotion: CorePromotion, offered: _Offered) -> Iterator[Point]:
    remedy = (
        "End it in Saleor or take these goods out of it: it lowers prices of bundles as well, "
        "and who has such a cart is told PRICE_CHANGED before anything is charged."
    )
    for channel, by_sku in sorted(offered.items()):
        if promotion.kind == "ORDER":
            if any(channel in rule.channels for rule in promotion.rules):
                yield Point(Level.WARN, _WHAT, f"{promotion.name} changes whole orders in {channel}", remedy)
            continue
        covered = core().promoted(promotion, channel, dict(by_sku.values()))
        skus = sorted(sku for sku, (variant, _product) in by_sku.items() if variant in covered)
        if skus:
            more = f" and {len(skus) - _NAMED} more" if len(skus) > _NAMED else ""
            told = f"{promotion.name} covers goods of offers in {channel}: {', '.join(skus[:_NAMED])}{more}"
            yield Point(Level.WARN, _WHAT, told, remedy)
