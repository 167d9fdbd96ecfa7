"""GraphQL of what store staff do with stock: one module a topic, each with its Query, its Mutation or both."""

from types import ModuleType
from typing import Final

from plugins.store_operations import (
    schema_adjustments,
    schema_counts,
    schema_lookup,
    schema_receiving,
    schema_replenishment,
    schema_resolution,
    schema_transfers,
    schema_vendor_returns,
)

TOPICS: Final[tuple[ModuleType, ...]] = (
    schema_lookup,
    schema_receiving,
    schema_transfers,
    schema_vendor_returns,
    schema_counts,
    schema_adjustments,
    schema_replenishment,
    schema_resolution,
)
