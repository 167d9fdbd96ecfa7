"""Refinements and the dimensions shown for them: counts of products, exact, each dimension without its own choice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import reduce
from operator import and_, or_
from typing import Literal

from plugins.guided_search import text
from plugins.guided_search.index import VALUES_LIMIT, Dimension, Index

Kind = Literal["TERMS", "HIERARCHY", "RANGE", "BOOLEAN"]

ALWAYS = ("category", "brand", "kind", "price")
IN_STORE = "in_store"
# Attributes that never narrow a choice: they are unique to a product, or shown as a dimension of their own.
_NEVER = frozenset({*ALWAYS, IN_STORE, "released", "fits"})
# Shown first, in this order; other attributes follow, those that most products have first.
_PREFERRED = ("storage", "colour", "ram", "network", "screen_inches", "battery_mah")
ATTRIBUTES_SHOWN = 8
# An attribute is shown when at least this share of the products of the matched kind has it.
_COVERAGE = 0.2

# Lower bounds of the groups that numbers are shown in.
_BUCKETS: Mapping[str, tuple[str, ...]] = {
    "price": ("0", "50", "100", "200", "300", "500", "750", "1000", "1500"),
    "screen_inches": ("0", "5", "5.5", "6", "6.5", "7", "9", "11"),
    "battery_mah": ("0", "2000", "3000", "4000", "5000", "6000", "8000"),
}


@dataclass(frozen=True, slots=True)
class Refinement:
    """A choice in one dimension: any of `values`, and a number within the bounds, both included."""

    dimension: str
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """A value that can be chosen, and how many products it would leave beside the other dimensions' choices."""

    value: str
    count: int
    selected: bool
    label: str = ""
    level: int = 0
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension as shown."""

    name: str
    kind: Kind
    values: list[Value] = field(default_factory=list)
    minimum: Decimal | None = None
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """Numbers from `lower` up to but without `upper`; None is without an end."""

    lower: Decimal
    upper: Decimal | None

    @property
    def value(self) -> str:
        """How it is chosen: "100..200"."""
        return f"{self.lower}..{self.upper if self.upper is not None else ''}"


def buckets(dimension: str) -> list[Bucket]:
    """The groups that the numbers of a dimension are shown in; empty where there are none."""
    bounds = [Decimal(bound) for bound in _BUCKETS.get(dimension, ())]
    return [Bucket(lower, upper) for lower, upper in zip(bounds, [*bounds[1:], None], strict=False)]


class Selection:
    """Matching slots narrowed by refinements, and the facets beside it.

    `live` adds boolean dimensions whose slots are known only now, such as `in_store`.
    """

    def __init__(
        self, index: Index, matching: int, refinements: Sequence[Refinement], live: Mapping[str, int] | None = None
    ) -> None:
        self.index = index
        self.matching = matching
        self.live = live or {}
        self.refinements = {refinement.dimension: refinement for refinement in refinements}
        self._allowed = {name: self._slots(refinement) for name, refinement in self.refinements.items()}
        self.slots = self.beside(None)

    def beside(self, dimension: str | None) -> int:
        """The slots that match the text and everything chosen in the other dimensions."""
        others = (slots for name, slots in self._allowed.items() if name != dimension)
        return reduce(and_, others, self.matching)

    def facets(self) -> list[Facet]:
        """The dimensions to show, the four that always are first."""
        shown = [self._facet(self.index.dimensions[name]) for name in ALWAYS]
        shown += [self._boolean(name) for name in self.live]
        attributes = [self._facet(self.index.dimensions[name]) for name in self._attribute_names()]
        return shown + [facet for facet in attributes if facet.values or facet.minimum is not None]

    def _slots(self, refinement: Refinement) -> int:
        if refinement.dimension in self.live:
            return self.live[refinement.dimension]
        dimension = self.index.dimensions[refinement.dimension]
        slots = self.index.everything
        if refinement.values:
            slots = reduce(or_, (self._value_slots(dimension, value) for value in refinement.values), 0)
        if refinement.minimum is not None or refinement.maximum is not None:
            slots &= dimension.within(refinement.minimum, refinement.maximum)
        return slots

    def _value_slots(self, dimension: Dimension, value: str) -> int:
        if not dimension.numbers:
            return dimension.values.get(value, 0)
        bucket = next((bucket for bucket in buckets(dimension.name) if bucket.value == value), None)
        return _bucket_slots(dimension, bucket) if bucket else dimension.values.get(value, 0)

    def _facet(self, dimension: Dimension) -> Facet:
        beside = self.beside(dimension.name)
        if dimension.numbers or dimension.name == "price":
            return self._range(dimension, beside)
        chosen = self._chosen(dimension.name)
        values = []
        for value, slots in dimension.values.items():
            count = self.index.count(slots & beside)
            if count or value in chosen:
                values.append(self._value(dimension.name, value, count, value in chosen))
        values += [Value(value, 0, True) for value in chosen if value not in dimension.values]
        if dimension.name == "category":
            return Facet("category", "HIERARCHY", _as_tree(values))
        return Facet(dimension.name, "TERMS", sorted(values, key=_by_size_or_count))

    def _value(self, dimension: str, value: str, count: int, selected: bool) -> Value:
        if dimension != "category":
            return Value(value, count, selected)
        node = self.index.categories[value]
        return Value(value, count, selected, node.name, node.level, node.parent)

    def _range(self, dimension: Dimension, beside: int) -> Facet:
        chosen = self._chosen(dimension.name)
        values, known = [], set()
        for bucket in buckets(dimension.name):
            known.add(bucket.value)
            count = self.index.count(_bucket_slots(dimension, bucket) & beside)
            if count or bucket.value in chosen:
                values.append(Value(bucket.value, count, bucket.value in chosen))
        for value in chosen:
            if value not in known:
                values.append(Value(value, self.index.count(dimension.values.get(value, 0) & beside), True))
        least, greatest = dimension.bounds(beside) or (None, None)
        return Facet(dimension.name, "RANGE", values, least, greatest)

    def _boolean(self, name: str) -> Facet:
        count = self.index.count(self.live[name] & self.beside(name))
        return Facet(name, "BOOLEAN", [Value("true", count, name in self.refinements)])

    def _chosen(self, dimension: str) -> tuple[str, ...]:
        refinement = self.refinements.get(dimension)
        return tuple(dict.fromkeys(refinement.values)) if refinement else ()

    def _attribute_names(self) -> list[str]:
        """Attributes of the kind that most matching products are of, and those in which something is chosen."""
        kinds = self.index.dimensions["kind"].values
        main = max(kinds, key=lambda kind: (self.index.count(kinds[kind] & self.slots), kind), default=None)
        of_kind = kinds[main] if main else 0
        enough = self.index.count(of_kind) * _COVERAGE
        coverage = {
            dimension.name: self.index.count(reduce(or_, dimension.values.values(), 0) & of_kind)
            for dimension in self.index.dimensions.values()
            if groups(dimension)
        }
        preferred = [name for name in _PREFERRED if coverage.get(name, 0) > enough]
        others = sorted(
            (name for name, count in coverage.items() if count > enough and name not in preferred),
            key=lambda name: (-coverage[name], name),
        )
        chosen = [name for name in self.refinements if name not in _NEVER]
        shown = [*preferred, *others][:ATTRIBUTES_SHOWN]
        return shown + [name for name in chosen if name not in shown]


def groups(dimension: Dimension) -> bool:
    """Whether an attribute can be a dimension: its values group products, rather than tell them apart."""
    return dimension.name not in _NEVER and (bool(dimension.numbers) or len(dimension.values) <= VALUES_LIMIT)


def _bucket_slots(dimension: Dimension, bucket: Bucket) -> int:
    inside = (
        slots
        for number, slots in dimension.numbers
        if number >= bucket.lower and (bucket.upper is None or number < bucket.upper)
    )
    return reduce(or_, inside, 0)


def _by_size_or_count(value: Value) -> tuple[bool, Decimal, int, str]:
    """Sizes such as "64 GB" and "1 TB" by size, before everything else by count."""
    size = text.size_of(value.value)
    return size is None, size or Decimal(0), -value.count, value.value


def _as_tree(values: Sequence[Value]) -> list[Value]:
    """Parents before children, siblings by count."""
    by_parent: dict[str | None, list[Value]] = {}
    for value in sorted(values, key=lambda value: (-value.count, value.label)):
        by_parent.setdefault(value.parent, []).append(value)
    ordered: list[Value] = []
    waiting = list(reversed(by_parent.get(None, [])))
    while waiting:
        value = waiting.pop()
        ordered.append(value)
        waiting += reversed(by_parent.pop(value.value, []))
    # A chosen category without any product stands alone: its parent is not shown.
    return ordered + [value for value in values if value not in ordered]
