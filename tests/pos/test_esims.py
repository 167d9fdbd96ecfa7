"""An eSIM that is sold comes from the pool, in the background, and goes when the order is cancelled."""

import pytest

from inventory import esim
from inventory.models import EsimPool, EsimProfile
from kernel import outbox
from plugins.carts.handlers import revoke_esims
from plugins.carts.models import Order
from plugins.pos import core_orders
from plugins.pos.models import Sale
from tests.inventory.goods import iccid
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
