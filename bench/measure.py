"""Timing one piece of work."""

import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tqdm import tqdm

T = TypeVar("T")

WARM_UP = 20
ROUNDS = 300
REPEATS = 3
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
    taken = [timed(act, number) for number in progress(range(rounds), f"{work}: {way}")]
    return _figure(work, way, [clock for clock, _busy in taken], [busy for _clock, busy in taken])


def _figure(work: str, way: str, times: Sequence[float], busy: Sequence[float]) -> Figure:
    return Figure(
        work=work,
        way=way,
        p50=round(statistics.median(times), 3),
        p99=round(percentile(times, 0.99), 3),
        per_second=round(1000 / statistics.mean(times), 1),
        cpu_p50=round(statistics.median(busy), 3),
        cpu_p99=round(percentile(busy, 0.99), 3),
    )


def measure_together(
    work: str, acts: Mapping[str, Callable[[int], object]], rounds: int = ROUNDS, repeats: int = REPEATS
) -> list[Figure]:
    """Time several ways to do the same in turns of all rounds, so that what disturbs the machine disturbs all of them.

    The time of a round is the median of its `repeats` turns.
    """
    for number in range(WARM_UP):
        for act in acts.values():
            act(number)
    turns: dict[str, list[list[tuple[float, float]]]] = {way: [] for way in acts}
    for _turn in progress(range(repeats), work):
        for way, act in acts.items():
            turns[way].append([timed(act, number) for number in range(rounds)])
    found = []
    for way, own in turns.items():
        times, busy = (
            [statistics.median(t[which] for t in same) for same in zip(*own, strict=True)] for which in (0, 1)
        )
        found.append(_figure(work, way, times, busy))
    return found


def timed(act: Callable[[int], object], number: int) -> tuple[float, float]:
    """Milliseconds by the clock and of the processor."""
    started, began = time.perf_counter(), time.thread_time()
    act(number)
    return (time.perf_counter() - started) * 1000, (time.thread_time() - began) * 1000


def percentile(times: Sequence[float], share: float) -> float:
    """What so large a share of the times, in any order, does not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def progress(things: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The things, with a bar when going through them takes a while."""
    yield from tqdm(things, desc=what, total=total, leave=False, delay=PATIENCE_SECONDS, mininterval=0.5)
