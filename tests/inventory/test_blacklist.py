"""Devices that come back are looked up: in the background, again while the list is away, and set apart when listed."""

import pytest
from stdnum import luhn

from inventory import blacklist, proof, selectors, services, settlements
from inventory.models import Balance, Contradiction, DeviceCheck, Movement
from inventory.services import Counted, receiving, transfer_receipts, transfers
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


def deliver(store, item, *serials, number="LS-1"):
    return receiving.receive_unannounced(
        supplier="Acme",
        number=number,
        store_id=store.pk,
        lines=[Counted(item.sku, len(serials) - 1, serials[:-1], damaged=1, damaged_serials=serials[-1:])],
        source_key=number,
        actor="staff:7",
    )


def test_a_delivery_that_nobody_announced_is_looked_up_piece_by_piece_once(store, phone):
    serials = [device("999"), device("121"), device("122")]
    notice = deliver(store, phone, *serials)
    assert deliver(store, phone, *serials) == notice
    assert {check.imei for check in DeviceCheck.objects.all()} == set(serials)
    outbox.deliver_due()
    assert sorted(DeviceCheck.objects.values_list("imei", "state")) == sorted(
        zip(serials, ("LISTED", "CLEAR", "CLEAR"), strict=True)
    )
    assert (where(serials[0]), where(serials[1])) == (("UNAVAILABLE", "QUARANTINE"), ("IN_STOCK", "FLOOR"))
    assert Contradiction.objects.get().type == "BLACKLISTED"
    assert proof.differences() == []


def test_what_the_notice_named_is_not_asked_about_and_what_it_did_not_is(store, phone):
    told, other = device("131"), device("132")
    notice = receiving.announce(
        supplier="Acme", number="LS-2", store_id=store.pk, lines=[(phone.sku, 1, [told])], actor="import"
    )
    lines = [Counted(phone.sku, 2, [told, other])]
    receiving.receive(notice_id=notice.pk, lines=lines, source_key="r", actor="staff:7")
    assert [check.imei for check in DeviceCheck.objects.all()] == [other]


def test_what_another_store_sent_is_not_asked_about_and_a_stranger_is(store, phone):
    origin = make_store()
    sent, taken = stock(origin, phone, 2)
    stranger = device("141")
    transfer = transfers.request(
        origin_id=origin.pk, target_id=store.pk, lines=[(phone.sku, 1)], source_key="t", actor="x", pushed=True
    )
    transfers.start_picking(transfer_id=transfer.pk, actor="x")
    transfers.ship(transfer_id=transfer.pk, lines=[(phone.sku, 1, [sent])], actor="x")
    lines = [Counted(phone.sku, 3, [sent, taken, stranger])]
    transfer_receipts.receive(
        transfer_id=transfer.pk, lines=lines, source_key="r", actor="staff:7", authorised_by="staff:1"
    )
    assert [check.imei for check in DeviceCheck.objects.all()] == [stranger]


@pytest.mark.parametrize(("digits", "state"), [("996", "WAITING"), ("995", "REFUSED")])
def test_a_receipt_is_never_lost_by_a_fault_of_the_list(store, phone, digits, state):
    serial = device(digits)
    deliver(store, phone, serial)
    outbox.deliver_due()
    assert DeviceCheck.objects.get().state == state
    assert (where(serial), figures(store)) == (("UNAVAILABLE", "QUARANTINE"), (1, 1))


def test_a_port_that_breaks_is_asked_again_and_the_receipt_stands(store, phone, clock, monkeypatch):
    serial = device("151")

    def break_down(self, imei):
        raise RuntimeError("what no port should do")

    with monkeypatch.context() as broken:
        broken.setattr("inventory.fake_blacklist.FakeBlacklist.check", break_down)
        deliver(store, phone, device("152"), serial)
        outbox.deliver_due()
        assert set(DeviceCheck.objects.values_list("state", flat=True)) == {"WAITING"}
        assert figures(store) == (2, 1)
    clock.advance(hours=1)
    outbox.deliver_due()
    assert set(DeviceCheck.objects.values_list("state", flat=True)) == {"CLEAR"}
