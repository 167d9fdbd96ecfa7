"""What is let in at the door, and what a caller is told who is not."""

import json
import logging

import pytest

from commerce.errors import CoreUnavailable
from storefront_api import views
from tests.storefront_api.conftest import code_of

CHANNELS = "{ channels { slug } }"
CREATE = "mutation ($input: CartCreateInput!) { cartCreate(input: $input) { cart { id } errors { code field } } }"
CONTEXT = {"channel": "us", "salesChannel": "WEB"}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b"null", 400),
        (b"{}", 400),
        (b'{"query": ""}', 400),
        (b'{"query": 7}', 400),
        (b'{"query": "{ channels { slug } }", "variables": []}', 400),
        (b'{"query": "{ channels { slug } }", "variables": "x"}', 400),
        (b'{"query": "{ channels { slug } }", "operationName": 7}', 400),
        (b'{"query": "' + b"x" * views.MAX_BODY_BYTES + b'"}', 413),
        (b" " * 3_000_000, 413),
    ],
)
def test_what_is_not_a_graphql_request_is_refused_in_words(front, body, status):
    response = front.post(body)
    assert response.status_code == status
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert error["message"]


def test_only_json_is_read(front):
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert front.post('{"query": "{ channels { slug } }"}', content_type=content_type).status_code == 415
    for content_type in ("application/json; charset=utf-8", "Application/JSON"):
        assert front.post({"query": CHANNELS}, content_type=content_type).json()["data"]["channels"]


def test_other_methods_are_refused(front):
    for method in ("put", "patch", "delete"):
        assert getattr(front.counter.client, method)("/graphql/").status_code == 405


def test_the_address_is_found_without_its_last_slash(front):
    response = front.counter.client.post("/graphql", json.dumps({"query": CHANNELS}), content_type="application/json")
    assert response.json() == {"data": {"channels": [{"slug": "us"}]}}


def nested(depth):
    return "{ product { accessories " + "{ accessories " * depth + "{ id }" + " }" * depth + " } }"


@pytest.mark.parametrize(
    "query",
    [
        "{ nothing }",
        "{ channels { slug",
        "{ channels { slug } } }",
        "query A { channels { slug } } query B { channels { slug } }",
        "fragment A on Channel { slug }",
        "subscription { channels { slug } }",
        nested(30),
        nested(2000),
        "{ " * 2000,
        "{ a(x: " + "[" * 2500 + "]" * 2500 + ") }",
        "{ " + " ".join(f"c{i}: channels {{ slug }}" for i in range(40)) + " }",
        "{ channels { " + "slug " * 4000 + "} }",
        "fragment A on Channel { ...B } fragment B on Channel { ...A } { channels { ...A } }",
        "query ($x: NoSuchType) { channels { slug } }",
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }"
        + " " * 10
        + "{ x }",
    ],
)
def test_a_document_that_is_wrong_or_too_much_is_refused_with_a_code(front, query, caplog):
    body = front.ask(query)
    assert code_of(body) == "BAD_REQUEST"
    assert not body.get("data")
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_graphiql_may_ask_for_the_schema(front):
    from graphql import get_introspection_query

    assert "data" in front.ask(get_introspection_query())
    assert code_of(front.ask(get_introspection_query())) is None


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"input": None},
        {"input": {"context": {"channel": 7}}},
        {"input": {"context": CONTEXT, "lines": [{"sku": "CASE", "quantity": "many"}]}},
        {"input": {"context": CONTEXT, "lines": [{"sku": "CASE", "quantity": 2**40}]}},
        {"input": {"context": CONTEXT | {"previewAt": "tomorrow"}}},
        {"input": {"context": CONTEXT, "unknown": 1}},
        {"input": {"context": CONTEXT | {"salesChannel": "SMOKE"}}},
    ],
)
def test_wrong_variables_are_a_bad_request(front, variables):
    assert code_of(front.ask(CREATE, **variables)) == "BAD_REQUEST"


def test_characters_that_no_database_holds_are_an_answer_too(front):
    body = front.ask(CREATE, input={"context": {"channel": "us\0"}})
    assert code_of(body) == "BAD_REQUEST"
    for query in ('{ order(id: "\\u0000") { id } }', '{ orderByNumber(number: "O\\u0000", contact: "x") { id } }'):
        assert code_of(front.ask(query)) != "INTERNAL"
    body = front.ask("query ($x: ID!) { order(id: $x) { id } }", x="\ud800")
    assert code_of(body) == "BAD_REQUEST"
    assert body["errors"][0]["message"] == "A text holds NUL or half a character."


@pytest.mark.parametrize("query", [CHANNELS, "mutation { cartShare(cartId: 1) { code } }"])
@pytest.mark.parametrize("header", ["Bearer forged", "Bearer ", "Basic YTpi", "forged", "Bearer a.b.c"])
def test_a_token_nobody_vouches_for_is_refused_at_the_top_level(front, query, header):
    body = front.ask(query, headers={"Authorization": header})
    assert code_of(body) == "UNAUTHENTICATED"
    assert body["data"] is None


def test_a_token_of_someone_who_left_is_refused(front):
    person = front.counter.people["clerk"]
    person.is_active = False
    person.save()
    assert code_of(front.ask(CHANNELS, who="clerk")) == "UNAUTHENTICATED"


def test_a_core_that_cannot_vouch_is_told_as_such(front, monkeypatch):
    def away(token):
        raise CoreUnavailable("no keys at http://10.0.0.7")

    monkeypatch.setattr("commerce.tokens.read_shopper", away)
    response = front.post({"query": CHANNELS}, token="a.b.c")
    assert code_of(response.json()) == "CORE_UNAVAILABLE"
    assert b"10.0.0.7" not in response.content


@pytest.mark.parametrize("place", ["plugins.catalogue.selectors.channels", "storefront_api.context.get_language"])
def test_a_bug_is_logged_and_never_shown(front, monkeypatch, caplog, place):
    def broken(*_args, **_kwargs):
        raise RuntimeError("password=hunter2")

    monkeypatch.setattr(place, broken)
    response = front.post({"query": CHANNELS})
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert b"hunter2" not in response.content
    assert "hunter2" in caplog.text


def test_a_bug_in_a_mutation_is_masked_and_leaves_nothing(front, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise KeyError("hunter2")

    monkeypatch.setattr("plugins.carts.types.CartPayload.of", broken)
    response = front.post({"query": CREATE, "variables": {"input": {"context": CONTEXT}}}, key="k")
    assert code_of(response.json()) == "INTERNAL"
    assert b"hunter2" not in response.content
    assert "hunter2" in caplog.text
    from kernel.models import IdempotencyKey
    from plugins.carts.models import Cart

    assert not Cart.objects.exists()
    assert not IdempotencyKey.objects.exists()


def test_errors_speak_the_language_of_the_request(front):
    body = front.ask("{ nothing }", headers={"Accept-Language": "zh-Hans"})
    assert code_of(body) == "BAD_REQUEST"
    response = front.post({"query": CHANNELS}, headers={"Accept-Language": "zh-Hans"})
    assert response["Content-Language"] == "zh-hans"
    assert response["Cache-Control"] == "no-store"
