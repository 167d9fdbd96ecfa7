"""A request that is repeated is answered with the outcome of the first, and not done again.

Two ways to hold a key. `atomic=True`: key and work share one transaction, so a duplicate waits on the unique index (at
most five seconds, then TRY_AGAIN) and replays, and a holder that crashes takes its key with it. `atomic=False`, for
work that commits step by step: the key is claimed for sixty seconds; a duplicate meanwhile is told IN_PROGRESS, and a
claim that ran out is taken over. Only committed outcomes are stored.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock, ids
from kernel.database import translated_errors
from kernel.errors import IDEMPOTENCY_MISMATCH, IN_PROGRESS, ApiError
from kernel.locks import limit_wait, lock_rows
from kernel.models import IdempotencyKey

log = logging.getLogger(__name__)

LEASE = dt.timedelta(seconds=60)
KEPT = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the work answered. `committed=False`: a refusal or a question; nothing is stored, it may be repeated."""

    body: dict[str, Any]
    committed: bool


class _NotCommittedError(Exception):
    def __init__(self, body: dict[str, Any]) -> None:
        super().__init__()
        self.body = body


def run_once(*, scope: str, key: str, digest: str, work: Callable[[], Outcome], atomic: bool = True) -> dict[str, Any]:
    """Run `work` unless (scope, key) has been committed before; returns the body of the one or the other.

    Raises ApiError IDEMPOTENCY_MISMATCH when the key was used with another `digest`, IN_PROGRESS while a lease holds
    it. `atomic=False` must be called outside a transaction (RuntimeError). What `work` raises frees the key.
    """
    if atomic:
        return _run_in_one_transaction(scope, key, digest, work)
    return _run_under_lease(scope, key, digest, work)


def purge(*, limit: int = 10_000) -> int:
    """Forget keys older than thirty days; returns how many. At most `limit`, so that it never holds the table long."""
    old = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).order_by("created_at")
    deleted, _models = IdempotencyKey.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:limit])).delete()
    return deleted


def _run_in_one_transaction(scope: str, key: str, digest: str, work: Callable[[], Outcome]) -> dict[str, Any]:
    try:
        with translated_errors(), transaction.atomic():
            row, mine = _insert_or_lock(scope, key, digest)
            if not mine and (stored := _stored(row, digest)) is not None:
                return stored
            outcome = work()
            if not outcome.committed:
                raise _NotCommittedError(outcome.body)
            _store(row.pk, row.holder, outcome.body)
            return outcome.body
    except _NotCommittedError as refusal:
        return refusal.body


def _run_under_lease(scope: str, key: str, digest: str, work: Callable[[], Outcome]) -> dict[str, Any]:
    with translated_errors(), transaction.atomic(durable=True):
        row, mine = _insert_or_lock(scope, key, digest)
        if not mine and (stored := _stored(row, digest)) is not None:
            return stored
        _claim(row)
    try:
        outcome = work()
    except Exception:
        _free(row)
        raise
    if not outcome.committed:
        _free(row)
    elif not _store(row.pk, row.holder, outcome.body):
        log.warning("idempotency key %s outlived its lease and was taken over", row)
    return outcome.body


def _insert_or_lock(scope: str, key: str, digest: str) -> tuple[IdempotencyKey, bool]:
    """The row of the key and whether this transaction made it. A concurrent maker is waited for."""
    limit_wait()
    for _attempt in range(3):
        holder = ids.new_uuid()
        row = IdempotencyKey(scope=scope, key=key, digest=digest, holder=holder)
        # ON CONFLICT DO NOTHING waits for a maker in flight; if it rolls back, this insert goes through.
        IdempotencyKey.objects.bulk_create([row], ignore_conflicts=True)
        found = lock_rows(IdempotencyKey.objects.filter(scope=scope, key=key))
        if found:
            return found[0], found[0].holder == holder
        # Freed by its holder between the two statements: make it anew.
    raise ApiError(IN_PROGRESS, _("This request is still being worked on. Please try again in a moment."))


def _stored(row: IdempotencyKey, digest: str) -> dict[str, Any] | None:
    """The committed body of a key made before; None when its claim ran out and may be taken over."""
    if row.digest != digest:
        raise ApiError(IDEMPOTENCY_MISMATCH, _("This Idempotency-Key was already used for a different request."))
    if row.finished_at is not None:
        return dict(row.body or {})
    if row.lease_until is not None and row.lease_until > clock.now():
        raise ApiError(IN_PROGRESS, _("This request is still being worked on. Please try again in a moment."))
    return None


def _claim(row: IdempotencyKey) -> None:
    row.holder = ids.new_uuid()
    row.lease_until = clock.now() + LEASE
    row.save(update_fields=["holder", "lease_until"])


def _store(pk: int, holder: uuid.UUID | None, body: dict[str, Any]) -> bool:
    held = IdempotencyKey.objects.filter(pk=pk, holder=holder, finished_at__isnull=True)
    return bool(held.update(body=body, finished_at=clock.now(), lease_until=None))


def _free(row: IdempotencyKey) -> None:
    IdempotencyKey.objects.filter(pk=row.pk, holder=row.holder, finished_at__isnull=True).delete()
