"""The suite's server as processes of its own over the test's database, and a line to the database that can be cut."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from django.db import connection

from demo.machine import ROOT, free_port
from tests.kernel.listening import eventually

READY_SECONDS = 180


def database_url(port: int | None = None) -> str:
    """The test's database for another process; `port` is that of a line to it."""
    held = connection.settings_dict
    who = quote(str(held["USER"])) + (f":{quote(held['PASSWORD'])}" if held["PASSWORD"] else "")
    if port is not None:
        return f"postgresql://{who}@127.0.0.1:{port}/{held['NAME']}"
    host = f"host={quote(str(held['HOST']), safe='')}" + (f"&port={held['PORT']}" if held["PORT"] else "")
    return f"postgresql://{who}@/{held['NAME']}?{host}"


class Server:
    """One server process. Ready when it is made."""

    def __init__(self, folder: Path, *, database: str | None = None, **variables: str) -> None:
        self.port = free_port()
        self.log = folder / f"server-{self.port}.log"
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("E2E_", "TEST_DB"))},
            "DATABASE_URL": database or database_url(),
            "SUITE_VAR_DIR": str(folder),
            **variables,
        }
        command = [sys.executable, "-m", "uvicorn", "storefront_api.asgi:application", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "warning", "--timeout-graceful-shutdown", "3"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        deadline = time.monotonic() + READY_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            with contextlib.suppress(httpx.HTTPError):
                if self.health() == 200:
                    return
            time.sleep(0.1)
        self.stop()
        pytest.fail(f"The server did not start:\n{self.log.read_text()[-3000:]}")

    def health(self) -> int:
        """What a load balancer is told."""
        return self.http.get("/health/").status_code

    def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """A GraphQL answer as it came, errors included."""
        answer: dict[str, Any] = self.http.post("/graphql/", json={"query": query, "variables": variables}).json()
        return answer

    def kill(self) -> None:
        """As the machine does when it runs out of memory."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(60)

    def stop(self) -> None:
        """End it in order, if it runs."""
        self.http.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.kill()


@contextlib.contextmanager
def servers(folder: Path, count: int = 1, *, database: str | None = None, **variables: str) -> Iterator[list[Server]]:
    """So many server processes, stopped when the block ends; `variables` are those of their environment."""
    running: list[Server] = []
    try:
        for _number in range(count):
            running.append(Server(folder, database=database, **variables))
        yield running
    finally:
        for server in running:
            server.stop()


class Line:
    """A TCP line to the database's socket that can be cut and mended."""

    def __init__(self) -> None:
        held = connection.settings_dict
        self._host, self._database_port = str(held["HOST"]), int(held["PORT"] or 5432)
        self._ends: list[socket.socket] = []
        self._is_cut = threading.Event()
        self._lock = threading.Lock()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def cut(self) -> None:
        """Every connection breaks, and none is made."""
        self._is_cut.set()
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            _shut(end)

    def mend(self) -> None:
        """Connections can be made again."""
        self._is_cut.clear()

    def close(self) -> None:
        """For good."""
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            if self._is_cut.is_set():
                _shut(near)
                continue
            far = self._connected()
            with self._lock:
                # One that was under way when the line was cut must not live on.
                cut = self._is_cut.is_set()
                if not cut:
                    self._ends += [near, far]
            if cut:
                _shut(near)
                _shut(far)
                continue
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pump, args=(one, other), daemon=True).start()

    def _connected(self) -> socket.socket:
        if self._host.startswith("/"):
            far = socket.socket(socket.AF_UNIX)
            far.connect(f"{self._host}/.s.PGSQL.{self._database_port}")
            return far
        return socket.create_connection((self._host, self._database_port))


def _pump(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    _shut(one)
    _shut(other)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextlib.contextmanager
def line() -> Iterator[Line]:
    """A line that is closed when the block ends."""
    laid = Line()
    try:
        yield laid
    finally:
        laid.close()


__all__ = ["Line", "Server", "database_url", "eventually", "line", "servers"]
