"""What of Saleor's public GraphQL schemas the suite touches, kept as data: so every run of the tests can compare.

    python -m tests.contract.saleor_schemas FOLDER      writes saleor/schema-*.graphql from FOLDER's whole schemas

Kept are the types and fields that the suite's documents, its recorded variables or the embedded core name, and what
Saleor requires beside them; descriptions are left out. Whole schemas are as Saleor publishes them (BSD 3-Clause, see
saleor/LICENSE), in files of the same names.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DirectiveDefinitionNode,
    DirectiveNode,
    DocumentNode,
    EnumValueDefinitionNode,
    FieldDefinitionNode,
    FieldNode,
    GraphQLInputObjectType,
    GraphQLNamedType,
    GraphQLSchema,
    InputValueDefinitionNode,
    NamedTypeNode,
    Node,
    OperationDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    VisitorAction,
    build_ast_schema,
    build_schema,
    get_named_type,
    is_required_argument,
    is_required_input_field,
    parse,
    print_ast,
    type_from_ast,
    visit,
)

from commerce import manifest
from tests.contract import recording

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).resolve().parent / "saleor"
WHOLE = ROOT.parent / "shared" / "saleor"
VERSIONS = ("3.22", "3.23")
# Asked for by name, in the manifest: no document mentions them.
NAMED = ("WebhookEventTypeAsyncEnum",)

_HEADER = """# A part of Saleor's public GraphQL schema, as tests/contract/saleor_schemas.py leaves it.
# Copyright (c) Saleor Commerce, BSD 3-Clause: see LICENSE beside this file.

"""

Wanted = dict[str, set[str]]
"""By a type's name those of its fields, and as "field(argument)" of their arguments."""


@cache
def kept(version: str) -> GraphQLSchema:
    """The part of the version's schema that is in the repository."""
    return build_schema((FOLDER / f"schema-{version}.graphql").read_text(), assume_valid=True)


@cache
def embedded() -> GraphQLSchema:
    """The embedded core's schema."""
    return build_schema((ROOT / "embedded_core" / "schema.graphql").read_text())


@cache
def operations() -> DocumentNode:
    """Every operation that the suite sends to the core."""
    files = sorted((ROOT / "commerce" / "operations").glob("*.graphql"))
    return parse("\n".join(file.read_text() for file in files))


def documents() -> list[DocumentNode]:
    """The operations, and the queries by which the App subscribes to events."""
    return [operations(), *(parse(spec.query) for spec in manifest.WEBHOOKS)]


def recorded() -> Iterator[tuple[str, dict[str, Any]]]:
    """Operation and variables of each exchange that was recorded with a running Saleor."""
    for file in sorted(recording.FOLDER.glob("test_*.json")):
        for exchange in json.loads(file.read_text())["exchanges"]:
            yield exchange["operation"], exchange["variables"]


def operation(name: str) -> OperationDefinitionNode:
    """The operation of this name."""
    found = [node for node in operations().definitions if isinstance(node, OperationDefinitionNode)]
    return next(node for node in found if node.name and node.name.value == name)


class _Collector(Visitor):
    """Notes what a document names."""

    def __init__(self, info: TypeInfo, wanted: Wanted) -> None:
        super().__init__()
        self._info, self._wanted = info, wanted

    def enter_field(self, node: FieldNode, *_rest: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is not None:
            name = node.name.value
            self._wanted[parent.name] |= {
                name,
                *(f"{name}({argument.name.value})" for argument in node.arguments or ()),
            }

    def enter_selection_set(self, *_rest: Any) -> None:
        parent = self._info.get_parent_type()
        if parent is not None:
            self._wanted[parent.name] |= set()


def selected(schema: GraphQLSchema, told: list[DocumentNode]) -> Wanted:
    """The fields and arguments that the documents name, by type."""
    wanted: Wanted = defaultdict(set)
    for document in told:
        info = TypeInfo(schema)
        visit(document, TypeInfoVisitor(info, _Collector(info, wanted)))
    return wanted


def prune(source: str) -> str:
    """The part of a whole schema (as text) that the suite touches."""
    document = parse(source, no_location=True)
    whole = build_ast_schema(document, assume_valid=True)
    wanted = selected(whole, documents())
    for name, part in embedded().type_map.items():
        if not name.startswith("__") and name in whole.type_map:
            wanted[name] |= _all_of(part)
    for name, variables in recorded():
        for variable in operation(name).variable_definitions or ():
            kind = type_from_ast(whole, variable.type)  # type: ignore[arg-type]
            _want_value(get_named_type(kind), variables.get(variable.variable.name.value), wanted)
    for name in NAMED:
        wanted[name] |= set()
    _close(whole, wanted)
    left: DocumentNode = visit(document, _Cutter(wanted))
    # By name, so that two versions can be compared by eye.
    return _HEADER + "\n\n".join(sorted(print_ast(node) for node in left.definitions)) + "\n"


def _all_of(part: GraphQLNamedType) -> set[str]:
    names: set[str] = set()
    for name, field in getattr(part, "fields", {}).items():
        names |= {name, *(f"{name}({argument})" for argument in getattr(field, "args", {}))}
    return names


def _want_value(kind: GraphQLNamedType, value: Any, wanted: Wanted) -> None:
    """Note the fields of the inputs that a value fills in."""
    if isinstance(value, list):
        for item in value:
            _want_value(kind, item, wanted)
    elif isinstance(kind, GraphQLInputObjectType) and isinstance(value, dict):
        for name, item in value.items():
            wanted[kind.name].add(name)
            if name in kind.fields:
                _want_value(get_named_type(kind.fields[name].type), item, wanted)


def _close(whole: GraphQLSchema, wanted: Wanted) -> None:
    """Add what Saleor requires, what interfaces promise, and the types of everything."""
    todo = list(wanted)
    while todo:
        name = todo.pop()
        kind = whole.type_map[name]
        fields = getattr(kind, "fields", {})
        for interface in getattr(kind, "interfaces", ()):
            wanted[name] |= wanted.get(interface.name, set())
        if isinstance(kind, GraphQLInputObjectType):
            wanted[name] |= {field for field, value in fields.items() if is_required_input_field(value)}
        if fields and not wanted[name] & fields.keys():
            wanted[name].add(next(iter(fields)))  # a type has at least one
        reached = []
        for field in wanted[name] & fields.keys():
            reached.append(fields[field].type)
            for argument, value in getattr(fields[field], "args", {}).items():
                if is_required_argument(value) or f"{field}({argument})" in wanted[name]:
                    wanted[name].add(f"{field}({argument})")
                    reached.append(value.type)
        for found in {get_named_type(one).name for one in reached} - wanted.keys():
            wanted[found] = set()
            todo.append(found)


class _Cutter(Visitor):
    """Takes away what is not wanted of a whole schema."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__()
        self._wanted, self._names, self._field = wanted, set[str](), ""

    def enter(self, node: Node, _key: Any, _parent: Any, path: list[Any], _ancestors: Any) -> VisitorAction:
        if isinstance(node, DirectiveNode | DirectiveDefinitionNode | SchemaDefinitionNode):
            return REMOVE
        if isinstance(node, NamedTypeNode):
            members = path[-2] in ("interfaces", "types")
            return REMOVE if members and node.name.value not in self._wanted else None
        if not isinstance(
            node, TypeDefinitionNode | FieldDefinitionNode | InputValueDefinitionNode | EnumValueDefinitionNode
        ):
            return None
        return replace(node, description=None) if self._is_wanted(node, path) else REMOVE

    def _is_wanted(self, node: Any, path: list[Any]) -> bool:
        name = node.name.value
        if isinstance(node, TypeDefinitionNode):
            self._names = self._wanted.get(name, set())
            return name in self._wanted
        if isinstance(node, FieldDefinitionNode):
            self._field = name
        elif isinstance(node, InputValueDefinitionNode) and "arguments" in path:
            name = f"{self._field}({name})"
        return isinstance(node, EnumValueDefinitionNode) or name in self._names


def main(folder: Path) -> None:
    """Write both."""
    for version in VERSIONS:
        (FOLDER / f"schema-{version}.graphql").write_text(prune((folder / f"schema-{version}.graphql").read_text()))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
