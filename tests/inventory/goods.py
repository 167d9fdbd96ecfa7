"""Makes stores, items and valid serials for the tests."""

import itertools
import uuid
from importlib import import_module

from django.apps import apps
from stdnum import luhn

from inventory import services
from inventory.models import StockItem, Store

_numbers = itertools.count(1)

WEEK = [{"weekday": day, "opens": "10:00", "closes": "20:00"} for day in range(1, 8)]


def make_store(**values: object) -> Store:
    """A store in Minneapolis unless said otherwise."""
    number = next(_numbers)
    return services.upsert_store(
        **{
            "code": f"S{number}-{uuid.uuid4().hex[:6]}",
            "name": f"Store {number:05d}",
            "street_address": "1 Main Street",
            "city": "Minneapolis",
            "postal_code": "55401",
            "country_area": "MN",
            "country": "US",
            "latitude": 44.98,
            "longitude": -93.26,
            "timezone": "America/Chicago",
            "hours": WEEK,
            "core_warehouse_id": f"warehouse-{uuid.uuid4().hex}",
        }
        | values
    )


def make_item(tracking: str = "NONE", *, stocked: bool = True) -> StockItem:
    """An item of its own SKU, linked to a variant of the core."""
    sku = f"SKU-{next(_numbers)}-{uuid.uuid4().hex[:6]}"
    return services.upsert_item(sku=sku, tracking=tracking, stocked=stocked, core_variant_id=f"variant-{sku}")


def imei() -> str:
    """A valid IMEI, never the same, and none that the fake blacklist has something to say of."""
    drawn = uuid.uuid4().int
    body = f"35{drawn % 10**6:06d}{drawn // 10**6 % 990_000:06d}"
    return body + luhn.calc_check_digit(body)


def iccid() -> str:
    """A valid ICCID of 19 digits, never the same."""
    body = f"8901{uuid.uuid4().int % 10**14:014d}"
    return body + luhn.calc_check_digit(body)


def stock(store: Store, item: StockItem, quantity: int) -> list[str]:
    """Receive `quantity` pieces; returns their serials, if the item has any."""
    make = {"IMEI": imei, "ICCID": iccid}.get(item.tracking)
    serials = [make() for _ in range(quantity)] if make else []
    services.receive(
        store_id=store.pk,
        sku=item.sku,
        quantity=quantity,
        serials=serials,
        source_key=f"receipt-{uuid.uuid4()}",
        actor="test",
    )
    return serials


def seed_reasons() -> None:
    """The reasons that every operator starts with; tests with transactions of their own leave the table empty."""
    import_module("inventory.migrations.0004_floors_identifiers_reasons").seed_reasons(apps, None)
