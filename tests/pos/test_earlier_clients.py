"""A register or a shop that was not loaded anew goes on: what the first clients ask is taken, and what waits in their
outbox is recorded.

earlier_clients/ holds the documents of the first version, as they were persisted then. They are not changed any more.
"""

import json
import uuid
from pathlib import Path

import pytest

from storefront_api.documents import MANIFESTS, prepare

FOLDER = Path(__file__).resolve().parent / "earlier_clients"
EARLIER = {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}
DOCUMENTS = [(client, key, text) for client, texts in EARLIER.items() for key, text in texts.items()]
NOW = {path.stem: json.loads(path.read_text()) for path in MANIFESTS.glob("*.json")}


def document(name):
    return next(text for text in EARLIER["pos_client"].values() if f" {name}(" in text)


def test_they_are_documents_that_the_clients_of_now_do_not_send():
    assert {client: len(texts) for client, texts in EARLIER.items()} == {"pos_client": 14, "web_client": 22}
    assert any(key not in NOW[client] for client, key, _text in DOCUMENTS)


@pytest.mark.parametrize(("client", "key", "text"), DOCUMENTS, ids=[f"{each[0]}-{each[1][7:15]}" for each in DOCUMENTS])
def test_each_is_still_taken_within_the_limits_of_free_documents(client, key, text):
    prepare(text)


@pytest.mark.django_db
def test_the_outbox_of_the_first_register_is_recorded_once(counter):
    """A shift and two sales, with the fields that the first register sent and no others."""
    token, shift = counter.token(), str(uuid.uuid4())
    opened = counter.ask(
        document("PosOpenShift"),
        token=token,
        input={
            "clientId": shift,
            "storeId": counter.store.pk,
            "registerId": "register-R1",
            "occurredAt": "2026-03-02T15:00:00Z",
            "openingFloat": "100.00",
        },
    )["data"]["posShiftOpen"]
    assert (opened["errors"], opened["shift"]["id"]) == ([], shift)
    sales = [
        {
            "clientId": str(uuid.uuid4()),
            "shiftId": shift,
            "occurredAt": "2026-03-02T15:30:00Z",
            "offline": True,
            "currency": "USD",
            "total": "21.64",
            "taxTotal": "1.65",
            "lines": [
                {"sku": "CASE", "quantity": 1, "unitPrice": "19.99", "discount": "0", "tax": "1.65"},
            ],
            "tenders": [{"method": "CASH", "amount": "21.64"}],
        }
        | contact
        for contact in ({}, {"contact": {"firstName": "Ada", "email": "ada@example.com"}})
    ]

    told = [
        counter.ask(document("PosSyncSales"), token=token, input={"sales": sales})["data"]["posSync"] for _n in range(2)
    ]

    assert [(answer["errors"], [sale["replayed"] for sale in answer["sales"]]) for answer in told] == [
        ([], [False, False]),
        ([], [True, True]),
    ]
    assert [(sale["errors"], sale["exceptions"]) for sale in told[0]["sales"]] == [([], []), ([], [])]
    orders = [[sale["order"]["number"] for sale in answer["sales"]] for answer in told]
    assert orders[0] == orders[1]
    assert len(set(orders[0])) == 2
