"""Sums: exact, whoever writes them at the same moment, and without a person's words."""

import threading

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.search_log import services
from plugins.search_log.models import ClickCount, SearchCount
from tests.kernel.threads import Running
from tests.search_log.entries import TODAY, click_rows, days_ago, opened, search_rows, searched
from tests.search_log.test_texts import PERSONAL


@pytest.mark.django_db
def test_searches_are_summed_by_day_place_text_and_outcome():
    entries = [
        (TODAY, searched(), 2),
        (TODAY, searched("GALAXY  S21"), 1),
        (TODAY, searched(total=0), 1),
        (TODAY, searched(sales_channel="POS"), 1),
        (TODAY, searched(language="zh-hans"), 1),
        (TODAY, searched(channel="cn"), 1),
        (days_ago(1), searched(), 1),
    ]
    services.count(searches=entries)
    services.count(searches=entries[:1])
    assert search_rows("day", "channel", "sales_channel", "language", "text", "text_class", "outcome") == sorted(
        [
            (TODAY, "us", "WEB", "en", "galaxy s21", "TEXT", "FOUND", 5),
            (TODAY, "us", "WEB", "en", "galaxy s21", "TEXT", "NOTHING", 1),
            (TODAY, "us", "POS", "en", "galaxy s21", "TEXT", "FOUND", 1),
            (TODAY, "us", "WEB", "zh-hans", "galaxy s21", "TEXT", "FOUND", 1),
            (TODAY, "cn", "WEB", "en", "galaxy s21", "TEXT", "FOUND", 1),
            (days_ago(1), "us", "WEB", "en", "galaxy s21", "TEXT", "FOUND", 1),
        ]
    )


@pytest.mark.django_db
def test_clicks_are_summed_with_their_positions():
    services.count(
        clicks=[(TODAY, opened(position=3), 2), (TODAY, opened(position=5), 1), (TODAY, opened("", "p-2"), 1)]
    )
    services.count(clicks=[(TODAY, opened(position=1), 1), (TODAY, opened(source="SPOTLIGHT"), 1)])
    assert click_rows("text", "product_id", "source") == [
        ("galaxy s21", "p-1", "RESULTS", 4, 12),
        ("galaxy s21", "p-1", "SPOTLIGHT", 1, 1),
    ]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({}, "FOUND"),
        ({"relaxed": True}, "RELAXED"),
        ({"relaxed": True, "corrected": True}, "CORRECTED"),
        ({"total": 0, "corrected": True}, "NOTHING"),
        ({"total": 0, "redirected": True}, "REDIRECTED"),
        ({"redirected": True}, "REDIRECTED"),
    ],
)
def test_the_outcome_is_the_first_that_holds(values, outcome):
    assert searched(**values).outcome == outcome


@pytest.mark.django_db
def test_numbers_addresses_and_letters_are_counted_without_their_words():
    letter = "dear sir or madam my name is ada and I live"
    texts = ["ada@example.com", "bob@example.com", "356938035643809", letter, " "]
    services.count(
        searches=[(TODAY, searched(text), 1) for text in texts], clicks=[(TODAY, opened(text), 1) for text in texts]
    )
    assert search_rows("text", "text_class") == [("", "CODE", 3), ("", "LONG", 1)]
    assert click_rows("text", "text_class") == [("", "CODE", 3, 3), ("", "LONG", 1, 1)]


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(PERSONAL, st.integers(1, 9)), max_size=5))
def test_whatever_is_searched_no_row_holds_an_address_or_seven_digits(texts):
    SearchCount.objects.all().delete()
    ClickCount.objects.all().delete()
    services.count(
        searches=[(TODAY, searched(text), times) for text, times in texts],
        clicks=[(TODAY, opened(text), times) for text, times in texts],
    )
    stored = [*SearchCount.objects.values_list("text", flat=True), *ClickCount.objects.values_list("text", flat=True)]
    assert all("@" not in text and sum(letter.isdigit() for letter in text) < 7 for text in stored)
    blank = sum(times for text, times in texts if services.kept(text) == ("", "TEXT"))
    assert sum(row[-1] for row in search_rows()) == sum(times for _text, times in texts) - blank


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "text_class"), [("ada@example.com", "TEXT"), ("call 512-5550134", "TEXT"), ("", "TEXT"), ("a", "CODE")]
)
def test_the_database_refuses_what_must_not_be(text, text_class):
    place = {"day": TODAY, "channel": "us", "sales_channel": "WEB", "text": text, "text_class": text_class}
    with pytest.raises(IntegrityError), transaction.atomic():
        SearchCount.objects.create(**place, outcome="FOUND", searches=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClickCount.objects.create(**place, product_id="p", source="RESULTS", clicks=1, position_sum=1)
    assert not SearchCount.objects.exists()
    assert not ClickCount.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_two_connections_that_write_the_same_texts_add_up():
    """Each in its own order: without one order of rows they would wait for each other in a ring."""
    texts = [f"phone {number}" for number in range(50)]
    barrier = threading.Barrier(2)

    def write(ordered):
        for _round in range(10):
            barrier.wait(60)
            services.count(
                searches=[(TODAY, searched(text), 1) for text in ordered],
                clicks=[(TODAY, opened(text, position=2), 1) for text in ordered],
            )

    for one in [Running(lambda: write(texts)), Running(lambda: write(texts[::-1]))]:
        one.result()
    assert search_rows("text") == sorted((text, 20) for text in texts)
    assert click_rows("text") == sorted((text, 20, 40) for text in texts)


@pytest.mark.django_db
def test_any_number_of_texts_costs_two_statements(django_assert_num_queries):
    entries = [(TODAY, searched(f"phone {number}"), 1) for number in range(500)]
    clicks = [(TODAY, opened(f"phone {number}"), 1) for number in range(500)]
    with django_assert_num_queries(4):  # with the savepoint's two
        services.count(searches=entries, clicks=clicks)
