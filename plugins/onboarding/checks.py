"""What `manage.py check_core` says of the mapping and of the copies."""

from collections.abc import Iterator

from commerce.check import Level, Point
from commerce.core import core
from inventory import projection
from inventory.models import CoreStock, Store, WarehouseMapping
from plugins.catalogue.models import ProductTypeMapping
from plugins.onboarding import findings, services

_PAGE = "the admin's page Take over a catalogue"


def mapping() -> Iterator[Point]:
    """Whether everything of the core is decided, and was copied."""
    if not ProductTypeMapping.objects.exists() and not WarehouseMapping.objects.exists():
        told = "the core was never read; its metadata counts"
        yield Point(Level.WARN, "mapping", told, f"Read the core on {_PAGE}, or with `manage.py sync_core --dry-run`.")
    elif blocking := services.blocking():
        _code, subject, detail = blocking[0]
        told = f"{len(blocking)} undecided, first: {subject} {detail}".rstrip()
        yield Point(Level.FAIL, "mapping", told, f"Decide it on {_PAGE}.")
    else:
        yield Point(Level.OK, "mapping", "complete")
    yield from _copies()


def stores() -> Iterator[Point]:
    """Whether stores are linked, open at times, and told to the core."""
    active = Store.objects.filter(is_active=True)
    if unlinked := list(active.filter(core_warehouse_id=None).values_list("code", flat=True)[:5]):
        told = f"without a warehouse in the core: {', '.join(unlinked)}"
        yield Point(Level.WARN, "stores", told, f"Map a warehouse of the same code on {_PAGE}.")
    closed = [store.code for store in active.filter(kind=Store.Kind.STORE) if not store.hours]
    if closed:
        told = f"without opening hours, so that nobody can collect there: {', '.join(closed[:5])}"
        yield Point(Level.WARN, "stores", told, "Enter them in the admin under Stores.")
    if not unlinked and not closed:
        yield Point(Level.OK, "stores", f"{active.count()} active, all linked")
    if stuck := CoreStock.objects.filter(failures__gt=3, balance__store__stock_owner="SUITE").count():
        yield Point(Level.WARN, "stock", f"{stuck} rows the core does not take", "See Stock in the core in the admin.")
    else:
        yield Point(Level.OK, "stock", f"{projection.due_count()} rows to be told")


def collecting() -> Iterator[Point]:
    """Whether the core lets customers collect where the suite offers it."""
    offered = Store.objects.filter(is_active=True, kind=Store.Kind.STORE, pickup_enabled=True)
    shut = findings.not_collecting(core().warehouses(), [one for one in core().channels() if one.is_active])
    found = [(store.code, shut[store.core_warehouse_id]) for store in offered if store.core_warehouse_id in shut]
    remedy = (
        "In Saleor choose Click and collect for the warehouse and let a channel sell from it, "
        "or switch pick-up off for the store in the admin: orders for it are refused."
    )
    for reason in sorted({why for _code, why in found}):
        codes = [code for code, why in found if why == reason]
        told = f"{', '.join(codes[:5])}{' and more' if codes[5:] else ''}: {reason}"
        yield Point(Level.WARN, "collecting", told, remedy)
    if not found:
        yield Point(Level.OK, "collecting", "possible where the suite offers it")


def guard() -> Iterator[Point]:
    """The order guard is a plugin of Saleor: an App sees plugins only with a permission that the suite does not ask."""
    remedy = "Look in Saleor's dashboard under Plugins: Order guard is to be active in each channel that sells bundles."
    yield Point(Level.WARN, "order guard", "cannot be seen with the App's permissions", remedy)


def _copies() -> Iterator[Point]:
    run = services.last_run(dry=False)
    if run is None:
        yield Point(Level.WARN, "first copy", "was not made", f"Start it on {_PAGE}, or with `manage.py sync_core`.")
    elif run.failures:
        yield Point(Level.FAIL, "copy", f"{run} waits: {run.last_error}", "Remove the cause; it goes on by itself.")
    elif run.unfinished:
        yield Point(Level.OK, "copy", f"under way: {run.seen} of {run.total} products")
    else:
        yield Point(Level.OK, "copy", f"{run.get_state_display()}, {run.seen} products, {run.problem_count} problems")
