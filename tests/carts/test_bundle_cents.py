"""Whatever a bundle costs, the core asks the same to the cent: random prices and choices, the real embedded core."""

import itertools

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from commerce.core import core
from inventory import services as inventory
from inventory.models import Store
from inventory.services import OpeningRow
from plugins.bundles import services as offers
from plugins.bundles import sold
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, core_records, selectors, services
from plugins.carts.bundle_quotes import Wish
from plugins.carts.contact import ContactChange
from plugins.carts.models import CartBundle
from plugins.catalogue import services as catalogue
from plugins.catalogue.models import Channel
from tests.carts.shop import ADA
from tests.inventory.goods import make_store

pytestmark = pytest.mark.django_db

CARRIERS = {"DEPOSIT": "PLAN-TALK", "TAX": "PLAN-TALK", "start": "PLAN-TALK", "each": "PLAN-TALK"}
NUMBERS = itertools.count(1)


@pytest.fixture
def channel(embedded_core, settings):
    settings.DEBUG = True
    settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN = embedded_core.url, embedded_core.token
    _variant, warehouse = embedded_core.set_stock("ACME-CASE", "store-1", 50)
    catalogue.sync_everything()
    store = Store.objects.filter(core_warehouse_id=warehouse).first() or make_store(core_warehouse_id=warehouse)
    inventory.receive_opening([OpeningRow(store.pk, "ACME-CASE", 50)])
    return Channel.objects.get(slug="us")


def amounts(least, most):
    return st.integers(least, most).map(lambda cents: f"{cents // 100}.{cents % 100:02}")


@st.composite
def documents(draw):
    """Goods in any number with a plan: priced, financed, discounted, taxed and traded in by chance."""
    price = draw(st.integers(1, 99_999))
    goods = {
        "charges": [
            {"type": "ONE_TIME", "code": "price", "price": f"{price // 100}.{price % 100:02}", "financed": True}
        ]
    }
    if draw(st.booleans()):
        goods["instalments"] = [{"months": 24, "when": {"terms": [24]}}]
        if draw(st.booleans()):
            goods["instalments"][0]["downPayment"] = draw(amounts(0, price))
    if draw(st.booleans()):
        goods["tradeIns"] = [{"code": "old", "values": {"good": draw(amounts(1, 60_000))}}]
    plan = {"charges": [{"type": "RECURRING", "code": "plan", "price": draw(amounts(0, 9_999))}]}
    if draw(st.booleans()):
        plan["charges"].append({"type": "DEPOSIT", "code": "d", "amount": draw(amounts(1, 20_000))})
    asked = [{"name": "tradeIn", "label": {"en": "Old device"}, "maximumLength": 30}]
    prices = {
        "discounts": draw(st.lists(discounts(), max_size=2, unique_by=lambda one: one["code"])),
        "fees": draw(st.lists(fees(), max_size=2, unique_by=lambda one: one["code"])),
    }
    if draw(st.booleans()):
        goods["category"] = "device"
        rule = {"code": "sales", "jurisdiction": "US", "rate": draw(st.sampled_from(["0.0825", "0.1"]))}
        rule |= {"categories": ["device", "fee"], "base": "list", "due": "at_sale"}
        prices["taxes"] = [rule]
    return {
        "name": {"en": "Random"},
        "currency": "USD",
        "terms": [24, 0],
        "groups": [
            {
                "code": "goods", "label": {"en": "Goods"}, "upperLimit": 9, "lowerLimit": 1,
                "options": [{"sku": "ACME-CASE", "upperLimit": 9, "prices": goods, "characteristics": asked}],
            },
            {
                "code": "line", "label": {"en": "Line"}, "lowerLimit": 1, "upperLimit": 1, "minimumInstances": 0,
                "maximumInstances": 3, "options": [{"sku": "PLAN-TALK", "prices": plan}],
            },
        ],
        "prices": prices,
        "carriers": CARRIERS,
    }  # fmt: skip


@st.composite
def discounts(draw):
    size = (
        {"amount": draw(amounts(1, 5_000))}
        if draw(st.booleans())
        else {"share": draw(st.sampled_from(["0.1", "0.333"]))}
    )
    groups = draw(st.sampled_from([[], ["goods"]]))
    return {
        "code": draw(st.sampled_from("abc")),
        "on": "today",
        "groups": groups,
        "minimumUnits": draw(st.integers(1, 4)),
    } | size


@st.composite
def fees(draw):
    return {
        "code": draw(st.sampled_from(["start", "each"])),
        "on": "today",
        "amount": draw(amounts(1, 4_000)),
        "perUnit": draw(st.booleans()),
    }


@st.composite
def choices(draw):
    trade_in = (("tradeIn", "old:good"),)
    # One old device for one new one.
    quantity, lines = draw(st.sampled_from([1, 1, 1, 2, 3, 6, 7, 9])), draw(st.integers(0, 3))
    goods = Selected("goods", "ACME-CASE", 1, quantity, trade_in if quantity == 1 and draw(st.booleans()) else ())
    return [goods, *(Selected("line", "PLAN-TALK", number) for number in range(1, lines + 1))]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents(), chosen=choices(), term=st.sampled_from([24, 0]))
def test_the_core_asks_for_a_bundle_what_was_quoted(channel, document, chosen, term):
    if "tradeIns" not in document["groups"][0]["options"][0]["prices"]:
        chosen = [Selected(one.group, one.sku, one.instance, one.quantity) for one in chosen]
    if term == 0:
        document["groups"][0]["options"][0]["prices"].pop("instalments", None)
    code = f"random-{next(NUMBERS)}"
    offers.save_draft(code=code, channel=channel, document=document, test_cases=[], actor="test")
    offers.publish(code=code, actor="test")
    contact = ContactChange(email="ada@example.com", first_name="Ada", last_name="L")
    cart = services.create_cart(caller=ADA, channel=channel, sales_channel="WEB", contact=contact)
    cart.billing_address = {"street_address_1": "1 Main", "city": "Austin", "country": "US", "postal_code": "78701",
                            "country_area": "TX"}  # fmt: skip
    cart.save()

    bundles.add_bundle(caller=ADA, cart_id=cart.pk, wish=Wish(code, term, tuple(chosen)))

    bundle = CartBundle.objects.get(cart=cart)
    cart.refresh_from_db()
    view = selectors.cart_view(cart)
    checkout = core().create_checkout(core_records.checkout_draft(cart, view.lines, number="N", store=None))
    event(f"{len(view.lines)} lines")
    assert view.totals.total == bundle.due_today == checkout.total.gross
    assert view.monthly == bundle.monthly_price
    assert view.totals.tax == checkout.total.tax
    assert {line.metadata["suite.bundle"] for line in checkout.lines} == {str(bundle.pk)}

    again = sold.price(bundle.version.document, bundle.term, bundle.selections, bundle.basis)
    assert (again.due_today.amount, again.monthly.amount) == (bundle.due_today, bundle.monthly_price)
    assert again.total_over_term.amount == bundle.total_over_term
