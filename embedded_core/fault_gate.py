"""The gate in front of the API where failures asked for by tests strike (see `faults`)."""

import asyncio
import json
import math
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections

from embedded_core import faults
from embedded_core.models import Fault

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_OPERATION = re.compile(r"\b(?:query|mutation)\s+(\w+)")


class FaultGate:
    """Delays, refuses or swallows GraphQL requests by the name of their operation."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/graphql/":
            await self._app(scope, receive, send)
            return
        body = await _body(receive)
        operation = operation_name(body)
        latency = await _take("latency", operation)
        if latency is not None:
            await asyncio.sleep(latency.seconds)
        if await _take("refused", operation) is not None:
            await _hang_up(send)
            return
        error = await _take("error", operation)
        if error is not None:
            await _reply(send, error.status, retry_after=error.seconds)
            return
        lost = await _take("lost_reply", operation)
        if lost is not None:
            # The work is done; only the answer never arrives.
            await self._app(scope, _replayed(body, receive), _discard)
            await (_reply(send, 504) if lost.status == 504 else _hang_up(send))
            return
        await self._app(scope, _replayed(body, receive), send)


def operation_name(body: bytes) -> str:
    """The name of the operation in a GraphQL request; empty when it has none."""
    try:
        data = json.loads(body)
        found = _OPERATION.search(data.get("query") or "")
    except (ValueError, AttributeError, TypeError):
        return ""
    return str(data.get("operationName") or (found.group(1) if found else ""))


@sync_to_async(thread_sensitive=False)
def _take(kind: str, operation: str) -> Fault | None:
    try:
        return faults.take(kind, operation)
    finally:
        # This thread belongs to no request that would give the connection back.
        close_old_connections()


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The request's body once more, for the application behind the gate; after it, whatever comes next."""
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _discard(message: Message) -> None:
    """Takes an answer that nobody gets."""


async def _reply(send: Send, status: int, *, retry_after: float = 0) -> None:
    body = json.dumps({"error": "A failure was asked for."}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if retry_after:
        headers.append((b"retry-after", str(math.ceil(retry_after)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _hang_up(send: Send) -> None:
    """Close the connection without an answer; where the server does not let us, answer 504."""
    cycle = getattr(send, "__self__", None)  # uvicorn passes a method of the object that holds the connection
    transport = getattr(cycle, "transport", None)
    if transport is None:
        await _reply(send, 504)
        return
    transport.abort()
    # An ASGI server answers 500 for an application that returns without a reply; the closed connection drops this.
    await _reply(send, 504)
