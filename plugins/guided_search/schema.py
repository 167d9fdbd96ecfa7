"""GraphQL of guided search."""

import decimal
from collections.abc import Sequence
from enum import Enum
from typing import Any

import strawberry
from django.utils.translation import gettext_lazy as _

from inventory.geo import Point
from inventory.schema import GeoPointInput
from kernel.api import Info, PageInfo, caller, language
from kernel.errors import INVALID, ApiError
from kernel.reuse import ANSWER
from plugins.catalogue import kept
from plugins.catalogue.labels import is_chinese
from plugins.catalogue.models import Channel
from plugins.catalogue.schema import ContextInput, ProductType, channel_of, product_types_of
from plugins.guided_search import loader, reuse, selectors
from plugins.guided_search.facets import Facet, Refinement
from plugins.guided_search.loader import Ready
from plugins.guided_search.ordering import Sort
from plugins.guided_search.presentation import Labels
from plugins.search_log import recording
from plugins.search_log.recording import Searched
from plugins.staff.permissions import SEARCH_PREVIEW

strawberry.enum(Sort, name="SearchSort")


@strawberry.enum
class DimensionKind(Enum):
    TERMS = "TERMS"
    HIERARCHY = "HIERARCHY"
    RANGE = "RANGE"
    BOOLEAN = "BOOLEAN"


@strawberry.input
class RefinementInput:
    dimension: str
    values: list[str] | None = None
    minimum: decimal.Decimal | None = None
    maximum: decimal.Decimal | None = None

    def refinement(self) -> Refinement:
        """The choice as the search knows it."""
        values = tuple(dict.fromkeys(self.values or ()))
        return Refinement(self.dimension, values, self.minimum, self.maximum)


@strawberry.input
class GuidedSearchInput:
    text: str | None = None
    refinements: list[RefinementInput] | None = strawberry.field(
        default=None,
        description="Within one dimension values are alternatives (or); between dimensions all must hold (and).",
    )
    near: GeoPointInput | None = strawberry.field(
        default=None, description="Makes `in_store` mean any store within reach, and tells the nearest. Kept nowhere."
    )
    sort: Sort | None = strawberry.field(
        default=Sort.RELEVANCE,
        description="DISTANCE needs `near`: by the nearest store that has a product now, what none has last.",
    )
    first: int | None = 24
    after: str | None = None
    verbatim: bool | None = strawberry.field(
        default=False, description="Search for exactly what was typed: correct nothing and leave no word out."
    )
    recorded: bool | None = strawberry.field(
        default=True,
        description="False for what nobody has decided to search for, such as a text that is still being typed: "
        "answered alike and counted nowhere.",
    )


@strawberry.type
class NearestStore:
    """A store that has a product in stock now."""

    store_id: strawberry.ID
    name: str
    distance_km: float
    quantity: int = strawberry.field(description="Sellable pieces of the product there.")


@strawberry.type
class ProductEdge:
    cursor: str
    node: ProductType
    store_quantity: int | None = strawberry.field(description="Sellable quantity in the context's store.")
    nearest_store: NearestStore | None = strawberry.field(
        description="With `near`: the nearest store within reach that has what was found of it in stock now."
    )


@strawberry.type
class DimensionValue:
    value: str
    label: str
    count: int = strawberry.field(
        description="Products with this value among those that match the text and everything chosen in the other "
        "dimensions."
    )
    selected: bool
    level: int = strawberry.field(description="For HIERARCHY: depth from 0 and the parent's value.")
    parent: str | None


@strawberry.type
class Dimension:
    name: str
    label: str
    kind: DimensionKind
    values: list[DimensionValue]
    minimum: decimal.Decimal | None = strawberry.field(description="For RANGE dimensions.")
    maximum: decimal.Decimal | None
    value_limit: int | None = strawberry.field(
        description="How many values to show before the reader asks for the rest; null leaves it to the client."
    )

    @classmethod
    def of(cls, facet: Facet, labels: Labels) -> "Dimension":
        return cls(
            name=facet.name,
            label=labels.dimension(facet.name),
            kind=DimensionKind[facet.kind],
            values=[
                DimensionValue(
                    value=value.value,
                    label=label,
                    count=value.count,
                    selected=value.selected,
                    level=value.level,
                    parent=value.parent,
                )
                for value, label in labels.arranged(facet)
            ],
            minimum=facet.minimum,
            maximum=facet.maximum,
            value_limit=labels.values_shown(facet.name),
        )


@strawberry.type
class Breadcrumb:
    dimension: str
    value: str
    label: str


@strawberry.type
class Correction:
    original: str
    corrected: str
    applied: bool = strawberry.field(description="True when the result already uses the corrected text.")
    dropped: list[str] = strawberry.field(description="Words that were left out, since nothing has all of them.")

    @classmethod
    def of(cls, correction: selectors.Correction) -> "Correction":
        return cls(
            original=correction.original,
            corrected=correction.corrected,
            applied=correction.applied,
            dropped=list(correction.dropped),
        )


@strawberry.type
class Spotlight:
    title: str
    rule: str
    products: list[ProductType]


@strawberry.type
class GuidedSearchResult:
    total_count: int
    exact_count: int = strawberry.field(
        description="So many of them have all that was typed. Where that is few, others that come near follow "
        "behind, in the order of relevance alone."
    )
    edges: list[ProductEdge]
    page_info: PageInfo
    dimensions: list[Dimension] = strawberry.field(
        description="Always with `category`, `brand`, `kind`, `price`; `in_store` with a store or place, "
        "`at_address` with premises; `monthly_price` where something found has one."
    )
    breadcrumbs: list[Breadcrumb]
    correction: Correction | None = strawberry.field(
        description="Set when the text was corrected, relaxed, or a correction is proposed."
    )
    redirect_url: str | None = strawberry.field(description="Set when a merchandiser sends this search to a page.")
    spotlights: list[Spotlight] = strawberry.field(
        description="Groups that merchandising rules place beside the result."
    )


@strawberry.type
class Typeahead:
    queries: list[str]
    categories: list[Breadcrumb]
    products: list[ProductType]


@strawberry.type
class Query:
    @strawberry.field(description="Keyword search and guided navigation in one call.", metadata={ANSWER: reuse.SEARCH})
    def guided_search(self, info: Info, context: ContextInput, input: GuidedSearchInput) -> GuidedSearchResult:
        who = caller(info)
        if context.preview_at is not None:
            who.require(SEARCH_PREVIEW)
        channel = channel_of(context, previews=True)
        question = selectors.Search(
            channel=channel,
            text=input.text or "",
            refinements=tuple(item.refinement() for item in input.refinements or ()),
            store_id=context.store_id,
            near=_point(input.near),
            premises_id=context.premises_id,
            sort=input.sort or Sort.RELEVANCE,
            first=24 if input.first is None else input.first,
            after=input.after,
            verbatim=bool(input.verbatim),
            language=language(info),
            sales_channel=context.sales_channel.value,
            segment=who.kind,
            at=context.preview_at,
        )
        found = selectors.search(question)
        if input.recorded is not False:
            _take_note(question, found, reuse.key_of(context, input, question.language))
        return _result(question, found)

    @strawberry.field(description="Suggestions for the characters typed so far.", metadata={ANSWER: reuse.TYPEAHEAD})
    def typeahead(self, info: Info, context: ContextInput, prefix: str, limit: int | None = 8) -> Typeahead:
        channel = channel_of(context)
        count = 8 if limit is None else limit
        found = selectors.suggest(channel, prefix, count, language(info), context.premises_id)
        nodes = _nodes(found.product_ids, channel, loader.ready(channel), context.sales_channel.value)
        return Typeahead(
            queries=found.queries,
            categories=[Breadcrumb(dimension="category", value=slug, label=name) for slug, name in found.categories],
            products=list(nodes.values()),
        )


def _take_note(question: selectors.Search, found: selectors.Found, key: tuple[Any, ...]) -> None:
    """Count a search that somebody typed: not its further pages, other orders and narrower choices, not a preview."""
    if question.after is not None or question.at is not None or question.sort is not Sort.RELEVANCE:
        return
    if question.refinements or not question.text.strip():
        return
    correction = found.page.correction
    searched = Searched(
        channel=question.channel.pk,
        sales_channel=question.sales_channel,
        language=question.language,
        text=question.text,
        total=found.page.total,
        corrected=correction is not None and correction.applied and not correction.dropped,
        relaxed=correction is not None and bool(correction.dropped),
        redirected=found.fired.redirect is not None,
    )
    reuse.note(key, searched)
    recording.record(searched)


def _result(question: selectors.Search, found: selectors.Found) -> GuidedSearchResult:
    page, labels = found.page, Labels(question.channel, found.ready, question.language, found.place.store_name)
    edges = _edges(found, question)
    return GuidedSearchResult(
        total_count=page.total,
        exact_count=page.exact,
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
        dimensions=[Dimension.of(facet, labels) for facet in page.facets],
        breadcrumbs=[
            Breadcrumb(dimension=dimension, value=value, label=label)
            for dimension, value, label in labels.breadcrumbs(question.refinements)
        ],
        correction=Correction.of(page.correction) if page.correction else None,
        redirect_url=found.fired.redirect.url if found.fired.redirect else None,
        spotlights=_spotlights(found, question) if question.after is None else [],
    )


def _spotlights(found: selectors.Found, question: selectors.Search) -> list[Spotlight]:
    """What rules place beside the first page, all products read together; an empty group is not shown."""
    groups = [(spot, selectors.spotlight_ids(found, spot)) for spot in found.fired.spotlights]
    wanted = list(dict.fromkeys(key for _spot, ids in groups for key in ids))
    nodes = _nodes(wanted, question.channel, found.ready, question.sales_channel) if wanted else {}
    chinese = is_chinese(question.language)
    return [
        Spotlight(
            title=(spot.title_zh if chinese else "") or spot.title_en,
            rule=spot.rule,
            products=[nodes[key] for key in ids if key in nodes],
        )
        for spot, ids in groups
        if any(key in nodes for key in ids)
    ]


def _point(near: GeoPointInput | None) -> Point | None:
    try:
        return Point(near.latitude, near.longitude) if near is not None else None
    except ValueError:
        raise ApiError(INVALID, _("There is no such place on the globe."), field="input.near") from None


def _nodes(ids: Sequence[str], channel: Channel, ready: Ready, sales_channel: str) -> dict[str, ProductType]:
    """The products by id, in the order of `ids`; from memory where this process follows the catalogue."""
    revisions = ready.revisions if loader.follower.following else None
    together = kept.products(ids, channel, revisions, sales_channel=sales_channel)
    return {node.row.pk: node for node in product_types_of(together)}


def _nearest(found: selectors.Found, hit: selectors.Hit) -> NearestStore | None:
    nearest = found.nearest(hit)
    if nearest is None:
        return None
    store, km, quantity = nearest
    return NearestStore(store_id=strawberry.ID(store.pk), name=store.name, distance_km=round(km, 3), quantity=quantity)


def _edges(found: selectors.Found, question: selectors.Search) -> list[ProductEdge]:
    hits = found.page.hits
    nodes = _nodes([hit.product_id for hit in hits], question.channel, found.ready, question.sales_channel)
    # A product that left the catalogue within the last second is in the index, but cannot be shown.
    return [
        ProductEdge(
            cursor=hit.cursor,
            node=nodes[hit.product_id],
            store_quantity=found.quantity(hit),
            nearest_store=_nearest(found, hit),
        )
        for hit in hits
        if hit.product_id in nodes
    ]
