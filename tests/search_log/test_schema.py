"""`searchResultOpen`: who opens what from a search is counted, and a refusal counts nothing."""

import pytest

from kernel.models import IdempotencyKey
from plugins.catalogue.models import Channel
from plugins.search_log import limits, recording
from plugins.search_log.models import ClickCount
from tests.counter import counter  # noqa: F401 - fixture
from tests.search_log.entries import TODAY, click_rows

OPEN = """mutation ($input: SearchResultOpenInput!) {
  searchResultOpen(input: $input) { errors { code field message } } }"""
CONTEXT = {"channel": "us", "salesChannel": "WEB"}


def send(counter, **values):  # noqa: F811
    options = {name: values.pop(name) for name in ("token", "key") if name in values}
    input = {"context": CONTEXT, "text": "Phone", "productId": "p-PHONE", "position": 1, **values}
    return counter.ask(OPEN, input=input, **options)


def errors(body):
    return [(error["code"], error["field"]) for error in body["data"]["searchResultOpen"]["errors"]]


def counted(*fields):
    recording.flush()
    return click_rows(*fields)


def test_a_guest_and_a_clerk_are_counted_alike(counter):  # noqa: F811
    assert errors(send(counter, position=3)) == []
    assert errors(send(counter, token=counter.token("clerk"), context={"channel": "us", "salesChannel": "POS"})) == []
    assert errors(send(counter, source="TYPEAHEAD", text="ph")) == []
    assert counted("day", "channel", "sales_channel", "language", "text", "product_id", "source") == [
        (TODAY, "us", "POS", "en", "phone", "p-PHONE", "RESULTS", 1, 1),
        (TODAY, "us", "WEB", "en", "ph", "p-PHONE", "TYPEAHEAD", 1, 1),
        (TODAY, "us", "WEB", "en", "phone", "p-PHONE", "RESULTS", 1, 3),
    ]


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"text": " "}, ("REQUIRED", "input.text")),
        ({"text": "a" * 201}, ("INVALID", "input.text")),
        ({"position": 0}, ("INVALID", "input.position")),
        ({"position": 10_001}, ("INVALID", "input.position")),
        ({"productId": "nothing"}, ("NOT_FOUND", "input.productId")),
        ({"productId": "a" * 65}, ("NOT_FOUND", "input.productId")),
        ({"context": {"channel": "nowhere"}}, ("NOT_FOUND", "input.context.channel")),
    ],
)
def test_a_refusal_names_the_field_and_counts_nothing(counter, values, error):  # noqa: F811
    assert errors(send(counter, **values)) == [error]
    assert counted() == []


def test_a_product_of_another_channel_is_not_there(counter):  # noqa: F811
    Channel.objects.create(slug="cn", name="China", currency="CNY", country="CN")
    assert errors(send(counter, context={"channel": "cn"})) == [("NOT_FOUND", "input.productId")]
    assert counted() == []


def test_a_preview_is_answered_and_not_counted(counter):  # noqa: F811
    assert errors(send(counter, context={**CONTEXT, "previewAt": "2026-06-01T00:00:00Z"})) == []
    assert counted() == []


def test_beyond_the_limit_nothing_is_counted_until_the_minute_is_over(counter, monkeypatch):  # noqa: F811
    monkeypatch.setattr(limits, "CLICKS_A_MINUTE", 3)
    answers = [errors(send(counter)) for _ in range(5)]
    assert answers == [[], [], [], [("RATE_LIMITED", None)], [("RATE_LIMITED", None)]]
    # Another caller has a minute of their own.
    assert errors(send(counter, token=counter.token("clerk"))) == []
    counter.clock.advance(minutes=1)
    assert errors(send(counter)) == []
    assert counted() == [(5, 5)]


def test_the_memory_of_callers_is_bounded(counter, monkeypatch):  # noqa: F811
    monkeypatch.setattr(limits, "MAX_CALLERS", 1)
    assert errors(send(counter)) == []
    assert errors(send(counter, token=counter.token("clerk"))) == [("RATE_LIMITED", None)]
    assert errors(send(counter)) == []
    assert counted() == [(2, 2)]


def test_it_is_never_stored_under_a_key(counter):  # noqa: F811
    before = IdempotencyKey.objects.count()
    for _ in range(2):
        assert errors(send(counter, key="k", text="ada@example.com")) == []
    assert IdempotencyKey.objects.count() == before
    assert counted("text", "text_class") == [("", "CODE", 2, 2)]


def test_a_click_costs_two_reads_and_no_write(counter, django_assert_num_queries):  # noqa: F811
    with django_assert_num_queries(2):
        send(counter)
    assert not ClickCount.objects.exists()
