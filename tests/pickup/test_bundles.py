"""A phone by itself and the same phone in a bundle are picked and handed over as two lines, each with its unit."""

import copy

import pytest

from kernel.identity import GUEST
from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, completion
from plugins.carts.bundle_quotes import Wish
from plugins.carts.checks import PaymentChoice
from plugins.pickup import errors
from plugins.pickup.models import Pickup
from tests.bundles.conftest import DOCUMENT
from tests.carts.shop import refused
from tests.pickup.steps import accept, hand_over, ready, scan

pytestmark = pytest.mark.django_db


def test_each_line_has_a_unit_of_its_own(counter):
    offers.save_draft(code="o", channel=counter.channel, document=copy.deepcopy(DOCUMENT), test_cases=[], actor="test")
    offers.publish(code="o", actor="test")
    cart = counter.held_cart(("PHONE", 1))
    wish = Wish("o", 24, [Selected("device", "PHONE"), Selected("plan", "PLAN")])
    bundles.add_bundle(caller=GUEST, cart_id=cart.pk, wish=wish)
    card = PaymentChoice("CARD", token="tok_ok")
    order = completion.complete_cart(caller=GUEST, cart_id=cart.pk, choices=[card]).order
    pickup = Pickup.objects.select_related("order").get(order=order)
    first, second = counter.serials[:2]

    accept(counter, pickup)
    scan(counter, pickup, first)
    assert refused(scan, counter, pickup, first).code == errors.ALREADY_PICKED
    assert refused(ready, counter, pickup).code == errors.NOT_ALL_PICKED
    scan(counter, pickup, second)
    assert refused(scan, counter, pickup, counter.serials[2]).code == errors.ALREADY_PICKED
    ready(counter, pickup)
    hand_over(counter, pickup)

    phones = order.lines.filter(sku="PHONE")
    assert sorted(line.serials for line in phones) == sorted([[first], [second]])
    assert order.lines.get(sku="PLAN").serials == []
    assert counter.on_hand("PHONE") == 1
