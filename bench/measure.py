"""Timing one piece of work."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

WARM_UP = 20
ROUNDS = 300
# A bar is shown for what takes longer than people like to wait.
PATIENCE_SECONDS = 2


@dataclass(frozen=True)
class Figure:
    """Milliseconds of one way to do one piece of work."""

    work: str
    way: str
    p50: float
    p99: float
    per_second: float

    @property
    def mean(self) -> float:
        """Milliseconds on average."""
        return 1000 / self.per_second


def measure(work: str, way: str, act: Callable[[int], object], rounds: int = ROUNDS) -> Figure:
    """Time `act(round)`; the first rounds are not counted."""
    for number in range(WARM_UP):
        act(number)
    times = []
    for number in progress(range(rounds), f"{work}: {way}"):
        started = time.perf_counter()
        act(number)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    return Figure(
        work=work,
        way=way,
        p50=round(statistics.median(times), 3),
        p99=round(times[min(len(times) - 1, int(len(times) * 0.99))], 3),
        per_second=round(1000 / statistics.mean(times), 1),
    )


def progress(things: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The things, with a bar when going through them takes a while."""
    yield from tqdm(things, desc=what, total=total, leave=False, delay=PATIENCE_SECONDS, mininterval=0.5)
