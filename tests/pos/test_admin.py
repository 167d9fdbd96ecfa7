"""The manager's screens: what happened is read, an exception is settled with a note."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from kernel.models import AuditEntry
from plugins.pos.models import Sale, SaleException, Shift
from tests.pos.sales import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    client.force_login(get_user_model().objects.create_superuser("boss", "boss@example.com", "x"))
    return client


def test_every_screen_opens_and_nothing_can_be_changed(till, manager):
    till.sell(line("CASE", price="18.00"))

    for model in (Shift, Sale, SaleException):
        name = f"admin:pos_{model._meta.model_name}"
        row = model.objects.get()
        assert manager.get(reverse(f"{name}_changelist")).status_code == 200
        assert manager.get(reverse(f"{name}_change", args=[row.pk])).status_code == 200
        assert manager.get(reverse(f"{name}_add")).status_code == 403
        assert manager.post(reverse(f"{name}_delete", args=[row.pk])).status_code == 403


def test_an_exception_is_settled_with_a_note_and_then_stands(till, manager):
    till.sell(line("CASE", price="18.00"))
    row = SaleException.objects.get()
    url = reverse("admin:pos_saleexception_change", args=[row.pk])

    assert manager.post(url, {"note": ""}).status_code == 200
    assert SaleException.objects.get().settled_at is None
    assert manager.post(url, {"note": "agreed"}).status_code == 302
    assert manager.post(url, {"note": "changed"}).status_code == 403

    row.refresh_from_db()
    assert (row.note, row.settled_by) == ("agreed", f"admin:{get_user_model().objects.get().pk}")
    assert AuditEntry.objects.filter(action="pos.exception_settled").count() == 1
