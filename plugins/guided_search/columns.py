"""Which values of which dimensions each product has, as a table of numbers: what refining and counting read.

A product is a row; each dimension owns some neighbouring columns, as many as its fullest product needs. A cell holds
the number of a value (0: none) and, beside it, the mask of the variants that have it. Numbers of a range are values
too, and have a second dimension behind them whose values are their groups.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search import loops
from plugins.guided_search.analysis import ALL, Analysed
from plugins.guided_search.documents import DimensionSpec
from plugins.guided_search.postings import Masks, Rows
from plugins.guided_search.text import decimal_of, size_of

# Decimals compare exactly as whole numbers of this part of one.
SCALE = 10_000
NO_VALUE, _ALL = np.int32(0), np.uint64(ALL)
NONE = int(np.iinfo(np.int64).min)
_GREATEST = int(np.iinfo(np.int64).max)
# Columns that one dimension may have; a product with more values of it keeps the first ones.
WIDEST = 64
ALWAYS = ("category", "brand", "kind", "price")
# Attributes with more values than this tell products apart rather than group them.
VALUES_LIMIT = 60
# Choices of dimensions of which the values are kept listed.
LISTS_KEPT = 500
NEVER_DIMENSIONS = frozenset({"released", "fits"})


def scaled(number: Decimal) -> int:
    """A number as the table holds it; the part below one SCALE-th is dropped."""
    return int(number * SCALE)


def group_name(lower: Decimal, upper: Decimal | None) -> str:
    """How a group of a range is chosen: "100..200", the upper end not in it."""
    return f"{lower}..{upper if upper is not None else ''}"


@dataclass(slots=True)
class Dimension:
    """One dimension: its columns, and the numbers of its values in order of first sight."""

    spec: DimensionSpec
    columns: slice = field(default_factory=lambda: slice(0, 0))
    values: dict[str, int] = field(default_factory=dict)
    groups: "Dimension | None" = None
    # Numbers of the values as they are shown among equals: sizes by size, numbers of a range the least first.
    ascending: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    # How many of them, from the first, are sizes: they stand before everything else, whatever their counts.
    sizes: int = 0

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def width(self) -> int:
        return self.columns.stop - self.columns.start

    @property
    def spans(self) -> list[tuple[int, int]]:
        """Its columns, those of its groups behind them."""
        own = [(self.columns.start, self.columns.stop)]
        return own if self.groups is None else [*own, *self.groups.spans]

    def arrange(self) -> None:
        """Put the values in the order in which equals are shown."""
        ranked = sorted(self.values, key=by_bound if self.spec.kind == "RANGE" else by_size)
        self.sizes = 0 if self.spec.kind == "RANGE" else sum(size_of(value) is not None for value in ranked)
        self.ascending = np.array([self.values[value] for value in ranked], np.intp)

    def group_of(self, number: Decimal) -> str | None:
        """The group that a number falls into."""
        bounds = self.spec.bounds
        at = sum(bound <= number for bound in bounds) - 1
        return None if at < 0 else group_name(bounds[at], bounds[at + 1] if at + 1 < len(bounds) else None)


def by_size(value: str) -> tuple[bool, Decimal, str]:
    """Sizes such as "64 GB" and "1 TB" by size, everything else behind them."""
    size = size_of(value)
    return size is None, size or Decimal(0), value


def by_bound(value: str) -> tuple[bool, Decimal]:
    """A number, or a group by its lower end."""
    lower = decimal_of(value.split("..")[0])
    return lower is None, lower or Decimal(0)


def groups(dimension: Dimension) -> bool:
    """Whether the values group products, rather than tell them apart."""
    if dimension.name in NEVER_DIMENSIONS or not dimension.spec.grouping:
        return dimension.name in ALWAYS
    return dimension.name in ALWAYS or dimension.spec.kind != "TERMS" or len(dimension.values) <= VALUES_LIMIT


Cells = dict[int, int]
"""Value number to mask."""
Counts = NDArray[np.intp]
Spans = NDArray[np.int64]
Chosen = tuple[NDArray[np.bool_], Spans, Spans]
_Lists = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]
"""Of some dimensions: their values in order one behind the other, where each begins, how many are sizes; no flags."""


class Columns:
    """The table of an index. A snapshot: `updated` makes another; lists of values only grow, so both can share them."""

    def __init__(self, specs: Iterable[DimensionSpec] = ()) -> None:
        self.dimensions: dict[str, Dimension] = {}
        self._by_source: dict[str, list[Dimension]] = {}
        self.values: list[str] = [""]
        self.numbers: list[int] = [NONE]
        self.labels: dict[str, dict[int, str]] = {}
        for spec in specs:
            self._open(Dimension(spec, groups=Dimension(spec) if spec.kind == "RANGE" else None))
        self.codes: NDArray[np.int32] = np.zeros((0, 0), np.int32)
        self.masks: Masks = np.zeros((0, 0), np.uint64)
        self.scaled = np.array(self.numbers)
        # The masks that searches read: of columns in which any value is that of some variants only, side by side. By
        # column, where it stands among them; -1 where every value is that of all variants.
        self.cells: Masks = np.zeros((0, 0), np.uint64)
        self.slots: NDArray[np.int64] = np.zeros(0, np.int64)
        self._lists: dict[tuple[str, ...], _Lists] = {}
        self._spans: dict[tuple[str, ...], NDArray[np.intp]] = {}
        self._tables: dict[tuple[str | int | bool, ...], tuple[Spans, Spans]] = {}

    def _open(self, dimension: Dimension) -> None:
        self.dimensions[dimension.name] = dimension
        self._by_source.setdefault(dimension.spec.source, []).append(dimension)

    @property
    def grouping(self) -> tuple[str, ...]:
        """All dimensions that can be shown."""
        return tuple(name for name, dimension in self.dimensions.items() if groups(dimension))

    @property
    def owners(self) -> list[Dimension]:
        """All dimensions that own columns, groups after their numbers."""
        return [part for item in self.dimensions.values() for part in (item, item.groups) if part is not None]

    def updated(self, size: int, rows: Sequence[tuple[int, Analysed | None]]) -> "Columns":
        """A table of `size` rows with these rows as they are now; None empties a row."""
        fresh = Columns()
        fresh.values, fresh.numbers, fresh.labels = self.values, self.numbers, self.labels
        for dimension in self.dimensions.values():
            fresh._open(replace(dimension, groups=replace(dimension.groups) if dimension.groups else None))
        cells = [(row, fresh._cells(found)) for row, found in rows if found is not None]
        fresh._widen(self, size, cells)
        changed = [row for row, _found in rows]
        fresh.codes[changed] = 0
        fresh.masks[changed] = 0
        fresh._write(cells)
        fresh.scaled = np.append(self.scaled, np.array(fresh.numbers[len(self.scaled) :], np.int64))
        fresh._gather_masks()
        for owner in fresh.owners:
            # Lists of values only grow.
            if len(owner.ascending) < len(owner.values):
                owner.arrange()
        return fresh

    def _gather_masks(self) -> None:
        partial = np.flatnonzero(((self.codes != NO_VALUE) & (self.masks != _ALL)).any(axis=0))
        self.slots = np.full(self.codes.shape[1], -1, np.int64)
        self.slots[partial] = np.arange(len(partial))
        self.cells = np.ascontiguousarray(self.masks[:, partial])

    def _write(self, cells: Sequence[tuple[int, list[tuple[Dimension, Cells]]]]) -> None:
        rows: list[int] = []
        columns: list[int] = []
        numbers: list[int] = []
        masks: list[int] = []
        for row, found in cells:
            for owner, own in found:
                for column, (number, mask) in zip(
                    range(owner.columns.start, owner.columns.stop), own.items(), strict=False
                ):
                    rows.append(row)
                    columns.append(column)
                    numbers.append(number)
                    masks.append(mask)
        self.codes[rows, columns] = numbers
        self.masks[rows, columns] = np.array(masks, np.uint64)

    def _cells(self, found: Analysed) -> list[tuple[Dimension, Cells]]:
        by_source: dict[str, list[tuple[str, int]]] = {}
        for (slug, value), mask in found.values.items():
            by_source.setdefault(slug, []).append((value, mask))
        cells: list[tuple[Dimension, Cells]] = []
        for slug, own in by_source.items():
            if slug not in self._by_source:
                self._open(Dimension(DimensionSpec(slug)))
            for dimension in self._by_source[slug]:
                cells += self._of_dimension(dimension, own)
        for language, names in found.labels.items():
            known = self.labels.setdefault(language, {})
            for (slug, value), name in names.items():
                for dimension in self._by_source.get(slug, ()):
                    if value in dimension.values:
                        known[dimension.values[value]] = name
        return cells

    def _of_dimension(self, dimension: Dimension, own: list[tuple[str, int]]) -> list[tuple[Dimension, Cells]]:
        if dimension.groups is None:
            return [(dimension, {self._number(dimension, value, None): mask for value, mask in own})]
        numbers: Cells = {}
        groups: Cells = {}
        for value, mask in own:
            number = decimal_of(value)
            if number is None:
                continue
            numbers[self._number(dimension, value, number)] = mask
            group = dimension.group_of(number)
            if group is not None:
                at = self._number(dimension.groups, group, None)
                groups[at] = groups.get(at, 0) | mask
        return [(dimension, numbers), (dimension.groups, groups)]

    def _number(self, dimension: Dimension, value: str, number: Decimal | None) -> int:
        known = dimension.values.get(value)
        if known is None:
            known = dimension.values[value] = len(self.values)
            self.values.append(value)
            self.numbers.append(NONE if number is None else scaled(number))
        return known

    def _widen(self, before: "Columns", size: int, cells: Sequence[tuple[int, list[tuple[Dimension, Cells]]]]) -> None:
        """Lay the columns out anew where a dimension needs more of them, and copy what was there."""
        needed: dict[int, int] = {}
        for _row, found in cells:
            for owner, own in found:
                needed[id(owner)] = max(needed.get(id(owner), 0), min(len(own), WIDEST))
        start = 0
        moves: list[tuple[slice, slice]] = []
        widths = {id(owner): max(owner.width, needed.get(id(owner), 0)) for owner in self.owners}
        # What is read together lies together: the narrow ones first, so that a row of them is a line of the cache.
        for owner in sorted(self.owners, key=lambda owner: (owner.name not in ALWAYS, widths[id(owner)])):
            width = widths[id(owner)]
            moves.append((owner.columns, slice(start, start + owner.width)))
            owner.columns = slice(start, start + width)
            start += width
        self.codes = np.zeros((size, start), np.int32)
        self.masks = np.zeros((size, start), np.uint64)
        kept = min(size, len(before.codes))
        if start == before.codes.shape[1] and all(old == new for old, new in moves):
            self.codes[:kept], self.masks[:kept] = before.codes[:kept], before.masks[:kept]
            return
        for old, new in moves:
            self.codes[:kept, new] = before.codes[:kept, old]
            self.masks[:kept, new] = before.masks[:kept, old]

    def number_of(self, dimension: Dimension, value: str) -> int:
        """The number of a value, a number or a group of them; 0 when this snapshot does not know it."""
        number = dimension.values.get(value, 0)
        if not number and dimension.groups is not None:
            number = dimension.groups.values.get(value, 0)
        # Lists of values are shared with later snapshots, which may know more.
        return number if number < len(self.scaled) else 0

    def chosen(self, choices: Sequence[tuple[Dimension, Collection[str]]], first: int) -> Chosen:
        """Flags of the values chosen in these dimensions; the columns to look for them in and those of the dimensions,
        each with the number of its choice, from `first` on. Groups of numbers and numbers are alternatives."""
        flags = np.zeros(len(self.scaled), bool)
        key: list[str | int | bool] = [first]
        for dimension, values in choices:
            for value in values:
                flags[self.number_of(dimension, value)] = True
            groups = dimension.groups
            key += dimension.name, groups is not None and all(value in groups.values for value in values)
        tables = self._tables.get(tuple(key))
        if tables is None:
            tables = _tables_of([dimension for dimension, _values in choices], first, key[2::2])
            if len(self._tables) < LISTS_KEPT:
                self._tables[tuple(key)] = tables
        return flags, *tables

    def having(self, dimension: Dimension, rows: Rows, values: Collection[str]) -> Masks:
        """The variants of each row that have any of these values."""
        flags, choosing, _counting = self.chosen([(dimension, values)], 0)
        return self._allowed(np.ascontiguousarray(choosing[:, 1:]), rows, flags)

    def between(self, dimension: Dimension, rows: Rows, minimum: Decimal | None, maximum: Decimal | None) -> Masks:
        """The variants of each row that have a number within the bounds, both included."""
        low, high = interval(minimum, maximum)
        own = np.array(dimension.spans[:1], np.int64)
        return self._allowed(own, rows, (self.scaled >= low) & (self.scaled <= high))

    def _allowed(self, spans: Spans, rows: Rows, chosen: NDArray[np.bool_]) -> Masks:
        found: Masks = loops.allowed(rows, self.codes, self.cells, self.slots, spans, chosen)
        return found

    def count(self, dimensions: tuple[str, ...], rows: Rows, left: Masks, valid: Masks) -> Counts:
        """Rows by value number in these dimensions, those of which a variant in `left` has the value."""
        counts = np.zeros(len(self.scaled), np.intp)
        loops.count(counts, rows, left, valid, self.codes, self.cells, self.slots, self._spans_of(dimensions))
        return counts

    def _spans_of(self, dimensions: tuple[str, ...]) -> NDArray[np.intp]:
        known = self._spans.get(dimensions)
        if known is None:
            spans = [span for name in dimensions for span in self.dimensions[name].spans]
            known = np.array(spans, np.intp).reshape(-1, 2)
            if len(self._spans) < LISTS_KEPT:
                self._spans[dimensions] = known
        return known

    def shown(
        self,
        dimensions: tuple[str, ...],
        beside: Counts,
        more: tuple[str, ...],
        rows: Rows,
        left: Masks,
        valid: Masks,
        keep_empty: Collection[str],
    ) -> tuple[Counts, list[tuple[list[int], list[int]]]]:
        """The counts `beside`, and of rows as `count` does in the dimensions `more`. For each of `dimensions`, or the
        groups of its numbers, the values to show and the products of each."""
        own, starts, sizes, empty = self._listed(dimensions)
        if keep_empty:
            empty = np.array([name in keep_empty for name in dimensions], bool)
        table = self.codes, self.cells, self.slots, self._spans_of(more)
        counts, numbers, found, ends = loops.counted(beside, rows, left, valid, *table, own, starts, sizes, empty)
        values, products = numbers.tolist(), found.tolist()
        return counts, [(values[start:end], products[start:end]) for start, end in pairwise([0, *ends.tolist()])]

    def _listed(self, dimensions: tuple[str, ...]) -> "_Lists":
        known = self._lists.get(dimensions)
        if known is None:
            owners = [self.dimensions[name].groups or self.dimensions[name] for name in dimensions]
            starts = np.cumsum([0, *(len(owner.ascending) for owner in owners)])
            sizes = np.array([owner.sizes for owner in owners], np.intp)
            own = np.concatenate([np.zeros(0, np.intp), *(owner.ascending for owner in owners)])
            known = own, starts, sizes, np.zeros(len(owners), bool)
            if len(self._lists) < LISTS_KEPT:
                self._lists[dimensions] = known
        return known

    def label(self, value: int, language: str) -> str | None:
        """What a value is called in a language, when that is told."""
        return self.labels.get(language, {}).get(value)

    @property
    def bytes(self) -> int:
        """Size of the arrays in memory."""
        return self.codes.nbytes + self.masks.nbytes + self.cells.nbytes + self.scaled.nbytes


def _tables_of(dimensions: Sequence[Dimension], first: int, in_groups: Sequence[object]) -> tuple[Spans, Spans]:
    spans = [
        dimension.spans[1:] if groups else dimension.spans
        for dimension, groups in zip(dimensions, in_groups, strict=True)
    ]
    return table(spans, first), table([dimension.spans for dimension in dimensions], first)


def table(spans: Sequence[Sequence[tuple[int, int]]], first: int = 0) -> Spans:
    """Columns with the number of the choice that they belong to: number, first column, column behind the last."""
    found = [(choice, *span) for choice, own in enumerate(spans, first) for span in own]
    return np.array(found, np.int64).reshape(-1, 3)


def interval(minimum: Decimal | None, maximum: Decimal | None) -> tuple[int, int]:
    """Bounds of a range as whole numbers, both included."""
    low = NONE + 1 if minimum is None else ceil(minimum * SCALE)
    high = _GREATEST if maximum is None else floor(maximum * SCALE)
    return max(low, NONE + 1), min(high, _GREATEST)
