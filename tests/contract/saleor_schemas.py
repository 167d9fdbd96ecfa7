"""Saleor's public GraphQL schemas, which lie beside the project where it is worked on, and what the suite sends."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode, build_schema, parse

from tests.contract import recording

ROOT = Path(__file__).resolve().parents[2]
WHOLE = ROOT.parent / "shared" / "saleor"
VERSIONS = ("3.22", "3.23")


def saleor(version: str) -> GraphQLSchema:
    """The schema of this version; skips the test where it is not beside the project."""
    path = WHOLE / f"schema-{version}.graphql"
    if not path.exists():
        pytest.skip(f"Saleor's schema {version} is not beside the project.")
    return _read(path)


@cache
def _read(path: Path) -> GraphQLSchema:
    return build_schema(path.read_text(), assume_valid=True)


@cache
def embedded() -> GraphQLSchema:
    """The embedded core's schema."""
    return build_schema((ROOT / "embedded_core" / "schema.graphql").read_text())


@cache
def operations() -> DocumentNode:
    """Every operation that the suite sends to the core."""
    files = sorted((ROOT / "commerce" / "operations").glob("*.graphql"))
    return parse("\n".join(file.read_text() for file in files))


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Operation and variables of each exchange that was recorded with a running Saleor."""
    for file in sorted(recording.FOLDER.glob("test_*.json")):
        for exchange in json.loads(file.read_text())["exchanges"]:
            yield exchange["operation"], exchange["variables"]


def operation(name: str) -> OperationDefinitionNode:
    """The operation of this name."""
    found = [node for node in operations().definitions if isinstance(node, OperationDefinitionNode)]
    return next(node for node in found if node.name and node.name.value == name)
