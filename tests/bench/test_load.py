"""The load of the HTTP benchmark counts what it is answered, and takes nothing else for an answer."""

import asyncio
import threading
from collections import Counter

import pytest
import uvloop

from bench.load import load


class Server:
    """Answers each request of four bytes with `pieces`, one after the other; hangs up when there are none."""

    def __init__(self, *pieces):
        self.pieces, self.asked, self.port = pieces, Counter(), 0
        self.started = threading.Event()

    def __enter__(self):
        self.thread = threading.Thread(target=lambda: uvloop.run(self.serve()))
        self.thread.start()
        self.started.wait()
        return self

    def __exit__(self, *_error):
        self.loop.call_soon_threadsafe(self.stop.set)
        self.thread.join()

    async def serve(self):
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        self.started.set()
        await self.stop.wait()
        server.close()

    async def answer(self, reader, writer):
        while request := await reader.read(4):
            self.asked[request] += 1
            if not self.pieces:
                writer.close()
                return
            for piece in self.pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.001)


HEAD = b"HTTP/1.1 200 OK\r\nserver: x\r\nContent-Length: 11\r\n\r\n"
BODY = b'{"data":{}}'


@pytest.mark.parametrize("pieces", [(HEAD + BODY,), (HEAD, BODY), (HEAD[:9], HEAD[9:] + BODY[:2], BODY[2:])])
def test_each_request_is_answered_and_timed_once(pieces):
    with Server(*pieces) as server:
        times = load(server.port, [b"one.", b"two."], count=7, connections=3)
    assert server.asked == {b"one.": 4, b"two.": 3}
    assert len(times) == 7


@pytest.mark.parametrize(
    "answer",
    [HEAD.replace(b"200", b"500") + BODY, HEAD + b'{"data":nul', HEAD + b'{"errors":[', HEAD + b"x" * 11],
)
def test_another_answer_ends_the_load(answer):
    with Server(answer) as server, pytest.raises(RuntimeError, match="not an answer"):
        load(server.port, [b"one."], count=5, connections=2)


def test_a_server_that_hangs_up_ends_the_load():
    with Server() as server, pytest.raises(RuntimeError, match="the connection ended"):
        load(server.port, [b"one."], count=5, connections=2)
