"""An order to be paid in store, paid at the register; and a claimed cart settled by a sale."""

from dataclasses import replace
from decimal import Decimal

import pytest

from inventory.models import Reservation
from kernel import outbox
from plugins.carts import cancellation, orders, sharing
from plugins.carts.models import Cart, CartDelivery, Order
from plugins.payments.models import Payment
from plugins.pickup import services as pickups
from plugins.pickup.models import Pickup
from plugins.pos import errors
from plugins.pos.checks import SaleDraft, TenderDraft
from plugins.pos.models import Sale
from tests.counter import ADA, refused
from tests.pos.sales import codes, line, sale

pytestmark = pytest.mark.django_db
DUE = Decimal("540.17")


@pytest.fixture
def order(till):
    return till.counter.order(("PHONE", 1))


def payment(till, amount=DUE, **values) -> SaleDraft:
    tenders = (TenderDraft("CASH", amount),)
    return sale(shift=till.shift, total=amount, tax_total=Decimal(0), **({"tenders": tenders} | values))


def test_the_payment_settles_the_order_and_counts_in_the_shift(till, order):
    draft = payment(till, order_id=order.pk)

    [first] = till.sync(draft)
    [again] = till.sync(draft)

    assert (first.errors, first.exceptions, first.order.pk) == ([], [], order.pk)
    assert (again.replayed, again.order.pk) == (True, order.pk)
    assert orders.amount_due(order) == 0
    paid = Payment.objects.get(reference=order.pk)
    assert (paid.method, paid.state, paid.amount) == ("CASH", "CAPTURED", DUE)
    assert "PAID_IN_STORE" in [event.code for event in order.events.all()]
    assert till.close("640.17").shift.difference == 0


def test_the_core_is_told_what_was_paid(till, order):
    till.sync(payment(till, order_id=order.pk))

    outbox.deliver_due()

    recorded = till.counter.core.orders[order.core_id]
    assert [paid.charged for paid in recorded.transactions] == [DUE]


def test_an_order_is_paid_by_its_carts_id_too(till, order):
    [outcome] = till.sync(payment(till, cart_id=order.cart_id))

    assert (outcome.errors, outcome.order.pk) == ([], order.pk)


def test_paying_in_parts_leaves_no_promise(till, order):
    tenders = (TenderDraft("CASH", Decimal("40.17")), TenderDraft("CARD", Decimal("500.00"), "slip 7"))

    [outcome] = till.sync(payment(till, order_id=order.pk, tenders=tenders))

    assert outcome.errors == []
    assert orders.amount_due(order) == 0
    states = Payment.objects.filter(reference=order.pk).values_list("method", "state")
    assert sorted(states) == [("CARD", "CAPTURED"), ("CASH", "CAPTURED"), ("PAY_IN_STORE", "VOIDED")]
    assert till.close("140.17").shift.difference == 0


@pytest.mark.parametrize("amount", ["540.16", "540.18", "1.00"])
def test_another_amount_than_is_due_is_refused(till, order, amount):
    [outcome] = till.sync(payment(till, Decimal(amount), order_id=order.pk))

    assert codes(outcome.errors) == [errors.AMOUNT_NOT_DUE]
    assert "540.17" in outcome.errors[0].message
    assert orders.amount_due(order) == DUE
    assert not Sale.objects.exists()


def test_what_is_paid_already_or_cancelled_is_not_paid_again(till, order):
    till.sync(payment(till, order_id=order.pk))
    [twice] = till.sync(payment(till, order_id=order.pk))
    [nothing] = till.sync(payment(till, Decimal(0), order_id=order.pk, tenders=()))
    other = till.counter.order(("CASE", 1))
    cancellation.cancel_order(caller=till.counter.staff(), order_id=other.pk)
    [gone] = till.sync(payment(till, Decimal("21.64"), order_id=other.pk))

    assert codes(twice.errors + nothing.errors + gone.errors) == [errors.AMOUNT_NOT_DUE] * 3
    assert Sale.objects.count() == 1


def test_an_order_collected_elsewhere_is_not_found(till, order):
    till.shift = till.open(register="R9").shift
    [elsewhere] = till.sync(payment(till, order_id=order.pk), register="R9")
    [unknown] = till.sync(payment(till, order_id="nothing"), register="R9")
    sold = till.sync(sale(line("PLAN"), shift=till.shift), register="R9")[0].order
    [no_pickup] = till.sync(payment(till, order_id=sold.pk), register="R9")

    for outcome in (elsewhere, unknown, no_pickup):
        assert codes(outcome.errors) == [errors.ORDER_NOT_FOUND]
        assert outcome.errors[0].field == "orderId"


def test_a_paid_order_is_handed_over(till, order):
    pickup, clerk = Pickup.objects.get(order=order), till.counter.staff()
    pickups.accept(caller=clerk, pickup_id=str(pickup.pk))
    pickups.scan(caller=clerk, pickup_id=str(pickup.pk), code=till.counter.serials[0])
    pickups.ready(caller=clerk, pickup_id=str(pickup.pk))
    code = pickups.selectors.code_of(pickup)
    step = {"caller": clerk, "pickup_id": str(pickup.pk), "code": code, "collected_by": "Ada"}
    assert refused(pickups.hand_over, **step).code == "PAYMENT_DUE"

    till.sync(payment(till, order_id=order.pk))

    assert pickups.hand_over(**step).state == "HANDED_OVER"


@pytest.fixture
def claimed(till):
    """A shopper's cart with a phone kept in this store, taken over at the register."""
    counter = till.counter
    cart = counter.held_cart(("PHONE", 1), caller=ADA)
    shared = sharing.share(caller=ADA, cart_id=cart.pk)
    return sharing.claim(
        caller=counter.staff(), code=shared.code, sales_channel="POS", store_id=counter.store.pk, place="here"
    )


def test_a_sale_settles_a_claimed_cart_and_takes_its_reservation(till, claimed):
    assert till.counter.available("PHONE") == 2
    serial = till.counter.serials[0]

    outcome = till.sell(line("PHONE", serials=[serial]), cart_id=claimed.pk)

    assert (outcome.errors, outcome.exceptions) == ([], [])
    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.cart_id, order.shopper_id, order.email) == (claimed.pk, ADA.id, "ada@example.com")
    assert Cart.objects.get(pk=claimed.pk).state == "COMPLETED"
    assert Reservation.objects.get().state == "ISSUED"
    assert CartDelivery.objects.get().state == "FREED"
    assert (till.counter.on_hand("PHONE"), till.counter.available("PHONE")) == (2, 2)


def test_a_cart_is_settled_once(till, claimed):
    till.sell(line("PHONE", serials=[till.counter.serials[0]]), cart_id=claimed.pk)

    outcome = till.sell(line("PHONE", serials=[till.counter.serials[1]]), cart_id=claimed.pk)

    assert codes(outcome.exceptions) == [errors.CART_NOT_SETTLED]
    assert outcome.order.cart_id is None
    assert Order.objects.filter(cart=claimed).count() == 1


def test_a_cart_that_was_not_claimed_here_stays_as_it_is(till):
    cart = till.counter.held_cart(("PHONE", 1))

    outcomes = [
        till.sell(line("CASE"), cart_id=cart.pk),
        till.sell(line("CASE"), cart_id="nothing"),
    ]

    assert [codes(outcome.exceptions) for outcome in outcomes] == [[errors.CART_NOT_SETTLED]] * 2
    assert all(outcome.order for outcome in outcomes)
    assert Cart.objects.get(pk=cart.pk).state == "OPEN"
    assert Reservation.objects.get().state == "HELD"


def test_stock_kept_in_another_store_is_released(till, claimed):
    Cart.objects.filter(pk=claimed.pk).update(store_id=till.counter.other.pk)
    till.shift = till.open(register="R9").shift

    [outcome] = till.sync(replace(till.draft(line("PLAN")), cart_id=claimed.pk), register="R9")

    assert outcome.exceptions == []
    assert Reservation.objects.get().state == "RELEASED"
    assert till.counter.available("PHONE") == 3
