"""Placing an order: what is right, and what is refused without harm."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from commerce.errors import CoreRefused, CoreUnavailable
from kernel import outbox, sagas
from kernel.errors import NOT_AVAILABLE, TRY_AGAIN, Errors
from plugins.carts import completion, errors, orders, selectors, services
from plugins.carts.checks import PaymentChoice
from plugins.carts.contact import ContactChange
from plugins.carts.models import Cart, Order
from plugins.payments import fake_card
from plugins.payments.errors import PAYMENT_DECLINED, PAYMENT_NOT_ALLOWED
from plugins.payments.models import FakeCardCharge, Payment
from tests.carts.shop import ADA, BOB, CARD, IN_STORE, refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


def tok(token):
    return PaymentChoice("CARD", token=token)


def test_an_order_costs_what_the_cart_and_the_core_say(shop):
    cart = shop.ready_cart(("PHONE", 1), ("CASE", 3), ("PLAN", 1))
    view = selectors.cart_view(cart)

    order = shop.complete(cart).order

    assert (order.subtotal, order.tax, order.total) == (Decimal("593.97"), Decimal("46.12"), Decimal("640.09"))
    assert (order.subtotal, order.tax, order.total) == (view.totals.subtotal, view.totals.tax, view.totals.total)
    recorded = shop.core.orders[order.core_id]
    assert recorded.total.gross == order.total
    assert recorded.warehouse_id == shop.stores[0].core_warehouse_id
    assert recorded.transactions[0].authorized == order.total
    assert order.monthly == Decimal("35.00")
    assert str(order.promise_date) == "2026-03-02"
    assert all(line.core_line_id for line in order.lines.all())
    assert [event.code for event in order.events.all()] == ["PLACED", "PAYMENT_AUTHORISED"]
    assert Payment.objects.get(reference=order.pk).state == "AUTHORISED"
    assert shop.available("PHONE") == 2


def test_completing_again_gives_the_same_order(shop):
    cart = shop.ready_cart()

    first, again = shop.complete(cart), shop.complete(cart)

    assert first.order == again.order
    assert Order.objects.count() == len(shop.core.orders) == FakeCardCharge.objects.count() == 1
    assert refused(shop.complete, cart, IN_STORE).code == errors.CART_COMPLETED
    assert refused(services.add_lines, caller=ADA, cart_id=cart.pk, lines=[("CASE", 1)]).code == errors.CART_COMPLETED


def test_the_confirmation_is_sent_in_the_customers_language(shop):
    cart = shop.ready_cart(("PHONE", 1), ("PLAN", 1))
    order = shop.complete(cart, IN_STORE).order

    outbox.deliver_due()

    (message,) = mail.outbox
    assert message.to == ["ada@example.com"]
    assert order.number in message.subject
    for text in (message.body, message.alternatives[0][0]):
        assert "Store 1" in text
        assert str(order.money(order.total)) in text
        assert "12:00" in text or "noon" in text


def test_a_mail_server_that_refuses_holds_nothing_else_back(shop, settings):
    settings.EMAIL_BACKEND = "tests.carts.shop.NoMail"
    order = shop.complete(shop.ready_cart()).order
    orders.fulfil(order_id=order.pk, serials={}, actor="staff:1")

    outbox.deliver_due()

    assert Payment.objects.get().state == "CAPTURED"
    assert outbox.pending() >= 1


def test_paying_in_store_leaves_the_amount_due(shop):
    order = shop.complete(shop.ready_cart(), IN_STORE).order
    assert orders.amount_due(order) == order.total

    due = orders.record_store_payment(
        order_id=order.pk, amount=order.total, method="CASH", reference="sale-1", actor="staff:1"
    )
    again = orders.record_store_payment(
        order_id=order.pk, amount=order.total, method="CASH", reference="sale-1", actor="staff:1"
    )

    assert due == again == 0
    assert Payment.objects.get(reference=order.pk).state == "CAPTURED"
    outbox.deliver_due()
    assert shop.core.orders[order.core_id].transactions[0].charged == order.total


def test_a_card_is_charged_when_the_goods_are_handed_over(shop):
    order = shop.complete(shop.ready_cart()).order
    outbox.deliver_due()
    assert Payment.objects.get().state == "AUTHORISED"

    orders.fulfil(order_id=order.pk, serials={}, actor="staff:1")
    outbox.deliver_due()

    assert Payment.objects.get().state == "CAPTURED"
    assert shop.core.orders[order.core_id].transactions[0].charged == order.total


def test_services_alone_need_no_pickup_and_are_charged_at_once(shop):
    cart = shop.cart(("PLAN", 1))
    assert refused(shop.complete, cart).code == errors.BILLING_ADDRESS_REQUIRED
    assert refused(shop.complete, cart).field == "contact.billingAddress"
    cart.billing_address = {"street_address_1": "1 Main St", "city": "Austin", "country": "US"}
    cart.save()
    assert refused(shop.complete, cart, IN_STORE).code == PAYMENT_NOT_ALLOWED

    order = shop.complete(cart).order
    outbox.deliver_due()

    assert Payment.objects.get(reference=order.pk).state == "CAPTURED"


@pytest.mark.parametrize(
    ("choices", "code", "field"),
    [
        ([], errors.PAYMENT_REQUIRED, "payments"),
        ([PaymentChoice("CARD")], errors.PAYMENT_REQUIRED, "payments.0.token"),
        ([PaymentChoice("CASH")], PAYMENT_NOT_ALLOWED, "payments.0.method"),
        ([PaymentChoice("GIFT_CARD", token="x")], NOT_AVAILABLE, "payments.0.method"),
        ([CARD, IN_STORE], NOT_AVAILABLE, "payments.1.method"),
        ([PaymentChoice("CARD", Decimal("1.00"), "tok_ok")], errors.PRICE_CHANGED, "payments.0.amount"),
    ],
)
def test_payments_that_do_not_fit_are_refused(shop, choices, code, field):
    cart = shop.ready_cart()
    refusal = refused(completion.complete_cart, caller=shop.caller, cart_id=cart.pk, choices=choices)

    assert (refusal.code, refusal.field) == (code, field)
    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert shop.core.calls["create_checkout"] == Payment.objects.count() == 0


def test_contact_and_delivery_must_be_there(shop):
    assert refused(shop.complete, shop.cart()).code == errors.CART_EMPTY
    cart = shop.cart(("PHONE", 1), contact=False)
    found = refused_all(shop, cart)
    assert found == {("CONTACT_REQUIRED", "contact.email"), ("DELIVERY_REQUIRED", "delivery")}


def refused_all(shop, cart):
    with pytest.raises(Errors) as caught:
        shop.complete(cart)
    return {(error.code, error.field) for error in caught.value.errors}


@pytest.mark.parametrize("token", ["tok_declined", "tok_insufficient", "nonsense"])
def test_a_declined_card_leaves_the_cart_open_and_held(shop, token):
    cart = shop.ready_cart()

    refusal = refused(shop.complete, cart, tok(token))

    assert (refusal.code, refusal.field) == (PAYMENT_DECLINED, "payments.0.token")
    view = selectors.cart_view(Cart.objects.get(pk=cart.pk))
    assert view.cart.state == "OPEN"
    assert view.reserved_until is not None
    assert shop.core.orders == {}
    assert shop.complete(cart).order.total == view.totals.total


def test_three_d_secure_asks_for_the_customer_and_then_goes_on(shop):
    cart = shop.ready_cart()
    waiting = shop.complete(cart, tok("tok_3ds"))
    assert waiting.order is None
    assert waiting.action_url == shop.complete(cart, tok("tok_3ds")).action_url
    assert refused(services.add_lines, caller=ADA, cart_id=cart.pk, lines=[("CASE", 1)]).code == errors.CART_BUSY

    fake_card.confirm(FakeCardCharge.objects.get().reference, accepted=True)

    assert shop.complete(cart, tok("tok_3ds")).order.total == Decimal("540.17")
    assert FakeCardCharge.objects.count() == 1


def test_a_customer_who_closes_the_page_after_confirming_still_gets_the_order(shop):
    cart = shop.ready_cart()
    shop.complete(cart, tok("tok_3ds"))
    fake_card.confirm(FakeCardCharge.objects.get().reference, accepted=True)

    shop.at.advance(seconds=20)
    sagas.resume_due()

    assert Order.objects.get(cart=cart).total == Decimal("540.17")


def test_three_d_secure_refused_is_a_declined_card(shop):
    cart = shop.ready_cart()
    shop.complete(cart, tok("tok_3ds"))
    fake_card.confirm(FakeCardCharge.objects.get().reference, accepted=False)

    assert refused(shop.complete, cart, tok("tok_3ds")).code == PAYMENT_DECLINED
    assert Cart.objects.get(pk=cart.pk).state == "OPEN"


def test_another_way_to_pay_replaces_a_waiting_confirmation(shop):
    cart = shop.ready_cart()
    shop.complete(cart, tok("tok_3ds"))

    order = shop.complete(cart, IN_STORE).order

    assert order.total == Decimal("540.17")
    assert FakeCardCharge.objects.get().state == "VOIDED"
    assert [payment.method for payment in Payment.objects.filter(reference=order.pk)] == ["PAY_IN_STORE"]


def test_a_confirmation_that_never_comes_frees_the_cart(shop):
    cart = shop.ready_cart()
    shop.complete(cart, tok("tok_3ds"))

    shop.at.advance(minutes=16)
    sagas.resume_due()

    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert FakeCardCharge.objects.get().state == "VOIDED"


def test_a_signed_in_customers_order_is_theirs_in_the_core(shop):
    shop.complete(shop.ready_cart(caller=ADA), caller=ADA)
    shop.complete(shop.ready_cart(slot=1))
    assert shop.core.attached == [ADA.id]


def test_a_core_that_attaches_no_customer_takes_the_order_all_the_same(shop):
    shop.core.fail("attach_customer", error=CoreRefused("PERMISSION_DENIED", "IMPERSONATE_USER is missing."))
    order = shop.complete(shop.ready_cart(caller=ADA), caller=ADA).order
    assert (order.shopper_id, shop.core.attached, shop.core.calls["complete_checkout"]) == (ADA.id, [], 1)


def test_a_price_changed_in_the_core_is_shown_before_anything_is_charged(shop):
    cart = shop.ready_cart()
    shop.core.sell("v-PHONE", "PHONE", "549.00", "0.0825")

    refusal = refused(shop.complete, cart)

    assert refusal.code == errors.PRICE_CHANGED
    assert "594.29" in refusal.message
    view = selectors.cart_view(Cart.objects.get(pk=cart.pk))
    assert (view.totals.total, view.cart.state) == (Decimal("594.29"), "OPEN")
    assert Payment.objects.count() == 0
    assert shop.complete(cart).order.total == Decimal("594.29")


def test_what_the_core_no_longer_sells_is_named(shop):
    cart = shop.ready_cart(("CASE", 1), ("PHONE", 1))
    del shop.core.prices["v-PHONE"]

    refusal = refused(shop.complete, cart)

    assert (refusal.code, refusal.field) == (errors.UNKNOWN_SKU, "lines.1.sku")


def test_a_lost_card_answer_asks_to_try_again_and_resumes(shop):
    cart = shop.ready_cart()

    assert refused(shop.complete, cart, tok("tok_timeout")).code == TRY_AGAIN

    assert shop.complete(cart, tok("tok_timeout")).order
    assert FakeCardCharge.objects.count() == 1


@pytest.mark.parametrize(
    "step", ["create_checkout", "set_checkout_delivery", "create_transaction", "complete_checkout"]
)
@pytest.mark.parametrize("after", [False, True])
def test_a_core_that_does_not_answer_is_asked_again(shop, step, after):
    cart = shop.ready_cart()
    shop.core.fail(step, after=after)

    assert refused(shop.complete, cart).code == TRY_AGAIN
    order = shop.complete(cart).order

    assert list(shop.core.orders) == [order.core_id]
    assert len(shop.core.orders[order.core_id].transactions) == 1
    assert FakeCardCharge.objects.count() == 1


def test_the_sweep_finishes_what_the_customer_left(shop):
    cart = shop.ready_cart()
    shop.core.fail("complete_checkout", after=True)
    refused(shop.complete, cart)

    shop.at.advance(minutes=2)
    sagas.resume_due()

    assert Order.objects.filter(cart=cart).count() == len(shop.core.orders) == 1


@pytest.mark.parametrize("step", ["create_checkout", "create_transaction", "complete_checkout"])
def test_a_core_that_asks_for_rest_is_asked_by_the_sweep_after_it(shop, step):
    cart = shop.ready_cart()
    shop.core.fail(step, error=CoreUnavailable("busy", retry_after=timedelta(minutes=5)))
    assert refused(shop.complete, cart).code == TRY_AGAIN
    asked = shop.core.calls[step]

    shop.at.advance(seconds=299)
    assert (sagas.resume_due(), shop.core.calls[step]) == (0, asked)
    shop.at.advance(seconds=3)
    assert (sagas.resume_due(), shop.core.calls[step]) == (1, asked + 1)

    assert Order.objects.filter(cart=cart).count() == len(shop.core.orders) == 1


def test_a_core_that_asks_for_long_does_not_outlast_the_customer_s_patience(shop):
    cart = shop.ready_cart()
    shop.core.fail("create_transaction", times=2, error=CoreUnavailable("busy", retry_after=timedelta(hours=1)))
    assert refused(shop.complete, cart).code == TRY_AGAIN

    shop.at.advance(minutes=15, seconds=2)
    assert sagas.resume_due() == 1

    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert FakeCardCharge.objects.get().state == "VOIDED"
    assert (Order.objects.count(), len(shop.core.orders)) == (0, 0)


def test_after_a_quarter_of_an_hour_without_the_core_nothing_is_ordered(shop):
    cart = shop.ready_cart()
    shop.core.fail("create_transaction", times=50)
    refused(shop.complete, cart)

    shop.at.advance(minutes=16)
    assert refused(shop.complete, cart).code == errors.ORDER_NOT_PLACED

    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert FakeCardCharge.objects.get().state == "VOIDED"
    assert Order.objects.count() == 0


def test_stock_that_the_core_denies_gives_everything_back(shop):
    cart = shop.ready_cart()
    shop.core.stock["v-PHONE"] = 0

    refusal = refused(shop.complete, cart)

    assert (refusal.code, refusal.field) == (errors.INSUFFICIENT_STOCK, "lines.0.quantity")
    assert FakeCardCharge.objects.get().state == "VOIDED"
    (checkout,) = shop.core.checkouts.values()
    assert checkout.transactions[0].authorized == 0
    assert Cart.objects.get(pk=cart.pk).state == "OPEN"


def test_any_other_refusal_of_the_core_is_told_and_undone(shop):
    cart = shop.ready_cart()
    shop.core.fail("complete_checkout", error=CoreRefused("TAX_ERROR", "no taxes"))

    assert refused(shop.complete, cart).code == errors.ORDER_REFUSED
    assert FakeCardCharge.objects.get().state == "VOIDED"


def test_an_expired_reservation_is_made_again(shop):
    cart = shop.ready_cart(slot=2)
    shop.at.advance(minutes=16)

    order = shop.complete(cart).order

    assert order
    assert shop.available("PHONE") == 2


def test_an_expired_reservation_whose_stock_is_gone_is_refused(shop):
    slow = shop.ready_cart(("PHONE", 2), slot=2)
    shop.at.advance(minutes=16)
    quick = shop.cart(("PHONE", 2))
    shop.collect(quick)

    refusal = refused(shop.complete, slow)

    assert (refusal.code, refusal.field, refusal.params["available"]) == (
        errors.INSUFFICIENT_STOCK,
        "lines.0.quantity",
        1,
    )
    assert Payment.objects.count() == 0
    assert shop.complete(quick).order


def test_a_slot_that_is_gone_is_a_changed_date(shop):
    cart = shop.ready_cart()
    shop.at.advance(hours=3)

    refusal = refused(shop.complete, cart)

    assert (refusal.code, refusal.field) == (errors.DATE_CHANGED, "delivery.pickupSlotId")


def test_stock_lost_while_the_core_was_away_cancels_the_cores_order(shop):
    cart = shop.ready_cart(("PHONE", 2), slot=2)
    shop.core.fail("complete_checkout", after=True)
    refused(shop.complete, cart)
    shop.at.advance(minutes=20)
    other = shop.cart(("PHONE", 2))
    shop.collect(other)

    refusal = refused(shop.complete, cart)

    assert refusal.code == errors.INSUFFICIENT_STOCK
    assert [order.status for order in shop.core.orders.values()] == ["CANCELED"]
    assert FakeCardCharge.objects.get().state == "VOIDED"
    assert Order.objects.count() == 0


def test_a_shoppers_cart_does_not_exist_for_others(shop):
    cart = shop.ready_cart(caller=ADA)

    assert refused(shop.complete, cart, caller=BOB).code == "NOT_FOUND"
    assert refused(shop.complete, cart).code == "NOT_FOUND"
    assert shop.complete(cart, caller=ADA).order.shopper_id == ADA.id


def test_a_guest_who_signs_in_owns_the_order(shop):
    cart = shop.ready_cart()

    assert shop.complete(cart, caller=ADA).order.shopper_id == ADA.id


def test_an_invalid_contact_changes_nothing(shop):
    cart = shop.cart(("PHONE", 1))

    for change, code, field in (
        (ContactChange(email="ada"), errors.INVALID_EMAIL, "contact.email"),
        (ContactChange(phone="12"), errors.INVALID_PHONE, "contact.phone"),
    ):
        refusal = refused(services.update_contact, caller=shop.caller, cart_id=cart.pk, contact=change, language="en")
        assert (refusal.code, refusal.field) == (code, field)

    stored = Cart.objects.get(pk=cart.pk)
    assert (stored.email, stored.phone) == ("ada@example.com", "+15125550100")
