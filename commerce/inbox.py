"""Events of the core: stored by the webhook, then handled one by one, in order of arrival per object.

Higher layers register handlers in their AppConfig.ready. A handler is called outside any transaction, so that it
may read the object anew from the core: a payload says what changed, never how it is now. What it writes must either
be idempotent, or be put into a function that it returns: that function runs in the very transaction which marks the
event as handled, so it takes effect exactly once, whatever crashes.
"""

import hashlib
import logging
import uuid
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef

from commerce import metrics
from commerce.errors import CoreUnavailable
from commerce.models import InboxEvent
from kernel import backoff, clock, tracing, waking, work

logger = logging.getLogger(__name__)

Payload = dict[str, Any]
Writer = Callable[[], None]
Handler = Callable[[Payload], Writer | None]

LEASE = timedelta(seconds=120)
KEPT = timedelta(days=30)  # handled events: longer than a delivery may be old, so that a replay is still known
MOST_ATTEMPTS = 40  # some hours; an unreachable core does not count as a failure of the event

_NOT_ABOUT = frozenset({"issuingPrincipal", "recipient"})
# Events whose handlers read the object anew and nothing else: of several that wait for one object, one is enough.
_merged: set[str] = set()
_handlers: dict[str, list[Handler]] = defaultdict(list)


def merge(event: str) -> None:
    """Let one handling of `event` stand for all of its kind that waited for the same object when it began.

    Only where every handler of the event reads the object that the payload names, and nothing else of the payload.
    """
    _merged.add(event)


def register(event: str, handler: Handler) -> None:
    """Have `handler` called with the payload of every `event` (Saleor's lower-case name); twice is once."""
    if handler not in _handlers[event]:
        _handlers[event].append(handler)


def unregister(event: str, handler: Handler) -> None:
    """Take a handler off again (tests)."""
    _handlers[event].remove(handler)


def store(*, event: str, signature: str, payload: Payload) -> bool:
    """Keep a verified delivery and wake the worker; False when this very delivery is kept already.

    The core's signature is deterministic: two deliveries with one signature are one event, provided the payload
    tells its time (`issuedAt`). Without a time two changes of one object look alike, and none may be lost.
    """
    identity = signature if payload.get("issuedAt") else f"{signature} {uuid.uuid4()}"
    with transaction.atomic():
        _row, created = InboxEvent.objects.get_or_create(
            event=event,
            digest=hashlib.sha256(identity.encode()).hexdigest(),
            defaults={"object_key": _object_key(event, payload), "payload": payload},
        )
        if created:
            transaction.on_commit(_wake)
    return created


def process_due(limit: int = 100) -> int:
    """Handle up to `limit` events that are due; returns how many were tried. Not to be called in a transaction."""
    for tried in range(limit):
        event = _claim()
        if event is None:
            return tried
        _handle(event)
    return limit


def purge() -> int:
    """Forget events that were handled long ago; returns how many."""
    old = InboxEvent.objects.filter(state=InboxEvent.State.HANDLED, handled_at__lt=clock.now() - KEPT)
    return old.delete()[0]


def _wake() -> None:
    """Tell a worker. With a broken broker the event still stands in the table, and is swept."""
    from commerce.tasks import process_inbox  # tasks import this module

    waking.wake(process_inbox)


def _object_key(event: str, payload: Payload) -> str:
    """`order:<id>` and `product:<id>` for whatever concerns one, else the first object of the payload with an id.

    Who caused the event is not what it is about: all that one App does would wait in one line.
    """
    variant = payload.get("productVariant")
    product = variant.get("product") if isinstance(variant, dict) else None
    told = {"order": payload.get("order"), "product": payload.get("product") or product} | payload
    for name, part in told.items():
        if name not in _NOT_ABOUT and isinstance(part, dict) and isinstance(part.get("id"), str):
            return f"{name}:{part['id']}"[:255]
    return event


def _claim() -> InboxEvent | None:
    now = clock.now()
    waiting = InboxEvent.objects.filter(state=InboxEvent.State.WAITING)
    earlier = waiting.filter(object_key=OuterRef("object_key"), id__lt=OuterRef("id"))
    with transaction.atomic():
        event = (
            waiting.filter(~Exists(earlier), due_at__lte=now)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("id")
            .first()
        )
        if event:
            event.holder = uuid.uuid4()
            event.due_at = now + LEASE
            event.attempts += 1
            event.save(update_fields=["holder", "due_at", "attempts"])
    return event


def _handle(event: InboxEvent) -> None:
    alike = _alike(event)  # before anything is read: what comes later may tell of something newer
    try:
        # Not named by the event: its name is what somebody sent.
        with work.doing("inbox"), tracing.span("inbox", kind="CONSUMER", suite_event=event.event):
            writers = [handler(event.payload) for handler in _handlers.get(event.event, ())]
            _finish(event, [writer for writer in writers if writer], alike)
        metrics.EVENTS.labels("handled").inc()
    except CoreUnavailable as error:
        metrics.EVENTS.labels("core away").inc()
        logger.warning("Event %s waits for the core: %s", event, error)
        _postpone(event, error, give_up=False)
    except Exception as error:  # the boundary of foreign code: any failure is recorded and tried again
        logger.exception("Event %s could not be handled", event)
        give_up = event.attempts >= MOST_ATTEMPTS
        metrics.EVENTS.labels("given up" if give_up else "failed").inc()
        _postpone(event, error, give_up=give_up)


def _alike(event: InboxEvent) -> list[int]:
    """The events that this handling stands for, too."""
    if event.event not in _merged:
        return []
    later = InboxEvent.objects.filter(
        state=InboxEvent.State.WAITING, event=event.event, object_key=event.object_key, id__gt=event.pk
    )
    return list(later.values_list("pk", flat=True))


def _held(event: InboxEvent) -> InboxEvent | None:
    """The row, locked, unless another worker took it over when the lease ran out."""
    row = InboxEvent.objects.select_for_update().filter(
        pk=event.pk, holder=event.holder, state=InboxEvent.State.WAITING
    )
    return row.first()


def _finish(event: InboxEvent, writers: list[Writer], alike: Sequence[int] = ()) -> None:
    with transaction.atomic():
        row = _held(event)
        if row is None:
            logger.warning("Event %s was taken over by another worker; nothing is written here.", event)
            return
        for write in writers:
            write()
        row.state, row.handled_at, row.holder, row.last_error = InboxEvent.State.HANDLED, clock.now(), None, ""
        row.save(update_fields=["state", "handled_at", "holder", "last_error"])
        merged = InboxEvent.objects.filter(pk__in=alike, state=InboxEvent.State.WAITING)
        merged.update(state=InboxEvent.State.HANDLED, handled_at=row.handled_at)


def _postpone(event: InboxEvent, error: Exception, *, give_up: bool) -> None:
    with transaction.atomic():
        row = _held(event)
        if row is None:
            return
        row.holder = None
        row.due_at = clock.now() + backoff.delay(event.attempts, at_least=backoff.asked(error))
        row.last_error = f"{type(error).__name__}: {error}"[:2000]
        if give_up:
            # Later events of the object go on: their handlers read its state anew.
            row.state = InboxEvent.State.FAILED
        row.save(update_fields=["holder", "due_at", "last_error", "state"])
