"""Receiving deliveries as a device does it: through the API, offline repeats included."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory import errors, proof
from inventory.models import Movement, Receipt, ReceiptDifference, ShippingNotice, UnitIdentifier
from inventory.services import receiving
from kernel.errors import IDEMPOTENCY_MISMATCH, LIMIT_EXCEEDED, NOT_FOUND, PERMISSION_DENIED
from plugins.store_operations.models import StoreAct
from tests.inventory.goods import imei

pytestmark = pytest.mark.django_db

DELIVERY = """id number supplier state expected arrived lineCount
  lines { sku name tracked expected received damaged serials } differences { kind sku name quantity serial note }"""
LIST = "{ stockDeliveries { edges { node { id number supplier state expected arrived lineCount } } } }"
ONE = "query($id: ID!) { stockDelivery(id: $id) { %s } }" % DELIVERY  # noqa: UP031
RECEIVE = """mutation($input: StockDeliveryReceiveInput!) { stockDeliveryReceive(input: $input) {
  delivery { DELIVERY } replayed errors { code field message } } }""".replace("DELIVERY", DELIVERY)
UNANNOUNCED = """mutation($input: StockDeliveryUnannouncedInput!) { stockDeliveryReceiveUnannounced(input: $input) {
  delivery { id state arrived } replayed errors { code field message } } }"""


@pytest.fixture
def serials():
    return [imei(), imei()]


@pytest.fixture
def notice(counter, serials):
    return announce(counter.store, ("PHONE", 2, serials), ("CASE", 3, []))


def announce(store, *lines, number="LS-1"):
    return receiving.announce(supplier="Acme", number=number, store_id=store.pk, lines=lines, actor="import")


def told(counter, **facts):
    return {
        "clientId": str(uuid.uuid4()),
        "occurredAt": "2026-03-02T10:00:00-06:00",
        "storeId": counter.store.pk,
    } | facts


def receive(counter, notice, *lines, finish=False, role="clerk", register="R1", **facts):
    given = told(counter, deliveryId=str(notice.pk), lines=list(lines), finish=finish) | facts
    return counter.ask(RECEIVE, token=counter.token(role, register), input=given)["data"]["stockDeliveryReceive"]


def codes(payload):
    return [error["code"] for error in payload["errors"]]


def test_a_delivery_from_the_list_to_its_differences(counter, notice, serials):
    announce(counter.other, ("CASE", 1, []), number="LS-2")
    token = counter.token()
    (edge,) = counter.ask(LIST, token=token)["data"]["stockDeliveries"]["edges"]
    assert edge["node"] == {
        "id": str(notice.pk),
        "number": "LS-1",
        "supplier": "Acme",
        "state": "EXPECTED",
        "expected": 5,
        "arrived": 0,
        "lineCount": 2,
    }
    case, phone = counter.ask(ONE, token=token, id=str(notice.pk))["data"]["stockDelivery"]["lines"]
    assert (case["name"], case["tracked"], case["expected"]) == ("Case", False, 3)
    assert (phone["tracked"], phone["serials"]) == (True, sorted(serials))

    part = receive(counter, notice, {"sku": "CASE", "quantity": 1, "damaged": 1, "note": "Torn"})
    assert (part["errors"], part["delivery"]["state"], part["delivery"]["arrived"]) == ([], "RECEIVING", 2)
    key = str(uuid.uuid4())
    done = [
        receive(counter, notice, {"sku": "PHONE", "quantity": 1, "serials": serials[:1]}, finish=True, clientId=key)
        for _twice in range(2)
    ]
    assert [payload["replayed"] for payload in done] == [False, True]
    assert done[0]["delivery"] == done[1]["delivery"]
    assert done[0]["delivery"]["state"] == "RECEIVED"
    assert [(row["kind"], row["sku"], row["serial"], row["note"]) for row in done[0]["delivery"]["differences"]] == [
        ("DAMAGED", "CASE", None, "Torn"),
        ("SHORT", "CASE", None, None),
        ("SHORT", "PHONE", serials[1], None),
    ]
    assert (counter.on_hand("CASE"), counter.on_hand("PHONE")) == (12, 4)
    assert counter.ask(LIST, token=token)["data"]["stockDeliveries"]["edges"] == []
    assert proof.differences() == []


def test_a_list_costs_the_same_however_long_it_is(counter, notice):
    def cost(query, **variables):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert "errors" not in counter.ask(query, token=counter.token(), **variables)
        return len(queries)

    counter.ask(LIST, token=counter.token())
    of_one, lines_of_two = cost(LIST), cost(ONE, id=str(notice.pk))
    for number in range(3):
        announce(counter.store, ("CASE", 1, []), number=f"more-{number}")
    wide = announce(counter.store, ("PHONE", 3, [imei() for _ in range(3)]), ("CASE", 1, []), number="wide")
    assert cost(LIST) == of_one
    assert cost(ONE, id=str(wide.pk)) == lines_of_two


def test_what_is_refused_changes_nothing_and_can_be_told_anew(counter, notice, serials):
    before = Movement.objects.count()
    key = str(uuid.uuid4())
    twice = {"sku": "PHONE", "quantity": 2, "serials": [serials[0], serials[0]]}
    refused = receive(counter, notice, twice, clientId=key, finish=True)
    assert (codes(refused), refused["delivery"]) == ([errors.SERIAL_TWICE], None)
    too_many = receive(counter, notice, {"sku": "CASE", "quantity": 1}, *({"sku": f"S{n}"} for n in range(200)))
    assert codes(too_many) == [LIMIT_EXCEEDED]
    assert codes(receive(counter, notice)) == ["INVALID"]
    assert (Movement.objects.count(), StoreAct.objects.count(), Receipt.objects.count()) == (before, 0, 0)
    assert ShippingNotice.objects.get().state == "EXPECTED"
    right = {"sku": "PHONE", "quantity": 2, "serials": serials}
    assert receive(counter, notice, right, clientId=key)["errors"] == []
    other = {"sku": "CASE", "quantity": 1}
    assert codes(receive(counter, notice, other, clientId=key)) == [IDEMPOTENCY_MISMATCH]


def test_a_manager_approves_what_a_clerk_may_not_by_sending_the_same_act(counter, notice):
    key, many = str(uuid.uuid4()), {"sku": "CASE", "quantity": 5}
    assert codes(receive(counter, notice, many, clientId=key)) == [errors.OVER_RECEIPT]
    assert receive(counter, notice, many, clientId=key, role="manager", register="R2")["errors"] == []
    assert Receipt.objects.get().authorised_by == counter.staff("manager", "R2").scope


def test_the_deliveries_of_another_store_are_not_there(counter, notice):
    elsewhere = counter.token("clerk", "R9")
    assert counter.ask(LIST, token=elsewhere)["data"]["stockDeliveries"]["edges"] == []
    for asked in (str(notice.pk), "x", "9" * 30):
        body = counter.ask(ONE, token=elsewhere, id=asked)
        assert body["errors"][0]["extensions"]["code"] == NOT_FOUND
    case = {"sku": "CASE", "quantity": 1}
    assert codes(receive(counter, notice, case, register="R9", storeId=counter.other.pk)) == [NOT_FOUND]
    given = told(counter, deliveryId=str(notice.pk), lines=[case], finish=False)
    body = counter.ask(RECEIVE, token=elsewhere, input=given)
    assert body["errors"][0]["extensions"]["code"] == PERMISSION_DENIED
    assert not Receipt.objects.exists()


def test_a_delivery_note_without_notice_is_booked_once(counter):
    def send(**facts):
        given = told(counter, supplier="Acme", number="D-1", lines=[{"sku": "CASE", "quantity": 4}]) | facts
        return counter.ask(UNANNOUNCED, token=counter.token(), input=given)["data"]["stockDeliveryReceiveUnannounced"]

    key = str(uuid.uuid4())
    assert [send(clientId=key)["replayed"] for _twice in range(2)] == [False, True]
    again = send()
    assert codes(again) == [errors.DELIVERY_NOTE_KNOWN]
    assert "D-1" in again["errors"][0]["message"]
    assert counter.on_hand("CASE") == 14
    assert not ReceiptDifference.objects.exists()


def test_further_numbers_are_told_with_a_piece_and_wrong_ones_by_field(counter, notice, serials):
    second = imei()
    line = {"sku": "PHONE", "quantity": 1, "serials": serials[:1]}
    wrong = {**line, "further": [{"serial": serials[0], "imei2": second, "eid": "8904"}]}

    refused = receive(counter, notice, wrong)

    assert [(error["code"], error["field"]) for error in refused["errors"]] == [
        (errors.SERIAL_INVALID, "lines.0.further.0.eid")
    ]
    assert (Receipt.objects.count(), UnitIdentifier.objects.filter(value=second).count()) == (0, 0)

    right = {**line, "further": [{"serial": serials[0], "imei2": second}]}
    told_twice = [receive(counter, notice, right, clientId=client_id) for client_id in [str(uuid.uuid4())] * 2]
    assert [(codes(answer), answer["replayed"]) for answer in told_twice] == [([], False), ([], True)]
    assert UnitIdentifier.objects.get(value=second).unit.identifier == serials[0]
    many = {**line, "further": [{"serial": serials[0]}] * 2_000}
    assert codes(receive(counter, notice, many)) == [LIMIT_EXCEEDED]
