"""Devices that come back are looked up: in the background, again while the list is away, and set apart when listed."""

import pytest
from stdnum import luhn

from inventory import blacklist, proof, selectors, services, settlements
from inventory.models import Balance, Contradiction, DeviceCheck, Movement
from kernel import outbox
from kernel.models import OutboxMessage

from .goods import make_store, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fake(settings):
    settings.DEVICE_CHECK = "inventory.fake_blacklist.FakeBlacklist"


def device(digits):
    body = f"35123456{digits}123"
    return body + luhn.calc_check_digit(body)


def trade_in(store, item, serial, kind="TRADE_IN"):
    return services.receive(
        store_id=store.pk,
        sku=item.sku,
        quantity=1,
        serials=[serial],
        source_key=f"in/{serial}",
        actor="staff:7",
        kind=kind,
    )


def where(serial):
    unit = selectors.find_unit(serial)
    return unit.state, unit.room.kind if unit.room else "FLOOR"


def figures(store):
    row = Balance.objects.get(store=store)
    return row.on_hand, row.unsellable


@pytest.mark.parametrize(("digits", "status"), [("999", "STOLEN"), ("998", "LOST"), ("997", "FRAUD")])
def test_a_listed_device_goes_to_quarantine_and_on_the_list(store, phone, digits, status):
    serial = device(digits)
    movement = trade_in(store, phone, serial)
    assert where(serial) == ("IN_STOCK", "FLOOR")
    outbox.deliver_due()
    outbox.deliver_due()
    check = DeviceCheck.objects.get()
    assert (check.state, check.status) == ("LISTED", status)
    assert (where(serial), figures(store)) == (("UNAVAILABLE", "QUARANTINE"), (1, 1))
    row = Contradiction.objects.get()
    assert (row.type, row.movement, row.params["status"]) == ("BLACKLISTED", movement, status)
    assert settlements.possible(row) == ["BACK_IN_STOCK", "WRITE_OFF"]
    assert proof.differences() == []


@pytest.mark.parametrize(
    ("settlement", "after"), [("BACK_IN_STOCK", ("IN_STOCK", 1)), ("WRITE_OFF", ("REMOVE_FROM_INVENTORY", 0))]
)
def test_what_was_set_apart_is_cleared_or_written_off(store, phone, settlement, after):
    serial = device("999")
    trade_in(store, phone, serial)
    outbox.deliver_due()
    row = Contradiction.objects.get()
    services.settle_contradiction(contradiction_id=row.pk, settlement=settlement, actor="admin:1", reason="police")
    assert (selectors.find_unit(serial).state, figures(store)) == (after[0], (after[1], 0))
    assert proof.differences() == []


def test_a_clear_device_is_left_alone(store, phone):
    serial = device("123")
    trade_in(store, phone, serial)
    outbox.deliver_due()
    assert DeviceCheck.objects.get().state == "CLEAR"
    assert (where(serial), Contradiction.objects.count()) == (("IN_STOCK", "FLOOR"), 0)


def test_while_the_list_is_away_the_return_stands_and_is_checked_later(store, phone, clock, monkeypatch):
    serial = device("996")
    trade_in(store, phone, serial)
    outbox.deliver_due()
    assert (DeviceCheck.objects.get().state, where(serial)) == ("WAITING", ("IN_STOCK", "FLOOR"))
    assert OutboxMessage.objects.get(topic=blacklist.WANTED).attempts == 1
    monkeypatch.setattr("inventory.fake_blacklist.AWAY", "")
    monkeypatch.setattr("inventory.fake_blacklist.LISTED", {"996": blacklist.Status.STOLEN})
    clock.advance(hours=1)
    outbox.deliver_due()
    assert (DeviceCheck.objects.get().state, where(serial)) == ("LISTED", ("UNAVAILABLE", "QUARANTINE"))


def test_a_refusal_is_final(store, phone, clock):
    trade_in(store, phone, device("995"))
    outbox.deliver_due()
    clock.advance(hours=1)
    outbox.deliver_due()
    assert DeviceCheck.objects.get().state == "REFUSED"
    assert OutboxMessage.objects.get(topic=blacklist.WANTED).delivered_at is not None


def test_a_device_sold_before_the_answer_is_only_listed(store, phone):
    serial = device("999")
    trade_in(store, phone, serial)
    services.sell(store_id=store.pk, lines=[(phone.sku, 1, [serial])], source_key="sale/1", actor="staff:7")
    outbox.deliver_due()
    row = Contradiction.objects.get()
    assert (selectors.find_unit(serial).state, settlements.possible(row)) == ("SOLD", ["NOTED"])


def test_only_what_comes_from_customers_or_out_of_nowhere_is_asked_about(store, phone, cable, settings):
    trade_in(store, phone, device("111"), "RECEIPT")
    stock(store, cable, 1)
    assert not DeviceCheck.objects.exists()
    trade_in(store, phone, device("112"), "COUNT")
    assert DeviceCheck.objects.count() == 1
    settings.DEVICE_CHECK = ""
    trade_in(make_store(), phone, device("113"))
    assert (DeviceCheck.objects.count(), Movement.objects.count()) == (1, 4)
