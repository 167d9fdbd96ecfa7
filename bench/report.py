"""What a section of the benchmark tells beside timings, and how all of it is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.measure import Figure

Cell = str | float | int


@dataclass(frozen=True)
class Table:
    """Rows under a title; `note` says what a reader must know to read them rightly."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


Result = Figure | Table


def lines(results: Iterable[Result]) -> list[str]:
    """The results as text: timings in one table, every other table by itself."""
    found = list(results)
    figures = [result for result in found if isinstance(result, Figure)]
    shown = _figures(figures) if figures else []
    for table in found:
        if isinstance(table, Table):
            shown += ["", *_table(table)]
    return shown


def data(results: Iterable[Result]) -> dict[str, list[dict[str, Any]]]:
    """The results for `results.json`."""
    found = list(results)
    return {
        "figures": [asdict(result) for result in found if isinstance(result, Figure)],
        "tables": [asdict(result) for result in found if isinstance(result, Table)],
    }


def _figures(figures: Sequence[Figure]) -> list[str]:
    numbers = ("p50", "p99", "cpu_p50", "cpu_p99")
    rows = [
        (one.work, one.way, *(f"{getattr(one, number):.3f}" for number in numbers), f"{one.per_second:,.0f}")
        for one in figures
    ]
    return _aligned(("work", "way", "p50 ms", "p99 ms", "cpu p50", "cpu p99", "per s"), rows, texts=2)


def _table(table: Table) -> list[str]:
    rows = [tuple(_cell(cell) for cell in row) for row in table.rows]
    note = [f"  {table.note}"] if table.note else []
    return [table.title, *_aligned(table.columns, rows, texts=1), *note]


def _cell(cell: Cell) -> str:
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


def _aligned(columns: Sequence[str], rows: Sequence[Sequence[str]], texts: int) -> list[str]:
    """The first `texts` columns to the left, numbers to the right."""
    widths = [max(len(row[place]) for row in [columns, *rows]) for place in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        cells = zip(row, widths, strict=True)
        return "  ".join(
            cell.ljust(width) if place < texts else cell.rjust(width) for place, (cell, width) in enumerate(cells)
        ).rstrip()

    return [line(row) for row in [columns, *rows]]
