"""`manage.py prove_stock` and the tasks."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from inventory import proof, services, tasks
from inventory.models import Balance, Unit

from .goods import make_store, stock

pytestmark = pytest.mark.django_db


def test_the_command_says_that_all_is_proven(store, phone, cable):
    stock(store, phone, 2)
    stock(store, cable, 2)
    out = io.StringIO()
    call_command("prove_stock", stdout=out)
    assert out.getvalue() == "2 balances proven.\n"
    assert tasks.prove_stock() == 0


def test_the_command_names_each_difference_and_fails(store, cable, caplog):
    stock(store, cable, 2)
    Balance.objects.update(on_hand=1)
    err = io.StringIO()
    with pytest.raises(CommandError, match="3 differences"):
        call_command("prove_stock", stderr=err)
    lines = err.getvalue().splitlines()
    assert len(lines) == 3
    assert all(cable.sku in line and store.code in line for line in lines)
    assert tasks.prove_stock() == 3
    assert cable.sku in caplog.text


@pytest.fixture
def spread(store, phone):
    """A unit on the floor, one in the back room, one on display."""
    serials = stock(store, phone, 3)
    floor = store.rooms.get()
    for kind, sellable, serial in (("BACK", True, serials[0]), ("DISPLAY", False, serials[1])):
        room = services.upsert_room(store_id=store.pk, code=kind, kind=kind, sellable=sellable)
        services.move_goods(
            store_id=store.pk,
            lines=[(phone.sku, 1, [serial])],
            from_room_id=floor.pk,
            to_room_id=room.pk,
            source_key=f"move:{kind}",
            actor="test",
        )
    return store


@pytest.mark.parametrize(
    ("fault", "facts"),
    [
        ("UPDATE inventory_balance SET unsellable = 0", [("UNSELLABLE", "", 0, 1)]),
        ("UPDATE inventory_balance SET safety = 1", [("SAFETY", "", 1, 0)]),
        (
            "UPDATE inventory_roombalance SET quantity = 0 WHERE room_id IN"
            " (SELECT id FROM inventory_stockroom WHERE code = 'BACK')",
            [("ROOM", "BACK", 0, 1), ("ROOM_UNITS", "BACK", 0, 1)],
        ),
        ("UPDATE inventory_unit SET state = 'IN_STOCK'", [("UNIT_STATE", "", 1, 0)]),
        ("UPDATE inventory_unit SET state = 'MISSING' WHERE room_id IS NULL", [("UNITS", "", 3, 2)]),
        ("UPDATE inventory_unitidentifier SET value = value || 'X'", [("IDENTIFIER", "", 3, 0)]),
        (
            "UPDATE inventory_stockroom SET sellable = false WHERE code = 'BACK'",
            [("UNIT_STATE", "", 1, 0), ("UNSELLABLE", "", 1, 2)],
        ),
        (
            "INSERT INTO inventory_movement"
            " (store_id, item_id, kind, quantity, balance_after, source_key, actor, reason, occurred_at, recorded_at)"
            " SELECT store_id, item_id, 'MOVE', 1, 4, 'half', 'x', '', now(), now() FROM inventory_balance",
            [("MOVES", "", 1, 0), ("ON_HAND", "", 3, 4), ("RUNNING", "", 3, 4)],
        ),
    ],
)
def test_each_fault_of_rooms_rules_and_units_is_named(spread, phone, fault, facts):
    assert proof.differences() == []
    with connection.cursor() as cursor:
        cursor.execute(fault)
    found = proof.differences()
    assert [(row.fact.name, row.room, row.balance, row.actual) for row in found] == facts
    assert {(row.store, row.sku) for row in found} == {(spread.code, phone.sku)}


def test_a_room_of_another_store_is_named(spread, phone):
    strange = make_store().rooms.get()
    Unit.objects.filter(room__code="BACK").update(room=strange)
    found = {row.fact.name: str(row) for row in proof.differences()}
    assert set(found) == {"ROOM_STORE", "ROOM_UNITS"}
    assert f"{spread.code}/{strange.code}" in found["ROOM_STORE"]


def test_the_sweep_runs_with_nothing_to_do(db):
    assert tasks.expire_due() == 0
