"""`python -m bench.publish`: puts the tables of the last run into docs/search-quality.md, between its markers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
PAGE = Path(__file__).parent.parent / "docs" / "search-quality.md"
SECTIONS = ("relevance", "engine", "growth", "live", "search", "http")
BEGIN, END = "<!-- figures: written by python -m bench.publish -->", "<!-- end of figures -->"


def published(page: str, results: Mapping[str, Any]) -> str:
    """The page with the figures of these results in place of those it had."""
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n" + "\n".join(_figures(results["sections"])) + f"\n{END}{after}"


def _figures(sections: Mapping[str, Any]) -> Iterator[str]:
    for name in SECTIONS:
        if name not in sections:
            continue
        section = sections[name]
        machine = section["machine"]
        yield f"### Section `{name}`\n"
        yield f"{machine['processor']}, {machine['cores']} cores, load {machine['load']} at the end.\n"
        if section["figures"]:
            columns = ("work", "way", "p50", "p99", "per_second", "cpu_p50", "cpu_p99")
            heads = ("work", "way", "p50 ms", "p99 ms", "per second", "processor p50 ms", "processor p99 ms")
            yield from _table(heads, [[figure[column] for column in columns] for figure in section["figures"]])
        for table in section["tables"]:
            yield f"**{table['title'][0].upper()}{table['title'][1:]}**\n"
            yield from _table(table["columns"], table["rows"])
            if table["note"]:
                yield " ".join(table["note"].split()) + "\n"


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[str]:
    yield "| " + " | ".join(columns) + " |"
    yield "|" + "---|" * len(columns)
    for row in rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"
    yield ""


def _cell(cell: Any) -> str:
    if isinstance(cell, float):
        return f"{cell:,.3f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


if __name__ == "__main__":
    PAGE.write_text(published(PAGE.read_text(), json.loads(RESULTS.read_text())))
