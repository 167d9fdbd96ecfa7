"""The page on which a catalogue is mapped: for those who may, all or nothing, with a bar that moves."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from inventory.models import Store, WarehouseMapping
from kernel.models import AuditEntry
from plugins.catalogue.models import AttributeMapping, Product, ProductTypeMapping
from plugins.onboarding import services
from plugins.onboarding.models import SyncRun
from tests.onboarding.conftest import decide
from tests.onboarding.shop import PRODUCTS, Shop

PAGE = "/admin/onboarding/syncrun/take-over/"


@pytest.fixture
def operator(db: None) -> Client:
    user = User.objects.create_user("operator", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["take_over", "view_syncrun"]))
    client = Client()
    client.force_login(user)
    return client


def form(client: Client, **changes: str) -> dict[str, str]:
    """What the page's form holds, changed."""
    data: dict[str, Any] = {}
    for _name, _heading, formset in client.get(PAGE).context["tables"]:
        data |= {f"{formset.prefix}-TOTAL_FORMS": formset.total_form_count()}
        data |= {f"{formset.prefix}-INITIAL_FORMS": formset.initial_form_count()}
        for row in formset:
            for field in row:
                value = field.value()
                if value not in (None, False):
                    data[field.html_name] = value
    return data | changes


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_step_by_step(shop: Shop, operator: Client) -> None:
    assert "There is nothing to decide before the core is read." in operator.get(PAGE).content.decode()
    assert messages(operator.post(PAGE + "read/", follow=True)) == ["This is what the core has now."]
    page = operator.get(PAGE).content.decode()
    assert "Store W1" in page
    assert "Product type without a kind" in page
    # Without a decision nothing is copied.
    told = messages(operator.post(PAGE + "start/", {"kind": "copy"}, follow=True))
    assert told == ["Still undecided in the mapping: 4. See the list on the page, then start again."]
    assert not SyncRun.objects.exists()
    changes = {
        "types-0-kind": "DEVICE",
        "attributes-0-target": "maker",
        "warehouses-0-role": "STORE",
        "warehouses-1-role": "IGNORED",
        "warehouses-2-role": "DEPOT",
        "warehouses-2-owner": "CORE",
    }
    assert messages(operator.post(PAGE, form(operator, **changes), follow=True)) == ["The mapping is kept."]
    assert ProductTypeMapping.objects.get().kind == "DEVICE"
    assert AttributeMapping.objects.get().target == "maker"
    assert dict(WarehouseMapping.objects.values_list("pk", "role")) == {"W1": "STORE", "W2": "IGNORED", "W3": "DEPOT"}
    entry = AuditEntry.objects.get(action="mapping.changed")
    assert len(entry.detail["rows"]) == 5
    operator.post(PAGE + "start/", {"kind": "dry"})
    assert 'data-unfinished="1"' in operator.get(PAGE).content.decode()
    assert operator.get(PAGE + "progress/").json()["unfinished"] is True
    services.work()
    status = operator.get(PAGE + "progress/").json()
    assert (status["unfinished"], status["seen"], status["total"], status["trouble"]) == (False, PRODUCTS, PRODUCTS, "")
    assert not Product.objects.exists()
    assert messages(operator.post(PAGE + "start/", {"kind": "copy"}, follow=True)) == ["The copy has begun."]
    services.work()
    assert Product.objects.count() == PRODUCTS
    assert set(Store.objects.values_list("core_warehouse_id", "stock_owner")) == {("W1", "SUITE"), ("W3", "CORE")}
    # What is changed now needs a copy, and the page says so.
    told = messages(operator.post(PAGE, form(operator, **{"types-0-kind": "PLAN"}), follow=True))
    assert told == ["The mapping is kept. Copy again, so that products and stores follow it."]


def test_a_mistake_keeps_nothing(shop: Shop, operator: Client) -> None:
    services.read_core()
    changes = {"types-0-kind": "DEVICE", "warehouses-0-latitude": "91", "warehouses-1-role": "PALACE"}
    response = operator.post(PAGE, form(operator, **changes))
    assert response.status_code == 200
    assert response.content.decode().count('role="alert" class="suite-wrong"') == 2
    assert ProductTypeMapping.objects.get().kind == ""


def test_a_chain_with_many_stores_is_kept_at_once(operator: Client) -> None:
    WarehouseMapping.objects.bulk_create(
        WarehouseMapping(warehouse_id=f"W{number}", slug=f"w{number}", name=f"Store {number:03}")
        for number in range(300)
    )
    changes = {f"warehouses-{number}-role": "STORE" for number in range(300)}
    assert messages(operator.post(PAGE, form(operator, **changes), follow=True)) == ["The mapping is kept."]
    assert WarehouseMapping.objects.filter(role="STORE").count() == 300


def test_search_alone_with_one_choice(shop: Shop, operator: Client) -> None:
    services.read_core()
    ProductTypeMapping.objects.update(kind="DEVICE")
    operator.post(PAGE + "start/", {"kind": "copy", "search_only": "1"})
    services.work()
    assert set(WarehouseMapping.objects.values_list("role", flat=True)) == {"IGNORED"}
    assert Product.objects.count() == PRODUCTS


def test_cancelling(shop: Shop, operator: Client) -> None:
    decide()
    operator.post(PAGE + "start/", {"kind": "copy"})
    assert messages(operator.post(PAGE + "cancel/", follow=True))[-1] == "It has ended. What was copied stays."
    assert SyncRun.objects.get().state == "CANCELLED"


def test_a_core_that_is_away_is_told(shop: Shop, operator: Client) -> None:
    shop.fake.fail("ProductTypes", status=503, times=3)
    [told] = messages(operator.post(PAGE + "read/", follow=True))
    assert told.startswith("The core could not be read: The core answered HTTP 503")


@pytest.mark.parametrize("path", ["", "read/", "start/", "cancel/", "progress/"])
@pytest.mark.parametrize("staff", [None, "view_syncrun"])
def test_others_may_not(shop: Shop, path: str, staff: str | None) -> None:
    client = Client()
    if staff:
        user = User.objects.create_user("viewer", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename=staff))
        client.force_login(user)
    response = client.get(PAGE + path) if path in {"", "progress/"} else client.post(PAGE + path)
    assert response.status_code == (403 if staff else 302)
    if not staff:
        assert response["Location"].startswith(reverse("admin:login"))
    assert not SyncRun.objects.exists()
    assert not WarehouseMapping.objects.exists()
