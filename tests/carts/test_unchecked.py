"""Orders that other clients make in the core with goods that only the suite may sell come before a person."""

import uuid
from decimal import Decimal

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from commerce.core import core
from commerce.records import CoreOrderStock, PosOrderDraft, PosOrderLineDraft, PosTenderDraft
from inventory import core_orders
from kernel import clock
from kernel.models import AuditEntry
from plugins.carts import unchecked
from plugins.carts.models import UncheckedOrder
from plugins.catalogue import services as catalogue
from tests.commerce.test_embedded_core import ADDRESS, product_by_slug

pytestmark = pytest.mark.django_db


def order(*variants, status="UNFULFILLED"):
    return CoreOrderStock(
        id="order-1",
        number="1001",
        status=status,
        external_reference=None,
        channel="us",
        metadata={},
        allocated={},
        fulfilments=(),
        variants=frozenset(variants),
    )


def listed():
    return list(UncheckedOrder.objects.values_list("number", "status", "skus"))


def test_guarded_goods_are_listed_once_with_the_present_status(shop):
    for status in ("UNCONFIRMED", "UNFULFILLED", "CANCELED"):
        core_orders.follow(order("v-PLAN", "v-CASE", status=status))
    assert listed() == [("1001", "CANCELED", ["PLAN"])]


@pytest.mark.parametrize(
    ("kinds", "found"),
    [("PLAN,SERVICE", ["PLAN"]), ("device; plan", ["PHONE", "PLAN"]), ("ACCESSORY", None), ("", None)],
)
def test_the_kinds_are_those_of_the_setting(shop, settings, kinds, found):
    settings.ORDER_GUARD_KINDS = kinds
    core_orders.follow(order("v-PLAN", "v-PHONE", "v-unknown"))
    assert [row[2] for row in listed()] == ([found] if found else [])


def test_a_draft_sells_nothing_until_it_is_completed(shop):
    core_orders.follow(order("v-PLAN", status="DRAFT"))
    assert listed() == []
    core_orders.follow(order("v-PLAN"))
    assert listed() == [("1001", "UNFULFILLED", ["PLAN"])]


def bulk_order():
    """An order that another client puts into the core by bulk: the core asks no plugin about it."""
    plan = product_by_slug("talk-more")
    line = PosOrderLineDraft(
        product_id=plan.id,
        variant_id=plan.variants[0].id,
        sku="PLAN-TALK",
        product_name=plan.name,
        quantity=1,
        total_net=Decimal(35),
        total_gross=Decimal(35),
        undiscounted_net=Decimal(35),
        undiscounted_gross=Decimal(35),
        tax_rate=Decimal(0),
        is_shipping_required=False,
    )
    tender = PosTenderDraft("Cash", str(uuid.uuid4()), Decimal(35))
    warehouse = next(item.id for item in core().warehouses() if item.slug == "store-1")
    return core().bulk_create_pos_order(
        PosOrderDraft(
            external_reference=str(uuid.uuid4()),
            channel="us",
            created_at=clock.now(),
            currency="USD",
            email="guest@example.com",
            warehouse_id=warehouse,
            billing_address=ADDRESS,
            lines=(line,),
            tenders=(tender,),
        )
    )


@pytest.mark.django_db(transaction=True)
def test_a_bulk_order_in_the_core_is_found(embedded_core):
    catalogue.sync_everything()
    made = bulk_order()
    core_orders.look(made.id)
    assert list(UncheckedOrder.objects.values_list("core_id", "skus")) == [(made.id, ["PLAN-TALK"])]


def user(client, *codenames):
    found = User.objects.create_user("mei", password="x", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(found)
    return client


LIST = reverse("admin:carts_uncheckedorder_changelist")


def settle(client, row):
    return client.post(LIST, {"action": "settle", "_selected_action": [row.pk]}, follow=True)


@pytest.fixture
def row(shop):
    unchecked.note(order("v-PLAN"))
    return UncheckedOrder.objects.get()


def test_a_person_takes_it_off_the_list(client, row):
    page = user(client, "view_uncheckedorder", "settle_unchecked_order").get(LIST).content.decode()
    assert "1001" in page
    assert "PLAN" in page

    assert settle(client, row).status_code == 200

    row.refresh_from_db()
    assert (row.settled_at is not None, row.settled_by) == (True, f"admin:{User.objects.get().pk}")
    assert AuditEntry.objects.filter(action="unchecked_order.settled").count() == 1
    assert unchecked.settle(ids=[row.pk], actor="again") == 0


@pytest.mark.parametrize("codenames", [(), ("view_uncheckedorder",), ("settle_unchecked_order",)])
def test_who_may_not_changes_nothing(client, row, codenames):
    user(client, *codenames)
    assert client.get(LIST).status_code == (200 if "view_uncheckedorder" in codenames else 403)
    settle(client, row)
    row.refresh_from_db()
    assert row.settled_at is None
