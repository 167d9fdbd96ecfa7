"""Our own clock goes back: the books stay in order, promises keep their time, nothing ends before it began."""

import datetime as dt
import uuid

import pytest

from inventory import count_errors, count_posting, errors, history, proof, services
from inventory.models import Balance, Movement, Reservation, StockCount
from inventory.services import Counted, Returned, receiving, transfers, vendor_returns
from kernel import clock as time
from kernel.errors import ApiError

from .counting import complete, opened, part_of, tell
from .goods import make_store, stock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_add_up(db):
    yield
    assert proof.differences() == []


def sell(store, item, serials=(), quantity=1):
    lines = [(item.sku, quantity, serials)]
    return services.sell(store_id=store.pk, lines=lines, source_key=str(uuid.uuid4()), actor="staff:2")


def test_goods_received_after_they_were_sold_by_the_clock(store, phone, cable, clock):
    serials = stock(store, phone, 2)
    stock(store, cable, 5)
    clock.advance(hours=-2)
    sell(store, phone, serials[:1])
    sell(store, cable, quantity=3)
    clock.advance(hours=-1)
    receiving.receive_unannounced(
        supplier="Acme",
        number="1",
        store_id=store.pk,
        lines=[Counted(cable.sku, 4)],
        source_key="r",
        actor="staff:2",
    )

    rows = list(Movement.objects.filter(item=cable).order_by("pk").values_list("quantity", "balance_after"))
    assert rows == [(5, 5), (-3, 2), (4, 6)]
    # The history of a piece is in the order in which it happened in the books, not by the clock.
    unit_id = phone.units.get(identifier=serials[0]).pk
    links = history.unit_links(unit_id).order_by("-movement_id")
    assert [link.movement.kind for link in links] == ["SALE", "RECEIPT"]
    # Goods that are there are neither short nor sold twice.
    assert Balance.objects.get(item=cable).short_since is None
    with pytest.raises(ApiError) as caught:
        sell(store, phone, serials[:1])
    assert caught.value.code == errors.SERIAL_NOT_IN_STOCK


def test_a_promise_ends_once_and_not_before_its_time(store, cable, clock):
    stock(store, cable, 2)
    held = services.reserve(
        key="k",
        purpose="CART",
        owner="cart:1",
        store_id=store.pk,
        lines=[(cable.sku, 1)],
        expires_at=time.now() + dt.timedelta(minutes=15),
    )
    clock.advance(hours=-2)
    assert services.expire_due() == 0
    services.extend(reservation_id=held.pk, expires_at=time.now() + dt.timedelta(minutes=15))
    clock.advance(minutes=16)
    assert (services.expire_due(), services.expire_due()) == (1, 0)
    assert (Reservation.objects.get().state, Balance.objects.get().reserved) == ("EXPIRED", 0)


def test_a_count_is_refused_while_the_clock_lies_before_its_opening_and_goes_on_afterwards(store, cable, clock):
    stock(store, cable, 5)
    count = opened(store)
    part = part_of(count)
    clock.advance(hours=-1)
    before = Movement.objects.count()
    with pytest.raises(ApiError) as caught:
        tell(part, cable, 4)
    assert (caught.value.code, caught.value.field) == (count_errors.COUNT_CLOCK, "occurredAt")
    assert Movement.objects.count() == before
    clock.advance(minutes=58)
    line = tell(part, cable, 4)
    assert line.first_at >= count.opened_at
    complete(part)
    count_posting.authorise(count_id=count.pk, accepted=[line.pk], actor="staff:9")
    done = StockCount.objects.get()
    assert (done.closed_at >= done.opened_at, Balance.objects.get().on_hand) == (True, 4)


def test_what_was_counted_before_the_clock_went_back_is_posted(store, cable, clock):
    stock(store, cable, 5)
    count = opened(store)
    line = tell(part_of(count), cable, 4)
    complete(part_of(count))
    clock.advance(hours=-3)
    count_posting.authorise(count_id=count.pk, accepted=[line.pk], actor="staff:9")
    done = StockCount.objects.get()
    assert (done.state, done.closed_at, Balance.objects.get().on_hand) == ("AUTHORISED", done.opened_at, 4)


def test_a_document_does_not_end_before_it_began(store, cable, clock):
    stock(store, cable, 2)
    call = {"origin_id": store.pk, "target_id": make_store().pk, "source_key": "t", "actor": "staff:1"}
    transfer = transfers.request(lines=[(cable.sku, 1)], **call)
    back = vendor_returns.prepare(
        store_id=store.pk, vendor="Acme", lines=[Returned(cable.sku, 1)], source_key="v", actor="staff:1"
    )
    notice = receiving.announce(
        supplier="Acme", number="1", store_id=store.pk, lines=[(cable.sku, 1, ())], actor="import"
    )
    clock.advance(hours=-1)
    ended = (
        transfers.cancel(transfer_id=transfer.pk, actor="staff:1"),
        vendor_returns.cancel(return_id=back.pk, actor="staff:1"),
        receiving.cancel(notice_id=notice.pk, actor="staff:1"),
    )
    assert [document.closed_at - document.created_at for document in ended] == [dt.timedelta(0)] * 3
