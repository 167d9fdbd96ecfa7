"""What is in demand, for the search engine."""

import threading

import pytest
from django.db import OperationalError

from plugins.search_log import selectors
from plugins.search_log.services import count
from tests.search_log.entries import TODAY, days_ago, opened, searched

pytestmark = pytest.mark.django_db


def popular_queries(*place):
    """As the database has it now."""
    selectors.forget()
    return selectors.popular_queries(*place)


def clicked_products(channel):
    selectors.forget()
    return selectors.clicked_products(channel)


def common(text, times=3, **values):
    """A text that may be shown: searched yesterday and today."""
    count(searches=[(days_ago(1), searched(text, **values), 1), (TODAY, searched(text, **values), times - 1)])


def test_a_text_counts_from_three_searches_on_two_days_on():
    count(searches=[(TODAY, searched("one day"), 50), (TODAY, searched("two"), 1), (days_ago(1), searched("two"), 1)])
    common("three")
    assert list(popular_queries("us")) == ["three"]


def test_only_texts_that_find_as_they_are_written_are_suggested():
    common("found")
    common("not there", total=0)
    common("galxy", corrected=True)
    common("big phone for kids", relaxed=True)
    common("opening hours", redirected=True)
    assert list(popular_queries("us")) == ["found"]


def test_numbers_and_addresses_are_never_suggested():
    common("ada@example.com", 30)
    common("356938035643809", 30)
    assert popular_queries("us") == {}


def test_use_is_halved_in_fourteen_days():
    count(
        searches=[(days_ago(14), searched("old"), 4), (days_ago(28), searched("old"), 4), (TODAY, searched("new"), 2)]
    )
    count(searches=[(days_ago(14), searched("new"), 4)])
    assert popular_queries("us") == {"new": pytest.approx(4.0), "old": pytest.approx(3.0)}
    assert list(popular_queries("us")) == ["new", "old"]


def test_clicks_count_more_than_searches_and_suggestions_do_not():
    count(searches=[(days_ago(14), searched("clicked"), 4), (days_ago(28), searched("clicked"), 4)])
    count(clicks=[(TODAY, opened("clicked"), 2), (TODAY, opened("clicked", source="TYPEAHEAD"), 5)])
    assert popular_queries("us") == {"clicked": pytest.approx(3 + 6)}


def test_clicks_alone_make_no_suggestion():
    count(clicks=[(days_ago(days), opened("clicked only"), 9) for days in (0, 1, 2)])
    assert popular_queries("us") == {}


def test_channels_and_languages_are_apart():
    common("phone")
    common("手机", language="zh-hans")
    common("case", channel="cn")
    assert set(popular_queries("us")) == {"phone", "手机"}
    assert set(popular_queries("us", "zh-hans")) == {"手机"}
    assert set(popular_queries("cn")) == {"case"}


def test_what_is_older_than_the_window_does_not_count():
    count(searches=[(days_ago(days), searched("old"), 9) for days in (90, 91)], clicks=[(days_ago(90), opened(), 1)])
    assert popular_queries("us") == {}
    assert clicked_products("us") == {}


def test_products_by_clicks():
    count(clicks=[(days_ago(14), opened(product_id="p-1"), 4), (TODAY, opened("356938035643809", "p-1"), 1)])
    count(clicks=[(TODAY, opened(product_id="p-2", source="TYPEAHEAD"), 1), (TODAY, opened(channel="cn"), 9)])
    assert clicked_products("us") == {"p-1": pytest.approx(3.0), "p-2": pytest.approx(1.0)}


def test_one_query_in_a_minute(django_assert_num_queries):
    common("phone")
    with django_assert_num_queries(2):
        first, products = selectors.popular_queries("us"), selectors.clicked_products("us")
    common("case")
    with django_assert_num_queries(0):
        assert selectors.popular_queries("us") is first
        assert selectors.clicked_products("us") is products
    assert set(popular_queries("us")) == {"phone", "case"}


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_it_is_renewed(monkeypatch):
    common("phone")
    assert set(selectors.popular_queries("us")) == {"phone"}
    common("case")
    monkeypatch.setattr(selectors, "KEEP_SECONDS", -1.0)
    assert set(selectors.popular_queries("us")) == {"phone"}
    renewed()
    monkeypatch.setattr(selectors, "KEEP_SECONDS", 60.0)
    assert set(selectors.popular_queries("us")) == {"phone", "case"}


def test_what_is_kept_has_a_version(monkeypatch):
    assert selectors.kept_since("queries", "us", "en") is None
    selectors.popular_queries("us", "en")
    first = selectors.kept_since("queries", "us", "en")
    assert first is not None
    assert selectors.kept_since("queries", "us", "en") == first
    popular_queries("us", "en")
    assert selectors.kept_since("queries", "us", "en") != first
    monkeypatch.setattr(selectors, "KEEP_SECONDS", -1.0)
    assert selectors.kept_since("queries", "us", "en") is None


@pytest.mark.django_db(transaction=True)
def test_what_is_known_outlives_an_outage(monkeypatch, caplog):
    def away(*_channel):
        raise OperationalError("the server is gone")

    common("phone")
    selectors.popular_queries("us")
    monkeypatch.setattr(selectors, "KEEP_SECONDS", -1.0)
    monkeypatch.setattr(selectors, "_popular", away)
    assert set(selectors.popular_queries("us")) == {"phone"}
    renewed()
    assert set(selectors.popular_queries("us")) == {"phone"}
    assert "the server is gone" in caplog.text
    renewed()


def renewed():
    """Wait for what is renewed meanwhile."""
    for thread in threading.enumerate():
        if thread.name == "search-demand":
            thread.join(60)


def test_no_more_than_asked_for(monkeypatch):
    monkeypatch.setattr(selectors, "MAX_QUERIES", 2)
    for number in range(3):
        common(f"phone {number}", 3 + number)
    assert list(popular_queries("us")) == ["phone 2", "phone 1"]
