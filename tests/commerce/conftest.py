from collections.abc import Iterator

import pytest

from commerce import jwks, transport
from tests.commerce.fake_core import FakeCore


@pytest.fixture
def fake_core(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCore]:
    """A fake core that the settings point to; pauses between attempts are short."""
    monkeypatch.setattr(transport, "_FIRST_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr(jwks, "FAILED_SECONDS", 0.0)
    with FakeCore() as fake:
        settings.SALEOR_API_URL = fake.url  # type: ignore[attr-defined]
        settings.SALEOR_APP_TOKEN = "app-token"  # type: ignore[attr-defined]
        yield fake
