"""Figures for Prometheus: how they are gathered, and the kernel's own.

What happens in a process (requests, calls, deliveries) is counted there. With PROMETHEUS_MULTIPROC_DIR all processes of
a machine, workers too, count in files of that folder, and any server tells the sum. What stands in the tables (how much
waits, and how long) is read when somebody asks: `at_scrape`. Labels have few values: names of persisted operations,
topics, codes; never an id.
"""

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from django.db import Error, connection, transaction
from django.db.models import Count, Min
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from kernel import clock, work
from kernel.models import OutboxMessage, Saga, SagaState

log = logging.getLogger(__name__)

# Asking how much waits must not become a load of its own.
SCRAPE_TIMEOUT_MS = 5000
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

ERRORS = Counter("suite_errors", "Refusals and failures that callers were told, by code.", ["operation", "code"])
DELIVERIES = Counter("suite_outbox_deliveries", "Outbox messages tried, by what came of it.", ["topic", "outcome"])
SAGAS = Counter("suite_saga_ends", "Sagas that came to an end or got stuck.", ["kind", "state"])
TASK_SECONDS = Histogram("suite_task_seconds", "Duration of a worker's tasks.", ["task", "outcome"], buckets=SECONDS)

Reader = Callable[[], Iterable[Metric]]
_readers: list[Reader] = []


def refused(code: str) -> None:
    """A caller was told `code`."""
    ERRORS.labels(work.operation(), code).inc()


def at_scrape(reader: Reader) -> None:
    """Have `reader` asked for its figures whenever somebody scrapes; for `AppConfig.ready`."""
    if reader not in _readers:
        _readers.append(reader)


def exposition() -> bytes:
    """Everything in Prometheus' text format. Raises nothing when the database is away: that is a figure, too."""
    registry = REGISTRY
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        _forget_the_dead(Path(folder))
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry) + _written(_Tables())


def _forget_the_dead(folder: Path) -> None:
    """A process that was killed must not tell its last state for ever."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not Path("/proc", str(pid)).exists():
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def told(*figures: tuple[str, str, float]) -> bytes:
    """Figures of one moment (name, meaning, value) in the same format."""
    return _written(_Given([gauge(*figure) for figure in figures]))


def _written(collector: Collector) -> bytes:
    registry = CollectorRegistry()
    registry.register(collector)
    return generate_latest(registry)


class _Given(Collector):
    def __init__(self, found: Iterable[Metric]) -> None:
        self._found = list(found)

    def collect(self) -> Iterable[Metric]:
        return self._found


class _Tables(Collector):
    """What the readers find, in one snapshot."""

    def collect(self) -> Iterator[Metric]:
        found: list[Metric] = []
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SET LOCAL statement_timeout = {SCRAPE_TIMEOUT_MS}")
                for reader in _readers:
                    found += reader()
            is_up = True
        except Error as error:
            log.warning("figures of the tables cannot be read: %s", error)
            is_up = False
        yield gauge("suite_database_up", "1 when the tables could be read at this scrape.", int(is_up))
        yield from found


def gauge(name: str, meaning: str, value: float) -> Metric:
    """One figure without labels."""
    return GaugeMetricFamily(name, meaning, value=value)


def outbox_waiting() -> Iterator[Metric]:
    """How many messages wait for delivery, and how long the oldest has."""
    waiting = OutboxMessage.objects.filter(delivered_at__isnull=True)
    oldest = waiting.order_by("id").values_list("created_at", flat=True).first()
    yield gauge("suite_outbox_waiting", "Outbox messages that are not delivered.", waiting.count())
    yield gauge("suite_outbox_oldest_seconds", "Age of the oldest message that is not delivered.", age(oldest))


def sagas_open() -> Iterator[Metric]:
    """How many sagas are not finished, by state, and how old the oldest is."""
    count = GaugeMetricFamily("suite_sagas_open", "Sagas that are not finished.", labels=["state"])
    oldest = GaugeMetricFamily("suite_saga_oldest_seconds", "Age of the oldest such saga.", labels=["state"])
    states = (SagaState.RUNNING, SagaState.COMPENSATING, SagaState.STUCK)
    rows = Saga.objects.filter(state__in=states).values_list("state").annotate(Count("pk"), Min("created_at"))
    found = {state: (number, since) for state, number, since in rows}
    for state in states:
        number, since = found.get(state, (0, None))
        count.add_metric([state], number)
        oldest.add_metric([state], age(since))
    yield from (count, oldest)


def age(since: dt.datetime | None) -> float:
    """Seconds since a moment; 0 for None: nothing waits."""
    return max(0.0, (clock.now() - since).total_seconds()) if since else 0.0
