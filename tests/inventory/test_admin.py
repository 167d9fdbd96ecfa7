"""The screens: hours are edited as people write them, the ledger is only shown."""

import pytest

from inventory import services
from inventory.models import Balance, Contradiction, Movement, Reservation, Store, Unit
from kernel.models import AuditEntry

from .goods import make_store, stock
from .screens import form_of, url

pytestmark = pytest.mark.django_db

MODELS = ("store", "stockitem", "balance", "movement", "unit", "reservation", "contradiction", "corestock")


@pytest.fixture
def booked(store, phone, cable):
    """A little of everything."""
    serials = stock(store, phone, 2)
    services.sell(store_id=store.pk, lines=[(phone.sku, 1, serials[:1])], source_key="sale:1", actor="staff:7")
    services.sell(store_id=store.pk, lines=[(cable.sku, 1, [])], source_key="sale:2", actor="staff:7", allow_short=True)
    return store


@pytest.mark.parametrize("model", MODELS)
def test_lists_open(admin_client, booked, model):
    assert admin_client.get(url(f"{model}_changelist")).status_code == 200


def test_single_entries_open_and_the_ledger_cannot_be_changed(admin_client, booked):
    for model, row in (
        ("store", Store.objects.get()),
        ("balance", Balance.objects.first()),
        ("movement", Movement.objects.first()),
        ("unit", Unit.objects.first()),
    ):
        page = admin_client.get(url(f"{model}_change", row.pk))
        assert page.status_code == 200
    movement = Movement.objects.first()
    assert admin_client.post(url("movement_change", movement.pk), {"quantity": 9}).status_code == 403
    assert admin_client.post(url("movement_delete", movement.pk), {"post": "yes"}).status_code == 403
    assert admin_client.get(url("movement_add")).status_code == 403
    assert admin_client.get(url("store_delete", booked.pk)).status_code == 403


@pytest.mark.parametrize("choice", ["some", "none", "short"])
def test_balances_are_filtered_by_availability(admin_client, booked, choice):
    page = admin_client.get(url("balance_changelist"), {"availability": choice})
    assert page.context["cl"].result_count == 1


def test_hours_are_read_as_people_write_them(admin_client):
    store = make_store(exceptions=[{"date": "2026-12-25", "opens": None, "closes": None}])
    values = form_of(admin_client, store)
    assert (values["monday"], values["exceptional_days"]) == ("10:00-20:00", "2026-12-25 closed")
    values |= {
        "monday": "9:00-12:30, 14:00-18:00",
        "sunday": "closed",
        "exceptional_days": "2026-12-24 09:00-14:00\n\n2026-12-25 closed",
    }
    assert admin_client.post(url("store_change", store.pk), values).status_code == 302
    store.refresh_from_db()
    assert store.hours[:2] == [
        {"weekday": 1, "opens": "09:00", "closes": "12:30"},
        {"weekday": 1, "opens": "14:00", "closes": "18:00"},
    ]
    assert store.hours[-1] == {"weekday": 7, "opens": None, "closes": None}
    assert store.exceptions == [
        {"date": "2026-12-24", "opens": "09:00", "closes": "14:00"},
        {"date": "2026-12-25", "opens": None, "closes": None},
    ]
    assert AuditEntry.objects.get().subject == f"store:{store.pk}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tuesday", "ten to eight"),
        ("exceptional_days", "Christmas closed"),
        ("timezone", "Minneapolis"),
        ("latitude", "91"),
        ("country", ""),
    ],
)
def test_mistakes_are_told_and_change_nothing(admin_client, store, field, value):
    page = admin_client.post(url("store_change", store.pk), form_of(admin_client, store) | {field: value})
    assert page.status_code == 200
    assert page.context["errors"]
    store.refresh_from_db()
    assert store.schedule().weekly[2]


def test_contradictions_are_settled(admin_client, booked):
    row = Contradiction.objects.get()
    admin_client.post(url("contradiction_changelist"), {"action": "settle", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert row.settled_at is not None
    assert not Reservation.objects.exists()
