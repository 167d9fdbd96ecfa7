"""The admin as merchandisers and managers find it."""

import copy
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from inventory.models import Contradiction, Movement
from plugins.bundles import services as offers
from plugins.bundles.compiled import Selected
from plugins.carts import bundles, services
from plugins.carts.bundle_quotes import Wish
from plugins.pos.models import SaleException
from storefront_api.admin_site import GROUPS
from tests.bundles.conftest import DOCUMENT
from tests.counter import ADA

CORE = "https://core.example.com/dashboard/"


@pytest.fixture
def manager(client, db):
    """A user who may look at orders and pickups only."""
    user = User.objects.create_user("mei", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_order", "view_pickup"]))
    client.force_login(user)
    return client


def links(page):
    return re.findall(r'href="(/admin/[^"]*)"', page.content.decode().replace("&amp;", "&"))


def sidebar(page):
    return re.search(r'id="nav-sidebar-apps".*?</ol>\s*</div>\s*</div>', page.content.decode(), re.S)[0]


def test_every_screen_has_its_place_in_the_sidebar():
    placed = {label for _title, screens in GROUPS for label, _icon in screens}
    assert {model._meta.label for model in admin.site._registry} == placed


@pytest.mark.django_db
def test_every_screen_opens(admin_client):
    for model in admin.site._registry:
        page = admin_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert page.status_code == 200, model
        assert "<script>" not in page.content.decode(), model


def test_the_first_page_counts_what_is_there(front, admin_client):
    front.counter.order(("PHONE", 1), method="CARD")
    front.counter.order(("CASE", 1), method="CARD")
    Contradiction.objects.create(movement=Movement.objects.first(), code="STOCK_SHORT", message="Below zero")
    page = admin_client.get("/admin/")
    figures = {figure.label: figure for figure in (*page.context["trade"], *page.context["work"])}
    assert figures["Orders in the last 24 hours"].value == 2
    assert figures["Pickups not collected yet"].value == 2
    assert figures["Stock exceptions to settle"].value == 1
    assert figures["Stock exceptions to settle"].alarming
    assert figures["Sales to look into"].value == SaleException.objects.count() == 0
    orders, pickups, exceptions = page.context["charts"]
    assert sum(count for _day, count in orders.rows) == 2
    assert len(orders.rows) == 14
    assert ("Placed", 2) in [(str(name), count) for name, count in pickups.rows]
    assert exceptions.rows == [("STOCK_SHORT", 1)]
    for figure in figures.values():
        listed = admin_client.get(figure.link)
        assert listed.status_code == 200, figure.link
        assert listed.context["cl"].result_count == figure.value, figure.label


def test_the_first_page_asks_a_fixed_number_of_questions(front, admin_client, django_assert_max_num_queries):
    for _ in range(3):
        front.counter.order(("CASE", 1), method="CARD")
    with django_assert_max_num_queries(20):
        admin_client.get("/admin/")


@pytest.mark.django_db
def test_every_link_of_the_first_page_works(admin_client):
    found = links(admin_client.get("/admin/"))
    assert len(found) > 30
    for link in {link for link in found if "logout" not in link}:
        assert admin_client.get(link).status_code in {200, 302}, link


def test_a_user_sees_what_permissions_show(manager):
    page = manager.get("/admin/")
    shown = sidebar(page)
    assert "/admin/carts/order/" in shown
    assert "/admin/staff/" not in page.content.decode()
    assert "Operations" not in shown
    assert [figure.label for figure in page.context["work"]] == ["Pickups late in preparation"]
    assert len(page.context["charts"]) == 2


def test_a_user_without_permissions_is_told_so(client, db):
    client.force_login(User.objects.create_user("new", password="x", is_staff=True))
    assert b"Ask an administrator" in client.get("/admin/").content


@pytest.mark.django_db
def test_the_core_is_linked_when_its_address_is_known(admin_client, settings):
    settings.CORE_ADMIN_URL = ""
    assert b"Commerce core (products and prices)" not in admin_client.get("/admin/").content
    settings.CORE_ADMIN_URL = CORE
    assert f'href="{CORE}"' in admin_client.get("/admin/").content.decode()


@pytest.mark.django_db
def test_a_demonstration_is_marked_as_one(admin_client, settings):
    settings.DEBUG = True
    assert b"Demonstration" in admin_client.get("/admin/").content
    settings.DEBUG = False
    assert b"Demonstration" not in admin_client.get("/admin/").content


@pytest.mark.django_db
def test_the_language_can_be_changed(admin_client):
    answer = admin_client.post(reverse("set_language"), {"language": "zh-hans", "next": "/admin/"})
    assert answer.status_code == 302
    page = admin_client.get("/admin/")
    assert page["Content-Language"] == "zh-hans"
    assert 'lang="zh-hans"' in page.content.decode()
    assert "概览" in page.content.decode()


def test_an_order_shows_amounts_with_their_currency_and_its_timeline(front, admin_client):
    order = front.counter.order(("PHONE", 1), method="CARD")
    page = admin_client.get(reverse("admin:carts_order_change", args=[order.pk])).content.decode()
    assert "499.00 USD" in page
    assert "499.000" not in page
    assert "We have your order." in page


def test_a_cart_shows_its_bundle_and_nothing_the_customer_told_of_it(front, admin_client):
    document = copy.deepcopy(DOCUMENT)
    offers.save_draft(code="o", channel=front.counter.channel, document=document, test_cases=[], actor="test")
    offers.publish(code="o", actor="test")
    plan = Selected("plan", "PLAN", characteristics=(("portIn", "512 555 0100"), ("pin", "48151623")))
    cart = services.create_cart(caller=ADA, channel=front.counter.channel, sales_channel="WEB", contact=None)
    wish = Wish("o", 24, [Selected("device", "PHONE"), plan])
    bundles.add_bundle(caller=ADA, cart_id=cart.pk, wish=wish)
    page = admin_client.get(reverse("admin:carts_cart_change", args=[cart.pk])).content.decode()
    assert "1 × PHONE, 1 × PLAN" in page
    assert "20.57 USD" in page
    assert "48151623" not in page
    assert "+15125550100" not in page
    assert cart.bundles.get().characteristics[0]["values"] == {"portIn": "+15125550100", "pin": "48151623"}
