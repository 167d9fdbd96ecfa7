"""Random transfers and deliveries over three stores: what the stores have and what is in transit adds up."""

import os
import uuid

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from inventory import errors, proof
from inventory.models import Balance, Contradiction, Movement, ReceiptDifference, Transfer, TransferLine, Unit
from inventory.services import Counted, receiving, transfer_receipts, transfers
from kernel.errors import INVALID, ApiError

from .goods import imei, make_item, make_store

EXAMPLES = 300 if os.environ.get("SOAK") else 8


class Transfers(RuleBasedStateMachine):
    """Three stores, an article by quantity and one by IMEI. Nothing is sold: goods only come in and go about."""

    transfers = Bundle("transfers")

    stores = st.integers(0, 2)
    items = st.integers(0, 1)
    few = st.integers(1, 3)

    def __init__(self):
        super().__init__()
        self.store = [make_store() for _ in range(3)]
        self.item = [make_item(), make_item("IMEI")]
        self.delivered = {item.sku: 0 for item in self.item}
        self.written_off = {item.sku: 0 for item in self.item}
        self.serials = []
        for store in range(3):
            for item in range(2):
                self.bring(store, item, 2, 0)

    def attempt(self, call, *expected):
        """The call's result, or None after a refusal that may be, which changed nothing."""
        before = self.books()
        try:
            return call()
        except ApiError as refusal:
            if refusal.code not in expected:
                raise
        assert self.books() == before, "a refusal changed something"
        return None

    def books(self):
        places = {"store__in": self.store}
        return (
            sorted(
                Balance.objects.filter(**places).values_list("store", "item", "on_hand", "reserved", "unregistered")
            ),
            Movement.objects.filter(**places).count(),
            sorted(Unit.objects.filter(**places).values_list("identifier", "state", "store")),
            sorted(Transfer.objects.filter(origin__in=self.store).values_list("pk", "state")),
            sorted(
                TransferLine.objects.filter(transfer__origin__in=self.store).values_list(
                    "pk", "approved", "shipped", "received", "damaged", "lost"
                )
            ),
            ReceiptDifference.objects.filter(item__in=self.item).count(),
        )

    @rule(store=stores, item=items, quantity=few, damaged=st.integers(0, 1))
    def deliver(self, store, item, quantity, damaged):
        self.bring(store, item, quantity, damaged)

    def bring(self, store, item, quantity, damaged):
        serials = [imei() for _ in range(quantity + damaged)] if self.item[item].tracked else []
        call = {
            "supplier": "Acme",
            "number": str(uuid.uuid4()),
            "store_id": self.store[store].pk,
            "lines": [Counted(self.item[item].sku, quantity, serials[:quantity], damaged, serials[quantity:])],
            "source_key": str(uuid.uuid4()),
            "actor": "machine",
        }
        first = receiving.receive_unannounced(**call)
        assert receiving.receive_unannounced(**call).pk == first.pk
        self.delivered[self.item[item].sku] += quantity + damaged
        self.serials += serials

    @rule(target=transfers, origin=stores, goal=stores, item=items, quantity=few, pushed=st.booleans())
    def ask(self, origin, goal, item, quantity, pushed):
        return self.request(origin, goal, item, quantity, pushed=pushed) or multiple()

    def request(self, origin, goal, item, quantity, *, pushed):
        call = {
            "origin_id": self.store[origin].pk,
            "target_id": self.store[goal].pk,
            "lines": [(self.item[item].sku, quantity)],
            "source_key": str(uuid.uuid4()),
            "actor": "machine",
            "pushed": pushed,
        }
        made = self.attempt(lambda: transfers.request(**call), INVALID)
        return made.pk if made else None

    @rule(target=transfers, way=st.permutations(range(3)), item=items, quantity=few)
    def send(self, way, item, quantity):
        """The whole way out at once, where the goods are there."""
        origin, goal, _other = way
        pk = self.request(origin, goal, item, quantity, pushed=True)
        self.pick(pk)
        serials = self.some_serials(self.item[item].sku, quantity, self.store[origin].pk, None)
        if Transfer.objects.get(pk=pk).state == "PICKING" and len(serials) in (0, quantity):
            lines = [(self.item[item].sku, quantity, serials)]
            self.attempt(
                lambda: transfers.ship(transfer_id=pk, lines=lines, actor="machine"),
                errors.INSUFFICIENT_STOCK,
                errors.SERIAL_REQUIRED,
            )
        return pk

    @rule(transfer=transfers, quantity=few)
    def approve(self, transfer, quantity):
        sku = Transfer.objects.get(pk=transfer).lines.order_by("pk").first().item_id
        self.attempt(
            lambda: transfers.approve(transfer_id=transfer, actor="machine", quantities={sku: quantity}),
            errors.DOCUMENT_CLOSED,
            errors.NOT_APPROVED,
        )

    @rule(transfer=transfers)
    def start_picking(self, transfer):
        self.pick(transfer)

    def pick(self, transfer):
        self.attempt(
            lambda: transfers.start_picking(transfer_id=transfer, actor="machine"),
            errors.DOCUMENT_CLOSED,
            errors.INSUFFICIENT_STOCK,
        )

    @rule(transfer=transfers, quantity=few, right=st.booleans(), data=st.data())
    def ship(self, transfer, quantity, right, data):
        found = Transfer.objects.get(pk=transfer)
        line = found.lines.order_by("pk").first()
        serials = self.some_serials(line.item_id, quantity, found.origin_id if right else None, data)
        call = {"transfer_id": transfer, "lines": [(line.item_id, quantity, serials)], "actor": "machine"}
        shipped = self.attempt(
            lambda: transfers.ship(**call),
            errors.DOCUMENT_CLOSED,
            errors.NOT_APPROVED,
            errors.INSUFFICIENT_STOCK,
            errors.SERIAL_REQUIRED,
            errors.SERIAL_NOT_IN_STOCK,
        )
        if shipped:
            assert transfers.ship(**call).pk == shipped.pk

    @rule(transfer=consumes(transfers))
    def cancel(self, transfer):
        self.attempt(lambda: transfers.cancel(transfer_id=transfer, actor="machine"), errors.DOCUMENT_CLOSED)

    @rule(transfer=transfers, item=items, quantity=few, damaged=st.integers(0, 1), right=st.booleans(), data=st.data())
    def receive(self, transfer, item, quantity, damaged, right, data):
        sku = self.item[item].sku
        wanted = quantity + damaged
        sent = TransferLine.objects.filter(transfer=transfer, item_id=sku, units__ended_at=None)
        serials = list(sent.order_by("units__pk").values_list("units__unit__identifier", flat=True)[:wanted])
        if not right or len(serials) < wanted or None in serials:
            serials = self.some_serials(sku, wanted, None, data)
        call = {
            "transfer_id": transfer,
            "lines": [Counted(sku, quantity, serials[:quantity], damaged, serials[quantity:])],
            "source_key": str(uuid.uuid4()),
            "actor": "machine",
            "authorised_by": "manager" if data.draw(st.booleans()) else "",
        }
        receipt = self.attempt(
            lambda: transfer_receipts.receive(**call),
            errors.DOCUMENT_CLOSED,
            errors.OVER_RECEIPT,
            errors.SERIAL_REQUIRED,
            errors.SERIAL_TWICE,
            errors.SERIAL_IN_STOCK,
            errors.SERIAL_IN_TRANSIT,
        )
        if receipt:
            assert transfer_receipts.receive(**call).pk == receipt.pk

    @rule(transfer=transfers)
    def finish(self, transfer):
        call = {"transfer_id": transfer, "actor": "machine"}
        first = self.attempt(lambda: transfer_receipts.finish(**call), errors.DOCUMENT_CLOSED)
        if first is not None:
            assert transfer_receipts.finish(**call) == first

    @rule(settlement=st.sampled_from(["ARRIVED", "NEVER_LEFT", "LOST", "ACCEPTED"]), data=st.data())
    def settle(self, settlement, data):
        rows = list(ReceiptDifference.objects.filter(transfer__origin__in=self.store, settled_at=None))
        if not rows:
            return
        row = data.draw(st.sampled_from(rows))
        quantity = data.draw(st.integers(1, row.quantity))
        settled = self.attempt(
            lambda: transfer_receipts.settle(
                difference_id=row.pk, settlement=settlement, actor="machine", quantity=quantity
            ),
            errors.DOCUMENT_CLOSED,
        )
        if settled and settlement == "LOST":
            self.written_off[row.item_id] += quantity

    def some_serials(self, sku, quantity, store_id, data):
        if sku != self.item[1].sku:
            return []
        if store_id is not None:
            free = Unit.objects.filter(store_id=store_id, state="IN_STOCK", item_id=sku).order_by("pk")
            return list(free.values_list("identifier", flat=True)[:quantity])
        known = self.serials or [imei()]
        return [data.draw(st.sampled_from(known)) for _ in range(quantity)]

    @invariant()
    def the_books_add_up(self):
        codes = {store.code for store in self.store}
        assert [str(found) for found in proof.differences() if found.store in codes] == []

    @invariant()
    def nothing_comes_of_nothing_between_stores(self):
        for item in self.item:
            on_hand = sum(Balance.objects.filter(item=item).values_list("on_hand", flat=True))
            lines = TransferLine.objects.filter(item=item)
            in_transit = sum(line.in_transit for line in lines)
            assert on_hand + in_transit + self.written_off[item.sku] == self.delivered[item.sku]
            assert sum(line.lost for line in lines) == self.written_off[item.sku]

    @invariant()
    def what_is_short_is_on_the_list(self):
        if any(
            row.on_hand < row.unsellable or row.unregistered < 0 for row in Balance.objects.filter(item__in=self.item)
        ):
            assert Contradiction.objects.filter(movement__store__in=self.store).exists()


@pytest.mark.hypothesis
@pytest.mark.django_db(transaction=True)
def test_random_transfers_lose_and_double_nothing():
    run_state_machine_as_test(
        Transfers,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
