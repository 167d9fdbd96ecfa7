"""Failures on demand, over a real connection: the client sees what a broken network would show it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from django.core.asgi import get_asgi_application
from django.test import RequestFactory

from embedded_core import faults, models
from embedded_core.fault_gate import FaultGate, operation_name
from embedded_core.tests.shop import TOKEN, Shop


class Core:
    """A shop behind a real server with the fault gate."""

    def __init__(self, url: str) -> None:
        self.shop = Shop()
        self.url = url

    def ask(self, name: str, **variables: Any) -> httpx.Response:
        body = {"query": self.shop.operations[name], "variables": variables}
        return httpx.post(self.url, json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=20)


@pytest.fixture
def core(transactional_db: None, settings: Any) -> Iterator[Core]:
    settings.FAULTS_ENABLED = True
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(FaultGate(get_asgi_application()), lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    deadline = time.monotonic() + 60
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start"
        time.sleep(0.05)
    yield Core(f"http://127.0.0.1:{listener.getsockname()[1]}/graphql/")
    server.should_exit = True
    thread.join(timeout=10)
    listener.close()


def _set(*entries: dict[str, Any]) -> int:
    request = RequestFactory().post("/faults/", json.dumps({"faults": entries}), content_type="application/json")
    return faults.view(request).status_code


def test_a_lost_reply_leaves_the_work_done(core: Core) -> None:
    checkout = core.shop.checkout()
    assert _set({"kind": "lost_reply", "operation": "CheckoutComplete"}) == 200
    with pytest.raises(httpx.TransportError):
        core.ask("CheckoutComplete", id=checkout["id"])
    assert models.Order.objects.count() == 1
    again = core.ask("CheckoutComplete", id=checkout["id"]).json()["data"]["checkoutComplete"]
    assert again["order"]["number"] == str(models.Order.objects.get().number)
    assert models.Order.objects.count() == 1


def test_a_lost_reply_can_be_a_gateway_timeout(core: Core) -> None:
    checkout = core.shop.checkout()
    _set({"kind": "lost_reply", "operation": "CheckoutComplete", "status": 504})
    assert core.ask("CheckoutComplete", id=checkout["id"]).status_code == 504
    assert models.Order.objects.count() == 1


def test_a_refused_connection_does_nothing(core: Core) -> None:
    checkout = core.shop.checkout()
    _set({"kind": "refused", "operation": "CheckoutComplete", "count": 2})
    for _ in range(2):
        with pytest.raises(httpx.TransportError):
            core.ask("CheckoutComplete", id=checkout["id"])
    assert not models.Order.objects.exists()
    assert core.ask("CheckoutComplete", id=checkout["id"]).status_code == 200


def test_errors_strike_the_named_operation_so_often(core: Core) -> None:
    _set({"kind": "error", "operation": "Channels", "count": 2})
    assert core.ask("CoreVersion").status_code == 200
    assert [core.ask("Channels").status_code for _ in range(3)] == [503, 503, 200]
    shown = json.loads(faults.view(RequestFactory().get("/faults/")).content)["faults"]
    assert [(row["remaining"], row["struck"]) for row in shown] == [(0, 2)]


def test_an_error_may_ask_for_rest(core: Core) -> None:
    _set({"kind": "error", "operation": "Channels", "status": 429, "seconds": 29.5})
    replies = [core.ask("Channels") for _ in range(2)]
    assert [(reply.status_code, reply.headers.get("Retry-After")) for reply in replies] == [(429, "30"), (200, None)]


def test_latency_delays(core: Core) -> None:
    _set({"kind": "latency", "operation": "*", "seconds": 0.6})
    before = time.monotonic()
    assert core.ask("Channels").status_code == 200
    assert time.monotonic() - before >= 0.6


@pytest.mark.parametrize(
    "entry", [{}, {"kind": "unknown"}, {"kind": "error", "status": 200}, {"kind": "latency", "seconds": -1}, "x"]
)
def test_faults_that_are_none_are_refused(db: None, entry: Any) -> None:
    models.Fault.objects.create(kind="error")
    assert _set(entry) == 400
    assert models.Fault.objects.count() == 1


def test_nothing_fails_in_a_core_without_faults(shop: Shop, settings: Any) -> None:
    settings.FAULTS_ENABLED = False
    models.Fault.objects.create(kind="error")
    assert faults.take("error", "Channels") is None


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"operationName": "A", "query": "query B { x }"}', "A"),
        (b'{"query": "mutation  Pay($a: ID!) { x }"}', "Pay"),
        (b'{"query": "{ x }"}', ""),
        (b"[]", ""),
        (b"nonsense", ""),
    ],
)
def test_the_operation_of_a_request(body: bytes, name: str) -> None:
    assert operation_name(body) == name
