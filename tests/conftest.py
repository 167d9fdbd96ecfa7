"""Shared by all tests: the database is a real PostgreSQL, the embedded one unless DATABASE_URL says otherwise."""

import os

import pytest
from django.conf import settings as django_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import emptying

# The embedded core as a server, for integration tests.
pytest_plugins = ["tests.embedded"]

emptying.install()

# `make test` looks at a few examples, the same each time, so that a gate says something of the change before it;
# `make soak` looks at many, and at others each time.
hypothesis_settings.register_profile("test", max_examples=25, deadline=None, derandomize=True)
hypothesis_settings.register_profile("soak", max_examples=1000, deadline=None)
hypothesis_settings.load_profile("soak" if os.environ.get("SOAK") else "test")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Long files begin first, so that no worker is left with one when the others have nothing more to do."""
    long_files = {item.path for item in items if _is_long(item)}
    items.sort(key=lambda item: item.path not in long_files)


def _is_long(item):
    return any(item.get_closest_marker(name) for name in ("fault", "race", "hypothesis"))


@pytest.fixture(autouse=True)
def _no_core_remembered(monkeypatch):
    """What a process remembers of cores and refused tokens ends with each test, and not before, however slow it is."""
    from commerce import connection

    monkeypatch.setattr(connection, "KEEP_SECONDS", 3600.0)
    connection.forget()


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """What a process counts and keeps for a minute ends with each test: the next is any other, by a clock of its own.

    How much was asked for in this minute, what was searched and is not written yet, what is in demand, and what sold.
    """
    from plugins.guided_search import popularity
    from plugins.search_log import limits as reports
    from plugins.search_log import recording, selectors
    from plugins.serviceability import limits as questions

    monkeypatch.setattr(popularity, "_kept", (float("-inf"), {}))
    for part in (questions, recording, reports, selectors):
        part.forget()


@pytest.fixture(autouse=True)
def _own_language():
    """A page that a test asked for in Chinese leaves its thread speaking Chinese."""
    yield
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _no_broker(settings):
    """Tests deliver the outbox themselves: no worker is woken behind their back."""
    settings.CELERY_WAKE = False
