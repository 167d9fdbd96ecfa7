"""The address that the core delivers to: what it takes, what it refuses, and that a duplicate is stored once."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from django.test import Client

from commerce import inbox, jwks, tasks, webhooks
from commerce.models import InboxEvent
from tests.commerce.fake_core import FakeCore

URL = "/webhooks/saleor/"
NOW = datetime.now(UTC)
BODY = {"issuedAt": NOW.isoformat(), "product": {"id": "UHJvZHVjdDox"}}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def woken(settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    settings.CELERY_WAKE = True
    calls: list[str] = []
    monkeypatch.setattr(tasks.process_inbox, "apply_async", lambda **_options: calls.append("woken"))
    return calls


def deliver(fake: FakeCore, body: bytes | None = None, *, event: str = "product_updated", **headers: str) -> Any:
    raw = json.dumps(BODY).encode() if body is None else body
    sent = {
        "Saleor-Event": event,
        "Saleor-Domain": fake.domain,
        "Saleor-Api-Url": fake.url,
        "Saleor-Signature": fake.sign(raw),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    client = Client(enforce_csrf_checks=True)
    return client.post(URL, data=raw, content_type="application/json", headers=sent)


def test_a_signed_delivery_is_stored_and_wakes_the_worker(
    fake_core: FakeCore, woken: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = deliver(fake_core)
    assert (response.status_code, response.json()) == (200, {"stored": True})
    row = InboxEvent.objects.get()
    assert (row.event, row.object_key, row.payload) == ("product_updated", "product:UHJvZHVjdDox", BODY)
    assert woken == ["woken"]


def test_a_duplicate_is_stored_once(fake_core: FakeCore) -> None:
    assert deliver(fake_core).json() == {"stored": True}
    assert deliver(fake_core).json() == {"stored": False}
    assert InboxEvent.objects.count() == 1
    # The same body as another event, and a later change, are events of their own.
    assert deliver(fake_core, event="product_variant_updated").json() == {"stored": True}
    later = json.dumps(BODY | {"issuedAt": (NOW + timedelta(seconds=1)).isoformat()}).encode()
    assert deliver(fake_core, later).json() == {"stored": True}


def test_without_its_time_no_change_is_taken_for_a_duplicate(fake_core: FakeCore) -> None:
    body = json.dumps({"product": {"id": "UHJvZHVjdDox"}}).encode()
    assert [deliver(fake_core, body).json()["stored"] for _ in range(2)] == [True, True]


def test_a_broken_broker_does_not_lose_the_event(
    fake_core: FakeCore, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def broken(**_options: object) -> None:
        raise OSError("no broker")

    monkeypatch.setattr(tasks.process_inbox, "apply_async", broken)
    with django_capture_on_commit_callbacks(execute=True):
        assert deliver(fake_core).status_code == 200
    assert InboxEvent.objects.get().state == InboxEvent.State.WAITING


@pytest.mark.parametrize(
    "headers",
    [
        {"Saleor_Signature": ""},
        {"Saleor_Signature": "garbage"},
        {"Saleor_Signature": "a..b"},
        {"Saleor_Domain": "evil.example.com"},
        {"Saleor_Domain": ""},
        {"Saleor_Api_Url": "https://evil.example.com/graphql/"},
    ],
)
def test_what_is_not_provably_the_core_s_is_refused(fake_core: FakeCore, headers: dict[str, str]) -> None:
    response = deliver(fake_core, **headers)
    assert response.status_code == 401
    assert response.json()["error"]
    assert not InboxEvent.objects.exists()


def test_a_tampered_body_is_refused(fake_core: FakeCore) -> None:
    signature = fake_core.sign(json.dumps(BODY).encode())
    tampered = json.dumps(BODY | {"product": {"id": "other"}}).encode()
    assert deliver(fake_core, tampered, Saleor_Signature=signature).status_code == 401


def test_another_s_key_and_a_token_are_refused(fake_core: FakeCore) -> None:
    raw = json.dumps(BODY).encode()
    stranger = FakeCore()
    stranger._private = {}
    stranger._server.server_close()
    assert deliver(fake_core, raw, Saleor_Signature=stranger.sign(raw)).status_code == 401
    stranger.kid = "9"
    assert deliver(fake_core, raw, Saleor_Signature=stranger.sign(raw)).status_code == 401
    # A token of the core is signed by the same key, but not over this body.
    assert deliver(fake_core, raw, Saleor_Signature=fake_core.token()).status_code == 401


@pytest.mark.parametrize("issued", [timedelta(days=-1, minutes=-1), timedelta(minutes=10), "yesterday", 20260102])
def test_what_is_too_old_or_of_the_future_is_refused(fake_core: FakeCore, issued: Any) -> None:
    told = (datetime.now(UTC) + issued).isoformat() if isinstance(issued, timedelta) else issued
    response = deliver(fake_core, json.dumps(BODY | {"issuedAt": told}).encode())
    assert response.status_code == 401
    assert not InboxEvent.objects.exists()


def test_an_unknown_key_makes_the_keys_be_read_once_more_and_no_oftener(fake_core: FakeCore) -> None:
    assert deliver(fake_core).status_code == 200
    assert fake_core.keys_read == 1
    ring = jwks.ring_of(fake_core.url)
    ring._tried_at -= jwks.REFETCH_SECONDS + 1  # type: ignore[operator]
    fake_core.kid = "rotated"
    later = json.dumps(BODY | {"issuedAt": (NOW + timedelta(seconds=2)).isoformat()}).encode()
    assert deliver(fake_core, later).status_code == 200
    assert fake_core.keys_read == 2
    stranger = FakeCore()
    stranger._server.server_close()
    for kid in ("a", "b", "c"):
        stranger.kid = kid
        raw = json.dumps(BODY).encode()
        assert deliver(fake_core, raw, Saleor_Signature=stranger.sign(raw)).status_code == 401
    assert fake_core.keys_read == 2


def test_a_key_that_the_core_took_back_signs_nothing_any_more(fake_core: FakeCore) -> None:
    assert deliver(fake_core).status_code == 200
    fake_core.kid = "successor"
    jwks.ring_of(fake_core.url)._tried_at -= jwks.KEEP_SECONDS + 1  # type: ignore[operator]
    later = json.dumps(BODY | {"issuedAt": (NOW + timedelta(seconds=3)).isoformat()}).encode()
    assert deliver(fake_core, later).status_code == 200
    old = FakeCore()
    old._server.server_close()
    old.kid = "1"
    raw = json.dumps(BODY | {"issuedAt": (NOW + timedelta(seconds=4)).isoformat()}).encode()
    assert deliver(fake_core, raw, Saleor_Signature=old.sign(raw)).status_code == 401
    assert InboxEvent.objects.count() == 2


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS384"])
def test_another_algorithm_is_refused(fake_core: FakeCore, algorithm: str) -> None:
    """The key id is right and the key is not asked for what it is not."""
    raw = json.dumps(BODY).encode()
    key: Any = {"none": None, "HS256": "x" * 32, "RS384": fake_core.key()}[algorithm]
    headers = {"kid": fake_core.kid, "crit": ["b64"], "b64": False}
    signature = jwt.api_jws.encode(raw, key, algorithm=algorithm, headers=headers, is_payload_detached=True)
    assert deliver(fake_core, raw, Saleor_Signature=signature).status_code == 401
    assert not InboxEvent.objects.exists()


def test_size_and_shape(fake_core: FakeCore) -> None:
    assert deliver(fake_core, b'"' + b"x" * (1024 * 1024) + b'"').status_code == 413
    assert deliver(fake_core, b"not json").status_code == 400
    assert deliver(fake_core, b"[1]").status_code == 400
    assert deliver(fake_core, event="").status_code == 400
    assert deliver(fake_core, event="Robert'); DROP").status_code == 400
    assert Client().get(URL).status_code == 405
    assert not InboxEvent.objects.exists()


def test_without_keys_the_core_is_asked_to_come_again(fake_core: FakeCore) -> None:
    fake_core.keys_status = 500
    assert deliver(fake_core).status_code == 503
    fake_core.keys_status = 200
    assert deliver(fake_core).status_code == 200


def test_a_core_may_state_another_domain_than_its_address(fake_core: FakeCore, settings: Any) -> None:
    settings.SALEOR_DOMAIN = "shop.example.com"
    assert webhooks.core_domain() == "shop.example.com"
    assert deliver(fake_core).status_code == 401
    stated = {"Saleor_Domain": "shop.example.com", "Saleor_Api_Url": "https://shop.example.com/graphql/"}
    assert deliver(fake_core, **stated).status_code == 200


def test_orders_events_share_one_queue() -> None:
    order = {"fulfillment": {"id": "F1"}, "order": {"id": "O1"}}
    assert inbox._object_key("fulfillment_created", order) == "order:O1"
    assert inbox._object_key("shop_metadata_updated", {"issuedAt": "x"}) == "shop_metadata_updated"


def test_who_caused_an_event_is_not_what_it_is_about() -> None:
    """As a running Saleor sends it, the principal may stand before the object."""
    by = {"id": "QXBwOjI=", "__typename": "App"}
    variant = {"issuingPrincipal": by, "productVariant": {"id": "V1", "product": {"id": "P1"}}, "recipient": by}
    assert inbox._object_key("product_variant_updated", variant) == "product:P1"
    assert inbox._object_key("product_updated", {"issuingPrincipal": by, "product": {"id": "P1"}}) == "product:P1"
    assert inbox._object_key("warehouse_created", {"issuingPrincipal": by, "warehouse": {"id": "W1"}}) == "warehouse:W1"
    assert inbox._object_key("shop_metadata_updated", {"issuingPrincipal": by}) == "shop_metadata_updated"
