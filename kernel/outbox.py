"""Events that leave with the transaction: written beside the change they tell of, delivered after it.

Delivery is at least once and, per aggregate, one at a time in the order of publication (for publishers that lock their
aggregate; those that do not have no order to keep). A message whose handler fails is tried again with back-off and
holds back the later ones of its aggregate only. No transaction is open while a handler runs.

A handler takes the payload and the message's id and must be idempotent: a crash between it and the mark repeats it.
"""

import datetime as dt
import json
import logging
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from kernel import backoff, clock, ids, metrics, tracing, waking, work
from kernel.locks import LockSpace, try_advisory_lock
from kernel.models import OutboxMessage

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any], int], None]

# A handler that takes longer may run twice at once; calls to the core time out long before.
LEASE = dt.timedelta(seconds=60)
KEPT = dt.timedelta(days=7)

_handlers: dict[str, dict[str, Handler]] = {}


def register(topic: str, handler: Handler) -> None:
    """Have `handler(payload, message_id)` called for every message of `topic`, in the order of registration.

    Call it from AppConfig.ready, in every process. Each handler is tracked by its dotted name: one that succeeded is
    not called again because another failed. Raises ValueError when another handler has the name.
    """
    handlers = _handlers.setdefault(topic, {})
    name = f"{handler.__module__}.{handler.__qualname__}"
    if handlers.setdefault(name, handler) is not handler:
        raise ValueError(f"{topic} already has another handler named {name}.")


@contextmanager
def only_handlers(handlers: dict[str, list[Handler]]) -> Iterator[None]:
    """Replace all registrations for the length of a `with` block (tests)."""
    global _handlers
    before, _handlers = _handlers, {}
    try:
        for topic, listed in handlers.items():
            for handler in listed:
                register(topic, handler)
        yield
    finally:
        _handlers = before


def publish(*, topic: str, aggregate: str, payload: dict[str, Any]) -> int:
    """Add a message to the transaction and return its id. `aggregate` names what it is about ("order:81").

    Raises RuntimeError outside a transaction and TypeError for a payload that is not plain JSON.
    """
    return publish_all([(topic, aggregate, payload)])[0]


def publish_all(events: Iterable[tuple[str, str, dict[str, Any]]]) -> list[int]:
    """The same for several (topic, aggregate, payload), in this order and in one statement."""
    if not connection.in_atomic_block:
        raise RuntimeError("publish() belongs in the transaction of the change it tells of.")
    origin = _origin()
    messages = [
        OutboxMessage(topic=topic, aggregate=aggregate, payload=payload, origin=origin)
        for topic, aggregate, payload in events
    ]
    for message in messages:
        json.dumps(message.payload)  # Fails here, at the publisher's line, and not in the worker.
    OutboxMessage.objects.bulk_create(messages)
    if not any(hook[1] is wake for hook in connection.run_on_commit):
        transaction.on_commit(wake, robust=True)
    return [message.pk for message in messages]


def _origin() -> dict[str, str]:
    """The request at hand, so that logs and traces of the delivery can be found from it."""
    under_way = work.current()
    return ({"request_id": under_way.request_id} if under_way else {}) | tracing.carrier()


def wake() -> None:
    """Tell a worker that there is something to deliver. The sweep finds it anyway: no broker, no harm."""
    from kernel.tasks import deliver_outbox  # The tasks import this module.

    waking.wake(deliver_outbox)


def deliver_due(limit: int = 100) -> int:
    """Deliver up to `limit` messages that are due; returns how many were delivered. Any number may run side by side."""
    delivered = tried = 0
    while tried < limit:
        candidates = list(_due().values_list("pk", "aggregate").order_by("id")[: limit - tried])
        claimed = 0
        for pk, aggregate in candidates:
            message = _claim(pk, aggregate)
            if message is None:
                continue
            claimed += 1
            delivered += _deliver(message)
        tried += claimed
        if not claimed:
            break
    return delivered


def pending() -> int:
    """How many messages wait to be delivered."""
    return OutboxMessage.objects.filter(delivered_at__isnull=True).count()


def purge(*, limit: int = 10_000) -> int:
    """Forget messages delivered more than seven days ago, at most `limit`; returns how many."""
    old = OutboxMessage.objects.filter(delivered_at__lt=clock.now() - KEPT).order_by("delivered_at")
    deleted, _models = OutboxMessage.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return deleted


def _due() -> QuerySet[OutboxMessage]:
    """Heads of line whose time has come: of their aggregate nothing earlier waits and nothing is being handled."""
    now = clock.now()
    in_the_way = OutboxMessage.objects.filter(
        Q(pk__lt=OuterRef("pk")) | Q(lease_until__gt=now),
        aggregate=OuterRef("aggregate"),
        delivered_at__isnull=True,
    )
    return OutboxMessage.objects.filter(~Exists(in_the_way), delivered_at__isnull=True, next_attempt_at__lte=now)


def _claim(pk: int, aggregate: str) -> OutboxMessage | None:
    """Lease the message in a transaction of its own; None when another worker was first."""
    with transaction.atomic(durable=True):
        # One claimant per aggregate at a time: between reading "nobody handles it" and the lease nobody slips in.
        if not try_advisory_lock(LockSpace.OUTBOX, aggregate):
            return None
        message = _due().filter(pk=pk).first()
        if message is None:
            return None
        message.holder = ids.new_uuid()
        message.lease_until = clock.now() + LEASE
        message.attempts += 1
        message.save(update_fields=["holder", "lease_until", "attempts"])
    return message


def _deliver(message: OutboxMessage) -> bool:
    waiting = {name: call for name, call in _handlers.get(message.topic, {}).items() if name not in message.handled}
    for name, handler in waiting.items():
        try:
            with _known_as(message):
                handler(message.payload, message.pk)
        except Exception as error:
            log.exception("%s failed on outbox message %s, attempt %s", name, message.pk, message.attempts)
            _postpone(message, name, error)
            metrics.DELIVERIES.labels(message.topic, "failed").inc()
            return False
        message.handled.append(name)
        # Also a new lease: each handler has the full time.
        if not _update(message, handled=message.handled, lease_until=clock.now() + LEASE):
            return False
    metrics.DELIVERIES.labels(message.topic, "delivered").inc()
    return _update(message, delivered_at=clock.now(), lease_until=None, last_error="")


@contextmanager
def _known_as(message: OutboxMessage) -> Iterator[None]:
    """Logs and traces of the block are those of the request that published the message."""
    name = f"outbox {message.topic}"
    with (
        work.doing(name, request_id=message.origin.get("request_id", "")),
        tracing.span(name, kind="CONSUMER", parent=message.origin, messaging_message_id=message.pk),
    ):
        yield


def _postpone(message: OutboxMessage, name: str, error: Exception) -> None:
    _update(
        message,
        lease_until=None,
        next_attempt_at=clock.now() + backoff.delay(message.attempts, at_least=backoff.asked(error)),
        last_error=f"{name}: {type(error).__name__}: {error}"[:2000],
    )


def _update(message: OutboxMessage, **values: Any) -> bool:
    """Write unless the lease was lost to another worker, whose word then counts."""
    holder: uuid.UUID | None = message.holder
    if OutboxMessage.objects.filter(pk=message.pk, holder=holder).update(**values):
        return True
    log.warning("outbox message %s outlived its lease and was taken over", message.pk)
    return False
