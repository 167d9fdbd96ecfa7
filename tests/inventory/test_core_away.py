"""The core is away for an hour: stores go on, what it must be told waits, and is told once when it is back."""

import random
import uuid

import pytest

from commerce import breaker
from inventory import count_posting, projection, proof, services
from inventory.models import Balance, CoreStock, Movement
from inventory.services import Counted, receiving, transfer_receipts, transfers
from kernel import outbox
from kernel.models import OutboxMessage
from tests.commerce.conftest import fake_core  # noqa: F401 - a fixture

from .counting import complete, opened, part_of, tell
from .goods import make_item, make_store, stock
from .test_projection import Quantities, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

MINUTES = 60


def work(draw, stores, items):
    """What a minute brings: something is sold, received, sent and arrives, or counted."""
    store, other = draw.sample(stores, 2)
    item, key = draw.choice(items), str(uuid.UUID(int=draw.getrandbits(128)))
    kind = draw.choice(("sale", "receipt", "transfer", "count"))
    if kind == "sale":
        services.sell(store_id=store.pk, lines=[(item.sku, 1, [])], source_key=key, actor="staff:1", allow_short=True)
    elif kind == "receipt":
        receiving.receive_unannounced(
            supplier="Acme",
            number=key,
            store_id=store.pk,
            lines=[Counted(item.sku, 2)],
            source_key=key,
            actor="staff:1",
        )
    elif kind == "transfer":
        sent = transfers.request(
            origin_id=store.pk,
            target_id=other.pk,
            lines=[(item.sku, 1)],
            source_key=key,
            actor="staff:1",
            pushed=True,
        )
        transfers.start_picking(transfer_id=sent.pk, actor="staff:1")
        transfers.ship(transfer_id=sent.pk, lines=[(item.sku, 1, ())], actor="staff:1")
        transfer_receipts.receive(transfer_id=sent.pk, lines=[Counted(item.sku, 1)], source_key=key, actor="staff:2")
    else:
        count = opened(store, scope="SKUS", skus=[item.sku])
        line = tell(part_of(count), item, Balance.objects.get(store=store, item=item).on_hand + 1)
        complete(part_of(count))
        count_posting.authorise(count_id=count.pk, accepted=[line.pk], actor="staff:9")
    return kind


def test_the_core_is_away_for_an_hour(fake_core, clock, monkeypatch):  # noqa: F811
    # The hour is not waited for, nor is the rest that a failing core is given.
    monkeypatch.setattr(breaker, "REST_SECONDS", 0.0)
    # Given stores whose stock the core knows
    stores, items = [make_store() for _number in range(3)], [make_item() for _number in range(4)]
    for store in stores:
        for item in items:
            stock(store, item, 40)
    told = Quantities(fake_core)
    while outbox.deliver_due() or projection.push_due():
        clock.advance(seconds=1)
    assert (projection.due_count(), len(told)) == (0, 12)
    told.history.clear()
    before = dict(told)

    # When it is away for an hour, and work goes on
    fake_core.fail("StockBulkUpdate", times=10_000)
    draw, done, movements, waiting = random.Random(60), set(), Movement.objects.count(), []
    for _minute in range(MINUTES):
        done.add(work(draw, stores, items))
        outbox.deliver_due()
        projection.push_due()
        waiting.append(projection.due_count())
        clock.advance(minutes=1)

    # Then all is booked, the core was told nothing, and what it must be told waits, a row for each balance
    assert done == {"sale", "receipt", "transfer", "count"}
    assert Movement.objects.count() > movements + MINUTES
    assert (told.history, dict(told)) == ([], before)
    assert waiting == sorted(waiting)
    assert 0 < waiting[0] < waiting[-1] <= 12
    assert CoreStock.objects.filter(failures__gt=0).exists()
    assert proof.differences() == []

    # And when it is back, each balance is told once, as it is now
    fake_core.recover("StockBulkUpdate")
    for _wait in range(20):
        clock.advance(minutes=1)
        outbox.deliver_due()
        projection.push_due()
    assert projection.due_count() == 0
    assert len(told.history) == len({key for key, _quantity in told.history}) == waiting[-1]
    assert told == {
        place(store, item): max(Balance.objects.get(store=store, item=item).on_hand, 0)
        for store in stores
        for item in items
    }
    assert not OutboxMessage.objects.filter(delivered_at__isnull=True).exists()
