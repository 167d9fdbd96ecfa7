"""Loads the demonstration operator into the core and the suite. Doing it again changes nothing."""

import datetime as dt
import hashlib
import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Never, TypeVar

import django
from django.conf import settings
from tqdm import tqdm

from demo import (
    deliveries,
    esims,
    losses,
    merchandising,
    offers,
    operator,
    pictures,
    premises,
    searches,
    stock_rooms,
    stock_work,
)
from demo.machine import Machine

T = TypeVar("T")

STORE_NAMESPACE = uuid.UUID("6f9a1f5e-5a3b-4a39-9d0e-7c1b8f0d2a11")
REGISTERS_A_STORE = 2
MAKERS = (
    "chance",
    "chinese",
    "chinese_offers",
    "deliveries",
    "devices",
    "esims",
    "facts_csv",
    "load",
    "losses",
    "merchandising",
    "offerings",
    "offers",
    "operator",
    "pictures",
    "premises",
    "prices",
    "searches",
    "serials",
    "shop_hours",
    "shops",
    "shops_cn",
    "stock_rooms",
    "stock_work",
)


def main() -> int:
    """Load the suite; the core has loaded what `prepare` wrote."""
    django.setup()
    # The worker does not run yet: what it would be woken for waits in the tables.
    settings.CELERY_WAKE = False
    _load_suite(operator.build())
    _stamp_file().write_text(_stamp())
    return 0


def prepare() -> Path | None:
    """Write the core's file and the pictures; None when this demonstration is loaded already.

    Raises ImportFileError when a fact file cannot be used.
    """
    if _stamp_file().exists() and _stamp_file().read_text() == _stamp():
        return None
    made = operator.build()
    folder = _stamp_file().parent
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "import-report.txt").write_text("\n".join(made.reports) + "\n")
    _report(made, folder)
    pictures.write_all(Machine.here().var / "media" / "catalogue", made.devices)
    (folder / "core.json").write_text(json.dumps(made.core))
    return folder / "core.json"


def _stamp_file() -> Path:
    return Machine.here().var / "demo" / "loaded"


def _stamp() -> str:
    """Changes when the demonstration would: with its facts and the code that makes it."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent
    for path in [*(folder / f"{name}.py" for name in MAKERS), *sorted(folder.glob("data/*.csv"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _report(made: operator.Operator, folder: Path) -> None:
    for line in made.reports:
        if "rows read" in line:
            print(f"  {line} (details in {folder / 'import-report.txt'})", flush=True)


def store_id(shop_code: str) -> str:
    """The same id for the same shop at every run."""
    return str(uuid.uuid5(STORE_NAMESPACE, shop_code))


def register_id(shop_code: str, number: int) -> str:
    return str(uuid.uuid5(STORE_NAMESPACE, f"{shop_code}/register/{number}"))


def _load_suite(made: operator.Operator) -> None:
    # Imported here: the models exist only after Django's set-up.
    from plugins.catalogue import services as catalogue

    for channel in catalogue.sync_channels():
        with _bar(made.product_count(channel.slug), f"catalogue {channel.slug}") as bar:
            catalogue.sync_products(channel.slug, progress=lambda seen: bar.update(seen - bar.n))
    _load_stores(made)
    _load_people(made)
    _load_stock(made)
    with _bar(1, "premises and network") as bar:
        premises.load(dt.datetime.now(dt.UTC).date())
        bar.update(1)
    merchandising.load()
    offers.load(made)
    searches.load(made)


def _bar(total: int, what: str) -> "tqdm[Never]":
    return tqdm(total=total, desc=f"  {what}", ncols=80, file=sys.stdout, mininterval=0.5)


def _load_stores(made: operator.Operator) -> None:
    from commerce.core import core
    from inventory import services as inventory

    warehouses = {warehouse.slug: warehouse.id for warehouse in core().warehouses()}
    for shop in made.shops:
        inventory.upsert_store(
            store_id=store_id(shop.code),
            code=shop.code,
            name=shop.name,
            street_address=shop.street,
            city=shop.city,
            postal_code=shop.postal_code,
            country_area=shop.state,
            country=shop.country,
            phone=shop.phone,
            email=f"{shop.slug}@example.com",
            latitude=shop.latitude,
            longitude=shop.longitude,
            timezone=shop.timezone,
            hours=shop.hours,
            core_warehouse_id=warehouses[shop.slug],
        )


def _load_people(made: operator.Operator) -> None:
    from django.contrib.auth.models import Group, User

    from plugins.staff import services as staff
    from storefront_api.auth_backend import DEMO_GROUP

    for code, name, role, pin in operator.STAFF:
        staff.upsert_staff(code=code, name=name, role=role, pin=pin, actor="demo", is_demo=True)
    for shop in made.shops:
        for number in range(1, REGISTERS_A_STORE + 1):
            staff.upsert_register(
                register_id=register_id(shop.code, number),
                store_id=store_id(shop.code),
                code=f"{shop.code}-{number}",
                name=f"{shop.name} {number} 号收银台" if shop.country == "CN" else f"{shop.name}, register {number}",
                actor="demo",
                is_demo=True,
            )
    group, _created = Group.objects.get_or_create(name=DEMO_GROUP)
    admin = User.objects.filter(username=operator.ADMIN["user"]).first()
    if admin is None:
        admin = User.objects.create_superuser(
            operator.ADMIN["user"], operator.ADMIN["email"], operator.ADMIN["password"]
        )
    admin.groups.add(group)


def _load_stock(made: operator.Operator) -> None:
    from inventory import projection
    from inventory import services as inventory

    rows = [
        inventory.OpeningRow(store_id(row.store_code), row.sku, row.quantity, row.serials, row.further)
        for row in made.stock
    ]
    with _bar(len(rows), "opening stock") as bar:
        for batch in _batches(rows, 2000):
            inventory.receive_opening(batch)
            bar.update(len(batch))
    with _bar(len(made.shops), "rooms and safety stock") as bar:
        first_of_china = next(shop for shop in made.shops if shop.country == "CN")
        for number, shop in enumerate(made.shops):
            own = [row for row in made.stock if row.store_code == shop.code]
            language = "zh" if shop.country == "CN" else "en"
            stock_rooms.load(store_id(shop.code), own)
            losses.load(store_id(shop.code), 0 if shop == first_of_china else number, own, language=language)
            if shop == made.shops[0]:
                stock_rooms.load_rules(store_id(shop.code), own)
            if shop in (made.shops[0], first_of_china):
                stock_work.load(store_id(shop.code), own, language=language)
            bar.update(1)
    esims.load()
    _load_deliveries(made)
    with _bar(projection.due_count(), "stock to the core") as bar:
        while pushed := projection.push_due(limit=500):
            bar.update(pushed)


def _load_deliveries(made: operator.Operator) -> None:
    """Each store expects deliveries, and goods of the store before it in its country."""
    stock: dict[str, list[operator.OpeningStock]] = {}
    for row in made.stock:
        stock.setdefault(row.store_code, []).append(row)
    with _bar(len(made.shops), "deliveries and transfers") as bar:
        for number, shop in enumerate(made.shops):
            deliveries.load(store_id(shop.code), number, shop.code, stock[shop.code])
            country = [other for other in made.shops if other.country == shop.country]
            origin = country[(country.index(shop) + 1) % len(country)]
            deliveries.load_transfers(store_id(origin.code), store_id(shop.code), shop.code, stock[origin.code])
            bar.update(1)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    batch: list[T] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    sys.exit(main())
