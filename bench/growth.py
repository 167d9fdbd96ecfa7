"""The growth section: what a catalogue of some size costs the suite's engine, each in a process of its own.

With BENCH_LARGE=1 up to 500,000 products, which takes ten minutes. One size alone: `python -m bench.growth 50000`.
"""

import ctypes
import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.measure import progress
from bench.report import Result, Table

ROUNDS = 200
SIZES = (50_000,)
LARGE = (50_000, 100_000, 250_000, 500_000)


@dataclass(frozen=True)
class Size:
    """Seconds to build, megabytes the process grew by, at its end and at its peak, and milliseconds a page."""

    products: int
    build_seconds: float
    resident_mb: float
    peak_mb: float
    p50: float
    p99: float
    mean: float


def figures() -> Iterator[Result]:
    sizes = LARGE if os.environ.get("BENCH_LARGE") else SIZES
    found = [measured(size) for size in progress(sizes, "sizes in processes of their own")]
    rows = tuple(
        (size.products, size.build_seconds, size.resident_mb, size.peak_mb, size.p50, size.p99, size.mean)
        for size in found
    )
    columns = ("products", "build s", "memory MB", "at its peak MB", "p50 ms", "p99 ms", "mean ms")
    note = "" if sizes is LARGE else "BENCH_LARGE=1 measures the growth to 500,000 products."
    yield Table("the suite by size of the catalogue, each in a process of its own", columns, rows, note)


def measured(products: int) -> Size:
    """The figures of a fresh process, so that nothing else is counted."""
    command = [sys.executable, "-m", "bench.growth", str(products)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return Size(**json.loads(found.stdout))


def _measure(count: int) -> Size:
    # Imported before the first look at the memory: what is counted is the catalogue's, not the libraries'.
    from bench import synthetic
    from bench.measure import measure
    from bench.peers.suite import Suite
    from bench.questions import questions

    Suite(synthetic.products(10)).search(questions(list(synthetic.products(100)), 1)[0])
    before = _resident()
    started = time.monotonic()
    # Documents are made while the engine reads them: none is kept but by the engine.
    suite = Suite(progress(synthetic.products(count), f"index {count:,}", count))
    built = time.monotonic() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    resident = _resident()
    asked = questions(list(synthetic.products(min(count, 50_000))), ROUNDS)
    figure = measure(f"page at {count:,}", "suite", lambda n: suite.search(asked[n % ROUNDS]), rounds=ROUNDS)
    return Size(
        products=count,
        build_seconds=round(built, 1),
        resident_mb=round(resident - before),
        peak_mb=round(peak - before),
        p50=figure.p50,
        p99=figure.p99,
        mean=round(figure.mean, 3),
    )


def _resident() -> float:
    """Megabytes of memory that the process holds, after what is free was given back."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(int(sys.argv[1])))))
