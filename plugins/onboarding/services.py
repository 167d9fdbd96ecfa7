"""Runs that copy the core's catalogue: started by a person, worked on by whoever is free, resumed from the checkpoint.

The core is read outside of transactions; what a page brings and the checkpoint behind it are written in one.
"""

import logging
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from commerce.core import core
from commerce.errors import CoreError
from inventory import warehouses
from kernel import audit, backoff, clock
from kernel.locks import lock_rows
from plugins.catalogue import mapping
from plugins.onboarding import errors
from plugins.onboarding.models import SyncProblem, SyncRun
from plugins.onboarding.steps import STEPS, Checkpoint, LostLease, Paused

log = logging.getLogger(__name__)

# Longer than any page takes; a worker that died is replaced after it.
LEASE = timedelta(seconds=60)
# How long one task works on a run: the same workers handle events.
SHARE = timedelta(seconds=15)


def read_core() -> None:
    """Note which product types, attributes and warehouses the core has. Raises CoreError; not in a transaction."""
    connection = core()
    types, attributes, found = connection.product_types(), connection.attributes(), connection.warehouses()
    with transaction.atomic():
        mapping.discover(types=types, attributes=attributes)
        warehouses.discover(found)


@transaction.atomic
def start(*, dry: bool, actor: str) -> SyncRun:
    """Begin a run. Raises SYNC_RUNNING while one is unfinished, SYNC_BLOCKED while the mapping is not whole."""
    if not dry and (wrong := blocking()):
        raise errors.blocked(len(wrong))
    if lock_rows(SyncRun.objects.filter(open=True)):
        raise errors.running()
    # Beside another transaction that begins one: the second waits, and finds the constraint.
    run, created = SyncRun.objects.get_or_create(open=True, defaults={"dry": dry, "actor": actor})
    if not created:
        raise errors.running()
    audit.record(actor=actor, action="sync.started", subject=f"sync:{run.pk}", detail={"dry": dry})
    transaction.on_commit(_wake)
    return run


@transaction.atomic
def cancel(*, run_id: int, actor: str) -> bool:
    """End the run where it stands; what is copied stays. False when it has ended already."""
    rows = lock_rows(SyncRun.objects.filter(pk=run_id, open=True))
    for run in rows:
        run.state, run.open, run.finished_at, run.holder = SyncRun.State.CANCELLED, None, clock.now(), None
        run.save(update_fields=["state", "open", "finished_at", "holder"])
        audit.record(actor=actor, action="sync.cancelled", subject=f"sync:{run.pk}")
    return bool(rows)


def work() -> bool:
    """Take up the unfinished run, if nobody holds it, for a while; whether there was one. Not in a transaction."""
    run = _claim()
    if run is None:
        return False
    checkpoint = Checkpoint(run, LEASE, SHARE)
    try:
        while run.stage != SyncRun.Stage.DONE:
            STEPS[SyncRun.Stage(run.stage)](run, checkpoint)
        checkpoint.finish()
    except Paused:
        SyncRun.objects.filter(pk=run.pk, holder=run.holder, open=True).update(holder=None, due_at=clock.now())
        _wake()
    except LostLease:
        log.warning("Run %s was cancelled, or taken over: this worker lets go of it.", run.pk)
    except CoreError as error:
        log.warning("Run %s waits for the core: %s", run.pk, error)
        _postpone(run, error)
    except Exception as error:  # the boundary: whatever it is, it is shown, and tried again
        log.exception("Run %s could not go on", run.pk)
        _postpone(run, error)
    return True


def last_run(*, dry: bool | None = None) -> SyncRun | None:
    """The latest run (of a kind)."""
    rows = SyncRun.objects.all() if dry is None else SyncRun.objects.filter(dry=dry)
    return rows.order_by("-pk").first()


def blocking() -> list[tuple[str, str, str]]:
    """What a person must decide before a first copy, as (code, subject, detail)."""
    found = [(SyncProblem.Code.TYPE_UNDECIDED.value, f"{row.name} ({row.slug})", "") for row in mapping.undecided()]
    wrong = [(SyncProblem.Code.WAREHOUSE.value, item.warehouse, item.message) for item in warehouses.problems()]
    return [*found, *wrong]


@transaction.atomic
def _claim() -> SyncRun | None:
    now = clock.now()
    waiting = SyncRun.objects.filter(Q(open=True), due_at__lte=now)
    run = waiting.select_for_update(skip_locked=True).first()
    if run is not None:
        run.state, run.holder, run.due_at = SyncRun.State.RUNNING, uuid.uuid4(), now + LEASE
        run.save(update_fields=["state", "holder", "due_at"])
    return run


def _postpone(run: SyncRun, error: Exception) -> None:
    held = SyncRun.objects.filter(pk=run.pk, holder=run.holder, open=True)
    failures = run.failures + 1
    held.update(
        holder=None,
        state=SyncRun.State.WAITING,
        failures=failures,
        due_at=clock.now() + backoff.delay(failures, at_least=backoff.asked(error)),
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def _wake() -> None:
    from plugins.onboarding import tasks  # tasks import this module

    tasks.wake()
