"""Notices: PostgreSQL's LISTEN and NOTIFY, by which a process hears at once what any process has committed.

A notice is a hint where to look, never the fact itself: who did not listen has missed it. So a handler that keeps a
copy of some rows drops it when listening (re)starts, and readers of the copy ask `fresh` first and read the database
otherwise.

Handlers are registered while Django starts; the server starts the process's one listener. Workers, commands and tests
have none unless they ask for it. A notice costs the sender a statement, and commits that carry notices queue behind
each other in PostgreSQL: send few, and only for what changed.
"""

import logging
import selectors
import socket
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Any, Protocol
from uuid import uuid4

import psycopg
from django.db import connection as django_connection
from django.db import connections
from psycopg import sql

from kernel import backoff

log = logging.getLogger(__name__)

# PostgreSQL's limit; a longer payload would break the sender's transaction.
MAX_PAYLOAD_BYTES = 7999
# How often a listener sends itself a notice, and how long it waits for it before it gives the connection up.
HEARTBEAT_SECONDS = 5.0
ECHO_SECONDS = 10.0
# A process that has not heard itself for so long may have missed notices.
STALE_SECONDS = HEARTBEAT_SECONDS + ECHO_SECONDS
STOP_SECONDS = 10.0
# What administrators see in pg_stat_activity.
APPLICATION_NAME = "suite notices"

_HEARTBEAT = "heartbeat"
# A peer that vanished without a word is given up as soon as a silent listener is. A Unix socket has no use for these.
_NETWORK = {
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": int(STALE_SECONDS * 1000),
}


class Handler(Protocol):
    """Who hears notices. All calls come from the listener's thread, one after the other, and should be short."""

    def connected(self) -> None:
        """Notices come from now on. Any number was missed before: nothing that was read earlier may be used."""

    def notice(self, topic: str, payloads: Sequence[str]) -> None:
        """What was committed since the last call, in the order of the commits, equal payloads once.

        An error is logged and answered with `connected`, since the handler no longer knows where it stands.
        """

    def lost(self) -> None:
        """No notices come until `connected`."""


def notify(topic: str, payload: str) -> None:
    """Tell all listeners of `topic` when the current transaction commits, nobody when it is rolled back.

    Raises ValueError for a payload of more than MAX_PAYLOAD_BYTES. Anyone on the database can read it.
    """
    notify_many(topic, [payload])


def notify_many(topic: str, payloads: Iterable[str]) -> None:
    """`notify` for many payloads in one statement; equal ones are told once, and none is no statement."""
    wanted = list(dict.fromkeys(payloads))
    for payload in wanted:
        if len(payload.encode()) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"A notice holds at most {MAX_PAYLOAD_BYTES} bytes: {payload[:40]}…")
    if wanted:
        with django_connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, payload) FROM unnest(%s::text[]) AS payload", [topic, wanted])


class Listener:
    """A thread with a connection of its own that hears the topics of `handlers` until it is stopped."""

    def __init__(self, handlers: Mapping[str, Sequence[Handler]]) -> None:
        self._handlers = {topic: tuple(wanted) for topic, wanted in handlers.items()}
        self._everyone = tuple(dict.fromkeys(handler for wanted in self._handlers.values() for handler in wanted))
        self._name = uuid4().hex
        self._inbox: list[tuple[str, str]] = []
        self._tasks: deque[Callable[[], None]] = deque()
        self._heard_at: float | None = None
        self._stopping = threading.Event()
        self._waking, self._awoken = socket.socketpair()
        self._waking.setblocking(False)
        self._awoken.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="notices", daemon=True)

    def start(self) -> None:
        """Begin; the connection is made in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Tell the handlers `lost`, close the connection and end the thread."""
        self._stopping.set()
        self._wake()
        self._thread.join(STOP_SECONDS)
        if self._thread.is_alive():
            log.warning("the listener for notices is held up and ends with the process")
            return
        self._waking.close()
        self._awoken.close()

    def fresh(self) -> bool:
        """Whether everything that was committed STALE_SECONDS ago, and as a rule a millisecond ago, was handled."""
        heard_at = self._heard_at
        return heard_at is not None and time.monotonic() - heard_at < STALE_SECONDS

    def soon(self, task: Callable[[], None]) -> None:
        """Run `task` in the listener's thread, between notices, while it is connected."""
        self._tasks.append(task)
        self._wake()

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            try:
                with closing(_connect()) as connection:
                    beaten_at = self._listen(connection)
                    failures = 0
                    self._attend(connection, beaten_at)
            except (psycopg.Error, TimeoutError) as error:
                failures += 1
                log.warning("no notices are heard until the database answers: %s", error)
                self._stopping.wait(backoff.delay(min(failures, 3)).total_seconds())

    def _listen(self, connection: psycopg.Connection[Any]) -> float:
        self._inbox.clear()
        connection.add_notify_handler(lambda heard: self._inbox.append((heard.channel, heard.payload)))
        for topic in (_HEARTBEAT, *self._handlers):
            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(topic)))
        return self._beat(connection)

    def _attend(self, connection: psycopg.Connection[Any], beaten_at: float) -> None:
        for handler in self._everyone:
            _guarded(handler.connected)
        try:
            self._handle_all(connection, beaten_at)
        finally:
            self._heard_at = None
            for handler in self._everyone:
                _guarded(handler.lost)
            connections.close_all()

    def _handle_all(self, connection: psycopg.Connection[Any], beaten_at: float) -> None:
        while not self._stopping.is_set():
            self._deliver()
            self._heard_at = beaten_at
            if self._tasks:
                _guarded(self._tasks.popleft())
            # Back to the pool: handlers read with Django's connection.
            connections.close_all()
            rest = beaten_at + HEARTBEAT_SECONDS - time.monotonic()
            if rest > 0:
                self._receive(connection, 0 if self._tasks else rest)
            else:
                beaten_at = self._beat(connection)

    def _beat(self, connection: psycopg.Connection[Any]) -> float:
        """Send ourselves a notice and wait until it is in the inbox; returns when it was sent.

        What was committed before is then in the inbox too. Raises TimeoutError when it does not come: the server hangs,
        or a pooler between us hands each statement to another session.
        """
        sent_at = time.monotonic()
        payload = f"{self._name} {sent_at}"
        connection.execute("SELECT pg_notify(%s, %s)", [_HEARTBEAT, payload])
        while (_HEARTBEAT, payload) not in self._inbox and not self._stopping.is_set():
            rest = sent_at + ECHO_SECONDS - time.monotonic()
            if rest <= 0:
                raise TimeoutError("the database does not deliver notices to this connection")
            self._receive(connection, rest)
        return sent_at

    def _receive(self, connection: psycopg.Connection[Any], seconds: float) -> None:
        """Wait until there is something to do, at most so long, and put all notices that are here into the inbox."""
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._awoken, selectors.EVENT_READ)
            for key, _events in selector.select(seconds):
                if key.fileobj is self._awoken:
                    self._awoken.recv(4096)
        # Not `connection.notifies()`: it would wait for the socket while libpq already holds what came with an answer.
        connection.pgconn.consume_input()
        while heard := connection.pgconn.notifies():
            self._inbox.append((heard.relname.decode(), heard.extra.decode()))

    def _deliver(self) -> None:
        heard: dict[str, dict[str, None]] = defaultdict(dict)
        for topic, payload in self._inbox:
            heard[topic][payload] = None
        self._inbox.clear()
        for topic, payloads in heard.items():
            for handler in self._handlers.get(topic, ()):
                if not _guarded(handler.notice, topic, list(payloads)):
                    _guarded(handler.connected)

    def _wake(self) -> None:
        try:
            self._waking.send(b"\0")
        except BlockingIOError:
            return  # Full: it wakes anyway.


def _connect() -> psycopg.Connection[Any]:
    params = _NETWORK | django_connection.get_connection_params()
    return psycopg.connect(**params | {"application_name": APPLICATION_NAME}, autocommit=True)


def _guarded(call: Callable[..., None], *args: object) -> bool:
    """Whether the call went well; one handler's mistake silences no other."""
    try:
        call(*args)
    except Exception:
        log.exception("a handler of notices failed")
        return False
    return True


_registered: dict[str, list[Handler]] = defaultdict(list)
_listener: Listener | None = None


def register(topic: str, handler: Handler) -> None:
    """Have `handler` hear `topic` once this process listens; for `AppConfig.ready`. Raises RuntimeError afterwards."""
    if _listener is not None:
        raise RuntimeError("This process listens already: register handlers while Django starts.")
    _registered[topic].append(handler)


def start() -> None:
    """Listen in this process, for all registered handlers. Raises RuntimeError when it does already."""
    global _listener
    if _listener is not None:
        raise RuntimeError("This process listens already.")
    _listener = Listener(_registered)
    _listener.start()


def stop() -> None:
    """Listen no more; nothing when this process did not listen."""
    global _listener
    stopped, _listener = _listener, None
    if stopped is not None:
        stopped.stop()


def fresh() -> bool:
    """Whether copies kept by handlers in this process may be used: see `Listener.fresh`."""
    listener = _listener
    return listener is not None and listener.fresh()


def soon(task: Callable[[], None]) -> None:
    """Run `task` in the listener's thread, between notices; nothing when this process does not listen."""
    listener = _listener
    if listener is not None:
        listener.soon(task)
