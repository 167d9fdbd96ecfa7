"""Payments through the port, with the fake provider behind it."""

import itertools
from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from kernel.errors import NOT_AVAILABLE, ApiError
from kernel.money import Money
from plugins.payments import errors, fake_card, selectors, services
from plugins.payments.models import FakeCardCharge, Payment
from plugins.payments.port import PortUnavailableError
from plugins.payments.states import MOVES, IllegalMoveError, State, move

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]

AMOUNT = Money(Decimal("540.17"), "USD")


@pytest.fixture(autouse=True)
def _debug(settings):
    # Tests run with DEBUG off, where the fake provider refuses to work.
    settings.DEBUG = True


def authorise(token="tok_ok", key="order-1:card", amount=AMOUNT):
    return services.authorise(
        key=key, reference="order-1", amount=amount, token=token, return_url="http://testserver/back"
    )


@pytest.mark.parametrize(("current", "target"), list(itertools.product(State, State)))
def test_a_payment_moves_only_as_the_table_says(current, target):
    if target == current or target in MOVES[current]:
        assert move(current, target) == target
    else:
        with pytest.raises(IllegalMoveError):
            move(current, target)


def test_a_good_card_is_authorised_once_however_often_it_is_asked():
    first, second = authorise(), authorise()

    assert (first.state, first.pk) == (State.AUTHORISED, second.pk)
    assert Payment.objects.count() == FakeCardCharge.objects.count() == 1


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("tok_declined", "card_declined"),
        ("tok_insufficient", "insufficient_funds"),
        ("4111111111111111", "invalid_token"),
    ],
)
def test_a_bad_card_fails_and_says_why(token, why):
    payment = authorise(token)

    assert (payment.state, payment.failure_code) == (State.FAILED, why)
    assert list(selectors.payments_of("order-1")) == []


def test_a_lost_answer_is_found_again_under_the_same_key():
    with pytest.raises(PortUnavailableError):
        authorise("tok_timeout")
    assert Payment.objects.get().state == State.PENDING

    assert authorise("tok_timeout").state == State.AUTHORISED
    assert FakeCardCharge.objects.count() == 1


@pytest.mark.parametrize(("answer", "state"), [("confirm", State.AUTHORISED), ("refuse", State.FAILED)])
def test_three_d_secure_waits_for_the_customer(client, settings, answer, state):
    settings.PUBLIC_URL = "http://testserver"
    waiting = authorise("tok_3ds")
    assert waiting.state == State.ACTION_REQUIRED
    assert authorise("tok_3ds").state == State.ACTION_REQUIRED

    page = client.get(waiting.action_url)
    assert "540.17" in page.content.decode()
    back = client.post(waiting.action_url, {"answer": answer})

    assert (back.status_code, back["Location"]) == (302, "http://testserver/back")
    assert authorise("tok_3ds").state == state
    assert "answered already" in client.get(waiting.action_url).content.decode()


def test_capture_void_and_refund_may_be_repeated():
    payment = authorise()
    captured = services.capture(payment=services.capture(payment=payment))
    assert captured.state == State.CAPTURED
    assert selectors.covered("order-1") == AMOUNT.amount

    refunded = services.refund(payment=services.refund(payment=captured))
    assert (refunded.state, refunded.refunded) == (State.REFUNDED, AMOUNT.amount)
    # It was paid all the same: nothing is owed anew.
    assert selectors.covered("order-1") == AMOUNT.amount


def test_what_is_captured_cannot_be_voided():
    captured = services.capture(payment=authorise())

    with pytest.raises(ApiError) as caught:
        services.void(payment=captured)

    assert caught.value.code == errors.PAYMENT_NOT_POSSIBLE
    assert Payment.objects.get().state == State.CAPTURED


def test_a_payment_given_up_while_its_answer_was_lost_stays_given_up():
    with pytest.raises(PortUnavailableError):
        authorise("tok_timeout")

    services.void(payment=Payment.objects.get())

    assert authorise("tok_timeout").state == State.VOIDED
    assert FakeCardCharge.objects.get().state == State.VOIDED


def test_voiding_what_the_provider_never_saw_keeps_a_late_request_from_charging():
    payment = Payment.objects.get(
        pk=services._payment(key="k", reference="r", method="CARD", amount=AMOUNT, provider="fake_card").pk
    )

    services.void(payment=payment)

    late = fake_card.FakeCard().authorise(key="k", token="tok_ok", amount=AMOUNT, return_url="")
    assert late.state == State.VOIDED


def test_paying_in_store_waits_until_a_register_settles_it():
    promised = services.promise_in_store(key="k", reference="order-2", amount=AMOUNT)
    assert (promised.state, selectors.covered("order-2")) == (State.PENDING, 0)

    settled = services.settle_in_store(payment=promised, method="CASH", provider_reference="sale-1")
    again = services.settle_in_store(payment=settled, method="CASH", provider_reference="sale-1")

    assert (again.state, again.method, selectors.covered("order-2")) == (State.CAPTURED, "CASH", AMOUNT.amount)


def test_the_fake_provider_is_refused_when_debug_is_off(settings, client):
    settings.DEBUG = False

    with pytest.raises(ImproperlyConfigured):
        fake_card.FakeCard()
    with pytest.raises(ApiError) as caught:
        authorise()
    assert caught.value.code == NOT_AVAILABLE
    assert Payment.objects.count() == 0
