"""The schema that clients rely on: committed as it is printed, and never less than the contract."""

from pathlib import Path

import pytest
from graphql import build_schema, find_breaking_changes, find_dangerous_changes

from storefront_api.print_schema import printed

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "storefront_api" / "schema.graphql"
CONTRACT = ROOT.parent / "shared" / "contract" / "storefront.graphql"


def test_the_committed_schema_is_the_present_one():
    assert printed() == COMMITTED.read_text(), "The schema has changed: run `make schema` and commit."


def test_the_schema_keeps_the_contract():
    if not CONTRACT.exists():
        pytest.skip("needs ../shared/contract/storefront.graphql")
    contract, present = build_schema(CONTRACT.read_text()), build_schema(printed())
    assert [change.description for change in find_breaking_changes(contract, present)] == []
    moved = [change for change in find_dangerous_changes(contract, present) if "default" in change.description.lower()]
    assert [change.description for change in moved] == []
