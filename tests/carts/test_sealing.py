"""The seal that placing an order leaves on the core's checkout, as the order guard judges it."""

import dataclasses
import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from commerce.core import Core, core
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import CheckoutDraft, CheckoutLineDraft, CoreAddress
from kernel import clock, sagas
from kernel.errors import TRY_AGAIN
from plugins.carts import errors, sealing
from plugins.carts.models import Cart, Order
from plugins.order_guard import seal, verdict
from plugins.payments.models import FakeCardCharge
from tests.carts.sealed import SECRET, FakeGuard, private_metadata, shop_on
from tests.carts.shop import refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]

WAREHOUSE = "V2FyZWhvdXNlOjVmMWYzYTFmLTAwMDAtNDAwMC04MDAwLTAwMDAwMDAwMDAwMQ=="
VARIANT = "UHJvZHVjdFZhcmlhbnQ6Nw=="
CHECKOUT = "Q2hlY2tvdXQ6MGM2ZTdiNTItM2QwYi00ZjBlLTlhNTEtNWYxZjNhMWYwMDAx"


@pytest.fixture
def core_shop(embedded_core, settings):
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.ORDER_GUARD_SECRET = SECRET
    _variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 20)
    product = next(item.id for item in core().iter_products("us") if item.slug == "acme-case")
    return shop_on(core(), channel="us", warehouse=warehouse, product=product, sku="ACME-CASE")


@pytest.fixture
def guard(core_shop, monkeypatch):
    return FakeGuard(monkeypatch)


def case(shop, quantity=2):
    return shop.ready_cart(("ACME-CASE", quantity), slot=3)


def test_an_order_placed_here_passes_the_guard(core_shop, guard):
    order = core_shop.complete(case(core_shop)).order

    (written,) = guard.seen
    assert private_metadata("order", order.core_id)[seal.KEY] == written
    assert order.total == Decimal("43.28")


def test_without_a_secret_nothing_is_sealed_and_the_guard_refuses(core_shop, guard, settings):
    settings.ORDER_GUARD_SECRET = ""
    cart = case(core_shop)

    refusal = refused(core_shop.complete, cart)

    assert guard.seen == [None]
    assert refusal.code == errors.ORDER_REFUSED
    assert refusal.params["reason"] == f"UNAVAILABLE_VARIANT_IN_CHANNEL: {verdict.UNSEALED}"
    assert (Order.objects.count(), Cart.objects.get(pk=cart.pk).state) == (0, "OPEN")
    assert [charge.state for charge in FakeCardCharge.objects.all()] == ["VOIDED"]


def test_another_secret_than_the_guards_is_refused(core_shop, guard, settings):
    settings.ORDER_GUARD_SECRET = SECRET + "!"

    refusal = refused(core_shop.complete, case(core_shop))

    assert refusal.params["reason"] == f"UNAVAILABLE_VARIANT_IN_CHANNEL: {verdict.BROKEN}"
    assert Order.objects.count() == 0


@pytest.mark.fault
def test_a_lost_reply_leaves_one_order(core_shop, guard, embedded_core):
    embedded_core.set_faults({"kind": "lost_reply", "operation": "CheckoutComplete", "count": 5})
    cart = case(core_shop)
    assert refused(core_shop.complete, cart).code == TRY_AGAIN
    # It is an order by now: there is no checkout that could be sealed again.
    embedded_core.set_faults()

    order = core_shop.complete(cart).order

    assert len(guard.seen) == 1
    assert core().order(order.core_id).status == "UNFULFILLED"
    assert (Order.objects.count(), FakeCardCharge.objects.count()) == (1, 1)


@pytest.mark.fault
def test_a_lost_reply_to_the_seal_is_no_harm(core_shop, guard, embedded_core):
    embedded_core.set_faults({"kind": "lost_reply", "operation": "PrivateMetadataUpdate", "count": 5})
    cart = case(core_shop)
    assert refused(core_shop.complete, cart).code == TRY_AGAIN
    assert guard.seen == []
    embedded_core.set_faults()

    assert core_shop.complete(cart).order.total == Decimal("43.28")


@pytest.mark.fault
def test_a_late_resume_seals_anew(core_shop, guard, monkeypatch):
    def away(_core, _id):
        raise CoreUnavailable("no answer")

    cart = case(core_shop)
    with monkeypatch.context() as without:
        without.setattr(Core, "complete_checkout", away)
        assert refused(core_shop.complete, cart).code == TRY_AGAIN
    late = clock.now() + dt.timedelta(seconds=seal.LIFETIME_SECONDS + 60)
    with clock.use_clock(clock.FrozenClock(late)):
        sagas.resume_due()

    assert Order.objects.get(cart=cart).total == Decimal("43.28")
    (written,) = guard.seen
    assert int(written.split(".")[1]) == int(late.timestamp()) + seal.LIFETIME_SECONDS


def test_a_core_that_takes_no_seal_is_left_to_the_guard(core_shop, monkeypatch, caplog):
    def denied(_core, _id, _values):
        raise CoreRefused("PERMISSION_DENIED", "You need MANAGE_CHECKOUTS.")

    monkeypatch.setattr(Core, "update_private_metadata", denied)

    assert core_shop.complete(case(core_shop)).order.total == Decimal("43.28")
    assert "takes no seal" in caplog.text
    FakeGuard(monkeypatch)
    assert refused(core_shop.complete, case(core_shop)).code == errors.ORDER_REFUSED
    assert Order.objects.count() == 1


def draft(**line):
    return CheckoutDraft(
        channel="us",
        email="ada@example.com",
        lines=(CheckoutLineDraft(VARIANT, 2, **line),),
        billing_address=CoreAddress(),
    )


def test_what_is_sealed_is_what_the_guard_finds():
    found = seal.SealedCheckout(
        checkout="0c6e7b52-3d0b-4f0e-9a51-5f1f3a1f0001",
        channel="us",
        lines=[seal.SealedLine("7", 2, Decimal("7.000"))],
        point="5f1f3a1f-0000-4000-8000-000000000001",
    )
    what = sealing.covered(CHECKOUT, draft(price=Decimal("7.00")), warehouse_id=WAREHOUSE)
    seal.verify(SECRET, seal.make(SECRET, what, now=0), found, now=0)
    for other in (
        sealing.covered(CHECKOUT, draft(price=Decimal("6.99")), warehouse_id=WAREHOUSE),
        sealing.covered(CHECKOUT, draft(), warehouse_id=WAREHOUSE),
        sealing.covered(CHECKOUT, draft(price=Decimal("7.00")), warehouse_id=None),
        dataclasses.replace(what, channel="cn"),
    ):
        with pytest.raises(seal.SealError):
            seal.verify(SECRET, seal.make(SECRET, other, now=0), found, now=0)


def test_a_short_secret_is_refused_at_the_start(settings):
    settings.ORDER_GUARD_SECRET = "short"
    with pytest.raises(ImproperlyConfigured, match="at least 16"):
        sealing.check_secret()
    settings.ORDER_GUARD_SECRET = ""
    sealing.check_secret()
