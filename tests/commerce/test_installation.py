"""Installing the suite in a core: who may, what is kept, and what ends it."""

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command
from django.db import connection as database
from django.test import Client

from commerce import connection, installations, secret_tokens
from commerce.core import core
from commerce.errors import CoreUnavailable
from commerce.models import CoreInstallation, InboxEvent
from kernel.models import AuditEntry
from tests.commerce.conftest import APP_ID, identity
from tests.commerce.fake_core import FakeCore

State = CoreInstallation.State
pytestmark = pytest.mark.django_db


def register(fake: FakeCore, token: Any = "good", **headers: str) -> Any:
    sent = {"Saleor-Api-Url": fake.url, "Saleor-Domain": fake.domain, "Saleor-Schema-Version": "3.23"}
    body = json.dumps({"auth_token": token})
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().post("/saleor/register/", data=body, content_type="application/json", headers=sent)


def deliver(fake: FakeCore, event: str, payload: dict[str, Any]) -> Any:
    raw = json.dumps({"issuedAt": datetime.now(UTC).isoformat(), **payload}).encode()
    sent = {
        "Saleor-Event": event,
        "Saleor-Domain": fake.domain,
        "Saleor-Api-Url": fake.url,
        "Saleor-Signature": fake.sign(raw),
    }
    return Client().post("/webhooks/saleor/", data=raw, content_type="application/json", headers=sent)


def installed(fake: FakeCore) -> CoreInstallation:
    assert register(fake).status_code == 200
    return CoreInstallation.objects.get(api_url=fake.url)


def test_an_allowed_core_installs_and_is_in_use(installable: FakeCore, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = register(installable)
    assert (response.status_code, response.json()) == (200, {"success": True, "state": "ACTIVE"})
    row = CoreInstallation.objects.get()
    assert (row.api_url, row.domain, row.app_id) == (installable.url, installable.domain, APP_ID)
    assert (row.core_version, row.schema_version) == ("3.23.28", "3.23")
    # The token is not to be found in the table, and opens to what the core gave.
    assert "good" not in row.token
    assert secret_tokens.unseal(row.token) == "good"
    assert core().identity().app_id == APP_ID
    assert installable.authorizations[-1] == "Bearer good"
    assert AuditEntry.objects.get().action == "core.installed"
    assert "good" not in str(AuditEntry.objects.values())


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"Saleor_Api_Url": "https://evil.example.com/graphql/"}, 403, "NOT_ALLOWED"),
        ({"Saleor_Api_Url": ""}, 403, "NOT_ALLOWED"),
        ({"Saleor_Api_Url": "file:///etc/passwd"}, 403, "NOT_ALLOWED"),
        ({"Saleor_Schema_Version": "3.21"}, 400, "NOT_SUPPORTED"),
        ({"Saleor_Schema_Version": "3.24"}, 400, "NOT_SUPPORTED"),
        ({"Saleor_Schema_Version": ""}, 400, "NOT_SUPPORTED"),
        ({"token": "stolen"}, 403, "NOT_ALLOWED"),
        ({"token": ""}, 400, "MALFORMED"),
        ({"token": 7}, 400, "MALFORMED"),
        ({"token": "x" * 20_000}, 413, "TOO_LARGE"),
    ],
)
def test_what_is_not_an_allowed_core_with_its_token_changes_nothing(
    installable: FakeCore, change: dict[str, Any], status: int, code: str
) -> None:
    response = register(installable, **change)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert not CoreInstallation.objects.exists()
    # A core that is not allowed is not even called.
    called = len(installable.calls("AppIdentity")) + len(installable.authorizations)
    assert (called > 0) == (change.get("token") == "stolen")


def test_a_core_that_nobody_allowed_is_refused_until_a_person_allows_it(installable: FakeCore, settings: Any) -> None:
    settings.SALEOR_ALLOWED_CORES = []
    assert register(installable).status_code == 403
    installations.allow(api_url=installable.url.rstrip("/").upper().replace("HTTP", "http").lower(), actor="admin:1")
    assert CoreInstallation.objects.get().state == State.EXPECTED
    assert register(installable).status_code == 200
    assert CoreInstallation.objects.get().state == State.ACTIVE


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (identity(identifier="somebody.else"), 403),
        (identity() | {"app": None}, 403),
        (identity() | {"shop": {"version": "3.21.9"}}, 400),
        (identity() | {"shop": {"version": "nonsense"}}, 400),
    ],
)
def test_a_core_that_says_something_else_is_refused(installable: FakeCore, answer: Any, status: int) -> None:
    installable.answer("AppIdentity", answer)
    assert register(installable).status_code == status
    assert not CoreInstallation.objects.exists()


def test_a_core_that_cannot_be_called_back_is_asked_to_try_again(installable: FakeCore) -> None:
    installable.fail("AppIdentity", status=503, times=3)
    assert register(installable).status_code == 503
    assert not CoreInstallation.objects.exists()
    assert register(installable).status_code == 200


def test_installing_again_replaces_the_token(installable: FakeCore, django_capture_on_commit_callbacks: Any) -> None:
    row = installed(installable)
    installable.known_tokens = {"newer"}
    installable.answer("AppIdentity", identity(id="QXBwOjg="))
    with django_capture_on_commit_callbacks(execute=True):
        assert register(installable, "newer").status_code == 200
    again = CoreInstallation.objects.get()
    assert (again.pk, again.state, again.app_id) == (row.pk, State.ACTIVE, "QXBwOjg=")
    assert connection.current().token == "newer"


def test_a_second_core_stands_by_until_a_person_uses_it(installable: FakeCore, settings: Any) -> None:
    with FakeCore() as other:
        settings.SALEOR_ALLOWED_CORES = [installable.url, other.url]
        other.answer("AppIdentity", identity(id="QXBwOjE="))
        first, second = installed(installable), installed(other)
        assert (first.state, second.state) == (State.ACTIVE, State.STANDBY)
        # What it sends is none of our business, whoever signed it.
        response = deliver(other, "product_updated", {"product": {"id": "P1"}})
        assert (response.status_code, InboxEvent.objects.count()) == (401, 0)
        assert deliver(installable, "product_updated", {"product": {"id": "P1"}}).json() == {"stored": True}
        # Nor can it sign for the other.
        raw = json.dumps({"issuedAt": datetime.now(UTC).isoformat(), "product": {"id": "P2"}}).encode()
        other.kid = "2"
        stolen = {
            "Saleor-Event": "product_updated",
            "Saleor-Domain": installable.domain,
            "Saleor-Api-Url": installable.url,
            "Saleor-Signature": other.sign(raw),
        }
        posted = Client().post("/webhooks/saleor/", data=raw, content_type="application/json", headers=stolen)
        assert posted.status_code == 401
        other.kid = "1"
        installations.use(installation_id=second.pk, actor="admin:1")
        states = dict(CoreInstallation.objects.values_list("pk", "state"))
        assert states == {first.pk: State.STANDBY, second.pk: State.ACTIVE}
        assert deliver(other, "product_updated", {"product": {"id": "P1"}}).json() == {"stored": True}
        assert deliver(installable, "product_updated", {"product": {"id": "P3"}}).status_code == 401


def test_removing_the_app_in_the_core_ends_the_token(installable: FakeCore) -> None:
    installed(installable)
    # An App that was there before ours is none of our business.
    assert deliver(installable, "app_deleted", {"app": {"id": "QXBwOjE="}}).json() == {"stored": False}
    assert CoreInstallation.objects.get().state == State.ACTIVE
    assert deliver(installable, "app_deleted", {"app": {"id": APP_ID}}).json() == {"stored": True}
    row = CoreInstallation.objects.get()
    assert (row.state, row.token, row.app_id) == (State.DISCONNECTED, "", "")
    connection.forget()
    with pytest.raises(CoreUnavailable, match="no commerce core"):
        core()
    # What the core still sends is refused, and installing again brings everything back.
    assert deliver(installable, "product_updated", {"product": {"id": "P1"}}).status_code == 401
    assert register(installable).json()["state"] == "ACTIVE"
    assert deliver(installable, "product_updated", {"product": {"id": "P1"}}).json() == {"stored": True}


@pytest.mark.parametrize("token", ["", "by-hand"])
def test_a_core_that_the_settings_name_is_installed_and_removed_as_any(
    installable: FakeCore, settings: Any, token: str
) -> None:
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = installable.url, token
    installed(installable)
    assert deliver(installable, "product_updated", {"product": {"id": "P1"}}).json() == {"stored": True}
    assert deliver(installable, "app_deleted", {"app": {"id": APP_ID}}).json() == {"stored": True}
    row = CoreInstallation.objects.get()
    if not token:
        assert (row.state, row.token) == (State.DISCONNECTED, "")
    connection.forget()
    assert connection.current().token == token
    # It is the settings' core all the same.
    assert deliver(installable, "product_updated", {"product": {"id": "P2"}}).json() == {"stored": True}


def test_a_revoked_token_is_shown_and_makes_no_storm(installable: FakeCore, monkeypatch: pytest.MonkeyPatch) -> None:
    installed(installable)
    connection.forget()
    time = [1000.0]
    monkeypatch.setattr(connection.time, "monotonic", lambda: time[0])
    installable.known_tokens = set()
    called = len(installable.authorizations)
    with pytest.raises(Exception, match="PERMISSION_DENIED"):
        core().version()
    # The call, and the question who we are.
    assert len(installable.authorizations) == called + 2
    for _ in range(20):
        with pytest.raises(CoreUnavailable, match="refuses our token"):
            core().version()
    assert len(installable.authorizations) == called + 2
    assert CoreInstallation.objects.get().refused_at is not None
    # Once a minute it is tried again; when the core takes it, everything goes on and the sign is gone.
    time[0] += connection.REFUSED_SECONDS + 1
    with pytest.raises(CoreUnavailable, match="still refuses"):
        core()
    assert len(installable.authorizations) == called + 3
    installable.known_tokens = {"good"}
    installable.answer("CoreVersion", {"shop": {"version": "3.23.28", "name": "Shop"}})
    time[0] += connection.REFUSED_SECONDS + 1
    assert core().version() == "3.23.28"
    assert CoreInstallation.objects.get().refused_at is None


def test_what_another_process_was_told_is_asked_once_here(installable: FakeCore) -> None:
    row = installed(installable)
    installations.note_refused(installation_id=row.pk, refused=True)
    connection.forget()
    installable.answer("CoreVersion", {"shop": {"version": "3.23.28", "name": "Shop"}})
    assert core().version() == "3.23.28"
    assert CoreInstallation.objects.get().refused_at is None


def test_a_missing_permission_is_no_revoked_token(installable: FakeCore) -> None:
    installed(installable)
    connection.forget()
    denied = {"errors": [{"message": "no", "extensions": {"exception": {"code": "PermissionDenied"}}}]}
    installable.answer("Channels", denied)
    for _ in range(2):
        with pytest.raises(Exception, match="PERMISSION_DENIED"):
            core().channels()
    assert CoreInstallation.objects.get().refused_at is None


def test_the_settings_go_before_what_is_installed(installable: FakeCore, settings: Any) -> None:
    installed(installable)
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = "https://shop.example.com/graphql/", "of the settings"
    assert connection.current() == connection.Connection("https://shop.example.com/graphql/", "of the settings")
    # Then its webhooks are not ours either.
    assert deliver(installable, "product_updated", {"product": {"id": "P1"}}).status_code == 401
    settings.SALEOR_APP_TOKEN = ""
    assert connection.current().token == ""
    settings.SALEOR_API_URL = installable.url.rstrip("/")
    assert connection.current().token == "good"


def test_keys_are_changed_without_installing_again(installable: FakeCore, settings: Any) -> None:
    installed(installable)
    settings.CORE_TOKEN_KEYS = [Fernet.generate_key().decode()]
    connection.forget()
    with pytest.raises(CoreUnavailable, match="Install the App again"):
        core()
    with pytest.raises(CommandError):
        call_command("reseal_tokens")
    settings.CORE_TOKEN_KEYS = []
    before = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 8, [before]
    call_command("reseal_tokens")
    settings.SECRET_KEY_FALLBACKS = []
    assert connection.current().token == "good"


def test_the_manifest_is_what_saleor_asks_for(client: Client, settings: Any) -> None:
    settings.PUBLIC_URL = "https://suite.example.com/"
    told = client.get("/saleor/manifest").json()
    assert told["id"] == "saleor-omnichannel"
    assert told["requiredSaleorVersion"] == ">=3.22 <3.24"
    assert told["tokenTargetUrl"] == "https://suite.example.com/saleor/register/"
    assert told["appUrl"] == "https://suite.example.com/saleor/app"
    assert {hook["targetUrl"] for hook in told["webhooks"]} == {"https://suite.example.com/webhooks/saleor/"}
    assert client.post("/saleor/manifest").status_code == 405


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_cores_at_once_do_not_both_become_the_one_in_use(installable: FakeCore, settings: Any) -> None:
    with FakeCore() as other:
        settings.SALEOR_ALLOWED_CORES = [installable.url, other.url]
        other.answer("AppIdentity", identity())
        barrier = threading.Barrier(2)
        states: list[str] = []

        def run(fake: FakeCore) -> None:
            try:
                barrier.wait(60)
                row = installations.install(api_url=fake.url, token="good", schema_version="3.23")
                states.append(row.state)
            finally:
                database.close()

        threads = [threading.Thread(target=run, args=(fake,)) for fake in (installable, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert sorted(states) == [State.ACTIVE, State.STANDBY]
