"""The bare route: what it answers itself is what Django would answer, and everything else is Django's."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.core.asgi import get_asgi_application
from django.db import connections

from kernel.reuse import ANSWER, Answer
from plugins.carts.models import Attempts
from storefront_api import documents, hot_path, views
from storefront_api.documents import prepare
from storefront_api.hot_path import HotPath
from storefront_api.schema import schema
from storefront_api.web import AnswerHeaders
from tests.storefront_api.conftest import code_of

pytestmark = pytest.mark.django_db(transaction=True)

CHANNELS = next(documents.id_of(text) for text in documents.persisted_texts() if "query Channels" in text)
SEARCH = next(text for text in documents.persisted_texts() if "query Search" in text)
ME = "query { me { email } channels { slug } }"


@dataclass
class Site:
    """The endpoint with and without the bare route; `django` counts what reached Django behind it."""

    reached: list[str] = field(default_factory=list)

    def __post_init__(self):
        django = get_asgi_application()

        async def counted(scope, receive, send):
            self.reached.append(scope["path"])
            await django(scope, receive, send)

        self.threads = ThreadPoolExecutor(2)
        self.hot = HotPath(AnswerHeaders(counted), AnswerHeaders(counted), self.threads)
        self.plain = AnswerHeaders(django)

    def close(self):
        self.threads.submit(connections.close_all).result()
        self.threads.shutdown()

    def ask(self, application, body, *, method="POST", path="/graphql/", headers=()):
        content = body if isinstance(body, bytes | list) else json.dumps(body).encode()
        sent = [("content-type", "application/json"), *dict(headers).items()] if isinstance(headers, dict) else headers
        return asyncio.run(
            self._ask(application, method, path, content, sent or [("content-type", "application/json")])
        )

    async def _ask(self, application, method, path, content, headers):
        async def chunks():
            for chunk in content:
                yield chunk

        transport = httpx.ASGITransport(application, client=("10.1.2.3", 99))
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            sent = chunks() if isinstance(content, list) else content
            answer = await client.request(method, path, content=sent, headers=headers)
        # Django works in threads of its own, whose connections are to be given back.
        await sync_to_async(connections.close_all)()
        return answer

    def both(self, body, **options):
        """The answer of the bare route, checked against Django's; and whether Django was needed."""
        self.reached.clear()
        fast = self.ask(self.hot, body, **options)
        was_needed = bool(self.reached)
        slow = self.ask(self.plain, body, **options)
        assert fast.status_code == slow.status_code
        assert fast.text == slow.text or fast.json() == slow.json()
        assert seen(fast) == seen(slow)
        return fast, was_needed


def seen(response):
    """Headers but the length, which depends on how characters are escaped, in no order."""
    return {name: value for name, value in response.headers.items() if name != "content-length"}


@pytest.fixture
def site(front):
    prepare(documents.persisted_text(CHANNELS))
    prepare(SEARCH)
    prepare(ME)
    made = Site()
    yield made
    made.close()


def test_a_persisted_document_is_answered_ahead_of_django(site):
    for body in ({"documentId": CHANNELS}, {"query": documents.persisted_text(CHANNELS), "variables": None}):
        answer, needed = site.both(body)
        assert not needed
        assert answer.json() == {
            "data": {
                "channels": [
                    {"country": "US", "currency": "USD", "name": "US", "pricesIncludeTax": False, "slug": "us"}
                ]
            }
        }
        assert answer.headers["cache-control"] == "no-store"
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_the_search_page_is(site):
    variables = {"context": {"channel": "us"}, "input": {"text": "phone"}, "guided": True}
    answer, needed = site.both({"query": SEARCH, "variables": variables})
    assert (needed, answer.json()["data"]["guidedSearch"]["totalCount"]) == (False, 1)


def test_the_address_is_found_without_its_last_slash(site):
    assert site.both({"documentId": CHANNELS}, path="/graphql")[1] is False


def test_a_body_may_come_in_pieces(site):
    body = json.dumps({"documentId": CHANNELS}).encode()
    answer, needed = site.both([body[:5], b"", body[5:]])
    assert (needed, answer.status_code) == (False, 200)
    answer, needed = site.both([b'{"query": "', b"x" * views.MAX_BODY_BYTES, b'"', b"}"])
    assert (needed, answer.status_code) == (True, 413)


def test_the_language_is_chosen_as_django_does(site):
    for tag in ["zh-Hans", "zh-CN,zh;q=0.9,en;q=0.8", "fr", "", "*", "en-GB", "x" * 600]:
        assert site.both({"documentId": CHANNELS}, headers={"accept-language": tag})[1] is False


def test_the_admins_choice_of_language_holds_here_too(site):
    for cookie in ["django_language=zh-hans", "a=b; django_language=zh-hans", "django_language=xx", "a"]:
        answer, needed = site.both({"documentId": CHANNELS}, headers={"cookie": cookie, "accept-language": "en"})
        assert not needed
        assert answer.headers["content-language"] == ("zh-hans" if "zh-hans" in cookie else "en")


def test_labels_are_in_the_language_of_the_request(site):
    variables = {"context": {"channel": "us"}, "input": {"text": "phone"}, "guided": True}
    labels = {}
    for tag in ("en", "zh"):
        answer, needed = site.both({"query": SEARCH, "variables": variables}, headers={"accept-language": tag})
        assert not needed
        labels[tag] = [each["label"] for each in answer.json()["data"]["guidedSearch"]["dimensions"]]
    assert labels["en"] != labels["zh"]


def test_callers_are_known(site, front):
    for who in ["ada", "clerk", "manager"]:
        answer, needed = site.both({"query": ME}, headers={"authorization": f"Bearer {front.tokens[who]}"})
        assert not needed
        assert (answer.json()["data"]["me"] or {}).get("email") == ("ada@example.com" if who == "ada" else None)


def test_a_body_that_is_read_once_is_answered_for_each_caller_and_language(site, front):
    me = next(text for text in documents.persisted_texts() if "query Me {" in text)
    prepare(me)
    hot_path._kept.clear()
    emails = [
        site.both({"query": me}, headers=headers)[0].json()["data"]["me"]
        for headers in (
            {"authorization": f"Bearer {front.tokens['ada']}"},
            {"authorization": f"Bearer {front.tokens['bob']}"},
            {"authorization": f"Bearer {front.tokens['clerk']}"},
            {},
            {"accept-language": "zh"},
        )
    ]
    assert [each and each["email"] for each in emails] == ["ada@example.com", "bob@example.com", None, None, None]
    assert len(hot_path._kept) == 1


def test_a_body_that_was_read_is_refused_like_any_other(site, front):
    body = {"documentId": CHANNELS}
    assert site.both(body)[1] is False
    assert site.ask(site.hot, body, headers={"host": "evil.example"}).status_code == 400
    assert site.both(body, headers=[("content-type", "text/plain")])[0].status_code == 415
    assert code_of(site.both(body, headers={"authorization": "Bearer forged"})[0].json()) == "UNAUTHENTICATED"


def test_a_body_whose_plan_turned_out_to_be_none_is_djangos(site):
    body = {"documentId": CHANNELS}
    prepared = prepare(documents.persisted_text(CHANNELS))
    assert site.both(body)[1] is False
    plan = prepared.plan(None)
    prepared.forget_plan(None)
    try:
        assert site.both(body)[1] is True
    finally:
        prepared._plans[None] = plan


def test_only_persisted_documents_are_read_once(site):
    hot_path._kept.clear()
    text = "{ channels { slug name } }"
    prepare(text)
    for body in ({"query": text}, {"documentId": CHANNELS, "variables": {"x": "y" * hot_path.SHORT_BODY_BYTES}}):
        assert site.both(body)[1] is False
    assert len(hot_path._kept) == 0


def test_a_token_nobody_vouches_for_is_djangos_to_refuse(site):
    for header in ["Bearer forged", "Bearer ", "Basic YTpi", "forged"]:
        answer, needed = site.both({"query": ME}, headers={"authorization": header})
        assert (needed, code_of(answer.json())) == (True, "UNAUTHENTICATED")


def test_a_token_that_was_withdrawn_is_refused_at_once(site, front):
    headers = {"authorization": f"Bearer {front.tokens['clerk']}"}
    assert site.both({"query": ME}, headers=headers)[1] is False
    person = front.counter.people["clerk"]
    person.is_active = False
    person.save()
    answer, needed = site.both({"query": ME}, headers=headers)
    assert (needed, code_of(answer.json())) == (True, "UNAUTHENTICATED")


UNUSUAL = [
    (b"{", 400),
    (b"", 400),
    (b"\xff\xfe", 400),
    (b"[]", 400),
    (json.dumps([{"documentId": CHANNELS}] * 3).encode(), 400),
    (b"null", 400),
    (b"{}", 400),
    (b'{"documentId": "%s", "variables": []}' % CHANNELS.encode(), 400),
    (b'{"documentId": "%s", "operationName": 7}' % CHANNELS.encode(), 400),
    (b'{"documentId": "%s", "variables": {"a": "\\u0000"}}' % CHANNELS.encode(), 400),
    (b'{"documentId": "%s", "variables": {"a": "\\ud800"}}' % CHANNELS.encode(), 400),
    (b'{"documentId": "%s", "variables": {"a": NaN}}' % CHANNELS.encode(), 200),
    (b'{"documentId": "%s", "variables": {"a": 1234567890123456789012}}' % CHANNELS.encode(), 200),
    (b'{"documentId": "%s"} ' % CHANNELS.encode() + b" " * views.MAX_BODY_BYTES, 413),
    (b'{"documentId": "sha256:0"}', 200),
    (b'{"documentId": "%s", "operationName": "Nothing"}' % CHANNELS.encode(), 200),
    (b'{"query": "{ channels { slug } }"}', 200),
    (b'{"query": "{ nothing }"}', 200),
    (b'{"query": "mutation { cartShare(cartId: 1) { code } }"}', 200),
]


def test_what_is_unusual_is_djangos(site):
    for body, status in UNUSUAL:
        # What is seen for the first time is prepared by Django.
        documents._free.clear()
        answer, needed = site.both(body)
        assert (needed, answer.status_code) == (True, status), body


def test_other_kinds_of_requests_are_djangos(site):
    body = {"documentId": CHANNELS}
    answer, needed = site.both(body, headers=[("content-type", "text/plain")])
    assert (needed, answer.status_code) == (True, 415)
    answer, needed = site.both(body, headers=[("content-type", "Application/JSON; charset=utf-8")])
    assert (needed, answer.status_code) == (False, 200)
    site.reached.clear()
    assert site.ask(site.hot, body, headers={"host": "evil.example"}).status_code == 400
    assert site.reached
    answer, needed = site.both(
        body, headers=[("content-type", "application/json"), ("accept-language", "zh"), ("accept-language", "en")]
    )
    assert needed
    answer, needed = site.both(b"", method="GET")
    assert (needed, answer.status_code) == (True, 200)
    answer, needed = site.both(b"", method="PUT")
    assert (needed, answer.status_code) == (True, 405)


def test_wrong_variables_and_refusals_are_told_by_django(site):
    for variables in (
        {},
        {"context": {"channel": "nope"}, "input": {}, "guided": True},
        {"context": {"channel": "us"}, "input": {"first": -1}, "guided": True},
    ):
        answer, needed = site.both({"query": SEARCH, "variables": variables})
        assert needed
        assert code_of(answer.json()) in ("BAD_REQUEST", "NOT_FOUND", "INVALID")


def test_a_free_document_has_a_plan_once_it_was_seen(site):
    free = {"query": "query ($n: Int) { stores(first: $n) { edges { node { id } } } }", "variables": {"n": 2}}
    assert site.both(free)[1] is True
    assert site.both(free)[1] is False


def test_a_free_document_that_asks_too_much_is_refused(site):
    text = """query ($n: Int) { guidedSearch(context: {channel: "us"}, input: {first: $n}) { edges { node {
      accessories(first: $n) { accessories(first: $n) { id } } } } } }"""
    assert site.both({"query": text, "variables": {"n": 1}})[1] is True
    assert site.both({"query": text, "variables": {"n": 1}})[1] is False
    answer, needed = site.both({"query": text, "variables": {"n": 100}})
    assert (needed, code_of(answer.json())) == (True, "TOO_COMPLEX")


def test_attempts_are_counted_once(site):
    text = next(text for text in documents.persisted_texts() if "query OrderByNumber" in text)
    prepare(text)
    body = {"query": text, "variables": {"number": "O-1", "contact": "nobody@example.com"}}
    for expected in (1, 2):
        site.ask(site.hot, body)
        assert {each.failed for each in Attempts.objects.all()} == {expected}


def test_a_bug_is_logged_and_never_shown(site, monkeypatch, caplog):
    def broken():
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr("plugins.catalogue.selectors.channels", broken)
    answer, needed = site.both({"documentId": CHANNELS})
    assert (needed, code_of(answer.json())) == (True, "INTERNAL")
    assert "hunter2" not in answer.text
    assert "hunter2" in caplog.text


def test_what_comes_from_memory_is_answered_in_the_event_loop(site, monkeypatch, caplog):
    field = schema.core.query_type.fields["channels"].extensions["strawberry-definition"]
    monkeypatch.setattr(field, "metadata", {ANSWER: Answer(in_memory=lambda _arguments: True)})
    threads, in_thread = [], hot_path._in_thread
    monkeypatch.setattr(hot_path, "_in_thread", lambda *given: threads.append(given) or in_thread(*given))
    text = "{ channels { slug  } }"
    prepare(text).plan(None).start({}, None)

    # It says so, but asks the database: Django refuses that in the loop, and the request is run in a thread.
    with caplog.at_level(logging.WARNING):
        answer, needed = site.both({"query": text})
    assert (needed, answer.status_code, len(threads)) == (False, 200, 1)
    assert "SynchronousOnlyOperation" not in caplog.text

    monkeypatch.setattr("plugins.catalogue.selectors.channels", list)
    answer, needed = site.both({"query": text})
    assert (needed, answer.json()) == (False, {"data": {"channels": []}})
    assert len(threads) == 1
