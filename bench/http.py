"""The clients' search page and typeahead over HTTP at 16 connections, beside graphql-core and Strawberry.

From this process against a server in another one: see bench.load. One row beside each work answers as many bytes at
once: sockets, the ASGI server and this process take that much of every other row.
"""

import json
from collections.abc import Iterator
from typing import Any

from bench.load import GOOD
from bench.measure import Figure
from bench.report import Result, Table
from bench.search import QUERIES
from bench.served import figure, server
from storefront_api import documents

CONTEXT = {"channel": "us", "salesChannel": "WEB"}
SEARCH, TYPEAHEAD = "search page over HTTP", "typeahead over HTTP"
STRAWBERRY = "Strawberry"
# As many bytes as the suite's answer has, made beforehand: what sockets, server and load take.
NOTHING = "no work: bytes at hand"
# As browsers ask: what is asked again is answered by gzip.
PACKED = "suite, persisted, asked as browsers do"
GZIP = b"\x1f\x8b"
# By what a server may reuse: path, name, and the number of requests.
WAYS = {
    "answers": [
        ("/nothing", NOTHING, 24_000),
        ("/graphql/", "suite, persisted", 24_000),
        ("/graphql/", PACKED, 24_000),
        ("/core", "graphql-core, stored document", 160),
        ("/strawberry", STRAWBERRY, 160),
    ],
    "products": [("/graphql/", "suite, persisted, each answer made", 1600)],
    "nothing": [("/graphql/", "suite, persisted, nothing reused", 1600)],
}
NOTE = "each answer made: the JSON of unchanged products is reused, answers and what was read of requests are not"
PREFIXES = ["p", "pi", "ga", "gal", "mo", "x", "xia", "ch", "so", "one"]


def figures() -> Iterator[Result]:
    work = {
        SEARCH: [
            ("query Search(", {"context": CONTEXT, "input": {"text": text, "first": 24}, "guided": True})
            for text in QUERIES
        ],
        TYPEAHEAD: [("query Typeahead(", {"context": CONTEXT, "prefix": prefix}) for prefix in PREFIXES],
    }
    found = []
    for reused, ways in WAYS.items():
        with server("bench.http_server:application", BENCH_REUSED=reused) as (port, _process):
            for name, questions in work.items():
                for path, way, count in ways:
                    found.append(_figure(name, path, way, count, questions, port))
                    yield found[-1]
    yield _times_strawberry(found)


def _figure(
    name: str, path: str, way: str, count: int, questions: list[tuple[str, dict[str, Any]]], port: int
) -> Figure:
    if way != PACKED:
        return figure(name, way, port, _requests(path, questions), count)
    # The first answer to each question comes as it is: only what is asked again is packed.
    requests = _requests(path, questions, "Accept-Encoding: gzip, deflate, br\r\n")
    return figure(name, way, port, requests, count, good=(*GOOD, GZIP))


def _times_strawberry(figures: list[Figure]) -> Table:
    peers = {figure.work: figure.per_second for figure in figures if figure.way == STRAWBERRY}
    rows = [
        (f"{figure.work}: {figure.way}", round(figure.per_second / peers[figure.work], 1))
        for figure in figures
        if figure.way not in (STRAWBERRY, NOTHING)
    ]
    return Table("answers a second, as a multiple of Strawberry's", ("work and way", "times"), tuple(rows), NOTE)


def _requests(path: str, questions: list[tuple[str, dict[str, Any]]], more: str = "") -> list[bytes]:
    found = []
    for operation, variables in questions:
        text = next(text for text in documents.persisted_texts() if operation in text)
        document = {"documentId": documents.id_of(text)} if path == "/graphql/" else {"query": text}
        body = json.dumps(document | {"variables": variables}).encode()
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n{more}"
        found.append(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return found
