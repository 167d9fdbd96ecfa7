"""A running suite for those who walk through it: the one on PORT, or one of their own that is thrown away."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from demo.machine import ROOT, Machine, free_port

# How long the set-up may tell nothing new: writing the demonstration into a Saleor takes as long as that takes.
SILENT_SECONDS = 420
# Its processes are stopped one after the other, the database last.
STOP_SECONDS = 120


@contextmanager
def server() -> Iterator[tuple[str, dict[str, str]]]:
    """The server on PORT, else one of its own; yields its address and the environment that its commands need."""
    machine = Machine.here()
    if _is_ready(machine.url):
        print(f"Walking through the server on {machine.url}\n")
        yield machine.url, dict(os.environ)
        return
    with tempfile.TemporaryDirectory(prefix="journey-") as folder:
        port = free_port()
        print(f"No server on {machine.url}: starting one of our own on port {port} (about a minute).\n", flush=True)
        environment = {**os.environ, "PORT": str(port), "SUITE_VAR_DIR": folder}
        with started(environment, port):
            yield f"http://127.0.0.1:{port}", environment


@contextmanager
def started(environment: dict[str, str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """`make run` in the folder of SUITE_VAR_DIR, ready when the block begins and stopped when it ends."""
    log = Path(environment["SUITE_VAR_DIR"]) / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "demo.run"], cwd=ROOT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        silence = Silence(log, time.monotonic())
        while not _is_ready(f"http://127.0.0.1:{port}"):
            if process.poll() is not None or silence.seconds(time.monotonic()) > SILENT_SECONDS:
                raise SystemExit(f"error: the server did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)
        yield process
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


class Silence:
    """How long a log has told nothing new; times are those of one clock that never goes back."""

    def __init__(self, log: Path, now: float) -> None:
        self._log, self._size, self._since = log, log.stat().st_size, now

    def seconds(self, now: float) -> float:
        """Since something new was seen in it."""
        size = self._log.stat().st_size
        if size != self._size:
            self._size, self._since = size, now
        return now - self._since


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health/", timeout=3).status_code == 200
    except httpx.HTTPError:
        return False


def facts_of(environment: dict[str, str]) -> dict[str, Any]:
    """What `make demo-facts` prints for that machine. Raises SystemExit with the reason when it cannot."""
    command = [sys.executable, "-m", "demo.facts"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"error: the demonstration's facts are not at hand:\n{done.stderr[-2000:]}")
    facts: dict[str, Any] = json.loads(done.stdout)
    return facts
