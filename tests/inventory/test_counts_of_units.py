"""Stock counts of serialised pieces: they are counted by scanning each."""

import pytest

from inventory import count_errors, count_variance, errors, proof, selectors, services, uin
from inventory.models import Balance, Contradiction, Unit

from .counting import authorise, complete, on_hand, opened, part_of, refused, tell
from .goods import imei, make_store, stock
from .test_rooms import floor, lying, move, room, sell

pytestmark = pytest.mark.django_db


def test_units_are_counted_by_scanning(store, phone, clock):
    """One there, one gone, one in another room, one new, one that the books have in another store, one lost before."""
    there, gone, moved, lost = stock(store, phone, 4)
    back = room(store, "BACK", sellable=True)
    move(store, phone, 1, floor(store), back, serials=[moved])
    first = opened(store, scope="SKUS", skus=[phone.sku])
    tell(part_of(first), phone, serials=[there, gone])
    tell(part_of(first, "BACK"), phone, serials=[moved])
    for part in first.parts.all():
        complete(part)
    authorise(first)
    assert selectors.find_unit(lost).state == Unit.State.MISSING
    far = make_store()
    (foreign,) = stock(far, phone, 1)
    new = imei()
    clock.advance(minutes=1)

    count = opened(store)
    part = part_of(count)
    tell(part, phone, serials=[there, moved, new])
    tell(part, phone, serials=[foreign, lost, there], device="R2", clock=clock)
    complete(part)
    complete(part_of(count, "BACK"), rest_is_zero=True)
    before = {result.room.code: (result.expected, result.variance) for result in count_variance.results(count)}
    assert before == {"FLOOR": (2, 3), "BACK": (1, -1)}
    authorise(count)

    def where(serial):
        unit = selectors.find_unit(serial)
        return (unit.state, unit.store_id, unit.room and unit.room.code)

    assert [where(serial) for serial in (there, moved, new, lost)] == [("IN_STOCK", store.pk, None)] * 4
    assert where(gone)[0] == Unit.State.MISSING
    assert where(foreign) == ("IN_STOCK", far.pk, None)
    balance = Balance.objects.get(store=store)
    assert (balance.on_hand, balance.unregistered, lying(phone)["BACK"]) == (5, 1, 0)
    (open_question,) = Contradiction.objects.all()
    assert (open_question.code, open_question.params["serial"]) == (errors.SERIAL_COUNTED_ELSEWHERE, foreign)
    assert [link.movement.kind for link in selectors.find_unit(new).links.all()] == ["COUNT"]
    assert proof.differences() == []


def test_a_unit_sold_or_moved_after_its_scan_stays_so(store, phone, clock):
    sold, moved, kept = stock(store, phone, 3)
    back = room(store, "BACK", sellable=True)
    count = opened(store)
    part = part_of(count)
    clock.advance(seconds=1)
    tell(part, phone, serials=[sold, moved, kept], clock=clock)
    sell(store, phone, 1, [sold])
    move(store, phone, 1, floor(store), back, serials=[moved])
    (late,) = stock(store, phone, 1)
    clock.advance(seconds=1)
    complete(part)
    authorise(count, accept=[])
    assert [selectors.find_unit(serial).state for serial in (sold, moved, kept, late)] == [
        "SOLD",
        "IN_STOCK",
        "IN_STOCK",
        "IN_STOCK",
    ]
    assert (on_hand(phone), lying(phone)) == (3, {"BACK": 1})
    assert proof.differences() == []


def test_a_unit_that_a_customer_has_is_a_question_not_a_booking(store, phone, clock):
    sold, other = stock(store, phone, 2)
    sell(store, phone, 1, [sold])
    count = opened(store)
    clock.advance(seconds=1)
    tell(part_of(count), phone, serials=[sold, other])
    complete(part_of(count))
    assert refused(lambda: authorise(count, accept=[])) == count_errors.COUNT_NOT_ACCEPTED
    authorise(count)
    assert selectors.find_unit(sold).state in uin.WITH_CUSTOMER
    assert (on_hand(phone), Contradiction.objects.count()) == (2, 1)
    # Counted once more, it is no second question and no further piece.
    again = opened(store)
    clock.advance(seconds=1)
    tell(part_of(again), phone, serials=[sold, other])
    complete(part_of(again))
    authorise(again)
    assert (on_hand(phone), Contradiction.objects.count()) == (2, 1)
    assert proof.differences() == []


def test_pieces_known_by_quantity_alone_are_registered(store, phone, clock):
    """Two phones were sold under serials that the books had not: two known ones are still in the books."""
    first, second, third = stock(store, phone, 3)
    sell(store, phone, 1, [imei()], allow_short=True)
    assert (on_hand(phone), Balance.objects.get().unregistered) == (2, -1)
    count = opened(store)
    clock.advance(seconds=1)
    new = imei()
    tell(part_of(count), phone, serials=[first, second, new])
    complete(part_of(count))
    authorise(count)
    assert selectors.find_unit(third).state == Unit.State.MISSING
    assert (on_hand(phone), Balance.objects.get().unregistered) == (3, 0)
    assert proof.differences() == []


def test_a_reserved_unit_that_is_not_there_goes_missing_and_one_that_is_stays_reserved(store, phone, clock):
    from .test_reservations import reserve

    kept, gone = stock(store, phone, 2)
    held = reserve(store, (phone, 2), serials={phone.sku: [kept, gone]})
    count = opened(store)
    clock.advance(seconds=1)
    tell(part_of(count), phone, serials=[kept])
    complete(part_of(count))
    authorise(count)
    assert (selectors.find_unit(kept).state, selectors.find_unit(gone).state) == ("CUSTOMER_RESERVED", "MISSING")
    assert (on_hand(phone), Balance.objects.get().reserved) == (1, 2)
    assert proof.differences() == []
    services.release(reservation_id=held.pk, reason="cancelled")
    assert proof.differences() == []
