"""What was chosen for a bundle, as its cart tells it: all while it can be changed, nothing after the order."""

from dataclasses import replace

import pytest

from kernel.identity import GUEST
from plugins.bundles.compiled import Selected
from plugins.carts import bundles
from plugins.carts.bundle_quotes import Wish
from plugins.carts.bundle_types import CartBundleType
from plugins.carts.models import Cart
from tests.bundles.conftest import document, offer  # noqa: F401  (fixtures)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]

TOLD = (("pin", "4711"), ("portIn", "+15125550142"))
WISH = Wish("phone-plan", 24, (Selected("device", "PHONE"), Selected("plan", "PLAN", characteristics=TOLD)))


def shown(cart):
    (bundle,) = cart.bundles.all()
    return [
        Selected(
            one.group,
            one.sku,
            one.instance,
            one.quantity,
            tuple((each.name, each.value) for each in one.characteristics),
        )
        for one in CartBundleType.of(bundle, "en").selections()
    ]


def test_a_bundle_can_be_chosen_again_as_it_is(offer):  # noqa: F811
    cart = bundles.add_bundle(caller=GUEST, cart_id=offer.cart().pk, wish=WISH)
    assert sorted(shown(cart), key=lambda one: one.group) == list(WISH.selections)

    (bundle,) = cart.bundles.all()
    again = replace(WISH, selections=tuple(shown(cart)))
    cart = bundles.update_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(bundle.pk), wish=again)
    assert sorted(shown(cart), key=lambda one: one.group) == list(WISH.selections)


def test_what_was_told_is_not_told_again_after_the_order(offer):  # noqa: F811
    cart = bundles.add_bundle(caller=GUEST, cart_id=offer.cart().pk, wish=WISH)
    Cart.objects.filter(pk=cart.pk).update(state=Cart.State.COMPLETED)
    assert shown(Cart.objects.get(pk=cart.pk)) == []
