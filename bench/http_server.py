"""The suite's endpoint beside two ways to run the same documents on the same data, in one server process.

`/graphql/` is the suite's. `/core` executes a stored document by graphql-core and `/strawberry` runs its text by
Strawberry as it comes; both are as bare as the suite's route: a JSON body in, a thread, a JSON body out. `/nothing`
does no work.
"""

import asyncio
import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from storefront_api.asgi import application as suite  # isort: skip - sets Django up

import strawberry
from django.db import close_old_connections
from starlette.types import Receive, Scope, Send
from strawberry.schema.config import StrawberryConfig

from kernel.api import SCALARS
from kernel.identity import GUEST
from plugins.search_log import services as search_log
from storefront_api import hot_path, plans, reused
from storefront_api.context import Context
from storefront_api.documents import prepare
from storefront_api.schema import merged, schema

stock = strawberry.Schema(query=merged("Query"), config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS))
# As long as an average answer.
SEARCH, TYPEAHEAD = (b'{"data":{}}'.ljust(size) for size in (43_000, 1_500))
threads = ThreadPoolExecutor(hot_path.THREADS)

# What is asked here is no shopper's: it is counted as it always is, but not written down for merchandisers.
search_log.count = lambda **_entries: None

REUSED = os.environ.get("BENCH_REUSED", "answers")
if REUSED in ("products", "nothing"):
    reused.answers.capacity = hot_path._kept.capacity = 0
if REUSED == "nothing":
    plans.reusing = lambda select, *_others: select


def _core(query: str, variables: dict[str, Any]) -> Any:
    return schema.run(prepare(query).ast, variables=variables, context=_guest(), operation_name=None).data


def _strawberry(query: str, variables: dict[str, Any]) -> Any:
    return stock.execute_sync(query, variable_values=variables, context_value=_guest()).data


def _guest() -> Context:
    return Context(caller=GUEST, language="en", remote_address="127.0.0.1")


WAYS: dict[str, Callable[[str, dict[str, Any]], Any]] = {"/core": _core, "/strawberry": _strawberry}


def _answer(way: Callable[[str, dict[str, Any]], Any], body: bytes) -> bytes:
    close_old_connections()
    try:
        asked = json.loads(body)
        return json.dumps({"data": way(asked["query"], asked["variables"])}).encode()
    finally:
        close_old_connections()


def _bytes_at_hand(body: bytes) -> bytes:
    return TYPEAHEAD if b'"prefix"' in body else SEARCH


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    path = scope.get("path", "")
    way = WAYS.get(path)
    if way is None and path != "/nothing":
        await suite(scope, receive, send)
        return
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if way is None:
        answer = _bytes_at_hand(body)
    else:
        answer = await asyncio.get_running_loop().run_in_executor(threads, _answer, way, body)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
