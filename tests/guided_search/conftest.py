"""The catalogue that is searched through GraphQL; pure tests of the index make their own."""

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.apps import apps

from plugins.guided_search import loader, popularity
from plugins.merchandising.models import DimensionSetup
from tests.catalogue.conftest import fake_core, synced  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _no_broker(settings: object) -> None:
    settings.CELERY_WAKE = False


@pytest.fixture(autouse=True)
def _defaults(request: pytest.FixtureRequest) -> None:
    """What every operator starts with; tests with transactions of their own leave the tables empty."""
    if "synced" in request.fixturenames:
        request.getfixturevalue("db")
        if not DimensionSetup.objects.exists():
            import_module("plugins.merchandising.migrations.0002_defaults").install(apps, None)


@pytest.fixture(autouse=True)
def _fresh_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has tables of its own, and looks at every change at once."""
    monkeypatch.setattr(loader, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(popularity, "KEEP_SECONDS", 0.0)
    loader.forget()
    yield
    loader.forget()
