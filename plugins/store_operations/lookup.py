"""Looking stock up on the shop floor: what is here and why, who else has it, and what became of a unit."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from inventory import explained, history
from inventory import selectors as stock
from inventory.explained import Explanation, RegionSum
from inventory.models import StockItem, Store, Unit, UnitMovement
from inventory.selectors import NearStore
from kernel.devices import register_of
from kernel.errors import INVALID, NOT_FOUND, REQUIRED, ApiError
from kernel.identity import Caller
from kernel.pages import Page, page
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.codes import MAX_CODE_LENGTH
from plugins.catalogue.models import Channel, Variant
from plugins.catalogue.selectors import SellableVariant
from plugins.staff.models import StaffMember
from plugins.staff.permissions import STOCK_VIEW

# Other stores shown: enough for a customer who is willing to drive.
STORES_AROUND: Final = 12
_STAFF: Final = "staff:"


@dataclass(frozen=True, slots=True)
class Article:
    """An article in the caller's store and elsewhere. `sold` is None when the store's channel does not sell it."""

    item: StockItem
    sold: SellableVariant | None
    known: Variant | None
    here: Explanation
    elsewhere: list[tuple[NearStore, int]]
    regions: list[RegionSum]

    def name_in(self, language: str) -> str:
        """What people call it; the SKU where nobody has named it."""
        if self.sold:
            return self.sold.full_name_in(language)
        if self.known:
            return f"{self.known.product.full_name_in(language)} {self.known.name_in(language)}".strip()
        return self.item.sku

    @property
    def barcode(self) -> str:
        """The GTIN as printed, empty when there is none."""
        return self.known.barcode if self.known else ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a code names: an article, and the units that carry the number, if it is one.

    Units of several SKUs may carry the same maker's serial: there is no article then, and a person chooses.
    """

    store_id: str
    article: Article | None
    units: list[Unit]


def look_up(*, caller: Caller, code: str, sku: str | None = None) -> Found:
    """What the code (SKU, GTIN, or any number of a unit) names; `sku` chooses among units that share a number.

    Nothing found is an answer: no article and no units. At most 16 queries. Errors: UNAUTHENTICATED,
    PERMISSION_DENIED, REQUIRED, INVALID.
    """
    _register, store_id = register_of(caller, STOCK_VIEW)
    cleaned = _code(code)
    store = stock.store_by_id(store_id)
    channel = catalogue.channel_for(store)
    item, units = _named(cleaned, channel), list[Unit]()
    if item is None:
        units = history.units_with(cleaned, sku=sku)
        items = {unit.item_id: unit.item for unit in units}
        item = next(iter(items.values())) if len(items) == 1 else None
    return Found(store_id, _article(item, store, channel) if item else None, units)


def unit_history(*, caller: Caller, unit_id: str, first: int | None, after: str | None) -> Page[history.Event]:
    """The unit's movements, latest first; in any store.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, INVALID.
    """
    register_of(caller, STOCK_VIEW)
    if not unit_id.isascii() or not unit_id.isdigit() or len(unit_id) > 18 or not _exists(int(unit_id)):
        raise ApiError(NOT_FOUND, _("There is no such unit."), field="unitId")
    links: Page[UnitMovement] = page(history.unit_links(int(unit_id)), first, after, keyset=("-movement_id",))
    return Page([history.event(link) for link in links.rows], links.cursors, links.page_info)


def actor_names(actors: Collection[str]) -> dict[str, str]:
    """The names of the staff among these actors ("staff:17"), by actor. One query."""
    ids = {actor.removeprefix(_STAFF): actor for actor in actors if actor.startswith(_STAFF)}
    people = StaffMember.objects.filter(pk__in=[key for key in ids if key.isdigit()])
    return {ids[str(pk)]: name for pk, name in people.values_list("pk", "name")}


def _code(text: str) -> str:
    cleaned = text.strip()
    if not cleaned:
        raise ApiError(REQUIRED, _("Scan or type a code."), field="code")
    if len(cleaned) > MAX_CODE_LENGTH or not cleaned.isprintable():
        message = _("This is not a code: give at most %(max)s characters.")
        raise ApiError(INVALID, message, field="code", params={"max": MAX_CODE_LENGTH})
    return cleaned


def _named(code: str, channel: Channel | None) -> StockItem | None:
    """The item whose SKU or barcode the code is: also one that is no longer sold."""
    item = history.item_by_code(code)
    if item is None and channel is not None and (printed := catalogue.variant_by_code(code, channel)):
        item = history.item_by_code(printed[1].sku)
    return item


def _article(item: StockItem, store: Store, channel: Channel | None) -> Article:
    others = [near for near in stock.stores(store.point(), country=store.country) if near.store.pk != store.pk]
    quantities = stock.availability([item.sku], [near.store.pk for near in others])
    having = [(near, quantities.get((item.sku, near.store.pk), 0)) for near in others]
    return Article(
        item=item,
        sold=catalogue.variant_by_sku(item.sku, channel) if channel else None,
        known=Variant.objects.select_related("product").filter(sku=item.sku).order_by("-is_active").first(),
        here=explained.explain(item.sku, [store.pk])[store.pk],
        elsewhere=[(near, quantity) for near, quantity in having if quantity > 0][:STORES_AROUND],
        regions=explained.by_region([item.sku], country=store.country),
    )


def _exists(unit_id: int) -> bool:
    return Unit.objects.filter(pk=unit_id).exists()
