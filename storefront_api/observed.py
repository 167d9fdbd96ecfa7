"""Around every request and task: an id that logs and other systems know it by, its time, its span."""

import time
from contextlib import ExitStack
from typing import Any

from celery import signals
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel import tracing, work
from kernel.metrics import TASK_SECONDS
from kernel.work import Work
from storefront_api import metrics

# Pages that are counted by their first folder; whatever else there is, is the shop's.
PAGES = frozenset(
    {"graphql", "health", "metrics", "webhooks", "fake-card", "admin", "tmf-api", "static", "media", "pos"}
)
ID_HEADER = b"x-request-id"


class Observed:
    """The outermost layer of the ASGI application. A request is called what `X-Request-ID` says, if it may be that.

    Whoever adds the last headers tells the id to the client, and the status to us (`web.identifying`): a layer less
    around each message.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        doing = Work(_told_id(scope["headers"]), _page(scope["path"]))
        token = work.begin(doing)
        started = time.perf_counter()
        try:
            if tracing.is_on():
                await self._traced(scope, receive, send, doing)
            else:
                await self.app(scope, receive, send)
        finally:
            metrics.timed(doing.operation).observe(time.perf_counter() - started)
            if doing.status >= 400:
                metrics.REQUEST_FAILURES.labels(doing.operation, str(doing.status)).inc()
            work.end(token)

    async def _traced(self, scope: Scope, receive: Receive, send: Send, doing: Work) -> None:
        """The path is not told: it may hold an order's id, which lets one see the order."""
        parent = {"traceparent": dict(scope["headers"]).get(b"traceparent", b"").decode("latin-1")}
        method = {"http_request_method": scope["method"]}
        with tracing.span("request", kind="SERVER", parent=parent, **method) as span:
            span.set_attribute("suite.request.id", doing.request_id)
            await self.app(scope, receive, send)
            span.update_name(doing.operation)
            span.set_attribute("http.response.status_code", doing.status)
            for name, value in (("suite.actor", doing.actor), ("suite.store", doing.store)):
                if value:
                    span.set_attribute(name, value)


def _told_id(headers: list[tuple[bytes, bytes]]) -> str:
    told = dict(headers).get(ID_HEADER)
    return work.request_id_of(told.decode("latin-1")) if told else work.new_request_id()


def _page(path: str) -> str:
    first = path[1:].partition("/")[0]
    return first if first in PAGES else "shop"


# Tasks: what Celery tells of each, in the thread that runs it.

_running: dict[str, tuple[ExitStack, float]] = {}


def watch_tasks() -> None:
    """Observe the tasks of this process, and send its spans."""
    signals.worker_init.connect(_worker_started, weak=False)
    signals.worker_shutdown.connect(_worker_stops, weak=False)
    signals.task_prerun.connect(_task_begins, weak=False)
    signals.task_postrun.connect(_task_ends, weak=False)


def _worker_started(**_told: Any) -> None:
    tracing.start("suite-worker")


def _worker_stops(**_told: Any) -> None:
    tracing.stop()


def _task_begins(task_id: str, task: Any, **_told: Any) -> None:
    stack = ExitStack()
    stack.enter_context(work.doing(task.name))
    stack.enter_context(tracing.span(task.name, kind="CONSUMER"))
    _running[task_id] = (stack, time.perf_counter())


def _task_ends(task_id: str, task: Any, state: str | None = None, **_told: Any) -> None:
    stack, started = _running.pop(task_id)
    TASK_SECONDS.labels(task.name, str(state).lower()).observe(time.perf_counter() - started)
    stack.close()
