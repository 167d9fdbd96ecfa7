"""The graded queries: read from `queries.jsonl`, judged by `grading`, frozen by `labels.sha256`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from bench.relevance.grading import Grader
from bench.relevance.items import items

FOLDER = Path(__file__).parent
QUERIES = FOLDER / "queries.jsonl"
DIGEST = FOLDER / "labels.sha256"
CLASSES = ("model", "typo", "attribute", "accessory", "plan", "need", "navigation", "chinese")
CHANNELS = ("us", "cn")
TUNE, REPORT = "TUNE", "REPORT"


@dataclass(frozen=True)
class Query:
    """What is typed in a channel, and what is wanted by it; the wants are described in `grading`."""

    id: str
    text: str
    language: str
    channel: str
    query_class: str
    half: str
    want: Mapping[str, Any]


@dataclass(frozen=True)
class Graded:
    """A query with the grades of all products that are not beside it."""

    query: Query
    grades: Mapping[str, int]


def half_of(query_id: str) -> str:
    """TUNE or REPORT, by the hash of the id: nobody chooses which half a query falls into."""
    return TUNE if sha256(query_id.encode()).digest()[0] % 2 else REPORT


def read(path: Path = QUERIES) -> list[Query]:
    """The queries in the file's order. Raises KeyError when a field is missing."""
    return [_query(json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def graded(queries: Iterable[Query]) -> Iterator[Graded]:
    """The queries with their grades over what their channel sells."""
    graders = {channel: Grader(items(channel)) for channel in CHANNELS}
    for query in queries:
        yield Graded(query, graders[query.channel].grades(query.want))


@cache
def labels() -> tuple[Graded, ...]:
    """All queries of the file, graded."""
    return tuple(graded(read()))


def digest(judged: Iterable[Graded]) -> str:
    """One number for all labels: any change of a text, a half or a grade changes it."""
    lines = [
        "\t".join((one.query.id, one.query.half, one.query.text, product, str(grade)))
        for one in judged
        for product, grade in sorted(one.grades.items())
    ]
    return sha256("\n".join(lines).encode()).hexdigest()


def _query(row: Mapping[str, Any]) -> Query:
    return Query(
        id=row["id"],
        text=row["text"],
        language=row["language"],
        channel=row["channel"],
        query_class=row["class"],
        half=row["half"],
        want=row["want"],
    )
