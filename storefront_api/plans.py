"""Plans: a valid query compiled once into functions that walk straight through the resolvers' results.

graphql-core spends about 3.5 microseconds on every field of every request; a plan knows types, names and arguments
beforehand. It gives the answers of graphql-core and no errors: where an answer is not plain (a resolver refuses, a
value is null that must not be, a type is unexpected) it raises, and the request is executed again by graphql-core,
which says what is wrong in its own words. Queries may be executed twice, since they change nothing; of mutations
only those have plans that say so (`kernel.reuse.Answer.is_repeatable`).

What is included or skipped by a directive is decided by graphql-core too, once for each combination of the variables
that directives name: each combination has a variant of the plan.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    get_argument_values,
    get_variable_values,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
    visit,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.values import VariableValues
from graphql.language import DirectiveNode
from strawberry.types.field import StrawberryField

from kernel.reuse import ANSWER, Answer, Reuse
from storefront_api.completion import Completer, UnplannedError, UnsupportedError, leaf, listed, nullable
from storefront_api.context import Context
from storefront_api.inputs import converter
from storefront_api.reused import reusing
from storefront_api.schema import Schema
from storefront_api.selections import Resolve, Resolver, Selected, Selection

# These count attempts: to execute them twice is to count twice.
NEVER_PLANNED = {"Query.orderByNumber"}
# Combinations of a few switches; a document with more is left to graphql-core.
MAX_VARIANTS = 16


@dataclass(frozen=True, slots=True)
class _RawInfo:
    """As much of graphql-core's information as resolvers use. For one that asks more there is no plain answer."""

    context: object


@dataclass(frozen=True, slots=True)
class _Root:
    """A root field: what is known of its answer, and its arguments."""

    answer: Answer
    arguments: Callable[["Question"], dict[str, Any]] | None

    def given(self, question: "Question") -> dict[str, Any]:
        return self.arguments(question) if self.arguments else {}


@dataclass(frozen=True, slots=True)
class _Variant:
    select: Resolve
    roots: tuple[_Root, ...]


class Plan:
    """One operation of a valid document. Whatever its methods raise means that graphql-core is to be asked."""

    def __init__(
        self, schema: Schema, document: DocumentNode, operation: OperationDefinitionNode, *, reuses: bool = False
    ) -> None:
        """`reuses`: its objects may be answered from memory. For free documents that would be a waste of it."""
        if operation.operation is OperationType.SUBSCRIPTION:
            raise UnsupportedError("nothing is subscribed to")
        self.is_mutation = operation.operation is OperationType.MUTATION
        self._schema = schema
        self._operation = operation
        self._reuses = reuses
        self._fragments = {
            definition.name.value: FragmentDetails(definition)
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }
        switches = _Switches()
        visit(document, switches)
        self._switches = sorted(switches.names)
        self._variants: dict[tuple[Any, ...], _Variant] = {}

    def start(self, variables: Mapping[str, Any], context: Context) -> "Run":
        """Read the variables; compiles the variant that they ask for when it is the first time."""
        return self.question(variables).run(context)

    def question(self, variables: Mapping[str, Any]) -> "Question":
        """What is asked with these variables; compiles the variant that they ask for when it is the first time."""
        values = self._values(variables)
        return Question(self._variant(values), values)

    def question_compiled(self, variables: Mapping[str, Any]) -> "Question | None":
        """As `question`, for the event loop: None when something would have to be compiled."""
        values = self._values(variables)
        variant = self._variants.get(self._key(values))
        return Question(variant, values) if variant else None

    def _values(self, variables: Mapping[str, Any]) -> VariableValues:
        declared = self._operation.variable_definitions or ()
        values = get_variable_values(self._schema.core, declared, dict(variables), max_errors=1)
        if isinstance(values, list):
            raise UnplannedError("a variable has a wrong value")
        return values

    def _key(self, variables: VariableValues) -> tuple[Any, ...]:
        return tuple(variables.coerced.get(name) for name in self._switches)

    def _variant(self, variables: VariableValues) -> _Variant:
        key = self._key(variables)
        found = self._variants.get(key)
        if found is None:
            if len(self._variants) >= MAX_VARIANTS:
                raise UnplannedError("the document has too many variants")
            compiler = _Compiler(self._schema, self._operation, self._fragments, variables, reuses=self._reuses)
            found = compiler.variant()
            self._variants[key] = found
        return found


@dataclass(slots=True)
class Question:
    """A variant with its variables, which are read once. Whoever asks the same may share it."""

    variant: _Variant
    variables: VariableValues
    # What graphql-core made of the arguments, by the number of their field.
    coerced: dict[int, dict[str, Any]] = field(default_factory=dict)
    _given: list[tuple[Answer, dict[str, Any]]] | None = None

    def in_memory(self) -> bool:
        """True when the answer needs nothing that has to be waited for."""
        return all(answer.in_memory(given) for answer, given in self._roots())

    def versions(self, language: str) -> Hashable | None:
        """What the answer in this language depends on beside the request's own; None when that is not known."""
        found = tuple([answer.versions(given, language) for answer, given in self._roots()])
        return None if None in found else found

    def again(self, language: str) -> None:
        """The answer was given without being made."""
        for answer, given in self._roots():
            answer.again(given, language)

    def run(self, context: Context) -> "Run":
        """Ask it. Resolvers get arguments of their own."""
        return Run(self, context)

    def _roots(self) -> list[tuple[Answer, dict[str, Any]]]:
        if self._given is None:
            self._given = [(root.answer, root.given(self)) for root in self.variant.roots]
        return self._given


@dataclass(slots=True)
class Run:
    """One execution of a plan."""

    question: Question
    context: Context
    # What resolvers are told, by the number of their field.
    infos: dict[int, Any] = field(default_factory=dict)

    def answer(self) -> bytes:
        """The response's body."""
        return orjson.dumps({"data": self.question.variant.select(None, self)}, option=_AS_DJANGO)


# What Django would write in another way is not written: graphql-core's answer is.
_AS_DJANGO = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


class _Switches(Visitor):
    """Finds the variables of @include and @skip."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_args: object) -> None:
        if node.name.value not in ("include", "skip"):
            raise UnsupportedError(f"@{node.name.value}")
        self.names |= {each.value.name.value for each in node.arguments or () if isinstance(each.value, VariableNode)}


def _require_repeatable(root: GraphQLObjectType, grouped: GroupedFieldSet) -> None:
    """One mutation, which may be executed again. Raises UnsupportedError for all others."""
    for details in grouped.values():
        definition = root.fields.get(details[0].node.name.value)
        own = definition.extensions["strawberry-definition"] if definition else None
        if len(grouped) > 1 or own is None or not own.metadata.get(ANSWER, Answer()).is_repeatable:
            raise UnsupportedError("a mutation must not be executed again")


class _Compiler:
    """Compiles one variant. `variables` decide what is included; arguments are read anew in each run."""

    def __init__(
        self,
        schema: Schema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDetails],
        variables: VariableValues,
        *,
        reuses: bool,
    ) -> None:
        self.reuses = reuses
        self.schema, self.operation, self.fragments, self.variables = schema, operation, fragments, variables
        self.fields_with_arguments = self.fields_resolved = self.variable_arguments = 0
        self.roots: list[_Root] = []
        self.root_fields: dict[str, GraphQLField] = {}

    def variant(self) -> _Variant:
        root = self.schema.core.get_root_type(self.operation.operation)
        if root is None:
            raise UnsupportedError("there is nothing of this kind")
        self.root_fields = root.fields
        collected = collect_fields(self.schema.core, self.fragments, self.variables, root, self.operation)
        if self.operation.operation is OperationType.MUTATION:
            _require_repeatable(root, collected.grouped_field_set)
        select = self._selection(root, collected.grouped_field_set, no_object=(Exception,))
        return _Variant(select.one, tuple(self.roots))

    def _selection(
        self,
        type_: GraphQLObjectType,
        grouped: GroupedFieldSet,
        no_object: tuple[type, ...] = (Exception, type(None)),
    ) -> Selected:
        if type_.is_type_of is not None:
            raise UnsupportedError(f"{type_.name} tells its objects at run time")
        selection = Selection(no_object)
        for key, details in grouped.items():
            node = details[0].node
            name = node.name.value
            if name == "__typename":
                selection.add_constant(key, type_.name)
                continue
            definition = type_.fields.get(name)
            if definition is None or f"{type_.name}.{name}" in NEVER_PLANNED:
                raise UnsupportedError(f"{type_.name}.{name}")
            own: StrawberryField = definition.extensions["strawberry-definition"]
            completer = self._completer(definition.type, details)
            if own.is_basic_field:
                selection.add_attribute(key, own.python_name, completer)
            else:
                selection.add_resolved(key, self._resolver(own, definition, node), completer)
        return selection.compiled()

    def _completer(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Completer:
        if is_non_null_type(type_):
            return self._present(type_.of_type, details)
        return nullable(self._present(type_, details))

    def _present(self, type_: GraphQLOutputType, details: list[FieldDetails]) -> Completer:
        """For values that are not null; null is no answer of theirs."""
        if is_list_type(type_):
            return listed(self._completer(type_.of_type, details))
        if is_leaf_type(type_):
            return leaf(type_)
        if not is_object_type(type_):
            raise UnsupportedError(f"{type_} is abstract")
        collected = collect_subfields(self.schema.core, self.fragments, self.variables, self.operation, type_, details)
        before = self.variable_arguments
        select = self._selection(type_, collected.grouped_field_set)
        varies = self.variable_arguments > before
        once = None if varies else self._reusing(select.one, type_, collected.grouped_field_set)
        return Completer(once) if once else Completer(select.one, complete_all=select.all)

    def _reusing(self, select: Resolve, type_: GraphQLObjectType, grouped: GroupedFieldSet) -> Resolve | None:
        """Answers an object once, if its type says what these fields depend on; else None."""
        reuse = getattr(type_.extensions["strawberry-definition"].origin, "reuse", None)
        if not self.reuses or not isinstance(reuse, Reuse):
            return None
        names = {details[0].node.name.value for details in grouped.values()} - {"__typename"}
        fields = {type_.fields[name].extensions["strawberry-definition"].python_name for name in names}
        if not fields <= reuse.fields | reuse.also.keys():
            return None
        return reusing(select, reuse, fields, _AS_DJANGO)

    def _resolver(self, own: StrawberryField, definition: GraphQLField, node: FieldNode) -> Resolver:
        resolver = own.base_resolver
        if resolver is None or own.extensions or own.is_async or own.is_subscription or self.schema.exception_handlers:
            raise UnsupportedError(f"{own.python_name} is resolved in a way of its own")
        function = resolver.wrapped_func
        if not callable(function):
            raise UnsupportedError(f"{own.python_name} is resolved by a descriptor")
        takes_self = resolver.self_parameter is not None
        as_keyword = [each.name for each in (resolver.parent_parameter, resolver.root_parameter) if each]
        info_name = resolver.info_parameter.name if resolver.info_parameter else None
        info = self._info(own)
        arguments = self._arguments(own, definition, node)
        if definition is self.root_fields.get(node.name.value):
            self.roots.append(_Root(own.metadata.get(ANSWER, Answer()), arguments))

        if takes_self and not (arguments or as_keyword or info_name):
            return Resolver(function, is_method=True)

        def resolve(source: Any, run: Run) -> Any:
            keywords = arguments(run.question) if arguments else {}
            for name in as_keyword:
                keywords[name] = source
            if info_name:
                keywords[info_name] = info(run)
            return function(source, **keywords) if takes_self else function(**keywords)

        return Resolver(resolve)

    def _arguments(
        self, own: StrawberryField, definition: GraphQLField, node: FieldNode
    ) -> Callable[[Question], dict[str, Any]] | None:
        """Reads a field's arguments: by graphql-core once in a question, as Strawberry's inputs for each call."""
        if not definition.args:
            return None
        number = self.fields_with_arguments
        self.fields_with_arguments += 1
        self.variable_arguments += sum(_names_variable(argument) for argument in node.arguments or ())
        convert = converter(self.schema, own.arguments)

        def read(question: Question) -> dict[str, Any]:
            coerced = question.coerced.get(number)
            if coerced is None:
                coerced = question.coerced[number] = get_argument_values(definition, node, question.variables)
            return convert(coerced)

        return read

    def _info(self, own: StrawberryField) -> Callable[[Run], Any]:
        number = self.fields_resolved
        self.fields_resolved += 1
        made = self.schema.config.info_class

        def info(run: Run) -> Any:
            found = run.infos.get(number)
            if found is None:
                found = run.infos[number] = made(_raw_info=cast(Any, _RawInfo(run.context)), _field=own)
            return found

        return info


def _names_variable(argument: ArgumentNode) -> bool:
    visitor = _Variables()
    visit(argument, visitor)
    return visitor.found


class _Variables(Visitor):
    """Finds out whether there is a variable."""

    found = False

    def enter_variable(self, *_args: object) -> None:
        self.found = True
