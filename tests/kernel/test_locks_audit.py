import threading

import pytest
from django.db import Error, IntegrityError, connection, transaction

from kernel import audit, locks
from kernel.database import translated_errors
from kernel.errors import TRY_AGAIN, ApiError
from kernel.locks import LockSpace, advisory_lock, lock_rows, try_advisory_lock
from kernel.models import AuditEntry, OutboxMessage
from tests.kernel.threads import Running, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def make_rows(count: int) -> None:
    for number in range(count):
        OutboxMessage.objects.create(topic="t", aggregate=f"a{count - number}", payload={})


def test_locks_outside_a_transaction_are_refused() -> None:
    for take in (
        lambda: lock_rows(OutboxMessage.objects.all()),
        lambda: advisory_lock(LockSpace.SAGA, "x"),
        lambda: try_advisory_lock(LockSpace.SAGA, "x"),
    ):
        with pytest.raises(RuntimeError):
            take()


def test_rows_are_locked_in_the_order_given() -> None:
    make_rows(3)

    with transaction.atomic():
        assert [row.aggregate for row in lock_rows(OutboxMessage.objects.all())] == ["a3", "a2", "a1"]
        by_name = lock_rows(OutboxMessage.objects.all(), order_by=["aggregate"])
        assert [row.aggregate for row in by_name] == ["a1", "a2", "a3"]


@pytest.mark.race
def test_a_second_locker_waits_and_sees_what_the_first_wrote() -> None:
    make_rows(1)

    def read_locked() -> int:
        with transaction.atomic():
            return lock_rows(OutboxMessage.objects.all())[0].attempts

    with transaction.atomic():
        row = lock_rows(OutboxMessage.objects.all())[0]
        second = Running(read_locked)
        wait_until_blocked()
        row.attempts = 7
        row.save()
    assert second.result() == 7


@pytest.mark.race
def test_a_wait_too_long_is_told_as_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "LOCK_TIMEOUT_MS", 50)
    make_rows(1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_rows(OutboxMessage.objects.all())
            held.set()
            done.wait(60)

    holder = Running(hold)
    held.wait(60)
    with pytest.raises(ApiError) as told, translated_errors(), transaction.atomic():
        lock_rows(OutboxMessage.objects.all())
    done.set()
    holder.result()
    assert told.value.code == TRY_AGAIN


def test_other_database_errors_stay_what_they_are() -> None:
    with pytest.raises(Error), translated_errors(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.race
def test_an_advisory_lock_excludes_its_own_key_only() -> None:
    def attempt(namespace: LockSpace, key: str) -> bool:
        with transaction.atomic():
            return try_advisory_lock(namespace, key)

    with transaction.atomic():
        advisory_lock(LockSpace.SAGA, "x")
        assert Running(lambda: attempt(LockSpace.SAGA, "x")).result() is False
        assert Running(lambda: attempt(LockSpace.SAGA, "y")).result() is True
        assert Running(lambda: attempt(LockSpace.OUTBOX, "x")).result() is True
    assert Running(lambda: attempt(LockSpace.SAGA, "x")).result() is True


def test_an_audit_entry_can_be_written_and_nothing_else() -> None:
    audit.record(actor="staff:1", action="staff.signed_in", subject="register:3", detail={"store": "s1"})

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.detail) == ("staff:1", "staff.signed_in", {"store": "s1"})
    for change in (
        lambda: AuditEntry.objects.update(actor="someone else"),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.raw("DELETE FROM kernel_auditentry RETURNING id")[0],
    ):
        with pytest.raises(IntegrityError):
            change()
    assert AuditEntry.objects.get().actor == "staff:1"


def test_an_audit_entry_falls_with_the_act_it_tells_of() -> None:
    with transaction.atomic():
        audit.record(actor="a", action="b", subject="c")
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()
