"""The catalogue that is searched through GraphQL; pure tests of the index make their own."""

from collections.abc import Iterator

import pytest

from plugins.guided_search import loader, popularity
from tests.catalogue.conftest import fake_core, synced  # noqa: F401 - fixtures


@pytest.fixture(autouse=True)
def _no_broker(settings: object) -> None:
    settings.CELERY_WAKE = False


@pytest.fixture(autouse=True)
def _fresh_index(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has tables of its own, and looks at every change at once."""
    monkeypatch.setattr(loader, "CHECK_SECONDS", 0.0)
    monkeypatch.setattr(popularity, "KEEP_SECONDS", 0.0)
    loader.forget()
    yield
    loader.forget()
