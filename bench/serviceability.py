"""Full qualification of an address in free text among a million made-up premises: how long, how right, how large.

In process: parse, match, footprints, ladder, capacity, days, reasons; each text is another one. Beside it the parts,
and the same look-up by a dictionary of whole labels, which forgives nothing. Of texts with a mistake: how often the
right premises come first, and whether anything wrong was called EXACT.
"""

import datetime as dt
import gc
import os
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import django

from bench import premises
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
GROWTH = (10_000, 100_000)
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
    note = "arrays alone, and how much the process grew at its highest, words and what is needed to build included"
    yield Table("start and size", ("premises", "seconds to build", "MB arrays", "MB process"), tuple(sizes), note)


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
    from plugins.serviceability import asking, suggesting
    from plugins.serviceability.asking import Question
    from plugins.serviceability.matching import match

    chance = random.Random("texts")
    clean = [premises.typed(chance.choice(rows), chance) for _number in range(ROUNDS + 20)]
    typos = [premises.with_typo(text, chance) for text in clean]
    work = f"one of {COUNT:,} premises"

    def qualify(text: str) -> None:
        question = Question(text=text, categories=tuple(Category))
        found = asking.locate(index, network, question)
        asking.answer(network, found, question)

    yield measure(work, "qualify free text, whole", lambda number: qualify(clean[number]), ROUNDS)
    yield measure(work, "qualify with a typo, whole", lambda number: _tried(qualify, typos[number]), ROUNDS)
    yield measure(work, "match alone", lambda number: match(index, clean[number]), ROUNDS)
    yield measure(work, "suggest while typing", lambda n: suggesting.suggest(index, clean[n][: 8 + n % 12], 8), ROUNDS)
    labels = {index.address(row).label: row for row in range(0, len(index), 50)}
    wanted = list(labels)
    yield measure(work, "peer: dictionary of whole labels", lambda n: labels.get(wanted[n % len(wanted)]), ROUNDS)


def _tried(act, text: str) -> None:  # type: ignore[no-untyped-def]
    from kernel.errors import ApiError

    try:
        act(text)
    except ApiError:
        return


def _rightness(index: Index, batches: Sequence[list[Row]], rows: Sequence[Row]) -> Table:
    from plugins.serviceability.matching import match

    found = []
    for what, digits in ((CLEAN, None), (TYPO, False), (DIGIT, True)):
        chance = random.Random(what)
        tally: Counter[str] = Counter()
        for _number in progress(range(TEXTS), what):
            wanted = chance.choice(rows)
            text = premises.typed(wanted, chance)
            if digits is not None:
                text = premises.with_typo(text, chance, digits=digits)
            best = match(index, text)
            tally["first"] += bool(best and best.candidates and index.code(best.candidates[0]) == wanted.code)
            if best is not None and best.confidence is Confidence.EXACT:
                assert best.row is not None
                right = index.code(best.row) == wanted.code
                tally["exact" if right else "wrong"] += 1
        shares = (round(tally[name] / TEXTS * 100, 3) for name in ("first", "exact"))
        found.append((what, TEXTS, *shares, tally["wrong"]))
    found.append(_absent(batches))
    note = "a wrong digit makes another address: where that exists, EXACT for it is right, and counts as wrong here"
    columns = ("texts", "count", "right first %", "EXACT and right %", "EXACT and wrong")
    return Table("rightness", columns, tuple(found), note)


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
