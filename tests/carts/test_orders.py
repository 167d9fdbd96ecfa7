"""Orders: who sees them, finding them by number, cancelling them, and shoppers' sessions."""

import datetime as dt

import jwt
import pytest

from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import CoreTokens, CoreUser
from kernel import outbox
from kernel.errors import CORE_UNAVAILABLE, NOT_FOUND, PERMISSION_DENIED, TOO_MANY_ATTEMPTS, TRY_AGAIN, ApiError
from kernel.identity import Caller
from kernel.models import AuditEntry
from plugins.carts import access, cancellation, customers, errors, hooks, orders, selectors
from plugins.carts.models import Customer, Order
from plugins.payments.models import Payment
from tests.carts.shop import ADA, BOB, CLERK, IN_STORE, refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


@pytest.fixture
def order(shop):
    return shop.complete(shop.ready_cart(("PHONE", 2))).order


def find(number, contact, place="10.0.0.1"):
    return selectors.order_by_number(number=number, contact=contact, place=place)


@pytest.mark.parametrize(
    "contact", ["ada@example.com", " ADA@Example.com ", "+1 (512) 555-0100", "512 555 0100", "0015125550100"[2:]]
)
def test_an_order_is_found_by_its_contact_however_written(order, contact):
    assert find(f" {order.number.lower()} ", contact) == order


@pytest.mark.parametrize("contact", ["", "ada@example.org", "5125550101", "@", "x\0@example.com"])
def test_another_contact_finds_nothing(order, contact):
    assert find(order.number, contact) is None


def test_guesses_are_limited_by_number_and_by_place(shop, order):
    for _n in range(selectors.WRONG_NUMBERS):
        assert find(order.number, "wrong@example.com") is None

    with pytest.raises(ApiError) as caught:
        find(order.number, "ada@example.com", place="10.9.9.9")
    assert caught.value.code == TOO_MANY_ATTEMPTS
    for n in range(selectors.WRONG_FROM_ONE_PLACE - selectors.WRONG_NUMBERS):
        find(f"O-{n}", "ada@example.com")
    with pytest.raises(ApiError) as caught:
        find("O-OTHER", "ada@example.com")
    assert caught.value.code == TOO_MANY_ATTEMPTS
    shop.at.advance(minutes=16)
    assert find(order.number, "ada@example.com") == order


def test_a_shoppers_order_is_the_shoppers_and_staffs(shop):
    order = shop.complete(shop.ready_cart(caller=ADA), caller=ADA).order

    assert access.visible_order(ADA, order.pk) == access.visible_order(CLERK, order.pk) == order
    assert access.visible_order(BOB, order.pk) is access.visible_order(shop.caller, order.pk) is None
    assert list(selectors.orders_of(ADA.id)) == [order]
    assert refused(cancellation.cancel_order, caller=BOB, order_id=order.pk).code == NOT_FOUND


def test_cancelling_gives_everything_back(shop, order):
    cancelled = cancellation.cancel_order(caller=shop.caller, order_id=order.pk, reason="changed my mind")
    again = cancellation.cancel_order(caller=shop.caller, order_id=order.pk)

    assert cancelled.status == again.status == "CANCELLED"
    assert shop.available("PHONE") == 3
    assert shop.slots()[0].remaining == 2
    assert orders.amount_due(cancelled) == 0
    outbox.deliver_due()
    assert Payment.objects.get().state == "VOIDED"
    recorded = shop.core.orders[order.core_id]
    assert (recorded.status, recorded.transactions[0].authorized) == ("CANCELED", 0)
    assert [event.code for event in order.events.all()] == [
        "PLACED",
        "PAYMENT_AUTHORISED",
        "CANCELLED",
        "PAYMENT_VOIDED",
    ]
    assert AuditEntry.objects.filter(action="order.cancelled").count() == 1


def test_the_core_is_told_of_a_cancellation_until_it_hears(shop, order):
    outbox.deliver_due()
    cancellation.cancel_order(caller=shop.caller, order_id=order.pk)
    shop.core.fail("cancel_order", times=2)

    for _again in range(3):
        outbox.deliver_due()
        shop.at.advance(minutes=10)

    assert shop.core.orders[order.core_id].status == "CANCELED"
    assert shop.core.calls["cancel_order"] == 3


def test_a_cancellation_that_the_core_refuses_is_for_a_person(shop, order):
    outbox.deliver_due()
    cancellation.cancel_order(caller=shop.caller, order_id=order.pk)
    shop.core.fail("cancel_order", error=CoreRefused("CANNOT_CANCEL_ORDER", "fulfilled"))

    outbox.deliver_due()

    assert outbox.pending() == 0
    assert AuditEntry.objects.filter(action="order.core_cancel_refused").count() == 1


def test_a_captured_card_is_refunded(shop, order):
    orders.set_status(order_id=order.pk, status="IN_PROGRESS")
    from plugins.payments import services as payments

    payments.capture(payment=Payment.objects.get())

    cancellation.cancel_order(caller=shop.caller, order_id=order.pk)
    outbox.deliver_due()

    assert Payment.objects.get().state == "REFUNDED"


def test_what_was_handed_over_is_not_cancelled(shop, order):
    orders.fulfil(order_id=order.pk, serials={"PHONE": ["1", "2"]}, actor="staff:1")

    refusal = refused(cancellation.cancel_order, caller=shop.caller, order_id=order.pk)

    assert refusal.code == errors.ORDER_NOT_CANCELLABLE
    assert Order.objects.get().status == "FULFILLED"
    assert shop.available("PHONE") == 1
    assert order.lines.get().serials == ["1", "2"]


def test_a_capability_above_may_refuse_a_cancellation(shop, order, monkeypatch):
    def refuses(order, reason, actor):
        raise ApiError("TOO_LATE", "Too late.")

    monkeypatch.setattr(hooks, "_cancelled", [refuses])

    assert refused(cancellation.cancel_order, caller=shop.caller, order_id=order.pk).code == "TOO_LATE"
    assert Order.objects.get().status == "PLACED"
    assert shop.available("PHONE") == 1


def test_a_hook_that_refuses_undoes_the_order(shop, monkeypatch):
    def refuses(order, lines, deliveries):
        raise ApiError("NO_PICKUP", "No.")

    monkeypatch.setattr(hooks, "_confirmed", [refuses])
    cart = shop.ready_cart()

    assert refused(shop.complete, cart).code == "NO_PICKUP"
    assert Order.objects.count() == 0
    assert [recorded.status for recorded in shop.core.orders.values()] == ["CANCELED"]
    assert Payment.objects.get().state == "VOIDED"


def test_staff_need_the_permission_to_cancel(shop, order):
    nobody = Caller(kind="staff", id="9")

    assert refused(cancellation.cancel_order, caller=nobody, order_id=order.pk).code == PERMISSION_DENIED
    assert cancellation.cancel_order(caller=CLERK, order_id=order.pk).status == "CANCELLED"


def test_an_order_cancelled_in_the_core_is_cancelled_here(shop, order):
    event = {"order": {"id": order.core_id}}
    cancellation.cancelled_in_core(event)
    assert Order.objects.get().status == "PLACED"

    shop.core.cancel_order(order.core_id)
    cancellation.cancelled_in_core(event)
    cancellation.cancelled_in_core(event)

    assert Order.objects.get().status == "CANCELLED"
    assert shop.available("PHONE") == 3


def test_a_cash_payment_promised_is_given_up_with_its_order(shop):
    order = shop.complete(shop.ready_cart(), IN_STORE).order

    cancellation.cancel_order(caller=shop.caller, order_id=order.pk)
    outbox.deliver_due()

    assert Payment.objects.get().state == "VOIDED"
    assert "PAYMENT_VOIDED" not in [event.code for event in order.events.all()]


@pytest.fixture
def sessions(shop, monkeypatch):
    token = jwt.encode({"exp": shop.at.now() + dt.timedelta(minutes=5)}, "x" * 32, algorithm="HS256")
    user = CoreUser("user-ada", "ada@example.com", "Ada", "Lovelace")
    answers = {"right": CoreTokens(token, "refresh", user)}

    def token_create(email, password, *, place):
        if isinstance(answers.get(password), Exception):
            raise answers[password]
        if password not in answers:
            raise CoreRefused("INVALID_CREDENTIALS", "no")
        return answers[password]

    shop.core.token_create = token_create
    return answers


def sign_in(password, email="ada@example.com", place="10.0.0.1"):
    return customers.sign_in(email=email, password=password, place=place)


def test_signing_in_remembers_the_shopper(shop, sessions):
    session = sign_in("right")

    assert session.expires_at == shop.at.now() + dt.timedelta(minutes=5)
    stored = Customer.objects.get()
    assert (stored.pk, stored.email, stored.first_name) == ("user-ada", "ada@example.com", "Ada")
    assert selectors.customer(ADA) == stored
    assert selectors.customer(CLERK) is None


def test_wrong_passwords_are_limited(shop, sessions):
    for _n in range(customers.WRONG_PASSWORDS):
        assert refused(sign_in, "wrong").code == errors.INVALID_CREDENTIALS

    assert refused(sign_in, "right", email="ADA@example.com").code == TOO_MANY_ATTEMPTS
    assert Customer.objects.count() == 0
    shop.at.advance(minutes=15)
    assert sign_in("right")


def test_a_core_that_delays_sign_ins_is_no_wrong_password(shop, sessions):
    sessions["early"] = CoreRefused("LOGIN_ATTEMPT_DELAYED", "Logging has been suspended")
    for _n in range(customers.WRONG_PASSWORDS + 1):
        assert refused(sign_in, "early").code == TRY_AGAIN

    assert sign_in("right")


def test_a_core_that_is_away_is_no_wrong_password(shop, sessions):
    sessions["down"] = CoreUnavailable("away")
    for _n in range(customers.WRONG_PASSWORDS + 1):
        assert refused(sign_in, "down").code == CORE_UNAVAILABLE

    assert sign_in("right")
