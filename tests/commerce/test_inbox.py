"""Events are handled once, in order per object, again after failures, and never by two workers."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client

from commerce import inbox, tasks
from commerce.errors import CoreUnavailable
from commerce.models import InboxEvent
from kernel import backoff, clock

State = InboxEvent.State


@pytest.fixture(autouse=True)
def _fresh_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "_handlers", type(inbox._handlers)(list))
    monkeypatch.setattr(inbox, "_merged", set())


@pytest.fixture
def time() -> Iterator[clock.FrozenClock]:
    frozen = clock.FrozenClock(datetime(2026, 1, 2, tzinfo=UTC))
    with clock.use_clock(frozen):
        yield frozen


def arrive(product: str, *, event: str = "product_updated") -> None:
    inbox.store(event=event, signature="signature", payload={"product": {"id": product}})


@pytest.mark.django_db
def test_handlers_get_events_in_order_and_once(time: clock.FrozenClock) -> None:
    seen: list[str] = []
    inbox.register("product_updated", lambda payload: seen.append(payload["product"]["id"]))
    for product in ("a", "b", "a"):
        arrive(product)
    assert inbox.process_due() == 3
    assert inbox.process_due() == 0
    assert seen == ["a", "b", "a"]
    assert set(InboxEvent.objects.values_list("state", "handled_at")) == {(State.HANDLED, time.now())}


@pytest.mark.django_db
def test_one_handling_stands_for_all_that_waited_for_the_same_object(time: clock.FrozenClock) -> None:
    seen: list[str] = []

    def handler(payload: dict[str, Any]) -> None:
        seen.append(payload["product"]["id"])
        if len(seen) == 1:
            arrive("a")  # while it reads: this may tell of something newer

    inbox.register("product_updated", handler)
    inbox.merge("product_updated")
    for product in ("a", "b", "a", "a"):
        arrive(product)
    arrive("a", event="product_deleted")
    assert inbox.process_due() == 4
    assert seen == ["a", "b", "a"]
    assert set(InboxEvent.objects.values_list("state", flat=True)) == {State.HANDLED}
    # A failure leaves all of them waiting.
    inbox.register("product_updated", lambda payload: 1 / 0)  # type: ignore[arg-type, return-value]
    arrive("c")
    arrive("c")
    inbox.process_due()
    assert InboxEvent.objects.filter(object_key="product:c", state=State.WAITING).count() == 2


@pytest.mark.django_db
def test_an_event_nobody_wants_is_done(time: clock.FrozenClock) -> None:
    arrive("a", event="product_exported")
    assert tasks.process_inbox() == 1
    assert InboxEvent.objects.get().state == State.HANDLED


@pytest.mark.django_db
def test_registering_twice_is_registering_once(time: clock.FrozenClock) -> None:
    seen: list[Any] = []

    def handler(payload: dict[str, Any]) -> None:
        seen.append(payload)

    for _ in range(2):
        inbox.register("product_updated", handler)
    arrive("a")
    inbox.process_due()
    assert len(seen) == 1
    inbox.unregister("product_updated", handler)
    arrive("a")
    inbox.process_due()
    assert len(seen) == 1


@pytest.mark.django_db
def test_a_failure_is_tried_again_and_holds_back_its_object_alone(time: clock.FrozenClock) -> None:
    seen: list[str] = []
    broken = {"a"}

    def handler(payload: dict[str, Any]) -> None:
        product = payload["product"]["id"]
        if product in broken:
            raise KeyError(product)
        seen.append(product)

    inbox.register("product_updated", handler)
    for product in ("a", "b", "a"):
        arrive(product)
    assert inbox.process_due() == 2
    assert seen == ["b"]
    first = InboxEvent.objects.order_by("id")[0]
    assert (first.state, first.attempts, first.last_error) == (State.WAITING, 1, "KeyError: 'a'")
    assert inbox.process_due() == 0
    broken.clear()
    time.advance(seconds=10)
    assert inbox.process_due() == 2
    assert seen == ["b", "a", "a"]


@pytest.mark.django_db
def test_after_many_failures_it_is_left_to_a_person_and_others_go_on(time: clock.FrozenClock) -> None:
    seen: list[int] = []

    def handler(payload: dict[str, Any]) -> None:
        seen.append(1)
        if len(seen) <= inbox.MOST_ATTEMPTS:
            raise ValueError("never")

    inbox.register("product_updated", handler)
    arrive("a")
    arrive("a")
    for _ in range(inbox.MOST_ATTEMPTS):
        inbox.process_due(limit=1)
        time.advance(seconds=backoff.CAP_SECONDS)
    assert InboxEvent.objects.order_by("id")[0].state == State.FAILED
    assert inbox.process_due() == 1
    assert InboxEvent.objects.order_by("id")[1].state == State.HANDLED


@pytest.mark.django_db
def test_an_absent_core_is_waited_for_without_end(time: clock.FrozenClock) -> None:
    def handler(payload: dict[str, Any]) -> None:
        raise CoreUnavailable("away")

    inbox.register("product_updated", handler)
    arrive("a")
    for _ in range(inbox.MOST_ATTEMPTS + 5):
        assert inbox.process_due() == 1
        time.advance(seconds=backoff.CAP_SECONDS)
    assert InboxEvent.objects.get().state == State.WAITING


@pytest.mark.django_db
def test_a_core_that_asks_for_rest_is_not_asked_before(time: clock.FrozenClock) -> None:
    asked: list[Any] = []

    def handler(payload: dict[str, Any]) -> None:
        asked.append(payload)
        if len(asked) == 1:
            raise CoreUnavailable("busy", retry_after=timedelta(minutes=10))

    inbox.register("product_updated", handler)
    arrive("a")
    assert inbox.process_due() == 1
    time.advance(seconds=599)
    assert (inbox.process_due(), len(asked)) == (0, 1)
    time.advance(seconds=3)
    assert (inbox.process_due(), len(asked)) == (1, 2)
    assert InboxEvent.objects.get().state == State.HANDLED


@pytest.mark.django_db
def test_a_crashed_worker_s_event_is_taken_over(time: clock.FrozenClock) -> None:
    arrive("a")
    crashed = inbox._claim()
    assert crashed is not None
    assert inbox.process_due() == 0
    time.advance(seconds=inbox.LEASE.total_seconds() + 1)
    assert inbox.process_due() == 1
    # The first worker, should it only have been slow, writes nothing any more.
    written: list[int] = []
    inbox._finish(crashed, [lambda: written.append(1)])
    inbox._postpone(crashed, ValueError("late"), give_up=True)
    assert written == []
    assert InboxEvent.objects.get().state == State.HANDLED


@pytest.mark.django_db
def test_a_returned_writer_shares_the_transaction_of_the_mark(time: clock.FrozenClock) -> None:
    attempts: list[bool] = []

    def handler(payload: dict[str, Any]) -> inbox.Writer:
        assert not any(not block._from_testcase for block in connection.atomic_blocks)

        def write() -> None:
            attempts.append(connection.in_atomic_block)
            get_user_model().objects.create_user(f"user-{payload['product']['id']}")
            if len(attempts) == 1:
                raise RuntimeError("crash after the write")

        return write

    inbox.register("product_updated", handler)
    arrive("a")
    inbox.process_due()
    assert not get_user_model().objects.exists()
    time.advance(seconds=10)
    inbox.process_due()
    assert get_user_model().objects.count() == 1
    assert attempts == [True, True]


@pytest.mark.django_db
def test_pauses_grow_to_a_bound(time: clock.FrozenClock) -> None:
    inbox.register("product_updated", lambda payload: 1 / 0)  # type: ignore[arg-type, return-value]
    arrive("a")
    InboxEvent.objects.update(attempts=12)
    inbox.process_due()
    pause = InboxEvent.objects.get().due_at - time.now()
    assert timedelta(seconds=backoff.CAP_SECONDS / 2) < pause <= timedelta(seconds=backoff.CAP_SECONDS)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_side_by_side_handle_each_event_once_and_in_order() -> None:
    seen: list[tuple[str, int]] = []
    inside: set[str] = set()
    overlaps: list[str] = []
    lock = threading.Lock()

    def handler(payload: dict[str, Any]) -> None:
        product = payload["product"]["id"]
        with lock:
            if product in inside:
                overlaps.append(product)
            inside.add(product)
        threading.Event().wait(0.002)
        with lock:
            inside.remove(product)
            seen.append((product, payload["number"]))

    inbox.register("product_updated", handler)
    for number in range(40):
        payload = {"number": number, "product": {"id": f"p{number % 4}"}}
        inbox.store(event="product_updated", signature="s", payload=payload)

    def work() -> None:
        try:
            for _round in range(200):
                if not inbox.process_due() and not InboxEvent.objects.filter(state=State.WAITING).exists():
                    return
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert overlaps == []
    assert sorted(number for _product, number in seen) == list(range(40))
    for product in ("p0", "p1", "p2", "p3"):
        numbers = [number for name, number in seen if name == product]
        assert numbers == sorted(numbers)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_the_same_delivery_at_the_same_time_is_stored_once() -> None:
    outcomes: list[bool] = []
    barrier = threading.Barrier(4)

    def deliver() -> None:
        try:
            barrier.wait(60)
            payload = {"issuedAt": "2026-01-02T00:00:00Z", "product": {"id": "a"}}
            outcomes.append(inbox.store(event="product_updated", signature="same", payload=payload))
        finally:
            connection.close()

    threads = [threading.Thread(target=deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(outcomes) == [False, False, False, True]
    assert InboxEvent.objects.count() == 1


@pytest.mark.django_db
def test_the_admin_shows_and_changes_nothing(time: clock.FrozenClock, admin_client: Client) -> None:
    inbox.register("product_updated", lambda payload: 1 / 0)  # type: ignore[arg-type, return-value]
    with transaction.atomic():
        arrive("a")
    inbox.process_due()
    page = admin_client.get("/admin/commerce/inboxevent/")
    assert page.status_code == 200
    assert "ZeroDivisionError" in page.content.decode()
    row = InboxEvent.objects.get()
    assert admin_client.get(f"/admin/commerce/inboxevent/{row.pk}/change/").status_code == 200
    assert admin_client.post(f"/admin/commerce/inboxevent/{row.pk}/change/", {"event": "x"}).status_code == 403
    assert admin_client.post(f"/admin/commerce/inboxevent/{row.pk}/delete/").status_code == 403
    assert admin_client.get("/admin/commerce/inboxevent/add/").status_code == 403
