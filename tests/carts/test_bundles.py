"""Bundles in carts: added, changed, removed; what is refused changes nothing."""

import copy
import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from inventory.models import ReservationLine
from kernel.errors import Errors
from kernel.identity import GUEST
from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundle_quotes, bundles, selectors, services, sharing
from plugins.carts.bundle_quotes import Wish
from plugins.carts.models import Cart, CartBundle, CartLine, Order
from plugins.catalogue.models import Channel
from tests.bundles.conftest import ADMIN, DOCUMENT, document, offer  # noqa: F401  (fixtures)
from tests.carts.shop import ADA, BOB, CLERK, refused

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.payments.urls")]

PHONE, PLAN, CASE = Selected("device", "PHONE"), Selected("plan", "PLAN"), Selected("extra", "CASE")
BOTH = Wish("phone-plan", 24, (PHONE, PLAN))
ALL = Wish("phone-plan", 24, (PHONE, PLAN, CASE))


def add(cart, wish=BOTH, caller=GUEST):
    return bundles.add_bundle(caller=caller, cart_id=cart.pk, wish=wish)


def lines_of(cart):
    return list(CartLine.objects.filter(cart=cart))


def state_of(cart):
    """All that is in a cart, to see that nothing has changed."""
    rows = CartLine.objects.filter(cart=cart).values_list("pk", "sku", "quantity", "unit_price", "tax", "bundle_id")
    kept = CartBundle.objects.filter(cart=cart).values_list("pk", "version", "due_today", "expires_at")
    return sorted(map(str, rows)), sorted(map(str, kept))


def republish(offer, change, code="phone-plan"):  # noqa: F811
    """Sell the offer in another version."""
    changed = copy.deepcopy(DOCUMENT)
    change(changed)
    offers.save_draft(code=code, channel=offer.channel, document=changed, test_cases=[], actor=ADMIN)
    return offers.publish(code=code, actor=ADMIN)


def less_down(changed):
    changed["groups"][1]["options"][0]["prices"]["instalments"][0]["downPayment"] = "9.00"


def test_a_bundle_is_linked_lines_at_its_price(offer):  # noqa: F811
    cart = add(offer.cart(("CASE", 1)))
    (bundle,) = cart.bundles.all()
    case, phone, plan = lines_of(cart)
    assert (case.bundle_id, phone.bundle_id, plan.bundle_id) == ("", str(bundle.pk), str(bundle.pk))
    assert (phone.unit_price, phone.tax, phone.monthly) == (Decimal("19.00"), Decimal("1.57"), Decimal("16.65"))
    assert (plan.unit_price, plan.monthly) == (Decimal("0.00"), Decimal("35.00"))
    assert (bundle.due_today, bundle.monthly_price) == (Decimal("20.57"), Decimal("51.65"))
    assert (bundle.version.number, bundle.term) == (1, 24)
    assert bundle.expires_at - bundle.quoted_at == dt.timedelta(hours=24)
    view = selectors.cart_view(cart)
    assert view.totals.total == Decimal("20.57") + Decimal("21.64")
    assert view.monthly == Decimal("51.65")


def test_the_same_bundle_twice_is_two_bundles(offer):  # noqa: F811
    cart = add(add(offer.cart(caller=ADA), caller=ADA), caller=ADA)
    assert cart.bundles.count() == 2
    assert [line.sku for line in lines_of(cart)] == ["PHONE", "PLAN"] * 2
    assert len({line.bundle_id for line in lines_of(cart)}) == 2


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        (Wish("none", 24, (PHONE, PLAN)), "OFFER_NOT_FOUND", "configuration.offerCode"),
        (Wish("x\0", 24, (PHONE, PLAN)), "OFFER_NOT_FOUND", "configuration.offerCode"),
        (Wish("phone-plan", 12, (PHONE, PLAN)), "INVALID_CONFIGURATION", "configuration.term"),
        (Wish("phone-plan", -1, (PHONE, PLAN)), "INVALID_CONFIGURATION", "configuration.term"),
        (Wish("phone-plan", 24, (Selected("device", "PHONE", quantity=-1), PLAN)), "INVALID_QUANTITY",
         "configuration.selections.0.quantity"),
        (Wish("phone-plan", 24, (PHONE, Selected("plan", "PLAN", characteristics=(("creditClass", "A"),)))),
         "INVALID_CONFIGURATION", "configuration.selections.1"),
        (Wish("phone-plan", 24, (PHONE, PLAN) * 200), "LIMIT_EXCEEDED", "configuration.selections"),
        (Wish("phone-plan", 24, (PHONE, PLAN), "forged"), "NOT_FOUND", "configuration.qualificationId"),
        (Wish("phone-plan", 24, (PHONE, PLAN), "x\0"), "NOT_FOUND", "configuration.qualificationId"),
    ],
)  # fmt: skip
def test_what_cannot_be_sold_is_refused_and_changes_nothing(offer, wish, code, field):  # noqa: F811
    cart = offer.cart(("CASE", 1))
    before = state_of(cart)
    refusal = refused(add, cart, wish)
    assert (refusal.code, refusal.field) == (code, field)
    assert state_of(cart) == before


def test_every_broken_rule_is_told_with_what_mends_it(offer):  # noqa: F811
    cart = offer.cart()
    with pytest.raises(Errors) as caught:
        add(cart, Wish("phone-plan", 24, (PHONE,)))
    whole, plan = caught.value.errors
    assert {whole.code, plan.code} == {"INVALID_CONFIGURATION"}
    assert plan.message == "“Plan” needs at least 1. Add 1 × Plan to “Plan”."
    assert (plan.params["violation"], plan.params["group"]) == ("GROUP_TOO_FEW", "plan")
    assert state_of(cart) == ([], [])


def test_an_offer_that_has_ended_or_is_withdrawn_is_not_sold(offer, at):  # noqa: F811
    def ended(changed):
        changed["groups"][2]["options"][0]["eligibility"] = {"validTo": "2026-03-02"}
        changed["groups"][2]["options"] += [{"sku": "CASE"}]

    republish(offer, ended)
    at.advance(days=1)
    cart = offer.cart()
    refusal = refused(add, cart)
    assert (refusal.code, refusal.field) == ("INVALID_CONFIGURATION", "configuration.selections.1")
    assert refusal.message.startswith("Plan: It is no longer sold.")
    offers.withdraw(code="phone-plan", actor=ADMIN)
    assert refused(add, cart).code == "OFFER_NOT_FOUND"
    assert state_of(cart) == ([], [])


def test_an_offer_of_another_currency_is_another_channels(offer, db):  # noqa: F811
    offer.channel = Channel.objects.create(slug="cn", name="CN", currency="CNY", country="CN")
    cart = offer.cart()
    assert refused(add, cart).code == "OFFER_NOT_FOUND"
    assert state_of(cart) == ([], [])


def test_more_phones_than_all_stores_have(offer):  # noqa: F811
    cart = offer.cart(("PHONE", 4), caller=ADA)
    before = state_of(cart)
    refusal = refused(add, cart, caller=ADA)
    assert (refusal.code, refusal.field) == ("INSUFFICIENT_STOCK", "configuration.selections.0.quantity")
    assert state_of(cart) == before
    other = add(offer.cart(caller=ADA), caller=ADA)
    refusal = refused(services.add_lines, caller=ADA, cart_id=other.pk, lines=[("PHONE", 4)])
    assert (refusal.code, refusal.params["available"]) == ("INSUFFICIENT_STOCK", 3)


def test_goods_in_bundles_count_for_what_a_guest_may_take(offer, monkeypatch):  # noqa: F811
    monkeypatch.setattr("plugins.carts.lines.GUEST_UNITS_PER_CART", 2)
    cart = add(offer.cart(("CASE", 1)))
    before = state_of(cart)
    assert refused(add, cart).code == "LIMIT_EXCEEDED"
    assert refused(services.add_lines, caller=GUEST, cart_id=cart.pk, lines=[("CASE", 1)]).code == "LIMIT_EXCEEDED"
    assert state_of(cart) == before


def test_another_choice_keeps_the_lines_that_stay(offer):  # noqa: F811
    cart = add(offer.cart())
    (bundle,) = cart.bundles.all()
    before = {line.sku: line.pk for line in lines_of(cart)}
    bundles.update_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(bundle.pk), wish=ALL)
    after = {line.sku: line.pk for line in lines_of(cart)}
    assert after.keys() == {"PHONE", "PLAN", "CASE"}
    assert before.items() <= after.items()
    bundles.update_bundle(
        caller=GUEST, cart_id=cart.pk, bundle_id=str(bundle.pk), wish=Wish("phone-plan", 0, (PHONE, PLAN))
    )
    assert {line.sku: line.unit_price for line in lines_of(cart)} == {"PHONE": Decimal("499.00"), "PLAN": 0}
    bundles.remove_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(bundle.pk))
    assert state_of(cart) == ([], [])


@pytest.mark.parametrize("wrong", ["nothing", "00000000-0000-4000-8000-000000000000", "x\0"])
def test_a_bundle_of_another_cart_is_none(offer, wrong):  # noqa: F811
    cart, other = add(offer.cart()), add(offer.cart())
    before = state_of(cart)
    for bundle_id in (wrong, str(other.bundles.get().pk)):
        for call, more in ((bundles.update_bundle, {"wish": ALL}), (bundles.remove_bundle, {})):
            refusal = refused(call, caller=GUEST, cart_id=cart.pk, bundle_id=bundle_id, **more)
            assert (refusal.code, refusal.field) == ("NOT_FOUND", "bundleId")
    assert state_of(cart) == before


def test_another_shoppers_cart_does_not_exist(offer):  # noqa: F811
    cart = add(offer.cart(caller=ADA), caller=ADA)
    bundle_id, before = str(cart.bundles.get().pk), state_of(cart)
    for caller in (GUEST, BOB):
        for call, more in (
            (bundles.add_bundle, {"wish": BOTH}),
            (bundles.update_bundle, {"wish": ALL, "bundle_id": bundle_id}),
            (bundles.remove_bundle, {"bundle_id": bundle_id}),
        ):
            refusal = refused(call, caller=caller, cart_id=cart.pk, **more)
            assert (refusal.code, refusal.field) == ("NOT_FOUND", "cartId")
    assert state_of(cart) == before
    assert add(cart, caller=CLERK).bundles.count() == 2


def test_who_buys_is_known_by_the_server_alone(offer):  # noqa: F811
    def good_credit(changed):
        changed["eligibility"] = {"creditClasses": ["A"]}

    republish(offer, good_credit)
    guests, adas = offer.cart(), offer.cart(caller=ADA)
    assert refused(add, guests).code == "OFFER_NOT_FOUND"
    offers.know_buyer(shopper_id=ADA.id, actor=ADMIN, credit_class="A")
    assert add(adas, caller=CLERK).bundles.get().basis["creditClass"] == "A"
    assert refused(add, guests).code == "OFFER_NOT_FOUND"


# --- one part


def part(cart, sku):
    return next(str(line.pk) for line in lines_of(cart) if line.sku == sku and line.bundle_id)


def test_taking_a_part_out_prices_the_rest_anew(offer):  # noqa: F811
    def cheaper_with_case(changed):
        changed["prices"] = {
            "discounts": [{"code": "three", "on": "today", "amount": "5.00", "minimumUnits": 3}]
        }  # fmt: skip

    republish(offer, cheaper_with_case)
    cart = add(offer.cart(), ALL)
    with_case = cart.bundles.get().due_today
    services.update_lines(caller=GUEST, cart_id=cart.pk, lines=[(part(cart, "CASE"), 0)])
    bundle = cart.bundles.get()
    assert {line.sku for line in lines_of(cart)} == {"PHONE", "PLAN"}
    assert (bundle.due_today, with_case) == (Decimal("20.57"), Decimal("42.00"))
    assert selectors.cart_view(cart).totals.total == bundle.due_today


def test_a_part_that_the_offer_needs_cannot_go_alone(offer):  # noqa: F811
    cart = add(offer.cart(), ALL)
    before = state_of(cart)
    refusal = refused(services.update_lines, caller=GUEST, cart_id=cart.pk, lines=[(part(cart, "PLAN"), 0)])
    assert (refusal.code, refusal.field) == ("INVALID_CONFIGURATION", "lines.0.quantity")
    assert refusal.message.startswith("“Phone and plan” cannot be changed like this: ")
    refusal = refused(services.update_lines, caller=GUEST, cart_id=cart.pk, lines=[(part(cart, "CASE"), -1)])
    assert (refusal.code, refusal.field) == ("INVALID_QUANTITY", "lines.0.quantity")
    assert state_of(cart) == before


def test_all_parts_together_take_the_bundle_out(offer):  # noqa: F811
    cart = add(offer.cart(("CASE", 1)))
    parts = [(str(line.pk), 0) for line in lines_of(cart) if line.bundle_id]
    services.update_lines(caller=GUEST, cart_id=cart.pk, lines=parts)
    assert [line.sku for line in lines_of(cart)] == ["CASE"]
    assert cart.bundles.count() == 0


# --- the quote


def test_an_open_quote_keeps_its_version_and_a_change_does_not_prolong_it(offer, at):  # noqa: F811
    cart = add(offer.cart())
    first = cart.bundles.get()
    republish(offer, less_down)
    at.advance(hours=1)
    bundles.update_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(first.pk), wish=ALL)
    kept = cart.bundles.get()
    assert (kept.version.number, kept.expires_at) == (1, first.expires_at)
    assert kept.due_today == Decimal("42.21")
    at.advance(hours=24)
    found = bundle_quotes.difference(bundle_quotes.bundles_of(cart)[0])
    assert (found.due_today, found.refusal) == (Decimal("31.38"), "")
    bundles.update_bundle(caller=GUEST, cart_id=cart.pk, bundle_id=str(first.pk), wish=ALL)
    assert (cart.bundles.get().version.number, cart.bundles.get().due_today) == (2, Decimal("31.38"))


def test_an_order_keeps_the_quoted_price_while_it_holds(offer, at):  # noqa: F811
    cart = add(offer.ready_cart(("CASE", 1)))
    republish(offer, less_down)
    at.advance(hours=1)
    offer.collect(cart)
    order = offer.complete(cart).order
    (placed,) = offer.core.orders.values()
    assert order.total == placed.total.gross == Decimal("42.21")
    assert order.monthly == Decimal("51.65")
    phone = next(line for line in placed.lines if line.sku == "PHONE")
    assert phone.metadata["suite.bundle"] == str(cart.bundles.get().pk)
    assert phone.metadata["suite.offer"] == "phone-plan:1"
    assert {line.bundle_id for line in order.lines.exclude(sku="CASE")} == {str(cart.bundles.get().pk)}
    assert cart.bundles.get().version.number == 1


def test_a_quote_that_ran_out_is_told_and_accepted_before_anything_is_charged(offer, at):  # noqa: F811
    cart = add(offer.cart())
    offer.collect(cart)
    republish(offer, less_down)
    at.advance(hours=25)
    offer.collect(cart)
    refusal = refused(offer.complete, cart)
    assert (refusal.code, refusal.field) == ("PRICE_CHANGED", "cartId")
    assert "9.74 USD today" in refusal.message
    assert "instead of 20.57 USD" in refusal.message
    assert (Order.objects.count(), offer.core.calls["create_checkout"]) == (0, 0)
    cart.refresh_from_db()
    assert (cart.state, selectors.cart_view(cart).totals.total) == ("OPEN", Decimal("9.74"))
    order = offer.complete(cart).order
    assert order.total == Decimal("9.74")


def test_a_quote_that_ran_out_and_is_the_same_is_renewed_in_silence(offer, at):  # noqa: F811
    cart = add(offer.cart())
    at.advance(hours=25)
    offer.collect(cart)
    first = cart.bundles.get()
    assert offer.complete(cart).order.total == first.due_today
    assert cart.bundles.get().expires_at > first.expires_at


def test_an_offer_that_is_sold_no_more_leaves_the_cart_to_the_shopper(offer, at):  # noqa: F811
    cart = add(offer.cart())
    offers.withdraw(code="phone-plan", actor=ADMIN)
    at.advance(hours=25)
    offer.collect(cart)
    before = state_of(cart)
    refusal = refused(offer.complete, cart)
    assert (refusal.code, refusal.field) == ("NOT_AVAILABLE", "cartId")
    assert refusal.message == "“Phone and plan” is no longer sold. Remove it from the cart."
    assert state_of(cart) == before
    assert Order.objects.count() == 0


def test_another_credit_class_is_another_price(offer, at):  # noqa: F811
    def deposit(changed):
        changed["groups"][2]["options"][0]["prices"] = {
            "charges": [
                {"type": "RECURRING", "code": "plan", "price": "35.00"},
                {"type": "DEPOSIT", "code": "d", "amount": "50.00", "when": {"creditClasses": ["C"]}},
            ]
        }
        changed["carriers"] = {"DEPOSIT": "PLAN"}

    republish(offer, deposit)
    cart = add(offer.cart(caller=ADA), caller=ADA)
    offer.collect(cart, caller=ADA)
    offers.know_buyer(shopper_id=ADA.id, actor=ADMIN, credit_class="C")
    refusal = refused(offer.complete, cart, caller=ADA)
    assert refusal.code == "PRICE_CHANGED"
    assert offer.complete(cart, caller=ADA).order.total == Decimal("70.57")


def test_a_core_that_asks_another_price_for_a_bundle_is_refused(offer, monkeypatch):  # noqa: F811
    cart = add(offer.cart())
    offer.collect(cart)
    core, plain = offer.core, offer.core._line

    def promoted(line):
        return plain(replace(line, price=line.price / 2))

    monkeypatch.setattr(core, "_line", promoted)
    before = state_of(cart)
    refusal = refused(offer.complete, cart)
    assert refusal.code == "ORDER_REFUSED"
    assert "PHONE in a bundle: 9.5" in refusal.params["reason"]
    assert state_of(cart) == before
    assert Order.objects.count() == 0


def test_device_parts_are_kept_as_every_other_line(offer):  # noqa: F811
    cart = offer.ready_cart(("PHONE", 1))
    add(cart)
    held = ReservationLine.objects.get(item_id="PHONE", reservation__state="HELD")
    assert held.quantity == 2
    assert all(line.delivery_id for line in lines_of(cart) if line.stocked)
    order = offer.complete(cart).order
    assert offer.available("PHONE") == 1
    assert [line.quantity for line in order.lines.filter(sku="PHONE")] == [1, 1]
    phone = order.lines.exclude(bundle_id="").get(sku="PHONE")
    assert phone.available_from == order.promise_date == phone.delivery.slot_start.date()


def test_a_cart_taken_over_elsewhere_keeps_its_bundle(offer):  # noqa: F811
    cart = add(offer.cart())
    code = sharing.share(caller=GUEST, cart_id=cart.pk).code
    taken = sharing.claim(caller=CLERK, code=code, sales_channel="POS", store_id=offer.stores[0].pk, place="1.2.3.4")
    assert taken.bundles.get().due_today == Decimal("20.57")


def test_a_cart_with_bundles_is_read_in_few_queries(offer, django_assert_num_queries):  # noqa: F811
    cart = add(add(offer.cart(caller=ADA), ALL, caller=ADA), caller=ADA)
    cart = Cart.objects.select_related("channel").get(pk=cart.pk)
    with django_assert_num_queries(2):
        selectors.cart_view(cart)
    with django_assert_num_queries(1):
        bundle_quotes.bundles_of(cart)


def test_a_busy_or_ordered_cart_takes_no_bundle(offer):  # noqa: F811
    cart = add(offer.cart())
    Cart.objects.filter(pk=cart.pk).update(state="COMPLETING")
    before = state_of(cart)
    assert refused(add, cart).code == "CART_BUSY"
    Cart.objects.filter(pk=cart.pk).update(state="COMPLETED")
    assert refused(add, cart).code == "CART_COMPLETED"
    assert state_of(cart) == before
