"""The suite on a running Saleor: a checkout beside its calls made directly, the first copy of 10,000 variants beside
paging through them, and searches while a copy runs.

Only where SALEOR_API_URL and SALEOR_APP_TOKEN name one; its goods (bench.saleor_goods) are written into it once. Each
part is a process of its own on a database of its own: `python -m bench.saleor checkout|copy|search`.
"""

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bench import report, saleor_goods
from bench.measure import Figure, percentile, progress
from bench.report import Result, Table
from demo.machine import Machine
from kernel import postgres

CYCLES = 24
COPIES = 1
QUESTIONS, PAUSE_SECONDS = 500, 0.02
CHECKOUT = "checkout of two lines, from cart to order"
COPY = "first copy of 10,000 variants"
SEARCH = "search page of 2,000 products, in process"


def figures() -> Iterator[Result]:
    saleor_goods.write()
    for part in PARTS:
        yield from measured(part)


def measured(part: str) -> Iterator[Result]:
    """What a process of its own found."""
    environment = os.environ | {"DATABASE_URL": _database(), "CELERY_WAKE": "0"}
    command = [sys.executable, "-m", "bench.saleor", part]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    found = json.loads(done.stdout.splitlines()[-1])
    yield from (Figure(**figure) for figure in found["figures"])
    for table in found["tables"]:
        yield Table(table["title"], tuple(table["columns"]), tuple(map(tuple, table["rows"])), table["note"])


def _database() -> str:
    server = Machine.here().database_server
    return postgres.ensure_database(server, "bench_saleor") if server else os.environ["DATABASE_URL"]


def _figure(work: str, way: str, times: Sequence[float], busy: Sequence[float] = ()) -> Figure:
    ordered, worked = sorted(times), sorted(busy)
    return Figure(
        work=work,
        way=way,
        p50=round(statistics.median(ordered), 2),
        p99=round(percentile(ordered, 0.99), 2),
        per_second=round(1000 / statistics.mean(ordered), 2),
        cpu_p50=round(statistics.median(worked), 2) if worked else 0.0,
        cpu_p99=round(percentile(worked, 0.99), 2) if worked else 0.0,
    )


def _milliseconds(act: Callable[[], object]) -> float:
    return _spent(act)[0]


def _spent(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of this process's processor time."""
    started, busy = time.perf_counter(), time.process_time()
    act()
    return (time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000


# ---------------------------------------------------------------- checkout


def checkout() -> Iterator[Result]:
    """Cycles by turns: the suite's services, and the calls that they make, made by themselves."""
    from bench import saleor_checkout

    saleor_checkout.keep_no_statements()
    shop = saleor_checkout.Shop()
    calls, statements = saleor_checkout.calls_of(shop.buy), saleor_checkout.statements_of(shop.buy)
    ways = {"suite": shop.buy, "the same calls, directly": shop.buy_directly}
    times: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for way in ways.values():
        way()
    for number in progress(range(CYCLES), CHECKOUT):
        for way in sorted(ways, reverse=bool(number % 2)):
            times[way].append(_spent(ways[way]))
    yield from (_figure(CHECKOUT, way, *zip(*found, strict=True)) for way, found in times.items())
    suite, direct = (sorted(clock for clock, _busy in found) for found in times.values())
    rows = tuple(
        (name, round(of(suite), 1), round(of(direct), 1), f"{(of(suite) / of(direct) - 1) * 100:+.1f} %")
        for name, of in {
            "median": statistics.median,
            "p95": lambda found: percentile(found, 0.95),
            "fastest": min,
        }.items()
    )
    note = (
        f"{CYCLES} cycles each, by turns; both have the card authorised. A cycle of the suite takes {statements} "
        f"statements of its database, and of Saleor {', '.join(calls)}."
    )
    yield Table("the suite's checkout beside its calls alone", ("", "suite ms", "directly ms", "more"), rows, note)
    yield _tried_on(shop.version)


def _tried_on(version: str) -> Table:
    row = (f"Saleor {version}", f"{dt.datetime.now(dt.UTC):%Y-%m-%d}")
    return Table("measured against", ("core", "on"), (row,))


# ---------------------------------------------------------------- copy


def copy() -> Iterator[Result]:
    """By turns: paging through the products with nothing done, and the run that copies them into an empty suite."""
    from bench import saleor_copy
    from plugins.catalogue.models import Product, Variant

    pages = saleor_copy.Pages()
    times: dict[str, list[float]] = {"suite": [], "paging alone": []}
    for _turn in progress(range(COPIES), COPY):
        times["paging alone"].append(_milliseconds(pages.go_through))
        saleor_copy.forget()
        times["suite"].append(_milliseconds(saleor_copy.copy_all))
    yield from (_figure(COPY, way, found) for way, found in times.items())
    suite, paging = (statistics.median(found) / 1000 for found in times.values())
    row = (round(suite, 1), round(paging, 1), round(paging / suite, 2))
    products, variants = Product.objects.filter(is_active=True).count(), Variant.objects.filter(is_active=True).count()
    note = f"{products:,} products with {variants:,} variants, into an empty catalogue."
    columns = ("copy s", "paging s", "times the core's own speed")
    yield Table("a first copy beside paging through the same products", columns, (row,), note)


# ---------------------------------------------------------------- search


def search() -> Iterator[Result]:
    """Searches at a steady pace: by themselves, while Saleor is paged by somebody else, while all is copied anew."""
    from bench import saleor_copy, saleor_search

    if not saleor_copy.is_whole():
        saleor_copy.copy_all()
    found = {}
    with saleor_search.searching() as searching:
        for way, beside in {"by itself": "", "Saleor is paged": "pages", "all is copied anew": "anew"}.items():
            with _beside(beside) as goes_on:
                clock, busy = searching.ask(QUESTIONS, PAUSE_SECONDS, goes_on if beside == "anew" else _never)
            found[way] = _figure(SEARCH, f"suite, {way}", clock, busy)
            yield found[way]
    alone = found["by itself"]
    rows = tuple((way, round(one.p50 / alone.p50, 2), round(one.p99 / alone.p99, 2)) for way, one in found.items())
    note = (
        "Saleor, the copy and the search share the machine: what Saleor alone takes from the search is in the second "
        "row. Every product differs from what is stored, so every one is written and taken into the index."
    )
    yield Table("searches while a copy runs", ("meanwhile", "times p50", "times p99"), rows, note)


def _never() -> bool:
    return False


@contextmanager
def _beside(work: str) -> Iterator[Callable[[], bool]]:
    """Something done meanwhile by another process; gives whether it still goes on."""
    if not work:
        yield lambda: False
        return
    # As nice as the worker's unit has it (ops/systemd).
    command = ["nice", "-n", "5", sys.executable, "-m", "bench.saleor", work]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it has begun
    try:
        yield lambda: process.poll() is None
    finally:
        process.terminate()
        process.wait()


def pages() -> Iterator[Result]:
    """Page through the products, once."""
    from bench import saleor_copy

    found = saleor_copy.Pages()
    print("begun", flush=True)
    found.go_through()
    yield from ()


def anew() -> Iterator[Result]:
    """Copy everything over products of which each has another name."""
    from bench import saleor_copy

    saleor_copy.rename_all()
    print("begun", flush=True)
    saleor_copy.copy_all()
    yield from ()


PARTS = {part.__name__: part for part in (checkout, copy, search)}
BESIDE = {part.__name__: part for part in (pages, anew)}


if __name__ == "__main__":
    import django
    from django.conf import settings
    from django.core.management import call_command

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    django.setup()
    settings.CELERY_WAKE = False
    call_command("migrate", verbosity=0)
    print(json.dumps(report.data(list((PARTS | BESIDE)[sys.argv[1]]()))))
