"""Persisted documents, and what a free document may ask for."""

import json

import pytest
from graphql import OperationDefinitionNode, get_introspection_query, get_named_type, is_list_type, parse
from graphql.type import get_nullable_type, is_object_type

from kernel.errors import ApiError
from kernel.identity import GUEST
from kernel.models import IdempotencyKey
from plugins.carts.models import Cart
from storefront_api import documents, limits
from storefront_api.context import Context
from storefront_api.documents import MANIFESTS, RefusedDocumentError, prepare
from storefront_api.schema import schema
from tests.storefront_api.conftest import code_of

CLIENTS = {path.stem: json.loads(path.read_text()) for path in MANIFESTS.glob("*.json")}
PERSISTED = [(client, key, text) for client, texts in CLIENTS.items() for key, text in texts.items()]
CHANNELS = next((key, text) for _client, key, text in PERSISTED if "query Channels" in text)
CREATE = next((key, text) for _client, key, text in PERSISTED if "mutation CartCreate" in text)
CASE = {"input": {"context": {"channel": "us", "salesChannel": "WEB"}, "lines": [{"sku": "CASE", "quantity": 1}]}}
SEARCH = '{ guidedSearch(context: {channel: "us"}, input: {first: %s}) { edges { node { %s } } } }'


def refused(text):
    with pytest.raises(RefusedDocumentError) as caught:
        prepare(text)
    error = caught.value.errors[0]
    return error.code if isinstance(error, ApiError) else "BAD_REQUEST"


def test_both_clients_have_a_manifest():
    assert {client: len(texts) > 10 for client, texts in CLIENTS.items()} == {"web_client": True, "pos_client": True}


@pytest.mark.parametrize(("client", "key", "text"), PERSISTED, ids=[f"{each[0]}-{each[1][7:15]}" for each in PERSISTED])
def test_a_persisted_document_is_valid_and_named_by_its_hash(client, key, text):
    import hashlib

    assert key == "sha256:" + hashlib.sha256(text.encode()).hexdigest()
    prepared = prepare(documents.persisted_text(key))
    assert not prepared.is_free
    assert len(prepared.operations(None)) == 1


def test_a_persisted_document_is_named_by_its_id_or_by_apollos_hash(front):
    key, text = CHANNELS
    by_text = front.post({"query": text}).json()
    assert by_text["data"]["channels"]
    assert front.post({"documentId": key}).json() == by_text
    apollo = {"persistedQuery": {"version": 1, "sha256Hash": key.removeprefix("sha256:")}}
    assert front.post({"extensions": apollo, "variables": {}}).json() == by_text
    assert front.post({"extensions": apollo, "query": "{ channels { currency } }"}).json() != by_text


@pytest.mark.parametrize("key", ["sha256:" + "0" * 64, "", "x", 7, ["a"], {"a": 1}, True])
def test_an_unknown_id_is_told_as_such(front, key):
    response = front.post({"documentId": key})
    (error,) = response.json()["errors"]
    assert response.status_code == 200
    assert error["extensions"] == {"code": "PERSISTED_DOCUMENT_NOT_FOUND", "field": "documentId"}


def test_an_unknown_hash_is_told_in_apollos_words(front):
    body = front.post({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}}).json()
    assert code_of(body) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_mutation_repeated_by_text_is_the_one_sent_by_id(front):
    key, text = CREATE
    shuffled = text.replace(
        "cartCreate(input: $input) { cart { ...CartFields } errors { ...ErrorFields } }",
        "cartCreate(input: $input) {\n errors { ...ErrorFields }, cart { ...CartFields } }",
    )
    assert shuffled != text
    first = front.post({"documentId": key, "variables": CASE}, key="k").json()
    again = front.post({"query": shuffled, "variables": CASE}, key="k").json()
    assert first["data"]["cartCreate"]["cart"]["id"] == again["data"]["cartCreate"]["cart"]["id"]
    assert (Cart.objects.count(), IdempotencyKey.objects.count()) == (1, 1)
    other = front.post({"query": text.replace("postalCode ", ""), "variables": CASE}, key="k").json()
    assert code_of(other) == "IDEMPOTENCY_MISMATCH"


def repeated(levels, times):
    """Each level asks `times` times for the same field: validation would compare all pairs of all pairs."""
    return " ".join(["accessories { " + repeated(levels - 1, times) + " }"] * times) if levels else "id"


def fragments_within_fragments(count):
    """Each fragment spreads the next one twice: 2**count fields if they were spread out."""
    parts = [
        f"fragment F{n} on Product {{ a{n}: accessories {{ ...F{n + 1} }} accessories {{ ...F{n + 1} }} }}"
        for n in range(count)
    ]
    return " ".join([*parts, f"fragment F{count} on Product {{ id }}", SEARCH % (1, "...F0")])


TOO_MUCH = {
    "depth": SEARCH % (1, repeated(20, 1)),
    "depth through fragments": fragments_within_fragments(13),
    "aliases": "{ " + " ".join(f"c{n}: channels {{ slug }}" for n in range(31)) + " }",
    "as many aliases as tokens allow": "{ " + " ".join(f"c{n}: __typename" for n in range(990)) + " }",
    "2,000 aliases": "{ " + " ".join(f"c{n}: __typename" for n in range(2000)) + " }",
    "2,000 searches": "{ "
    + " ".join(f'c{n}: guidedSearch(context: {{channel: "us"}}, input: {{}}) {{ totalCount }}' for n in range(2000))
    + " }",
    "2,000 levels": SEARCH % (1, "accessories { " * 2000 + "id" + " }" * 2000),
    "fields": SEARCH % (1, "...F") + " fragment F on Product { ... on Product { id } " + "... { name } " * 700 + "}",
    "repeats": "{ channels { " + "slug " * 60 + "} }",
    "repeats below repeats": SEARCH % (1, repeated(4, 4)),
    "repeats through fragments": "{ " + " ".join(["...F"] + ["channels { slug }"] * 60) + " }"
    " fragment F on Query { channels { slug } }",
    "repeats in a fragment that nobody uses": "{ channels { slug } } fragment F on Channel { " + "slug " * 60 + "}",
    "fragments": "{ channels { slug } } " + " ".join(f"fragment F{n} on Channel {{ slug }}" for n in range(60)),
    "tokens": "{ channels { slug " + "... { slug } " * 1000 + "} }",
    "introspection": "{ __schema { types { fields { type { " + "ofType { " * 15 + "name" + " }" * 15 + " } } } } }",
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_too_much_is_refused_before_it_is_validated(case, monkeypatch):
    monkeypatch.setattr(schema, "problems", lambda _ast: pytest.fail("was validated"), raising=False)
    assert refused(TOO_MUCH[case]) == "BAD_REQUEST"


def test_a_cycle_of_fragments_is_refused():
    assert (
        refused("{ channels { ...A } } fragment A on Channel { ...B } fragment B on Channel { ...A }") == "BAD_REQUEST"
    )


@pytest.mark.parametrize(("client", "key", "text"), PERSISTED, ids=[f"{each[0]}-{each[1][7:15]}" for each in PERSISTED])
def test_the_clients_could_send_their_documents_as_text_too(client, key, text):
    ast = parse(text)
    limits.check_shape(ast)
    [operation] = [node for node in ast.definitions if isinstance(node, OperationDefinitionNode)]
    first = 1000 if "posCatalogue" in text else 24
    limits.check_cost(schema.core, ast, operation, {"first": first, "input": {"first": first}, "skus": ["A"] * 10})


def cost_of(text, **variables):
    prepared = prepare(text)
    return limits.cost(schema.core, prepared.ast, prepared.operations(None)[0], variables)


def test_cost_is_the_number_of_values_that_an_answer_may_hold():
    assert cost_of("{ channels { slug name } }") == 1 + limits.OTHER_LISTS * 2
    # The result, its edges, and 7 times node, id and name.
    assert cost_of(SEARCH % (7, "id name")) == 1 + 1 + 7 * 3
    assert cost_of(SEARCH % (7, "...F") + " fragment F on Product { id name }") == 1 + 1 + 7 * 3
    by_variable = "query ($n: Int = 3) { stores(first: $n) { edges { node { id } } } }"
    assert cost_of(by_variable) == 1 + 1 + 3 * 2
    assert cost_of(by_variable, n=5) == 1 + 1 + 5 * 2
    assert cost_of(by_variable, n=None) == cost_of(by_variable, n=10**9) == 1 + 1 + limits.LARGEST_PAGE * 2
    assert cost_of(by_variable, n=-1) == 1 + 1
    assert cost_of("{ stores { edges { node { id } } } }") == 1 + 1 + 20 * 2
    assert cost_of(SEARCH.replace("{first: %s}", "{}") % "id") == 1 + 1 + 24 * 2
    by_skus = "query ($s: [String!]!) { availability(skus: $s, first: 4) { sku stores { quantity } } }"
    assert cost_of(by_skus, s=["A", "B"]) == 1 + 2 * (1 + 1 + 4)
    assert cost_of(by_skus, s="A") == 1 + 1 * (1 + 1 + 4)


def test_fragments_that_spread_each_other_twice_are_counted_and_answered_once(front):
    chain = " ".join(f"fragment F{n} on Product {{ ...F{n + 1} ...F{n + 1} }}" for n in range(45))
    text = f"{SEARCH % (1, '...F0')} {chain} fragment F45 on Product {{ id }}"
    assert cost_of(text) == 1 + 1 + 1 * 2
    assert front.ask(text)["data"]["guidedSearch"]["edges"]
    prepare(text).plan(None).start({}, Context(GUEST, "en", "")).answer()


def test_an_answer_that_could_be_too_large_is_refused(front):
    nested = SEARCH % (100, "accessories(first: 100) { accessories(first: 100) { id } }")
    body = front.ask(nested)
    assert (code_of(body), body["data"]) == ("TOO_COMPLEX", None)
    by_variable = nested.replace("{ guided", "query ($n: Int) { guided").replace("first: 100", "first: $n")
    assert code_of(front.ask(by_variable, n=100)) == "TOO_COMPLEX"
    assert code_of(front.ask(by_variable, n=2)) is None
    assert code_of(front.ask(nested.replace("first: 100", "first: 10000"))) == "TOO_COMPLEX"
    assert code_of(front.ask(SEARCH % (10000, "id"))) == "INVALID"


def test_sizes_name_lists_of_the_schema():
    lists = {
        f"{type_.name}.{name}"
        for type_ in schema.core.type_map.values()
        if is_object_type(type_)
        for name, field in type_.fields.items()
        if is_list_type(get_nullable_type(field.type))
    }
    assert set(limits.SIZES) - lists == set()
    fields = {f"Query.{name}": field for name, field in schema.core.query_type.fields.items()}
    assert set(limits.GIVEN) | set(limits.LARGEST_PAGES) <= set(fields)
    assert get_named_type(fields["Query.availability"].args[limits.GIVEN["Query.availability"]].type).name == "String"


def test_a_free_document_is_kept_while_it_is_used(monkeypatch):
    monkeypatch.setattr(documents, "_free", type(documents._free)(60))
    first = prepare("{ channels { slug } }")
    assert first.is_free
    assert prepare("{ channels { slug } }") is first
    assert documents.ready("{ channels { slug currency } }") is None
    prepare("{ channels { name } }")
    prepare("{ channels { currency } }")
    prepare("{ channels { country } }")
    assert documents.ready("{ channels { slug } }") is None
    refused("{ channels { nothing } }")
    assert documents.ready("{ channels { nothing } }") is None


def test_the_schema_may_be_asked_for():
    assert prepare(get_introspection_query()).is_free
