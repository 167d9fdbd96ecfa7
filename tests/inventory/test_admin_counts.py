"""Managers plan counts, look at differences, and decide what waits."""

import datetime as dt
import uuid

import pytest
from django.contrib.auth.models import Permission, User

from inventory.models import Adjustment, Balance, CountPlan, ParLevel, StockCount
from kernel.models import AuditEntry

from .counting import authorise, complete, opened, part_of, tell
from .goods import seed_reasons, stock
from .screens import url
from .test_adjustments import adjust

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reasons(db):
    seed_reasons()


@pytest.fixture
def counted(store, cable):
    stock(store, cable, 10)
    count = opened(store)
    tell(part_of(count), cable, 7)
    complete(part_of(count))
    return count


@pytest.mark.parametrize("model", ["stockcount", "countplan", "adjustment", "parlevel"])
def test_lists_open(admin_client, counted, cable, model):
    ParLevel.objects.create(item=cable, quantity=3)
    CountPlan.objects.create(name="A", abc_class="A", every_days=7, starts_on=dt.date(2026, 3, 2))
    adjust(counted.store, cable, 6, "LOST")
    assert admin_client.get(url(f"{model}_changelist")).status_code == 200


def test_a_counts_page_shows_what_differs_before_and_after_posting(admin_client, counted, cable):
    page = url("stockcount_change", counted.pk)
    for _moment in range(2):
        text = admin_client.get(page).content.decode()
        assert cable.sku in text
        assert ">-3<" in text
        authorise(counted)
    assert StockCount.objects.get().state == "AUTHORISED"


def act(client, model, action, *rows):
    data = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url(f"{model}_changelist"), data, follow=True)


def test_what_waits_is_approved_or_rejected_and_noted(admin_client, counted, cable):
    first, second = (adjust(counted.store, cable, 6, "LOST", actor="staff:1") for _ in range(2))
    act(admin_client, "adjustment", "approve", first)
    act(admin_client, "adjustment", "reject", second)
    assert [Adjustment.objects.get(pk=row.pk).state for row in (first, second)] == ["BOOKED", "REJECTED"]
    assert Balance.objects.get().on_hand == 4
    assert AuditEntry.objects.filter(action="adjustment.decided").count() == 2
    answer = act(admin_client, "adjustment", "approve", second)
    assert "decided already" in answer.content.decode()
    assert Balance.objects.get().on_hand == 4


def test_counts_are_cancelled_unless_they_are_posted(admin_client, counted, store):
    other = opened(store)
    authorise(counted)
    act(admin_client, "stockcount", "cancel", counted, other)
    assert {row.pk: row.state for row in StockCount.objects.all()} == {counted.pk: "AUTHORISED", other.pk: "CANCELLED"}


def test_who_may_only_look_decides_nothing(client, counted, cable):
    waiting = adjust(counted.store, cable, 6, "LOST")
    user = User.objects.create_user(f"u-{uuid.uuid4()}", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_adjustment", "view_stockcount"]))
    client.force_login(user)
    assert client.get(url("adjustment_changelist")).status_code == 200
    act(client, "adjustment", "approve", waiting)
    act(client, "stockcount", "cancel", counted)
    assert (Adjustment.objects.get().state, StockCount.objects.get().state) == ("PENDING", "COUNTED")


def test_a_plan_is_saved_with_a_class_or_a_category(admin_client, db):
    values = {
        "name": "Weekly", "abc_class": "A", "category": "", "every_days": "7", "starts_on": "2026-03-02",
        "most_items": "50", "tolerance_pieces": "1", "tolerance_percent": "0", "blind": "on", "is_active": "on",
    }  # fmt: skip
    admin_client.post(url("countplan_add"), values)
    assert (CountPlan.objects.get().most_items, AuditEntry.objects.filter(action="countplan.saved").count()) == (50, 1)
    answer = admin_client.post(url("countplan_add"), values | {"category": "devices"})
    assert "Give either a class or a category." in answer.content.decode()
    assert CountPlan.objects.count() == 1
