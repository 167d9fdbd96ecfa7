"""The admin inside Saleor's dashboard: who may frame it, and whom the dashboard's token signs in."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client, TestCase
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from commerce import connection, secret_tokens
from commerce.models import CoreInstallation
from kernel.models import AuditEntry
from storefront_api import core_staff
from tests.commerce.conftest import APP_ID, fake_core  # noqa: F401
from tests.commerce.fake_core import FakeCore

pytestmark = pytest.mark.django_db
URL = "/saleor/session/"


@pytest.fixture
def active(fake_core: FakeCore) -> CoreInstallation:  # noqa: F811
    return CoreInstallation.objects.create(
        api_url=fake_core.url,
        domain=fake_core.domain,
        state="ACTIVE",
        app_id=APP_ID,
        token=secret_tokens.seal("good"),
        dashboard_origin="https://dashboard.example.com",
    )


def sign_in(client: Client, token: Any, **options: Any) -> Any:
    return client.post(URL, data=json.dumps({"token": token}), **({"content_type": "application/json"} | options))


def test_staff_come_in_with_what_saleor_lets_them_do(fake_core: FakeCore, active: CoreInstallation) -> None:  # noqa: F811
    client = Client(enforce_csrf_checks=True)
    response = sign_in(client, fake_core.staff_token(APP_ID, email="ada@example.com"))
    assert (response.status_code, response.json()) == (200, {"signedIn": True})
    assert client.get(URL).json() == {"signedIn": True}
    user = User.objects.get()
    assert (user.email, user.is_staff, user.is_superuser, user.has_usable_password()) == (
        "ada@example.com",
        True,
        False,
        False,
    )
    assert client.get("/admin/merchandising/rule/").status_code == 200
    assert client.get("/admin/carts/order/").status_code == 403
    assert AuditEntry.objects.get(action="admin.signed_in_by_core").detail == {"permissions": ["MANAGE_PRODUCTS"]}
    # Another day, other permissions: the same user, with those of now.
    again = fake_core.staff_token(APP_ID, user_permissions=["MANAGE_ORDERS"], email="ada@new.example.com")
    assert sign_in(client, again).status_code == 200
    assert User.objects.get().email == "ada@new.example.com"
    assert client.get("/admin/merchandising/rule/").status_code == 403
    assert client.get("/admin/carts/order/").status_code == 200


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"user_permissions": ["MANAGE_GIFT_CARD"]}, 403),
        ({"user_permissions": []}, 403),
        ({"user_permissions": None}, 401),
        ({"is_staff": False}, 401),
        ({"app": "QXBwOjE="}, 401),
        ({"type": "access"}, 401),
        ({"iss": "https://evil.example.com/graphql/"}, 401),
        ({"exp": 1}, 401),
        ({"exp": None}, 401),
        ({"user_id": None}, 401),
    ],
)
def test_others_stay_outside(
    fake_core: FakeCore,  # noqa: F811
    active: CoreInstallation,
    claims: dict[str, Any],
    status: int,
) -> None:
    client = Client()
    assert sign_in(client, fake_core.staff_token(APP_ID, **claims)).status_code == status
    assert client.get(URL).json() == {"signedIn": False}
    assert not User.objects.filter(is_staff=True).exists()


def test_a_local_account_of_the_same_address_is_not_taken_over(
    fake_core: FakeCore,  # noqa: F811
    active: CoreInstallation,
) -> None:
    root = User.objects.create_superuser("ada@example.com", "ada@example.com", "x" * 12)
    client = Client()
    assert sign_in(client, fake_core.staff_token(APP_ID, email="ada@example.com")).status_code == 200
    assert client.session["_auth_user_id"] != str(root.pk)
    assert User.objects.get(pk=root.pk).is_superuser
    # Whom an administrator has switched off here stays off.
    User.objects.exclude(pk=root.pk).update(is_active=False)
    assert sign_in(Client(), fake_core.staff_token(APP_ID)).status_code == 403


def test_a_core_that_is_not_in_use_signs_nobody_in(fake_core: FakeCore, active: CoreInstallation) -> None:  # noqa: F811
    CoreInstallation.objects.update(state="STANDBY")
    assert sign_in(Client(), fake_core.staff_token(APP_ID)).status_code == 401


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"token": 7}', '{"token": "a.b.c"}', '{"token": "é"}'])
def test_nonsense_is_refused(active: CoreInstallation, body: str) -> None:
    response = Client().post(URL, data=body, content_type="application/json")
    assert response.status_code in {400, 401}
    assert not User.objects.exists()


def test_a_form_of_another_site_cannot_sign_in(fake_core: FakeCore, active: CoreInstallation) -> None:  # noqa: F811
    response = sign_in(Client(), fake_core.staff_token(APP_ID), content_type="text/plain")
    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/admin/login/", "/saleor/app", "/saleor/app/"])
def test_only_the_dashboard_of_the_core_in_use_may_frame_it(active: CoreInstallation, path: str) -> None:
    response = Client().get(path)
    assert "frame-ancestors 'self' https://dashboard.example.com" in response["Content-Security-Policy"]
    assert "X-Frame-Options" not in response
    CoreInstallation.objects.update(dashboard_origin="")
    connection.forget()
    assert f"frame-ancestors 'self' http://{active.domain}" in Client().get(path)["Content-Security-Policy"]
    CoreInstallation.objects.update(state="STANDBY")
    connection.forget()
    response = Client().get(path)
    assert "Content-Security-Policy" not in response
    assert response["X-Frame-Options"] == "DENY"


def test_who_may_frame_is_read_once_and_anew_when_a_person_changes_it(
    active: CoreInstallation, admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    Client().get("/saleor/app")
    with django_assert_num_queries(0):
        Client().get("/saleor/app")
    form = {"api_url": active.api_url, "dashboard_origin": "https://other.example.com"}
    with TestCase.captureOnCommitCallbacks(execute=True):
        admin_client.post(reverse("admin:commerce_coreinstallation_change", args=[active.pk]), form)
    assert "https://other.example.com" in Client().get("/saleor/app")["Content-Security-Policy"]


def test_other_pages_are_framed_by_nobody(active: CoreInstallation) -> None:
    assert Client().get("/saleor/manifest")["X-Frame-Options"] == "DENY"


def test_every_permission_named_exists() -> None:
    from django.contrib.auth.models import Permission

    known = set(Permission.objects.values_list("content_type__app_label", "codename"))
    wanted = {
        (label.split(".")[0], action if "_" in action else f"{action}_{label.split('.')[1]}")
        for models in core_staff.PERMISSIONS.values()
        for label, actions in models.items()
        for action in actions
    }
    assert wanted - known == set()
