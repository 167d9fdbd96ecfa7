"""Timing one piece of work."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
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
    """Milliseconds of one way to do one piece of work, by the clock and (`cpu_`) of this thread's processor time.

    On a busy machine the clock also counts what other processes do; the processor's time does not. It says nothing of
    work done elsewhere, such as in a database.
    """

    work: str
    way: str
    p50: float
    p99: float
    per_second: float
    cpu_p50: float = 0.0
    cpu_p99: float = 0.0

    @property
    def mean(self) -> float:
        """Milliseconds on average."""
        return 1000 / self.per_second


def measure(work: str, way: str, act: Callable[[int], object], rounds: int = ROUNDS) -> Figure:
    """Time `act(round)`; the first rounds are not counted."""
    for number in range(WARM_UP):
        act(number)
    times, busy = [], []
    for number in progress(range(rounds), f"{work}: {way}"):
        started, began = time.perf_counter(), time.thread_time()
        act(number)
        busy.append((time.thread_time() - began) * 1000)
        times.append((time.perf_counter() - started) * 1000)
    return Figure(
        work=work,
        way=way,
        p50=round(statistics.median(times), 3),
        p99=round(_percentile(times, 0.99), 3),
        per_second=round(1000 / statistics.mean(times), 1),
        cpu_p50=round(statistics.median(busy), 3),
        cpu_p99=round(_percentile(busy, 0.99), 3),
    )


def _percentile(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def progress(things: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The things, with a bar when going through them takes a while."""
    yield from tqdm(things, desc=what, total=total, leave=False, delay=PATIENCE_SECONDS, mininterval=0.5)
