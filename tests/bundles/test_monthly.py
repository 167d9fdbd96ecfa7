"""Monthly prices for searches: the least for each SKU of the offers sold now, known anew after each change."""

import datetime as dt
from decimal import Decimal

import pytest
import strawberry

from kernel import clock, following
from kernel.api import SCALARS
from kernel.following import Follower
from plugins.bundles import cheapest, monthly, services
from plugins.bundles.monthly import MonthlyPrices
from plugins.catalogue import schema as catalogue
from plugins.catalogue.providers import providers
from tests.bundles.conftest import ADMIN
from tests.bundles.test_api import Context

CODE = "phone-plan"


@pytest.fixture
def listening(monkeypatch):
    """A follower that hears of changes."""
    follower = Follower()
    follower.connected()
    monkeypatch.setattr(monthly, "follower", follower)
    monkeypatch.setattr(monthly.notices, "fresh", lambda: True)
    return follower


def prices(sales_channel="WEB", channel="us"):
    return {sku: one.monthly.amount for sku, one in MonthlyPrices().by_sku(channel, sales_channel).items()}


def publish(shop, document, code=CODE):
    services.save_draft(code=code, channel=shop.channel, document=document, test_cases=[], actor=ADMIN)
    services.publish(code=code, actor=ADMIN)


def test_the_suite_provides_them():
    assert isinstance(providers.monthly_prices, MonthlyPrices)


def test_each_sku_has_the_least_a_month_over_all_commitments(offer):
    # Without a commitment the phone is paid at once: the plan alone is left each month.
    assert prices() == {"PHONE": Decimal("35.00"), "PLAN": Decimal("35.00"), "CASE": Decimal("35.00")}
    assert prices(channel="none") == {}


def test_instalments_less_credits_count_and_the_cheaper_of_two_offers_wins(shop, document):
    document["terms"] = [24]
    publish(shop, document)
    assert prices()["PHONE"] == Decimal("51.65")
    document["groups"][1]["options"][0]["prices"]["credits"][0]["total"] = "240.00"
    publish(shop, document, code="better")
    assert prices()["PHONE"] == Decimal("46.65")
    services.withdraw(code="better", actor=ADMIN)
    assert prices()["PHONE"] == Decimal("51.65")


def test_what_cannot_be_had_has_no_price(shop, document):
    document["groups"][3]["options"][0]["eligibility"] = {"segments": ["STAFF"]}
    document["groups"][2]["options"][0]["eligibility"] = {"salesChannels": ["POS"]}
    publish(shop, document)
    assert prices("POS") == {"PHONE": Decimal("35.00"), "PLAN": Decimal("35.00")}
    assert prices("WEB") == {}


def test_they_are_worked_out_once_and_asked_for_in_two_queries(offer, monkeypatch, django_assert_num_queries):
    first = prices()
    monkeypatch.setattr(cheapest, "least", None)
    with django_assert_num_queries(2):
        assert prices() == first


def test_the_version_follows_offers_catalogue_and_day(listening, monkeypatch):
    with clock.use_clock(clock.FrozenClock(dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC))) as frozen:
        seen = [MonthlyPrices().version("us", "WEB")]
        assert MonthlyPrices().version("us", "WEB") == seen[0]
        listening.notice("offers", [CODE])
        seen.append(MonthlyPrices().version("us", "WEB"))
        frozen.advance(days=1)
        seen.append(MonthlyPrices().version("us", "WEB"))
        listening.connected()
        seen.append(MonthlyPrices().version("us", "WEB"))
        assert None not in seen
        assert len(set(seen)) == 4
        monkeypatch.setattr(monthly.notices, "fresh", lambda: False)
        assert MonthlyPrices().version("us", "WEB") is None
        monkeypatch.setattr(monthly.notices, "fresh", lambda: True)
        listening.lost()
        assert MonthlyPrices().version("us", "WEB") is None
        listening.notice("offers", [CODE])
        assert MonthlyPrices().version("us", "WEB") is None


@pytest.mark.parametrize("change", ["publish", "roll_back", "withdraw"])
def test_every_change_of_what_is_sold_is_told(offer, document, monkeypatch, change):
    publish(offer, document)
    told = []
    monkeypatch.setattr(services, "notify", lambda topic, payload: told.append((topic, payload)))
    services.save_draft(code=CODE, channel=offer.channel, document=document, test_cases=[], actor=ADMIN)
    getattr(services, change)(code=CODE, actor=ADMIN)
    assert told == [("offers", CODE)]


def test_while_changes_are_heard_of_they_come_from_memory(offer, listening, django_assert_num_queries):
    provider = MonthlyPrices()
    first = provider.by_sku("us", "WEB")
    with django_assert_num_queries(0):
        assert provider.by_sku("us", "WEB") is first
    services.withdraw(code=CODE, actor=ADMIN)
    listening.notice("offers", [CODE])
    assert provider.by_sku("us", "WEB") == {}


def test_a_product_says_what_it_costs_a_month(offer):
    query = """query ($context: ContextInput!, $sku: String!) { product(context: $context, sku: $sku) {
      monthlyPriceFrom { monthly { amount currency } dueToday { amount } term totalOverTerm { amount } offerCode }
    } }"""
    api = strawberry.Schema(query=catalogue.Query, scalar_overrides=SCALARS)

    def ask(sku):
        variables = {"context": {"channel": "us"}, "sku": sku}
        answer = api.execute_sync(query, variable_values=variables, context_value=Context())
        assert answer.errors is None
        return answer.data["product"]["monthlyPriceFrom"]

    assert ask("PHONE") == {
        "monthly": {"amount": "35.00", "currency": "USD"},
        "dueToday": {"amount": "540.17"},
        "term": 0,
        "totalOverTerm": {"amount": "540.17"},
        "offerCode": CODE,
    }
    assert ask("BUNDLED") is None


@pytest.fixture
def ahead(listening, monkeypatch):
    """A provider as in a server, its thread's work done by hand."""
    monkeypatch.setattr(Follower, "following", True)
    return MonthlyPrices()


def test_a_server_tells_the_last_prices_until_the_new_ones_are_worked_out(offer, listening, ahead, monkeypatch):
    assert ahead.version("us", "WEB") is None
    ahead.work_out()
    first, version = ahead.by_sku("us", "WEB"), ahead.version("us", "WEB")
    assert (len(first), version is None) == (3, False)
    services.withdraw(code=CODE, actor=ADMIN)
    listening.notice("offers", [CODE])
    with monkeypatch.context() as patched:
        # Whoever searches meanwhile works nothing out.
        patched.setattr(monthly, "_by_sku", None)
        assert ahead.by_sku("us", "WEB") is first
        assert ahead.version("us", "WEB") == version
    ahead.work_out()
    assert ahead.by_sku("us", "WEB") == {}
    assert ahead.version("us", "WEB") not in (None, version)
    listening.lost()
    assert ahead.version("us", "WEB") is None


def test_what_was_asked_for_is_worked_out_again_and_only_after_a_change(offer, listening, ahead, monkeypatch):
    worked_out = []
    real = monthly._by_sku
    monkeypatch.setattr(monthly, "_by_sku", lambda *key: worked_out.append(key) or real(*key))
    ahead.by_sku("us", "POS")
    ahead.work_out()
    ahead.work_out()
    assert worked_out == [("us", "POS"), ("us", "WEB")]
    listening.notice("catalogue", ["x"])
    ahead.work_out()
    assert worked_out[2:] == [("us", "POS"), ("us", "WEB")]


def test_an_offer_that_cannot_be_priced_leaves_the_last_prices(offer, listening, ahead, monkeypatch, caplog):
    ahead.work_out()
    first = ahead.by_sku("us", "WEB")
    listening.notice("offers", [CODE])

    def fail(*_key):
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(monthly, "_by_sku", fail)
        patched.setattr(following, "close_old_connections", lambda: None)
        Follower("monthly prices", lambda _topics: ahead.work_out()).renew()
    assert "monthly prices could not be renewed" in caplog.text
    assert ahead.by_sku("us", "WEB") is first


def test_the_thread_works_them_out_at_each_notice(monkeypatch):
    worked = []
    monkeypatch.setattr(monthly.prices, "work_out", lambda: worked.append(1))
    monkeypatch.setattr(following, "close_old_connections", lambda: None)
    monthly.follower.renew()
    assert worked == [1]
