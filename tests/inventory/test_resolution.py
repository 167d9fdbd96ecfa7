"""Contradictions are settled by the books: which ways are open, what each books, and that it happens once."""

import datetime as dt
import threading

import pytest
from django.db import connection

from inventory import errors, proof, selectors, services, settlements
from inventory.models import Balance, Contradiction, Movement, Unit, UnitMovement
from kernel import clock as time
from kernel.errors import NOT_FOUND, REQUIRED, ApiError
from kernel.models import AuditEntry

from .goods import imei, make_item, make_store, stock

pytestmark = pytest.mark.django_db

S = Contradiction.Settlement


def sell(store, item, quantity, serials, key="sale:1"):
    services.sell(
        store_id=store.pk,
        lines=[(item.sku, quantity, serials)],
        source_key=key,
        actor="staff:7",
        allow_short=True,
    )


def settle(row, settlement, *, serials=(), actor="admin:1"):
    return services.settle_contradiction(
        contradiction_id=row.pk, settlement=settlement, actor=actor, reason="seen on the shelf", serials=serials
    )


def refusal(call):
    before = (Movement.objects.count(), UnitMovement.objects.count(), sorted(Unit.objects.values_list("pk", "state")))
    with pytest.raises(ApiError) as refused:
        call()
    after = (Movement.objects.count(), UnitMovement.objects.count(), sorted(Unit.objects.values_list("pk", "state")))
    assert after == before
    return refused.value


def only(type_):
    return Contradiction.objects.get(type=type_)


def figures(store, item):
    row = Balance.objects.get(store=store, item=item)
    return row.on_hand, row.unregistered


def state(serial):
    unit = selectors.find_unit(serial)
    return unit.state, unit.store_id


def history(serial):
    links = selectors.find_unit(serial).links.order_by("movement_id")
    return [(link.movement.kind, link.movement.quantity) for link in links]


def test_a_piece_sold_here_that_another_store_has_is_booked_over(store, phone):
    other = make_store()
    stock(store, phone, 1)
    (serial,) = stock(other, phone, 1)
    sell(store, phone, 1, [serial])
    row = only("SOLD_IN_BOOKS")
    assert (row.pieces, row.unit.identifier, row.serial) == (-1, serial, serial)
    assert settlements.possible(row) == [S.REALLY_SOLD, S.NAME_UNITS]
    settle(row, S.REALLY_SOLD)
    assert state(serial) == ("SOLD", store.pk)
    assert (figures(store, phone), figures(other, phone)) == ((1, 0), (0, 0))
    assert history(serial) == [("RECEIPT", 1), ("SALE", -1), ("TRANSFER_OUT", -1), ("TRANSFER_IN", 1)]
    assert proof.differences() == []


def test_the_right_piece_is_named_and_the_other_store_keeps_its_own(store, phone):
    other = make_store()
    back = services.upsert_room(store_id=store.pk, code="B", kind="BACK", sellable=True)
    (mine,) = stock(store, phone, 1)
    services.move_goods(
        store_id=store.pk,
        lines=[(phone.sku, 1, [mine])],
        from_room_id=store.rooms.get(kind="FLOOR").pk,
        to_room_id=back.pk,
        source_key="move:1",
        actor="staff:7",
    )
    (theirs,) = stock(other, phone, 1)
    sell(store, phone, 1, [theirs])
    row = only("SOLD_IN_BOOKS")
    assert refusal(lambda: settle(row, S.NAME_UNITS)).code == errors.SERIAL_REQUIRED
    assert refusal(lambda: settle(row, S.NAME_UNITS, serials=["123"])).code == errors.SERIAL_INVALID
    assert refusal(lambda: settle(row, S.NAME_UNITS, serials=[imei()])).code == errors.SETTLEMENT_NOT_POSSIBLE
    assert refusal(lambda: settle(row, S.NAME_UNITS, serials=[theirs])).code == errors.SETTLEMENT_NOT_POSSIBLE
    settle(row, S.NAME_UNITS, serials=[mine])
    assert (state(mine)[0], state(theirs)) == ("SOLD", ("IN_STOCK", other.pk))
    assert (figures(store, phone), figures(other, phone)) == ((0, 0), (1, 0))
    assert proof.differences() == []


def test_an_unknown_number_was_a_wrong_scan_or_a_piece_never_received(store, phone):
    (mine,) = stock(store, phone, 1)
    strange = imei()
    sell(store, phone, 1, [strange])
    row = only("SOLD_UNKNOWN")
    assert settlements.possible(row) == [S.NAME_UNITS, S.FOUND]
    settle(row, S.NAME_UNITS, serials=[mine])
    assert (state(mine)[0], state(strange)[0], figures(store, phone)) == ("SOLD", "UNCONFIRMED", (0, 0))
    second = imei()
    sell(store, phone, 1, [second], "sale:2")
    row = Contradiction.objects.get(type="SOLD_UNKNOWN", settled_at=None)
    assert figures(store, phone) == (-1, -1)
    settle(row, S.FOUND)
    assert (state(second)[0], figures(store, phone)) == ("SOLD", (0, 0))
    assert history(second) == [("SALE", -1), ("ADJUSTMENT", 1)]
    short = Contradiction.objects.get(type="SOLD_SHORT")
    assert settlements.possible(short) == [S.NOTED]
    settle(short, S.NOTED)
    assert proof.differences() == []


def test_a_shortage_of_goods_without_numbers_is_found_once(store, cable):
    stock(store, cable, 1)
    sell(store, cable, 3, [])
    row = only("SOLD_SHORT")
    assert settlements.possible(row) == [S.FOUND]
    assert refusal(lambda: settle(row, S.NOTED)).code == errors.SETTLEMENT_NOT_POSSIBLE
    first = settle(row, S.FOUND)
    assert settle(row, S.FOUND).settled_at == first.settled_at
    assert (first.settled_reason, first.settled_by) == ("seen on the shelf", "admin:1")
    assert figures(store, cable) == (0, 0)
    assert Movement.objects.filter(kind="ADJUSTMENT").values_list("quantity", "reason", "actor").get() == (
        2,
        "FOUND",
        "admin:1",
    )
    assert Balance.objects.get().short_since is None
    assert proof.differences() == []


def test_a_piece_of_another_article_corrects_both(store, phone):
    other = make_item("IMEI")
    stock(store, phone, 1)
    (serial,) = stock(store, other, 1)
    sell(store, phone, 1, [serial])
    row = only("SOLD_WRONG_ITEM")
    assert settlements.possible(row) == [S.WRONG_ARTICLE, S.NAME_UNITS]
    settle(row, S.WRONG_ARTICLE)
    assert (figures(store, phone), figures(store, other), state(serial)[0]) == ((1, 0), (0, 0), "SOLD")
    assert proof.differences() == []


def test_a_piece_sold_twice_had_come_back_unbooked(store, phone):
    (serial, _spare) = stock(store, phone, 2)
    sell(store, phone, 1, [serial])
    sell(store, phone, 1, [serial], "sale:2")
    row = only("SOLD_IN_BOOKS")
    assert settlements.possible(row) == [S.RETURN_UNBOOKED, S.NAME_UNITS]
    settle(row, S.RETURN_UNBOOKED)
    assert figures(store, phone) == (1, 0)
    assert history(serial) == [("RECEIPT", 2), ("SALE", -1), ("SALE", -1), ("RETURN", 1)]
    assert proof.differences() == []


def test_a_sale_without_numbers_is_named_afterwards(store, phone):
    serials = stock(store, phone, 3)
    sell(store, phone, 2, [])
    row = only("SOLD_UNNAMED")
    assert (row.pieces, figures(store, phone)) == (-2, (1, -2))
    assert refusal(lambda: settle(row, S.NAME_UNITS, serials=serials[:1])).code == errors.SERIAL_REQUIRED
    settle(row, S.NAME_UNITS, serials=serials[:2])
    assert figures(store, phone) == (1, 0)
    assert proof.differences() == []


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("RECEIPT", "RECEIVED_TWICE"), ("COUNT", "COUNTED_ELSEWHERE"), ("RETURN", "RETURNED_IN_STOCK")],
)
@pytest.mark.parametrize("settlement", [S.IS_HERE, S.NAME_UNITS, S.TAKE_OUT, S.NOTED])
def test_what_came_in_although_the_books_have_it(store, phone, kind, type_, settlement):
    other = make_store()
    (serial,) = stock(other, phone, 1)
    call = {"store_id": store.pk, "source_key": "in:1", "actor": "staff:7", "even_if_known": True}
    if kind == "RETURN":
        services.take_back(lines=[(phone.sku, 1, [serial])], **call)
    else:
        services.receive(sku=phone.sku, quantity=1, serials=[serial], kind=kind, **call)
    row = only(type_)
    assert (row.pieces, figures(store, phone), state(serial)) == (1, (1, 1), ("IN_STOCK", other.pk))
    assert settlements.possible(row) == [S.IS_HERE, S.NAME_UNITS, S.TAKE_OUT, S.NOTED]
    right = imei()
    settle(row, settlement, serials=[right] if settlement == S.NAME_UNITS else [])
    here, there = {
        S.IS_HERE: ((1, 0), (0, 0)),
        S.NAME_UNITS: ((1, 0), (1, 0)),
        S.TAKE_OUT: ((0, 0), (1, 0)),
        S.NOTED: ((1, 1), (1, 0)),
    }[settlement]
    assert (figures(store, phone), figures(other, phone)) == (here, there)
    assert state(serial)[1] == (store.pk if settlement == S.IS_HERE else other.pk)
    assert proof.differences() == []


def test_without_leave_a_known_piece_is_refused_as_before(store, phone):
    (serial,) = stock(make_store(), phone, 1)
    call = {"store_id": store.pk, "sku": phone.sku, "quantity": 1, "serials": [serial], "source_key": "r", "actor": "a"}
    assert refusal(lambda: services.receive(**call)).code == errors.SERIAL_IN_STOCK
    assert not Contradiction.objects.exists()


def test_the_second_person_gets_a_sentence(store, cable):
    sell(store, cable, 1, [])
    row = only("SOLD_SHORT")
    settle(row, S.FOUND)
    again = refusal(lambda: settle(row, S.NOTED, actor="admin:2"))
    assert again.code == errors.CONTRADICTION_SETTLED
    assert again.message.startswith("admin:1 has settled this already, at ")
    entry = AuditEntry.objects.get(action="contradiction.settled")
    assert (entry.actor, entry.detail) == ("admin:1", {"settlement": "FOUND", "serials": []})


def test_a_settlement_needs_a_reason_and_an_entry(store, cable):
    sell(store, cable, 1, [])
    row = only("SOLD_SHORT")
    call = {"settlement": S.FOUND, "actor": "admin:1", "reason": " "}
    assert refusal(lambda: services.settle_contradiction(contradiction_id=row.pk, **call)).code == REQUIRED
    call["reason"] = "x"
    assert refusal(lambda: services.settle_contradiction(contradiction_id=0, **call)).code == NOT_FOUND
    assert refusal(lambda: settle(row, "GUESS")).code == errors.SETTLEMENT_NOT_POSSIBLE
    row.refresh_from_db()
    assert row.settled_at is None


def test_a_piece_kept_for_another_was_sold_or_goes_back_to_the_shelf(store, phone):
    serials = stock(store, phone, 2)
    held = services.reserve(
        key="cart",
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(phone.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=5),
    )
    services.pick_unit(reservation_id=held.pk, sku=phone.sku, serial=serials[0])
    sell(store, phone, 1, [serials[0]])
    row = only("SOLD_IN_BOOKS")
    assert (row.pieces, settlements.possible(row)) == (0, [S.NAME_UNITS, S.NOTED])
    settle(row, S.NAME_UNITS, serials=[serials[1]])
    assert (state(serials[0])[0], state(serials[1])[0], figures(store, phone)) == ("IN_STOCK", "SOLD", (1, 0))
    assert proof.differences() == []


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_persons_at_once_settle_it_once(store, cable):
    sell(store, cable, 1, [])
    row = only("SOLD_SHORT")
    barrier, outcomes = threading.Barrier(2), []

    def person(actor):
        try:
            barrier.wait()
            outcomes.append(settle(row, S.FOUND, actor=actor).settled_by)
        except ApiError as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=person, args=(f"admin:{number}",)) for number in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    row.refresh_from_db()
    assert sorted(outcomes) == sorted([row.settled_by, errors.CONTRADICTION_SETTLED])
    assert Movement.objects.filter(kind="ADJUSTMENT").count() == 1
    assert proof.differences() == []
