"""Business transactions of several side effects, in steps that resume after a crash and compensate after a refusal.

A saga is known by kind and key. Its steps run one after the other, outside any transaction; each result is a row
before the next begins. A step may run again when its holder crashed before the row was written: it must be idempotent,
and takes `ctx.reference` (the same for every try of one attempt) for keys of its own. A step with `atomic=True` only
touches the database and shares one transaction with its row: it happens exactly once.

What a step raises decides. `Retry`: nothing is undone, a later try goes on from here. So does an
ApiError whose code is transient (TRY_AGAIN, CORE_UNAVAILABLE...). Any other ApiError or Errors: final; the steps done
are undone in reverse, the saga is FAILED, and its key may be tried anew. Anything else is a bug or an outage: tried
MAX_FAILURES times, then STUCK for a person.
"""

import datetime as dt
import json
import logging
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import backoff, clock, metrics, saga_store, tracing
from kernel.database import translated_errors
from kernel.errors import IN_PROGRESS, NEEDS_ATTENTION, TRANSIENT, TRY_AGAIN, ApiError, Errors
from kernel.models import Saga, SagaState
from kernel.saga_store import LeaseLostError

log = logging.getLogger(__name__)

MAX_FAILURES = 8


class InProgress(ApiError):
    """Another holder is working on this saga right now."""

    default_code = IN_PROGRESS


class Retry(Exception):
    """Raised by a step: cannot be done now, try later from here.

    `after` is the wait before the sweep tries again (back-off otherwise, no shorter than `at_least`). `error` is what
    the caller is told in place of TRY_AGAIN, for example that the customer has to confirm the payment.
    """

    def __init__(
        self,
        reason: str = "",
        *,
        after: dt.timedelta | None = None,
        at_least: dt.timedelta | None = None,
        error: ApiError | None = None,
    ) -> None:
        super().__init__(reason)
        self.after = after
        self.at_least = at_least
        self.error = error


@dataclass(slots=True)
class SagaContext:
    """What a step sees: the saga's data and the results of the steps before it, by step name. All plain JSON."""

    kind: str
    key: str
    attempt: int
    data: dict[str, Any]
    results: dict[str, dict[str, Any]]
    _saga: Saga = field(repr=False)
    # What the steps of one run leave to each other in memory. Never kept: who resumes the saga begins without.
    memory: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def reference(self) -> str:
        """The same for every try of this attempt, another for the next: the root of keys given to other systems."""
        return f"{self.kind}:{self.key}:{self.attempt}"

    def save(self) -> None:
        """Keep `data` now, before a side effect that a crash must not make forgotten."""
        saga_store.update(self._saga, data=_plain(self.data))


Do = Callable[[SagaContext], dict[str, Any] | None]
Undo = Callable[[SagaContext], None]


@dataclass(frozen=True, slots=True)
class Step:
    """`do` returns its result (plain JSON) or None; `undo` takes it back and must bear being called twice.

    `atomic`: `do` runs in one transaction with the row that says it is done.
    """

    name: str
    do: Do
    undo: Undo | None = None
    atomic: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A kind of saga. Steps are known by name: a name is never given to another step."""

    kind: str
    steps: tuple[Step, ...] | list[Step]

    def __post_init__(self) -> None:
        names = [step.name for step in self.steps]
        if not names or len(set(names)) != len(names):
            raise ValueError(f"Saga {self.kind} needs steps, each with a name of its own.")


_definitions: dict[str, Definition] = {}


def register(definition: Definition) -> None:
    """Make a kind known, in AppConfig.ready of every process. Raises ValueError when the kind is taken."""
    if _definitions.setdefault(definition.kind, definition) is not definition:
        raise ValueError(f"A saga of kind {definition.kind} is already registered.")


def unregister(kind: str) -> None:
    """Forget a kind (tests)."""
    _definitions.pop(kind, None)


def run(kind: str, key: str, data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Start the saga (kind, key), or go on with it where it stands; returns the results of its steps by name.

    A DONE saga answers again with its results. One that is under way keeps the `data` it began with. A FAILED one
    starts a new attempt. Raises InProgress while another holder has it, the ApiError or Errors of the step that
    refused (after compensation), ApiError TRY_AGAIN for what is transient, NEEDS_ATTENTION when it is stuck;
    RuntimeError inside a transaction.
    """
    definition = _definitions[kind]
    for _round in range(2):
        saga = saga_store.claim(kind, key, _plain(data))
        if saga is None:
            raise _in_progress()
        if saga.state == SagaState.STUCK:
            raise _needs_attention()
        if saga.state == SagaState.DONE:
            return saga_store.results(saga)
        if saga.state == SagaState.RUNNING:
            return _advance(saga, definition)
        # A refused attempt was left half undone: finish that, then start anew with the caller's data.
        _compensate(saga, definition)
        if saga.state != SagaState.FAILED:
            raise _try_again()
    raise _try_again()


def resume_due(limit: int = 50) -> int:
    """Go on with up to `limit` sagas that nobody holds and whose time has come; returns how many were taken up."""
    taken = 0
    for pk in saga_store.due(kinds=list(_definitions), limit=limit):
        saga = saga_store.claim_existing(pk)
        if saga is None:
            continue
        taken += 1
        definition = _definitions[saga.kind]
        try:
            if saga.state == SagaState.COMPENSATING:
                _compensate(saga, definition)
            else:
                _advance(saga, definition)
        except (ApiError, Errors) as told:
            log.info("saga %s swept: %s", saga, told)
    return taken


def unstick(*, kind: str, key: str) -> bool:
    """Let a STUCK saga be tried again, once a person has removed the cause; False when none is stuck."""
    return saga_store.unstick(kind, key)


def _advance(saga: Saga, definition: Definition) -> dict[str, dict[str, Any]]:
    try:
        return _run_steps(saga, definition)
    except LeaseLostError as lost:
        raise _in_progress() from lost


def _run_steps(saga: Saga, definition: Definition) -> dict[str, dict[str, Any]]:
    context = _context(saga)
    for position, step in enumerate(definition.steps):
        if step.name in context.results:
            continue
        try:
            _do(saga, position, step, context, is_last=step is definition.steps[-1])
        except Retry as wait:
            _postpone(saga, _wait(saga, wait), f"{step.name}: {wait}")
            raise wait.error or _try_again() from wait
        except (ApiError, Errors) as refusal:
            if isinstance(refusal, ApiError) and refusal.code in TRANSIENT:
                _postpone(saga, backoff.delay(saga.tries + 1), f"{step.name}: {refusal}")
                raise
            _refuse(saga, step, refusal)
            _compensate(saga, definition)
            raise
        except LeaseLostError:
            raise
        except Exception as error:
            log.exception("saga %s: step %s failed", saga, step.name)
            raise _fail(saga, step.name, error) from error
    if saga.state != SagaState.DONE:  # All steps were done before.
        saga_store.finish(saga, SagaState.DONE)
    metrics.SAGAS.labels(saga.kind, SagaState.DONE).inc()
    return context.results


def _do(saga: Saga, position: int, step: Step, context: SagaContext, *, is_last: bool) -> None:
    named = tracing.span(f"saga {saga.kind} {step.name}", suite_saga_attempt=saga.attempt)
    with named, translated_errors(), transaction.atomic(durable=True) if step.atomic else nullcontext():
        result = _plain(step.do(context) or {})
        saga_store.mark_done(saga, position, step.name, result, _plain(context.data), is_last)
    context.results[step.name] = result


def _refuse(saga: Saga, step: Step, refusal: ApiError | Errors) -> None:
    """From here on the attempt can only be undone, whoever takes it up."""
    log.info("saga %s: step %s refused: %s", saga, step.name, refusal)
    saga_store.start_compensation(saga, f"{step.name}: {refusal}")


def _compensate(saga: Saga, definition: Definition) -> None:
    """Undo the steps done, last first. What cannot be undone now is left to the sweep: the refusal stands already."""
    try:
        _undo_steps(saga, definition)
    except LeaseLostError:
        log.warning("saga %s was taken over while it was undone", saga)


def _undo_steps(saga: Saga, definition: Definition) -> None:
    context = _context(saga)
    steps = {step.name: step for step in definition.steps}
    for row in saga_store.done_steps(saga, last_first=True):
        try:
            undo = steps[row.name].undo
            if undo is not None:
                undo(context)
            saga_store.mark_undone(saga, row, _plain(context.data))
        except Retry as wait:
            _postpone(saga, _wait(saga, wait), f"undo {row.name}: {wait}")
            return
        except LeaseLostError:
            raise
        except Exception as error:
            # A refusal to undo is no answer for a customer: it counts as a failure, in the end for a person.
            log.exception("saga %s: undoing %s failed", saga, row.name)
            _fail(saga, f"undo {row.name}", error)
            return
    saga_store.finish(saga, SagaState.FAILED)
    metrics.SAGAS.labels(saga.kind, SagaState.FAILED).inc()


def _fail(saga: Saga, where: str, error: Exception) -> ApiError:
    """Count an unexpected failure; returns what the caller is told."""
    said = f"{where}: {type(error).__name__}: {error}"
    if saga.failures + 1 >= MAX_FAILURES:
        log.error("saga %s is stuck and needs a person: %s", saga, said)
        saga_store.stick(saga, said)
        metrics.SAGAS.labels(saga.kind, SagaState.STUCK).inc()
        return _needs_attention()
    wait = backoff.delay(saga.tries + 1, at_least=backoff.asked(error))
    _postpone(saga, wait, said, failures=saga.failures + 1)
    return _try_again()


def _wait(saga: Saga, wanted: Retry) -> dt.timedelta:
    if wanted.after is not None:
        return wanted.after
    return backoff.delay(saga.tries + 1, at_least=wanted.at_least)


def _postpone(saga: Saga, wait: dt.timedelta, said: str, *, failures: int | None = None) -> None:
    saga_store.release(
        saga, until=clock.now() + wait, said=said, failures=saga.failures if failures is None else failures
    )


def _context(saga: Saga) -> SagaContext:
    return SagaContext(saga.kind, saga.key, saga.attempt, saga.data, saga_store.results(saga), saga)


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    """Through JSON and back: a first run sees what a resumed one will see. Raises TypeError for anything richer."""
    return dict(json.loads(json.dumps(value)))


def _in_progress() -> InProgress:
    return InProgress(message=_("This is still being worked on. Please try again in a moment."))


def _try_again() -> ApiError:
    return ApiError(TRY_AGAIN, _("This could not be finished right now. Please try again in a moment."))


def _needs_attention() -> ApiError:
    return ApiError(NEEDS_ATTENTION, _("This could not be finished. Our staff has been told and will settle it."))
