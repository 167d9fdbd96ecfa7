"""Parts of an ordered bundle come back for what was paid for them, to the cent, whatever the catalogue says since."""

import copy
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kernel.errors import ApiError
from kernel.identity import GUEST
from plugins.bundles import changes, sold
from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundle_quotes, bundle_returns, bundles
from plugins.carts.bundle_quotes import Wish
from plugins.carts.models import OrderLine
from plugins.catalogue.models import ChannelListing
from tests.bundles.conftest import ADMIN, DOCUMENT
from tests.carts.shop import refused

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.payments.urls")]


@pytest.fixture
def sale(shop):
    """An offer of a phone, a plan with a deposit and up to five cases, whose discount wants three cases at least."""
    document = copy.deepcopy(DOCUMENT)
    document["groups"][0]["upperLimit"] = 9
    document["groups"][2]["options"][0]["prices"] = {
        "charges": [
            {"type": "RECURRING", "code": "plan", "price": "35.00"},
            {"type": "DEPOSIT", "code": "d", "amount": "50.00"},
        ]
    }
    document["groups"][3] |= {"upperLimit": 5, "options": [{"sku": "CASE", "upperLimit": 5}]}
    document["prices"] = {
        "discounts": [
            {"code": "three", "on": "today", "amount": "10.00", "groups": ["extra"], "minimumUnits": 3,
             "onReturn": "reprice"},
        ],
        "fees": [{"code": "start", "on": "today", "amount": "9.99"}],
    }  # fmt: skip
    document["carriers"] = {"DEPOSIT": "PLAN", "start": "PLAN"}
    offers.save_draft(code="phone-plan", channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    offers.publish(code="phone-plan", actor=ADMIN)

    def sell(cases):
        cart = shop.cart()
        chosen = [Selected("device", "PHONE"), Selected("plan", "PLAN")]
        chosen += [Selected("extra", "CASE", quantity=cases)] if cases else []
        bundles.add_bundle(caller=GUEST, cart_id=cart.pk, wish=Wish("phone-plan", 24, chosen))
        shop.collect(cart)
        order = shop.complete(cart).order
        (bundle,) = bundle_quotes.bundles_of(order.cart)
        return order, bundle

    return sell


def refund(order, bundle, *wanted):
    return bundle_returns.refund(bundle, list(order.lines.all()), [(str(line.pk), units) for line, units in wanted])


def parts(order):
    return list(order.lines.exclude(bundle_group=""))


def test_everything_back_is_all_that_was_paid_but_the_fee(sale):
    order, bundle = sale(5)
    found = refund(order, bundle, *((line, line.quantity) for line in parts(order)))
    assert found.total.amount == order.total - Decimal("9.99")
    assert sum(money.amount for _line, money in found.lines) == found.total.amount
    assert found.withheld.amount == 0


def test_a_case_gives_back_its_share_of_the_discount_until_the_rest_does_not_deserve_it(sale):
    order, bundle = sale(3)
    cases = [line for line in parts(order) if line.sku == "CASE"]
    (line, money), *_rest = refund(order, bundle, (cases[0], 1)).lines
    found = refund(order, bundle, (cases[0], 1))
    # 3 x 19.99 less 10.00 with 8.25 % tax: a third of it; what the other two saved is kept with its tax.
    assert money.amount in (Decimal("18.02"), Decimal("18.03"))
    assert line == cases[0]
    assert found.withheld.amount > 0
    assert found.total == money - found.withheld


def test_what_is_listed_today_changes_nothing(sale):
    order, bundle = sale(4)
    before = refund(order, bundle, *((line, 1) for line in parts(order))).total
    ChannelListing.objects.update(price=Decimal("1.00"), tax_rate=Decimal("0.5"))
    offers.withdraw(code="phone-plan", actor=ADMIN)
    again = bundle_quotes.bundles_of(order.cart)[0]
    assert refund(order, again, *((line, 1) for line in parts(order))).total == before
    price = sold.price(again.version.document, again.term, again.selections, again.basis)
    assert (price.due_today.amount, price.monthly.amount) == (order.total, order.monthly)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(cases=st.integers(0, 5), acts=st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5)), max_size=6))
def test_over_random_returns_no_cent_is_lost(sale, shop, cases, acts):
    life = bundle_life(sale, shop, cases)
    paid = life.to_pay
    back = paid - paid
    for pick, units in acts:
        lines = [each.line for each in life.running if each.line.chosen is not None]
        if not lines:
            break
        line = lines[pick % len(lines)]
        try:
            life = changes.give_back(life, {line.key: min(units, line.quantity)})
        except ApiError as refusal:
            if refusal.code != "CREDIT_EXCEEDS_BILL":
                raise
            continue
        back = back - life.to_pay
        assert paid - paid <= back <= paid
    rest = {each.line.key: each.line.quantity for each in life.running if each.line.chosen is not None}
    if rest:
        life = changes.give_back(life, rest)
        back = back - life.to_pay
    withheld = sum((one.amount.amount for one in life.entries if one.kind is changes.Kind.WITHHELD), Decimal(0))
    # Given back by and by, what was kept for the rest comes back with it: all but the fee.
    assert (paid - back).amount in (Decimal("9.99"), Decimal("9.99") + withheld)


def bundle_life(sale, shop, cases):
    """The life of a bundle as quoted, without an order: stock is not what this is about."""
    cart = shop.cart()
    chosen = [Selected("device", "PHONE"), Selected("plan", "PLAN")]
    chosen += [Selected("extra", "CASE", quantity=cases)] if cases else []
    bundles.add_bundle(caller=GUEST, cart_id=cart.pk, wish=Wish("phone-plan", 24, chosen))
    (bundle,) = bundle_quotes.bundles_of(cart)
    life = bundle_returns.life_of(bundle)
    assert life.to_pay.amount == bundle.due_today
    return life


def test_what_cannot_come_back_by_itself(sale):
    order, bundle = sale(2)
    fee = order.lines.filter(bundle_group="").first()
    case = order.lines.filter(sku="CASE").first()
    for line, units, code, field in (
        (fee, 1, "UNKNOWN_LINE", "lines.0.lineId"),
        (OrderLine(), 1, "UNKNOWN_LINE", "lines.0.lineId"),
        (case, 0, "INVALID_QUANTITY", "lines.0.quantity"),
        (case, -1, "INVALID_QUANTITY", "lines.0.quantity"),
        (case, 99, "INVALID_QUANTITY", "lines.0.quantity"),
    ):
        refusal = refused(refund, order, bundle, (line, units))
        assert (refusal.code, refusal.field) == (code, field)


def test_a_deposit_comes_back_with_what_it_belongs_to(sale):
    order, bundle = sale(0)
    plan = order.lines.get(sku="PLAN", bundle_group="plan")
    assert refund(order, bundle, (plan, 1)).total.amount == Decimal("50.00")
