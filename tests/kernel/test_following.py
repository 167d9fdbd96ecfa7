"""A copy in memory that follows its tables: renewed after each notice, each second without, whatever goes wrong."""

import pytest
from django.db import OperationalError, transaction

from kernel import following, notices
from kernel.following import Follower
from tests.kernel.listening import eventually, kill_the_listener, listening

pytestmark = pytest.mark.django_db(transaction=True)


class Copy:
    """Something to follow: what each renewal was told, and what it is to raise."""

    def __init__(self) -> None:
        self.told: list[frozenset[str]] = []
        self.problem: Exception | None = None

    def renew(self, topics: frozenset[str]) -> None:
        self.told.append(topics)
        if self.problem:
            raise self.problem


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch):
    """A copy whose follower hears "shelves"; only notices wake it, the patrol is far away."""
    monkeypatch.setattr(following, "CHECK_SECONDS", 0.05)
    monkeypatch.setattr(following, "PATROL_SECONDS", 600.0)
    made = Copy()
    made.follower = Follower("shelves", made.renew)
    registered = notices._registered.copy()
    notices.register("shelves", made.follower)
    with listening():
        eventually(lambda: made.follower.number)
        made.follower.start()
        eventually(lambda: made.told)
        yield made
        made.follower.stop()
    notices._registered.clear()
    notices._registered.update(registered)


def change() -> None:
    with transaction.atomic():
        notices.notify("shelves", "changed")


def test_a_change_is_heard_and_told_by_its_topic_once(copy):
    copy.told.clear()
    number = copy.follower.number
    change()
    eventually(lambda: copy.told)
    assert copy.told == [frozenset({"shelves"})]
    assert copy.follower.number > number


def test_it_starts_once_and_follows_until_it_is_stopped(copy):
    thread = copy.follower._thread
    copy.follower.start()
    assert copy.follower._thread is thread
    assert copy.follower.following
    copy.follower.stop()
    assert not copy.follower.following
    copy.told.clear()
    change()
    assert copy.told == []


@pytest.mark.parametrize("problem", [OperationalError("away"), ValueError("cannot be read")])
def test_what_goes_wrong_ends_nothing_and_is_tried_again_with_what_was_heard(copy, caplog, problem):
    copy.problem = problem
    copy.told.clear()
    change()
    eventually(lambda: str(problem) in caplog.text)
    assert copy.follower.following
    copy.problem = None
    copy.follower.renew()
    assert copy.told[-1] == frozenset({"shelves"})
    copy.follower.renew()
    assert copy.told[-1] == frozenset()


def test_when_the_database_ends_the_listening_no_number_holds_until_it_is_heard_again(copy):
    before = copy.follower.number
    copy.told.clear()
    kill_the_listener()
    eventually(lambda: copy.follower.number is not None and copy.follower.number > before)
    # Lost and connected both woke it.
    eventually(lambda: copy.told)


def test_without_notices_the_tables_are_compared_each_second(monkeypatch):
    monkeypatch.setattr(following, "CHECK_SECONDS", 0.01)
    copy = Copy()
    follower = Follower("shelves", copy.renew)
    follower.start()
    eventually(lambda: len(copy.told) > 2)
    follower.stop()
    assert set(copy.told) == {frozenset()}


def test_a_mere_number_follows_without_a_thread():
    follower = Follower()
    follower.notice("shelves", ["a"])
    assert follower.number is None
    follower.connected()
    first = follower.number
    follower.notice("shelves", ["a"])
    assert follower.number not in (None, first)
    follower.lost()
    assert follower.number is None
    follower.renew()
    assert not follower.following
