"""The engine section: a result page with all its counts, the suite beside tantivy and PostgreSQL in one run.

50,000 made-up products, 300 questions with two filters each, six dimensions with "or" counts, 24 products.
"""

import gc
import os
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from bench import bad_inputs, beside, synthetic
from bench.measure import Figure, measure, measure_together, progress
from bench.peers import Engine
from bench.peers.postgres_peer import Postgres
from bench.peers.suite import Suite
from bench.peers.tantivy_peer import Tantivy
from bench.questions import DIMENSIONS, Question, questions
from bench.report import Result, Table
from demo.machine import Machine
from kernel import postgres
from plugins.guided_search.documents import ProductDocument

E = TypeVar("E", bound=Engine)

PRODUCTS = 50_000
QUESTIONS = 300
AGREEMENT_SAMPLE = 60
CHANGED = (1, 100, 1000)


def figures(products: int = PRODUCTS) -> Iterator[Result]:
    documents = list(progress(synthetic.products(products), "make products", products))
    asked = questions(documents, QUESTIONS)
    seconds: dict[str, float] = {}
    suite = _built(Suite, documents, seconds)
    tantivy = _built(Tantivy, documents, seconds)
    with closing(_built(lambda found: Postgres(_database(), found), documents, seconds)) as database:
        gc.collect()
        work = f"page of 24 of {products:,}, 2 filters, 6 dimensions"
        ways = {suite.forgetful: _asking(suite.search_anew, asked)}
        ways[suite.name] = _as_it_runs(suite, asked)
        # Behind the one before, that has asked for every text.
        ways[suite.narrowing] = _asking(suite.search, asked)
        peers = {engine.name: _asking(engine.search, asked) for engine in (tantivy, database)}
        timed = measure_together(work, ways | peers, rounds=QUESTIONS)
        yield from timed
        own, others = timed[: len(ways)], timed[len(ways) :]
        yield from (_ratios(figure, others) for figure in own)
        yield _same_work(suite, (tantivy, database), asked)
        yield _agreement(suite, (tantivy, database), asked[:AGREEMENT_SAMPLE])
    yield _by_kind(suite, asked)
    yield from _suggesting(suite, asked, products)
    yield bad_inputs.table(suite)
    yield from _updates(suite, documents)
    yield beside.table(suite, documents, asked)
    yield Table("build", ("way", "seconds"), tuple(seconds.items()))


def _built(
    make: Callable[[Iterable[ProductDocument]], E], documents: Sequence[ProductDocument], seconds: dict[str, float]
) -> E:
    started = time.monotonic()
    engine = make(progress(documents, "build an engine"))
    seconds[engine.name] = round(time.monotonic() - started, 1)
    return engine


def _asking(search: Callable[[Question], object], asked: Sequence[Question]) -> Callable[[int], object]:
    return lambda number: search(asked[number % len(asked)])


def _as_it_runs(suite: Suite, asked: Sequence[Question]) -> Callable[[int], object]:
    """Each time from a fresh start: texts come again as often as the questions ask for them again."""

    def act(number: int) -> object:
        if number == 0:
            suite.forget()
        return suite.search(asked[number])

    return act


def _ratios(own: Figure, peers: Sequence[Figure]) -> Table:
    rows = tuple(
        (peer.way, round(peer.mean / own.mean, 1), round(peer.p50 / own.p50, 1), round(peer.p99 / own.p99, 1))
        for peer in peers
    )
    return Table(f"times the time of: {own.way}", ("peer", "mean", "p50", "p99"), rows)


def _same_work(suite: Suite, peers: Sequence[Engine], asked: Sequence[Question]) -> Table:
    """Only the questions to which both give the same, not empty, answer: a peer that finds nothing has less to do."""
    totals = [suite.search(question).total for question in asked]
    rows = []
    for peer in peers:
        same: list[Question] = [
            question
            for question, total in zip(progress(asked, f"the same work as {peer.name}"), totals, strict=True)
            if total and peer.search(question).total == total
        ]
        acts = {suite.forgetful: _asking(suite.search_anew, same), peer.name: _asking(peer.search, same)}
        anew, theirs = (figure.mean for figure in measure_together(peer.name, acts, rounds=len(same)))
        # The first of its turns asks for the texts, which are known in the others.
        narrowing = measure_together(peer.name, {"": _asking(suite.search, same)}, rounds=len(same))[0].mean
        times = round(theirs / anew, 1), round(theirs / narrowing, 1)
        rows.append((peer.name, len(same), *(round(mean, 3) for mean in (anew, narrowing, theirs)), *times))
    columns = ("peer", "questions", "new text: mean ms", "text asked before: mean ms", "peer: mean ms")
    return Table("questions with the same, not empty, result", (*columns, "times, new", "times, before"), tuple(rows))


def _agreement(suite: Suite, peers: Sequence[Engine], asked: Sequence[Question]) -> Table:
    """How often the peers come to the suite's numbers: by filters alone, where the work is the same, and by text."""
    rows = []
    for peer in peers:
        same = defaultdict(int)
        for question in progress(asked, f"compare with {peer.name}"):
            browsed = replace(question, text="")
            ours, theirs = suite.search(browsed), peer.search(browsed)
            same["total"] += ours.total == theirs.total
            same["counts"] += all(ours.counts.get(name, {}) == theirs.counts.get(name, {}) for name in DIMENSIONS)
            same["text"] += suite.search(question).total == peer.search(question).total
        rows.append((peer.name, len(asked), same["total"], same["counts"], same["text"]))
    return Table(
        "questions on which the peer agrees with the suite",
        ("peer", "questions", "filters alone: total", "filters alone: all counts", "with text: total"),
        tuple(rows),
        note="tantivy has no variants: it also counts a product of which no single variant meets all filters. Texts\n"
        "  are read differently: peers correct nothing, and find words in descriptions that the suite takes for hints.",
    )


def _by_kind(suite: Suite, asked: Sequence[Question]) -> Table:
    times: dict[str, list[float]] = defaultdict(list)
    for question in [*asked, *asked]:
        started = time.perf_counter()
        suite.search(question)
        times[question.kind].append((time.perf_counter() - started) * 1000)
    rows = tuple(
        (kind, len(found) // 2, round(statistics.median(found), 3), round(max(found), 3))
        for kind, found in sorted(times.items())
    )
    return Table("the suite by kind of question", ("kind", "questions", "p50 ms", "slowest ms"), rows)


def _suggesting(suite: Suite, asked: Sequence[Question], products: int) -> Iterator[Figure]:
    """Every beginning of what people type, as they type it."""
    typed = [question.text[:length] for question in asked for length in range(1, min(len(question.text), 9))]
    popular = suite.popular({question.text: 1.0 for question in asked})
    step = max(1, len(typed) // QUESTIONS)
    chosen = typed[::step]
    yield measure(
        f"typeahead at {products:,}", suite.name, lambda n: suite.suggest(chosen[n % len(chosen)], popular), len(chosen)
    )


def _updates(suite: Suite, documents: Sequence[ProductDocument]) -> Iterator[Table]:
    """From a changed document to the first search that shows it."""
    rows = []
    for count in CHANGED:
        times = []
        for turn in range(5):
            changed = [
                replace(document, name=f"{document.name} edition{turn}x{count}") for document in documents[:count]
            ]
            started = time.perf_counter()
            suite.update(changed)
            found = suite.ask(f"edition{turn}x{count}")
            times.append((time.perf_counter() - started) * 1000)
            assert found.total == count, "a changed product is not found"
        rows.append((count, round(statistics.median(times), 1), round(max(times), 1)))
    yield Table("changed products, until a search shows them", ("products", "median ms", "slowest ms"), tuple(rows))


def _database() -> str:
    """A database for the peer: the one that DATABASE_URL names, else one on the machine's own server."""
    server = Machine.here().database_server
    return postgres.ensure_database(server, "bench") if server else os.environ["DATABASE_URL"]
