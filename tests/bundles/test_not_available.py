"""What later versions bring is in the schema already, and says in one sentence that it cannot be had yet."""

from dataclasses import dataclass
from typing import Any

import pytest
import strawberry

from kernel.api import SCALARS
from kernel.identity import GUEST, Caller
from plugins.serviceability import schema as serviceability

SCHEMA = strawberry.Schema(
    query=serviceability.Query,
    mutation=serviceability.Mutation,
    scalar_overrides=SCALARS,
)


@dataclass
class Context:
    caller: Caller = GUEST
    language: str = "en"


def execute(document: str) -> Any:
    return SCHEMA.execute_sync(document, context_value=Context())


@pytest.mark.parametrize(
    "field",
    [
        'addressSuggestions(text: "1 Main") { label }',
        'serviceQualification(id: "1") { id }',
    ],
)
def test_queries_say_so_at_the_top(field: str) -> None:
    [error] = execute(f"{{ {field} }}").errors
    assert error.extensions == {"code": "NOT_AVAILABLE", "field": None}


@pytest.mark.django_db
def test_the_mutation_says_so_in_its_payload() -> None:
    answer = execute(
        'mutation { qualifyService(input: {addressText: "1 Main"}) { qualification { id } errors { code message } } }'
    )
    assert answer.errors is None
    [error] = answer.data["qualifyService"]["errors"]
    assert error["code"] == "NOT_AVAILABLE"
    assert error["message"] == "Checking services at an address is not available in this version."
