import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, transaction

from kernel import backoff, clock, saga_store, sagas
from kernel.errors import CORE_UNAVAILABLE, IN_PROGRESS, NEEDS_ATTENTION, TRY_AGAIN, ApiError, Errors
from kernel.models import AuditEntry, Saga, SagaState, SagaStep
from kernel.sagas import Definition, Retry, SagaContext, Step
from tests.kernel.threads import Crash, Running

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ["reserve", "authorise", "order", "confirm"]


class Script:
    """Four steps that note what happens; `on` lets one call of one of them go wrong."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.on: dict[str, list[BaseException | Callable[[SagaContext], None]]] = {}
        self.contexts: list[SagaContext] = []

    def definition(self) -> Definition:
        return Definition("test", [Step(name, self._do(name), self._undo(name)) for name in NAMES])

    def _do(self, name: str) -> sagas.Do:
        def do(context: SagaContext) -> dict[str, Any]:
            self.contexts.append(context)
            self._call(name, context)
            return {"by": name, "after": sorted(context.results)}

        return do

    def _undo(self, name: str) -> sagas.Undo:
        return lambda context: self._call(f"undo {name}", context)

    def _call(self, name: str, context: SagaContext) -> None:
        self.log.append(name)
        planned = self.on.get(name)
        if not planned:
            return
        happens = planned.pop(0)
        if isinstance(happens, BaseException):
            raise happens
        happens(context)


@pytest.fixture
def script() -> Iterator[Script]:
    made = Script()
    sagas.register(made.definition())
    yield made
    sagas.unregister("test")


def run(data: dict[str, Any] | None = None, key: str = "k") -> dict[str, Any]:
    return sagas.run("test", key, data or {})


def state() -> str:
    return Saga.objects.latest("attempt").state


def test_steps_run_in_order_and_see_the_results_before_them(script: Script) -> None:
    results = run()

    assert script.log == NAMES
    assert results["confirm"] == {"by": "confirm", "after": ["authorise", "order", "reserve"]}
    assert state() == SagaState.DONE


def test_a_done_saga_answers_again_and_does_nothing(script: Script) -> None:
    first = run()

    assert run({"other": "data"}) == first
    assert script.log == NAMES


def test_no_transaction_is_open_in_a_step_and_none_may_be_around_the_saga(script: Script) -> None:
    script.on["reserve"] = [
        lambda context: pytest.fail("open") if transaction.get_connection().in_atomic_block else None
    ]
    run()

    with pytest.raises(RuntimeError), transaction.atomic():
        run(key="other")


@pytest.mark.fault
@pytest.mark.parametrize("name", NAMES)
def test_a_crash_inside_a_step_is_resumed_at_that_step(name: str, script: Script, frozen: clock.FrozenClock) -> None:
    script.on[name] = [Crash()]
    with pytest.raises(Crash):
        run()
    before = list(script.log)

    assert sagas.resume_due() == 0, "the lease still holds"
    frozen.advance(seconds=61)
    assert sagas.resume_due() == 1

    assert before == NAMES[: NAMES.index(name) + 1]
    assert script.log == before + NAMES[NAMES.index(name) :]
    assert state() == SagaState.DONE
    assert len(run()) == 4


@pytest.mark.fault
@pytest.mark.parametrize("name", NAMES)
def test_a_crash_between_a_step_and_its_row_repeats_that_step_with_the_same_reference(
    name: str, script: Script, frozen: clock.FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = saga_store.mark_done

    def crash(saga: Saga, position: int, step: str, *args: Any) -> None:
        if step == name:
            raise Crash
        real(saga, position, step, *args)

    with monkeypatch.context() as patch:
        patch.setattr(saga_store, "mark_done", crash)
        with pytest.raises(Crash):
            run()
    frozen.advance(seconds=61)
    results = run()

    assert script.log.count(name) == 2
    assert len(script.log) == 5
    assert {context.reference for context in script.contexts} == {"test:k:1"}
    assert list(results) == NAMES


@pytest.mark.fault
@pytest.mark.parametrize("name", ["undo reserve", "undo authorise", "undo order"])
def test_a_crash_while_undoing_is_resumed(name: str, script: Script, frozen: clock.FrozenClock) -> None:
    script.on = {"confirm": [ApiError("PRICE_CHANGED", "changed")], name: [Crash()]}
    with pytest.raises(Crash):
        run()
    frozen.advance(seconds=61)

    assert sagas.resume_due() == 1

    undone = [entry for entry in script.log if entry.startswith("undo")]
    assert list(dict.fromkeys(undone)) == ["undo order", "undo authorise", "undo reserve"]
    assert undone.count(name) == 2
    assert len(undone) == 4
    assert state() == SagaState.FAILED


@pytest.mark.parametrize(
    "refusal", [ApiError("PRICE_CHANGED", "changed"), Errors([ApiError("A", "a"), ApiError("B", "b")])]
)
def test_a_refusal_undoes_what_was_done_in_reverse_and_is_told(refusal: Exception, script: Script) -> None:
    script.on["order"] = [refusal]

    with pytest.raises(type(refusal)) as told:
        run()

    assert told.value is refusal
    assert script.log == ["reserve", "authorise", "order", "undo authorise", "undo reserve"]
    assert state() == SagaState.FAILED
    assert set(SagaStep.objects.values_list("state", flat=True)) == {"UNDONE"}


def test_a_failed_key_starts_anew_with_new_data_and_reference(script: Script) -> None:
    script.on["order"] = [ApiError("PRICE_CHANGED", "changed")]
    with pytest.raises(ApiError):
        run({"price": 1})
    script.log.clear()

    run({"price": 2})

    assert script.log == NAMES
    assert script.contexts[-1].data == {"price": 2}
    assert script.contexts[-1].reference == "test:k:2"
    assert list(Saga.objects.order_by("attempt").values_list("state", flat=True)) == ["FAILED", "DONE"]


def test_a_retry_keeps_the_state_frees_the_lease_and_is_swept(script: Script, frozen: clock.FrozenClock) -> None:
    script.on["order"] = [Retry("the core is away"), Retry("still away")]

    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == TRY_AGAIN
    assert state() == SagaState.RUNNING
    assert sagas.resume_due() == 0, "its wait is not over"
    frozen.advance(seconds=2)
    assert sagas.resume_due() == 1
    frozen.advance(seconds=2)
    assert sagas.resume_due() == 0, "it waits longer each time"
    frozen.advance(seconds=2)
    assert sagas.resume_due() == 1

    assert script.log == ["reserve", "authorise", "order", "order", "order", "confirm"]
    assert state() == SagaState.DONE


@pytest.mark.parametrize("where", ["do", "fail", "undo"])
def test_a_wait_that_was_asked_for_is_kept_by_the_sweep(script: Script, frozen: clock.FrozenClock, where: str) -> None:
    wait = dt.timedelta(minutes=10)
    failed = backoff.TriedLater()
    failed.retry_after = wait
    refused = ApiError("NO", "no")
    script.on = {
        "do": {"order": [Retry("busy", at_least=wait)]},
        "fail": {"order": [failed]},
        "undo": {"order": [refused], "undo authorise": [Retry("busy", at_least=wait)]},
    }[where]
    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == (TRY_AGAIN if where != "undo" else "NO")
    frozen.advance(seconds=wait.total_seconds() - 1)
    assert sagas.resume_due() == 0
    frozen.advance(seconds=3)
    assert sagas.resume_due() == 1
    assert state() == (SagaState.DONE if where != "undo" else SagaState.FAILED)


def test_a_caller_need_not_wait_for_the_sweep(script: Script, frozen: clock.FrozenClock) -> None:
    script.on["order"] = [Retry(after=dt.timedelta(hours=1))]
    with pytest.raises(ApiError):
        run({"first": True})

    run({"first": False})

    assert script.log == ["reserve", "authorise", "order", "order", "confirm"]
    assert script.contexts[-1].data == {"first": True}, "a saga keeps the data it began with"


def test_a_retry_may_say_what_the_caller_is_told(script: Script) -> None:
    script.on["authorise"] = [Retry(error=ApiError("PAYMENT_ACTION_REQUIRED", "confirm"))]

    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == "PAYMENT_ACTION_REQUIRED"
    assert state() == SagaState.RUNNING


def test_a_transient_code_is_a_retry_and_undoes_nothing(script: Script) -> None:
    script.on["order"] = [ApiError(CORE_UNAVAILABLE, "away")]

    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == CORE_UNAVAILABLE
    assert script.log == ["reserve", "authorise", "order"]
    run()
    assert state() == SagaState.DONE


def test_retries_are_never_given_up(script: Script) -> None:
    script.on["order"] = [Retry() for _ in range(sagas.MAX_FAILURES + 3)]

    for _attempt in range(sagas.MAX_FAILURES + 3):
        with pytest.raises(ApiError):
            run()
    run()
    assert state() == SagaState.DONE


def test_an_unexpected_failure_is_tried_again_and_in_the_end_left_to_a_person(script: Script) -> None:
    script.on["order"] = [ZeroDivisionError("bug") for _ in range(sagas.MAX_FAILURES)]

    codes = []
    for _attempt in range(sagas.MAX_FAILURES):
        with pytest.raises(ApiError) as told:
            run()
        codes.append(told.value.code)
    assert codes == [TRY_AGAIN] * (sagas.MAX_FAILURES - 1) + [NEEDS_ATTENTION]
    assert state() == SagaState.STUCK
    script.log.clear()
    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == NEEDS_ATTENTION
    assert script.log == []

    call_command("unstick_saga", "test", "k")
    assert sagas.resume_due() == 1
    assert script.log == ["order", "confirm"]
    assert state() == SagaState.DONE
    with pytest.raises(CommandError):
        call_command("unstick_saga", "test", "k")


def test_an_undo_that_cannot_be_done_now_is_swept_and_the_refusal_is_told(
    script: Script, frozen: clock.FrozenClock
) -> None:
    script.on = {"order": [ApiError("PRICE_CHANGED", "changed")], "undo reserve": [Retry(), OSError("away")]}

    with pytest.raises(ApiError) as told:
        run()
    assert told.value.code == "PRICE_CHANGED"
    assert state() == SagaState.COMPENSATING
    for _sweep in range(2):
        frozen.advance(minutes=10)
        assert sagas.resume_due() == 1
    assert script.log.count("undo authorise") == 1
    assert script.log.count("undo reserve") == 3
    assert state() == SagaState.FAILED


def test_a_repeat_finishes_the_undoing_before_it_starts_anew(script: Script) -> None:
    script.on = {"order": [ApiError("PRICE_CHANGED", "changed")], "undo reserve": [Retry(), Retry()]}
    with pytest.raises(ApiError):
        run({"card": 1})

    with pytest.raises(ApiError) as told:
        run({"card": 2})
    assert told.value.code == TRY_AGAIN
    assert Saga.objects.count() == 1
    run({"card": 2})

    assert script.log[-5:] == ["undo reserve", *NAMES]
    assert script.contexts[-1].data == {"card": 2}


def test_an_undo_that_fails_for_good_is_left_to_a_person_and_unstuck_to_go_on_undoing(
    script: Script, frozen: clock.FrozenClock
) -> None:
    failures: list[Any] = [OSError("away") for _ in range(sagas.MAX_FAILURES)]
    script.on = {"order": [ApiError("PRICE_CHANGED", "changed")], "undo reserve": failures}
    with pytest.raises(ApiError):
        run()
    for _sweep in range(sagas.MAX_FAILURES - 1):
        frozen.advance(minutes=10)
        sagas.resume_due()
    assert state() == SagaState.STUCK

    assert sagas.unstick(kind="test", key="k")
    sagas.resume_due()

    assert state() == SagaState.FAILED
    assert script.log.count("order") == 1


@pytest.mark.race
def test_one_holder_at_a_time(script: Script) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def wait(context: SagaContext) -> None:
        inside.set()
        assert go_on.wait(60)

    script.on["authorise"] = [wait]
    first = Running(run)
    assert inside.wait(60)
    with pytest.raises(sagas.InProgress) as told:
        run()
    assert sagas.resume_due() == 0
    go_on.set()

    assert list(first.result()) == NAMES
    assert told.value.code == IN_PROGRESS
    assert script.log == NAMES


@pytest.mark.race
def test_many_starters_make_one_saga(script: Script) -> None:
    barrier = threading.Barrier(6)

    def start() -> str:
        barrier.wait(60)
        try:
            return str(len(run()))
        except sagas.InProgress as told:
            return told.code

    outcomes = {Running(start) for _ in range(6)}

    assert {runner.result() for runner in outcomes} <= {"4", IN_PROGRESS}
    assert script.log == NAMES
    assert Saga.objects.count() == 1


def test_a_holder_that_outlived_its_lease_writes_nothing_more(script: Script, frozen: clock.FrozenClock) -> None:
    def slow(context: SagaContext) -> None:
        frozen.advance(seconds=61)
        assert sagas.resume_due() == 1
        with pytest.raises(saga_store.LeaseLostError):
            context.save()

    script.on["order"] = [slow]
    with pytest.raises(sagas.InProgress):
        run()

    assert script.log == ["reserve", "authorise", "order", "order", "confirm"]
    assert state() == SagaState.DONE
    assert SagaStep.objects.count() == 4


@pytest.mark.parametrize("late", [Retry(), ApiError("PRICE_CHANGED", "changed"), OSError("away")])
def test_what_a_holder_without_lease_raises_changes_nothing(
    late: Exception, script: Script, frozen: clock.FrozenClock
) -> None:
    def slow(context: SagaContext) -> None:
        frozen.advance(seconds=61)
        assert sagas.resume_due() == 1
        raise late

    script.on["order"] = [slow]
    with pytest.raises(sagas.InProgress):
        run()

    assert state() == SagaState.DONE
    assert not [entry for entry in script.log if entry.startswith("undo")]


@pytest.mark.fault
def test_saved_data_survives_a_crash(script: Script, frozen: clock.FrozenClock) -> None:
    def remember(context: SagaContext) -> None:
        context.data["sent"] = "p-1"
        context.save()
        raise Crash

    script.on["authorise"] = [remember]
    with pytest.raises(Crash):
        run({"a": 1})
    frozen.advance(seconds=61)
    run()

    assert script.contexts[-1].data == {"a": 1, "sent": "p-1"}


def test_an_atomic_step_and_its_row_stand_or_fall_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def write(context: SagaContext) -> None:
        AuditEntry.objects.create(actor="a", action="b", subject="c")

    def crash(*args: Any) -> None:
        raise Crash

    sagas.register(Definition("atomic", [Step("write", write, atomic=True)]))
    try:
        with monkeypatch.context() as patch:
            patch.setattr(saga_store, "mark_done", crash)
            with pytest.raises(Crash):
                sagas.run("atomic", "k", {})
        assert not AuditEntry.objects.exists()
        Saga.objects.update(lease_until=None)
        sagas.run("atomic", "k", {})
        sagas.run("atomic", "k", {})
    finally:
        sagas.unregister("atomic")
    assert AuditEntry.objects.count() == 1


def test_results_must_be_plain_json(script: Script) -> None:
    sagas.register(Definition("rich", [Step("one", lambda context: {"at": clock.now()})]))
    try:
        with pytest.raises(ApiError) as told:
            sagas.run("rich", "k", {})
    finally:
        sagas.unregister("rich")
    assert told.value.code == TRY_AGAIN
    assert "TypeError" in Saga.objects.get().last_error


def test_misuse_is_refused_at_registration(script: Script) -> None:
    with pytest.raises(ValueError):
        sagas.register(script.definition())
    with pytest.raises(ValueError):
        Definition("empty", [])
    with pytest.raises(ValueError):
        Definition("twice", [Step("a", lambda context: None), Step("a", lambda context: None)])


def test_the_database_refuses_a_second_open_attempt() -> None:
    Saga.objects.create(kind="test", key="k", attempt=1, data={})

    with pytest.raises(IntegrityError):
        Saga.objects.create(kind="test", key="k", attempt=2, data={})
