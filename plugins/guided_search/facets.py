"""Refinements and the dimensions shown for them: counts of products, exact, each dimension without its own choice."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops
from plugins.guided_search.columns import ALWAYS, Dimension, by_bound, by_size
from plugins.guided_search.documents import Kind
from plugins.guided_search.index import Index
from plugins.guided_search.postings import WHOLE, Masks, Rows

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

    `masks` are the variants that match, WHOLE for all of them. `live` adds boolean dimensions whose variants are known
    only now, such as `in_store`: a mask by row of the index.
    """

    def __init__(
        self,
        index: Index,
        rows: Rows,
        refinements: Sequence[Refinement],
        *,
        masks: Masks = WHOLE,
        live: Mapping[str, Masks] | None = None,
    ) -> None:
        self.index, self.candidates, self.live = index, rows, live or {}
        self.refinements = {item.dimension: item for item in refinements if item.narrows}
        self._masks = masks
        self._allowed = {name: self._allowed_by(item) for name, item in self.refinements.items()}
        # Which candidates are left (None: all), and which of their variants.
        self.places, self._left = None, WHOLE
        self.rows: Rows = rows
        if self._allowed or len(masks):
            left = self._beside(None)
            self.places = loops.present(left)
            self.rows, self._left = rows[self.places], left[self.places]
        self._counts: NDArray[np.intp] = np.zeros(0, np.intp)

    def _beside(self, dimension: str | None) -> Masks:
        """The variants of each candidate that satisfy all dimensions but this one."""
        masks, valid = self._masks, self.index.valid
        others = [allowed for name, allowed in self._allowed.items() if name != dimension]
        for allowed in others or [WHOLE]:
            masks = loops.both_masks(masks, allowed, self.candidates, valid)
        return masks

    def _allowed_by(self, refinement: Refinement) -> Masks:
        """The variants of each candidate that this choice allows."""
        if refinement.dimension in self.live:
            return self.live[refinement.dimension][self.candidates]
        columns, rows = self.index.columns, self.candidates
        dimension = columns.dimensions[refinement.dimension]
        allowed = WHOLE
        if refinement.values:
            allowed = columns.having(dimension, rows, refinement.values)
        if refinement.minimum is not None or refinement.maximum is not None:
            inside = columns.between(dimension, rows, refinement.minimum, refinement.maximum)
            allowed = loops.both_masks(allowed, inside, rows, self.index.valid)
        return allowed

    def total(self) -> int:
        """How many products are left."""
        return len(self.rows)

    def attribute_names(self) -> list[str]:
        """Attributes that enough products of the kind that most products left are of have, those of most first; and
        those in which something is chosen."""
        kinds = self.index.kinds
        # Not those whose last product is gone.
        alive = [number for number, kind in enumerate(kinds) if kind in self.index.attributes]
        left = np.bincount(self.index.kind[self.rows], minlength=max(1, len(kinds))).tolist()
        main = max(alive, key=lambda number: (left[number], kinds[number]), default=None)
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
        counts = self._count(dimension)
        picked = self._chosen(name)
        values = self._values(dimension, counts, keep_empty, picked)
        if not values and name not in ALWAYS:
            return None
        if dimension.spec.kind == "HIERARCHY":
            return Facet(name, "HIERARCHY", _as_tree(values))
        if picked and not values[-1].count:
            values.sort(key=by_size_or_count)
        return Facet(name, dimension.spec.kind, values)

    def _values(
        self, dimension: Dimension, counts: NDArray[np.intp], keep_empty: bool, picked: Collection[str]
    ) -> list[Value]:
        """The values that any product has (with `keep_empty` all of them) and those that are chosen, in order."""
        numbers, own = loops.shown(counts, dimension.ascending, dimension.sizes, keep_empty)
        texts = self.index.columns.values
        found = zip(numbers.tolist(), own.tolist(), strict=True)
        if dimension.spec.kind == "HIERARCHY":
            values = [self._node(texts[number], count, number) for number, count in found]
        else:
            values = [Value(texts[number], count, False, "", 0, None, number) for number, count in found]
        places = {value.value: at for at, value in enumerate(values)} if picked else {}
        for value in picked:
            if value in places:
                values[places[value]].selected = True
            else:
                values.append(self._absent(dimension, value, counts))
        return values

    def _absent(self, dimension: Dimension, value: str, counts: NDArray[np.intp]) -> Value:
        """A chosen value that is not shown by itself: no product has it, or it is a number among groups."""
        number = self.index.columns.number_of(dimension, value)
        if dimension.spec.kind == "HIERARCHY":
            node = self._node(value, int(counts[number]), number)
            node.selected = True
            return node
        return Value(value, int(counts[number]), True, number=number)

    def _node(self, value: str, count: int, number: int) -> Value:
        node = self.index.categories.get(value)
        if node is None:
            return Value(value, count, False, number=number)
        return Value(value, count, False, node.name, node.level, node.parent, number)

    def _count_together(self, names: Sequence[str]) -> None:
        """Count all dimensions of these in which nothing is chosen in one pass over their columns."""
        if len(self.rows) == len(self.index.rows) and not len(self._left):
            self._counts = self.index.all_counts()
            return
        spans: list[tuple[int, int]] = []
        for name in names:
            dimension = self.index.columns.dimensions.get(name)
            if dimension is not None and name not in self._allowed:
                spans += dimension.spans
        self._counts = self.index.columns.count(spans, self.rows, self._left, self.index.valid)

    def _count(self, dimension: Dimension) -> NDArray[np.intp]:
        """Products by value number of a dimension and its groups, beside the choices in the other dimensions."""
        if dimension.name not in self._allowed:
            return self._counts
        left = self._beside(dimension.name)
        return self.index.columns.count(dimension.spans, self.candidates, left, self.index.valid)

    def _range(self, dimension: Dimension, keep_empty: bool) -> Facet:
        assert dimension.groups is not None
        picked = self._chosen(dimension.name)
        counts = self._count(dimension)
        values = self._values(dimension.groups, counts, keep_empty, picked)
        if picked:
            values.sort(key=lambda value: by_bound(value.value))
        texts = self.index.columns.values
        least, greatest = loops.ends(counts, dimension.ascending)
        ends = (Decimal(texts[least]), Decimal(texts[greatest])) if least else (None, None)
        return Facet(dimension.name, "RANGE", values, *ends)

    def _boolean(self, name: str) -> Facet:
        if name in self._allowed:
            masks = loops.both_masks(self._beside(name), self._allowed[name], self.candidates, self.index.valid)
        else:
            masks = loops.both_masks(self._left, self.live[name][self.rows], self.rows, self.index.valid)
        count = int(np.count_nonzero(masks))
        return Facet(name, "BOOLEAN", [Value("true", count, name in self.refinements)])

    def _chosen(self, dimension: str) -> tuple[str, ...]:
        refinement = self.refinements.get(dimension)
        return tuple(dict.fromkeys(refinement.values)) if refinement else ()


def by_size_or_count(value: Value) -> tuple[bool, Decimal, int, str]:
    """Sizes such as "64 GB" and "1 TB" by size, before everything else by count."""
    unsized, size, text = by_size(value.value)
    return unsized, size, -value.count, text


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
