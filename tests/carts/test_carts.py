"""What may be in a cart, for whom, and how it is collected."""

import datetime as dt
from decimal import Decimal

import pytest

from inventory.models import Store
from kernel.errors import LIMIT_EXCEEDED, NOT_AVAILABLE, NOT_FOUND, PERMISSION_DENIED, REQUIRED, UNAUTHENTICATED
from plugins.carts import access, errors, selectors, services, slots
from plugins.carts.models import Cart, CartDelivery, CartLine
from plugins.carts.services import DeliveryChoice
from tests.carts.shop import ADA, BOB, CLERK, refused

pytestmark = pytest.mark.django_db


def add(shop, cart, *lines, caller=None):
    return services.add_lines(caller=caller or shop.caller, cart_id=cart.pk, lines=lines)


def update(shop, cart, *lines):
    return services.update_lines(caller=shop.caller, cart_id=cart.pk, lines=lines)


def deliver(shop, cart, **choice):
    wanted = DeliveryChoice(**{"pickup_store_id": shop.stores[0].pk, **choice})
    return services.update_delivery(caller=shop.caller, cart_id=cart.pk, choice=wanted)


def quantities(cart):
    return {line.sku: line.quantity for line in cart.lines.all()}


def test_tax_is_of_each_line_rounded_half_up(shop):
    cart = shop.cart(("CASE", 3), ("PHONE", 1), ("PLAN", 2))

    view = selectors.cart_view(cart)

    assert [line.tax for line in view.lines] == [Decimal("4.95"), Decimal("41.17"), Decimal("0.00")]
    assert view.totals.subtotal == Decimal("628.97")
    assert view.totals.total == Decimal("675.09")
    assert view.monthly == Decimal("70.00")


def test_prices_with_tax_are_what_is_paid(shop):
    shop.channel.prices_include_tax = True
    shop.channel.save()
    cart = shop.cart(("PHONE", 1))

    totals = selectors.cart_view(cart).totals

    assert (totals.subtotal, totals.tax, totals.total) == (Decimal("499.00"), Decimal("38.03"), Decimal("499.00"))


def test_the_same_article_is_one_line(shop):
    cart = shop.cart(("CASE", 1))

    add(shop, cart, ("CASE", 2), ("PLAN", 1), ("CASE", 3))

    assert quantities(cart) == {"CASE": 6, "PLAN": 1}


@pytest.mark.parametrize(
    ("lines", "code", "field"),
    [
        ([("NOPE", 1)], errors.UNKNOWN_SKU, "lines.0.sku"),
        ([("CASE", 1), ("NO\0PE", 1)], errors.UNKNOWN_SKU, "lines.1.sku"),
        ([("BUNDLED", 1)], errors.NOT_SOLD_ALONE, "lines.0.sku"),
        ([("CASE", 0)], errors.INVALID_QUANTITY, "lines.0.quantity"),
        ([("CASE", 1), ("CASE", -1)], errors.INVALID_QUANTITY, "lines.1.quantity"),
        ([("PHONE", 5)], errors.INSUFFICIENT_STOCK, "lines.0.quantity"),
        ([("CASE", 2147483648)], errors.INSUFFICIENT_STOCK, "lines.0.quantity"),
        ([("CASE", 11)], LIMIT_EXCEEDED, "lines.0.quantity"),
        ([("PLAN", 10), ("CASE", 8), ("PHONE", 2)], LIMIT_EXCEEDED, "lines"),
        ([], REQUIRED, "lines"),
    ],
)
def test_what_cannot_be_sold_is_refused_and_changes_nothing(shop, lines, code, field):
    cart = shop.cart(("CASE", 1))

    refusal = refused(add, shop, cart, *lines)

    assert (refusal.code, refusal.field) == (code, field)
    assert quantities(cart) == {"CASE": 1}


def test_all_stores_together_count_when_adding(shop):
    cart = shop.cart(("PHONE", 4))

    assert refused(add, shop, cart, ("PHONE", 1)).params["available"] == 4


def test_what_the_cart_holds_itself_counts_as_available(shop):
    cart = shop.ready_cart(("PHONE", 3))

    line = cart.lines.get()
    assert update(shop, cart, (str(line.pk), 2))
    assert shop.available("PHONE") == 1
    refusal = refused(update, shop, cart, (str(line.pk), 4))
    assert (refusal.code, refusal.field) == (errors.INSUFFICIENT_STOCK, "lines.0.quantity")
    assert (shop.available("PHONE"), quantities(cart)) == (1, {"PHONE": 2})


def test_quantity_zero_removes_the_line_and_frees_what_it_held(shop):
    cart = shop.ready_cart(("PHONE", 2))

    update(shop, cart, (str(cart.lines.get().pk), 0))

    assert quantities(cart) == {}
    assert shop.available("PHONE") == 3
    assert CartDelivery.objects.count() == 0


def test_lines_of_another_cart_are_not_found(shop):
    mine, other = shop.cart(("CASE", 1)), shop.cart(("CASE", 1))

    refusal = refused(update, shop, mine, (str(other.lines.get().pk), 5))

    assert (refusal.code, refusal.field) == (NOT_FOUND, "lines.0.lineId")
    assert refused(update, shop, mine, ("nonsense", -1)).code == NOT_FOUND
    assert refused(update, shop, mine, (str(mine.lines.get().pk), -1)).code == errors.INVALID_QUANTITY


def test_goods_added_later_join_the_pickup_when_the_store_has_them(shop):
    cart = shop.ready_cart(("PHONE", 1))

    add(shop, cart, ("CASE", 2))

    assert CartLine.objects.filter(cart=cart, delivery=None).count() == 0
    assert shop.available("CASE") == 48


def test_goods_that_the_store_lacks_wait_for_another_choice(shop):
    cart = shop.cart(("PHONE", 1))
    shop.collect(cart, store=1)

    add(shop, cart, ("CASE", 1))

    assert CartLine.objects.get(cart=cart, sku="CASE").delivery is None
    assert shop.available("PHONE", 1) == 0


def test_a_pickup_keeps_stock_and_slot_for_fifteen_minutes(shop):
    cart = shop.ready_cart(("PHONE", 1))

    view = selectors.cart_view(cart)
    assert view.reserved_until == shop.at.now() + dt.timedelta(minutes=15)
    assert (shop.available("PHONE"), shop.slots()[0].remaining) == (2, 1)

    shop.at.advance(minutes=15)
    assert selectors.cart_view(cart).reserved_until is None
    other = shop.cart(("PHONE", 3))
    shop.collect(other)
    assert shop.available("PHONE") == 0


def test_choosing_another_store_moves_the_hold(shop):
    cart = shop.ready_cart(("PHONE", 1))

    shop.collect(cart, store=1)

    assert (shop.available("PHONE", 0), shop.available("PHONE", 1)) == (3, 0)
    assert CartDelivery.objects.count() == 1


def test_a_guest_keeps_stock_for_half_an_hour_in_all(shop):
    cart = shop.cart(("PHONE", 1))
    kept = []
    for _again in range(4):
        shop.collect(cart, slot=3)
        kept.append(selectors.cart_view(cart).reserved_until)
        shop.at.advance(minutes=10)

    start = shop.at.now() - dt.timedelta(minutes=40)
    assert kept == [start + dt.timedelta(minutes=m) if m else None for m in (15, 25, 30, 0)]


def test_without_a_slot_the_first_free_one_is_taken(shop):
    for _cart in range(2):
        deliver(shop, shop.cart(("CASE", 1)))
    third = shop.cart(("CASE", 1))
    deliver(shop, third)

    starts = [delivery.slot_start.hour for delivery in CartDelivery.objects.order_by("slot_start")]
    assert starts == [17, 17, 18]


def test_a_full_slot_is_refused(shop):
    for _cart in range(2):
        shop.ready_cart(("CASE", 1))
    late = shop.cart(("CASE", 1))

    assert refused(shop.collect, late).code == errors.SLOT_FULL
    assert late.deliveries.count() == 0


def slot(store, day, hour, minute=0):
    return slots.slot_id(store.pk, dt.datetime(2026, 3, day, hour, minute, tzinfo=dt.UTC))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "code"),
    [
        (2, 16, 0, errors.SLOT_NOT_AVAILABLE),
        (1, 17, 0, errors.SLOT_NOT_AVAILABLE),
        (2, 17, 30, errors.SLOT_NOT_AVAILABLE),
        (3, 3, 0, errors.STORE_CLOSED),
        (8, 17, 0, errors.STORE_CLOSED),
    ],
    ids=["too soon", "past", "between", "at night", "sunday"],
)
def test_times_that_are_not_offered_are_refused(shop, day, hour, minute, code):
    cart = shop.cart(("CASE", 1))

    refusal = refused(deliver, shop, cart, pickup_slot_id=slot(shop.stores[0], day, hour, minute))

    assert (refusal.code, refusal.field) == (code, "delivery.pickupSlotId")
    assert shop.available("CASE") == 50


def test_a_slot_of_another_store_is_refused(shop):
    cart = shop.cart(("CASE", 1))

    assert refused(deliver, shop, cart, pickup_slot_id=slot(shop.stores[1], 2, 17)).code == errors.SLOT_NOT_AVAILABLE
    assert refused(deliver, shop, cart, pickup_slot_id="nonsense").code == errors.SLOT_NOT_AVAILABLE


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_active": False}, errors.STORE_NOT_FOUND),
        ({"pickup_enabled": False}, errors.PICKUP_NOT_OFFERED),
        ({"core_warehouse_id": None}, errors.PICKUP_NOT_OFFERED),
        ({"hours": []}, errors.STORE_CLOSED),
    ],
)
def test_a_store_that_hands_nothing_over_is_refused(shop, change, code):
    cart = shop.cart(("CASE", 1))
    Store.objects.filter(pk=shop.stores[0].pk).update(**change)

    assert refused(deliver, shop, cart).code == code


def test_a_store_without_the_goods_is_refused_with_the_line(shop):
    cart = shop.cart(("PLAN", 1), ("CASE", 1), ("PHONE", 1))

    refusal = refused(shop.collect, cart, store=1)

    assert (refusal.code, refusal.field) == (errors.INSUFFICIENT_STOCK, "lines.1.quantity")
    assert CartDelivery.objects.count() == 0


def test_there_must_be_something_to_collect(shop):
    assert refused(deliver, shop, shop.cart()).code == errors.CART_EMPTY
    assert refused(deliver, shop, shop.cart(("PLAN", 1))).code == "INVALID"
    assert refused(deliver, shop, shop.cart(("CASE", 1)), line_ids=["x"]).field == "delivery.lineIds.0"
    assert refused(deliver, shop, shop.cart(("CASE", 1)), pickup_store_id=None).code == REQUIRED


def test_one_store_for_all_articles_in_this_version(shop):
    cart = shop.ready_cart(("PHONE", 1), ("CASE", 1))
    phone = cart.lines.get(sku="PHONE")

    assert refused(shop.collect, cart, store=1, line_ids=[str(phone.pk)]).code == NOT_AVAILABLE


def test_pickup_options_name_stores_that_have_everything_first(shop):
    cart = shop.cart(("PHONE", 1), ("PLAN", 1))

    both = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5)
    assert [(option.near.store.code, option.complete) for option in both] == [("store-1", True), ("store-2", True)]
    assert both[0].ready_by == shop.at.now() + dt.timedelta(hours=1)
    assert [option.remaining for option in both[0].slots[:2]] == [2, 2]

    add(shop, cart, ("CASE", 1))
    some = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5)
    assert [(option.near.store.code, option.complete) for option in some] == [("store-1", True), ("store-2", False)]
    case = cart.lines.get(sku="CASE")
    one = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=[str(case.pk)], near=None, first=5)
    assert [option.near.store.code for option in one] == ["store-1"]


def test_the_carts_own_hold_does_not_hide_its_store(shop):
    cart = shop.ready_cart(("PHONE", 3))

    (option, *_others) = selectors.pickup_options(caller=shop.caller, cart_id=cart.pk, line_ids=(), near=None, first=5)

    assert (option.near.store.code, option.complete, option.slots[0].remaining) == ("store-1", True, 2)


def test_a_shoppers_cart_is_the_shoppers_and_staffs(shop):
    cart = shop.cart(("CASE", 1), caller=ADA)

    assert access.visible_cart(ADA, cart.pk) == access.visible_cart(CLERK, cart.pk) == cart
    assert access.visible_cart(BOB, cart.pk) is access.visible_cart(shop.caller, cart.pk) is None
    refusal = refused(add, shop, cart, ("CASE", 1), caller=BOB)
    assert (refusal.code, refusal.field) == (NOT_FOUND, "cartId")
    assert quantities(cart) == {"CASE": 1}


def test_a_guests_cart_becomes_the_shoppers_who_uses_it(shop):
    cart = shop.cart(("CASE", 1))

    add(shop, cart, ("CASE", 1), caller=ADA)

    assert Cart.objects.get(pk=cart.pk).shopper_id == ADA.id
    assert access.visible_cart(shop.caller, cart.pk) is None
    assert [found.pk for found in selectors.carts_of(ADA.id)] == [cart.pk]


@pytest.mark.parametrize(("caller", "code"), [(None, UNAUTHENTICATED), (ADA, PERMISSION_DENIED)])
def test_only_staff_sells_in_the_store(shop, caller, code):
    refusal = refused(services.create_cart, caller=caller or shop.caller, channel=shop.channel, sales_channel="POS")

    assert refusal.code == code
    assert Cart.objects.count() == 0
    assert services.create_cart(caller=CLERK, channel=shop.channel, sales_channel="POS")


def test_promotion_codes_come_later(shop):
    cart = shop.cart(("CASE", 1))

    refusal = refused(services.add_promo_code, caller=shop.caller, cart_id=cart.pk, code="X")

    assert (refusal.code, refusal.field) == (NOT_AVAILABLE, "code")


def test_ids_cannot_be_guessed(shop):
    assert len(shop.cart().pk) >= 22
    assert access.visible_cart(shop.caller, "x\0") is None
