"""The buffer between a search and the database."""

import asyncio
import logging
import threading

import pytest
from django.db import OperationalError, connection

from plugins.search_log import recording, services
from plugins.search_log.models import SearchCount
from plugins.search_log.recording import Recorder
from storefront_api import asgi
from tests.kernel.threads import Running
from tests.search_log.entries import TODAY, click_rows, opened, search_rows, searched


@pytest.mark.django_db
def test_nothing_is_written_before_the_flush(django_assert_num_queries):
    recorder = Recorder()
    with django_assert_num_queries(0):
        recorder.record(searched())
        recorder.record(searched())
        recorder.record(opened())
    recorder.flush()
    assert search_rows("day", "text") == [(TODAY, "galaxy s21", 2)]
    assert click_rows("day", "text") == [(TODAY, "galaxy s21", 1, 1)]
    with django_assert_num_queries(0):
        recorder.flush()


@pytest.mark.django_db
def test_the_day_is_that_of_the_search(noon):
    recorder = Recorder()
    recorder.record(searched())
    noon.advance(days=1)
    recorder.record(searched())
    recorder.flush()
    assert [row[0].day for row in search_rows("day")] == [2, 3]


@pytest.mark.django_db
def test_a_full_buffer_drops_the_oldest_and_says_how_many(caplog):
    recorder = Recorder(capacity=3)
    for number in range(5):
        recorder.record(searched(f"phone {number}"))
    recorder.flush()
    assert search_rows("text") == [("phone 2", 1), ("phone 3", 1), ("phone 4", 1)]
    assert "2 searches and clicks were not counted" in caplog.text
    caplog.clear()
    recorder.record(searched())
    recorder.flush()
    assert caplog.text == ""


@pytest.mark.django_db
def test_entries_wait_while_the_database_is_away(monkeypatch, caplog):
    recorder = Recorder(capacity=2)
    recorder.record(searched("phone 0"))
    recorder.record(searched("phone 1"))

    def away(**_entries):
        raise OperationalError("the server is gone")

    with monkeypatch.context() as patched:
        patched.setattr(services, "count", away)
        with pytest.raises(OperationalError):
            recorder.flush()
    recorder.record(searched("phone 2"))
    recorder.flush()
    assert search_rows("text") == [("phone 1", 1), ("phone 2", 1)]
    assert "1 searches and clicks were not counted" in caplog.text


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_searches_of_many_threads_are_all_counted():
    recorder = Recorder()

    def search():
        for number in range(500):
            recorder.record(searched())
            if number % 100 == 0:
                recorder.flush()

    for one in [Running(search) for _ in range(4)]:
        one.result()
    recorder.flush()
    assert search_rows("text") == [("galaxy s21", 2000)]


@pytest.mark.django_db(transaction=True)
def test_the_server_writes_while_it_lives(monkeypatch):
    # The index is another matter, and its thread would keep a connection.
    monkeypatch.setattr(asgi, "warm_up", lambda: None)

    def alive():
        return "search-log" in [thread.name for thread in threading.enumerate()]

    async def serve():
        async with asgi._lifespan(asgi.application):
            assert alive()
            recording.record(searched())

    asyncio.run(serve())
    assert not alive()
    assert search_rows("text") == [("galaxy s21", 1)]


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_and_ends_with_nothing_left():
    recorder = Recorder(interval=0.01)
    recorder.start()
    recorder.start()
    recorder.record(searched())
    recorder.stop()
    assert search_rows("text") == [("galaxy s21", 1)]
    recorder.stop()


@pytest.mark.django_db(transaction=True)
def test_what_cannot_be_written_does_not_stop_what_can(caplog):
    recorder = Recorder(interval=60)
    recorder.record(searched(channel="x" * 300))
    with caplog.at_level(logging.ERROR):
        recorder.start()
        recorder.stop()
    assert "could not be counted" in caplog.text
    assert not SearchCount.objects.exists()
    recorder.record(searched())
    recorder.flush()
    assert search_rows("text") == [("galaxy s21", 1)]
    connection.close()


@pytest.mark.django_db
def test_equal_searches_take_one_place():
    recorder = Recorder(capacity=2)
    for _ in range(5):
        recorder.record(searched("phone"))
        recorder.record(opened())
    recorder.flush()
    assert search_rows("text") == [("phone", 5)]
    assert click_rows("text") == [("galaxy s21", 5, 5)]
