"""Figures of requests, tasks and the queue, and the page where Prometheus reads all of them."""

import logging
import secrets
from functools import cache
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kernel.metrics import SECONDS, exposition, told
from storefront_api.celery import app as celery

log = logging.getLogger(__name__)

REQUEST_SECONDS = Histogram(
    "suite_request_seconds", "Requests by persisted operation or kind of page.", ["operation"], buckets=SECONDS
)
REQUEST_FAILURES = Counter("suite_request_failures", "Answers with HTTP 400 or more.", ["operation", "status"])
BROKER_SECONDS = 2


@cache
def timed(operation: str) -> Any:
    """The histogram's row of an operation: looking for it takes longer than counting."""
    return REQUEST_SECONDS.labels(operation)


def page(request: Request) -> Response:
    """All figures for who shows METRICS_TOKEN; without that setting there is no such page."""
    if not settings.METRICS_TOKEN:
        return PlainTextResponse("Not Found", status_code=404)
    shown = request.headers.get("authorization", "").encode()
    if not secrets.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return PlainTextResponse("Unauthorized", status_code=401, headers={"WWW-Authenticate": "Bearer"})
    close_old_connections()
    try:
        body = exposition() + told(*_queue())
    finally:
        close_old_connections()
    return Response(body, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def _queue() -> list[tuple[str, str, float]]:
    """Whether the broker answers, and how many wake-ups wait there for a worker."""
    up = ("suite_broker_up", "1 when the broker answered at this scrape.")
    with celery.connection_for_write(settings.CELERY_BROKER_URL, connect_timeout=BROKER_SECONDS) as broker:
        try:
            name = celery.conf.task_default_queue
            waiting = broker.default_channel.queue_declare(name, passive=True).message_count
        except broker.channel_errors:
            waiting = 0  # No such queue: nobody was woken yet.
        except (BrokerError, *broker.connection_errors, OSError) as error:
            log.warning("the broker does not tell how much waits: %s", error)
            return [(*up, 0)]
    return [(*up, 1), ("suite_queue_waiting", "Wake-ups that no worker has taken.", waiting)]
