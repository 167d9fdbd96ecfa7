"""A search from the question to the page of products, with facets. Product rows are read by the caller, by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from inventory import live as inventory
from inventory import selectors as serials
from inventory.geo import Point, distance_km
from inventory.models import Store
from kernel.errors import INVALID, NOT_AVAILABLE, ApiError
from plugins.catalogue import codes
from plugins.catalogue.models import Channel
from plugins.guided_search import loader, ordering, popularity, stock
from plugins.guided_search.columns import groups
from plugins.guided_search.engine import Hit, Page, Question, Tuning
from plugins.guided_search.facets import Facet, Refinement
from plugins.guided_search.index import Index
from plugins.guided_search.matching import Correction
from plugins.guided_search.ordering import Sort
from plugins.guided_search.stock import IN_STORE, InStore
from plugins.guided_search.suggesting import NOBODY, Suggestions

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
    """What is asked. Fields of errors are named as in the API: `input.first`, `context.storeId`..."""

    channel: Channel
    text: str = ""
    refinements: tuple[Refinement, ...] = ()
    store_id: str | None = None
    near: Point | None = None
    sort: Sort = Sort.RELEVANCE
    first: int = 24
    after: str | None = None
    verbatim: bool = False


@dataclass(slots=True)
class Found:
    """A page of a result, and where it was asked."""

    page: Page
    store_name: str = ""
    in_store: Mapping[str, int] | None = None

    @property
    def index(self) -> Index:
        return self.page.index

    def quantity(self, hit: Hit) -> int | None:
        """Pieces of a product in the chosen store; None without a store, and for what is not kept in stock."""
        entry = self.index.entry(hit.row)
        if self.in_store is None or not entry.stocked:
            return None
        return stock.sellable(self.in_store, entry.skus)


@dataclass(slots=True)
class _Place:
    """Where a search is made: the stores that count as `in_store`, and the stock of the chosen one."""

    store_name: str = ""
    in_store: Mapping[str, int] | None = None
    within_reach: tuple[str, ...] | None = None
    live: tuple[InStore, ...] = field(default_factory=tuple)


def search(question: Search) -> Found:
    """Find products. Raises ApiError with the field that is wrong."""
    _check(question)
    place = _place(question)
    engine = loader.engine_of(question.channel)
    _check_refinements(engine.index, question.refinements, place)
    asked = Question(
        text=_code_or_text(engine.index, question),
        refinements=question.refinements,
        sort=question.sort,
        first=question.first,
        after=question.after,
        search=ordering.fingerprint(
            question.channel.pk, question.text, question.refinements, question.store_id, question.near, question.sort
        ),
        verbatim=question.verbatim,
        live=place.live,
        tuning=Tuning(),
        sold=popularity.pieces_sold() if question.sort is Sort.BEST_SELLING else {},
    )
    try:
        page = engine.search(asked)
    except ordering.BadCursor:
        raise ApiError(INVALID, _("This cursor is not of this search."), field="input.after") from None
    return Found(page, place.store_name, place.in_store)


def suggest(channel: Channel, prefix: str, limit: int, language: str = "en") -> Suggestions:
    """Suggestions for what was typed so far, at most `limit` of each sort, from the first character on."""
    if len(prefix) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="prefix", params={"max": MAX_TEXT})
    if not 1 <= limit <= MAX_PAGE:
        raise ApiError(INVALID, _("Ask for 1 to %(max)s suggestions."), field="limit", params={"max": MAX_PAGE})
    return loader.engine_of(channel).suggest(prefix, limit, NOBODY, language)


def _check(question: Search) -> None:
    if len(question.text) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="input.text", params={"max": MAX_TEXT})
    if not 1 <= question.first <= MAX_PAGE:
        message = _("Ask for 1 to %(max)s products.")
        raise ApiError(INVALID, message, field="input.first", params={"max": MAX_PAGE})
    if question.sort is Sort.MONTHLY_PRICE_ASC:
        raise ApiError(NOT_AVAILABLE, _("Monthly prices are not available in this version."), field="input.sort")
    if len(question.refinements) > MAX_REFINEMENTS:
        raise ApiError(INVALID, _("Too many refinements."), field="input.refinements")


def _check_refinements(index: Index, refinements: Sequence[Refinement], place: _Place) -> None:
    seen: set[str] = set()
    for number, refinement in enumerate(refinements):
        at = f"input.refinements.{number}"
        if refinement.dimension in seen:
            raise ApiError(INVALID, _("Name each dimension once, with all its values."), field=f"{at}.dimension")
        seen.add(refinement.dimension)
        if refinement.dimension == IN_STORE:
            _check_in_store(refinement, place, at)
        else:
            _check_refinement(index, refinement, at)


def _check_in_store(refinement: Refinement, place: _Place, at: str) -> None:
    if not place.live:
        raise ApiError(INVALID, _("Choose a store or a place first."), field=f"{at}.dimension")
    bounded = refinement.minimum is not None or refinement.maximum is not None
    if refinement.values not in ((), ("true",)) or bounded:
        raise ApiError(INVALID, _('"In store" can only be chosen as "true".'), field=f"{at}.values")


def _check_refinement(index: Index, refinement: Refinement, at: str) -> None:
    low, high = refinement.minimum, refinement.maximum
    dimension = index.columns.dimensions.get(refinement.dimension)
    if dimension is None or not groups(dimension):
        raise ApiError(INVALID, _("There is no such dimension."), field=f"{at}.dimension")
    if dimension.groups is None and (low is not None or high is not None):
        raise ApiError(INVALID, _("This dimension has values, not a range."), field=f"{at}.minimum")
    if len(refinement.values) > MAX_VALUES:
        raise ApiError(INVALID, _("Too many values."), field=f"{at}.values")
    if low is not None and high is not None and low > high:
        raise ApiError(INVALID, _("The minimum is above the maximum."), field=f"{at}.minimum")


def _place(question: Search) -> _Place:
    place = _Place()
    if question.store_id is not None:
        store = _store(question.store_id)
        place.store_name = store.name
        place.in_store = inventory.of_store(store.pk).quantities
        place.within_reach = (store.pk,)
    if question.near is not None:
        place.within_reach = _within_reach(question.near)
        place.store_name = ""
    if place.within_reach is not None:
        place.live = (InStore(place.within_reach),)
    return place


def _within_reach(near: Point) -> tuple[str, ...]:
    distances = sorted((distance_km(near, store.point()), store.code, store.pk) for store in inventory.stores())
    return tuple(pk for distance, _code, pk in distances[:REACH_STORES] if distance <= REACH_KM)


def _store(store_id: str) -> Store:
    try:
        # PostgreSQL refuses NUL in a text, so no store can have it in its id.
        return inventory.store(store_id.replace("\0", "?"))
    except ApiError as error:
        error.field = "context.storeId"
        raise


def _code_or_text(index: Index, question: Search) -> str:
    """The SKU of the article that a scanned or typed serial number belongs to; any other text as it is."""
    digits = codes.compact(question.text)
    if not (digits.isascii() and digits.isdigit() and len(digits) >= SERIAL_DIGITS):
        return question.text
    for spelling in codes.barcode_spellings(digits):
        if spelling in index.codes:
            return spelling
    unit = serials.find_unit(digits)
    return unit.item_id if unit and unit.item_id.casefold() in index.codes else question.text


__all__ = ["Correction", "Facet", "Found", "Hit", "Refinement", "Search", "Sort", "Suggestions", "search", "suggest"]
