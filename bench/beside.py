"""Searches at a steady pace while products change: what an update takes from who searches."""

import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from bench.measure import percentile, progress, timed
from bench.peers.suite import Suite
from bench.questions import Question
from bench.report import Table
from kernel import following
from plugins.guided_search import collector
from plugins.guided_search.documents import ProductDocument

Change = Callable[[ProductDocument, int], ProductDocument]

SEARCHES, PAUSE_SECONDS = 1500, 0.005
# Products that change at once, and how long nothing changes then.
CHANGED, QUIET_SECONDS = (1, 100), 0.3


def table(suite: Suite, documents: Sequence[ProductDocument], asked: Sequence[Question]) -> Table:
    """Milliseconds of a search by itself, and beside changes of prices and of names with a word that no other has."""
    with _as_a_server():
        rows: list[tuple[str | float, ...]] = [("nothing", 0, *_row(suite, documents[:0], _priced, asked))]
        for what, change in {"prices": _priced, "words": _named}.items():
            rows += [(what, count, *_row(suite, documents[:count], change, asked)) for count in CHANGED]
    columns = ("what changes", "products at once", "times", "p50 ms", "p99 ms", "slowest ms", "an update ms")
    return Table(f"searches while products change, {QUIET_SECONDS} s between changes", columns, tuple(rows))


def _row(
    suite: Suite, documents: Sequence[ProductDocument], change: Change, asked: Sequence[Question]
) -> tuple[float, ...]:
    with _changing(suite, documents, change) as updates:
        times = list(_searching(suite, asked, f"search while {len(documents)} products change"))
    figures = (*(percentile(times, share) for share in (0.5, 0.99, 1)), percentile(updates or [0.0], 0.5))
    return len(updates), *(round(figure, 2) for figure in figures)


def _priced(document: ProductDocument, turn: int) -> ProductDocument:
    return replace(document, variants=tuple(replace(one, price=Decimal(100 + turn)) for one in document.variants))


def _named(document: ProductDocument, turn: int) -> ProductDocument:
    return replace(document, name=f"{document.name} renewed{turn}")


def _searching(suite: Suite, asked: Sequence[Question], what: str) -> Iterator[float]:
    for number in progress(range(SEARCHES), what):
        clock, _busy = timed(lambda at: suite.search(asked[at % len(asked)]), number)
        yield clock
        time.sleep(PAUSE_SECONDS)


@contextmanager
def _as_a_server() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(following.SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@contextmanager
def _changing(suite: Suite, documents: Sequence[ProductDocument], change: Change) -> Iterator[list[float]]:
    """Another thread changes these products again and again; gives the milliseconds of each update."""
    times: list[float] = []
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(QUIET_SECONDS):
            changed = [change(document, len(times)) for document in documents]
            with collector.waiting():
                clock, _busy = timed(lambda _turn, changed=changed: suite.update(changed), len(times))
            times.append(clock)

    thread = threading.Thread(target=work)
    if documents:
        thread.start()
    try:
        yield times
    finally:
        ended.set()
        if documents:
            thread.join()
