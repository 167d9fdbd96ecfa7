"""A bundle that a shopper put together and a register sells: its price, days and parts are the quote's."""

import copy
from decimal import Decimal

import pytest

from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, sharing
from plugins.carts.bundle_quotes import Wish
from plugins.carts.models import CartLine
from plugins.catalogue.models import Channel
from tests.bundles.conftest import ADMIN, DOCUMENT
from tests.counter import ADA
from tests.pos.sales import codes, line

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed(till):
    """A shopper's cart with a phone and a plan in one bundle, taken over at the register."""
    channel = Channel.objects.get(slug="us")
    offers.save_draft(code="o", channel=channel, document=copy.deepcopy(DOCUMENT), test_cases=[], actor=ADMIN)
    offers.publish(code="o", actor=ADMIN)
    cart = till.counter.held_cart(("PHONE", 1), caller=ADA)
    wish = Wish("o", 24, [Selected("device", "PHONE"), Selected("plan", "PLAN")])
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
