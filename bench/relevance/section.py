"""The relevance section: every way of ranking over the graded queries, TUNE and REPORT apart."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tqdm import tqdm

from bench.catalogue import demonstration
from bench.relevance.metrics import Judged, Scores, judge, summary
from bench.relevance.queries import CHANNELS, CLASSES, REPORT, TUNE, Graded, labels
from bench.relevance.rankers import rankers
from bench.report import Table

COLUMNS = ("all", *CLASSES)


def figures() -> Iterator[Table]:
    queries = labels()
    judged = dict(_judged(queries))
    for half in (TUNE, REPORT):
        by_way = {way: summary(one for one in found if one.graded.query.half == half) for way, found in judged.items()}
        yield _table(f"nDCG@10, {half}", by_way, lambda scores: scores.ndcg)
        yield _table(f"queries without a result, share, {half}", by_way, lambda scores: scores.zero_rate)
        yield _table(f"reciprocal rank of what was asked for, {half}", by_way, lambda scores: scores.mrr)


def _judged(queries: Sequence[Graded]) -> Iterator[tuple[str, list[Judged]]]:
    by_channel = {channel: rankers(demonstration(channel)) for channel in CHANNELS}
    ways = list(by_channel[CHANNELS[0]])
    with tqdm(total=len(ways) * len(queries), desc="relevance", unit="query", leave=False) as bar:
        for way in ways:
            judged = []
            for graded in queries:
                judged.append(judge(by_channel[graded.query.channel][way], graded))
                bar.update()
            yield way, judged


def _table(title: str, by_way: Mapping[str, Mapping[str, Scores]], value: Callable[[Scores], float]) -> Table:
    counts = next(iter(by_way.values()))
    head = ("way", *(f"{name} ({counts[name].queries})" for name in COLUMNS))
    rows = tuple((way, *(round(value(scores[name]), 3) for name in COLUMNS)) for way, scores in by_way.items())
    return Table(title, head, rows)
