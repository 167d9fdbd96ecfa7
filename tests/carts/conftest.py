"""A small shop: two stores, a phone, a case, a plan and what is only sold in a bundle."""

import datetime as dt
from decimal import Decimal

import pytest

from inventory import services as inventory
from inventory.services import OpeningRow
from kernel import clock
from plugins.catalogue.models import Channel, ChannelListing, Product, Variant
from tests.carts.shop import Shop
from tests.fake_core_port import FakeCore

# A Monday, 10:00 in Austin.
MONDAY = dt.datetime(2026, 3, 2, 16, 0, tzinfo=dt.UTC)


@pytest.fixture
def at():
    with clock.use_clock(clock.FrozenClock(MONDAY)) as frozen:
        yield frozen


@pytest.fixture
def core(monkeypatch):
    fake = FakeCore()
    monkeypatch.setattr("commerce.core.core", lambda: fake)
    return fake


@pytest.fixture
def shop(db, at, core, settings):
    settings.DEBUG = True
    settings.CELERY_WAKE = False
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    channel = Channel.objects.create(
        slug="us", name="US", currency="USD", country="US", warehouse_ids=["warehouse-1", "warehouse-2"]
    )
    for sku, kind, price, rate, stocked in (
        ("PHONE", "DEVICE", "499.00", "0.0825", True),
        ("CASE", "ACCESSORY", "19.99", "0.0825", True),
        ("PLAN", "PLAN", "35.00", "0", False),
        ("BUNDLED", "DEVICE", None, "0.0825", True),
    ):
        _article(channel, core, sku, kind, price, rate, stocked)
    stores = [_store(number) for number in (1, 2)]
    opening = (stores[0], "PHONE", 3), (stores[0], "CASE", 50), (stores[1], "PHONE", 1)
    inventory.receive_opening([OpeningRow(store.pk, sku, quantity) for store, sku, quantity in opening])
    return Shop(channel=channel, stores=stores, core=core, at=at)


def _article(channel, core, sku, kind, price, rate, stocked):
    product = Product.objects.create(id=f"p-{sku}", slug=sku.lower(), name=sku.title(), kind=kind, synced_at=MONDAY)
    variant = Variant.objects.create(id=f"v-{sku}", product=product, sku=sku, stocked=stocked)
    ChannelListing.objects.create(
        variant=variant, channel=channel, price=None if price is None else Decimal(price), tax_rate=Decimal(rate)
    )
    inventory.upsert_item(sku=sku, tracking="NONE", stocked=stocked, core_variant_id=variant.pk)
    if price is not None:
        core.sell(variant.pk, sku, price, rate)


def _store(number):
    return inventory.upsert_store(
        code=f"store-{number}",
        name=f"Store {number}",
        street_address=f"{number} Congress Ave",
        city="Austin",
        postal_code="78701",
        country_area="TX",
        country="US",
        latitude=30.26 + number,
        longitude=-97.74,
        timezone="America/Chicago",
        hours=[{"weekday": day, "opens": "09:00", "closes": "18:00"} for day in range(1, 7)],
        slot_capacity=2,
        core_warehouse_id=f"warehouse-{number}",
    )
