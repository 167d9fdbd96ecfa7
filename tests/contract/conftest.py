"""One set of tests, three cores: the embedded one, a recorded Saleor, and a running Saleor when there is one.

    pytest tests/contract                                       embedded and recorded
    SALEOR_API_URL=... SALEOR_APP_TOKEN=... pytest tests/contract        and that Saleor, too
    RECORD_CORE=1 SALEOR_API_URL=... ... pytest tests/contract           and its exchanges are kept in recorded/

A test asks for `core` and `shop`, and takes names that must be unique from `name`.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from commerce.core import Core
from demo.saleor_shop import SaleorShop
from tests.contract import recording
from tests.contract.shop import Shop, catalogue, read_shop
from tests.embedded import served

SALEOR_URL = os.environ.get("SALEOR_API_URL", "")
SALEOR_TOKEN = os.environ.get("SALEOR_APP_TOKEN", "")
RECORDS = bool(os.environ.get("RECORD_CORE"))


@dataclass(frozen=True)
class Target:
    """A core to try: its address and key (none for a recorded one), and the shop in it."""

    kind: str
    url: str
    token: str
    shop: Shop


@pytest.fixture(scope="session", params=["embedded", "recorded", "saleor"])
def target(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    yield from {"embedded": _embedded, "recorded": _recorded, "saleor": _saleor}[request.param](tmp_path_factory)


def _embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    tag = secrets.token_hex(3)
    for server in served(catalogue(tag), folder=tmp_path_factory.mktemp("contract-core"), name="contract"):
        yield Target("embedded", server.url, server.token, read_shop(Core(server.url, server.token), tag))


def _recorded(_tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    if RECORDS:
        pytest.skip("The record is being written anew.")
    if not recording.exists("shop"):
        pytest.skip("No exchanges are recorded.")
    yield Target("recorded", "http://recorded.invalid/graphql/", "", Shop(**recording.load("shop")))


def _saleor(_tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    if not (SALEOR_URL and SALEOR_TOKEN):
        pytest.skip("SALEOR_API_URL and SALEOR_APP_TOKEN name no running Saleor.")
    tag = secrets.token_hex(3)
    owned = SaleorShop(SALEOR_URL, SALEOR_TOKEN)
    try:
        products = owned.load(catalogue(tag))
        shop = read_shop(Core(SALEOR_URL, SALEOR_TOKEN), tag, products)
        if RECORDS:
            recording.save("shop", shop.as_data())
        yield Target("saleor", SALEOR_URL, SALEOR_TOKEN, shop)
    finally:
        owned.remove()


@pytest.fixture
def shop(target: Target) -> Shop:
    return target.shop


@pytest.fixture
def connect(target: Target, request: pytest.FixtureRequest) -> Iterator[Callable[..., Core]]:
    """Makes a `Core` on the target, with the suite's key or with `token`; closes the record after the test."""
    record = request.node.originalname
    wire: Any = None
    if target.kind == "recorded":
        if not recording.exists(record):
            pytest.skip("This test is not recorded: it needs a core that is alive.")
        wire = recording.Replay(record)
    elif target.kind == "saleor" and RECORDS:
        wire = recording.Recorder()
    yield lambda token=target.token: Core(target.url, token, wire=wire)
    if isinstance(wire, recording.Replay):
        assert wire.unused == [], "recorded and not asked for: record it anew"
    if isinstance(wire, recording.Recorder):
        if request.node.get_closest_marker("alive") is None:
            wire.write(record, version=target.shop.version)
        wire.close()


@pytest.fixture
def core(connect: Callable[..., Core]) -> Core:
    return connect()


@pytest.fixture
def name(shop: Shop, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """A name that no other test and no other run uses, the same one when a run is replayed."""
    return lambda what: f"{what}-{shop.tag}-{request.node.originalname}"
