"""A catalogue to read, copied from a core in memory."""

import pytest

from plugins.catalogue import services

from .fake_core import FakeCore, case, product, variant


@pytest.fixture
def fake_core(db: None, monkeypatch: pytest.MonkeyPatch) -> FakeCore:
    """A core with two phones and a case for one of them."""
    found = FakeCore(
        {
            "us": [
                product("A", variant("A-128", "499", gtin="0012345678905"), variant("A-256", "599", storage="256 GB")),
                product("B"),
                case("C", fits=("A",)),
            ]
        }
    )
    monkeypatch.setattr(services, "core", lambda: found)
    return found


@pytest.fixture
def synced(fake_core: FakeCore) -> FakeCore:
    """The same, copied."""
    services.sync_everything()
    return fake_core
