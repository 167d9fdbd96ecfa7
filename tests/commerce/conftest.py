from collections.abc import Iterator

import pytest

from commerce import jwks, transport
from tests.commerce.fake_core import FakeCore

APP_ID = "QXBwOjc="


def identity(**app: object) -> dict[str, object]:
    """The answer of a core that knows our App; `app` replaces what it says of it."""
    usual = {
        "id": APP_ID,
        "identifier": "saleor-omnichannel",
        "name": "Omnichannel suite",
        "isActive": True,
        "version": "0.1.0",
        "permissions": [],
        "webhooks": [],
    }
    return {"shop": {"version": "3.23.28"}, "app": usual | app}


@pytest.fixture
def installable(fake_core: FakeCore, settings: object) -> FakeCore:
    """The fake core, allowed to install the suite; the environment has no token."""
    settings.SALEOR_APP_TOKEN = ""  # type: ignore[attr-defined]
    settings.SALEOR_API_URL = ""  # type: ignore[attr-defined]
    settings.SALEOR_ALLOWED_CORES = [fake_core.url]  # type: ignore[attr-defined]
    fake_core.known_tokens = {"good"}
    fake_core.answer("AppIdentity", identity())
    return fake_core


@pytest.fixture
def fake_core(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCore]:
    """A fake core that the settings point to; pauses between attempts are short."""
    monkeypatch.setattr(transport, "_FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(jwks, "FAILED_SECONDS", 0.0)
    with FakeCore() as fake:
        settings.SALEOR_API_URL = fake.url  # type: ignore[attr-defined]
        settings.SALEOR_APP_TOKEN = "app-token"  # type: ignore[attr-defined]
        yield fake
