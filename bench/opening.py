"""A million opening balances from a CSV: the import with all its checks and books, beside raw COPY of the same rows.

In a database of its own, which is dropped afterwards.
"""

import csv
import io
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

from bench.measure import Figure

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
django.setup()

from inventory import opening_import, proof  # noqa: E402
from inventory.models import StockItem, Store  # noqa: E402

STORES, SKUS = 1000, 1000
WORK = f"{STORES * SKUS:,} opening balances from a CSV"


def figures() -> Iterator[Figure]:
    settings.CELERY_WAKE = False
    settings.DATABASES["default"]["TEST"]["NAME"] = "bench_opening"
    made = setup_databases(verbosity=0, interactive=False)
    try:
        _stores_and_items()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "opening.csv"
            _write(path)
            yield _timed("raw COPY, no checks", lambda: _copy(path))
            yield _timed("suite: import_opening", lambda: _import(path))
        if found := proof.differences():
            raise RuntimeError(f"the proof found {len(found)} differences, first: {found[0]}")
    finally:
        teardown_databases(made, verbosity=0)


def _timed(way: str, act: Callable[[], None]) -> Figure:
    started = time.perf_counter()
    act()
    took = (time.perf_counter() - started) * 1000
    return Figure(WORK, way, p50=round(took, 1), p99=round(took, 1), per_second=round(1000 / took, 5))


def _stores_and_items() -> None:
    Store.objects.bulk_create(
        Store(
            code=f"S{number:04d}",
            name=f"Store {number}",
            street_address="1 Main Street",
            city="Minneapolis",
            postal_code="55401",
            country="US",
            latitude=45,
            longitude=-93,
            timezone="America/Chicago",
        )
        for number in range(STORES)
    )
    StockItem.objects.bulk_create(StockItem(sku=f"SKU-{number:04d}") for number in range(SKUS))


def _write(path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["store", "sku", "quantity"])
        for store in range(STORES):
            writer.writerows([f"S{store:04d}", f"SKU-{sku:04d}", 1 + (store + sku) % 50] for sku in range(SKUS))


def _copy(path: Path) -> None:
    """The rows of balances and movements alone, into tables of the same columns and indexes."""
    ids = dict(Store.objects.values_list("code", "pk"))
    with connection.cursor() as cursor:
        for table in ("inventory_balance", "inventory_movement"):
            cursor.execute(f"CREATE TABLE bench_{table} (LIKE {table} INCLUDING ALL)")
        with path.open(newline="") as file, cursor.copy(_BALANCES) as copy:
            for row in csv.DictReader(file):
                quantity = int(row["quantity"])
                copy.write_row((ids[row["store"]], row["sku"], quantity, 0, 0, 0, quantity))
        with path.open(newline="") as file, cursor.copy(_MOVEMENTS) as copy:
            for row in csv.DictReader(file):
                store, sku, quantity = ids[row["store"]], row["sku"], int(row["quantity"])
                key = f"opening/{store}/{sku}"
                copy.write_row((store, sku, "RECEIPT", quantity, quantity, key, "bench", "", "now", "now"))
        for table in ("inventory_balance", "inventory_movement"):
            cursor.execute(f"DROP TABLE bench_{table}")


_BALANCES = (
    "COPY bench_inventory_balance (store_id, item_id, on_hand, unsellable, reserved, safety, unregistered) FROM STDIN"
)
_MOVEMENTS = (
    "COPY bench_inventory_movement (store_id, item_id, kind, quantity, balance_after, source_key, actor, reason,"
    " occurred_at, recorded_at) FROM STDIN"
)


def _import(path: Path) -> None:
    outcome = opening_import.bring_in(
        file=io.BytesIO(path.read_bytes()), name=path.name, actor="bench", dry_run=False, max_rows=None
    )
    if outcome.mistakes or outcome.added != STORES * SKUS:
        raise RuntimeError(f"{outcome.added} rows were added, {len(outcome.mistakes)} mistakes found")
