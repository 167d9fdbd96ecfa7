import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from kernel import backoff, notices
from kernel.notices import Listener, notify, notify_many
from tests.kernel.listening import Diary, eventually, kill_the_listener, listeners
from tests.kernel.threads import Running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def listener(diary: Diary) -> Iterator[Listener]:
    listener = Listener({"a": [diary], "b": [diary]})
    listener.start()
    eventually(listener.fresh)
    diary.heard("connected")
    yield listener
    listener.stop()


def test_what_another_connection_commits_is_heard(diary: Diary, listener: Listener) -> None:
    Running(lambda: notify("a", "1 = één")).result()

    diary.heard("a: 1 = één")


def test_a_notice_waits_for_the_commit_and_is_gone_with_a_rollback(diary: Diary, listener: Listener) -> None:
    with transaction.atomic():
        notify("a", "kept")
        with transaction.atomic():
            notify("a", "undone")
            transaction.set_rollback(True)
        notify("b", "another topic")
        notify("unheard", "nobody listens")
        Running(lambda: notify("a", "first")).result()
        diary.heard("a: first")

    diary.heard("a: kept", "b: another topic")


def test_many_are_one_statement_and_equal_ones_one_notice(
    diary: Diary, listener: Listener, django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        notify_many("a", ["x", "y", "x"])
    with django_assert_num_queries(0):
        notify_many("a", [])

    diary.heard("a: x", "a: y")


def test_a_payload_is_bounded_in_bytes(diary: Diary, listener: Listener) -> None:
    longest = "x" * notices.MAX_PAYLOAD_BYTES
    with pytest.raises(ValueError, match="at most 7999 bytes"):
        notify("a", "é" * 4000)
    with pytest.raises(ValueError, match="at most 7999 bytes"):
        notify_many("a", ["short", longest + "x"])
    notify("a", longest)

    diary.heard(f"a: {longest}")


def test_a_failing_handler_starts_anew_and_disturbs_no_other(diary: Diary, caplog: pytest.LogCaptureFixture) -> None:
    other = Diary()
    listener = Listener({"a": [diary], "b": [other]})
    listener.start()
    eventually(listener.fresh)
    notify("a", "fail")
    notify("b", "after")

    other.heard("connected", "b: after")
    diary.heard("connected", "a: fail", "connected")
    assert "told to" in caplog.text
    listener.stop()
    other.heard("lost")
    diary.heard("lost")


def test_tasks_run_in_the_listeners_thread_and_may_fail(listener: Listener) -> None:
    names: list[str] = []
    listener.soon(lambda: 1 // 0)
    listener.soon(lambda: names.append(threading.current_thread().name))

    eventually(lambda: names == ["notices"])


def test_a_lost_connection_is_told_and_made_again(
    diary: Diary, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    repaired = threading.Event()

    def when_repaired(failures: int) -> dt.timedelta:
        repaired.wait(30)
        return dt.timedelta(0)

    monkeypatch.setattr(backoff, "delay", when_repaired)
    kill_the_listener()
    diary.heard("lost")
    assert not listener.fresh()

    notify("a", "missed")
    repaired.set()
    diary.heard("connected")
    eventually(listener.fresh)
    notify("a", "heard")
    diary.heard("a: heard")


def test_a_listener_that_is_held_up_is_not_fresh(diary: Diary, listener: Listener, monkeypatch) -> None:
    monkeypatch.setattr(notices, "HEARTBEAT_SECONDS", 0.1)
    monkeypatch.setattr(notices, "STALE_SECONDS", 1.0)
    held_up, go_on = threading.Event(), threading.Event()

    def hold_up() -> None:
        held_up.set()
        go_on.wait(30)

    listener.soon(hold_up)
    assert held_up.wait(30)
    notify("a", "waits")

    try:
        eventually(lambda: not listener.fresh())
        assert diary.lines == []
    finally:
        go_on.set()
    eventually(listener.fresh)
    diary.heard("a: waits")


def test_a_pooler_that_swallows_notices_is_found_out(diary: Diary, monkeypatch, caplog) -> None:
    """As PgBouncer does in transaction mode: LISTEN is answered, by a session that we shall not see again."""
    connect = notices._connect

    def swallowing():
        found = connect()
        listen, found.execute = (
            found.execute,
            lambda query, *args: None if isinstance(query, notices.sql.Composed) else listen(query, *args),
        )
        return found

    monkeypatch.setattr(notices, "_connect", swallowing)
    monkeypatch.setattr(notices, "ECHO_SECONDS", 0.05)
    listener = Listener({"a": [diary]})
    listener.start()
    eventually(lambda: "does not deliver notices" in caplog.text)
    assert not listener.fresh()
    listener.stop()
    assert diary.lines == []


def test_a_stopped_listener_leaves_no_connection_and_no_thread() -> None:
    notices.start()
    with pytest.raises(RuntimeError, match="listens already"):
        notices.start()
    with pytest.raises(RuntimeError, match="listens already"):
        notices.register("late", Diary())
    eventually(notices.fresh)
    notices.stop()
    notices.stop()

    assert not notices.fresh()
    assert "notices" not in {thread.name for thread in threading.enumerate()}
    eventually(lambda: listeners() == [])


def test_the_connection_is_djangos_database() -> None:
    with notices._connect() as found:
        [name] = found.execute("SELECT current_database()").fetchone()
    assert name == connection.settings_dict["NAME"]
