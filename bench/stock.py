"""The stock section: promises by 16 clients at once beside raw SQL with the same locks and writes, and availability as
the ledger grows. In a process and a database of its own: `python -m bench.stock`.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from bench.measure import Figure, measure, progress
from bench.report import Result, Table
from demo.machine import Machine
from kernel import postgres

CLIENTS = 16
TURNS = 5
PROMISES = 40
LINES = 3
PIECES = 1_000_000
WORK = f"reserve and confirm {LINES} lines, {CLIENTS} clients"
LEDGER = (10_000, 1_000_000)
LEDGER_LARGE = (10_000, 1_000_000, 10_000_000)
STORES, SKUS = 40, 20

Client = Callable[[int], None]
"""Makes one promise as the client of this number."""


def figures() -> Iterator[Result]:
    """What a process of its own measured."""
    environment = os.environ | {"DATABASE_URL": _database()}
    command = [sys.executable, "-m", "bench.stock"]
    found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    measured = json.loads(found.stdout)
    yield from (Figure(**figure) for figure in measured["figures"])
    for table in measured["tables"]:
        yield Table(table["title"], tuple(table["columns"]), tuple(map(tuple, table["rows"])), table["note"])


def _database() -> str:
    server = Machine.here().database_server
    return postgres.ensure_database(server, "bench_stock") if server else os.environ["DATABASE_URL"]


def _measured() -> Iterator[Result]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from bench.peers import stock_peer

    store, skus = _stocked(CLIENTS * LINES)
    own = [skus[client * LINES : (client + 1) * LINES] for client in range(CLIENTS)]
    raw = stock_peer.RawSql(os.environ["DATABASE_URL"], store)
    ways: dict[str, Client] = {
        "suite": lambda client: _promise(store, own[client]),
        "raw SQL": lambda client: raw.promise(own[client]),
    }
    suite, peer = _together(WORK, ways)
    yield from (suite, peer)
    ratio = (round(suite.per_second / peer.per_second, 2), round(suite.p99 / peer.p99, 2))
    yield Table("the suite's promises beside raw SQL", ("times its rate", "times its p99"), (ratio,))
    hot: dict[str, Client] = {
        "suite": lambda _client: _promise(store, skus[:1]),
        "raw SQL": lambda _client: raw.promise(skus[:1]),
    }
    yield from _together(f"reserve and confirm one hot SKU, {CLIENTS} clients", hot)
    yield from _as_the_ledger_grows()


def _promise(store: str, skus: Sequence[str]) -> None:
    from inventory import services
    from kernel import clock

    held = services.reserve(
        key=str(uuid.uuid4()),
        purpose="CART",
        owner="cart:bench",
        store_id=store,
        lines=[(sku, 1) for sku in skus],
        expires_at=clock.now() + timedelta(minutes=15),
    )
    services.confirm(reservation_id=held.pk)


def _together(work: str, ways: dict[str, Client]) -> list[Figure]:
    """All clients at once, one way after the other in turns, so that what disturbs the machine disturbs both."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    seconds = dict.fromkeys(ways, 0.0)
    for way in ways:
        _crowd(ways[way], 3)
    for _turn in progress(range(TURNS), work):
        for way, client in ways.items():
            started = time.perf_counter()
            times[way] += _crowd(client, PROMISES)
            seconds[way] += time.perf_counter() - started
    return [_figure(work, way, sorted(times[way]), seconds[way]) for way in ways]


def _figure(work: str, way: str, times: Sequence[float], seconds: float) -> Figure:
    p99 = times[int(len(times) * 0.99)]
    return Figure(work, way, round(statistics.median(times), 2), round(p99, 2), round(len(times) / seconds, 1))


def _crowd(client: Client, rounds: int) -> list[float]:
    """Milliseconds of each promise of all clients, who begin together."""
    barrier = threading.Barrier(CLIENTS)
    found: list[float] = []

    def run(number: int) -> None:
        client(number)
        barrier.wait()
        for _round in range(rounds):
            started = time.perf_counter()
            client(number)
            found.append((time.perf_counter() - started) * 1000)
        _leave()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _leave() -> None:
    from django.db import connection

    connection.close()


def _stocked(count: int) -> tuple[str, list[str]]:
    """A store and SKUs that it has plenty of."""
    from inventory import services

    store = _store()
    skus = [f"BENCH-{number:04d}" for number in range(count)]
    services.upsert_items(services.ItemSpec(sku, "NONE", True, "") for sku in skus)
    services.receive_opening(services.OpeningRow(store, sku, PIECES // 2, ()) for sku in skus)
    return store, skus


def _store() -> str:
    from inventory import services

    made = services.upsert_store(
        code=f"BENCH-{uuid.uuid4().hex[:8]}",
        name="Bench",
        street_address="1 Main Street",
        city="Minneapolis",
        postal_code="55401",
        country_area="MN",
        country="US",
        latitude=44.98,
        longitude=-93.26,
        timezone="America/Chicago",
        hours=[],
        core_warehouse_id=None,
    )
    return str(made.pk)


def _as_the_ledger_grows() -> Iterator[Figure]:
    """Availability is read from balances: however long the ledger, it takes the same time."""
    from bench.peers import stock_peer
    from inventory import selectors

    stores = [_stocked(SKUS)[0] for _number in progress(range(STORES), "stock stores")]
    skus = [f"BENCH-{number:04d}" for number in range(SKUS)]
    sizes = LEDGER_LARGE if os.environ.get("BENCH_LARGE") else LEDGER
    for size in progress(sizes, "write movements"):
        stock_peer.fill_ledger(os.environ["DATABASE_URL"], stores, skus, size)
        work = f"availability of {SKUS} SKUs in {STORES} stores, {size:,} movements"
        yield measure(work, "suite", lambda _n: selectors.availability(skus, stores))


if __name__ == "__main__":
    import django

    from bench import report

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    django.setup()
    print(json.dumps(report.data(list(_measured()))))
