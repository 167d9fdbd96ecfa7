"""The documentation shows what was measured and nothing else."""

import json

from bench import publish

RESULTS = {
    "sections": {
        "engine": {
            "machine": {"processor": "Chip", "cores": 2, "load": 0.5},
            "figures": [
                {
                    "work": "page", "way": "suite", "p50": 0.1, "p99": 0.2,
                    "per_second": 9000.0, "cpu_p50": 0.1, "cpu_p99": 0.15,
                }
            ],
            "tables": [
                {"title": "memory", "columns": ["products", "MB"], "rows": [[50000, 120.5]], "note": "a\n  note"}
            ],
        }
    }
}  # fmt: skip


def test_tables_are_put_between_the_markers():
    page = f"# Title\n\n{publish.BEGIN}\n\nold\n\n{publish.END}\nlast\n"

    written = publish.published(page, RESULTS)

    assert written.startswith("# Title\n\n")
    assert written.endswith(f"{publish.END}\nlast\n")
    assert "old" not in written
    assert "Chip, 2 cores, load 0.5 at the end." in written
    assert "| page | suite | 0.100 | 0.200 | 9,000.000 | 0.100 | 0.150 |" in written
    assert "**Memory**\n\n| products | MB |\n|---|---|\n| 50,000 | 120.500 |\n\na note\n" in written
    assert publish.published(written, RESULTS) == written


def test_the_page_shows_the_last_results():
    """When this fails, the results are newer than the page: python -m bench.publish."""
    page, results = publish.PAGE.read_text(), json.loads(publish.RESULTS.read_text())

    assert publish.published(page, results) == page


def test_the_page_of_addresses_shows_the_last_results():
    """When this fails, the results are newer than the page: python -m bench.publish."""
    page, results = publish.PLACES_PAGE.read_text(), json.loads(publish.RESULTS.read_text())

    assert publish.published(page, results, publish.PLACES) == page
    assert "Chinese premises" in page


def test_the_page_on_saleor_shows_the_last_results():
    """When this fails, the results are newer than the page: python -m bench.publish."""
    page, results = publish.SALEOR_PAGE.read_text(), json.loads(publish.RESULTS.read_text())

    assert publish.published(page, results, publish.ON_SALEOR) == page
    assert "| checkout of two lines, from cart to order | suite |" in page


def test_the_capacity_is_that_of_the_last_results():
    """When this fails, the results are newer than the page: python -m bench.publish."""
    page, results = publish.CAPACITY_PAGE.read_text(), json.loads(publish.RESULTS.read_text())

    assert publish.capacity(page, results) == page
    assert "| search page over HTTP | suite, persisted |" in page
    assert "raw SQL |" not in page.partition(publish.BEGIN)[2].partition(publish.END)[0]
