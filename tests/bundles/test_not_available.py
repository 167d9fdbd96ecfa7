"""What later versions bring is in the schema already, and says in one sentence that it cannot be had yet."""

from dataclasses import dataclass
from typing import Any

import pytest
import strawberry

from kernel.api import SCALARS
from kernel.identity import GUEST, Caller
from plugins.bundles import schema as bundles

SCHEMA = strawberry.Schema(query=bundles.Query, scalar_overrides=SCALARS)
US = 'context: {channel: "us"}'


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


def execute(document: str) -> Any:
    return SCHEMA.execute_sync(document, context_value=Context())


@pytest.mark.parametrize(
    "field",
    [
        f"bundleOffers({US}) {{ edges {{ cursor }} }}",
        f'configureBundle({US}, input: {{offerCode: "x", term: 24, selections: []}}) {{ valid }}',
    ],
)
def test_queries_say_so_at_the_top(field: str) -> None:
    [error] = execute(f"{{ {field} }}").errors
    assert error.extensions == {"code": "NOT_AVAILABLE", "field": None}
