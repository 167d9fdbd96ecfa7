"""What a document may ask for at most.

`check_shape` runs before validation, because validation compares fields pair by pair: a document of a few kilobytes
could keep it busy for seconds. `cost` runs before execution and counts the values that the answer may hold, from the
sizes below and the pages that are asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_list_type,
    value_from_ast_untyped,
)

from kernel.errors import ApiError
from storefront_api.errors import BAD_REQUEST, TOO_COMPLEX

MAX_TOKENS = 3000
# Levels of selections. The introspection query of GraphiQL has 15.
MAX_DEPTH = 15
MAX_ALIASES = 30
# Fields after fragments are spread, in all operations and fragments together.
MAX_FIELDS = 1500
# Fields asked for again under the same name at the same place: validation compares each pair of them.
MAX_REPEATS = 50
MAX_FRAGMENTS = 50
# A register's catalogue, 1,000 articles at once, is 42,000.
MAX_COST = 45_000

# How many entries lists usually have at most; a page's list has as many as the page.
SIZES = {
    "BundleCharacteristic.choices": 3,
    "BundleGroup.options": 20,
    "BundleOffer.groups": 6,
    "BundleOffer.terms": 4,
    "BundleOption.characteristics": 1,
    "Cart.bundles": 3,
    "Cart.deliveries": 3,
    "Cart.lines": 20,
    "Dimension.values": 25,
    "GuidedSearchResult.breadcrumbs": 6,
    "GuidedSearchResult.dimensions": 15,
    "GuidedSearchResult.spotlights": 2,
    "Order.bundles": 3,
    "Order.lines": 20,
    "Order.pickups": 3,
    "PickupOption.slots": 12,
    "Product.attributes": 15,
    "Product.variants": 6,
    "ProductAttribute.values": 3,
    "QualificationItem.alternates": 3,
    "QualificationItem.reasons": 2,
    "ServiceQualification.items": 4,
    "ProductVariant.attributes": 4,
    "Spotlight.products": 12,
    "Store.hours": 10,
    "Typeahead.categories": 4,
}
OTHER_LISTS = 10
# Arguments that say how long a page is; beyond the largest page they are refused where they are read.
PAGES = ("first", "limit", "input.first")
LARGEST_PAGE = 100
LARGEST_PAGES = {"Query.posCatalogue": 1000}
# Lists that are as long as a list that is given.
GIVEN = {"Query.availability": "skus"}


def check_shape(document: DocumentNode) -> None:
    """Refuse with ApiError what is too deep, too wide or too repetitive to be validated."""
    fragments = _fragments(document)
    if len(fragments) > MAX_FRAGMENTS:
        raise _too_much(_("The document has more than %(max)s fragments."), MAX_FRAGMENTS)
    shape = _Shape(fragments)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            shape.walk([definition.selection_set], depth=1)
    if shape.aliases > MAX_ALIASES:
        raise _too_much(_("The document has more than %(max)s aliases."), MAX_ALIASES)
    # Validation looks at each fragment by itself too, those that nobody uses included.
    for fragment in fragments.values():
        shape.walk([fragment.selection_set], depth=1)


def cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> int:
    """How many values the answer to a valid document may hold."""
    root = schema.get_root_type(operation.operation)
    return _Cost(document, operation, variables).of(operation.selection_set, root) if root else 0


def check_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> None:
    """Refuse with TOO_COMPLEX what would answer too much at once."""
    if cost(schema, document, operation, variables) > MAX_COST:
        message = _("The answer could hold more than %(max)s values: ask for fewer entries or fields at once.")
        raise ApiError(TOO_COMPLEX, message, params={"max": MAX_COST})


class _Shape:
    """Walks fields as validation will see them: fragments spread, equal names at one place together."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self.fragments = fragments
        self.fields = self.repeats = self.aliases = 0

    def walk(self, selection_sets: Iterable[SelectionSetNode], depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _too_much(_("The document is nested deeper than %(max)s levels."), MAX_DEPTH)
        together: dict[str, list[FieldNode]] = {}
        for selection_set in selection_sets:
            self._collect(selection_set, together, set())
        for nodes in together.values():
            self.repeats += len(nodes) - 1
            if self.repeats > MAX_REPEATS:
                raise _too_much(_("The document asks more than %(max)s times for the same field again."), MAX_REPEATS)
            if below := [node.selection_set for node in nodes if node.selection_set]:
                self.walk(below, depth + 1)

    def _collect(self, selection_set: SelectionSetNode, together: dict[str, list[FieldNode]], spread: set[str]) -> None:
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                self.fields += 1
                self.aliases += selection.alias is not None
                if self.fields > MAX_FIELDS:
                    raise _too_much(_("The document has more than %(max)s fields."), MAX_FIELDS)
                together.setdefault((selection.alias or selection.name).value, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                self._collect(selection.selection_set, together, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                if fragment := self.fragments.get(selection.name.value):
                    self._collect(fragment.selection_set, together, spread)


class _Cost:
    def __init__(
        self, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> None:
        self.fragments = _fragments(document)
        defaults = {
            definition.variable.name.value: value_from_ast_untyped(definition.default_value)
            for definition in operation.variable_definitions or ()
            if definition.default_value
        }
        self.variables: dict[str, Any] = {**defaults, **variables}

    def of(self, selection_set: SelectionSetNode, parent: GraphQLObjectType, page: int | None = None) -> int:
        """One for each value; `page` is how long lists of this object are that have no size of their own."""
        return sum(self._field(node, parent, page) for node in self._fields(selection_set, set()))

    def _fields(self, selection_set: SelectionSetNode, spread: set[str]) -> Iterator[FieldNode]:
        """Each fragment is spread once, as in execution: spread in one another they could go on for ever."""
        for selection in selection_set.selections:
            if isinstance(selection, FieldNode):
                yield selection
            elif isinstance(selection, InlineFragmentNode):
                yield from self._fields(selection.selection_set, spread)
            elif isinstance(selection, FragmentSpreadNode) and selection.name.value not in spread:
                spread.add(selection.name.value)
                yield from self._fields(self.fragments[selection.name.value].selection_set, spread)

    def _field(self, node: FieldNode, parent: GraphQLObjectType, page: int | None) -> int:
        field = parent.fields.get(node.name.value)
        if field is None:
            return 1  # Introspection: bounded by the schema and the depth.
        name = f"{parent.name}.{node.name.value}"
        own = self._page(node, field, LARGEST_PAGES.get(name, LARGEST_PAGE))
        size = self._size(name, node, own, page) if is_list_type(get_nullable_type(field.type)) else 1
        type_ = get_named_type(field.type)
        below = 0
        if node.selection_set and isinstance(type_, GraphQLObjectType):
            below = self.of(node.selection_set, type_, own)
        return 1 + size * below

    def _size(self, name: str, node: FieldNode, own: int | None, page: int | None) -> int:
        if name in GIVEN:
            given = self._argument(node, GIVEN[name])
            return min(len(given), LARGEST_PAGE) if isinstance(given, list) else 1
        if own is not None:
            return own
        return SIZES.get(name) or (OTHER_LISTS if page is None else page)

    def _page(self, node: FieldNode, field: GraphQLField, largest: int) -> int | None:
        """The length of the page that the field is asked for; None when it has none."""
        for path in PAGES:
            found, default = _argument_default(field.args, path)
            if found:
                value = self._argument(node, path)
                value = default if value is Undefined else value
                return max(0, min(value, largest)) if isinstance(value, int) else largest
        return None

    def _argument(self, node: FieldNode, path: str) -> Any:
        name, *keys = path.split(".")
        for argument in node.arguments or ():
            if argument.name.value == name:
                value = value_from_ast_untyped(argument.value, self.variables)
                for key in keys:
                    value = value.get(key, Undefined) if isinstance(value, dict) else Undefined
                return value
        return Undefined


def _argument_default(arguments: Mapping[str, GraphQLArgument], path: str) -> tuple[bool, Any]:
    name, *keys = path.split(".")
    argument: Any = arguments.get(name)
    for key in keys:
        type_ = get_named_type(argument.type) if argument else None
        argument = type_.fields.get(key) if isinstance(type_, GraphQLInputObjectType) else None
    return (argument is not None, getattr(argument, "default_value", Undefined))


def _fragments(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    return {
        definition.name.value: definition
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }


def _too_much(message: Promise, most: int) -> ApiError:
    return ApiError(BAD_REQUEST, message, params={"max": most})
