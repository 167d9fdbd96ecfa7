"""A merchandiser sells a new device from next Monday on, in two cities: at the screens, and as shoppers find it."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from inventory import services as inventory
from inventory.models import Store
from inventory.services import OpeningRow
from kernel.models import AuditEntry
from plugins.bundles import tasks
from plugins.bundles.models import OfferVersion, Publication
from tests.bundles.pages import EditorPage
from tests.bundles.test_api import CONFIGURE, OFFERS, ask
from tests.carts.conftest import _article, _store

CODE = "new-phone"
PARTS = [{"group": "device", "sku": "FOLD"}, {"group": "plan", "sku": "PLAN"}]


@pytest.fixture
def market(offer):
    """Stores in Austin, Dallas and Houston, and a device that no offer has yet."""
    Store.objects.filter(pk=offer.stores[1].pk).update(city="Dallas")
    offer.stores[1].refresh_from_db()
    offer.stores.append(_store(3))
    Store.objects.filter(pk=offer.stores[2].pk).update(city="Houston")
    _article(offer.channel, offer.core, "FOLD", "DEVICE", "899.00", "0.0825", True)
    inventory.receive_opening([OpeningRow(store.pk, "FOLD", 5) for store in offer.stores])
    return offer


@pytest.fixture
def merchandiser(client, db):
    user = User.objects.create_user("mina", password="x", is_staff=True)
    codes = ["view_offer", "add_offer", "change_offer"]
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="bundles", codename__in=codes))
    client.force_login(user)
    return client


def codes_in(shop, store=None):
    context = {"channel": "us"} | ({"storeId": str(shop.stores[store].pk)} if store is not None else {})
    return [edge["node"]["code"] for edge in ask(OFFERS, context=context).data["bundleOffers"]["edges"]]


def price(shop, store=0):
    context = {"channel": "us", "storeId": str(shop.stores[store].pk)}
    asked = {"offerCode": CODE, "term": 24, "selections": PARTS}
    answer = ask(CONFIGURE, context=context, input=asked)
    return answer if answer.errors else answer.data["configureBundle"]


def act(client, what, **more):
    return client.post(reverse("admin:bundles_offer_act", args=[CODE]), {"do": what, **more}, follow=True)


def said(answer):
    return [str(message) for message in answer.context["messages"]]


def test_a_new_device_in_two_cities_from_monday_and_one_click_back(market, merchandiser):
    # Begun as a copy of the offer that is sold.
    began = merchandiser.post(
        reverse("admin:bundles_offer_add"),
        {"name": "Fold and plan", "code": CODE, "channel": "us", "like": "phone-plan"},
    )
    assert began.status_code == 302, began.context["form"].errors
    page = EditorPage(merchandiser, CODE)
    assert page.problems == {}
    # The device of the group: the new one instead of the old.
    page.press("open:groups.1").press("option:groups.1", find="fold")
    page.press("option:groups.1=FOLD").press("remove:groups.1.options.0").press("open:groups.1.options.0")
    page.press("add:groups.1.options.0.prices.instalments=", **{"groups.1.options.0.default": "1"})
    page.press("show", **{
        "groups.1.options.0.prices.instalments.0.months": "24",
        "groups.1.options.0.prices.instalments.0.downPayment": "99.00",
        "groups.1.options.0.prices.instalments.0.when.terms": "24",
    })  # fmt: skip
    assert page.problems == {}
    # Two cities, ticked.
    page.press("open:offer").press("save", eligibility__cities=["Austin", "Dallas"])
    draft = OfferVersion.objects.get(offer_id=CODE)
    assert draft.document["eligibility"] == {"cities": ["Austin", "Dallas"]}
    assert draft.document["groups"][1]["options"] == [
        {
            "sku": "FOLD", "lowerLimit": 0, "upperLimit": 1, "default": 1,
            "prices": {"instalments": [{"months": 24, "downPayment": "99.00", "when": {"terms": [24]}}]},
        }
    ]  # fmt: skip

    # The copied test cases are about the old device: they are red and nothing can be published.
    monday = dt.datetime(2026, 3, 9, 9, 0)
    when = {"at": monday.isoformat(), "seen": draft.revision, "note": "Spring launch"}
    refused = act(merchandiser, "schedule", **when)
    assert "Test cases do not hold" in said(refused)[0]
    assert OfferVersion.objects.get(offer_id=CODE).state == "DRAFT"

    # They make way for one that is kept from the preview.
    page = EditorPage(merchandiser, CODE)
    page.press("open:cases").press("forget:1").press("forget:0")
    page.press("suggest", try__city="Austin")
    assert page.tried["valid"]
    assert not page.tried["kept_from"]
    page.press("keep", case="Suggested, in Austin")
    [(case, outcome)] = page.answer.context["cases"]
    assert (case["monthly"], case["dueToday"]) == ("71.08", "107.17")
    assert outcome.failures == ()
    page.press("save")

    # Scheduled for Monday, by the clocks of the channel.
    draft = OfferVersion.objects.get(offer_id=CODE)
    answer = act(merchandiser, "schedule", **when | {"seen": draft.revision})
    assert said(answer) == ["Version 1 comes on sale by itself: March 9, 2026, 9 a.m. (America/New_York)."]
    assert "at most a minute after March 9, 2026, 9 a.m. (America/New_York)" in answer.content.decode()
    # Not before.
    for seconds in (0, 6 * 86400):
        market.at.advance(seconds=seconds)
        assert tasks.publish_due() == 0
        assert codes_in(market, 0) == ["phone-plan"]
    assert price(market).errors[0].message == "This offer is not sold."

    # On Monday, in the two cities alone.
    market.at.advance(days=1)
    assert tasks.publish_due() == 1
    assert [codes_in(market, store) for store in (0, 1, 2, None)] == [
        [CODE, "phone-plan"], [CODE, "phone-plan"], ["phone-plan"], ["phone-plan"],
    ]  # fmt: skip
    assert price(market, 2).errors[0].message == "This offer is not sold."
    found = price(market)
    assert (found["valid"], found["dueToday"]["amount"], found["monthly"]["amount"]) == (True, "107.17", "71.08")
    assert [line["sku"] for line in found["lines"]] == ["FOLD", "PLAN"]

    # A second version is a mistake: one click goes back.
    page = EditorPage(merchandiser, CODE)
    page.press("open:groups.1.options.0").press(
        "show", **{"groups.1.options.0.prices.instalments.0.downPayment": "9.00"}
    )
    page.press("open:cases").press("forget:0").press("save", note="Too cheap")
    draft = OfferVersion.objects.get(offer_id=CODE, state="DRAFT")
    assert draft.number == 2
    act(merchandiser, "publish", seen=draft.revision, note="Too cheap")
    assert price(market)["dueToday"]["amount"] == "9.74"
    back = {"sold": "2", "note": "Wrong down payment"}
    assert said(act(merchandiser, "back", **back)) == ["Version 1 is on sale again."]
    assert price(market)["dueToday"]["amount"] == "107.17"
    # A second click of the same page goes no further.
    assert "Somebody else has changed this offer meanwhile" in said(act(merchandiser, "back", **back))[0]
    # And off sale.
    act(merchandiser, "withdraw")
    assert codes_in(market, 0) == ["phone-plan"]

    actor = f"admin:{User.objects.get().pk}"
    assert list(
        Publication.objects.filter(offer_id=CODE).order_by("id").values_list("kind", "version__number", "actor")
    ) == [
        ("PUBLISHED", 1, "system:bundles"),
        ("PUBLISHED", 2, actor),
        ("ROLLED_BACK", 1, actor),
        ("WITHDRAWN", None, actor),
    ]
    told = AuditEntry.objects.filter(subject=f"offer:{CODE}", detail__note="Wrong down payment")
    assert told.get().action == "bundles.rolled_back"
