"""What is sent to the core is valid in Saleor's schemas and in the embedded core's, which is a part of them.

Saleor's lie beside the project where it is worked on (see saleor_schemas): elsewhere these tests are skipped.
"""

from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLUnionType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    validate,
    visit,
)
from graphql.execution.values import get_variable_values

from commerce import manifest
from tests.contract.saleor_schemas import VERSIONS, embedded, operation, operations, recorded, saleor

# What the embedded core, which is as 3.23 is, has more than 3.22. Asked for are of these an attribute's name and slug
# alone, which every attribute has; the reason of a price is not sent to a 3.22 (see commerce.versions).
NEW_IN_3_23 = {
    "AccountErrorCode.DISABLED_AUTHENTICATION_METHOD is no value in Saleor.",
    "Attribute.name: String! differs from Saleor's String.",
    "Attribute.slug: String! differs from Saleor's String.",
    "CheckoutErrorCode.PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE is no value in Saleor.",
    "CheckoutLineInput.priceOverrideReason: String differs from Saleor's None.",
    "CheckoutLineUpdateInput.priceOverrideReason: String differs from Saleor's None.",
    "PermissionEnum.MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES is no value in Saleor.",
}


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_is_valid_in_saleor(version: str) -> None:
    assert validate(saleor(version), operations()) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("spec", manifest.WEBHOOKS, ids=lambda spec: spec.name)
def test_every_webhook_of_the_manifest_is_valid_in_saleor(version: str, spec: manifest.WebhookSpec) -> None:
    schema = saleor(version)
    assert validate(schema, parse(spec.query)) == []
    events = schema.type_map["WebhookEventTypeAsyncEnum"]
    permissions = schema.type_map["PermissionEnum"]
    assert isinstance(events, GraphQLEnumType)
    assert isinstance(permissions, GraphQLEnumType)
    assert set(spec.events) <= set(events.values)
    assert set(manifest.PERMISSIONS) <= set(permissions.values)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_was_sent_to_a_running_saleor_is_valid(version: str) -> None:
    """The inputs that the suite fills in, which no document shows. Recorded beside a 3.23."""
    sent = list(recorded())
    assert len(sent) > 100
    if version == "3.22":  # it is not sent the reason, and would refuse it
        refused = {name for name, variables in sent if _wrong_variables(saleor(version), name, variables)}
        assert refused == {"CheckoutBegin"}
        sent = [(name, _without("priceOverrideReason", variables)) for name, variables in sent]
    assert [_wrong_variables(saleor(version), name, variables) for name, variables in sent] == [[] for _one in sent]


def _wrong_variables(schema: GraphQLSchema, name: str, variables: dict[str, Any]) -> list[str]:
    found = get_variable_values(schema, operation(name).variable_definitions or (), variables)
    return [error.message for error in found] if isinstance(found, list) else []


def _without(key: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(key, item) for name, item in value.items() if name != key}
    return [_without(key, item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_read_has_the_types_that_the_client_expects(version: str) -> None:
    """The client is made from the embedded core's schema: a field that may be null elsewhere would break it."""
    ours, theirs = _read(embedded()), _read(saleor(version))
    assert ours.keys() == theirs.keys()
    differing = {field for field, kind in ours.items() if str(theirs[field]) != str(kind)}
    assert differing == ({"Attribute.name", "Attribute.slug"} if version == "3.22" else set())


@pytest.mark.parametrize("version", VERSIONS)
def test_every_value_that_can_be_read_is_known_to_the_client(version: str) -> None:
    """But for the codes of refusals, which are read as they come (see commerce.transport)."""
    named = {get_named_type(kind).name for kind in _read(saleor(version)).values()}
    enums = {name: saleor(version).type_map[name] for name in named if not name.endswith("ErrorCode")}
    unknown = {
        name: theirs.values.keys() - ours.values.keys()
        for name, theirs in enums.items()
        if isinstance(theirs, GraphQLEnumType) and isinstance(ours := embedded().type_map[name], GraphQLEnumType)
    }
    assert unknown.keys() >= {"PermissionEnum", "OrderStatus"}
    assert {name: values for name, values in unknown.items() if values} == {}


def _read(schema: GraphQLSchema) -> dict[str, GraphQLOutputType]:
    """The type of each field that an operation selects."""
    found: dict[str, GraphQLOutputType] = {}
    info = TypeInfo(schema)

    class Reader(Visitor):
        def enter_field(self, node: FieldNode, *_rest: object) -> None:
            parent, kind = info.get_parent_type(), info.get_type()
            assert parent is not None
            assert kind is not None
            found[f"{parent.name}.{node.name.value}"] = kind

    visit(operations(), TypeInfoVisitor(info, Reader()))
    return found


def test_every_operation_is_valid_in_the_embedded_core() -> None:
    assert validate(embedded(), operations()) == []


@pytest.mark.parametrize(("version", "known"), [("3.22", NEW_IN_3_23), ("3.23", set[str]())])
def test_the_embedded_schema_is_a_part_of_saleors(version: str, known: set[str]) -> None:
    problems: list[str] = []
    for name, part in embedded().type_map.items():
        if name.startswith("__"):
            continue
        whole = saleor(version).type_map.get(name)
        if whole is None:
            problems.append(f"{name} does not exist in Saleor.")
        elif type(whole) is not type(part):
            problems.append(f"{name} is a {type(whole).__name__} in Saleor.")
        else:
            problems += _differences(name, part, whole)
    assert set(problems) == known


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
