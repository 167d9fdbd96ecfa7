"""The page on which a person settles a difference with the core."""

import pytest
from django.contrib.auth.models import Permission, User

from inventory.models import Balance, CoreDifference, CoreOrder

from .goods import make_store, seed_reasons, stock
from .screens import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(store, cable):
    stock(store, cable, 5)
    return CoreDifference.objects.create(kind="EDITED", store=store, item=cable, pieces=2, told=5, found=7, by="User 1")


def user(client, *codenames):
    found = User.objects.create_user("mei", password="x", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(found)
    return client


def test_the_list_shows_the_open_ones(admin_client, edited):
    page = admin_client.get(url("coredifference_changelist"))
    assert edited.item_id in page.content.decode()


def test_an_edit_is_booked(admin_client, edited):
    address = url("coredifference_change", edited.pk)
    assert "7" in admin_client.get(address).content.decode()
    done = admin_client.post(address, {"settlement": "BOOKED", "reason": "counted"})
    assert done.status_code == 302
    assert Balance.objects.get().on_hand == 7
    edited.refresh_from_db()
    assert (edited.settlement, edited.note) == ("BOOKED", "counted")


@pytest.mark.parametrize(
    ("sent", "status"), [({"settlement": "BOOKED"}, 200), ({"settlement": "KEPT", "reason": "x"}, 409)]
)
def test_what_is_wrong_changes_nothing(admin_client, edited, sent, status):
    page = admin_client.post(url("coredifference_change", edited.pk), sent)
    assert page.status_code == status
    edited.refresh_from_db()
    assert edited.settled_at is None


def test_stores_that_could_help_out_are_named(admin_client, store, cable):
    other = make_store()
    stock(other, cable, 3)
    order = CoreOrder.objects.create(core_id="o", number="1001", channel="us", status="UNFULFILLED")
    row = CoreDifference.objects.create(kind="OVERSOLD", store=store, item=cable, order=order, pieces=1)
    page = admin_client.get(url("coredifference_change", row.pk))
    assert [balance.store for balance in page.context["others"]] == [other]
    assert "1001" in page.content.decode()


@pytest.mark.parametrize(("codenames", "seen", "settled"), [((), 403, 403), (("view_coredifference",), 200, 403)])
def test_settling_needs_its_own_permission(client, edited, codenames, seen, settled):
    address = url("coredifference_change", edited.pk)
    user(client, *codenames)
    assert client.get(address).status_code == seen
    assert client.post(address, {"settlement": "BOOKED", "reason": "x"}).status_code == settled
    edited.refresh_from_db()
    assert edited.settled_at is None


def ways(page):
    return {way.value: list(way.effect) for way in page.context["ways"]}


def test_what_each_way_does_is_said_first(admin_client, store, cable, edited):
    page = admin_client.get(url("coredifference_change", edited.pk))
    assert ways(page) == {
        "BOOKED": [f"{store.name}: Adjustment, +2 × {cable.sku} (Sales floor)"],
        "OVERWRITTEN": [f"The core is told our quantity of {cable.sku} in {store.name} again. No movement."],
    }
    assert b'name="numbers"' not in page.content


def test_pieces_that_went_are_named_and_looked_at_first(admin_client, store, phone):
    first, _second = stock(store, phone, 2)
    gone = CoreDifference.objects.create(kind="EDITED", store=store, item=phone, pieces=-1, told=2, found=1)
    address = url("coredifference_change", gone.pk)
    sent = {"settlement": "BOOKED", "numbers": first}
    looked = admin_client.post(address, sent | {"look": "1"})
    assert looked.context["seen"] == {"lines": [f"{store.name}: {first} of {phone.sku} is lost"]}
    assert Balance.objects.get().on_hand == 2
    seed_reasons()
    assert admin_client.post(address, sent | {"reason": "stolen"}).status_code == 302
    assert Balance.objects.get().on_hand == 1


def test_an_order_without_pieces_says_what_each_way_does(admin_client, store, cable):
    order = CoreOrder.objects.create(core_id="o", number="1001", channel="us", status="UNFULFILLED")
    row = CoreDifference.objects.create(kind="OVERSOLD", store=store, item=cable, order=order, pieces=1)
    said = ways(admin_client.get(url("coredifference_change", row.pk)))
    assert list(said) == ["KEPT", "CANCELLED", "NOTED"]
    assert all("1001" in line for lines in said.values() for line in lines)
