"""GraphQL of the search log: what a client reports of a search."""

from enum import Enum

import strawberry
from django.utils.translation import gettext_lazy as _

from kernel.api import ApiErrorType, Info, caller, language, mutation
from kernel.errors import INVALID, NOT_FOUND, REQUIRED, ApiError
from plugins.catalogue import selectors as catalogue
from plugins.catalogue.schema import ContextInput
from plugins.search_log import limits, recording
from plugins.search_log.recording import Opened

MAX_TEXT = 200
MAX_ID = 64
MAX_POSITION = 10_000


@strawberry.enum(description="Where a product was opened.")
class SearchResultSource(Enum):
    RESULTS = "RESULTS"
    TYPEAHEAD = "TYPEAHEAD"
    SPOTLIGHT = "SPOTLIGHT"


@strawberry.input
class SearchResultOpenInput:
    context: ContextInput
    text: str = strawberry.field(description="The text that was searched, or typed so far.")
    product_id: strawberry.ID
    position: int = strawberry.field(description="Place in the list, from 1.")
    source: SearchResultSource = SearchResultSource.RESULTS


@strawberry.type
class SearchResultOpenPayload:
    errors: list[ApiErrorType] = strawberry.field(default_factory=list)


@strawberry.type
class Mutation:
    # Nothing is written here: the recorder counts it within seconds.
    @mutation(
        payload=SearchResultOpenPayload,
        atomic=False,
        description="Tell that a product was opened from a search. It is counted without the caller's identity; "
        "send it without waiting for the answer.",
    )
    def search_result_open(self, info: Info, input: SearchResultOpenInput) -> SearchResultOpenPayload:
        who = caller(info)
        limits.spend(info.context.remote_address if who.is_guest else who.scope)
        _check(input)
        channel = catalogue.channel(input.context.channel, field="input.context.channel")
        if not catalogue.products_by_ids([input.product_id], channel):
            raise ApiError(NOT_FOUND, _("There is no such product."), field="input.productId")
        if input.context.preview_at is None:
            recording.record(
                Opened(
                    channel=channel.slug,
                    sales_channel=input.context.sales_channel.value,
                    language=language(info),
                    text=input.text,
                    product_id=input.product_id,
                    position=input.position,
                    source=input.source.value,
                )
            )
        return SearchResultOpenPayload()


def _check(input: SearchResultOpenInput) -> None:
    if not input.text.strip():
        raise ApiError(REQUIRED, _("Tell which text was searched."), field="input.text")
    if len(input.text) > MAX_TEXT:
        message = _("Search for at most %(max)s characters.")
        raise ApiError(INVALID, message, field="input.text", params={"max": MAX_TEXT})
    if not 1 <= input.position <= MAX_POSITION:
        message = _("The position is a number from 1 to %(max)s.")
        raise ApiError(INVALID, message, field="input.position", params={"max": MAX_POSITION})
    if len(input.product_id) > MAX_ID or "\0" in input.product_id:
        raise ApiError(NOT_FOUND, _("There is no such product."), field="input.productId")
