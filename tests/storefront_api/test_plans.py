"""Plans answer what graphql-core answers: for random documents, and for the clients' own, whoever asks."""

import itertools
import json
import uuid
from collections import Counter as Tally

import orjson
import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from graphql import OperationType, Undefined, coerce_input_value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strawberry.types.arguments import convert_arguments

from kernel.errors import ApiError
from kernel.identity import GUEST
from storefront_api import documents, operations
from storefront_api.completion import UnsupportedError
from storefront_api.context import Context
from storefront_api.documents import RefusedDocumentError, prepare
from storefront_api.inputs import converter
from storefront_api.operations import Document
from storefront_api.schema import schema
from tests.counter import ADA
from tests.storefront_api.free_documents import Writer, questions

CORES = schema.core
POOLS = {
    "channel": ["us", "us", "us", "nope"],
    "storeId": ["store-1", "store-2", "nobody"],
    "sku": ["PHONE", "CASE", "NOPE"],
    "skus": ["PHONE", "CASE"],
    "storeIds": ["store-1", "nobody"],
    "slug": ["phone", "case", "nope"],
    "id": ["p-PHONE", "nobody"],
    "code": ["PHONE", "CASE", "0012345678905", "nothing"],
    "text": ["phone", "case", "phnoe", ""],
    "prefix": ["p", "ca", ""],
    "dimension": ["brand", "kind", "price", "in_store", "nothing"],
    "values": ["DEVICE", "ACCESSORY", "true", "Samsung"],
    "after": ["", "no cursor"],
    "cursor": [""],
}


def as_sent(body):
    """The body as Django sends it, read again."""
    return json.loads(json.dumps(body, cls=DjangoJSONEncoder))


def both(prepared, variables, caller, language="en"):
    """The answers by graphql-core and by plan; None by plan where graphql-core has to be asked."""
    context = Context(caller=caller, language=language, remote_address="127.0.0.1")
    with translation.override(language):
        try:
            slow = as_sent(operations.execute(Document(prepared.text, variables), context))
        except ApiError as refusal:
            # Before anything is resolved; the bare route leaves such a document to Django.
            return {"errors": [operations.format_api_error(refusal)]}, None, refusal.code
        plan = prepared.plan(None)
        if plan is None:
            return slow, None, "no plan"
        try:
            return slow, orjson.loads(plan.start(variables, context).answer()), ""
        except UnsupportedError:
            return slow, None, "no plan"
        except Exception as error:  # noqa: BLE001 - whatever it is, graphql-core must have an error too
            return slow, None, repr(error)


def assert_equal(slow, fast, reason):
    if fast is not None:
        # With the order of keys.
        assert json.dumps(fast) == json.dumps(slow)
    elif reason != "no plan":
        assert slow.get("errors"), f"the plan gave up without need: {reason}"


@pytest.fixture
def shop(front):
    """Something to see for everybody."""
    order = front.counter.order(("PHONE", 1), ("CASE", 1), method="CARD", caller=ADA)
    cart = front.counter.held_cart(("CASE", 2), caller=ADA)
    pools = POOLS | {
        "storeId": [front.counter.store.pk, front.counter.other.pk, "nobody"],
        "storeIds": [front.counter.store.pk, front.counter.other.pk],
        "id": ["p-PHONE", "p-CASE", cart.pk, order.pk, "nobody"],
        "cartId": [cart.pk, "nobody"],
        "number": [order.number],
    }
    callers = [GUEST, ADA, front.counter.staff("clerk"), front.counter.staff("manager")]
    return front, pools, callers, order, cart


def test_random_documents_are_answered_alike(shop):
    _front, pools, callers, _order, _cart = shop
    outcomes = Tally()

    @settings(
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        max_examples=max(100, settings().max_examples),
    )
    @given(questions(CORES, pools))
    def alike(question):
        try:
            prepared = prepare(question.text)
        except RefusedDocumentError:
            outcomes["refused"] += 1
            return
        for caller in callers:
            slow, fast, reason = both(prepared, question.variables, caller)
            outcomes["planned" if fast is not None else "errors" if slow.get("errors") else reason] += 1
            assert_equal(slow, fast, reason)

    alike()
    # The test is worth something only while some of the documents are good ones.
    assert outcomes["planned"] > 0.02 * outcomes.total(), outcomes


ROOTS = [
    definition
    for root in (CORES.query_type, CORES.mutation_type)
    for definition in root.fields.values()
    if definition.args
]


@given(st.data())
def test_resolvers_get_the_arguments_that_strawberry_makes(data):
    definition = data.draw(st.sampled_from(ROOTS))
    own = definition.extensions["strawberry-definition"]
    writer = Writer(data.draw, CORES, POOLS)
    coerced = {
        name: coerce_input_value(writer.any_value(name, argument.type), argument.type)
        for name, argument in definition.args.items()
        if data.draw(st.booleans())
    }
    coerced = {name: value for name, value in coerced.items() if value is not Undefined}
    made = convert_arguments(coerced, own.arguments, schema.schema_converter.scalar_registry, schema.config)
    ours = converter(schema, own.arguments)(coerced)
    assert ours == made
    assert list(ours) == list(made)
    for name, value in coerced.items():
        if isinstance(value, list):
            assert not any(each is value for each in ours.values()), name


CONTEXT = {"channel": "us", "salesChannel": "WEB"}
PERSISTED = {
    prepared.operations(None)[0].name.value: prepared
    for prepared in (prepare(text) for text in documents.persisted_texts())
    if prepared.operations(None)[0].operation is OperationType.QUERY
}
NEVER = {"OrderByNumber"}


def variables_of(name, front, order, cart):
    """Variables with which the client's document has something to show."""
    store = front.counter.store.pk
    return {
        "Search": {"context": CONTEXT | {"storeId": store}, "input": {"text": "phone", "first": 24}, "guided": True},
        "Typeahead": {"context": CONTEXT, "prefix": "pho"},
        "Categories": {"context": CONTEXT},
        "Count": {"context": CONTEXT, "input": {"text": "phone"}},
        "NearbyStock": {"country": "US", "skus": ["PHONE"], "near": {"latitude": 30.2, "longitude": -97.7}, "first": 5},
        "PosElsewhere": {"country": "US", "skus": ["PHONE"], "first": 5},
        "Product": {"context": CONTEXT, "slug": "phone"},
        "LineProduct": {"context": CONTEXT, "sku": "PHONE"},
        "Availability": {"skus": ["PHONE", "CASE"], "storeIds": [store], "first": 5},
        "Stores": {"near": {"latitude": 30.2, "longitude": -97.7}, "first": 20},
        "Cart": {"id": cart.pk},
        "PickupOptions": {"cartId": cart.pk, "first": 5},
        "Order": {"id": order.pk},
        "OrderByNumber": {"number": order.number, "contact": "ada@example.com"},
        "PosCatalogueDelta": {"storeId": store, "first": 100},
        "PosGuidedSearch": {"context": CONTEXT, "input": {"text": "phone"}},
        "PosAvailability": {"skus": ["PHONE"], "storeIds": [store]},
        "PosLookupCode": {"context": CONTEXT | {"storeId": store}, "code": front.counter.serials[0]},
        "PosPickupQueue": {"storeId": store},
        "PosStockLookup": {"code": front.counter.serials[0]},
    }.get(name)


def guessed(name, store):
    """Variables for a document without a row above: what its resolver says, a refusal included, is answered alike."""
    values = {"storeId": store, "first": 5, "after": None, "code": "nothing"}
    operation = PERSISTED[name].operations(None)[0]
    names = [definition.variable.name.value for definition in operation.variable_definitions or ()]
    return {one: values.get(one, str(uuid.UUID(int=0))) for one in names}


@pytest.mark.parametrize("name", sorted(PERSISTED))
def test_a_clients_document_is_answered_alike(shop, name):
    front, _pools, callers, order, cart = shop
    told = variables_of(name, front, order, cart)
    variables = guessed(name, front.counter.store.pk) if told is None else told
    planned = 0
    for caller, language in itertools.product(callers, ["en", "zh-hans"]):
        for switched in ({}, {"guided": False}, {"context": {"channel": "nope"}}, {"first": -1}, {"first": "x"}):
            if switched.keys() <= variables.keys():
                slow, fast, reason = both(PERSISTED[name], variables | switched, caller, language)
                assert_equal(slow, fast, reason)
                planned += fast is not None
    # A document that can be answered without its variables has something to show too.
    if told is not None or not variables:
        assert bool(planned) == (name not in NEVER)
