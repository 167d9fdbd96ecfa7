import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from kernel import clock, idempotency
from kernel.errors import IDEMPOTENCY_MISMATCH, IN_PROGRESS, ApiError
from kernel.idempotency import Outcome
from kernel.models import AuditEntry, IdempotencyKey
from tests.kernel.threads import Crash, Running, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)

BOTH = pytest.mark.parametrize("atomic", [True, False])


def run(
    work: Callable[[], Outcome], *, key: str = "k", scope: str = "guest:1", digest: str = "d", atomic: bool
) -> dict:
    return idempotency.run_once(scope=scope, key=key, digest=digest, work=work, atomic=atomic)


def write(body: dict | None = None, *, committed: bool = True) -> Callable[[], Outcome]:
    def work() -> Outcome:
        AuditEntry.objects.create(actor="a", action="worked", subject="s")
        return Outcome(body=body or {"n": AuditEntry.objects.count()}, committed=committed)

    return work


@BOTH
def test_a_repeat_is_answered_and_not_done_again(atomic: bool) -> None:
    first = run(write(), atomic=atomic)
    second = run(write(), atomic=atomic)

    assert first == second == {"n": 1}
    assert AuditEntry.objects.count() == 1


@BOTH
def test_keys_belong_to_their_scope(atomic: bool) -> None:
    run(write(), scope="shopper:1", atomic=atomic)

    assert run(write(), scope="shopper:2", atomic=atomic) == {"n": 2}


@BOTH
def test_another_body_under_the_same_key_is_refused_and_does_nothing(atomic: bool) -> None:
    run(write(), atomic=atomic)

    with pytest.raises(ApiError) as refused:
        run(write(), digest="other", atomic=atomic)
    assert refused.value.code == IDEMPOTENCY_MISMATCH
    assert AuditEntry.objects.count() == 1


@BOTH
def test_an_outcome_that_is_not_committed_is_not_stored(atomic: bool) -> None:
    body = run(write({"errors": ["no"]}, committed=False), atomic=atomic)

    assert body == {"errors": ["no"]}
    assert not IdempotencyKey.objects.exists()
    assert run(write({"ok": True}), atomic=atomic) == {"ok": True}


def test_an_atomic_refusal_rolls_the_work_back() -> None:
    run(write(committed=False), atomic=True)

    assert not AuditEntry.objects.exists()


@BOTH
def test_what_the_work_raises_frees_the_key(atomic: bool) -> None:
    def fail() -> Outcome:
        raise ApiError("NOPE", "no")

    with pytest.raises(ApiError):
        run(fail, atomic=atomic)
    assert run(write(), atomic=atomic) == {"n": 1}


@pytest.mark.race
@pytest.mark.parametrize("duplicates", [1, 4])
def test_a_concurrent_duplicate_waits_and_replays(duplicates: int) -> None:
    started, go_on = threading.Event(), threading.Event()

    def slow() -> Outcome:
        started.set()
        assert go_on.wait(60)
        return write()()

    first = Running(lambda: run(slow, atomic=True))
    assert started.wait(60)
    others = [Running(lambda: run(write(), atomic=True)) for _ in range(duplicates)]
    wait_until_blocked()
    assert all(other.is_alive for other in others)
    go_on.set()

    assert first.result() == {"n": 1}
    assert [other.result() for other in others] == [{"n": 1}] * duplicates
    assert AuditEntry.objects.count() == 1


@pytest.mark.race
def test_a_duplicate_does_the_work_when_the_first_is_refused() -> None:
    started, go_on = threading.Event(), threading.Event()

    def refused() -> Outcome:
        started.set()
        assert go_on.wait(60)
        return write({"errors": ["no"]}, committed=False)()

    first = Running(lambda: run(refused, atomic=True))
    assert started.wait(60)
    second = Running(lambda: run(write({"ok": True}), atomic=True))
    wait_until_blocked()
    go_on.set()

    assert first.result() == {"errors": ["no"]}
    assert second.result() == {"ok": True}
    assert AuditEntry.objects.count() == 1


@pytest.mark.fault
def test_a_holder_whose_connection_dies_frees_the_key() -> None:
    def die() -> Outcome:
        write()()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            pid = cursor.fetchone()[0]
        Running(lambda: kill(pid)).result()
        raise Crash

    def kill(pid: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def crash() -> None:
        with pytest.raises(BaseException):  # noqa: B017 - the connection is gone under it
            run(die, atomic=True)

    Running(crash).result()

    assert not IdempotencyKey.objects.exists()
    assert run(write(), atomic=True) == {"n": 1}


def test_a_lease_is_respected_and_then_taken_over(frozen: clock.FrozenClock) -> None:
    def crash() -> Outcome:
        raise Crash

    with pytest.raises(Crash):
        run(crash, atomic=False)
    frozen.advance(seconds=59)
    with pytest.raises(ApiError) as told:
        run(write(), atomic=False)
    assert told.value.code == IN_PROGRESS
    assert not AuditEntry.objects.exists()
    frozen.advance(seconds=2)
    assert run(write(), atomic=False) == {"n": 1}


def test_a_holder_that_outlived_its_lease_does_not_overwrite_its_successor(frozen: clock.FrozenClock) -> None:
    def slow() -> Outcome:
        frozen.advance(seconds=61)
        assert run(write({"by": "second"}), atomic=False) == {"by": "second"}
        return Outcome({"by": "first"}, committed=True)

    assert run(slow, atomic=False) == {"by": "first"}
    assert run(write(), atomic=False) == {"by": "second"}


def test_a_lease_inside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        run(write(), atomic=False)


def test_old_keys_are_forgotten(frozen: clock.FrozenClock) -> None:
    run(write(), key="old", atomic=True)
    frozen.advance(days=31)
    run(write(), key="new", atomic=True)

    assert idempotency.purge() == 1
    assert IdempotencyKey.objects.get().key == "new"
