"""How soon search sees a movement of stock, and what reading a store's stock costs with and without the mirror."""

import datetime as dt
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.db import transaction

from bench.measure import Figure, measure
from inventory import live, selectors, services
from inventory.models import Reservation
from kernel import clock, notices

MOVEMENT = "stock movement to in_store"
READING = "all that a store has"
MOVEMENTS = 200
SECONDS = 30


def figures() -> Iterator[Figure]:
    with _listening():
        store = max((store.pk for store in live.stores()), key=lambda pk: len(selectors.available_in_store(pk)))
        sku, _quantity = max(selectors.available_in_store(store).items(), key=lambda entry: entry[1])
        _until(lambda: live.version(store) is not None)
        yield _movements(store, sku)
        yield measure(READING, "suite, mirrored", lambda _n: live.of_store(store))
        yield measure(READING, "suite, from the database", lambda _n: selectors.available_in_store(store))


def _movements(store: str, sku: str) -> Figure:
    """From just before COMMIT is sent until the mirror shows the quantity: holds of one piece, made and released."""
    times = []
    held: Reservation | None = None
    for _movement in range(MOVEMENTS):
        before = live.of_store(store).quantities[sku]
        with transaction.atomic():
            if held is None:
                held = _hold(store, sku)
                expected = before - 1
            else:
                services.release(reservation_id=held.pk, reason="benchmark")
                held = None
                expected = before + 1
            started = time.perf_counter()
        _until(lambda wanted=expected: live.of_store(store).quantities.get(sku, 0) == wanted)
        times.append((time.perf_counter() - started) * 1000)
    return Figure(
        work=MOVEMENT,
        way="suite, commit to mirror",
        p50=round(statistics.median(times), 3),
        p99=round(statistics.quantiles(times, n=100)[98], 3),
        per_second=round(1000 / statistics.mean(times), 1),
    )


def _hold(store: str, sku: str) -> Reservation:
    return services.reserve(
        key=f"bench/{uuid4()}",
        purpose=Reservation.Purpose.CART,
        owner="bench",
        store_id=store,
        lines=[(sku, 1)],
        expires_at=clock.now() + dt.timedelta(minutes=15),
    )


@contextmanager
def _listening() -> Iterator[None]:
    notices.start()
    try:
        _until(notices.fresh)
        yield
    finally:
        notices.stop()


def _until(holds) -> None:  # type: ignore[no-untyped-def]
    """Look ten times a millisecond; raises TimeoutError."""
    deadline = time.monotonic() + SECONDS
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError("the mirror does not follow")
        time.sleep(0.0001)
