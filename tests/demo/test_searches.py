"""The demonstration's searches: the same at every run, of goods that it sells, and written once."""

import datetime as dt

import pytest

from demo import operator, searches
from kernel import clock
from plugins.catalogue.models import Channel, Product
from plugins.search_log import reports, selectors
from plugins.search_log.models import ClickCount, SearchCount
from plugins.search_log.texts import TextClass, kept

DAY = dt.date(2026, 9, 1)


@pytest.fixture(scope="module")
def made():
    return operator.build()


def test_they_are_the_same_at_every_run(made):
    first, second = (list(searches._searches(made, "us", "US", DAY)) for _ in range(2))
    assert first == second
    assert {day for _asked, day, _sales_channel, _times in first} == {
        DAY - dt.timedelta(days=ago) for ago in range(1, 61)
    }


def test_each_text_may_be_kept_and_opens_what_is_sold(made):
    slugs = {product["slug"] for product in made.core["products"]}
    for country in ("US", "CN"):
        ranked = searches._ranked(made, country)
        assert len(ranked) > 250
        assert len({(asked.text, asked.language) for asked in ranked}) == len(ranked)
        for asked in ranked:
            assert kept(asked.text) == (asked.text, TextClass.TEXT)
            assert slugs.issuperset(asked.opened)
        assert {asked.outcome for asked in ranked} == set(searches.OPENED)


def test_each_country_searches_in_its_own_language_first(made):
    assert [asked.text for asked in searches._ranked(made, "US")[:2]] == ["phones", "5g phone"]
    assert [asked.text for asked in searches._ranked(made, "CN")[:2]] == ["手机", "小米"]


@pytest.mark.django_db
def test_they_are_written_once_and_fill_the_reports(made):
    Channel.objects.create(slug="us", name="US", currency="USD", country="US")
    now = dt.datetime(2026, 9, 1, 12, tzinfo=dt.UTC)
    Product.objects.bulk_create(
        Product(id=f"p-{product['slug']}", slug=product["slug"], name=product["name"], synced_at=now)
        for product in made.core["products"]
    )
    with clock.use_clock(clock.FrozenClock(now)):
        searches.load(made)
        before = (SearchCount.objects.count(), ClickCount.objects.count())
        searches.load(made)
        assert (SearchCount.objects.count(), ClickCount.objects.count()) == before
        scope = reports.Scope(days=28)
        assert reports.top(scope, 1)[0].text == "phones"
        assert reports.nothing_found(scope, 1)[0].text in searches.NOT_SOLD
        assert reports.changed(scope, 50)
        selectors.forget()
        popular = selectors.popular_queries("us")
        assert next(iter(popular)) == "phones"
        assert not set(popular) & set(searches.NOT_SOLD)
        assert selectors.clicked_products("us")
        selectors.forget()
