"""Figures of the boundary to the core."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram
from prometheus_client.metrics_core import Metric

from commerce.errors import CoreRefused, CoreUnavailable
from commerce.models import InboxEvent
from kernel import tracing
from kernel.metrics import SECONDS, age, gauge

CALL_SECONDS = Histogram(
    "suite_core_call_seconds", "Calls of the core until their reply, each try.", ["operation"], buckets=SECONDS
)
CALL_ERRORS = Counter("suite_core_call_errors", "Calls without a reply, with a broken one, or refused.", ["kind"])
EVENTS = Counter("suite_inbox_events", "Events of the core tried, by what came of it.", ["outcome"])
# Of the processes that live, the worst: one that cannot reach the core is enough.
CIRCUIT_OPEN = Gauge(
    "suite_core_circuit_open",
    "1 while a process leaves the core alone, since it keeps failing.",
    multiprocess_mode="livemax",
)
for _outcome in ("handled", "core away", "failed", "given up"):
    EVENTS.labels(_outcome)  # There from the start: the first one is an increase, too.


@contextmanager
def call(operation: str) -> Iterator[None]:
    """Time one call of the core, by the name of our own operation."""
    started = time.perf_counter()
    try:
        with tracing.span(f"core {operation}", kind="CLIENT", graphql_operation_name=operation):
            yield
    except Exception:
        CALL_ERRORS.labels("no reply").inc()
        raise
    finally:
        CALL_SECONDS.labels(operation).observe(time.perf_counter() - started)


def circuit(is_open: bool) -> None:
    """Note that this process leaves the core alone, or calls it again."""
    CIRCUIT_OPEN.set(is_open)


@contextmanager
def reply() -> Iterator[None]:
    """Count what a reply turns out to be while it is read."""
    try:
        yield
    except CoreRefused:
        CALL_ERRORS.labels("refused").inc()
        raise
    except CoreUnavailable:
        CALL_ERRORS.labels("failed").inc()
        raise


def inbox_waiting() -> Iterator[Metric]:
    """How many events wait, and how long the oldest has."""
    waiting = InboxEvent.objects.filter(state=InboxEvent.State.WAITING)
    oldest = waiting.order_by("id").values_list("received_at", flat=True).first()
    yield gauge("suite_inbox_waiting", "Events of the core that are not handled.", waiting.count())
    yield gauge("suite_inbox_oldest_seconds", "Age of the oldest event that is not handled.", age(oldest))
