"""What the core is told: right, in few calls, never out of order, and again after it was away."""

import datetime as dt
import uuid

import pytest

from commerce import core as core_module
from inventory import projection, services
from inventory.models import Balance, CoreStock
from kernel import clock as time
from kernel import outbox
from tests.commerce.conftest import fake_core  # noqa: F401 - a fixture
from tests.kernel.threads import Running

from .goods import make_item, make_store, stock

pytestmark = pytest.mark.django_db(transaction=True)


class Quantities(dict):
    """The core's stock by (variant, warehouse), and how often each was set."""

    def __init__(self, fake, refuse=()):
        super().__init__()
        self.refuse = set(refuse)
        self.history = []
        fake.answer("StockBulkUpdate", self.update_rows)

    def update_rows(self, variables):
        results = []
        for row in variables["stocks"]:
            place = row["variantId"], row["warehouseId"]
            if row["variantId"] in self.refuse:
                results.append({"errors": [{"field": None, "message": "No.", "code": "INVALID"}]})
                continue
            self[place] = row["quantity"]
            self.history.append((place, row["quantity"]))
            results.append({"errors": None})
        return {"stockBulkUpdate": {"count": len(results), "results": results, "errors": []}}


def place(store, item):
    return item.core_variant_id, store.core_warehouse_id


def hold(store, item, quantity, purpose):
    return services.reserve(
        key=str(uuid.uuid4()),
        purpose=purpose,
        owner="test",
        store_id=store.pk,
        lines=[(item.sku, quantity)],
        expires_at=time.now() + dt.timedelta(minutes=15),
    )


@pytest.fixture
def told(fake_core):  # noqa: F811
    return Quantities(fake_core)


def test_many_changes_are_one_row_of_one_call(fake_core, told, store):  # noqa: F811
    items = [make_item() for _ in range(3)]
    for item in items:
        stock(store, item, 5)
        stock(store, item, 2)
    assert projection.due_count() == 3
    assert projection.push_due() == 3
    assert told == {place(store, item): 7 for item in items}
    assert len(fake_core.calls("StockBulkUpdate")) == 1
    assert projection.push_due() == 0
    assert len(fake_core.calls("StockBulkUpdate")) == 1


def test_the_outbox_wakes_the_projector(told, store, cable):
    stock(store, cable, 4)
    assert outbox.deliver_due() == 1
    assert told == {place(store, cable): 4}


def test_only_holds_the_core_cannot_know_are_subtracted(told, store, cable):
    stock(store, cable, 9)
    hold(store, cable, 1, "CART")
    hold(store, cable, 2, "ORDER")
    hold(store, cable, 3, "POS")
    transfer = hold(store, cable, 1, "TRANSFER")
    projection.push_due()
    assert told[place(store, cable)] == 5
    services.release(reservation_id=transfer.pk, reason="")
    projection.push_due()
    assert told[place(store, cable)] == 6


def test_short_stock_is_told_as_none(told, store, cable):
    services.sell(store_id=store.pk, lines=[(cable.sku, 2, [])], source_key="sale:1", actor="clerk", allow_short=True)
    projection.push_due()
    assert told[place(store, cable)] == 0
    assert Balance.objects.get().on_hand == -2


def test_no_push_between_an_issue_and_the_cores_fulfilment(told, store, cable):
    stock(store, cable, 3)
    projection.push_due()
    held = hold(store, cable, 1, "PICKUP")
    services.confirm(reservation_id=held.pk)
    services.issue(reservation_id=held.pk, serials={}, source_key="pickup:1", actor="clerk", core_pending=True)
    assert projection.push_due() == 0
    assert told[place(store, cable)] == 3  # The core subtracts its own allocation until it fulfils.
    told[place(store, cable)] = 2
    services.core_fulfilled(reservation_id=held.pk)
    services.core_fulfilled(reservation_id=held.pk)
    assert projection.push_due() == 1
    assert told[place(store, cable)] == 2


def test_a_core_that_is_away_loses_nothing(fake_core, told, store, cable, clock):  # noqa: F811
    stock(store, cable, 3)
    fake_core.fail("StockBulkUpdate", times=20)
    assert projection.push_due() == 0
    row = CoreStock.objects.get()
    assert row.failures == 1
    assert row.last_error
    assert projection.push_due() == 0  # Not at once again.
    fake_core._faults["StockBulkUpdate"].clear()
    stock(store, cable, 1)
    clock.advance(minutes=10)
    assert projection.push_due() == 1
    assert told[place(store, cable)] == 4
    row.refresh_from_db()
    assert (row.failures, row.last_error, row.quantity) == (0, "", 4)


def test_a_core_that_asks_for_rest_is_told_nothing_before(fake_core, told, store, cable, clock):  # noqa: F811
    stock(store, cable, 3)
    fake_core.fail("StockBulkUpdate", status=429, headers={"Retry-After": "600"})
    assert projection.push_due() == 0
    assert (CoreStock.objects.get().not_before - time.now()) >= dt.timedelta(seconds=600)
    clock.advance(seconds=599)
    assert (projection.push_due(), len(fake_core.calls("StockBulkUpdate"))) == (0, 1)
    clock.advance(seconds=3)
    core_module._core.cache_clear()  # the process that was asked to wait has its own clock
    assert projection.push_due() == 1
    assert told[place(store, cable)] == 3


def test_a_row_that_is_refused_does_not_keep_the_others(fake_core, store, cable):  # noqa: F811
    other = make_item()
    told = Quantities(fake_core, refuse=[cable.core_variant_id])
    stock(store, cable, 1)
    stock(store, other, 2)
    assert projection.push_due() == 1
    assert told == {place(store, other): 2}
    assert CoreStock.objects.get(balance__item=cable).last_error == "No."


def test_what_the_core_does_not_know_waits_until_it_does(told, cable):
    store = make_store(core_warehouse_id=None, code="new")
    stock(store, cable, 2)
    assert projection.push_due() == 0
    store = make_store(core_warehouse_id="W-new", code="new")
    assert projection.push_due() == 1
    assert told == {(cable.core_variant_id, "W-new"): 2}
    services.upsert_item(sku=cable.sku, tracking="NONE", stocked=True, core_variant_id="variant-new")
    projection.push_due()
    assert told["variant-new", "W-new"] == 2


def test_a_slow_projector_never_has_the_last_word(fake_core, store, cable, clock):  # noqa: F811
    """The first projector sleeps through its lease; the second tells the newer number; the first's arrives last."""
    told = Quantities(fake_core)
    stock(store, cable, 1)
    rows = projection._claim(claim := uuid.uuid4(), 10)
    assert projection.push_due() == 0  # Claimed: nobody else may push it meanwhile.
    clock.advance(minutes=4)
    stock(store, cable, 1)
    assert projection.push_due() == 1
    told[place(store, cable)] = rows[0].quantity
    assert projection._settle(claim, rows, {}) == 0
    assert projection.push_due() == 1
    assert told[place(store, cable)] == 2


@pytest.mark.race
def test_projectors_side_by_side_end_with_the_truth(told, store):
    items = [make_item() for _ in range(4)]

    def trade(item):
        for _ in range(6):
            stock(store, item, 1)
            projection.push_due()

    for worker in [Running(lambda item=item: trade(item)) for item in items]:
        worker.result()
    projection.push_due()
    assert told == {place(store, item): 6 for item in items}
    for item in items:
        told_in_order = [quantity for where, quantity in told.history if where == place(store, item)]
        assert told_in_order == sorted(told_in_order)
    assert projection.due_count() == 0
