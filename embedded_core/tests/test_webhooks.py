import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import jwt
import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from embedded_core import models, webhooks
from embedded_core.requestor import NOBODY
from embedded_core.services import events
from embedded_core.tests.shop import Shop


class Receiver:
    """A suite that takes webhooks, or refuses the next few of them."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.refuse = 0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.refuse:
                    receiver.refuse -= 1
                    self.send_response(500)
                else:
                    receiver.taken.append((dict(self.headers), body))
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhooks/saleor/"
        Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def names(self) -> list[str]:
        return [headers["Saleor-Event"] for headers, _ in self.taken]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.server.shutdown()
    receiver.server.server_close()


@pytest.fixture
def heard(shop: Shop, receiver: Receiver) -> Shop:
    """The shop, whose webhooks arrive at the receiver."""
    models.App.objects.update(webhook_url=receiver.url)
    return shop


def _deliver() -> int:
    with httpx.Client(timeout=5) as client:
        return webhooks.deliver_due(client)


def test_a_webhook_is_signed_over_its_very_bytes(heard: Shop, receiver: Receiver) -> None:
    order = heard.order()
    assert _deliver() == 3
    assert receiver.names == ["checkout_updated", "order_created", "order_updated"]
    headers, body = receiver.taken[1]
    assert json.loads(body)["order"]["id"] == order["id"]
    assert headers["Saleor-Api-Url"] == "http://127.0.0.1:8001/graphql/"
    assert headers["Saleor-Domain"] == "127.0.0.1:8001"
    assert headers["X-Saleor-Event"] == "order_created"
    key = jwt.PyJWK(Client().get("/.well-known/jwks.json").json()["keys"][0])
    signature = headers["Saleor-Signature"]
    assert ".." in signature
    decoded = jwt.api_jws.decode_complete(signature, key=key, algorithms=["RS256"], detached_payload=body)
    assert decoded["header"]["b64"] is False
    assert decoded["header"]["kid"] == key.key_id
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.api_jws.decode_complete(signature, key=key, algorithms=["RS256"], detached_payload=body + b" ")


def test_a_webhook_is_tried_again_until_it_is_taken(heard: Shop, receiver: Receiver) -> None:
    events.checkout_updated(models.Checkout(channel=models.Channel.objects.get()), by=NOBODY)
    receiver.refuse = 2
    for attempt in range(3):
        assert len(receiver.taken) == 0
        models.WebhookDelivery.objects.update(next_attempt_at=timezone.now())
        assert _deliver() == 1, attempt
    row = models.WebhookDelivery.objects.get()
    assert (row.state, row.attempts, row.last_error) == ("DELIVERED", 3, "")
    assert len(receiver.taken) == 1
    assert _deliver() == 0


def test_a_refused_webhook_waits_longer_each_time_and_is_given_up_in_the_end(heard: Shop, receiver: Receiver) -> None:
    events.checkout_updated(models.Checkout(channel=models.Channel.objects.get()), by=NOBODY)
    receiver.refuse = 100
    models.WebhookDelivery.objects.update(attempts=3)
    before = timezone.now()
    _deliver()
    row = models.WebhookDelivery.objects.get()
    # After the fourth attempt, whenever it ended.
    assert before < row.next_attempt_at - timedelta(seconds=8) < timezone.now()
    assert "500" in row.last_error
    models.WebhookDelivery.objects.update(attempts=webhooks.MAX_ATTEMPTS - 1, next_attempt_at=timezone.now())
    _deliver()
    assert models.WebhookDelivery.objects.get().state == "FAILED"


def test_a_dead_receiver_loses_nothing(shop: Shop) -> None:
    shop.order()
    _deliver()
    assert set(models.WebhookDelivery.objects.values_list("state", flat=True)) == {"PENDING"}


def test_events_that_nobody_subscribed_to_are_not_written(shop: Shop) -> None:
    models.App.objects.update(events=["order_created"])
    shop.order()
    assert shop.events() == ["order_created"]


def test_a_refused_change_fires_nothing(shop: Shop) -> None:
    made = shop.checkout(quantity=3, store="S2")
    before = shop.events()
    shop.do("CheckoutComplete", id=made["id"])
    assert shop.events() == before


def test_duplicates_and_disorder_on_demand(heard: Shop, receiver: Receiver, settings: Any) -> None:
    settings.FAULTS_ENABLED = True
    models.Fault.objects.create(kind="webhook_duplicate", operation="order_created", remaining=1)
    models.Fault.objects.create(kind="webhook_shuffle", remaining=1)
    heard.order()
    _deliver()
    assert receiver.names == ["order_updated", "order_created", "order_created", "checkout_updated"]
    # Two deliveries of one event are the same to the byte; two events never are.
    signatures = [headers["Saleor-Signature"] for headers, _ in receiver.taken]
    assert signatures[1] == signatures[2]
    assert len(set(signatures)) == 3


def test_two_changes_of_one_object_are_two_events(heard: Shop, receiver: Receiver) -> None:
    checkout = models.Checkout(channel=models.Channel.objects.get())
    for _change in range(2):
        events.checkout_updated(checkout, by=NOBODY)
    _deliver()
    first, second = (json.loads(body) for _, body in receiver.taken)
    assert datetime.fromisoformat(first["issuedAt"]) < datetime.fromisoformat(second["issuedAt"])
    assert first["checkout"] == second["checkout"]


@pytest.mark.django_db(transaction=True)
def test_the_worker_delivers_what_is_written_while_it_runs(receiver: Receiver) -> None:
    shop = Shop()
    models.App.objects.update(webhook_url=receiver.url)
    worker = webhooks.Worker()
    worker.start()
    try:
        shop.order()
        deadline = timezone.now() + timedelta(seconds=60)
        while len(receiver.taken) < 3 and timezone.now() < deadline:
            webhooks._wake.wait(0.05)
        assert receiver.names == ["checkout_updated", "order_created", "order_updated"]
    finally:
        worker.stop()
        connections.close_all()
