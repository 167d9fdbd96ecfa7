"""Refinements and the dimensions shown for them: counts of products, exact, each dimension without its own choice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import text
from plugins.guided_search.columns import ALWAYS, Dimension, chosen, interval
from plugins.guided_search.documents import Kind
from plugins.guided_search.index import Index
from plugins.guided_search.postings import Masks, Rows

# Shown first, in this order; other attributes follow, those that most products have first.
_PREFERRED = ("storage", "colour", "ram", "network", "screen_inches", "battery_mah")
ATTRIBUTES_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Refinement:
    """A choice in one dimension: any of `values`, and a number within the bounds, both included."""

    dimension: str
    values: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    @property
    def narrows(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.values) or self.minimum is not None or self.maximum is not None


@dataclass(slots=True)
class Value:
    """A value that can be chosen, and how many products it would leave beside the other dimensions' choices."""

    value: str
    count: int
    selected: bool
    label: str = ""
    level: int = 0
    parent: str | None = None
    # Its number in the index; 0 when no product has it.
    number: int = 0


@dataclass(frozen=True, slots=True)
class Facet:
    """A dimension as shown."""

    name: str
    kind: Kind
    values: list[Value] = field(default_factory=list)
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Selection:
    """Matching rows narrowed by refinements, and the facets beside it.

    `masks` are the variants that match, None for all of them. `live` adds boolean dimensions whose variants are known
    only now, such as `in_store`: a mask by row of the index.
    """

    def __init__(
        self,
        index: Index,
        rows: Rows,
        refinements: Sequence[Refinement],
        *,
        masks: Masks | None = None,
        live: Mapping[str, Masks] | None = None,
    ) -> None:
        self.index, self.candidates, self.live = index, rows, live or {}
        self.refinements = {item.dimension: item for item in refinements if item.narrows}
        self._masks = masks
        self._allowed = {name: self._allowed_by(item) for name, item in self.refinements.items()}
        # Which candidates are left; None when all are.
        self.places, self._left = self._beside(None)
        self.rows: Rows = rows[self.places] if self.places is not None else rows
        self._counts: NDArray[np.intp] = np.zeros(0, np.intp)

    def _beside(self, dimension: str | None) -> tuple[NDArray[np.intp] | None, Masks | None]:
        """Places of candidates that satisfy all other dimensions (None: all), and their variants (None: all)."""
        masks = self._masks
        for name, allowed in self._allowed.items():
            if name != dimension:
                masks = allowed if masks is None else masks & allowed
        if masks is None:
            return None, None
        inside = masks & self.index.valid[self.candidates]
        places = np.flatnonzero(inside)
        # A choice among whole products needs no more thought about variants.
        left = inside[places]
        whole = bool((left == self.index.valid[self.candidates[places]]).all())
        return places, None if whole else left

    def _at(self, dimension: str) -> tuple[Rows, Masks | None]:
        if dimension not in self._allowed:
            return self.rows, self._left
        places, left = self._beside(dimension)
        return (self.candidates if places is None else self.candidates[places]), left

    def _allowed_by(self, refinement: Refinement) -> Masks:
        """The variants of each candidate that this choice allows."""
        if refinement.dimension in self.live:
            return self.live[refinement.dimension][self.candidates]
        dimension = self.index.columns.dimensions[refinement.dimension]
        allowed: Masks | None = None
        if refinement.values:
            # Groups of numbers and numbers themselves are alternatives to each other.
            grouped = self._with_values(dimension.groups, refinement.values) if dimension.groups else np.uint64(0)
            allowed = self._with_values(dimension, refinement.values) | grouped
        if refinement.minimum is not None or refinement.maximum is not None:
            low, high = interval(refinement.minimum, refinement.maximum)
            numbers = self.index.columns.scaled[self._codes(dimension)]
            inside = self._reduced(dimension, (numbers >= low) & (numbers <= high))
            allowed = inside if allowed is None else allowed & inside
        assert allowed is not None
        return allowed

    def _codes(self, dimension: Dimension) -> NDArray[np.int32]:
        return self.index.columns.codes[self.candidates, dimension.columns]

    def _with_values(self, dimension: Dimension, values: Iterable[str]) -> Masks:
        numbers = [dimension.values[value] for value in values if value in dimension.values]
        if not numbers or not dimension.width:
            return np.zeros(len(self.candidates), np.uint64)
        codes = self._codes(dimension)
        hit = codes == numbers[0] if len(numbers) == 1 else chosen(numbers, len(self.index.columns.values))[codes]
        return self._reduced(dimension, hit)

    def _reduced(self, dimension: Dimension, hit: NDArray[np.bool_]) -> Masks:
        masks = self.index.columns.masks[self.candidates, dimension.columns]
        kept = masks * hit
        return kept[:, 0] if kept.shape[1] == 1 else np.bitwise_or.reduce(kept, axis=1)

    def total(self) -> int:
        """How many products are left."""
        return len(self.rows)

    @cached_property
    def kinds(self) -> NDArray[np.intp]:
        """How many products of each kind are left."""
        return np.bincount(self.index.kind[self.rows], minlength=max(1, len(self.index.kinds)))

    def attribute_names(self) -> list[str]:
        """Attributes that enough products of the kind that most products left are of have, those of most first; and
        those in which something is chosen."""
        kinds = self.index.kinds
        # Not those whose last product is gone.
        alive = [number for number, kind in enumerate(kinds) if kind in self.index.attributes]
        main = max(alive, key=lambda number: (self.kinds[number], kinds[number]), default=None)
        # With nothing left, what the text matches still tells which choices there are.
        found = self.index.attributes[kinds[main]] if main is not None else []
        return [*found, *(name for name in self.refinements if name not in (*ALWAYS, *self.live, *found))]

    def facets(self, names: Sequence[str] | None = None, keep_empty: Collection[str] = ()) -> list[Facet]:
        """The dimensions to show, in order; `names` default to the four that always are, live ones, and attributes.

        Values of the dimensions `keep_empty` stay when no product has them.
        """
        wanted = self._usual() if names is None else names
        self._count_together(wanted)
        return [facet for name in wanted if (facet := self._facet(name, name in keep_empty)) is not None]

    def _usual(self) -> list[str]:
        found = self.attribute_names()
        preferred = [name for name in _PREFERRED if name in found]
        attributes = [*preferred, *(name for name in found if name not in preferred)][:ATTRIBUTES_SHOWN]
        return [
            *ALWAYS,
            *self.live,
            *dict.fromkeys((*attributes, *(name for name in found if name in self.refinements))),
        ]

    def _facet(self, name: str, keep_empty: bool) -> Facet | None:
        if name in self.live:
            return self._boolean(name)
        dimension = self.index.columns.dimensions.get(name)
        if dimension is None:
            return None
        if dimension.groups is not None:
            return self._range(dimension, keep_empty)
        counts = self._count(dimension, dimension)
        picked = self._chosen(name)
        own = dimension.ascending
        present = own if keep_empty else own[counts[own] > 0]
        texts = self.index.columns.values
        values = [
            self._value(dimension, texts[number], count, texts[number] in picked, number)
            for number, count in zip(present.tolist(), counts[present].tolist(), strict=True)
        ]
        if picked:
            shown = {value.value for value in values}
            missing = [value for value in picked if value not in shown and value in dimension.values]
            values += [self._value(dimension, value, 0, True, dimension.values[value]) for value in missing]
        values += [Value(value, 0, True) for value in picked if value not in dimension.values]
        if not values and name not in ALWAYS:
            return None
        if dimension.spec.kind == "HIERARCHY":
            return Facet(name, "HIERARCHY", _as_tree(values))
        return Facet(name, dimension.spec.kind, sorted(values, key=by_size_or_count))

    def _value(self, dimension: Dimension, value: str, count: int, selected: bool, number: int) -> Value:
        node = self.index.categories.get(value) if dimension.name == "category" else None
        if node is None:
            return Value(value, count, selected, number=number)
        return Value(value, count, selected, node.name, node.level, node.parent, number)

    def _count_together(self, names: Sequence[str]) -> None:
        """Count all dimensions of these in which nothing is chosen in one pass over their columns."""
        if len(self.rows) == len(self.index.rows) and self._left is None:
            self._counts = self.index.all_counts()
            return
        columns: list[int] = []
        for name in names:
            dimension = self.index.columns.dimensions.get(name)
            if dimension is not None and name not in self._allowed:
                columns += range(dimension.columns.start, dimension.columns.stop)
                if dimension.groups is not None:
                    columns += range(dimension.groups.columns.start, dimension.groups.columns.stop)
        self._counts = self._counted(self.rows, self._left, np.array(columns, np.intp))

    def _count(self, dimension: Dimension, shown: Dimension) -> NDArray[np.intp]:
        """Products by value number of `dimension`, beside the choices in dimensions other than the one `shown`."""
        if shown.name not in self._allowed:
            return self._counts
        rows, left = self._at(shown.name)
        columns = np.arange(dimension.columns.start, dimension.columns.stop)
        return self._counted(rows, left, columns)

    def _counted(self, rows: Rows, left: Masks | None, columns: NDArray[np.intp]) -> NDArray[np.intp]:
        table = self.index.columns
        cells = (rows[:, None], columns)
        codes = table.codes[cells]
        if left is not None:
            codes = codes * ((table.masks[cells] & left[:, None]) != 0)
        return np.bincount(codes.ravel(), minlength=len(table.values))

    def _range(self, dimension: Dimension, keep_empty: bool) -> Facet:
        assert dimension.groups is not None
        picked = self._chosen(dimension.name)
        counts, groups = self._count(dimension, dimension), self._count(dimension.groups, dimension)
        values = []
        for value, number in dimension.groups.values.items():
            count = int(groups[number]) if number < len(groups) else 0
            if count or keep_empty or value in picked:
                values.append(Value(value, count, value in picked, number=number))
        for value in picked:
            if value not in dimension.groups.values:
                number = dimension.values.get(value, 0)
                values.append(Value(value, int(counts[number]) if number else 0, True, number=number))
        present = dimension.ascending[counts[dimension.ascending] > 0]
        minimum, maximum = (
            (Decimal(self.index.columns.values[present[end]]) for end in (0, -1)) if len(present) else (None, None)
        )
        return Facet(dimension.name, "RANGE", sorted(values, key=_by_lower_bound), minimum, maximum)

    def _boolean(self, name: str) -> Facet:
        rows, left = self._at(name)
        own = self.live[name][rows]
        count = int(np.count_nonzero(own if left is None else own & left))
        return Facet(name, "BOOLEAN", [Value("true", count, name in self.refinements)])

    def _chosen(self, dimension: str) -> tuple[str, ...]:
        refinement = self.refinements.get(dimension)
        return tuple(dict.fromkeys(refinement.values)) if refinement else ()


def by_size_or_count(value: Value) -> tuple[bool, Decimal, int, str]:
    """Sizes such as "64 GB" and "1 TB" by size, before everything else by count."""
    size = text.size_of(value.value)
    return size is None, size or Decimal(0), -value.count, value.value


def _by_lower_bound(value: Value) -> tuple[bool, Decimal]:
    lower = text.decimal_of(value.value.split("..")[0])
    return lower is None, lower or Decimal(0)


def _as_tree(values: Sequence[Value]) -> list[Value]:
    """Parents before children, siblings by count."""
    by_parent: dict[str | None, list[Value]] = {}
    for value in sorted(values, key=lambda value: (-value.count, value.label)):
        by_parent.setdefault(value.parent, []).append(value)
    ordered: list[Value] = []
    seen: set[str] = set()
    waiting = list(reversed(by_parent.get(None, [])))
    while waiting:
        value = waiting.pop()
        ordered.append(value)
        seen.add(value.value)
        waiting += reversed(by_parent.pop(value.value, []))
    # A chosen category without any product stands alone: its parent is not shown.
    return ordered + [value for value in values if value.value not in seen]
