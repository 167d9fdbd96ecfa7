"""The screens: hours are edited as people write them, the ledger is only shown."""

import re

import pytest

from inventory import proof, services
from inventory.models import Balance, Movement, SafetyStock, Store, Unit
from kernel.models import AuditEntry

from .goods import make_store, stock
from .screens import form_of, url

pytestmark = pytest.mark.django_db

MODELS = (
    "store",
    "stockitem",
    "balance",
    "movement",
    "unit",
    "reservation",
    "contradiction",
    "corestock",
    "safetystock",
    "reason",
)


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


def added(values, prefix, **row):
    """The form with one more row in the table of that prefix."""
    number = int(values[f"{prefix}-TOTAL_FORMS"])
    return values | {f"{prefix}-TOTAL_FORMS": number + 1} | {f"{prefix}-{number}-{name}": row[name] for name in row}


def test_rooms_are_made_and_changed_on_the_stores_page(admin_client, store, cable):
    stock(store, cable, 3)
    values = added(form_of(admin_client, store), "rooms", code="B1", kind="BACK", sellable="on")
    assert admin_client.post(url("store_change", store.pk), values).status_code == 302
    back = store.rooms.get(code="B1")
    services.move_goods(
        store_id=store.pk,
        lines=[(cable.sku, 2, [])],
        from_room_id=store.rooms.get(kind="FLOOR").pk,
        to_room_id=back.pk,
        source_key="move:1",
        actor="test",
    )
    values = form_of(admin_client, store)
    number = next(name for name, value in values.items() if value == "B1").split("-")[1]
    del values[f"rooms-{number}-sellable"]
    assert admin_client.post(url("store_change", store.pk), values).status_code == 302
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.unsellable) == (3, 2)
    assert proof.differences() == []
    assert AuditEntry.objects.filter(action="store.stockroom_saved").count() == 2


def test_a_second_floor_is_refused(admin_client, store):
    values = added(form_of(admin_client, store), "rooms", code="F2", kind="FLOOR", sellable="on")
    page = admin_client.post(url("store_change", store.pk), values)
    assert page.status_code == 200
    assert page.context["errors"]
    assert [room.code for room in store.rooms.all()] == ["FLOOR"]


def test_a_new_store_has_its_floor(admin_client):
    values = form_of(admin_client, make_store()) | {"code": "NEW", "core_warehouse_id": ""}
    values = {name: value for name, value in values.items() if not name.startswith(("rooms-0", "safety_rules-0"))}
    values |= {"rooms-TOTAL_FORMS": 0, "rooms-INITIAL_FORMS": 0}
    assert admin_client.post(url("store_add"), values).status_code == 302
    assert Store.objects.get(code="NEW").rooms.get().kind == "FLOOR"


def test_safety_rules_are_applied_from_both_pages(admin_client, store, cable):
    stock(store, cable, 5)
    values = added(form_of(admin_client, store), "safety_rules", item=cable.sku, category="", quantity=2)
    assert admin_client.post(url("store_change", store.pk), values).status_code == 302
    assert Balance.objects.get().safety == 2
    rule = SafetyStock.objects.get()
    page = admin_client.post(url("safetystock_add"), {"item": cable.sku, "category": "x", "quantity": 1})
    assert page.context["errors"]
    admin_client.post(url("safetystock_change", rule.pk), {"store": store.pk, "item": cable.sku, "quantity": 4})
    assert Balance.objects.get().safety == 4
    admin_client.post(url("safetystock_delete", rule.pk), {"post": "yes"})
    assert (Balance.objects.get().safety, SafetyStock.objects.count()) == (0, 0)
    assert proof.differences() == []


def test_the_balance_page_explains_what_is_available(admin_client, store, cable):
    stock(store, cable, 5)
    services.set_safety_rule(sku=cable.sku, quantity=2)
    page = admin_client.get(url("balance_change", Balance.objects.get().pk)).content.decode()
    for row in (("On hand: Sales floor", "+5"), ("Safety stock", "-2"), ("Can be promised", "3")):
        assert re.search(r">{}</th><td[^>]*>{}</td>".format(*map(re.escape, row)), page)


def test_rules_need_permission(client, django_user_model, store):
    client.force_login(django_user_model.objects.create_user("watcher", is_staff=True))
    assert client.post(url("safetystock_add"), {"category": "x", "quantity": 1}).status_code == 403
    assert client.post(url("reason_add"), {"code": "X"}).status_code == 403
    assert client.post(url("store_change", store.pk), {}).status_code == 403
    assert (SafetyStock.objects.count(), store.rooms.count()) == (0, 1)
