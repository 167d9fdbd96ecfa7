import datetime as dt
import logging
import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError

from kernel import backoff, clock, outbox, tasks, waking
from kernel.models import OutboxMessage
from tests.kernel.threads import Crash, Running

pytestmark = pytest.mark.django_db(transaction=True)


class Recorder:
    """Handlers that note what they were given, and fail when told to."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.failing: set[Any] = set()
        self.error: Any = ValueError("not today")

    def first(self, payload: dict[str, Any], message_id: int) -> None:
        if payload["n"] in self.failing:
            raise self.error
        self.seen.append(payload["n"])


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def publish(aggregate: str, *numbers: int) -> None:
    with transaction.atomic():
        for number in numbers:
            outbox.publish(topic="t", aggregate=aggregate, payload={"n": number})


def test_a_message_leaves_with_its_transaction(recorder: Recorder) -> None:
    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1)
        with transaction.atomic():
            outbox.publish(topic="t", aggregate="a", payload={"n": 2})
            transaction.set_rollback(True)

        assert outbox.deliver_due() == 1
        assert outbox.deliver_due() == 0
    assert recorder.seen == [1]


def test_publishing_outside_a_transaction_or_what_is_not_json_is_refused() -> None:
    with pytest.raises(RuntimeError):
        outbox.publish(topic="t", aggregate="a", payload={})
    with transaction.atomic(), pytest.raises(TypeError):
        outbox.publish(topic="t", aggregate="a", payload={"at": clock.now()})
    assert not OutboxMessage.objects.exists()


def test_one_aggregate_is_delivered_in_order(recorder: Recorder) -> None:
    with outbox.only_handlers({"t": [recorder.first]}):
        for number in range(6):
            publish("a", number)

        assert outbox.deliver_due(limit=4) == 4
        assert recorder.seen == [0, 1, 2, 3]
        outbox.deliver_due()
    assert recorder.seen == [0, 1, 2, 3, 4, 5]


def test_a_failing_head_holds_back_its_own_aggregate_only(recorder: Recorder, frozen: clock.FrozenClock) -> None:
    recorder.failing = {1}
    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1, 2)
        publish("b", 10, 11)

        assert outbox.deliver_due() == 2
        assert recorder.seen == [10, 11]
        frozen.advance(seconds=1)
        assert outbox.deliver_due() == 0
        recorder.failing.clear()
        frozen.advance(seconds=1)
        assert outbox.deliver_due() == 2
    assert recorder.seen == [10, 11, 1, 2]
    assert outbox.pending() == 0


def test_the_wait_between_tries_doubles_up_to_five_minutes(recorder: Recorder, frozen: clock.FrozenClock) -> None:
    recorder.failing = {1}
    waits = []
    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1)
        for _attempt in range(12):
            outbox.deliver_due()
            message = OutboxMessage.objects.get()
            waits.append((message.next_attempt_at - clock.now()).total_seconds())
            frozen.advance(seconds=waits[-1] + 0.001)

    expected = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]
    assert all(0.75 * most <= wait <= most for wait, most in zip(waits, expected, strict=True))
    assert message.attempts == 12
    assert "ValueError: not today" in message.last_error


def test_what_a_failure_asks_for_is_waited_and_more_only_by_back_off(
    recorder: Recorder, frozen: clock.FrozenClock
) -> None:
    recorder.failing, recorder.error = {1}, backoff.TriedLater()
    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1)
        for asked, least, most in [(None, 1.5, 2), (600, 600, 602), (0, 6, 8), (3600, 3600, 3602), (1, 24, 32)]:
            recorder.error.retry_after = None if asked is None else dt.timedelta(seconds=asked)
            outbox.deliver_due()
            wait = (OutboxMessage.objects.get().next_attempt_at - clock.now()).total_seconds()
            assert least <= wait <= most
            frozen.advance(seconds=wait - 0.001)
            assert (outbox.deliver_due(), OutboxMessage.objects.get().next_attempt_at > clock.now()) == (0, True)
            frozen.advance(seconds=0.002)


def test_backoff_never_overflows() -> None:
    assert backoff.delay(10**6) <= dt.timedelta(seconds=300)
    assert backoff.delay(0) <= dt.timedelta(seconds=2)


def test_a_handler_that_succeeded_is_not_called_again_because_another_failed(
    recorder: Recorder, frozen: clock.FrozenClock
) -> None:
    def fails_once(payload: dict[str, Any], message_id: int) -> None:
        if not recorder.failing:
            recorder.failing.add("failed")
            raise OSError("away")
        recorder.seen.append("fixed")

    with outbox.only_handlers({"t": [recorder.first, fails_once]}):
        publish("a", 1)
        assert outbox.deliver_due() == 0
        frozen.advance(seconds=3)
        assert outbox.deliver_due() == 1
    assert recorder.seen == [1, "fixed"]


@pytest.mark.fault
def test_a_crash_between_handler_and_mark_repeats_the_message(
    recorder: Recorder, frozen: clock.FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: Any, **kwargs: Any) -> bool:
        raise Crash

    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1, 2)
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "_update", crash)
            with pytest.raises(Crash):
                outbox.deliver_due()

        frozen.advance(seconds=59)
        assert outbox.deliver_due() == 0, "the lease still holds the aggregate"
        frozen.advance(seconds=2)
        assert outbox.deliver_due() == 2
    assert recorder.seen == [1, 1, 2]


def test_no_transaction_is_open_while_a_handler_runs() -> None:
    seen: list[bool] = []
    with outbox.only_handlers({"t": [lambda payload, message_id: seen.append(connection.in_atomic_block)]}):
        publish("a", 1)
        outbox.deliver_due()
    assert seen == [False]


def test_a_handler_may_publish(recorder: Recorder) -> None:
    def again(payload: dict[str, Any], message_id: int) -> None:
        publish("b", 2)

    with outbox.only_handlers({"start": [again], "t": [recorder.first]}):
        with transaction.atomic():
            outbox.publish(topic="start", aggregate="a", payload={})
        assert outbox.deliver_due() == 2
    assert recorder.seen == [2]


def test_a_message_nobody_listens_to_is_done() -> None:
    with outbox.only_handlers({}):
        publish("a", 1)
        assert outbox.deliver_due() == 1


def test_two_handlers_may_not_share_a_name(recorder: Recorder) -> None:
    with outbox.only_handlers({"t": [recorder.first]}), pytest.raises(ValueError):
        outbox.register("t", Recorder().first)


@pytest.mark.race
def test_workers_side_by_side_keep_the_order_and_deliver_once() -> None:
    seen: dict[str, list[int]] = {}
    busy: set[str] = set()
    overlaps: list[str] = []

    def handler(payload: dict[str, Any], message_id: int) -> None:
        aggregate = payload["aggregate"]
        if aggregate in busy:
            overlaps.append(aggregate)
        busy.add(aggregate)
        threading.Event().wait(0.002)
        seen.setdefault(aggregate, []).append(payload["n"])
        busy.discard(aggregate)

    with outbox.only_handlers({"t": [handler]}):
        for number in range(8):
            with transaction.atomic():
                for aggregate in "abcde":
                    outbox.publish(topic="t", aggregate=aggregate, payload={"aggregate": aggregate, "n": number})
        workers = [Running(drain) for _ in range(4)]
        delivered = sum(worker.result() for worker in workers)
    assert delivered == 40
    assert overlaps == []
    assert seen == {aggregate: list(range(8)) for aggregate in "abcde"}


def drain() -> int:
    delivered = 0
    for _round in range(2000):
        delivered += outbox.deliver_due(limit=10)
        if not outbox.pending():
            return delivered
        threading.Event().wait(0.002)
    raise AssertionError("the outbox does not empty")


@pytest.mark.race
def test_a_message_that_commits_late_is_not_lost(recorder: Recorder) -> None:
    inserted, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            outbox.publish(topic="t", aggregate="a", payload={"n": 1})
            inserted.set()
            assert go_on.wait(60)

    with outbox.only_handlers({"t": [recorder.first]}):
        publisher = Running(slow)
        assert inserted.wait(60)
        publish("a", 2)
        outbox.deliver_due()
        go_on.set()
        publisher.result()
        outbox.deliver_due()
    assert sorted(recorder.seen) == [1, 2]


@pytest.fixture
def woken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    settings.CELERY_WAKE = True
    calls: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.deliver_outbox, "apply_async", lambda **options: calls.append(options))
    return calls


def test_a_commit_wakes_the_worker_once(woken: list[dict[str, Any]]) -> None:
    publish("a", 1, 2, 3)

    assert len(woken) == 1


def test_a_rolled_back_savepoint_does_not_swallow_the_wake_up(woken: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        with transaction.atomic():
            outbox.publish(topic="t", aggregate="a", payload={})
            transaction.set_rollback(True)
        outbox.publish(topic="t", aggregate="a", payload={})

    assert len(woken) == 1


def test_nothing_is_woken_for_what_was_rolled_back(woken: list[dict[str, Any]]) -> None:
    with transaction.atomic():
        outbox.publish(topic="t", aggregate="a", payload={})
        transaction.set_rollback(True)

    assert woken == []


@pytest.mark.parametrize("error", [BrokerError("no broker"), OSError("no space")])
def test_a_broker_that_fails_does_not_fail_the_request(
    error: Exception, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[dict[str, Any]] = []

    def refuse(**options: Any) -> None:
        asked.append(options)
        raise error

    settings.CELERY_WAKE = True
    monkeypatch.setattr(waking, "_silent_until", float("-inf"))
    monkeypatch.setattr(tasks.deliver_outbox, "apply_async", refuse)

    with caplog.at_level(logging.WARNING):
        publish("a", 1)
        # While it is away nobody waits for it again.
        publish("a", 2)

    assert outbox.pending() == 2
    assert len(asked) == 1
    assert "deliver_outbox is left to the sweep" in caplog.text


def test_the_broker_is_asked_again_after_a_while(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    settings.CELERY_WAKE = True
    monkeypatch.setattr(tasks.deliver_outbox, "apply_async", lambda **options: asked.append(options))
    monkeypatch.setattr(waking, "_silent_until", time.monotonic() + waking.PAUSE_SECONDS)
    publish("a", 1)
    assert asked == []

    monkeypatch.setattr(waking, "_silent_until", time.monotonic() - 0.001)
    publish("a", 2)

    assert len(asked) == 1


def test_the_version_before_writes_messages_while_the_tables_are_new(recorder: Recorder) -> None:
    """It knows no `origin`: the database fills it in."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kernel_outboxmessage
                      (topic, aggregate, payload, created_at, next_attempt_at, attempts, handled, last_error)
               VALUES ('t', 'a', '{"n": 1}', now(), now(), 0, '[]', '')"""
        )

    with outbox.only_handlers({"t": [recorder.first]}):
        assert outbox.deliver_due() == 1
    assert recorder.seen == [1]
    assert OutboxMessage.objects.get().origin == {}


def test_delivered_messages_are_forgotten_after_a_week(frozen: clock.FrozenClock) -> None:
    with outbox.only_handlers({}):
        publish("a", 1)
        outbox.deliver_due()
    frozen.advance(days=8)
    publish("a", 2)

    assert outbox.purge() == 1
    assert outbox.pending() == 1


def test_tasks_do_the_sweeps(recorder: Recorder) -> None:
    with outbox.only_handlers({"t": [recorder.first]}):
        publish("a", 1)
        assert tasks.deliver_outbox() == 1
    assert tasks.resume_sagas() == 0
    assert tasks.purge() == 0
