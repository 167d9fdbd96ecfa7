"""`make bench`: prints a table and writes bench/results.json. Needs the demonstration: run `make run` once before."""

import json
import os
import platform
import sys
from dataclasses import asdict
from pathlib import Path

import django

from bench.measure import Figure
from demo.machine import Machine

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    machine = Machine.here()
    if not (machine.var / "demo" / "loaded").exists():
        print("error: There is no demonstration yet. Start the suite once: make run", file=sys.stderr)
        return 1
    os.environ.update(machine.suite_environment())
    django.setup()
    # Imported after the set-up: both reach the models.
    from bench import availability, search

    figures = [*search.figures(), *availability.figures()]
    _print(figures)
    machine_facts = {"python": platform.python_version(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    RESULTS.write_text(json.dumps({"machine": machine_facts, "figures": [asdict(f) for f in figures]}, indent=2) + "\n")
    return 0


def _print(figures: list[Figure]) -> None:
    print(f"{'work':<44} {'way':<34} {'p50 ms':>9} {'p99 ms':>9} {'per s':>9}")
    for figure in figures:
        row = f"{figure.work:<44} {figure.way:<34} {figure.p50:>9.2f} {figure.p99:>9.2f} {figure.per_second:>9.0f}"
        print(row)


if __name__ == "__main__":
    sys.exit(main())
