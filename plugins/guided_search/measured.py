"""Dimensions of numbers that are known only now, such as `monthly_price`: narrowing, exact counts of groups, ends.

They change without the catalogue, so they stand beside the index: the numbers of a row's variants one behind the
other. Few products have any, and a walk over the rows found looks at theirs alone.
"""
# mypy: disable-error-code="no-untyped-def"

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from plugins.guided_search.columns import SCALE, group_name, interval
from plugins.guided_search.compiled import FLAGS, MASKS, RANKS, ROWS, compiled
from plugins.guided_search.postings import Masks, Rows
from plugins.guided_search.text import decimal_of


@compiled(MASKS, ROWS, RANKS, MASKS, FLAGS)
def _having(rows, starts, masks, wanted):
    """The variants of each row with a wanted number."""
    found = np.zeros(len(rows), np.uint64)
    for place in range(len(rows)):
        for at in range(starts[rows[place]], starts[rows[place] + 1]):
            if wanted[at]:
                found[place] |= masks[at]
    return found


@compiled(f"Tuple(({RANKS}, int64, int64))", ROWS, MASKS, MASKS, RANKS, MASKS, RANKS, RANKS, "int64")
def _count(rows, left, valid, starts, masks, numbers, groups, size):
    """Rows by group, of which a variant in `left` (none: all) has a number in it; the least and the greatest number,
    places in `numbers`, -1 without any. A row counts once in each group."""
    counts = np.zeros(size, np.int64)
    last = np.full(size, -1, np.int64)
    least = greatest = -1
    for place in range(len(rows)):
        row = rows[place]
        mask = left[place] if len(left) > 0 else valid[row]
        for at in range(starts[row], starts[row + 1]):
            if masks[at] & mask == 0:
                continue
            if least < 0 or numbers[at] < numbers[least]:
                least = at
            if greatest < 0 or numbers[at] > numbers[greatest]:
                greatest = at
            group = groups[at]
            if group >= 0 and last[group] != row:
                last[group] = row
                counts[group] += 1
    return counts, least, greatest


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of some rows are in each group, and the ends of their numbers; None where none has any."""

    counts: Sequence[tuple[str, int]]
    minimum: Decimal | None
    maximum: Decimal | None


class Measured:
    """The numbers of an index's rows in one dimension."""

    def __init__(
        self, name: str, size: int, numbers: Iterable[tuple[int, int, int]], bounds: Sequence[Decimal] = ()
    ) -> None:
        """`numbers` are (row, mask of the variants, number times SCALE); `bounds` where each group begins."""
        ordered = sorted(numbers)
        self.name, self.bounds = name, tuple(bounds)
        rows = np.array([row for row, _mask, _number in ordered], np.int64)
        self._starts: NDArray[np.int64] = np.searchsorted(rows, np.arange(size + 1)).astype(np.int64)
        self._masks: Masks = np.array([mask for _row, mask, _number in ordered], np.uint64)
        self._numbers: NDArray[np.int64] = np.array([number for _row, _mask, number in ordered], np.int64)
        lower = np.array([int(bound * SCALE) for bound in bounds], np.int64)
        self._groups: NDArray[np.int64] = (np.searchsorted(lower, self._numbers, side="right") - 1).astype(np.int64)
        self.names = tuple(group_name(low, high) for low, high in pairwise((*self.bounds, None)) if low is not None)

    def having(self, rows: Rows, values: Sequence[str], minimum: Decimal | None, maximum: Decimal | None) -> Masks:
        """The variants of each row with a number in one of the groups, or equal to one, and within the bounds."""
        low, high = interval(minimum, maximum)
        wanted = (self._numbers >= low) & (self._numbers <= high)
        if values:
            groups = [at for at, name in enumerate(self.names) if name in values]
            exact = [number for value in values if (number := decimal_of(value)) is not None]
            named = np.isin(self._groups, groups) | np.isin(self._numbers, [int(one * SCALE) for one in exact])
            wanted = wanted & named
        found: Masks = _having(rows, self._starts, self._masks, wanted)
        return found

    def count(self, rows: Rows, left: Masks, valid: Masks) -> Counted:
        """The groups of these rows and of the variants left of them."""
        counts, least, greatest = _count(
            rows, left, valid, self._starts, self._masks, self._numbers, self._groups, len(self.names)
        )
        ends = [None if at < 0 else Decimal(int(self._numbers[at])) / SCALE for at in (least, greatest)]
        return Counted(tuple(zip(self.names, counts.tolist(), strict=True)), *ends)
