"""Real threads: several devices count one shelf, two managers authorise, and the register sells meanwhile."""

import os
import uuid

import pytest

from inventory import count_errors, count_opening, count_posting, count_variance, counts, proof, services
from inventory.counts import Told
from inventory.models import Balance, CountEntry, Movement, StockCount
from kernel.errors import ApiError

from .goods import imei, make_item, make_store, stock
from .test_race import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]

ROUNDS = 50 if os.environ.get("SOAK") else 3
DEVICES = 6


def opened(store, item):
    return count_opening.open_count(
        store_id=store.pk, type="AD_HOC", name="Race", scope="SKUS", skus=[item.sku], source_key=str(uuid.uuid4()),
        actor="staff:1",
    )  # fmt: skip


def record(part, told, device, key=None):
    return counts.record(
        count_id=part.count_id, part_id=part.pk, round=1, told=[told], device=device,
        source_key=key or str(uuid.uuid4()), actor="staff:1",
    )  # fmt: skip


def complete(part):
    return counts.complete_part(
        count_id=part.count_id, part_id=part.pk, round=1, rest_is_zero=True, device="R1",
        source_key=str(uuid.uuid4()), actor="staff:1",
    )  # fmt: skip


def _count_at_once():
    store, cable, phone = make_store(), make_item(), make_item("IMEI")
    serials = [imei() for _ in range(3)]
    stock(store, cable, 1)
    stock(store, phone, 1)
    one, other = (opened(store, item).parts.get() for item in (cable, phone))
    key = str(uuid.uuid4())
    calls = [lambda n=n: record(one, Told(cable.sku, 2), f"R{n}") for n in range(DEVICES)]
    calls += [lambda: record(one, Told(cable.sku, 5), "R9", key)] * 3
    calls += [lambda n=n: record(other, Told(phone.sku, serials=serials), f"R{n}") for n in range(DEVICES)]
    together(calls)
    assert (one.lines.get().counted, other.lines.get().counted) == (2 * DEVICES + 5, 3)
    assert CountEntry.objects.filter(line__part=other).count() == 3


def test_what_devices_tell_at_once_adds_up_and_a_unit_counts_once():
    for _round in range(ROUNDS):
        _count_at_once()


def test_a_count_is_posted_once_and_sales_meanwhile_are_kept():
    for _round in range(ROUNDS):
        store, cable = make_store(), make_item()
        stock(store, cable, 20)
        count = opened(store, cable)
        part = count.parts.get()
        record(part, Told(cable.sku, 15), "R1")
        complete(part)
        accepted = [line.pk for line in count_variance.lines_of(count)]

        def authorise(count=count, accepted=accepted):
            return count_posting.authorise(count_id=count.pk, accepted=accepted, actor="staff:9")

        def sale(store=store, cable=cable):
            return services.sell(
                store_id=store.pk, lines=[(cable.sku, 1, [])], source_key=str(uuid.uuid4()), actor="staff:2"
            )

        together([authorise, sale] * 4)
        assert StockCount.objects.get(pk=count.pk).state == "AUTHORISED"
        posted = Movement.objects.get(store=store, kind="COUNT")
        assert (posted.quantity, Balance.objects.get(store=store).on_hand) == (-5, 11)
    assert proof.differences() == []


def test_a_count_is_either_cancelled_or_counted_on():
    store, cable = make_store(), make_item()
    stock(store, cable, 5)
    part = opened(store, cable).parts.get()
    outcomes = together(
        [lambda: counts.cancel(count_id=part.count_id, actor="staff:9")]
        + [lambda: record(part, Told(cable.sku, 1), "R1")] * DEVICES
    )
    taken = sum(isinstance(outcome, list) for outcome in outcomes)
    assert outcomes.count(count_errors.COUNT_CLOSED) == DEVICES - taken
    assert CountEntry.objects.filter(line__part=part).count() == taken
    with pytest.raises(ApiError) as caught:
        record(part, Told(cable.sku, 1), "R1")
    assert caught.value.code == count_errors.COUNT_CLOSED
