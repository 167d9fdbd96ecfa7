"""An eSIM that is sold comes from the pool, in the background, and goes when the order is cancelled."""

import uuid
from dataclasses import replace

import pytest

from inventory import esim
from inventory.models import EsimPool, EsimProfile
from kernel import outbox
from kernel.errors import NOT_FOUND, PERMISSION_DENIED, UNAUTHENTICATED, ApiError
from kernel.identity import GUEST
from kernel.models import AuditEntry
from plugins.carts.handlers import revoke_esims
from plugins.carts.models import Order
from plugins.pos import core_orders, esims
from plugins.pos.models import Sale
from tests.inventory.goods import iccid, make_store
from tests.pos.sales import line

pytestmark = pytest.mark.django_db


@pytest.fixture
def pool(till):
    """Two profiles; the plan of the counter is sold from them."""
    made = EsimPool.objects.create(item_id="PLAN", low_water=1)
    for _n in range(2):
        EsimProfile.objects.create(pool=made, iccid=iccid(), sealed_code=esim.sealed("LPA:1$a.example$B"))
    return made


def test_each_piece_sold_takes_a_profile_once(till, pool):
    order = till.sell(line("PLAN", 2), line("CASE")).order
    outbox.deliver_due()
    outbox.deliver_due()
    core_orders.want_esims({"sale_id": Sale.objects.get().pk}, 0)
    outbox.deliver_due()
    number = Order.objects.get(pk=order.pk).number
    assert [(profile.state, profile.order) for profile in pool.profiles.all()] == [("ALLOCATED", number)] * 2
    assert [event.code for event in Order.objects.get(pk=order.pk).events.all()] == ["SOLD_IN_STORE", "ESIM_READY"]
    revoke_esims({"order_id": order.pk}, 0)
    assert [profile.state for profile in pool.profiles.all()] == ["REVOKED"] * 2


def test_an_empty_pool_holds_up_nothing_else(till, pool):
    order = till.sell(line("PLAN", 3)).order
    for _n in range(2):
        outbox.deliver_due()
        till.counter.clock.advance(hours=1)
    assert Order.objects.get(pk=order.pk).core_id
    assert {profile.state for profile in pool.profiles.all()} == {"AVAILABLE"}
    EsimProfile.objects.create(pool=pool, iccid=iccid(), sealed_code="x")
    outbox.deliver_due()
    assert {profile.state for profile in pool.profiles.all()} == {"ALLOCATED"}


@pytest.fixture
def sold(till, pool):
    """A plan sold in this store, with its profile."""
    till.sell(line("PLAN"), line("CASE"))
    outbox.deliver_due()
    return Sale.objects.get()


def looks():
    return list(AuditEntry.objects.filter(action="esim.code_shown").values_list("actor", flat=True))


def test_staff_of_the_store_put_the_code_on_the_receipt(till, sold):
    clerk = till.counter.staff()
    (found,) = esims.codes(caller=clerk, client_id=str(sold.client_id))
    assert found.activation_code == "LPA:1$a.example$B"
    assert looks() == [clerk.scope]
    assert esims.pieces_of(sold.order) == 1


def test_a_day_later_it_takes_a_manager(till, sold):
    till.counter.clock.advance(days=1, seconds=1)
    with pytest.raises(ApiError) as refused:
        esims.codes(caller=till.counter.staff(), client_id=str(sold.client_id))
    assert (refused.value.code, looks()) == (PERMISSION_DENIED, [])
    assert len(esims.codes(caller=till.counter.staff("manager"), client_id=str(sold.client_id))) == 1


def test_another_stores_sale_does_not_exist_here(till, sold):
    Sale.objects.update(store=make_store())
    for client_id in (str(sold.client_id), str(uuid.uuid4())):
        with pytest.raises(ApiError) as refused:
            esims.codes(caller=till.counter.staff(), client_id=client_id)
        assert refused.value.code == NOT_FOUND
    assert looks() == []


def test_nobody_without_the_right_sees_it(till, sold):
    without = replace(till.counter.staff(), permissions=frozenset({"pos.sell"}))
    for caller, code in ((without, PERMISSION_DENIED), (GUEST, UNAUTHENTICATED)):
        with pytest.raises(ApiError) as refused:
            esims.codes(caller=caller, client_id=str(sold.client_id))
        assert refused.value.code == code
    assert looks() == []
