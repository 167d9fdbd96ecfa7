"""Real processes on the real database: they race for the last pieces, and die in the middle of their work."""

import os
import random
import time

import pytest

from inventory import proof, services
from inventory.errors import INSUFFICIENT_STOCK, SERIAL_NOT_IN_STOCK
from inventory.models import Movement, Reservation, StockRoom, Unit
from tests.inventory import operations

from .goods import make_item, make_store, stock
from .workers import Said, processes  # noqa: F401 - a fixture

PROCESSES, CLIENTS_EACH = 8, 8
ROUNDS = 1000 if os.environ.get("SOAK") else 20
DEATHS = 300 if os.environ.get("SOAK") else 12
# Threads of all processes begin at the same moment; by then every process must have read its order.
HEAD_START = 0.25
MOVING = {"receive": "{key}", "sell": "{key}/{sku}", "sell short": "{key}/{sku}", "take back": "{key}/{sku}"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.race
@pytest.mark.parametrize("processes", [PROCESSES], indirect=True)
def test_the_last_pieces_wanted_by_64_clients_are_sold_exactly_once(processes):  # noqa: F811
    draw = random.Random(64)
    for number in range(ROUNDS):
        # Given the last pieces of an article, known by serial in every other round
        store, item, left = make_store(), make_item("IMEI" if number % 2 else "NONE"), draw.randint(1, 5)
        serials = stock(store, item, left)

        # When 64 clients of 8 processes want one each at the same moment, online and at the register
        order = {"act": "want", "store": store.pk, "sku": item.sku, "serials": serials, "clients": CLIENTS_EACH}
        moment = time.time() + HEAD_START
        for process in processes:
            process.tell(**order, at=moment)
        outcomes = [outcome for process in processes for outcome in process.answer()]

        # Then as many as there were pieces have one, or the promise of one, and all others hear so
        promised = outcomes.count(f"PROMISED {SERIAL_NOT_IN_STOCK}")
        assert len(outcomes) == PROCESSES * CLIENTS_EACH
        assert outcomes.count("SOLD") + promised == left
        refused = outcomes.count(INSUFFICIENT_STOCK) + outcomes.count(SERIAL_NOT_IN_STOCK)
        assert refused == PROCESSES * CLIENTS_EACH - left
        # And the promised ones get what is there
        _hand_over_what_is_left(store, item, promised)
        assert sum(Movement.objects.filter(store=store, kind="SALE").values_list("quantity", flat=True)) == -left
    assert proof.differences() == []


def _hand_over_what_is_left(store, item, promised):
    waiting = Reservation.objects.filter(store=store, state="CONFIRMED")
    units = Unit.objects.filter(item=item, state="IN_STOCK").order_by("pk")
    assert len(waiting) == promised
    for held, unit in zip(waiting, list(units), strict=True):
        services.issue(
            reservation_id=held.pk,
            serials={item.sku: [unit.identifier]},
            source_key=f"late:{held.key}",
            actor="clerk",
        )


@pytest.mark.fault
@pytest.mark.parametrize("processes", [2], indirect=True)
def test_workers_killed_at_random_points_lose_nothing_and_double_nothing(processes):  # noqa: F811
    # Given a store with a back room and goods
    store, items = make_store(), [make_item() for _number in range(4)]
    services.upsert_room(store_id=store.pk, code="back", kind=StockRoom.Kind.BACK, name="Back room", sellable=True)
    for item in items:
        stock(store, item, 30)
    skus, draw = [item.sku for item in items], random.Random(9)

    for _death in range(DEATHS):
        # When workers are killed in the middle of what they do
        for process in processes:
            seconds = draw.uniform(0.15, 0.6)
            process.tell(
                act="work",
                book="tests.inventory.operations",
                store=store.pk,
                skus=skus,
                seed=draw.getrandbits(32),
                seconds=seconds,
            )
        said = Said([line for process in processes for line in process.answer()])

        # Then what they saw booked is in the books
        assert not [key for key in said.booked if _lost(said.began[key])]
        # And whoever got no answer tells it again, twice, and it is booked once
        for told in said.unanswered:
            operations.perform(told)
            after = Movement.objects.filter(source_key__startswith=told["key"]).count()
            operations.perform(told)
            assert Movement.objects.filter(source_key__startswith=told["key"]).count() == after
        # And the books are right
        assert proof.differences() == []
    assert Movement.objects.count() > len(skus), "the workers died before they did anything"


def _lost(operation):
    """Whether an operation that was booked left nothing in the ledger, or not everything."""
    pattern = MOVING.get(operation["kind"])
    if pattern is None:
        return operation["kind"] == "hold" and not Reservation.objects.filter(key=operation["key"]).exists()
    skus = operation["skus"][:1] if operation["kind"] == "receive" else operation["skus"]
    keys = {pattern.format(key=operation["key"], sku=sku) for sku in skus}
    return Movement.objects.filter(source_key__in=keys).count() != len(keys)
