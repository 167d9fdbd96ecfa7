"""A search from the question to the page of products, with facets. Product rows are read by the caller, by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory import live as inventory
from inventory import selectors as serials
from inventory.geo import Point, distance_km
from inventory.live import StoreStock
from inventory.models import Store
from kernel.errors import INVALID, ApiError, Message
from plugins.catalogue import codes
from plugins.catalogue.models import Channel
from plugins.guided_search import address, loader, monthly, ordering, popularity, stock, tuning
from plugins.guided_search.address import AT_ADDRESS, AtAddress
from plugins.guided_search.columns import groups
from plugins.guided_search.engine import Hit, Live, Page, Question, Tuning
from plugins.guided_search.facets import Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.loader import Ready
from plugins.guided_search.matching import Correction
from plugins.guided_search.measured import Measured
from plugins.guided_search.monthly import Prices
from plugins.guided_search.ordering import Sort
from plugins.guided_search.stock import IN_STORE, InStore
from plugins.guided_search.suggesting import Popular, Suggestions
from plugins.merchandising import rules
from plugins.merchandising.rules import Fired, Situation, SpotlightSpec
from plugins.search_log import selectors as search_log

__all__ = ["Correction", "Found", "Hit", "Search", "Sort", "Suggestions", "search", "suggest"]

MAX_TEXT = 200
MAX_PAGE = 100
MAX_REFINEMENTS = 30
MAX_VALUES = 100
# "Near me": the stores that one would drive to.
REACH_KM = 40.0
REACH_STORES = 10
# IMEI and ICCID, the shortest first; what is shorter is searched for as words and codes.
SERIAL_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked. Fields of errors are named as in the API: `input.first`, `context.storeId`...

    `segment` is the kind of customer that rules may speak of; `at` the moment that they are asked for, None for now.
    """

    channel: Channel
    text: str = ""
    refinements: tuple[Refinement, ...] = ()
    store_id: str | None = None
    near: Point | None = None
    premises_id: str | None = None
    sort: Sort = Sort.RELEVANCE
    first: int = 24
    after: str | None = None
    verbatim: bool = False
    language: str = "en"
    sales_channel: str = "WEB"
    segment: str = ""
    at: datetime | None = None


@dataclass(slots=True)
class _Place:
    """Where a search is made: the stores that count as `in_store`, the stock of the chosen one, and the address."""

    store_name: str = ""
    chosen: StoreStock | None = None
    in_store: InStore | None = None
    address: AtAddress | None = None
    # The stores within reach of where one is and how far each is, nearest first.
    reach: tuple[tuple[Store, float], ...] = ()

    @property
    def live(self) -> tuple[Live, ...]:
        """The dimensions that are known only now."""
        return tuple(item for item in (self.in_store, self.address) if item is not None)


@dataclass(slots=True)
class Found:
    """A page of a result, where it was asked, and what merchandising says to it."""

    page: Page
    ready: Ready
    place: _Place
    fired: Fired
    question: Question

    @property
    def index(self) -> Index:
        return self.page.index

    def quantity(self, hit: Hit) -> int | None:
        """Pieces of a product in the chosen store; None without a store, and for what is not kept in stock."""
        entry = self.index.entry(hit.row)
        if self.place.chosen is None or not entry.stocked:
            return None
        return stock.sellable(self.place.chosen.quantities, entry.skus)

    def nearest(self, hit: Hit) -> tuple[Store, float, int] | None:
        """The nearest store within reach that has a variant which was found, how far it is in km, and its pieces of
        the product; None without a place, and where no store has any."""
        if hit.nearest is None or self.place.in_store is None:
            return None
        store, km = self.place.reach[hit.nearest]
        _id, has = self.place.in_store.stores[hit.nearest]
        return store, km, stock.sellable(has.quantities, self.index.entry(hit.row).skus)


def search(question: Search) -> Found:
    """Find products. Raises ApiError with the field that is wrong."""
    _check(question)
    place = _place(question)
    ready = loader.ready(question.channel)
    index = ready.engine.index
    prices = monthly.prices(index, question.channel.pk, question.sales_channel)
    measured = monthly.dimensions(prices, ready.rules.setup, question.channel)
    _check_refinements(index, question.refinements, place, measured)
    about = situation(ready, question)
    fired = rules.fire(ready.rules.compiled, about)
    order = _most_first(question, prices)
    asked = _question(ready, question, place, about, fired, measured, order)
    try:
        page = ready.engine.search(asked)
    except ordering.BadCursor:
        raise ApiError(INVALID, _("This cursor is not of this search."), field="input.after") from None
    return Found(page, ready, place, fired, asked)


def situation(ready: Ready, question: Search) -> Situation:
    """What the search is about, for the rules."""
    return tuning.situation(
        ready.engine.index,
        typed=question.text,
        refinements=question.refinements,
        channel=question.channel.pk,
        sales_channel=question.sales_channel,
        store_id=question.store_id,
        segment=question.segment,
        at=question.at,
    )


def spotlight_ids(found: Found, spot: SpotlightSpec) -> list[str]:
    """The products of a spotlight: those it names, else the best of its own search."""
    if spot.product_ids:
        rows, refused = found.index.row_of, _impossible(found.index, found.place.address)
        return [key for key in spot.product_ids if key in rows and key not in refused][: spot.limit]
    question = found.question
    conditions = tuning.refinements_of(spot.refinements)
    known = question.given | found.index.columns.dimensions.keys()
    if tuning.lacking(spot.refinements, question.given) or any(item.dimension not in known for item in conditions):
        return []
    asked = Question(
        text=spot.query,
        refinements=conditions,
        first=spot.limit,
        live=question.live,
        measured=question.measured,
        tuning=Tuning(hidden=_impossible(found.index, found.place.address)),
        shown=lambda _attributes: (),
    )
    return [hit.product_id for hit in found.ready.engine.search(asked).hits]


def suggest(
    channel: Channel, prefix: str, limit: int, language: str = "en", premises_id: str | None = None
) -> Suggestions:
    """Suggestions for what was typed so far, at most `limit` of each sort, from the first character on.

    With premises, products that cannot be had there are not suggested.
    """
    if len(prefix) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="prefix", params={"max": MAX_TEXT})
    if not 1 <= limit <= MAX_PAGE:
        raise ApiError(INVALID, _("Ask for 1 to %(max)s suggestions."), field="limit", params={"max": MAX_PAGE})
    ready = loader.ready(channel)
    refused = _impossible(ready.engine.index, address.at(premises_id, channel.pk))
    found = ready.engine.suggest(prefix, limit, popular(channel.pk, language), language, ready.rules.synonyms(language))
    return replace(found, product_ids=[key for key in found.product_ids if key not in refused]) if refused else found


_popular: dict[tuple[str, str], tuple[Mapping[str, float], Popular]] = {}


def popular(channel: str, language: str) -> Popular:
    """What others search for in a channel and a language, by how it begins."""
    weights = search_log.popular_queries(channel, language)
    kept = _popular.get((channel, language))
    if kept is None or kept[0] is not weights:
        kept = _popular[channel, language] = (weights, Popular(weights))
    return kept[1]


def _question(
    ready: Ready,
    question: Search,
    place: _Place,
    about: Situation,
    fired: Fired,
    measured: tuple[Measured, ...],
    order: tuple[Sort, Mapping[str, int]],
) -> Question:
    index = ready.engine.index
    clicks = search_log.clicked_products(question.channel.pk)
    live = [item.name for item in place.live]
    given = {*live, *(item.name for item in measured)}
    tuned = tuning.tuning(fired, ready.rules.synonyms(question.language), tuning.popularity(index, clicks), given)
    sort, most = order
    return Question(
        text=_code_or_text(index, question.text),
        refinements=question.refinements,
        sort=sort,
        first=question.first,
        after=question.after,
        search=ordering.fingerprint(*_identity(question)),
        verbatim=question.verbatim,
        live=place.live,
        measured=measured,
        nearest=place.in_store.each if place.in_store is not None and place.reach else (),
        tuning=replace(tuned, hidden=tuned.hidden | _impossible(index, place.address)),
        shown=tuning.shown(ready.rules.compiled, about, live, [item.name for item in measured]),
        keep_empty=tuning.kept_empty(ready.rules.setup),
        sold=most,
    )


def _most_first(question: Search, prices: Prices | None) -> tuple[Sort, Mapping[str, int]]:
    """The engine's order, and the numbers by SKU that it goes by, the most first."""
    if question.sort is Sort.MONTHLY_PRICE_ASC:
        return Sort.BEST_SELLING, prices.weights if prices is not None else {}
    return question.sort, popularity.pieces_sold() if question.sort is Sort.BEST_SELLING else {}


def _impossible(index: Index, place: AtAddress | None) -> frozenset[str]:
    """The products that cannot be had at the address."""
    return place.impossible(index) if place is not None else frozenset()


def _identity(question: Search) -> tuple[Any, ...]:
    """What makes it this search and no other: a cursor is good for another page of it alone."""
    return (
        question.channel.pk,
        question.text,
        question.refinements,
        question.store_id,
        question.near,
        question.premises_id,
        question.sort,
        question.verbatim,
    )


def _check(question: Search) -> None:
    if len(question.text) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="input.text", params={"max": MAX_TEXT})
    if not 1 <= question.first <= MAX_PAGE:
        message = _("Ask for 1 to %(max)s products.")
        raise ApiError(INVALID, message, field="input.first", params={"max": MAX_PAGE})
    if question.sort is Sort.MONTHLY_PRICE_ASC:
        monthly.check()
    if question.sort is Sort.DISTANCE and question.near is None:
        raise ApiError(INVALID, _("Say where you are to sort by distance."), field="input.near")
    if len(question.refinements) > MAX_REFINEMENTS:
        raise ApiError(INVALID, _("Too many refinements."), field="input.refinements")


def _check_refinements(
    index: Index, refinements: Sequence[Refinement], place: _Place, measured: Sequence[Measured]
) -> None:
    seen: set[str] = set()
    known = {item.name for item in measured}
    for number, refinement in enumerate(refinements):
        at = f"input.refinements.{number}"
        if refinement.dimension in seen:
            raise ApiError(INVALID, _("Name each dimension once, with all its values."), field=f"{at}.dimension")
        seen.add(refinement.dimension)
        if refinement.dimension == IN_STORE:
            _check_live(refinement, at, place.in_store, _("Choose a store or a place first."))
        elif refinement.dimension == AT_ADDRESS:
            _check_live(refinement, at, place.address, _("Choose an address first."))
        elif refinement.dimension in known:
            _check_form(refinement, at)
        else:
            _check_refinement(index, refinement, at)


def _check_live(refinement: Refinement, at: str, live: Live | None, lacking: Message) -> None:
    if live is None:
        raise ApiError(INVALID, lacking, field=f"{at}.dimension")
    bounded = refinement.minimum is not None or refinement.maximum is not None
    if refinement.values not in ((), ("true",)) or bounded:
        raise ApiError(INVALID, _('This can only be chosen as "true".'), field=f"{at}.values")


def _check_refinement(index: Index, refinement: Refinement, at: str) -> None:
    dimension = index.columns.dimensions.get(refinement.dimension)
    if dimension is None or not groups(dimension):
        raise ApiError(INVALID, _("There is no such dimension."), field=f"{at}.dimension")
    if dimension.groups is None and (refinement.minimum is not None or refinement.maximum is not None):
        raise ApiError(INVALID, _("This dimension has values, not a range."), field=f"{at}.minimum")
    _check_form(refinement, at)


def _check_form(refinement: Refinement, at: str) -> None:
    low, high = refinement.minimum, refinement.maximum
    if len(refinement.values) > MAX_VALUES:
        raise ApiError(INVALID, _("Too many values."), field=f"{at}.values")
    if low is not None and high is not None and low > high:
        raise ApiError(INVALID, _("The minimum is above the maximum."), field=f"{at}.minimum")


def _place(question: Search) -> _Place:
    place = _Place()
    within: dict[str, StoreStock] = {}
    if question.store_id is not None:
        store = _store(question.store_id)
        place.store_name = store.name
        place.chosen = inventory.of_store(store.pk)
        within = {store.pk: place.chosen}
    if question.near is not None:
        place.reach = tuple(_reach(question.near, question.channel))
        within = {store.pk: within.get(store.pk) or inventory.of_store(store.pk) for store, _km in place.reach}
        place.store_name = ""
    if question.store_id is not None or question.near is not None:
        place.in_store = InStore(tuple(within.items()))
    place.address = address.at(question.premises_id, question.channel.pk)
    return place


def within_reach(near: Point, channel: Channel) -> tuple[str, ...]:
    """The ids of the stores that count as near, of those that the channel sells from, nearest first."""
    return tuple(store.pk for store, _km in _reach(near, channel))


def _reach(near: Point, channel: Channel) -> list[tuple[Store, float]]:
    stores = ((store, distance_km(near, store.point())) for store in inventory.stores() if channel.sells_from(store))
    nearest = sorted(stores, key=lambda entry: (entry[1], entry[0].code))[:REACH_STORES]
    return [(store, km) for store, km in nearest if km <= REACH_KM]


def _store(store_id: str) -> Store:
    try:
        # PostgreSQL refuses NUL in a text, so no store can have it in its id.
        return inventory.store(store_id.replace("\0", "?"))
    except ApiError as error:
        error.field = "context.storeId"
        raise


def may_be_serial(typed: str) -> bool:
    """Whether a text is long and numeric enough to be an IMEI or an ICCID."""
    digits = codes.compact(typed)
    return digits.isascii() and digits.isdigit() and len(digits) >= SERIAL_DIGITS


def _code_or_text(index: Index, typed: str) -> str:
    """The SKU of the article that a scanned or typed serial number belongs to; any other long number without its
    signs, and any other text as it is."""
    if not may_be_serial(typed):
        return typed
    digits = codes.compact(typed)
    for spelling in codes.barcode_spellings(digits):
        if spelling in index.codes:
            return spelling
    unit = serials.find_unit(digits)
    # A number that nothing has is no text of several short ones.
    return unit.item_id if unit and index.place(unit.item_id) else digits
