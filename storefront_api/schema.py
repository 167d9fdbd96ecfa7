"""The schema of the suite: what each capability offers, merged."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

import strawberry
from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute, specified_rules, validate
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule
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
from plugins.store_operations import schema as store_operations

log = logging.getLogger(__name__)

CAPABILITIES = (
    catalogue, guided_search, search_log, inventory, serviceability, bundles, carts, pickup, pos,
    *store_operations.TOPICS,
)  # fmt: skip

# Enough for a person to go on with; telling more takes a large document's validation too long.
MAX_PROBLEMS = 20


class Schema(strawberry.Schema):
    """Runs documents that were parsed and validated before."""

    @property
    def core(self) -> GraphQLSchema:
        """The schema as graphql-core knows it."""
        return self._schema

    def problems(self, document: DocumentNode) -> list[GraphQLError]:
        """What makes the document invalid; empty for a valid one."""
        rules = (*specified_rules, MaybeNullValidationRule, OneOfInputValidationRule)
        return validate(self._schema, document, rules, max_errors=MAX_PROBLEMS)

    def run(
        self, document: DocumentNode, *, variables: Mapping[str, Any], context: object, operation_name: str | None
    ) -> ExecutionResult:
        """Execute a valid document by graphql-core."""
        result = execute(
            self._schema,
            document,
            context_value=context,
            variable_values=dict(variables),
            operation_name=operation_name,
            is_awaitable=cast(Any, optimized_is_awaitable),
            is_async_iterable=cast(Any, lambda _value: False),
        )
        if not isinstance(result, ExecutionResult):
            raise TypeError("A resolver is asynchronous: this schema runs in threads.")
        if result.errors:
            self.process_errors(result.errors)
        return result

    def process_errors(self, errors: Sequence[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Log what is a bug with its place; what a user or a rule got wrong is an answer, not an event."""
        for error in errors:
            original = error.original_error
            if original is not None and not isinstance(original, ApiError | Errors | GraphQLError):
                log.error("resolver failed at %s", error.path, exc_info=original)


def merged(kind: str) -> type:
    """What all capabilities offer as `kind`: Query or Mutation."""
    return merge_types(kind, tuple(getattr(module, kind) for module in CAPABILITIES if hasattr(module, kind)))


schema = Schema(
    query=merged("Query"),
    mutation=merged("Mutation"),
    config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
)
