"""A small catalogue to merchandise and people who may."""

import importlib
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission, User
from django.utils import translation

from inventory.models import Store
from plugins.catalogue.models import Channel, Product, Variant
from plugins.merchandising.models import DimensionSetup

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    """A page in another language leaves the thread in it."""
    with translation.override("en"):
        yield


def add_product(pk: str, *, brand: str, category: tuple[str, ...], kind: str = "DEVICE", **attributes: str) -> None:
    Product.objects.create(
        pk=pk,
        slug=pk.lower(),
        name=f"{brand} {pk}",
        brand=brand,
        kind=kind,
        category_slugs=list(category),
        category_path=[slug.capitalize() for slug in category],
        attributes=[{"name": name, "label": name, "values": [value]} for name, value in attributes.items()],
        synced_at=NOW,
    )
    Variant.objects.create(pk=f"{pk}-v", product_id=pk, sku=f"SKU-{pk}")


@pytest.fixture
def shop(db):
    """Two channels, one store, two phones and a case. Dimensions as the migration makes them."""
    if not DimensionSetup.objects.exists():  # a test with transactions of its own has emptied the tables
        importlib.import_module("plugins.merchandising.migrations.0002_defaults").install(apps, None)
    Channel.objects.create(slug="us", name="United States", currency="USD", country="US")
    Channel.objects.create(slug="cn", name="China", currency="CNY", country="CN")
    Store.objects.create(pk="store-1", code="S1", name="Main Street", latitude=1, longitude=1, timezone="UTC")
    add_product("P1", brand="Samsung", category=("devices", "phones"), storage="128 GB", network="5G")
    add_product("P2", brand="Apple", category=("devices", "phones"), storage="256 GB", network="4G")
    add_product("C1", brand="Samsung", category=("accessories", "cases"), kind="ACCESSORY", colour="Black")


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def user_who(client, db):
    """Sign in as somebody with these permissions only."""

    def sign_in(*codenames):
        user = User.objects.create_user(f"user-{'-'.join(codenames)}"[:150], password="x", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        client.force_login(user)
        return client

    return sign_in
