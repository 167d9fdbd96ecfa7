import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from kernel.models import AuditEntry, IdempotencyKey, OutboxMessage, Saga, SagaStep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [AuditEntry, IdempotencyKey, OutboxMessage, Saga])
def test_not_even_a_superuser_changes_the_kernel_s_tables(model: type) -> None:
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    shown = site._registry[model]

    assert shown.has_view_permission(request)
    assert not shown.has_add_permission(request)
    assert not shown.has_change_permission(request)
    assert not shown.has_delete_permission(request)


def test_people_can_look_things_up(admin_client: Client) -> None:
    saga = Saga.objects.create(kind="cart.complete", key="c1", data={"a": 1})
    SagaStep.objects.create(saga=saga, position=0, name="reserve", result={"id": "r1"})
    entry = AuditEntry.objects.create(actor="staff:1", action="staff.signed_in", subject="register:1")
    message = OutboxMessage.objects.create(topic="t", aggregate="a", payload={"n": 1})
    key = IdempotencyKey.objects.create(scope="s", key="k", digest="d", body={"secret": "said-to-a-customer"})

    for row in (saga, entry, message, key):
        name = f"admin:kernel_{row._meta.model_name}"
        listed = admin_client.get(reverse(f"{name}_changelist"), {"q": "c1"})
        shown = admin_client.get(reverse(f"{name}_change", args=[row.pk]))
        assert (listed.status_code, shown.status_code) == (200, 200)
        assert b"said-to-a-customer" not in shown.content
