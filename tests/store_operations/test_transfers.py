"""Transfers and returns to vendors as devices do them: each end in its own store, through the API."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import errors, proof
from inventory.models import Transfer, VendorReturn
from kernel.errors import NOT_FOUND
from plugins.store_operations.models import StoreAct

pytestmark = pytest.mark.django_db

FIELDS = """id number state pushed requested shipped inTransit origin { id } target { id }
  lines { sku tracked requested approved shipped received damaged inTransit serials }
  differences { id kind sku quantity serial settlement }"""
LIST = "query($in: Boolean!) { stockTransfers(incoming: $in) { edges { node { id number state inTransit } } } }"
ONE = "query($id: ID!) { stockTransfer(id: $id) { %s } }" % FIELDS  # noqa: UP031
INPUTS = {
    "stockTransferRequest": "StockTransferRequestInput",
    "stockTransferDecide": "StockTransferDecideInput",
    "stockTransferPick": "StockTransferInput",
    "stockTransferShip": "StockTransferShipInput",
    "stockTransferCancel": "StockTransferInput",
    "stockTransferReceive": "StockTransferReceiveInput",
    "stockTransferSettle": "StockTransferSettleInput",
}


@pytest.fixture
def sender(counter):
    """Acts of the store that has the goods; a clerk's unless said otherwise."""
    return lambda name, role="clerk", **facts: act(counter, counter.store, "R1", name, role, facts)


@pytest.fixture
def receiver(counter):
    """Acts of the other store."""
    return lambda name, role="clerk", **facts: act(counter, counter.other, "R9", name, role, facts)


def act(counter, store, register, name, role, facts):
    given = {"clientId": str(uuid.uuid4()), "occurredAt": "2026-03-02T10:00:00-06:00", "storeId": store.pk} | facts
    query = "mutation($input: %s!) { %s(input: $input) { transfer { %s } replayed errors { code message } } }" % (  # noqa: UP031
        INPUTS[name],
        name,
        FIELDS,
    )
    body = counter.ask(query, token=counter.token(role, register), input=given)
    return body["data"][name] if not body.get("errors") else body["errors"][0]["extensions"]["code"]


def codes(payload):
    return [error["code"] for error in payload["errors"]]


@pytest.fixture
def requested(counter, receiver):
    lines = [{"sku": "PHONE", "quantity": 2}, {"sku": "CASE", "quantity": 3}]
    made = receiver("stockTransferRequest", otherStoreId=counter.store.pk, pushed=False, lines=lines, note="Sold out")
    return made["transfer"]["id"]


def test_the_whole_way_with_a_loss(counter, sender, receiver, requested):
    case = {"sku": "CASE", "quantity": 3}
    first, second = counter.serials[:2]
    assert sender("stockTransferDecide", transferId=requested, approve=True)["transfer"]["state"] == "APPROVED"
    assert sender("stockTransferPick", transferId=requested)["transfer"]["state"] == "PICKING"
    assert counter.available("CASE") == 7
    key = str(uuid.uuid4())
    phones = {"sku": "PHONE", "quantity": 2, "serials": [first, second]}
    sent = [
        sender("stockTransferShip", transferId=requested, lines=[phones, case], clientId=key) for _twice in range(2)
    ]
    assert [payload["replayed"] for payload in sent] == [False, True]
    assert (sent[0]["transfer"]["state"], sent[0]["transfer"]["inTransit"]) == ("SHIPPED", 5)
    for token, incoming in ((counter.token(), False), (counter.token("clerk", "R9"), True)):
        (edge,) = counter.ask(LIST, token=token, **{"in": incoming})["data"]["stockTransfers"]["edges"]
        assert (edge["node"]["state"], edge["node"]["inTransit"]) == ("SHIPPED", 5)

    phone = {"sku": "PHONE", "quantity": 1, "serials": [first]}
    arrived = receiver("stockTransferReceive", transferId=requested, lines=[phone, case], finish=True)
    assert (arrived["errors"], arrived["transfer"]["state"], arrived["transfer"]["inTransit"]) == ([], "RECEIVED", 1)
    (short,) = arrived["transfer"]["differences"]
    assert (short["kind"], short["serial"], short["settlement"]) == ("SHORT", second, None)
    settling = {"transferId": requested, "differenceId": short["id"], "settlement": "NEVER_LEFT"}
    assert sender("stockTransferSettle", **settling) == "PERMISSION_DENIED"
    settled = sender("stockTransferSettle", role="manager", **settling)
    assert (settled["errors"], settled["transfer"]["inTransit"]) == ([], 0)
    assert (counter.on_hand("PHONE"), counter.on_hand("PHONE", counter.other)) == (2, 1)
    assert proof.differences() == []


def test_each_end_does_its_own_part_alone(counter, sender, receiver, requested):
    case = {"sku": "CASE", "quantity": 1}
    for name, facts in (
        ("stockTransferDecide", {"approve": True}),
        ("stockTransferPick", {}),
        ("stockTransferShip", {"lines": [case]}),
    ):
        assert codes(receiver(name, transferId=requested, **facts)) == [NOT_FOUND]
    assert codes(sender("stockTransferReceive", transferId=requested, lines=[case], finish=True)) == [NOT_FOUND]
    assert codes(
        sender("stockTransferSettle", role="manager", transferId=requested, differenceId="1", settlement="LOST")
    )
    assert Transfer.objects.get().state == "REQUESTED"
    assert StoreAct.objects.count() == 1
    assert receiver("stockTransferCancel", transferId=requested)["transfer"]["state"] == "CANCELLED"
    assert codes(sender("stockTransferDecide", transferId=requested, approve=True)) == [errors.DOCUMENT_CLOSED]


def test_a_store_sends_of_its_own_accord(counter, sender):
    lines = [{"sku": "CASE", "quantity": 3}]
    made = sender("stockTransferRequest", otherStoreId=counter.other.pk, pushed=True, lines=lines)["transfer"]
    assert (made["state"], made["origin"]["id"], made["target"]["id"]) == (
        "APPROVED",
        counter.store.pk,
        counter.other.pk,
    )
    assert sender("stockTransferPick", transferId=made["id"])["errors"] == []


def test_a_list_costs_the_same_however_long_it_is(counter, receiver, requested):
    def cost(query, **variables):
        with CaptureQueriesContext(connection) as queries:
            assert "errors" not in counter.ask(query, token=counter.token("clerk", "R9"), **variables)
        return len(queries)

    counter.ask(LIST, token=counter.token("clerk", "R9"), **{"in": True})
    before, one = cost(LIST, **{"in": True}), cost(ONE, id=requested)
    for _more in range(3):
        lines = [{"sku": "CASE", "quantity": 1}]
        receiver("stockTransferRequest", otherStoreId=counter.store.pk, pushed=False, lines=lines)
    assert cost(LIST, **{"in": True}) == before
    assert cost(ONE, id=str(Transfer.objects.first().pk)) == one


RETURNS = "{ stockVendorReturns { edges { node { number vendor state lines { sku quantity serials } } } } }"
PREPARE = """mutation($input: VendorReturnPrepareInput!) { stockVendorReturnPrepare(input: $input) {
  vendorReturn { id state } replayed errors { code } } }"""
SHIP = """mutation($input: VendorReturnActInput!) { stockVendorReturnShip(input: $input) {
  vendorReturn { state } replayed errors { code } } }"""


def test_a_manager_sends_goods_back_to_their_vendor(counter):
    token = counter.token("manager", "R2")

    def told(**facts):
        return {
            "clientId": str(uuid.uuid4()),
            "occurredAt": "2026-03-02T10:00:00Z",
            "storeId": counter.store.pk,
        } | facts

    line = {"sku": "PHONE", "quantity": 1, "serials": counter.serials[:1], "fromQuarantine": False}
    given = told(vendor="Acme", authorisation="RMA-1", lines=[line])
    made = [counter.ask(PREPARE, token=token, input=given)["data"]["stockVendorReturnPrepare"] for _twice in range(2)]
    assert [payload["replayed"] for payload in made] == [False, True]
    assert VendorReturn.objects.count() == 1
    (edge,) = counter.ask(RETURNS, token=token)["data"]["stockVendorReturns"]["edges"]
    assert edge["node"]["lines"] == [{"sku": "PHONE", "quantity": 1, "serials": counter.serials[:1]}]
    sent = counter.ask(SHIP, token=token, input=told(returnId=made[0]["vendorReturn"]["id"]))
    assert sent["data"]["stockVendorReturnShip"]["vendorReturn"]["state"] == "SHIPPED"
    assert counter.on_hand("PHONE") == 2
    missing = counter.ask(SHIP, token=token, input=told(returnId="0"))["data"]["stockVendorReturnShip"]
    assert codes(missing) == [NOT_FOUND]
    assert proof.differences() == []
