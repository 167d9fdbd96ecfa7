"""A search from the question to the page of products, with facets. Product rows are read by the caller, by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from inventory import selectors as inventory
from inventory.geo import Point
from inventory.models import Store
from kernel.errors import INVALID, NOT_AVAILABLE, ApiError
from plugins.catalogue.models import Channel
from plugins.guided_search import bits, loader, matching, ordering, popularity, text
from plugins.guided_search.facets import IN_STORE, Facet, Refinement, Selection, groups
from plugins.guided_search.index import CATEGORY, Index
from plugins.guided_search.matching import Correction
from plugins.guided_search.ordering import Sort

MAX_TEXT = 200
MAX_PAGE = 100
MAX_REFINEMENTS = 30
MAX_VALUES = 100
# "Near me": the stores that one would drive to.
REACH_KM = 40.0
REACH_STORES = 10
COMPLETIONS_TRIED = 100


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


@dataclass(frozen=True, slots=True)
class Hit:
    """A product found. `store_quantity` is None without a store, and for what is not kept in stock."""

    product_id: str
    cursor: str
    store_quantity: int | None


@dataclass(slots=True)
class Found:
    """A page of a result, and the index that it was found in."""

    index: Index
    total: int
    hits: list[Hit]
    facets: list[Facet]
    correction: Correction | None
    has_next: bool
    has_previous: bool
    store_name: str = ""


@dataclass(slots=True)
class _Stock:
    """Live stock that the search takes into account: in the chosen store, and in all that count as `in_store`."""

    store_name: str = ""
    in_store: Mapping[str, int] | None = None
    within_reach: list[Mapping[str, int]] | None = None


def search(question: Search) -> Found:
    """Find products. Raises ApiError with the field that is wrong."""
    _check(question)
    stock = _stock(question)
    index = loader.index_of(question.channel)
    live = _live(index, stock)
    _check_refinements(index, question.refinements, live)
    # A dimension in which nothing is chosen (any more) narrows nothing.
    chosen = [
        item for item in question.refinements if item.values or item.minimum is not None or item.maximum is not None
    ]
    match = matching.match(index, question.text)
    selection = Selection(index, match.slots, chosen, live)
    positions = list(bits.members(index.fold(selection.slots)))
    sold = popularity.pieces_sold() if question.sort is Sort.BEST_SELLING else {}
    ranked = ordering.ordered(index, positions, question.sort, match.scores, sold)
    ids = [index.products[position].id for position in ranked]
    key = ordering.fingerprint(
        question.channel.pk, question.text, question.refinements, question.store_id, question.near, question.sort
    )
    start = _start(question, key, ids)
    page = ranked[start : start + question.first]
    return Found(
        index=index,
        total=len(ids),
        hits=[_hit(index, position, key, start + number, stock) for number, position in enumerate(page, 1)],
        facets=selection.facets(),
        correction=match.correction,
        has_next=start + len(page) < len(ids),
        has_previous=start > 0,
        store_name=stock.store_name,
    )


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


def _check_refinements(index: Index, refinements: Sequence[Refinement], live: Mapping[str, int]) -> None:
    seen: set[str] = set()
    for number, refinement in enumerate(refinements):
        at = f"input.refinements.{number}"
        if refinement.dimension in seen:
            raise ApiError(INVALID, _("Name each dimension once, with all its values."), field=f"{at}.dimension")
        seen.add(refinement.dimension)
        _check_refinement(index, refinement, live, at)


def _check_refinement(index: Index, refinement: Refinement, live: Mapping[str, int], at: str) -> None:
    low, high = refinement.minimum, refinement.maximum
    bounded = low is not None or high is not None
    if refinement.dimension == IN_STORE:
        if IN_STORE not in live:
            raise ApiError(INVALID, _("Choose a store or a place first."), field=f"{at}.dimension")
        if refinement.values not in ((), ("true",)) or bounded:
            raise ApiError(INVALID, _('"In store" can only be chosen as "true".'), field=f"{at}.values")
        return
    dimension = index.dimensions.get(refinement.dimension)
    ranged = refinement.dimension == "price" or bool(dimension and dimension.numbers)
    if dimension is None or not (refinement.dimension in ("category", "brand", "kind", "price") or groups(dimension)):
        raise ApiError(INVALID, _("There is no such dimension."), field=f"{at}.dimension")
    if bounded and not ranged:
        raise ApiError(INVALID, _("This dimension has values, not a range."), field=f"{at}.minimum")
    if len(refinement.values) > MAX_VALUES:
        raise ApiError(INVALID, _("Too many values."), field=f"{at}.values")
    if low is not None and high is not None and low > high:
        raise ApiError(INVALID, _("The minimum is above the maximum."), field=f"{at}.minimum")


def _stock(question: Search) -> _Stock:
    stock = _Stock()
    if question.store_id is not None:
        store = _store(question.store_id)
        stock.store_name = store.name
        stock.in_store = inventory.available_in_store(store.pk)
        stock.within_reach = [stock.in_store]
    if question.near is not None:
        nearest = inventory.stores(question.near)[:REACH_STORES]
        within = [entry for entry in nearest if entry.distance_km is not None and entry.distance_km <= REACH_KM]
        stock.within_reach = [inventory.available_in_store(entry.store.pk) for entry in within]
        stock.store_name = ""
    return stock


def _store(store_id: str) -> Store:
    try:
        # PostgreSQL refuses NUL in a text, so no store can have it in its id.
        return inventory.store_by_id(store_id.replace("\0", "?"))
    except ApiError as error:
        error.field = "context.storeId"
        raise


def _live(index: Index, stock: _Stock) -> dict[str, int]:
    if stock.within_reach is None:
        return {}
    slots = 0
    for quantities in stock.within_reach:
        slots |= index.slots_of_skus(sku for sku, quantity in quantities.items() if quantity > 0)
    return {IN_STORE: slots}


def _start(question: Search, key: str, ids: Sequence[str]) -> int:
    if question.after is None:
        return 0
    try:
        return ordering.start_after(question.after, key, ids)
    except ordering.BadCursor:
        raise ApiError(INVALID, _("This cursor is not of this search."), field="input.after") from None


def _hit(index: Index, position: int, key: str, rank: int, stock: _Stock) -> Hit:
    product = index.products[position]
    stocked = [variant.sku for variant in product.variants if variant.stocked]
    quantity = sum(stock.in_store.get(sku, 0) for sku in stocked) if stock.in_store is not None and stocked else None
    return Hit(product.id, ordering.cursor(key, rank, product.id), quantity)


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the characters typed so far may become. `categories` are (slug, name)."""

    queries: list[str]
    categories: list[tuple[str, str]]
    product_ids: list[str]


def suggest(channel: Channel, prefix: str, limit: int) -> Suggestions:
    """Suggestions for what was typed so far, at most `limit` of each sort, from the first character on."""
    if len(prefix) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="prefix", params={"max": MAX_TEXT})
    if not 1 <= limit <= MAX_PAGE:
        raise ApiError(INVALID, _("Ask for 1 to %(max)s suggestions."), field="limit", params={"max": MAX_PAGE})
    tokens = text.query_tokens(prefix)
    if not tokens:
        return Suggestions([], [], [])
    index = loader.index_of(channel)
    match = matching.match(index, prefix, typing=True)
    ranked = ordering.ordered(index, list(match.scores), Sort.RELEVANCE, match.scores, {})
    best = [index.products[position] for position in ranked]
    return Suggestions(
        queries=_queries(index, tokens, [product.name for product in best], match.slots, limit),
        categories=_categories(index, tokens, limit),
        product_ids=[product.id for product in best[:limit]],
    )


def _queries(
    index: Index, tokens: Sequence[text.Token], product_names: Sequence[str], slots: int, limit: int
) -> list[str]:
    """The last word completed, the rest as typed, then names of the best products."""
    typed = " ".join(token.raw for token in tokens[:-1])
    completed = [
        f"{typed} {index.surface[term]}".strip()
        for term in _completions(index, tokens[-1].term, set(bits.members(index.fold(slots))))
    ]
    names = [text.fold(name) for name in product_names[:limit]]
    return list(dict.fromkeys([*completed[: limit // 2 + 1], *names, *completed]))[:limit]


def _completions(index: Index, start: str, matching: set[int]) -> list[str]:
    """Words of names, brands and categories of matching products that start so, the most frequent among them first."""
    counts = {
        term: sum(weight >= CATEGORY and position in matching for position, weight in index.weights[term].items())
        for term in index.starting_with(start, COMPLETIONS_TRIED)
    }
    return sorted((term for term, count in counts.items() if count), key=lambda term: (-counts[term], term))


def _categories(index: Index, tokens: Sequence[text.Token], limit: int) -> list[tuple[str, str]]:
    wanted = tokens[-1].term
    found = [
        node for node in index.categories.values() if any(term.startswith(wanted) for term in text.terms(node.name))
    ]
    counts = index.dimensions["category"].values
    found.sort(key=lambda node: (-index.count(counts[node.slug]), node.name))
    return [(node.slug, node.name) for node in found[:limit]]
