"""GraphQL of what store staff do with stock: one module a topic, each with its Query, its Mutation or both."""

from types import ModuleType
from typing import Final

TOPICS: Final[tuple[ModuleType, ...]] = ()
