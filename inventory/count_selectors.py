"""Reads of stock counts, each with a fixed number of queries."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Prefetch, Q, QuerySet

from . import count_errors, count_variance
from .count_variance import Result
from .models import Balance, CountEntry, CountLine, CountPart, StockCount


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines there are, and how many are counted in their round."""

    lines: int
    counted: int


def counts_of(store_id: str, *, states: Collection[str] = StockCount.OPEN, limit: int = 50) -> list[StockCount]:
    """The latest counts of a store in these states, with their parts. Two queries."""
    found = StockCount.objects.filter(store_id=store_id, state__in=states).order_by("-opened_at", "id")
    return list(found.prefetch_related(_parts())[:limit])


def count_of(store_id: str, count_id: str) -> StockCount:
    """A count of the store with its parts. Two queries. Raises COUNT_NOT_FOUND."""
    found = StockCount.objects.filter(store_id=store_id, pk=count_id).prefetch_related(_parts()).first()
    if found is None:
        raise count_errors.count_not_found()
    return found


def progress(parts: Sequence[CountPart]) -> Progress:
    """Of parts read here."""
    return Progress(
        sum(part.total for part in parts),  # type: ignore[attr-defined]
        sum(part.done for part in parts),  # type: ignore[attr-defined]
    )


def lines_of_part(store_id: str, count_id: str, part_id: int) -> tuple[StockCount, QuerySet[CountLine]]:
    """The count and the lines of a part, by SKU, those to be counted again alone in a recount.

    Raises COUNT_NOT_FOUND.
    """
    count = count_of(store_id, count_id)
    part = next((part for part in count.parts.all() if part.pk == part_id), None)
    if part is None:
        raise count_errors.count_not_found()
    lines = CountLine.objects.filter(part=part, round=part.round)
    return count, lines.select_related("item", "part__room").order_by("item_id")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What a counter sees of a line besides what was counted."""

    expected: int | None
    scanned: list[str]


def facts(count: StockCount, lines: Collection[CountLine]) -> dict[int, LineFacts]:
    """By line id. In a blind count one query and no expectations, else up to nine.

    Before a line is counted it is expected what lies there now.
    """
    numbers = _scanned(lines)
    expected = {} if count.blind else count_variance.expected(count, lines)
    return {line.pk: LineFacts(expected.get(line.pk), numbers.get(line.pk, [])) for line in lines}


def _scanned(lines: Collection[CountLine]) -> dict[int, list[str]]:
    entries = CountEntry.objects.filter(line__in=[line.pk for line in lines], round=F("line__round"), withdrawn=False)
    found: dict[int, list[str]] = {}
    for line_id, number in entries.exclude(identifier="").order_by("pk").values_list("line_id", "identifier"):
        found.setdefault(line_id, []).append(number)
    return found


def variances(count: StockCount, *, all_lines: bool = False) -> list[Result]:
    """The counted lines that differ or were disturbed, the largest difference first."""
    found = [result for result in count_variance.results(count) if result.expected is not None]
    shown = [result for result in found if all_lines or result.differing or result.disturbed]
    return sorted(shown, key=lambda result: (result.within_tolerance, -result.differing, result.line.item_id))


def categories_of(store_id: str) -> dict[str, int]:
    """How many SKUs that the store has lie in each category or below it, by slugs from the root. One query."""
    stocked = Balance.objects.filter(store_id=store_id, item__stocked=True).exclude(on_hand=0)
    found: Counter[str] = Counter()
    for path, skus in stocked.exclude(item__category="").values_list("item__category").annotate(Count("pk")):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            found["/".join(parts[:depth])] += skus
    return dict(sorted(found.items()))


def _parts() -> Prefetch[str, QuerySet[CountPart], str]:
    parts = CountPart.objects.select_related("room").annotate(
        total=Count("lines"),
        done=Count("lines", filter=Q(lines__counted__isnull=False)),
    )
    return Prefetch("parts", queryset=parts.order_by("room__code", "category", "id"))
