"""The page on which a person settles a contradiction: facts, ways, a look ahead, permissions."""

import pytest
from django.contrib.auth.models import Permission, User

from inventory import proof, services
from inventory.models import Contradiction, Movement

from .goods import imei, make_store, stock
from .screens import url

pytestmark = pytest.mark.django_db

LIST = "contradiction_changelist"


@pytest.fixture
def row(store, phone):
    """A piece sold here that another store has in its books."""
    mine = stock(store, phone, 1)
    (serial,) = stock(make_store(), phone, 1)
    services.sell(
        store_id=store.pk,
        lines=[(phone.sku, 1, [serial])],
        source_key="sale/1",
        actor="staff:7",
        allow_short=True,
    )
    found = Contradiction.objects.get()
    found.mine = mine[0]
    return found


def user(client, *codenames):
    found = User.objects.create_user("mei", password="x", is_staff=True)
    found.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(found)
    return client


def test_the_page_shows_both_stores_and_what_each_way_does(admin_client, row):
    page = admin_client.get(url("contradiction_change", row.pk))
    assert page.status_code == 200
    assert [place["booked_here"] for place in page.context["places"]] == [True, False]
    ways = {way.value: way for way in page.context["ways"]}
    assert list(ways) == ["REALLY_SOLD", "NAME_UNITS"]
    assert [line.split(": ")[1].split(" (")[0] for line in ways["REALLY_SOLD"].effect[:2]] == [
        f"Transfer out, -1 × {row.movement.item_id}",
        f"Transfer in, +1 × {row.movement.item_id}",
    ]
    assert "<script>" not in page.content.decode().split("suite-entry", 1)[1]


def test_looking_changes_nothing_and_settling_books(admin_client, row):
    address = url("contradiction_change", row.pk)
    looked = admin_client.post(address, {"settlement": "NAME_UNITS", "numbers": row.mine, "look": "1"})
    assert any("In stock → Sold" in line for line in looked.context["seen"]["lines"])
    assert Movement.objects.count() == 3
    refused = admin_client.post(address, {"settlement": "NAME_UNITS", "numbers": imei(), "reason": "looked"})
    assert refused.status_code == 409
    assert "is known" in refused.context["refused"]
    without = admin_client.post(address, {"settlement": "NAME_UNITS", "numbers": row.mine})
    assert without.context["form"].errors["reason"]
    row.refresh_from_db()
    assert row.settled_at is None
    done = admin_client.post(address, {"settlement": "NAME_UNITS", "numbers": row.mine, "reason": "looked"})
    assert done.status_code == 302
    row.refresh_from_db()
    assert (row.settlement, row.settled_reason, row.settled_with) == ("NAME_UNITS", "looked", [row.mine])
    assert proof.differences() == []
    second = admin_client.post(address, {"settlement": "REALLY_SOLD", "reason": "no"})
    assert (second.status_code, "has settled this already" in second.context["refused"]) == (409, True)


def test_the_list_is_of_open_ones_unless_asked(admin_client, row):
    assert admin_client.get(url(LIST)).context["cl"].result_count == 1
    assert admin_client.get(url(LIST), {"type": "SOLD_SHORT"}).context["cl"].result_count == 0
    services.settle_contradiction(contradiction_id=row.pk, settlement="REALLY_SOLD", actor="a", reason="r")
    counts = [admin_client.get(url(LIST), query).context["cl"].result_count for query in ({}, {"settled": "yes"})]
    assert counts == [0, 1]


def test_who_may_only_look_cannot_settle(client, row):
    viewer = user(client, "view_contradiction")
    address = url("contradiction_change", row.pk)
    page = viewer.get(address)
    assert (page.status_code, page.context["ways"]) == (200, [])
    assert viewer.post(address, {"settlement": "REALLY_SOLD", "reason": "x"}).status_code == 403
    row.refresh_from_db()
    assert (row.settled_at, Movement.objects.count()) == (None, 3)


def test_nobody_else_sees_the_list(client, row):
    other = user(client, "view_balance")
    assert other.get(url(LIST)).status_code == 403
    assert other.get(url("contradiction_change", row.pk)).status_code == 403
