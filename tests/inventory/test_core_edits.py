"""Quantities that somebody edits in the core: booked as a difference, never silently overwritten."""

import pytest

from commerce.errors import CoreUnavailable
from inventory import core_differences, core_edits, projection, proof, services
from inventory.models import Balance, CoreDifference, CoreStock, Movement
from kernel.errors import ApiError
from tests.commerce.conftest import fake_core  # noqa: F401 - a fixture

from .goods import seed_reasons, stock
from .test_projection import Quantities, hold, place

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told(fake_core):  # noqa: F811
    quantities = Quantities(fake_core)

    def stocks(variables):
        rows = [
            {"id": "s", "quantity": quantity, "quantityAllocated": 0, "warehouse": {"id": warehouse, "slug": "w"}}
            for (variant, warehouse), quantity in quantities.items()
            if variant == variables["id"]
        ]
        return {"productVariant": {"id": variables["id"], "sku": None, "stocks": rows}}

    def in_warehouse(variables):
        edges = [
            {"node": {"quantity": quantity, "productVariant": {"id": variant, "sku": None}}}
            for (variant, warehouse), quantity in quantities.items()
            if warehouse == variables["id"]
        ]
        info = {"hasNextPage": False, "endCursor": None}
        return {"warehouse": {"stocks": {"edges": edges, "pageInfo": info}}}

    fake_core.answer("VariantStocks", stocks)
    fake_core.answer("WarehouseStockPage", in_warehouse)
    return quantities


def event(store, item):
    write = core_edits.on_stock_changed(
        {
            "productVariant": {"id": item.core_variant_id},
            "warehouse": {"id": store.core_warehouse_id},
            "issuingPrincipal": {"__typename": "User", "id": "VXNlcjox"},
        }
    )
    if write:
        write()


def test_an_echo_of_our_own_push_says_nothing(told, store, cable):
    stock(store, cable, 5)
    projection.push_due()
    event(store, cable)
    assert not CoreDifference.objects.exists()


@pytest.mark.parametrize(("edited", "pieces"), [(8, 3), (4, -1), (0, -5)])
def test_an_edit_is_booked_as_the_difference_to_what_was_told(told, store, cable, edited, pieces):
    stock(store, cable, 5)
    projection.push_due()
    told[place(store, cable)] = edited
    event(store, cable)
    event(store, cable)
    found = CoreDifference.objects.get()
    assert (found.pieces, found.settlement, found.by) == (pieces, "BOOKED", "User VXNlcjox")
    assert Movement.objects.get(reason="CORE_EDIT").quantity == pieces
    assert Balance.objects.get().on_hand == edited
    projection.push_due()
    assert told[place(store, cable)] == edited
    assert proof.differences() == []


def test_an_edit_counts_beside_what_happened_here_meanwhile(told, store, cable):
    stock(store, cable, 5)
    projection.push_due()
    services.sell(store_id=store.pk, lines=[(cable.sku, 1, [])], source_key="sale:1", actor="clerk")
    told[place(store, cable)] = 7
    event(store, cable)
    projection.push_due()
    assert Balance.objects.get().on_hand == 6
    assert told[place(store, cable)] == 6


def test_what_the_books_cannot_follow_waits_and_is_not_overwritten(told, store, phone):
    stock(store, phone, 3)
    projection.push_due()
    told[place(store, phone)] = 2
    event(store, phone)
    found = CoreDifference.objects.get()
    assert (found.pieces, found.settled_at) == (-1, None)
    stock(store, phone, 1)
    assert projection.push_due() == 0
    assert told[place(store, phone)] == 2
    core_differences.settle(difference_id=found.pk, settlement="OVERWRITTEN", actor="admin:1", note="a typing error")
    projection.push_due()
    assert told[place(store, phone)] == 4


def test_numbered_pieces_that_went_are_named_when_it_is_settled(told, store, phone):
    seed_reasons()
    first, *_others = stock(store, phone, 3)
    projection.push_due()
    told[place(store, phone)] = 2
    event(store, phone)
    found = CoreDifference.objects.get()
    with pytest.raises(ApiError) as refused:
        core_differences.settle(difference_id=found.pk, settlement="BOOKED", actor="admin:1")
    assert refused.value.code == "SERIAL_REQUIRED"
    assert Balance.objects.get().on_hand == 3
    core_differences.settle(difference_id=found.pk, settlement="BOOKED", actor="admin:1", serials=[first])
    assert Balance.objects.get().on_hand == 2
    assert proof.differences() == []


def test_more_numbered_pieces_are_known_by_quantity_alone(told, store, phone):
    stock(store, phone, 1)
    projection.push_due()
    told[place(store, phone)] = 3
    event(store, phone)
    assert (Balance.objects.get().on_hand, Balance.objects.get().unregistered) == (3, 2)
    assert proof.differences() == []


def test_it_is_not_judged_between_an_issue_and_the_cores_fulfilment(told, store, cable):
    stock(store, cable, 3)
    projection.push_due()
    held = hold(store, cable, 1, "PICKUP")
    services.confirm(reservation_id=held.pk)
    services.issue(reservation_id=held.pk, serials={}, source_key="pickup:1", actor="clerk", core_pending=True)
    told[place(store, cable)] = 2
    with pytest.raises(CoreUnavailable):
        event(store, cable)
    services.core_fulfilled(reservation_id=held.pk)
    event(store, cable)
    assert not CoreDifference.objects.exists()
    assert CoreStock.objects.get().quantity == 2


def test_comparing_finds_what_no_event_told(told, store, cable, clock):
    stock(store, cable, 5)
    projection.push_due()
    told[place(store, cable)] = 6
    assert core_edits.compare_all().differences == 0  # Told a moment ago.
    clock.advance(seconds=61)
    found = core_edits.compare_all()
    assert (found.places, found.differences) == (1, 1)
    assert Balance.objects.get().on_hand == 6


def test_what_the_core_has_lost_is_told_again(told, store, cable, clock):
    stock(store, cable, 5)
    projection.push_due()
    told.clear()
    clock.advance(seconds=61)
    assert core_edits.compare_all().differences == 0
    projection.push_due()
    assert told == {place(store, cable): 5}
    assert Balance.objects.get().on_hand == 5


def test_events_of_what_is_not_ours_are_left_alone(told, store, cable):
    assert core_edits.on_stock_changed({}) is None
    assert core_edits.on_stock_changed({"productVariant": {"id": "x"}, "warehouse": {"id": "y"}}) is None
