"""Full qualification of an address in free text among a million made-up premises: how long, how right, how large.

In process: parse, match, footprints, ladder, capacity, days, reasons; each text is another one. Beside it the parts,
and the same look-up by a dictionary of whole labels, which forgives nothing. Of texts with a mistake: how often the
right premises come first, and whether anything wrong was called EXACT; in the United States, and in China of a hundred
thousand premises. With BENCH_LARGE=1 the growth to ten million, each size in a process of its own, which takes ten
minutes and six gigabytes; one size alone: `python -m bench.serviceability 10000000`.
"""

import ctypes
import datetime as dt
import gc
import json
import os
import random
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import django

from bench import chinese_premises, premises
from bench.measure import Figure, measure, progress
from bench.report import Result, Table
from plugins.serviceability import geometry
from plugins.serviceability.index import Index, Row
from plugins.serviceability.network import Area, Network
from plugins.serviceability.qualification import Category, Confidence, Technology
from plugins.serviceability.workdays import Calendar

COUNT = int(os.environ.get("PREMISES", "1000000"))
TEXTS = int(os.environ.get("TEXTS", "100000"))
ROUNDS = 5000
CHINESE = 100_000
GROWTH = (10_000, 100_000)
LARGE = (1_000_000, 10_000_000)
# Of a large number about so many are kept to ask for.
SAMPLE = 20_000
COLUMNS = ("texts", "count", "right first %", "EXACT and right %", "EXACT and wrong")
FOOTPRINTS = 20_000
CLEAN, TYPO, DIGIT, ABSENT = (
    "as written", "one typo in a word", "one digit of a number wrong", "premises that are not there",
)  # fmt: skip


def figures() -> Iterator[Result]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    django.setup()
    batches = list(progress(premises.rows(COUNT), "making premises", COUNT // premises.BATCH))
    sizes = []
    for count in (*(one for one in GROWTH if one < COUNT), COUNT):
        before = _resident()
        started = time.perf_counter()
        index = Index.build(_first(batches, count))
        seconds = time.perf_counter() - started
        sizes.append((count, round(seconds, 2), round(index.bytes / 1e6, 1), round(_resident() - before)))
    gc.collect()
    gc.freeze()
    rows = [row for batch in batches for row in batch]
    network = _network(rows)
    yield from _times(index, network, rows)
    yield _rightness(index, batches, rows)
    yield _chinese_rightness()
    note = "arrays alone, and how much the process grew at its highest, words and what is needed to build included"
    yield Table("start and size", ("premises", "seconds to build", "MB arrays", "MB process"), tuple(sizes), note)
    if os.environ.get("BENCH_LARGE"):
        columns = ("premises", "seconds to build", "MB arrays", "MB process", "MB at its peak", "p50 ms", "p99 ms")
        grown = tuple(_in_a_process(size) for size in progress(LARGE, "sizes in processes of their own"))
        yield Table("growth: qualify free text, whole", columns, grown, "read as they are made, which is not counted")


def _in_a_process(count: int) -> tuple[float, ...]:
    command = [sys.executable, "-m", "bench.serviceability", str(count)]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return tuple(json.loads(found.stdout))


def _grown(count: int) -> tuple[float, ...]:
    """One size in this process: premises are read as they are made, and none but a sample is kept."""
    django.setup()
    sample: list[Row] = []
    making = 0.0

    def batches() -> Iterator[list[Row]]:
        nonlocal making
        made = premises.rows(count)
        started = time.perf_counter()
        for batch in progress(made, f"index {count:,}", count // premises.BATCH):
            making += time.perf_counter() - started
            sample.extend(batch[:: max(1, count // SAMPLE)])
            yield batch
            started = time.perf_counter()

    before, started = _resident(), time.perf_counter()
    index = Index.build(batches())
    seconds = time.perf_counter() - started - making
    peak = _resident()
    gc.collect()
    gc.freeze()
    ctypes.CDLL(None).malloc_trim(0)
    held = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    network = _network(sample)
    chance = random.Random("texts")
    texts = [premises.typed(chance.choice(sample), chance) for _number in range(ROUNDS + 20)]
    found = measure(f"{count:,}", "whole", lambda number: _qualify(index, network, texts[number]), ROUNDS)
    sizes = (index.bytes / 1e6, held - before, peak - before)
    return count, round(seconds, 1), *(round(one) for one in sizes), found.p50, found.p99


def _first(batches: Sequence[list[Row]], count: int) -> Iterator[list[Row]]:
    for batch in batches:
        yield batch[:count]
        count -= len(batch)
        if count <= 0:
            return


def _resident() -> float:
    """Megabytes that the process had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def footprints(rows: Sequence[Row]) -> Iterator[tuple[Area, list[geometry.Polygon]]]:
    """20,000 footprints of 64 corners around premises."""
    chance = random.Random("footprints")
    for number in range(FOOTPRINTS):
        row = chance.choice(rows)
        corners = []
        for x, y in _circle(64):
            far = chance.uniform(0.004, 0.006)
            corners.append([row.longitude + far * x, row.latitude + far * y])
        polygon = geometry.polygons({"type": "Polygon", "coordinates": [[*corners, corners[0]]]}, "US")
        technology = chance.choice((Technology.FTTH, Technology.FIXED_WIRELESS, Technology.NR, Technology.LTE))
        yield Area(f"F{number}", technology, True, None, 1000, 500, row.copper_node or ""), polygon


def _network(rows: Sequence[Row]) -> Network:
    chance = random.Random("days")
    today = dt.datetime.now(dt.UTC).date()
    nodes = {node for row in rows for node in (row.fibre_node, row.coax_node, row.copper_node) if node}
    days = {node: today + dt.timedelta(days=chance.choice((-30, -30, 12))) for node in sorted(nodes)}
    return Network.of(footprints(rows), days, {"US": Calendar("America/Chicago")})


def _circle(corners: int) -> list[tuple[float, float]]:
    from math import cos, pi, sin

    return [(cos(2 * pi * number / corners), sin(2 * pi * number / corners)) for number in range(corners)]


def _times(index: Index, network: Network, rows: Sequence[Row]) -> Iterator[Figure]:
    from plugins.serviceability import suggesting
    from plugins.serviceability.matching import match

    chance = random.Random("texts")
    clean = [premises.typed(chance.choice(rows), chance) for _number in range(ROUNDS + 20)]
    typos = [premises.with_typo(text, chance) for text in clean]
    work = f"one of {COUNT:,} premises"

    def qualify(text: str) -> None:
        _qualify(index, network, text)

    yield measure(work, "qualify free text, whole", lambda number: qualify(clean[number]), ROUNDS)
    yield measure(work, "qualify with a typo, whole", lambda number: _tried(qualify, typos[number]), ROUNDS)
    yield measure(work, "match alone", lambda number: match(index, clean[number]), ROUNDS)
    yield measure(work, "suggest while typing", lambda n: suggesting.suggest(index, clean[n][: 8 + n % 12], 8), ROUNDS)
    labels = {index.address(row).label: row for row in range(0, len(index), 50)}
    wanted = list(labels)
    yield measure(work, "peer: dictionary of whole labels", lambda n: labels.get(wanted[n % len(wanted)]), ROUNDS)


def _qualify(index: Index, network: Network, text: str) -> None:
    """All that is done for an answer but to keep it."""
    from plugins.serviceability import asking
    from plugins.serviceability.asking import Question

    question = Question(text=text, categories=tuple(Category))
    asking.answer(network, asking.locate(index, network, question), question)


def _tried(act, text: str) -> None:  # type: ignore[no-untyped-def]
    from kernel.errors import ApiError

    try:
        act(text)
    except ApiError:
        return


def _rightness(index: Index, batches: Sequence[list[Row]], rows: Sequence[Row]) -> Table:
    found = []
    for what, digits in ((CLEAN, None), (TYPO, False), (DIGIT, True)):

        def text(row: Row, chance: random.Random, digits: bool | None = digits) -> str:
            typed = premises.typed(row, chance)
            return typed if digits is None else premises.with_typo(typed, chance, digits=digits)

        found.append(_asked(what, index, rows, text))
    found.append(_absent(batches))
    note = "a wrong digit makes another address: where that exists, EXACT for it is right, and counts as wrong here"
    return Table("rightness", COLUMNS, tuple(found), note)


def _chinese_rightness() -> Table:
    batches = list(chinese_premises.rows(CHINESE))
    index, rows = Index.build(batches), [row for batch in batches for row in batch]

    def with_typo(row: Row, chance: random.Random) -> str:
        return chinese_premises.with_typo(chinese_premises.typed(row, chance), row.street, chance)

    found = (
        _asked(CLEAN, index, rows, chinese_premises.typed),
        _asked("one typo in the road", index, rows, with_typo),
    )
    return Table(f"rightness, {CHINESE:,} Chinese premises", COLUMNS, found)


def _asked(
    what: str, index: Index, rows: Sequence[Row], text: Callable[[Row, random.Random], str]
) -> tuple[str, int, float, float, int]:
    """How many of so many texts find the premises that they are made of."""
    from plugins.serviceability.matching import match

    chance = random.Random(what)
    tally: Counter[str] = Counter()
    for _number in progress(range(TEXTS), what):
        wanted = chance.choice(rows)
        best = match(index, text(wanted, chance))
        tally["first"] += bool(best and best.candidates and index.code(best.candidates[0]) == wanted.code)
        if best is not None and best.confidence is Confidence.EXACT:
            assert best.row is not None
            tally["exact" if index.code(best.row) == wanted.code else "wrong"] += 1
    first, exact = (round(tally[name] / TEXTS * 100, 3) for name in ("first", "exact"))
    return what, TEXTS, first, exact, tally["wrong"]


def _absent(batches: Sequence[list[Row]]) -> tuple[str, int, str, str, int]:
    """Every tenth of 200,000 premises is left out, and asked for as written."""
    from plugins.serviceability.matching import match

    some = [row for batch in batches[:4] for row in batch]
    index = Index.build([[row for number, row in enumerate(some) if number % 10]])
    chance = random.Random(ABSENT)
    wrong = 0
    for row in progress(some[::10], ABSENT):
        best = match(index, premises.typed(row, chance))
        wrong += best is not None and best.confidence is Confidence.EXACT
    return ABSENT, len(some[::10]), "", "", wrong


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    print(json.dumps(_grown(int(sys.argv[1]))))
