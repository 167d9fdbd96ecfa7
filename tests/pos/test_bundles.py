"""A bundle that a shopper put together and a register sells: its price, days and parts are the quote's."""

import copy
from decimal import Decimal

import pytest

from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, held, sharing
from plugins.carts import services as carts
from plugins.carts.bundle_quotes import Wish
from plugins.carts.contact import ContactChange
from plugins.carts.models import CartLine, Order
from plugins.catalogue.models import Channel
from plugins.pos.checks import LineDraft
from plugins.serviceability import loader
from plugins.serviceability.models import CapacityReservation, DemandEntry
from tests.bundles.conftest import ADMIN, DOCUMENT
from tests.carts.lines_at_address import HOME, LATER, PROMISED, deliver, street
from tests.counter import ADA, refused
from tests.pos.sales import codes, line, sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(till):
    """A shopper's cart with a phone and a plan in one bundle, taken over at the register."""
    return claim(till, copy.deepcopy(DOCUMENT))


@pytest.fixture
def fibre(till):
    loader.forget()
    yield street(till.counter, ports=1)
    loader.forget()


@pytest.fixture
def at_home(till, fibre):
    """The same with a plan that needs fibre, at the first house of a street with one port."""
    document = copy.deepcopy(DOCUMENT)
    document["groups"][2]["options"][0]["address"] = {"category": "BROADBAND", "technologies": ["FTTH"]}
    return claim(till, document, fibre.qualify())


def claim(till, document, qualification_id=None):
    channel = Channel.objects.get(slug="us")
    offers.save_draft(code="o", channel=channel, document=document, test_cases=[], actor=ADMIN)
    offers.publish(code="o", actor=ADMIN)
    cart = till.counter.held_cart(("PHONE", 1), caller=ADA)
    wish = Wish("o", 24, [Selected("device", "PHONE"), Selected("plan", "PLAN")], qualification_id)
    bundles.add_bundle(caller=ADA, cart_id=cart.pk, wish=wish)
    shared = sharing.share(caller=ADA, cart_id=cart.pk)
    counter = till.counter
    return sharing.claim(
        caller=counter.staff(), code=shared.code, sales_channel="POS", store_id=counter.store.pk, place="here"
    )


def told(till, claimed, down="19.00"):
    bundle = str(claimed.bundles.get().pk)
    first, second = till.counter.serials[:2]
    return [
        line("PHONE", serials=[first]),
        line("PHONE", serials=[second], price=down, bundle_id=bundle),
        line("PLAN", price="0.00", bundle_id=bundle),
    ]


def test_the_sale_has_the_parts_prices_and_days_of_the_quote(till, claimed):
    quoted = {row.sku: row for row in CartLine.objects.exclude(bundle_id="")}

    outcome = till.sell(*told(till, claimed), cart_id=claimed.pk)

    assert (outcome.errors, outcome.exceptions) == ([], [])
    order = outcome.order
    assert (order.monthly, order.promise_date) == (Decimal("51.65"), quoted["PLAN"].available_from)
    parts = {row.sku: row for row in order.lines.exclude(bundle_id="")}
    for sku, row in parts.items():
        assert (row.bundle_id, row.bundle_group) == (quoted[sku].bundle_id, quoted[sku].bundle_group)
        assert (row.monthly, row.available_from) == (quoted[sku].monthly, quoted[sku].available_from)
        assert (row.total, row.tax) == (quoted[sku].total, quoted[sku].tax)


def test_another_price_than_the_quotes_is_an_exception(till, claimed):
    outcome = till.sell(*told(till, claimed, down="9.00"), cart_id=claimed.pk)

    assert codes(outcome.exceptions) == ["PRICE_DIFFERS"]


def test_a_sale_keeps_the_port_of_its_bundle_and_waits_when_it_is_lost(till, at_home, fibre):
    outcome = till.sell(*told(till, at_home), cart_id=at_home.pk)

    assert (outcome.errors, outcome.exceptions) == ([], [])
    assert (outcome.order.status, outcome.order.promise_date) == ("PARTIALLY_FULFILLED", PROMISED)
    port = CapacityReservation.objects.get()
    assert (port.state, port.owner) == ("CONFIRMED", f"order:{outcome.order.pk}")

    fibre.ports(1, moves_to=LATER)

    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.status, order.promise_date) == ("HELD", LATER)
    assert order.lines.get(sku="PLAN").available_from == LATER
    assert till.counter.core.metadata[order.core_id] == {"promiseDate": str(LATER), "held": "true"}


def test_it_is_fulfilled_once_its_service_works(till, at_home, fibre):
    order = till.sell(*told(till, at_home), cart_id=at_home.pk).order

    held.service_done(caller=till.counter.staff("manager"), order_id=order.pk)

    assert Order.objects.get(pk=order.pk).status == "FULFILLED"


def test_a_sale_whose_port_is_gone_is_an_exception_and_waits_in_turn(till, at_home, fibre):
    first = fibre.order("H2")

    outcome = till.sell(*told(till, at_home), cart_id=at_home.pk)

    assert codes(outcome.exceptions) == ["DATE_CHANGED"]
    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.status, order.hold.resumes_as) == ("HELD", "PARTIALLY_FULFILLED")
    assert (order.promise_date, order.lines.get(sku="PLAN").available_from) == (None, None)
    assert at_home.bundles.get().promise_date is None
    states = CapacityReservation.objects.order_by("premises").values_list("premises", "state")
    assert list(states) == [("H1", "LOST"), ("H2", "CONFIRMED")]
    [waiting] = DemandEntry.objects.all()
    assert (waiting.email, waiting.premises_id) == (order.email, "H1")

    # The next port is its own: it goes on, and nobody waits.
    fibre.ports(2)
    order.refresh_from_db()
    assert (order.status, order.promise_date) == ("PARTIALLY_FULFILLED", PROMISED)
    assert fibre.port_of(order).state == "CONFIRMED"
    assert DemandEntry.objects.count() == 0
    assert fibre.port_of(first).state == "CONFIRMED"


def test_a_line_that_is_free_later_gives_another_day(till, at_home, fibre):
    fibre.order("H2")
    fibre.ports(1, opens_on=LATER)

    order = till.sell(*told(till, at_home), cart_id=at_home.pk).order
    deliver()

    order.refresh_from_db()
    assert order.status == "HELD"
    assert order.promise_date is not None
    assert order.promise_date >= LATER
    assert fibre.port_of(order).opening.opens_on == LATER


def test_what_comes_back_needs_no_line_any_more(till, at_home, fibre):
    order = till.sell(*told(till, at_home), cart_id=at_home.pk).order
    plan = order.lines.get(sku="PLAN")
    back = LineDraft("PLAN", -1, plan.unit_price, Decimal(0), original_line_id=str(plan.pk))
    draft = sale(back, shift=till.shift, total=Decimal(0), tax_total=Decimal(0), tenders=())

    [outcome] = till.sync(draft)

    assert (outcome.errors, outcome.order.status) == ([], "PARTIALLY_RETURNED")
    assert fibre.port_of(order).state == "RELEASED"
    assert order.promises.get().state == "ENDED"


def test_fibre_without_an_address_is_an_exception_and_cannot_be_ordered(till, fibre):
    outcome = till.sell(line("FIBER", price="40.00"))
    [problem] = outcome.exceptions
    assert (problem.code, problem.field) == ("SERVICE_ADDRESS_REQUIRED", "lines.0")

    contact = ContactChange(first_name="Ada", last_name="L", email="ada@example.com", billing_address=HOME)
    cart = carts.create_cart(
        caller=ADA, channel=till.counter.channel, sales_channel="WEB", lines=[("FIBER", 1)], contact=contact
    )
    refusal = refused(fibre.complete, cart, ADA)
    assert (refusal.code, refusal.field) == ("SERVICE_ADDRESS_REQUIRED", "lines.0")
    cart.refresh_from_db()
    assert (cart.state, Order.objects.filter(cart=cart).exists()) == ("OPEN", False)


def test_a_service_that_is_not_sold_after_all_keeps_no_port(till, at_home):
    first = till.counter.serials[0]
    outcome = till.sell(line("PHONE", serials=[first]), cart_id=at_home.pk)
    assert (outcome.exceptions, outcome.order.promise_date) == ([], None)
    assert CapacityReservation.objects.count() == 0
