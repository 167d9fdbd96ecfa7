import pytest
from django.contrib.admin.sites import site
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from kernel.models import AuditEntry, IdempotencyKey, OutboxMessage, Saga

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
