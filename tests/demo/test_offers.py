"""The demonstration's offers: published without a mistake, and each can be bought as it is suggested."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from demo import offers, operator
from kernel import clock
from plugins.bundles import configurator, quoting, selectors
from plugins.bundles.compiled import Selected, Service
from plugins.bundles.models import Offer, OfferVersion
from plugins.bundles.monthly import MonthlyPrices
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant

NOW = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
CODES = {"us": {"phone-and-plan", "trade-in", "family", "home", "sim-only"}}
CODES["cn"] = {f"cn-{code}" for code in CODES["us"]}
KINDS = {slug: kind for slug, _name, kind, _shipped, _tracking in operator.PRODUCT_TYPES}
RATES = {one["slug"]: one["rates"] for one in operator.TAX_CLASSES}
SERVICES = [
    Service("BROADBAND", "FTTH", 5000, dt.date(2026, 12, 9)),
    Service("TV", "FTTH", 5000, dt.date(2026, 12, 4)),
]


@pytest.fixture(scope="module")
def made():
    return operator.build()


@pytest.fixture
def loaded(made, db):
    """The catalogue as far as offers go, and the offers."""
    with clock.use_clock(clock.FrozenClock(NOW)):
        for one in operator.CHANNELS:
            Channel.objects.create(
                slug=one["slug"], name=one["name"], currency=one["currency"], country=one["country"],
                prices_include_tax=one["prices_entered_with_tax"],
            )  # fmt: skip
        wanted = {
            sku
            for goods in (offers.US, offers.CN)
            for _code, document in offers.documents(made, goods)
            for sku in (option["sku"] for group in document["groups"] for option in group["options"])
        }
        for product in made.core["products"]:
            _sell(product, wanted)
        offers.load(made)
        yield


def _sell(product, wanted):
    variants = [variant for variant in product["variants"] if variant["sku"] in wanted]
    if not variants:
        return
    row = Product.objects.create(
        id=product["slug"], slug=product["slug"], name=product["name"], kind=KINDS[product["product_type"]],
        synced_at=NOW,
    )  # fmt: skip
    countries = {one["slug"]: one["country"] for one in operator.CHANNELS}
    for variant in variants:
        sold = Variant.objects.create(id=variant["sku"], product=row, sku=variant["sku"])
        for channel, listing in variant["listings"].items():
            rate = RATES[product["tax_class"]].get(countries[channel], "0")
            ChannelListing.objects.create(
                variant=sold, channel_id=channel, price=Decimal(listing["price"]), tax_rate=Decimal(rate) / 100
            )


def ask(code, channel, term):
    """What is suggested, judged and priced."""
    channel = Channel.objects.get(pk=channel)
    loaded = selectors.load(selectors.sold(channel, code))
    who = selectors.buyer(channel, "WEB", store_id=None, shopper_id="")
    asking = selectors.Asking(buyer=who, country=channel.country, services=SERVICES)
    chosen = configurator.suggest(loaded.compiled, term, asking)
    judged = configurator.judge(loaded.compiled, term, chosen, asking)
    return loaded.compiled, chosen, judged, quoting.price(loaded.compiled, judged, asking, term)


def test_each_channel_sells_its_offers_and_loading_again_changes_nothing(loaded, made):
    sold = Offer.objects.filter(current__isnull=False).values_list("channel_id", "code")
    assert {channel: {code for where, code in sold if where == channel} for channel in ("us", "cn")} == CODES
    before = set(OfferVersion.objects.values_list("pk", "revision"))
    offers.load(made)
    assert set(OfferVersion.objects.values_list("pk", "revision")) == before


def test_each_can_be_bought_as_it_is_suggested_with_every_commitment(loaded):
    for channel, codes in CODES.items():
        for code in sorted(codes):
            for term in selectors.load(selectors.sold(Channel.objects.get(pk=channel), code)).compiled.document.terms:
                compiled, chosen, judged, price = ask(code, channel, term)
                assert chosen, (code, term)
                assert judged.violations == (), (code, term)
                assert price.monthly.amount > 0
                assert quoting.total(compiled, quoting.pieces(compiled, price)) == price.due_today, (code, term)


def test_a_phone_is_paid_in_instalments_with_credits(loaded):
    for term in offers.MONTHS:
        _compiled, _chosen, _judged, price = ask("phone-and-plan", "us", term)
        phone = next(line for line in price.lines if line.group == "device")
        assert phone.instalment_months == term
        assert price.recurring(phone).amount < 0


def test_each_further_line_of_a_family_costs_less(loaded):
    channel = Channel.objects.get(pk="us")
    compiled = selectors.load(selectors.sold(channel, "family")).compiled
    who = selectors.buyer(channel, "WEB", store_id=None, shopper_id="")
    asking = selectors.Asking(buyer=who, country="US")
    monthly = []
    for count in range(1, 7):
        chosen = [
            Selected(group, sku, number)
            for number in range(1, count + 1)
            for group, sku in (("plan", "PLAN-FREE-PLUS"), ("sim", "SIM-TRIPLE"))
        ]
        judged = configurator.judge(compiled, 24, chosen, asking)
        assert judged.valid is (count <= 5)
        if judged.valid:
            monthly.append(quoting.price(compiled, judged, asking, 24).monthly.amount)
    further = [more - less for less, more in zip([Decimal(0), *monthly[:-1]], monthly, strict=True)]
    assert further == [Decimal(rung) for rung in offers.US.lines["PLAN-FREE-PLUS"]]


def test_the_home_is_as_late_as_its_last_part(loaded):
    _compiled, _chosen, judged, _price = ask("home", "us", 24)
    assert {line.group for line in judged.lines} == {"internet", "router", "tv"}
    assert judged.promise_date == dt.date(2026, 12, 9)


def test_searches_have_a_monthly_price_for_everything_that_is_offered(loaded, made):
    for goods in (offers.US, offers.CN):
        prices = MonthlyPrices().by_sku(goods.channel, "WEB")
        documents = dict(offers.documents(made, goods)).values()
        skus = {option["sku"] for one in documents for group in one["groups"] for option in group["options"]}
        assert set(prices) == skus
        assert min(one.monthly.amount for one in prices.values()) > 0


def test_an_old_phone_of_each_grade_makes_the_new_one_cheaper(loaded):
    for channel, code, term in ((c, o, t) for c, o in (("us", "trade-in"), ("cn", "cn-trade-in")) for t in (24, 0)):
        compiled, chosen, _judged, without = ask(code, channel, term)
        who = selectors.buyer(Channel.objects.get(pk=channel), "WEB", store_id=None, shopper_id="")
        asking = selectors.Asking(buyer=who, country=channel.upper())
        device = next(one for one in chosen if one.group == "device")
        costs = [without.total_over_term]
        for grade in "CBA":
            told = replace(device, characteristics=(("tradeIn", f"old:{grade}"),))
            judged = configurator.judge(compiled, term, [told if one is device else one for one in chosen], asking)
            assert judged.violations == ()
            price = quoting.price(compiled, judged, asking, term)
            assert quoting.total(compiled, quoting.pieces(compiled, price)) == price.due_today
            costs.append(price.total_over_term)
        assert costs == sorted(costs, reverse=True)
        assert len(set(costs)) == 4
