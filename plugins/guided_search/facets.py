"""Refinements and the dimensions shown for them: counts of products, exact, each dimension without its own choice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops
from plugins.guided_search.columns import ALWAYS, Counts, Dimension, by_bound, by_size, table
from plugins.guided_search.documents import Kind
from plugins.guided_search.index import Index
from plugins.guided_search.measured import Measured
from plugins.guided_search.postings import NO_ROWS, WHOLE, Masks, Rows
from plugins.guided_search.text import decimal_of

# Shown first, in this order; other attributes follow, those that most products have first.
_PREFERRED = ("storage", "colour", "ram", "network", "screen_inches", "battery_mah")
ATTRIBUTES_SHOWN = 8
_NOTHING_GIVEN: Masks = np.empty((0, 0), np.uint64)
_NOTHING_COUNTED = table([])


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


@dataclass(slots=True)
class Facet:
    """A dimension as shown."""

    name: str
    kind: Kind
    values: list[Value] = field(default_factory=list)
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Selection:
    """Matching rows narrowed by refinements, and the facets beside it.

    `masks` are the variants that match, WHOLE for all of them. `live` adds boolean dimensions whose variants are known
    only now, such as `in_store`: a mask by row of the index. `measured` are ranges of that sort, such as
    `monthly_price`. Without `counting` only the rows are wanted, no facets.
    """

    def __init__(
        self,
        index: Index,
        rows: Rows,
        refinements: Sequence[Refinement],
        *,
        masks: Masks = WHOLE,
        live: Mapping[str, Masks] | None = None,
        measured: Sequence[Measured] = (),
        counting: bool = True,
    ) -> None:
        self.index, self.live = index, live or {}
        self.measured = {item.name: item for item in measured}
        self._found, self._masks = rows, masks
        self.refinements = {item.dimension: item for item in refinements if item.narrows}
        # Which of the rows are left (None: all), and which of their variants.
        self.rows, self.places, self._left = rows, None, WHOLE
        # Products by value number of the refined dimensions, each beside the choices in the others.
        self._beside: Counts = np.zeros(len(index.columns.scaled), np.intp)
        if self.refinements or len(masks):
            self._narrow(rows, masks, counting)

    def _narrow(self, rows: Rows, masks: Masks, counts: bool) -> None:
        columns = self.index.columns
        given: list[Masks] = []
        by_value: list[tuple[Dimension, tuple[str, ...]]] = []
        # Of those given as masks, which come first, the columns that are counted.
        counted: list[list[tuple[int, int]]] = []
        for name, refinement in self.refinements.items():
            if name in self.live:
                given.append(self.live[name][rows])
                counted.append([])
            elif name in self.measured:
                given.append(self._measured_masks(refinement, rows))
                counted.append([])
            elif refinement.minimum is None and refinement.maximum is None:
                by_value.append((columns.dimensions[name], refinement.values))
            else:
                dimension = columns.dimensions[name]
                given.append(self._within_bounds(dimension, rows, refinement))
                counted.append(dimension.spans)
        flags, choosing, counting = columns.chosen(by_value, len(given))
        if given:
            counting = np.concatenate((table(counted), counting))
        self.rows, self.places, self._left = loops.narrow(
            rows,
            masks,
            self.index.valid,
            columns.codes,
            columns.cells,
            columns.slots,
            self._beside,
            choosing,
            counting if counts else _NOTHING_COUNTED,
            flags,
            np.array(given, np.uint64) if given else _NOTHING_GIVEN,
        )

    def _within_bounds(self, dimension: Dimension, rows: Rows, refinement: Refinement) -> Masks:
        """The variants of each row with a number within the bounds, and with one of the values where any are chosen."""
        columns = self.index.columns
        inside = columns.between(dimension, rows, refinement.minimum, refinement.maximum)
        if not refinement.values:
            return inside
        found: Masks = loops.both_masks(
            columns.having(dimension, rows, refinement.values), inside, rows, self.index.valid
        )
        return found

    def _measured_masks(self, refinement: Refinement, rows: Rows) -> Masks:
        bounds = refinement.minimum, refinement.maximum
        return self.measured[refinement.dimension].having(rows, refinement.values, *bounds)

    def total(self) -> int:
        """How many products are left."""
        return len(self.rows)

    def having(self, masks: Masks) -> NDArray[np.bool_]:
        """Of which of the rows left a variant that is left is in these masks, one a row."""
        return np.asarray(loops.both_masks(self._left, masks, self.rows, self.index.valid) != 0)

    def meeting(self, conditions: Sequence[Refinement]) -> Rows:
        """The rows left of which a variant that is left meets all conditions; none where a dimension is not known."""
        known = self.live.keys() | self.measured.keys() | self.index.columns.dimensions.keys()
        if any(item.dimension not in known for item in conditions):
            return np.empty(0, np.int32)
        measured = tuple(self.measured.values())
        return Selection(
            self.index, self.rows, conditions, masks=self._left, live=self.live, measured=measured, counting=False
        ).rows

    def left_of(self, rows: Sequence[int]) -> list[int]:
        """The variants left of these rows, as masks; nought of a row that is not left."""
        wanted = np.array(rows, np.int64)
        masks = self._left[np.searchsorted(self.rows, wanted)] if len(self._left) else self.index.valid[wanted]
        return [int(mask) for mask in masks]

    def attribute_names(self) -> list[str]:
        """Attributes that enough products of the kind that most products left are of have, those of most first; and
        those in which something is chosen."""
        index = self.index
        left = loops.tally(self.rows, index.kind, len(index.kinds)).tolist()
        # Not of those whose last product is gone.
        alive = [(count, kind) for count, kind in zip(left, index.kinds, strict=True) if kind in index.attributes]
        # With nothing left, what the text matches still tells which choices there are.
        found = index.attributes[max(alive)[1]] if alive else []
        known = (*ALWAYS, *self.live, *self.measured, *found)
        return [*found, *(name for name in self.refinements if name not in known)]

    def facets(self, names: Sequence[str] | None = None, keep_empty: Collection[str] = ()) -> list[Facet]:
        """The dimensions to show, in order; `names` default to the four that always are, live ones, and attributes.

        Values of the dimensions `keep_empty` stay when no product has them.
        """
        wanted = tuple(self._usual() if names is None else names)
        dimensions = self.index.columns.dimensions
        apart = self.live.keys() | self.measured.keys() if self.measured else self.live
        known = tuple([name for name in wanted if name in dimensions and name not in apart])
        counts, values = self._count(known, keep_empty)
        listed = iter(values)
        found: list[Facet | None] = []
        for name in wanted:
            if name in self.live:
                found.append(self._boolean(name))
            elif name in self.measured:
                found.append(self._measured(name, name in keep_empty))
            elif name in dimensions:
                found.append(self._facet(dimensions[name], counts, *next(listed)))
        return [facet for facet in found if facet is not None]

    def _usual(self) -> list[str]:
        found = self.attribute_names()
        preferred = [name for name in _PREFERRED if name in found]
        attributes = [*preferred, *(name for name in found if name not in preferred)][:ATTRIBUTES_SHOWN]
        return [
            *ALWAYS,
            *self.live,
            *self.measured,
            *dict.fromkeys((*attributes, *(name for name in found if name in self.refinements))),
        ]

    def _facet(self, dimension: Dimension, counts: Counts, shown: list[int], products: list[int]) -> Facet | None:
        """The facet with the values to show, so many products each, and those that are chosen."""
        name, kind = dimension.spec.name, dimension.spec.kind
        values = self._values(shown, products, kind)
        picked = self._chosen(name) if name in self.refinements else ()
        if picked:
            self._pick(values, picked, dimension, counts)
        if dimension.groups is not None:
            if picked:
                values.sort(key=lambda value: by_bound(value.value))
            return Facet(name, "RANGE", values, *self._ends(dimension, counts))
        if not values and name not in ALWAYS:
            return None
        if kind == "HIERARCHY":
            values = _as_tree(values)
        elif picked and not values[-1].count:
            values.sort(key=by_size_or_count)
        return Facet(name, kind, values)

    def _values(self, shown: list[int], products: list[int], kind: Kind) -> list[Value]:
        texts = self.index.columns.values
        pairs = zip(shown, products, strict=True)
        if kind == "HIERARCHY":
            return [self._node(texts[number], count, number) for number, count in pairs]
        return [Value(texts[number], count, False, "", 0, None, number) for number, count in pairs]

    def _pick(self, values: list[Value], picked: Iterable[str], dimension: Dimension, counts: Counts) -> None:
        """Mark the values that are chosen; those that are not shown by themselves come last: no product has them, or
        they are numbers among groups."""
        places = {value.value: at for at, value in enumerate(values)}
        for text in picked:
            if text in places:
                values[places[text]].selected = True
                continue
            number = self.index.columns.number_of(dimension, text)
            count = int(counts[number])
            is_node = dimension.spec.kind == "HIERARCHY"
            absent = self._node(text, count, number) if is_node else Value(text, count, False, number=number)
            absent.selected = True
            values.append(absent)

    def _node(self, value: str, count: int, number: int) -> Value:
        node = self.index.categories.get(value)
        if node is None:
            return Value(value, count, False, number=number)
        return Value(value, count, False, node.name, node.level, node.parent, number)

    def _count(
        self, names: tuple[str, ...], keep_empty: Collection[str]
    ) -> tuple[Counts, list[tuple[list[int], list[int]]]]:
        """Products by value number, those dimensions included in which nothing is chosen: in one pass over their
        columns. And the values to show of each dimension, with their products."""
        index = self.index
        if len(self.rows) == len(index.rows) and not len(self._left):
            return index.columns.shown(names, index.all_counts(), (), NO_ROWS, WHOLE, index.valid, keep_empty)
        free = tuple([name for name in names if name not in self.refinements])
        return index.columns.shown(names, self._beside, free, self.rows, self._left, index.valid, keep_empty)

    def _ends(self, dimension: Dimension, counts: Counts) -> tuple[Decimal | None, Decimal | None]:
        texts = self.index.columns.values
        least, greatest = loops.ends(counts, dimension.ascending)
        return (decimal_of(texts[least]), decimal_of(texts[greatest])) if least else (None, None)

    def _boolean(self, name: str) -> Facet:
        if name in self.refinements:
            return Facet(name, "BOOLEAN", [Value("true", self.total(), True)])
        masks = loops.both_masks(self._left, self.live[name][self.rows], self.rows, self.index.valid)
        return Facet(name, "BOOLEAN", [Value("true", int(np.count_nonzero(masks)), False)])

    def _measured(self, name: str, keep_empty: bool) -> Facet | None:
        """A range whose numbers stand beside the index; None where nothing left has one and nothing is chosen."""
        dimension, picked = self.measured[name], self._chosen(name)
        beside = self._without(name) if name in self.refinements else self
        counted = dimension.count(beside.rows, beside._left, self.index.valid)
        values = [Value(group, count, group in picked) for group, count in counted.counts if count or keep_empty]
        shown = {value.value for value in values}
        for value in picked:
            if value not in shown:
                having = dimension.having(beside.rows, (value,), None, None)
                both = loops.both_masks(beside._left, having, beside.rows, self.index.valid)
                values.append(Value(value, int(np.count_nonzero(both)), True))
        if not values and name not in self.refinements and counted.minimum is None:
            return None
        values.sort(key=lambda value: by_bound(value.value))
        return Facet(name, "RANGE", values, counted.minimum, counted.maximum)

    def _without(self, name: str) -> "Selection":
        """The selection without what is chosen in one dimension."""
        others = [item for dimension, item in self.refinements.items() if dimension != name]
        return Selection(
            self.index,
            self._found,
            others,
            masks=self._masks,
            live=self.live,
            measured=tuple(self.measured.values()),
        )

    def _chosen(self, dimension: str) -> tuple[str, ...]:
        refinement = self.refinements.get(dimension)
        return tuple(dict.fromkeys(refinement.values)) if refinement else ()


def by_size_or_count(value: Value) -> tuple[bool, Decimal, int, str]:
    """Sizes such as "64 GB" and "1 TB" by size, before everything else by count."""
    unsized, size, text = by_size(value.value)
    return unsized, size, -value.count, text


def _as_tree(values: list[Value]) -> list[Value]:
    """Parents before children, siblings by count."""
    if len(values) < 2:
        return values
    by_parent: dict[str | None, list[Value]] = {}
    for value in sorted(values, key=lambda value: (-value.count, value.label)):
        by_parent.setdefault(value.parent, []).append(value)
    ordered: list[Value] = []
    waiting = list(reversed(by_parent.get(None, [])))
    while waiting:
        value = waiting.pop()
        ordered.append(value)
        waiting += reversed(by_parent.pop(value.value, []))
    if len(ordered) < len(values):
        # A chosen category without any product stands alone: its parent is not shown.
        seen = {value.value for value in ordered}
        ordered += [value for value in values if value.value not in seen]
    return ordered
