"""A bundle that a shopper put together and a register sells: its price, days and parts are the quote's."""

import copy
from decimal import Decimal

import pytest

from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, sharing
from plugins.carts.bundle_quotes import Wish
from plugins.carts.models import CartLine, Order
from plugins.catalogue.models import Channel
from plugins.serviceability import loader
from plugins.serviceability.models import CapacityReservation
from tests.bundles.conftest import ADMIN, DOCUMENT
from tests.carts.lines_at_address import LATER, PROMISED, street
from tests.counter import ADA
from tests.pos.sales import codes, line

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
    assert (outcome.order.status, outcome.order.promise_date) == ("FULFILLED", PROMISED)
    port = CapacityReservation.objects.get()
    assert (port.state, port.owner) == ("CONFIRMED", f"order:{outcome.order.pk}")

    fibre.ports(1, moves_to=LATER)

    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.status, order.promise_date) == ("HELD", LATER)
    assert order.lines.get(sku="PLAN").available_from == LATER
    assert till.counter.core.metadata[order.core_id] == {"promiseDate": str(LATER), "held": "true"}


def test_a_sale_whose_port_is_gone_is_an_exception_and_has_no_day(till, at_home, fibre):
    fibre.order("H2")

    outcome = till.sell(*told(till, at_home), cart_id=at_home.pk)

    assert codes(outcome.exceptions) == ["DATE_CHANGED"]
    order = Order.objects.get(pk=outcome.order.pk)
    assert (order.promise_date, order.lines.get(sku="PLAN").available_from) == (None, None)
    assert at_home.bundles.get().promise_date is None
    assert list(CapacityReservation.objects.values_list("premises", "state")) == [("H2", "CONFIRMED")]


def test_a_service_that_is_not_sold_after_all_keeps_no_port(till, at_home):
    first = till.counter.serials[0]
    outcome = till.sell(line("PHONE", serials=[first]), cart_id=at_home.pk)
    assert (outcome.exceptions, outcome.order.promise_date) == ([], None)
    assert CapacityReservation.objects.count() == 0
