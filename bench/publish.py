"""`python -m bench.publish`: puts the tables of the last run into the documents, between their markers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results.json"
DOCS = Path(__file__).parent.parent / "docs"
PAGE, CAPACITY_PAGE = DOCS / "search-quality.md", DOCS / "operate.md"
PLACES_PAGE, SALEOR_PAGE = DOCS / "serviceability.md", DOCS / "saleor.md"
SECTIONS = ("relevance", "engine", "growth", "live", "search", "http")
PLACES = ("serviceability", "serviceability_http")
ON_SALEOR = ("saleor",)
# What one server process, or one database, takes: by section, the ways that are the suite's own.
CAPACITY = ("http", "availability", "live", "stock", "opening")
BEGIN, END = "<!-- figures: written by python -m bench.publish -->", "<!-- end of figures -->"


def published(page: str, results: Mapping[str, Any], names: Sequence[str] = SECTIONS) -> str:
    """The page with the figures of these sections in place of those it had."""
    return _between_markers(page, _figures(results["sections"], names))


def capacity(page: str, results: Mapping[str, Any]) -> str:
    """The page with the suite's own rates in place of those it had."""
    return _between_markers(page, _rates(results["sections"]))


def _between_markers(page: str, lines: Iterator[str]) -> str:
    before, _begin, rest = page.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n{END}{after}"


def _rates(sections: Mapping[str, Any]) -> Iterator[str]:
    found = [(name, figure) for name in CAPACITY if name in sections for figure in sections[name]["figures"]]
    rows = [
        (figure["work"], figure["way"], figure["per_second"], figure["p50"], figure["p99"])
        for _name, figure in found
        if figure["way"].startswith("suite")
    ]
    yield from _table(("work", "way", "per second", "p50 ms", "p99 ms"), rows)
    machine = sections[found[0][0]]["machine"]
    yield f"Measured on one machine with everything on it: {machine['processor']}, {machine['cores']} cores.\n"
    for table in sections.get("growth", {}).get("tables", ()):
        yield f"**{table['title'][0].upper()}{table['title'][1:]}**\n"
        yield from _table(table["columns"], table["rows"])


def _figures(sections: Mapping[str, Any], names: Sequence[str]) -> Iterator[str]:
    for name in names:
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
    measured = json.loads(RESULTS.read_text())
    PAGE.write_text(published(PAGE.read_text(), measured))
    CAPACITY_PAGE.write_text(capacity(CAPACITY_PAGE.read_text(), measured))
    PLACES_PAGE.write_text(published(PLACES_PAGE.read_text(), measured, PLACES))
    SALEOR_PAGE.write_text(published(SALEOR_PAGE.read_text(), measured, ON_SALEOR))
