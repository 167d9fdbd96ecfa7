"""The resolution list through the API: who may look and settle, what is proposed, once, and in how many queries."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import proof
from inventory import services as inventory
from inventory.models import Balance, Contradiction, Movement, Unit
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, LIMIT_EXCEEDED, NOT_FOUND, PERMISSION_DENIED, REQUIRED
from plugins.store_operations.models import StoreAct
from tests.inventory.goods import imei

pytestmark = pytest.mark.django_db

LIST = """query Q($settled: Boolean!) { stockContradictions(settled: $settled, first: 50) { edges { node {
  id type sku name serial kind quantity pieces document actor settlement settledBy settledReason
} } } }"""
CASE = """query Q($id: ID!) { stockContradiction(id: $id) {
  contradiction { id settlement settledWith } unit { identifier state here store { name } }
  history { kind quantity actor document } places { store { name } sku onHand reserved unregistered bookedHere }
  proposals { settlement numbers effect }
} }"""
EFFECT = "query Q($id: ID!, $serials: [String!]!) { stockNamingEffect(contradictionId: $id, serials: $serials) }"
SETTLE = """mutation M($input: StockContradictionSettleInput!) { stockContradictionSettle(input: $input) {
  contradiction { id settlement settledBy settledReason settledWith } replayed errors { code field message }
} }"""


def code_of(body, name=None):
    return body["errors"][0]["extensions"]["code"] if "errors" in body else body["data"][name]["errors"][0]["code"]


def sold(counter, serial, store=None):
    """A sale made while the till was cut off, of a piece that the books have not free there."""
    actor = f"staff:{counter.people['clerk'].pk}"
    inventory.sell(
        store_id=(store or counter.store).pk,
        lines=[("PHONE", 1, [serial])],
        source_key=f"sale:{uuid.uuid4()}",
        actor=actor,
        allow_short=True,
    )
    return Contradiction.objects.latest("pk")


@pytest.fixture
def elsewhere(counter):
    """The serial of a phone that the other store has, sold here all the same."""
    serial = imei()
    inventory.receive(
        store_id=counter.other.pk, sku="PHONE", quantity=1, serials=[serial], source_key="in/other", actor="test"
    )
    return sold(counter, serial)


def settle(counter, row, settlement="REALLY_SOLD", *, role="manager", register="R1", **facts):
    given = {
        "clientId": str(uuid.uuid4()),
        "storeId": counter.registers[register].store_id,
        "occurredAt": counter.clock.now().isoformat(),
        "contradictionId": str(row.pk),
        "settlement": settlement,
        "reason": "It is in the other store's box.",
    }
    return counter.ask(SETTLE, token=counter.token(role, register) if role else None, input=given | facts)


def facts_of_books():
    return (
        Movement.objects.count(),
        StoreAct.objects.count(),
        sorted(Balance.objects.values_list("pk", "on_hand", "unregistered")),
        sorted(Unit.objects.values_list("pk", "state", "store_id")),
        sorted(Contradiction.objects.values_list("pk", "settlement")),
    )


def listed(counter, *, settled=False, role="manager", register="R1"):
    body = counter.ask(LIST, token=counter.token(role, register), settled=settled)
    return [edge["node"] for edge in body["data"]["stockContradictions"]["edges"]]


def test_a_manager_sees_the_case_and_settles_it_as_proposed(counter, elsewhere):
    (row,) = listed(counter)
    assert row == {
        "id": str(elsewhere.pk),
        "type": "SOLD_IN_BOOKS",
        "sku": "PHONE",
        "name": "Phone",
        "serial": elsewhere.serial,
        "kind": "SALE",
        "quantity": -1,
        "pieces": -1,
        "document": None,
        "actor": "Clerk",
        "settlement": None,
        "settledBy": None,
        "settledReason": None,
    }
    found = counter.ask(CASE, token=counter.token("manager"), id=row["id"])["data"]["stockContradiction"]
    assert found["unit"] == {
        "identifier": elsewhere.serial,
        "state": "IN_STOCK",
        "here": False,
        "store": {"name": "Store-2"},
    }
    assert [(event["kind"], event["quantity"]) for event in found["history"]] == [("RECEIPT", 1)]
    assert [(place["store"]["name"], place["onHand"], place["bookedHere"]) for place in found["places"]] == [
        ("Store-1", 2, True),
        ("Store-2", 1, False),
    ]
    assert found["proposals"] == [
        {
            "settlement": "REALLY_SOLD",
            "numbers": 0,
            "effect": [
                "Store-2: Transfer out, -1 × PHONE (Sales floor)",
                "Store-1: Transfer in, +1 × PHONE (Sales floor)",
                f"{elsewhere.serial}: In stock → Sold, on the books of Store-1",
            ],
        },
        {"settlement": "NAME_UNITS", "numbers": 1, "effect": []},
    ]
    before = Movement.objects.count()
    done = settle(counter, elsewhere)["data"]["stockContradictionSettle"]
    assert done == {
        "contradiction": {
            "id": str(elsewhere.pk),
            "settlement": "REALLY_SOLD",
            "settledBy": "Manager",
            "settledReason": "It is in the other store's box.",
            "settledWith": [],
        },
        "replayed": False,
        "errors": [],
    }
    assert Movement.objects.count() == before + 2
    assert (counter.on_hand("PHONE"), counter.on_hand("PHONE", counter.other)) == (3, 0)
    assert proof.differences() == []
    assert listed(counter) == []
    assert [row["settlement"] for row in listed(counter, settled=True)] == ["REALLY_SOLD"]
    closed = counter.ask(CASE, token=counter.token("manager"), id=row["id"])["data"]["stockContradiction"]
    assert closed["proposals"] == []


def test_naming_the_right_piece_is_shown_before_it_is_done(counter, elsewhere):
    right, token = counter.serials[0], counter.token("manager")
    before = facts_of_books()
    effect = counter.ask(EFFECT, token=token, id=str(elsewhere.pk), serials=[right])["data"]["stockNamingEffect"]
    assert effect == [
        f"{right}: In stock → Sold, on the books of Store-1",
        "Store-1: pieces of PHONE without a number +1",
    ]
    for serials, code in (
        ([], "SERIAL_REQUIRED"),
        (["123"], "SERIAL_INVALID"),
        ([imei()], "SETTLEMENT_NOT_POSSIBLE"),
        ([elsewhere.serial], "SETTLEMENT_NOT_POSSIBLE"),
        (["1"] * 51, LIMIT_EXCEEDED),
    ):
        assert code_of(counter.ask(EFFECT, token=token, id=str(elsewhere.pk), serials=serials)) == code
    assert facts_of_books() == before
    done = settle(counter, elsewhere, "NAME_UNITS", serials=[right])["data"]["stockContradictionSettle"]
    assert (done["errors"], done["contradiction"]["settledWith"]) == ([], [right])
    assert Unit.objects.get(identifier=right).state == "SOLD"
    assert proof.differences() == []


def test_told_again_it_is_settled_once(counter, elsewhere):
    key = str(uuid.uuid4())
    first = settle(counter, elsewhere, clientId=key)["data"]["stockContradictionSettle"]
    once = facts_of_books()
    again = settle(counter, elsewhere, clientId=key, register="R2")["data"]["stockContradictionSettle"]
    assert (first["replayed"], again["replayed"]) == (False, True)
    assert again["contradiction"] == first["contradiction"]
    other = settle(counter, elsewhere, clientId=key, reason="Another word.")
    assert code_of(other, "stockContradictionSettle") == IDEMPOTENCY_MISMATCH
    late = settle(counter, elsewhere, "NOTED")
    assert code_of(late, "stockContradictionSettle") == "CONTRADICTION_SETTLED"
    assert facts_of_books() == once


@pytest.mark.parametrize("role", [None, "clerk"])
def test_nobody_but_a_manager_looks_or_settles(counter, elsewhere, role):
    before = facts_of_books()
    token = counter.token(role) if role else None
    denied = "UNAUTHENTICATED" if role is None else PERMISSION_DENIED
    asked = {"id": str(elsewhere.pk)}
    assert code_of(counter.ask(LIST, token=token, settled=False)) == denied
    assert code_of(counter.ask(CASE, token=token, **asked)) == denied
    assert code_of(counter.ask(EFFECT, token=token, serials=[counter.serials[0]], **asked)) == denied
    assert code_of(settle(counter, elsewhere, role=role), "stockContradictionSettle") == denied
    assert facts_of_books() == before


def test_another_store_has_its_own_list(counter, elsewhere):
    before = facts_of_books()
    token = counter.token("manager", "R9")
    assert listed(counter, register="R9") == []
    assert code_of(counter.ask(CASE, token=token, id=str(elsewhere.pk))) == NOT_FOUND
    assert code_of(settle(counter, elsewhere, register="R9"), "stockContradictionSettle") == NOT_FOUND
    foreign = settle(counter, elsewhere, storeId=counter.other.pk)
    assert code_of(foreign, "stockContradictionSettle") == PERMISSION_DENIED
    assert facts_of_books() == before


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"contradictionId": "x"}, NOT_FOUND, None),
        ({"contradictionId": "9" * 30}, NOT_FOUND, None),
        ({"contradictionId": "0"}, NOT_FOUND, None),
        ({"reason": " "}, REQUIRED, "reason"),
        ({"reason": "x" * 201}, INVALID, "reason"),
        ({"settlement": "WRITE_OFF"}, "SETTLEMENT_NOT_POSSIBLE", "settlement"),
        ({"settlement": "NAME_UNITS"}, "SERIAL_REQUIRED", None),
        ({"settlement": "NAME_UNITS", "serials": ["nonsense"]}, "SERIAL_INVALID", None),
        ({"settlement": "NAME_UNITS", "serials": ["1"] * 51}, LIMIT_EXCEEDED, "serials"),
        ({"serials": ["356938035643809"]}, INVALID, "serials"),
        ({"clientId": "x"}, INVALID, "clientId"),
    ],
)
def test_wrong_input_is_a_sentence_and_changes_nothing(counter, elsewhere, facts, code, field):
    before = facts_of_books()
    (problem,) = settle(counter, elsewhere, **facts)["data"]["stockContradictionSettle"]["errors"]
    assert (problem["code"], problem["field"]) == (code, field)
    assert problem["message"].endswith(".")
    assert facts_of_books() == before


def test_more_entries_take_no_more_queries(counter, elsewhere):
    token = counter.token("manager")

    def queries(document, **variables):
        with CaptureQueriesContext(connection) as made:
            body = counter.ask(document, token=token, **variables)
        assert "errors" not in body
        return len(made)

    few = [queries(LIST, settled=False), queries(CASE, id=str(elsewhere.pk))]
    before = len(listed(counter))
    for _ in range(5):
        sold(counter, imei())
    assert len(listed(counter)) >= before + 5
    many = [queries(LIST, settled=False), queries(CASE, id=str(elsewhere.pk))]
    assert many == few
    assert many[1] <= 24
