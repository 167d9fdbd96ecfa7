"""A server in a process of its own, and how long its clients wait."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus

import httpx

from bench.load import GOOD, load
from bench.measure import Figure
from demo.machine import ROOT

CONNECTIONS = 16
LEAST_WARM_UP, MOST_WARM_UP = 32, 200
READY_SECONDS = 120


def figure(
    work: str,
    way: str,
    port: int,
    requests: list[bytes],
    count: int,
    connections: int = CONNECTIONS,
    good: tuple[bytes, ...] = GOOD,
) -> Figure:
    """Time so many requests, taken in turn, after a warm-up; every answer begins with one of `good`."""
    load(port, requests, warm_up(requests), connections, good)
    started = time.perf_counter()
    times = sorted(load(port, requests, count, connections, good))
    seconds = time.perf_counter() - started
    return Figure(
        work=work,
        way=way,
        p50=round(statistics.median(times), 3),
        p99=round(times[min(len(times) - 1, int(len(times) * 0.99))], 3),
        per_second=round(len(times) / seconds, 1),
    )


def warm_up(requests: Sequence[bytes]) -> int:
    """How many requests `figure` makes before it measures: each twice, where they are not too many."""
    return max(LEAST_WARM_UP, min(len(requests) * 2, MOST_WARM_UP))


@contextmanager
def server(application: str, *, path: str = "", **environment: str) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """An ASGI application in a process of its own: its port once it answers `path`, or listens, and the process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", application, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--log-level", "warning", "--no-access-log", "--no-server-header"]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)
    try:
        _wait_for(port, process, path)
        yield port, process
    finally:
        process.terminate()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], path: str) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            if not path or httpx.get(f"http://127.0.0.1:{port}{path}", timeout=5).status_code == HTTPStatus.OK:
                return
        except (OSError, httpx.HTTPError):
            pass  # Not yet.
        time.sleep(0.1)
    raise RuntimeError("the server to be measured does not start")
