"""The activation code of an eSIM: shown to the shopper who bought it, to nobody else, and written down nowhere."""

import logging

import pytest
from django.core import mail

from inventory import esim
from inventory.models import EsimPool, EsimProfile
from kernel import outbox
from kernel.errors import NOT_FOUND, PERMISSION_DENIED, TOO_MANY_ATTEMPTS
from kernel.identity import GUEST
from kernel.models import AuditEntry
from plugins.carts import errors, esims, handlers
from plugins.carts.models import Order
from tests.carts.shop import ADA, BOB, CLERK, refused
from tests.inventory.goods import iccid

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]

CODE = "LPA:1$smdp.example.com$0123456789"


@pytest.fixture
def order(shop):
    """Ada's, with an eSIM; another is left in the pool."""
    return with_esim(shop.complete(shop.ready_cart(caller=ADA), caller=ADA).order)


def with_esim(made):
    line = made.lines.first()
    pool, _made = EsimPool.objects.get_or_create(item_id=line.sku, defaults={"low_water": 1})
    for number in range(2):
        EsimProfile.objects.create(pool=pool, iccid=iccid(), sealed_code=esim.sealed(f"{CODE}{number}"))
    esim.allocate(sku=line.sku, quantity=1, key=f"order/{made.pk}/1", order=made.number, actor="system")
    return made


def shown(caller, order, code=None):
    return esims.codes(caller=caller, order_id=order.pk, code=code, place="192.0.2.1")


def looks():
    return list(AuditEntry.objects.filter(action="esim.code_shown").values_list("actor", flat=True))


def test_the_owner_sees_the_code_each_look_is_recorded_and_the_code_nowhere(order, caplog):
    caplog.set_level(logging.DEBUG)
    (found,) = shown(ADA, order)
    assert shown(ADA, order) == [found]

    assert (found.activation_code, found.name) == (f"{CODE}0", order.lines.first().name)
    assert looks() == [ADA.scope] * 2
    written = str(list(AuditEntry.objects.values())) + str(list(EsimProfile.objects.values())) + caplog.text
    assert CODE not in written + repr(found)


@pytest.mark.parametrize(("caller", "code"), [(GUEST, NOT_FOUND), (BOB, NOT_FOUND), (CLERK, PERMISSION_DENIED)])
def test_nobody_else_does(order, caller, code):
    for typed in (None, "00000000"):
        assert refused(shown, caller, order, typed).code == code
    assert looks() == []


@pytest.fixture
def guests_order(shop):
    """A guest's, with an eSIM."""
    return with_esim(shop.complete(shop.ready_cart()).order)


@pytest.mark.parametrize("caller", [GUEST, ADA, CLERK])
def test_whoever_knows_a_guests_order_but_not_its_code_does_not(guests_order, caller):
    assert refused(shown, caller, guests_order).code == PERMISSION_DENIED
    assert looks() == []


@pytest.mark.parametrize("caller", [GUEST, ADA])
def test_a_guests_order_opens_to_its_code_as_people_type_it(guests_order, caller):
    code = esims.guest_code(guests_order)
    (found,) = shown(caller, guests_order, f" {code[:4].lower()}-{code[4:]}")
    assert found.activation_code == f"{CODE}0"
    assert looks() == [caller.scope]


def test_staff_does_not_even_with_the_code(guests_order):
    assert refused(shown, CLERK, guests_order, esims.guest_code(guests_order)).code == PERMISSION_DENIED
    assert looks() == []


def test_five_wrong_codes_lock_the_order_even_to_the_right_one(guests_order, at):
    for _n in range(5):
        assert refused(shown, GUEST, guests_order, "00000000").code == errors.ORDER_CODE_INVALID
    right = esims.guest_code(guests_order)
    assert refused(shown, GUEST, guests_order, right).code == TOO_MANY_ATTEMPTS
    assert looks() == []
    at.advance(minutes=15)
    assert len(shown(GUEST, guests_order, right)) == 1


def test_who_tries_many_orders_from_one_place_is_stopped(guests_order, monkeypatch):
    monkeypatch.setattr(esims, "WRONG_CODES_FROM_ONE_PLACE", 2)
    for _n in range(2):
        refused(shown, GUEST, guests_order, "00000000")
    assert refused(shown, GUEST, guests_order, esims.guest_code(guests_order)).code == TOO_MANY_ATTEMPTS


def test_each_order_has_its_own_code_and_one_of_an_account_none():
    one, other, ours = Order(pk="one"), Order(pk="other"), Order(pk="ours", shopper_id=ADA.id)
    assert esims.guest_code(one) == esims.guest_code(Order(pk="one")) != esims.guest_code(other)
    assert esims.guest_code(ours) is None


@pytest.mark.parametrize("of_a_guest", [True, False])
def test_the_customer_is_written_to_once_with_the_code_of_the_order_and_not_the_esims(shop, of_a_guest):
    made = shop.complete(shop.ready_cart(), caller=GUEST).order if of_a_guest else None
    made = made or shop.complete(shop.ready_cart(caller=ADA), caller=ADA).order
    with_esim(made)
    mail.outbox.clear()
    for _n in range(2):
        handlers.esims_are_ready({"order": made.number}, 0)
    outbox.deliver_due()
    (message,) = [sent for sent in mail.outbox if "eSIM" in sent.subject]
    for body in (message.body, message.alternatives[0][0]):
        assert f"/order/{made.pk}" in body
        assert CODE not in body
        assert (esims.guest_code(made) or "nothing") in body if of_a_guest else "sign in" in body
    assert "sign in" not in message.body or not of_a_guest


def test_a_cancelled_order_shows_none(order):
    esim.revoke_order(order=order.number, actor="system")
    assert shown(ADA, order) == []
    assert looks() == []
