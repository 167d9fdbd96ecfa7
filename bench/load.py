"""A load of requests over HTTP: a closed loop of a fixed number on a fixed number of connections.

Each connection sends its next request when the answer to the last is whole. Times are those that a client waits. What
the load itself takes is measured as well, by a route that does nothing: see bench.http.
"""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from typing import cast

import uvloop

HEAD_END = b"\r\n\r\n"
GOOD = (b'{"data":{', b'{"data": {')


def load(
    port: int, requests: Sequence[bytes], count: int, connections: int, good: tuple[bytes, ...] = GOOD
) -> list[float]:
    """Milliseconds of each of `count` requests, taken from `requests` in turn.

    Raises RuntimeError for another answer than 200 with a body that begins with one of `good`.
    """
    return uvloop.run(_load(port, requests, count, connections, good))


async def _load(
    port: int, requests: Sequence[bytes], count: int, connections: int, good: tuple[bytes, ...]
) -> list[float]:
    loop = asyncio.get_running_loop()
    work = itertools.islice(itertools.cycle(requests), count)
    times: list[float] = []
    made = []
    for _ in range(connections):
        _transport, connection = await loop.create_connection(lambda: _Connection(work, times, good), "127.0.0.1", port)
        made.append(connection)
    for connection in made:
        connection.ask()
    await asyncio.gather(*(connection.finished for connection in made))
    return times


class _Connection(asyncio.Protocol):
    def __init__(self, work: Iterator[bytes], times: list[float], good: tuple[bytes, ...]) -> None:
        self.work, self.times, self.good = work, times, good
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.parts: list[bytes] = []
        self.missing = 0
        self.started = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)

    def ask(self) -> None:
        """Send the next request, if there is one."""
        request = next(self.work, None)
        if request is None:
            self.finished.set_result(None)
            self.transport.close()
            return
        self.parts, self.missing = [], 0
        self.started = time.perf_counter()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        self.parts.append(data)
        self.missing -= len(data)
        if self.missing < 0:
            self.missing = _missing(b"".join(self.parts))
        if self.missing == 0:
            self.times.append((time.perf_counter() - self.started) * 1000)
            self._go_on(b"".join(self.parts))

    def _go_on(self, answer: bytes) -> None:
        head, _end, body = answer.partition(HEAD_END)
        if head.startswith(b"HTTP/1.1 200") and body.startswith(self.good):
            self.ask()
        else:
            self._fail(RuntimeError(f"not an answer: {head[:40]!r} {body[:200]!r}"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(RuntimeError(f"the connection ended: {exc}"))

    def _fail(self, error: RuntimeError) -> None:
        if not self.finished.done():
            self.finished.set_exception(error)
            self.transport.close()


def _missing(received: bytes) -> int:
    """How many bytes the answer that begins so still lacks; -1 while its head is not whole."""
    head, end, body = received.partition(HEAD_END)
    length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]) if end else 0
    return length - len(body) if end else -1
