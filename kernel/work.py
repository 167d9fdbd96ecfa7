"""What this thread or task is working on: told in logs, metrics and traces, never asked for a decision.

It travels with the context of asyncio and of asgiref's threads, and with the outbox from a request to the worker.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from itertools import count
from random import getrandbits

from kernel.identity import Caller

_PROCESS, _numbers = f"{getrandbits(80):020x}", count()
# What a proxy or a client may name a request: it goes to logs, so nothing that could pretend to be more than a name.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class Work:
    """One request, task or delivery. `operation` is one of a bounded set of names, `actor` an id and never a name.

    `status` is what a request was answered with; one that was not answered has failed.
    """

    request_id: str
    operation: str = ""
    actor: str = ""
    store: str = ""
    status: int = 500


_current: ContextVar[Work | None] = ContextVar("work", default=None)


def current() -> Work | None:
    """The work under way here, None outside of any."""
    return _current.get()


def operation() -> str:
    """The name of the work under way, "none" outside of any."""
    work = _current.get()
    return work.operation or "unnamed" if work else "none"


def named(name: str) -> None:
    """The work under way turned out to be `name`."""
    if work := _current.get():
        work.operation = name


def acting(caller: Caller) -> None:
    """The work under way is done for `caller`."""
    if (work := _current.get()) and not caller.is_guest:
        work.actor, work.store = caller.scope, caller.store_id or ""


def new_request_id() -> str:
    """An id for a request that came without: no secret, and none like it in another process."""
    return f"{_PROCESS}{next(_numbers):012x}"


def request_id_of(told: str) -> str:
    """The id that was told if it may be one, else a new one."""
    return told if _REQUEST_ID.fullmatch(told) else new_request_id()


def begin(work: Work) -> Token[Work | None]:
    """From here on this context works on `work`; give the token to `end`."""
    return _current.set(work)


def end(token: Token[Work | None]) -> None:
    """Back to what was under way before."""
    _current.reset(token)


@contextmanager
def doing(name: str, *, request_id: str = "") -> Iterator[Work]:
    """Work on `name` within the block, on behalf of the request `request_id` if it is known."""
    work = Work(request_id_of(request_id), name)
    token = begin(work)
    try:
        yield work
    finally:
        end(token)
