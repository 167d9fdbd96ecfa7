"""Webhooks out: written with the change, signed and sent by a thread, tried again until the app takes them."""

import json
import logging
import threading
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F
from django.utils import timezone

from embedded_core import faults, tokens
from embedded_core.models import App, WebhookDelivery
from embedded_core.requestor import Requestor

log = logging.getLogger(__name__)

EVENTS = (
    "product_updated",
    "product_variant_updated",
    "product_variant_stock_updated",
    "order_created",
    "order_updated",
    "order_fulfilled",
    "order_cancelled",
    "order_fully_paid",
    "checkout_updated",
)
MAX_ATTEMPTS = 25
LONGEST_WAIT_SECONDS = 300
BATCH = 50
POLL_SECONDS = 1.0
KEPT = timedelta(days=7)  # how long a delivered webhook can still be looked up in the dashboard

_wake = threading.Event()


def emit(event: str, payload: dict[str, Any], *, by: Requestor) -> None:
    """Write `event` for every app that subscribed to it; call it in the transaction of the change.

    `issuedAt` tells two events of one object apart, and shows two deliveries of one event to be the same.
    """
    told = payload | {"issuedAt": timezone.now().isoformat(), "issuingPrincipal": by.principal}
    body = json.dumps(told, separators=(",", ":"))
    apps = App.objects.filter(is_active=True, events__contains=[event]).exclude(webhook_url="")
    WebhookDelivery.objects.bulk_create(WebhookDelivery(app=app, event=event, payload=body) for app in apps)
    transaction.on_commit(_wake.set)


def deliver_due(client: httpx.Client) -> int:
    """Send the deliveries that are due, oldest first; returns how many were taken up."""
    deliveries = _claim()
    if len(deliveries) > 1 and faults.take("webhook_shuffle", deliveries[0].event):
        deliveries.reverse()
    for delivery in deliveries:
        _attempt(client, delivery)
        if faults.take("webhook_duplicate", delivery.event):
            _attempt(client, delivery)
    return len(deliveries)


def _claim() -> list[WebhookDelivery]:
    """Due rows, put off for a while so that no other process sends them too; they come back if we die."""
    now = timezone.now()
    lease = timedelta(seconds=settings.WEBHOOK_TIMEOUT_SECONDS * BATCH)
    with transaction.atomic():
        due = WebhookDelivery.objects.filter(state=WebhookDelivery.State.PENDING, next_attempt_at__lte=now)
        rows = list(due.select_for_update(of=("self",), skip_locked=True).select_related("app").order_by("pk")[:BATCH])
        WebhookDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            next_attempt_at=now + lease, attempts=F("attempts") + 1
        )
    return rows


def _attempt(client: httpx.Client, delivery: WebhookDelivery) -> None:
    body = delivery.payload.encode()
    try:
        reply = client.post(delivery.app.webhook_url, content=body, headers=headers(delivery.event, body))
        reply.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        _put_off(delivery, f"{type(error).__name__}: {error}")
        return
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        state=WebhookDelivery.State.DELIVERED, delivered_at=timezone.now(), last_error=""
    )


def _put_off(delivery: WebhookDelivery, error: str) -> None:
    attempts = delivery.attempts + 1  # the row in memory was read before it was claimed
    wait = min(2.0 ** (attempts - 1), LONGEST_WAIT_SECONDS)
    given_up = attempts >= MAX_ATTEMPTS
    log.warning("%s could not be delivered to %s (%s)", delivery.event, delivery.app.webhook_url, error)
    pending = WebhookDelivery.objects.filter(pk=delivery.pk, state=WebhookDelivery.State.PENDING)
    pending.update(
        state=WebhookDelivery.State.FAILED if given_up else WebhookDelivery.State.PENDING,
        next_attempt_at=timezone.now() + timedelta(seconds=wait),
        last_error=error[:500],
    )


def forget_old() -> None:
    """Remove deliveries that were made long ago."""
    old = timezone.now() - KEPT
    WebhookDelivery.objects.filter(state=WebhookDelivery.State.DELIVERED, delivered_at__lt=old).delete()


def headers(event: str, body: bytes) -> dict[str, str]:
    """The headers that Saleor sends with a webhook."""
    plain = {
        "Saleor-Event": event,
        "Saleor-Domain": urlsplit(settings.PUBLIC_URL).netloc,
        "Saleor-Api-Url": settings.API_URL,
        "Saleor-Signature": tokens.detached_signature(body),
    }
    twins = {f"X-{name}": value for name, value in plain.items() if name != "Saleor-Api-Url"}
    return plain | twins | {"Content-Type": "application/json", "User-Agent": "Saleor/3.23"}


class Worker:
    """The thread of the server that delivers webhooks; `stop` ends it after the delivery in hand."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._prune = True  # once for every start of the server
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        _wake.set()
        self._thread.join(timeout=settings.WEBHOOK_TIMEOUT_SECONDS)

    def _run(self) -> None:
        with httpx.Client(timeout=settings.WEBHOOK_TIMEOUT_SECONDS) as client:
            while not self._stopping.is_set():
                _wake.clear()
                if not self._deliver(client):
                    _wake.wait(POLL_SECONDS)

    def _deliver(self, client: httpx.Client) -> int:
        close_old_connections()
        try:
            if self._prune:
                forget_old()
                self._prune = False
            return deliver_due(client)
        except Exception:
            log.exception("Webhooks could not be delivered; trying again.")
            return 0
        finally:
            close_old_connections()
