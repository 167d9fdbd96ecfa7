"""The schema of the suite: what each capability offers, merged, with the limits on free documents."""

import logging
from collections.abc import Sequence

import strawberry
from graphql import GraphQLError
from strawberry.extensions import MaxAliasesLimiter, MaxTokensLimiter, QueryDepthLimiter
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import merge_types
from strawberry.types import ExecutionContext

from inventory import schema as inventory
from kernel.api import SCALARS
from kernel.errors import ApiError, Errors
from plugins.bundles import schema as bundles
from plugins.carts import schema as carts
from plugins.catalogue import schema as catalogue
from plugins.guided_search import schema as guided_search
from plugins.pickup import schema as pickup
from plugins.pos import schema as pos
from plugins.search_log import schema as search_log
from plugins.serviceability import schema as serviceability

log = logging.getLogger(__name__)

CAPABILITIES = (catalogue, guided_search, search_log, inventory, serviceability, bundles, carts, pickup, pos)

MAX_DEPTH = 14
MAX_ALIASES = 30
MAX_TOKENS = 3000


class Schema(strawberry.Schema):
    """Logs what is a bug with its place; what a user or a rule got wrong is an answer, not an event."""

    def process_errors(self, errors: Sequence[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        for error in errors:
            original = error.original_error
            if original is not None and not isinstance(original, ApiError | Errors | GraphQLError):
                log.error("resolver failed at %s", error.path, exc_info=original)


def _merged(kind: str) -> type:
    return merge_types(kind, tuple(getattr(module, kind) for module in CAPABILITIES if hasattr(module, kind)))


schema = Schema(
    query=_merged("Query"),
    mutation=_merged("Mutation"),
    config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
    extensions=[
        lambda: QueryDepthLimiter(max_depth=MAX_DEPTH),
        lambda: MaxAliasesLimiter(max_alias_count=MAX_ALIASES),
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
    ],
)
