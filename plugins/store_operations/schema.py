"""GraphQL of what store staff do with stock: one module a topic, each with its Query, its Mutation or both."""

from types import ModuleType
from typing import Final

from plugins.store_operations import schema_adjustments, schema_counts, schema_replenishment

TOPICS: Final[tuple[ModuleType, ...]] = (schema_counts, schema_adjustments, schema_replenishment)
