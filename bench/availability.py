"""What can be sold of 20 SKUs in 40 stores: the inventory's selector beside the bare SQL for the same numbers."""

from collections.abc import Iterator

from django.db import connection

from bench.measure import Figure, measure
from inventory import selectors
from inventory.models import Balance, Store

WORK = "availability of 20 SKUs in 40 stores"


def figures() -> Iterator[Figure]:
    stores = list(Store.objects.order_by("pk").values_list("pk", flat=True)[:40])
    skus = list(Balance.objects.order_by("item_id").values_list("item_id", flat=True).distinct()[:20])
    yield measure(WORK, "suite, in process", lambda _n: selectors.availability(skus, stores))
    yield measure(WORK, "bare SQL", lambda _n: _bare(skus, stores))


def _bare(skus: list[str], stores: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT item_id, store_id, on_hand - reserved FROM inventory_balance"
            " WHERE item_id = ANY(%s) AND store_id = ANY(%s)",
            [skus, stores],
        )
        cursor.fetchall()
