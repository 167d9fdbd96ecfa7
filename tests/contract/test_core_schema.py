"""The operations sent to the core are valid in Saleor's schemas and in the embedded core's, which is a part of them."""

from pathlib import Path

import pytest
from graphql import (
    DocumentNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
    parse,
    validate,
)

from commerce import manifest

ROOT = Path(__file__).resolve().parents[2]
SALEOR = ROOT.parent / "shared" / "saleor"
EMBEDDED = ROOT / "embedded_core" / "schema.graphql"


@pytest.fixture(scope="module")
def operations() -> DocumentNode:
    files = sorted((ROOT / "commerce" / "operations").glob("*.graphql"))
    return parse("\n".join(file.read_text() for file in files))


def _saleor(version: str) -> GraphQLSchema:
    path = SALEOR / f"schema-{version}.graphql"
    if not path.exists():
        pytest.skip(f"Saleor's schema {version} is not beside the project.")
    return build_schema(path.read_text(), assume_valid=True)


@pytest.fixture(scope="module")
def embedded() -> GraphQLSchema:
    return build_schema(EMBEDDED.read_text())


@pytest.mark.parametrize("version", ["3.22", "3.23"])
def test_every_operation_is_valid_in_saleor(operations: DocumentNode, version: str) -> None:
    assert validate(_saleor(version), operations) == []


@pytest.mark.parametrize("version", ["3.22", "3.23"])
@pytest.mark.parametrize("spec", manifest.WEBHOOKS, ids=lambda spec: spec.name)
def test_every_webhook_of_the_manifest_is_valid_in_saleor(version: str, spec: manifest.WebhookSpec) -> None:
    schema = _saleor(version)
    assert validate(schema, parse(spec.query)) == []
    events = schema.type_map["WebhookEventTypeAsyncEnum"]
    permissions = schema.type_map["PermissionEnum"]
    assert isinstance(events, GraphQLEnumType)
    assert isinstance(permissions, GraphQLEnumType)
    assert set(spec.events) <= set(events.values)
    assert set(manifest.PERMISSIONS) <= set(permissions.values)


def test_every_operation_is_valid_in_the_embedded_core(operations: DocumentNode, embedded: GraphQLSchema) -> None:
    assert validate(embedded, operations) == []


def test_the_embedded_schema_is_a_part_of_saleors(embedded: GraphQLSchema) -> None:
    saleor = _saleor("3.23")
    problems: list[str] = []
    for name, part in embedded.type_map.items():
        if name.startswith("__"):
            continue
        whole = saleor.type_map.get(name)
        if whole is None:
            problems.append(f"{name} does not exist in Saleor.")
        elif type(whole) is not type(part):
            problems.append(f"{name} is a {type(whole).__name__} in Saleor.")
        else:
            problems += _differences(name, part, whole)
    assert problems == []


def _differences(name: str, part: GraphQLNamedType, whole: GraphQLNamedType) -> list[str]:
    """What `part` has that `whole` has not, or has otherwise."""
    if isinstance(part, GraphQLScalarType):
        return []
    if isinstance(part, GraphQLEnumType) and isinstance(whole, GraphQLEnumType):
        return [f"{name}.{value} is no value in Saleor." for value in part.values if value not in whole.values]
    if isinstance(part, GraphQLUnionType) and isinstance(whole, GraphQLUnionType):
        members = {member.name for member in whole.types}
        return [f"{name} has no {member.name} in Saleor." for member in part.types if member.name not in members]
    if isinstance(part, GraphQLInputObjectType) and isinstance(whole, GraphQLInputObjectType):
        return _input_differences(name, part, whole)
    assert isinstance(part, GraphQLObjectType | GraphQLInterfaceType)
    assert isinstance(whole, GraphQLObjectType | GraphQLInterfaceType)
    return _field_differences(name, part, whole)


def _input_differences(name: str, part: GraphQLInputObjectType, whole: GraphQLInputObjectType) -> list[str]:
    problems = []
    for field, value in part.fields.items():
        theirs = whole.fields.get(field)
        if theirs is None or str(theirs.type) != str(value.type) or theirs.default_value != value.default_value:
            problems.append(f"{name}.{field}: {value.type} differs from Saleor's {theirs and theirs.type}.")
    # What Saleor requires has to be asked for here too.
    return problems + [
        f"{name}.{field} is required in Saleor."
        for field, value in whole.fields.items()
        if str(value.type).endswith("!") and field not in part.fields
    ]


def _field_differences(
    name: str,
    part: GraphQLObjectType | GraphQLInterfaceType,
    whole: GraphQLObjectType | GraphQLInterfaceType,
) -> list[str]:
    interfaces = {interface.name for interface in whole.interfaces}
    problems = [f"{name} is no {own.name} in Saleor." for own in part.interfaces if own.name not in interfaces]
    for field, value in part.fields.items():
        theirs = whole.fields.get(field)
        if theirs is None or str(theirs.type) != str(value.type):
            problems.append(f"{name}.{field}: {value.type} differs from Saleor's {theirs and theirs.type}.")
            continue
        for argument, own in value.args.items():
            other = theirs.args.get(argument)
            if other is None or str(other.type) != str(own.type):
                problems.append(f"{name}.{field}({argument}: {own.type}) differs from Saleor's.")
        problems += [
            f"{name}.{field}({argument}) is required in Saleor."
            for argument, other in theirs.args.items()
            if str(other.type).endswith("!") and argument not in value.args
        ]
    return problems
