"""The rows of sagas. Every write is refused (LeaseLostError) to a holder whose lease another one has taken over."""

import datetime as dt
import json
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from kernel import clock, ids
from kernel.locks import LockSpace, advisory_lock, lock_rows, longest_wait
from kernel.models import Saga, SagaState, SagaStep, SagaStepState

LEASE = dt.timedelta(seconds=60)
_OPEN = (SagaState.RUNNING, SagaState.COMPENSATING)


# The usual beginning in one statement. Who begins the same at once waits for it, and then finds it.
_BEGIN = """
WITH told AS (SELECT set_config('lock_timeout', %(wait)s, true))
INSERT INTO kernel_saga (kind, key, attempt, state, data, holder, lease_until, next_attempt_at, tries, failures,
                         error, last_error, created_at)
SELECT %(kind)s, %(key)s, 1, 'RUNNING', %(data)s::jsonb, %(holder)s, %(lease)s, %(now)s, 0, 0, '', '', %(now)s
  FROM told
 WHERE NOT EXISTS (SELECT FROM kernel_saga WHERE kind = %(kind)s AND key = %(key)s)
    ON CONFLICT DO NOTHING RETURNING id
"""

# The step's row, only while the lease is ours.
_DONE = """
WITH held AS (
    UPDATE kernel_saga
       SET data = %(data)s::jsonb, tries = 0, failures = 0, last_error = '', state = %(state)s,
           lease_until = %(lease)s, finished_at = %(finished)s
     WHERE id = %(saga)s AND holder = %(holder)s RETURNING id)
INSERT INTO kernel_sagastep (saga_id, position, name, state, result, finished_at)
SELECT id, %(position)s, %(name)s, 'DONE', %(result)s::jsonb, %(now)s FROM held
"""


class LeaseLostError(Exception):
    """The lease ran out and another holder has gone on."""


def claim(kind: str, key: str, data: dict[str, Any]) -> Saga | None:
    """The newest attempt, leased to the caller; a new attempt when there is none or it FAILED; None when it is held.

    DONE and STUCK attempts are returned without a lease.
    """
    with transaction.atomic(durable=True):
        begun = _begin(kind, key, data)
        if begun is not None:
            return begun
        advisory_lock(LockSpace.SAGA, f"{kind}:{key}")
        last = Saga.objects.filter(kind=kind, key=key).order_by("-attempt").first()
        if last is None or last.state == SagaState.FAILED:
            attempt = 1 if last is None else last.attempt + 1
            return _lease(Saga(kind=kind, key=key, attempt=attempt, data=data))
        return _claim_row(last.pk)


def _begin(kind: str, key: str, data: dict[str, Any]) -> Saga | None:
    """A first attempt, leased; None when there is one already."""
    now = clock.now()
    saga = Saga(
        kind=kind,
        key=key,
        data=data,
        holder=ids.new_uuid(),
        lease_until=now + LEASE,
        next_attempt_at=now,
        created_at=now,
    )
    told: dict[str, Any] = {"kind": kind, "key": key, "data": json.dumps(data), "now": now, "wait": longest_wait()}
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, told | {"holder": saga.holder, "lease": saga.lease_until})
        row = cursor.fetchone()
    if row is None:
        return None
    saga.pk, saga.is_new, saga._state.adding = row[0], True, False
    return saga


def claim_existing(pk: int) -> Saga | None:
    """Lease an attempt that is due; None when it no longer is."""
    with transaction.atomic(durable=True):
        saga = _claim_row(pk)
    return saga if saga is not None and saga.state in _OPEN else None


def _claim_row(pk: int) -> Saga | None:
    saga = lock_rows(Saga.objects.filter(pk=pk))[0]
    if saga.state not in _OPEN:
        return saga
    if saga.lease_until is not None and saga.lease_until > clock.now():
        return None
    return _lease(saga)


def _lease(saga: Saga) -> Saga:
    saga.holder = ids.new_uuid()
    saga.lease_until = clock.now() + LEASE
    saga.save()
    return saga


def due(*, kinds: list[str], limit: int) -> list[int]:
    """Ids of the attempts that wait for nothing but a holder, oldest wait first."""
    now = clock.now()
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    sagas = Saga.objects.filter(free, kind__in=kinds, state__in=_OPEN, next_attempt_at__lte=now)
    return list(sagas.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])


def results(saga: Saga) -> dict[str, dict[str, Any]]:
    """Results of the steps that are done, by step name."""
    if saga.is_new:
        return {}
    return {row.name: row.result for row in done_steps(saga)}


def done_steps(saga: Saga, *, last_first: bool = False) -> list[SagaStep]:
    rows = SagaStep.objects.filter(saga=saga, state=SagaStepState.DONE)
    return list(rows.order_by("-position" if last_first else "position"))


def update(saga: Saga, **values: Any) -> None:
    """Write to the row and to `saga`. Raises LeaseLostError."""
    if not Saga.objects.filter(pk=saga.pk, holder=saga.holder).update(**values):
        raise LeaseLostError(str(saga))
    for name, value in values.items():
        setattr(saga, name, value)


def _progress(saga: Saga, data: dict[str, Any], **values: Any) -> None:
    """Note it, and have the full lease for what comes next."""
    update(saga, data=data, tries=0, failures=0, lease_until=clock.now() + LEASE, **values)


def mark_done(
    saga: Saga, position: int, name: str, result: dict[str, Any], data: dict[str, Any], is_last: bool
) -> None:
    """Keep the result of a step, and have the full lease for the next; with the last one the saga is DONE."""
    now = clock.now()
    state, lease, finished = (SagaState.DONE, None, now) if is_last else (saga.state, now + LEASE, None)
    told = {"saga": saga.pk, "holder": saga.holder, "position": position, "name": name, "state": state}
    told |= {"data": json.dumps(data), "result": json.dumps(result)}
    with connection.cursor() as cursor:
        cursor.execute(_DONE, told | {"lease": lease, "finished": finished, "now": now})
        if cursor.rowcount == 0:
            raise LeaseLostError(str(saga))
    saga.data, saga.tries, saga.failures, saga.last_error, saga.is_new = data, 0, 0, "", False
    saga.state, saga.lease_until, saga.finished_at = state, lease, finished


def mark_undone(saga: Saga, row: SagaStep, data: dict[str, Any]) -> None:
    """Keep that a step is undone, and have the full lease for the next."""
    with transaction.atomic():
        _progress(saga, data)
        SagaStep.objects.filter(pk=row.pk).update(state=SagaStepState.UNDONE, undone_at=clock.now())


def start_compensation(saga: Saga, error: str) -> None:
    leased = clock.now() + LEASE
    update(saga, state=SagaState.COMPENSATING, error=error[:2000], tries=0, failures=0, lease_until=leased)


def finish(saga: Saga, state: SagaState) -> None:
    """DONE or FAILED: no holder any more."""
    update(saga, state=state, lease_until=None, finished_at=clock.now())


def release(saga: Saga, *, until: dt.datetime, said: str, failures: int) -> None:
    """Free the lease; the sweep tries again at `until`, a caller may at once."""
    values = {"tries": saga.tries + 1, "failures": failures, "last_error": said[:2000]}
    update(saga, lease_until=None, next_attempt_at=until, **values)


def stick(saga: Saga, said: str) -> None:
    """Stop trying until a person has looked."""
    update(saga, state=SagaState.STUCK, lease_until=None, failures=saga.failures + 1, last_error=said[:2000])


def unstick(kind: str, key: str) -> bool:
    stuck = Saga.objects.filter(kind=kind, key=key, state=SagaState.STUCK)
    fresh = {"tries": 0, "failures": 0, "next_attempt_at": clock.now(), "holder": ids.new_uuid()}
    # What was refused can only be undone.
    refused = stuck.exclude(error="").update(state=SagaState.COMPENSATING, **fresh)
    return bool(refused + stuck.filter(error="").update(state=SagaState.RUNNING, **fresh))
