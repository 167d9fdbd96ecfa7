"""The activation code of an eSIM: shown to the shopper who bought it, to nobody else, and written down nowhere."""

import logging

import pytest

from inventory import esim
from inventory.models import EsimPool, EsimProfile
from kernel.errors import NOT_FOUND, PERMISSION_DENIED
from kernel.identity import GUEST
from kernel.models import AuditEntry
from plugins.carts import esims
from tests.carts.shop import ADA, BOB, CLERK, refused
from tests.inventory.goods import iccid

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]

CODE = "LPA:1$smdp.example.com$0123456789"


@pytest.fixture
def order(shop):
    """Ada's, with an eSIM; another is left in the pool."""
    made = shop.complete(shop.ready_cart(caller=ADA), caller=ADA).order
    line = made.lines.first()
    pool = EsimPool.objects.create(item_id=line.sku, low_water=1)
    for number in range(2):
        EsimProfile.objects.create(pool=pool, iccid=iccid(), sealed_code=esim.sealed(f"{CODE}{number}"))
    esim.allocate(sku=line.sku, quantity=1, key=f"order/{made.pk}/1", order=made.number, actor="system")
    return made


def looks():
    return list(AuditEntry.objects.filter(action="esim.code_shown").values_list("actor", flat=True))


def test_the_owner_sees_the_code_each_look_is_recorded_and_the_code_nowhere(order, caplog):
    caplog.set_level(logging.DEBUG)
    (found,) = esims.codes(caller=ADA, order_id=order.pk)
    assert esims.codes(caller=ADA, order_id=order.pk) == [found]

    assert (found.activation_code, found.name) == (f"{CODE}0", order.lines.first().name)
    assert looks() == [ADA.scope] * 2
    written = str(list(AuditEntry.objects.values())) + str(list(EsimProfile.objects.values())) + caplog.text
    assert CODE not in written + repr(found)


@pytest.mark.parametrize(("caller", "code"), [(GUEST, NOT_FOUND), (BOB, NOT_FOUND), (CLERK, PERMISSION_DENIED)])
def test_nobody_else_does(order, caller, code):
    assert refused(esims.codes, caller=caller, order_id=order.pk).code == code
    assert looks() == []


def test_whoever_knows_a_guests_order_does_not(shop):
    made = shop.complete(shop.ready_cart()).order
    for caller in (GUEST, ADA, CLERK):
        assert refused(esims.codes, caller=caller, order_id=made.pk).code == PERMISSION_DENIED


def test_a_cancelled_order_shows_none(order):
    esim.revoke_order(order=order.number, actor="system")
    assert esims.codes(caller=ADA, order_id=order.pk) == []
    assert looks() == []
