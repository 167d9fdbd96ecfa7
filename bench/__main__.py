"""`make bench`: every section in turn, or the sections named: `python -m bench relevance engine`.

Prints tables and writes bench/results.json. Sections that measure the running suite's data need the demonstration: run
`make run` once before. The others make what they measure.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from bench import report
from demo.machine import Machine
from kernel import postgres

RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True)
class Section:
    """A module with `figures()`; one that needs the demonstration reads its tables, one that needs variables of the
    environment is skipped without them.
    """

    name: str
    module: str
    needs_demonstration: bool
    variables: tuple[str, ...] = ()


SECTIONS = (
    Section("availability", "bench.availability", True),
    Section("live", "bench.live", True),
    Section("opening", "bench.opening", False),
    Section("search", "bench.search", True),
    Section("relevance", "bench.relevance.section", False),
    Section("engine", "bench.engine", False),
    Section("growth", "bench.growth", False),
    Section("stock", "bench.stock", False),
    Section("serviceability", "bench.serviceability", False),
    Section("serviceability_http", "bench.serviceability_http", False),
    Section("bundles", "bench.bundles", False),
    Section("http", "bench.http", True),
    Section("saleor", "bench.saleor", False, ("SALEOR_API_URL", "SALEOR_APP_TOKEN")),
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="section", help=", ".join(one.name for one in SECTIONS))
    asked = parser.parse_args().sections
    unknown = set(asked) - {section.name for section in SECTIONS}
    if unknown:
        parser.error(f"there is no section {', '.join(sorted(unknown))}")
    with _server_left_as_found(Machine.here()):
        return _run_all([section for section in SECTIONS if not asked or section.name in asked])


@contextmanager
def _server_left_as_found(machine: Machine) -> Iterator[None]:
    """Stops the machine's own PostgreSQL at the end when a section started it."""
    directory = machine.var / "postgres"
    was_running = (directory / "postmaster.pid").exists()
    try:
        yield
    finally:
        if not was_running:
            postgres.stop_server(directory)


def _run_all(chosen: Sequence[Section]) -> int:
    for section in chosen:
        if unset := [name for name in section.variables if not os.environ.get(name)]:
            print(f"skipped {section.name}: {' and '.join(unset)} not set")
    chosen = [section for section in chosen if all(map(os.environ.get, section.variables))]
    has_demonstration = _enter_demonstration() if any(one.needs_demonstration for one in chosen) else False
    left_out = [one.name for one in chosen if one.needs_demonstration and not has_demonstration]
    for section in chosen:
        if section.name not in left_out:
            # At once, so that what was measured stays when a later section fails.
            _write(section.name, _run(section))
    if left_out:
        print(f"\nerror: left out {', '.join(left_out)}: there is no demonstration yet. Start the suite once: make run")
    return 1 if left_out else 0


def _enter_demonstration() -> bool:
    """Set Django up on the demonstration's database; False when there is none."""
    machine = Machine.here()
    if not (machine.var / "demo" / "loaded").exists():
        return False
    os.environ.update(machine.suite_environment())
    django.setup()
    return True


def _run(section: Section) -> dict[str, Any]:
    started = time.monotonic()
    # Imported only now: some reach the models, which must be set up before.
    results = list(import_module(section.module).figures())
    seconds = round(time.monotonic() - started, 1)
    print(f"\n== {section.name} ({seconds} s)\n", *report.lines(results), sep="\n")
    return {"seconds": seconds, **report.data(results)}


def _write(name: str, found: dict[str, Any]) -> None:
    """Put a section's figures in place of those of its last run, with what is to be known of the machine."""
    sections = json.loads(RESULTS.read_text())["sections"] if RESULTS.exists() else {}
    sections[name] = {**found, "machine": _machine()}
    RESULTS.write_text(json.dumps({"sections": sections}, indent=1, ensure_ascii=False) + "\n")


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return names[0].split(":")[1].strip() if names else platform.processor()


if __name__ == "__main__":
    sys.exit(main())
