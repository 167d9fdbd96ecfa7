"""What the operations of store staff name: deliveries, transfers and returns of the counter's store."""

import uuid

from inventory import transfer_receipts, transfers, vendor_returns
from inventory.services import Returned, receive, receiving
from tests.counter import MONDAY


def stock_things(counter):
    """By the word in the document, how to make it when it is needed."""
    here, there = counter.store.pk, counter.other.pk

    def told(**facts):
        return {"clientId": str(uuid.uuid4()), "occurredAt": MONDAY.isoformat(), "storeId": here} | facts

    def delivery():
        lines = [("CASE", 2, [])]
        return receiving.announce(supplier="Acme", number=str(uuid.uuid4()), store_id=here, lines=lines, actor="x").pk

    def transfer(*, origin=here, target=there, pushed=False):
        key = str(uuid.uuid4())
        return transfers.request(
            origin_id=origin, target_id=target, lines=[("CASE", 1)], source_key=key, actor="x", pushed=pushed
        ).pk

    def picked():
        return transfers.start_picking(transfer_id=transfer(pushed=True), actor="x").pk

    def arriving():
        receive(store_id=there, sku="CASE", quantity=1, source_key=str(uuid.uuid4()), actor="x")
        pk = transfer(origin=there, target=here, pushed=True)
        transfers.start_picking(transfer_id=pk, actor="x")
        transfers.ship(transfer_id=pk, lines=[("CASE", 1, ())], actor="x")
        return pk

    def settled():
        pk = arriving()
        (short,) = transfer_receipts.finish(transfer_id=pk, actor="x")
        return told(transferId=str(pk), differenceId=str(short.pk), settlement="LOST")

    def going_back():
        key = str(uuid.uuid4())
        return vendor_returns.prepare(
            store_id=here, vendor="Acme", lines=[Returned("CASE", 1)], source_key=key, actor="x"
        ).pk

    case = [{"sku": "CASE", "quantity": 1}]
    return {
        "act": lambda: str(uuid.uuid4()),
        "moment": MONDAY.isoformat,
        "delivery": lambda: str(delivery()),
        "transfer": lambda: str(transfer()),
        "received": lambda: told(deliveryId=str(delivery()), lines=case, finish=False),
        "unannounced": lambda: told(supplier="Acme", number=str(uuid.uuid4()), lines=case),
        "request": lambda: told(otherStoreId=there, pushed=False, lines=case),
        "decision": lambda: told(transferId=str(transfer()), approve=True),
        "approved": lambda: told(transferId=str(transfer(pushed=True))),
        "shipment": lambda: told(transferId=str(picked()), lines=case),
        "arrival": lambda: told(transferId=str(arriving()), lines=case, finish=True),
        "settled": settled,
        "prepared": lambda: told(vendor="Acme", lines=[{"sku": "CASE", "quantity": 1, "fromQuarantine": False}]),
        "goingBack": lambda: told(returnId=str(going_back())),
    }
