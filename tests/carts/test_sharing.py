"""Taking a cart to another channel."""

import pytest

from kernel.errors import NOT_FOUND, PERMISSION_DENIED, TOO_MANY_ATTEMPTS, UNAUTHENTICATED
from kernel.models import AuditEntry
from plugins.carts import access, errors, sharing
from plugins.carts.models import Cart, ShareCode
from tests.carts.shop import ADA, BOB, CLERK, refused

pytestmark = pytest.mark.django_db


def claim(shop, code, *, caller=None, channel="WEB", place="10.0.0.1", store_id=None):
    return sharing.claim(caller=caller or shop.caller, code=code, sales_channel=channel, store_id=store_id, place=place)


def test_a_code_works_once_in_another_channel(shop):
    cart = shop.cart(("CASE", 1), caller=ADA)
    shared = sharing.share(caller=ADA, cart_id=cart.pk)
    assert 6 <= len(shared.code) <= 8
    assert shared.code not in str(list(ShareCode.objects.values()))

    claimed = claim(shop, f" {shared.code[:4].lower()}-{shared.code[4:]} ", caller=CLERK, channel="POS")

    assert (claimed.pk, claimed.sales_channel, claimed.store_id) == (cart.pk, "POS", "store")
    assert claimed.shopper_id == ADA.id
    assert AuditEntry.objects.filter(action="cart.claimed").count() == 1
    assert refused(claim, shop, shared.code, caller=CLERK, channel="POS").code == errors.SHARE_CODE_INVALID


def test_a_code_expires(shop):
    shared = sharing.share(caller=shop.caller, cart_id=shop.cart().pk)

    shop.at.advance(minutes=15)

    assert refused(claim, shop, shared.code).code == errors.SHARE_CODE_INVALID


def test_a_new_code_ends_the_one_before(shop):
    cart = shop.cart()
    first, second = (sharing.share(caller=shop.caller, cart_id=cart.pk) for _n in range(2))

    assert refused(claim, shop, first.code).code == errors.SHARE_CODE_INVALID
    assert claim(shop, second.code).pk == cart.pk


def test_guesses_are_limited_by_place(shop):
    shared = sharing.share(caller=shop.caller, cart_id=shop.cart().pk)
    for number in range(sharing.WRONG_CODES):
        assert refused(claim, shop, f"WRONG{number:03}").code == errors.SHARE_CODE_INVALID

    assert refused(claim, shop, shared.code).code == TOO_MANY_ATTEMPTS
    assert ShareCode.objects.get().used_at is None
    assert claim(shop, shared.code, place="10.0.0.2")


def test_right_codes_do_not_count(shop):
    for _number in range(sharing.WRONG_CODES + 2):
        cart = shop.cart()
        assert claim(shop, sharing.share(caller=shop.caller, cart_id=cart.pk).code).pk == cart.pk


def test_the_store_is_for_staff(shop):
    shared = sharing.share(caller=shop.caller, cart_id=shop.cart().pk)

    assert refused(claim, shop, shared.code, channel="POS").code == UNAUTHENTICATED
    assert refused(claim, shop, shared.code, caller=ADA, channel="POS").code == PERMISSION_DENIED
    assert ShareCode.objects.get().used_at is None


def test_a_shopper_takes_the_cart_into_the_account(shop):
    shared = sharing.share(caller=shop.caller, cart_id=shop.cart().pk)

    claimed = claim(shop, shared.code, caller=BOB, channel="MOBILE")

    assert access.visible_cart(BOB, claimed.pk)
    assert access.visible_cart(shop.caller, claimed.pk) is None


def test_only_who_may_see_a_cart_can_share_it(shop):
    cart = shop.cart(caller=ADA)

    assert refused(sharing.share, caller=BOB, cart_id=cart.pk).code == NOT_FOUND
    assert ShareCode.objects.count() == 0


def test_a_cart_that_is_an_order_cannot_be_shared_or_taken(shop):
    cart = shop.ready_cart()
    shared = sharing.share(caller=shop.caller, cart_id=cart.pk)
    shop.complete(cart)

    assert refused(sharing.share, caller=shop.caller, cart_id=cart.pk).code == errors.CART_COMPLETED
    assert refused(claim, shop, shared.code).code == errors.CART_COMPLETED
    assert Cart.objects.get(pk=cart.pk).sales_channel == "WEB"
