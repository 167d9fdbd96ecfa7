"""Random documents over the schema's queries, most of them valid: the two ways to execute one must agree on each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import strategies as st

# What arguments and input fields of these names are filled with, beside what is wrong for their type.
Pools = dict[str, Sequence[Any]]

SCALARS: dict[str, Sequence[Any]] = {
    "String": ["", "phone", "case", "<b>", "\u624b\u673a", "x" * 300],
    "ID": ["", "nobody", "p-PHONE", 7],
    "Int": [0, 1, 2, 4, 8, 16, 24, 50, 101, -1, None],
    "Float": [0, 30.26, -97.74, 91.5],
    "Boolean": [True, False],
    "Decimal": ["0", "19.99", "100", "1e3"],
    "DateTime": ["2026-03-02T16:00:00+00:00"],
}
# Asked more often than the rest, which is refused to most callers: there must be answers to compare.
OPEN_TO_ALL = ["channels", "guidedSearch", "lookupCode", "product", "stores", "typeahead"]
WRONG: Sequence[Any] = [7, "wrong", True, [], {}, None, 2**40, 1.5, "\u0000"]


@dataclass
class Question:
    """A document with its variables."""

    text: str
    variables: dict[str, Any]


@dataclass
class Writer:
    """Writes one document; hypothesis chooses."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    schema: GraphQLSchema
    pools: Pools
    definitions: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    fragments: list[str] = field(default_factory=list)
    names: int = 0

    def question(self) -> Question:
        root = self.schema.query_type
        assert root is not None
        fields = [*sorted(root.fields), *6 * OPEN_TO_ALL]
        chosen = self.draw(st.lists(st.sampled_from(fields), min_size=1, max_size=2, unique=True))
        body = " ".join(self._field(root, name, 4) for name in chosen)
        declared = f"({', '.join(self.definitions)})" if self.definitions else ""
        return Question(f"query Q{declared} {{ {body} }} {' '.join(self.fragments)}", self.variables)

    def _chance(self, percent: int) -> bool:
        return self.draw(st.integers(0, 99)) < percent

    def _pick(self, values: Sequence[Any]) -> Any:
        return self.draw(st.sampled_from(list(values)))

    def _name(self, prefix: str) -> str:
        self.names += 1
        return f"{prefix}{self.names}"

    def _selection(self, type_: GraphQLObjectType, depth: int) -> str:
        composite = {n for n, f in type_.fields.items() if isinstance(get_named_type(f.type), GraphQLObjectType)}
        fields = sorted(set(type_.fields) - composite if depth == 0 else type_.fields)
        chosen = self.draw(st.lists(st.sampled_from([*fields, "__typename"]), min_size=1, max_size=5))
        return " ".join(self._selected(type_, name, depth) for name in chosen)

    def _selected(self, type_: GraphQLObjectType, name: str, depth: int) -> str:
        text = self._field(type_, name, depth)
        match self._pick(["plain", "plain", "plain", "plain", "inline", "untyped", "fragment"]):
            case "inline":
                return f"... on {type_.name}{self._directive()} {{ {text} }}"
            case "untyped":
                return f"...{self._directive()} {{ {text} }}"
            case "fragment":
                fragment = self._name("F")
                self.fragments.append(f"fragment {fragment} on {type_.name} {{ {text} }}")
                return f"...{fragment}{self._directive()}" + (f" ...{fragment}" if self._chance(20) else "")
        return text

    def _field(self, type_: GraphQLObjectType, name: str, depth: int) -> str:
        if name == "__typename":
            return f"{self._name('a')}: __typename" if self._chance(30) else "__typename"
        definition = type_.fields[name]
        given = [
            f"{key}: {self._value(key, argument.type)}"
            for key, argument in definition.args.items()
            if is_non_null_type(argument.type) or self._chance(40)
        ]
        arguments = f"({', '.join(given)})" if given else ""
        # The same field with other arguments needs another name.
        alias = f"{self._name('a')}: " if given or self._chance(20) else ""
        of = get_named_type(definition.type)
        below = f" {{ {self._selection(of, depth - 1)} }}" if isinstance(of, GraphQLObjectType) else ""
        return f"{alias}{name}{arguments}{self._directive()}{below}"

    def _directive(self) -> str:
        if not self._chance(15):
            return ""
        condition = self._pick(["true", "false", "variable"])
        if condition == "variable":
            name = self._name("b")
            default = self._pick(["", " = true", " = false"])
            self.definitions.append(f"${name}: Boolean{'' if default else '!'}{default}")
            if not default or self._chance(50):
                self.variables[name] = self._chance(50)
            condition = f"${name}"
        return f" @{self._pick(['include', 'skip'])}(if: {condition})"

    def _value(self, key: str, type_: Any) -> str:
        """A literal, or a variable that is defined on the way."""
        if not self._chance(50):
            return literal(self.any_value(key, type_), type_)
        name = self._name("v")
        self.definitions.append(f"${name}: {type_}")
        if is_non_null_type(type_) or self._chance(70):
            self.variables[name] = self.any_value(key, type_)
        return f"${name}"

    def any_value(self, key: str, type_: Any) -> Any:
        """A value for an argument or input field of this name, now and then one that is wrong."""
        if self._chance(2):
            return self._pick(WRONG)
        if is_non_null_type(type_):
            return self._present(key, type_.of_type)
        return None if self._chance(5) else self._present(key, type_)

    def _present(self, key: str, type_: Any) -> Any:
        if is_list_type(type_):
            return [self.any_value(key, type_.of_type) for _ in range(self._pick([0, 1, 1, 2]))]
        if isinstance(type_, GraphQLInputObjectType):
            return {
                name: self.any_value(name, each.type)
                for name, each in type_.fields.items()
                if is_non_null_type(each.type) or self._chance(25)
            }
        if isinstance(type_, GraphQLEnumType):
            return self._pick(sorted(type_.values))
        if key in self.pools and not self._chance(10):
            return self._pick(self.pools[key])
        return self._pick([value for value in SCALARS.get(type_.name, ["x"]) if value is not None])


def literal(value: Any, type_: Any) -> str:
    """The value as a document writes it."""
    named = get_named_type(type_)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{', '.join(literal(each, type_) for each in value)}]"
    if isinstance(value, dict):
        fields = getattr(named, "fields", {})
        inner = (f"{key}: {literal(each, fields[key].type if key in fields else type_)}" for key, each in value.items())
        return f"{{{', '.join(inner)}}}"
    if isinstance(value, str) and isinstance(named, GraphQLEnumType):
        return value
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\u0000", "\\u0000")
        return f'"{escaped}"'
    return str(value)


@st.composite
def questions(draw: Callable[[st.SearchStrategy[Any]], Any], schema: GraphQLSchema, pools: Pools) -> Question:
    """Documents with variables."""
    return Writer(draw, schema, pools).question()
