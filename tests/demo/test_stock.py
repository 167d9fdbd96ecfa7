"""The demonstration's losses, counts and eSIM pools: booked by the services, once, and leaving the books right."""

import pytest

from demo import esims, losses, stock_rooms
from demo.operator import STAFF, OpeningStock
from inventory import esim, proof, services, stock_reports
from inventory.models import Adjustment, EsimProfile, Movement, StockCount
from plugins.staff import services as staff
from tests.inventory.goods import make_item, make_store, seed_reasons, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    """A store with twelve accessories, eight pieces of each."""
    seed_reasons()
    for code, name, role, pin in STAFF:
        staff.upsert_staff(code=code, name=name, role=role, pin=pin, actor="demo", is_demo=True)
    store = make_store()
    own = []
    for _article in range(12):
        item = make_item()
        stock(store, item, 8)
        own.append(OpeningStock(store.code, item.sku, 8))
    stock_rooms.load(store.pk, own)
    return store, own


def test_a_store_shows_losses_a_posted_count_and_an_approved_adjustment(shop):
    store, own = shop
    for _twice in range(2):
        losses.load(store.pk, 0, own, language="en")

    scope = stock_reports.Scope()
    assert [(line.name, line.lost, line.found) for line in stock_reports.by_reason(scope)] == [
        ("Count correction: Ad hoc", 2, 1),
        ("Lost", 2, 0),
        ("Scrapped", 1, 0),
        ("Stolen", 1, 0),
        ("Used by the store", 1, 0),
        ("Found", 0, 1),
    ]
    assert [(line.name, line.corrected) for line in stock_reports.accuracy(scope)] == [(store.name, 3)]
    stolen = Adjustment.objects.get(reason="STOLEN")
    assert (stolen.state, stolen.asked_by != stolen.decided_by) == ("BOOKED", True)
    assert StockCount.objects.get().state == "AUTHORISED"
    assert proof.differences() == []


def test_most_stores_lost_nothing(shop):
    store, own = shop
    before = Movement.objects.count()
    losses.load(store.pk, losses.STORES, own, language="en")
    assert Movement.objects.count() == before


def test_each_esim_has_a_pool_that_an_order_is_served_from():
    for sku in esims.skus():
        services.upsert_item(sku=sku, tracking="NONE", stocked=False, core_variant_id=sku)
    for _twice in range(2):
        esims.load()

    assert len(esims.skus()) >= 2
    assert EsimProfile.objects.count() == esims.PROFILES * len(esims.skus())
    (profile,) = esim.allocate(sku=esims.skus()[0], quantity=1, key="order/1", order="K-1", actor="system")
    code = esim.activation_code(iccid=profile.iccid, actor="admin:1")
    assert code.startswith("LPA:1$smdp.example.com$")
