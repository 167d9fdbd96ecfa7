"""Orders that others make in the core: kept and booked here once, short ones put before a person."""

import uuid

import pytest

from inventory import core_differences, core_orders, projection, proof, services
from inventory.models import Balance, Contradiction, CoreDifference, CoreOrder, CoreOrderPart, CoreStock, Movement
from kernel.errors import ApiError
from tests.commerce.conftest import fake_core  # noqa: F401 - a fixture

from .goods import make_item, make_store, stock
from .test_projection import Quantities

pytestmark = pytest.mark.django_db(transaction=True)


class CoreSale:
    """An order in the fake core, as a test changes it."""

    def __init__(self, fake):
        self.id, self.status, self.metadata = f"order-{uuid.uuid4().hex}", "UNFULFILLED", []
        self.allocated, self.fulfilments = [], []
        self.fake = fake
        fake.answer("OrderStock", lambda variables: {"order": self.node() if variables["id"] == self.id else None})

    def node(self):
        variants = {item.core_variant_id for _store, item, _quantity in self.allocated}
        variants |= {item.core_variant_id for _id, _status, _store, item, _quantity in self.fulfilments}
        return {
            "id": self.id,
            "number": "1001",
            "status": self.status,
            "externalReference": None,
            "channel": {"slug": "us"},
            "metadata": [{"key": key, "value": value} for key, value in self.metadata],
            "lines": [self.line(variant) for variant in sorted(variants)],
            "fulfillments": [
                {
                    "id": id,
                    "status": status,
                    "warehouse": {"id": store.core_warehouse_id},
                    "lines": [
                        {"quantity": quantity, "orderLine": {"id": "l", "variant": {"id": item.core_variant_id}}}
                    ],
                }
                for id, status, store, item, quantity in self.fulfilments
            ],
        }

    def line(self, variant):
        return {
            "id": f"line-{variant}",
            "productSku": None,
            "quantity": 1,
            "quantityFulfilled": 0,
            "variant": {"id": variant},
            "allocations": [
                {"quantity": quantity, "warehouse": {"id": store.core_warehouse_id}}
                for store, item, quantity in self.allocated
                if item.core_variant_id == variant
            ],
        }

    def allocate(self, store, item, quantity):
        self.allocated.append((store, item, quantity))

    def fulfil(self, store, item, quantity, *, left=0):
        self.allocated = [entry for entry in self.allocated if entry[1] != item]
        if left:
            self.allocate(store, item, left)
        self.fulfilments.append((f"fulfilment-{len(self.fulfilments)}", "FULFILLED", store, item, quantity))

    def tell(self, times=1):
        for _ in range(times):
            write = core_orders.on_order_changed({"order": {"id": self.id}})
            if write:
                write()


@pytest.fixture
def sale(fake_core):  # noqa: F811
    return CoreSale(fake_core)


def reserved(store, item):
    return Balance.objects.get(store=store, item=item).reserved


def test_what_the_core_allocates_is_kept_here_once(sale, store, cable):
    stock(store, cable, 5)
    sale.allocate(store, cable, 2)
    sale.tell(times=3)
    assert reserved(store, cable) == 2
    assert CoreOrderPart.objects.get().revision == 1
    assert not CoreDifference.objects.exists()


def test_the_core_is_not_told_less_for_it_again(fake_core, sale, store, cable):  # noqa: F811
    told = Quantities(fake_core)
    stock(store, cable, 5)
    sale.allocate(store, cable, 2)
    sale.tell()
    projection.push_due()
    assert told[cable.core_variant_id, store.core_warehouse_id] == 5


def test_a_changed_and_then_cancelled_order_is_followed(sale, store, cable):
    stock(store, cable, 5)
    sale.allocate(store, cable, 2)
    sale.tell()
    sale.allocated = [(store, cable, 4)]
    sale.tell()
    assert reserved(store, cable) == 4
    sale.allocated, sale.status = [], "CANCELED"
    sale.tell(times=2)
    assert reserved(store, cable) == 0
    assert CoreOrder.objects.get().status == "CANCELED"


def test_the_safety_stock_serves_what_is_sold_already(sale, store, cable):
    stock(store, cable, 2)
    services.set_safety_rule(store_id=store.pk, sku=cable.sku, quantity=2)
    sale.allocate(store, cable, 2)
    sale.tell()
    assert reserved(store, cable) == 2
    assert not CoreDifference.objects.exists()


def test_what_left_is_booked_once_and_the_rest_stays_kept(fake_core, sale, store, cable):  # noqa: F811
    told = Quantities(fake_core)
    stock(store, cable, 5)
    projection.push_due()
    sale.allocate(store, cable, 3)
    sale.tell()
    sale.fulfil(store, cable, 1, left=2)
    told[cable.core_variant_id, store.core_warehouse_id] -= 1
    sale.tell(times=3)
    balance = Balance.objects.get()
    assert (balance.on_hand, balance.reserved) == (4, 2)
    assert Movement.objects.filter(kind="SALE").count() == 1
    assert CoreStock.objects.get().quantity == 4
    projection.push_due()
    assert told[cable.core_variant_id, store.core_warehouse_id] == 4
    assert proof.differences() == []


def test_numbered_pieces_that_left_without_numbers_come_on_the_list(sale, store, phone):
    stock(store, phone, 2)
    sale.fulfil(store, phone, 1)
    sale.tell()
    assert Balance.objects.get().on_hand == 1
    assert Contradiction.objects.get().type == "SOLD_UNNAMED"


def test_the_last_piece_sold_here_and_in_the_core_is_put_before_a_person(sale, store, cable):
    stock(store, cable, 1)
    services.sell(store_id=store.pk, lines=[(cable.sku, 1, [])], source_key="sale:1", actor="clerk")
    sale.allocate(store, cable, 1)
    sale.tell(times=2)
    found = CoreDifference.objects.get()
    assert (found.kind, found.pieces, found.order.number, found.settled_at) == ("OVERSOLD", 1, "1001", None)
    assert Balance.objects.get().on_hand == 0
    assert proof.differences() == []


def test_what_there_is_is_kept_and_only_the_rest_is_short(sale, store, cable):
    stock(store, cable, 3)
    sale.allocate(store, cable, 5)
    sale.tell()
    assert reserved(store, cable) == 3
    assert CoreDifference.objects.get().pieces == 2


def test_a_shortage_is_settled_when_goods_have_come(sale, store, cable):
    sale_of = CoreDifference.objects
    stock(store, cable, 1)
    sale.allocate(store, cable, 2)
    sale.tell()
    found = sale_of.get()
    with pytest.raises(ApiError) as refused:
        core_differences.settle(difference_id=found.pk, settlement="KEPT", actor="admin:1")
    assert refused.value.code == "INSUFFICIENT_STOCK"
    assert sale_of.get().settled_at is None
    stock(store, cable, 1)
    core_differences.settle(difference_id=found.pk, settlement="KEPT", actor="admin:1")
    assert sale_of.get().settlement == "KEPT"
    assert reserved(store, cable) == 2


def test_a_short_order_can_be_cancelled_in_the_core(fake_core, sale, store, cable):  # noqa: F811
    from tests.commerce.replies import order

    sale.allocate(store, cable, 1)
    sale.tell()
    fake_core.answer("Order", {"order": order(id=sale.id)})

    def cancel(variables):
        sale.allocated, sale.status = [], "CANCELED"
        return {"orderCancel": {"order": order(id=sale.id, status="CANCELED"), "errors": []}}

    fake_core.answer("OrderCancel", cancel)
    core_differences.settle(difference_id=CoreDifference.objects.get().pk, settlement="CANCELLED", actor="admin:1")
    assert CoreDifference.objects.get().settlement == "CANCELLED"
    assert len(fake_core.calls("OrderCancel")) == 1


def test_another_settlement_than_the_list_offers_is_refused(sale, store, cable):
    sale.allocate(store, cable, 1)
    sale.tell()
    found = CoreDifference.objects.get()
    with pytest.raises(ApiError) as refused:
        core_differences.settle(difference_id=found.pk, settlement="BOOKED", actor="admin:1")
    assert refused.value.code == "SETTLEMENT_NOT_POSSIBLE"
    with pytest.raises(ApiError) as unknown:
        core_differences.settle(difference_id=found.pk + 1, settlement="NOTED", actor="admin:1")
    assert unknown.value.code == "NOT_FOUND"
    assert CoreDifference.objects.get().settled_at is None


def test_orders_of_other_places_and_our_own_are_left_alone(sale, store, cable, monkeypatch):
    stock(store, cable, 2)
    elsewhere = make_store()
    elsewhere.core_warehouse_id = "nobody's"
    sale.allocate(elsewhere, make_item(), 1)
    sale.tell()
    assert not CoreOrder.objects.exists()
    monkeypatch.setattr(core_orders, "_own", [lambda found: True])
    sale.allocate(store, cable, 1)
    sale.tell()
    assert not CoreOrder.objects.exists()
    assert reserved(store, cable) == 0
