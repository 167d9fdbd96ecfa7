"""Clients of the inventory in a process of their own, told over standard input what to do, a line of JSON each.

`python -m tests.inventory.clients` with the connection of the database in CLIENTS_DATABASE. Orders:

  {"act": "want", "store", "sku", "serials", "clients", "at"}  so many clients want one piece each, all at that moment
  {"act": "crowd", "book", "clients", "at", ...}               so many clients `attempt` as the book says, likewise
  {"act": "work", "book", "store", "skus", "seed", "seconds"}  work at random until killed, so long after it began

The answer to the first two is the list of outcomes; to the third what the dead worker had said: the operations that it
began, and those that it saw succeed, with what they answered. `book` is the module that draws and performs them.
"""

import json
import os
import random
import select
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from types import ModuleType
from typing import Any, TypeVar

import django

T = TypeVar("T")

# A worker that has not begun by then never does.
MOST_SECONDS = 60


def connect() -> None:
    """Work on the database of the test that started this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")
    django.setup()
    from django.db import connections

    connections.databases["default"].update(json.loads(os.environ["CLIENTS_DATABASE"]))


def want(order: dict[str, Any]) -> list[str]:
    """Clients in turn buy online (hold, confirm, collect) and at the register."""
    serials = order["serials"]

    def attempt(order: dict[str, Any], number: int) -> str:
        serial = serials[number % len(serials)] if serials else None
        return (collect if number % 2 else sell)(order["store"], order["sku"], serial)

    return _together(order, attempt)


def crowd(order: dict[str, Any]) -> list[str]:
    """Clients do what another book than this one says."""
    return _together(order, import_module(order["book"]).attempt)


def _together(order: dict[str, Any], attempt: Callable[[dict[str, Any], int], str]) -> list[str]:
    outcomes: list[str] = []

    def client(number: int) -> None:
        time.sleep(max(0.0, order["at"] - time.time()))
        outcomes.append(attempt(order, number))
        close()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(order["clients"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def close() -> None:
    from django.db import connection

    connection.close()


def until_answered(act: Callable[[], T]) -> T:
    """What a client does who is told TRY_AGAIN, as on a busy machine: the same once more, with the same key."""
    from kernel.database import translated_errors
    from kernel.errors import TRY_AGAIN, ApiError

    while True:
        try:
            with translated_errors():
                return act()
        except ApiError as refusal:
            if refusal.code != TRY_AGAIN:
                raise


def sell(store: str, sku: str, serial: str | None) -> str:
    from inventory import services
    from kernel.errors import ApiError

    lines = [(sku, 1, [serial] if serial else [])]
    key = f"sale:{uuid.uuid4()}"
    try:
        until_answered(lambda: services.sell(store_id=store, lines=lines, source_key=key, actor="clerk"))
    except ApiError as refusal:
        return refusal.code
    return "SOLD"


def collect(store: str, sku: str, serial: str | None) -> str:
    from inventory import services
    from kernel import clock
    from kernel.errors import ApiError

    until = clock.now() + timedelta(minutes=15)
    key = str(uuid.uuid4())
    try:
        held = until_answered(
            lambda: services.reserve(
                key=key, purpose="CART", owner=f"cart:{key}", store_id=store, lines=[(sku, 1)], expires_at=until
            )
        )
        until_answered(lambda: services.confirm(reservation_id=held.pk))
    except ApiError as refusal:
        return refusal.code
    try:
        until_answered(
            lambda: services.issue(
                reservation_id=held.pk,
                serials={sku: [serial]} if serial else {},
                source_key=f"pickup:{key}",
                actor="clerk",
            )
        )
    except ApiError as refusal:
        # Somebody else took the very piece that was scanned: another one will be handed over, this one stays promised.
        return f"PROMISED {refusal.code}"
    return "SOLD"


def work(order: dict[str, Any]) -> list[str]:
    """What a worker said before it was killed."""
    # Before the worker is made, so that its short life is not spent on it.
    book = import_module(order["book"])
    reading, writing = os.pipe()
    worker = os.fork()
    if worker == 0:
        os.close(reading)
        _work_until_killed(book, order, writing)
    os.close(writing)
    # So long after it began, however slow the machine is at making it.
    select.select([reading], [], [], MOST_SECONDS)
    time.sleep(order["seconds"])
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    with os.fdopen(reading) as said:
        return said.read().splitlines()


def _work_until_killed(book: ModuleType, order: dict[str, Any], writing: int) -> None:
    draw = random.Random(order["seed"])
    while True:
        operation = book.drawn(draw, order["store"], order["skus"])
        os.write(writing, f"began {json.dumps(operation)}\n".encode())
        answer = book.perform(operation)
        word = "booked" if answer else "refused"
        os.write(writing, f"{word} {json.dumps({'key': operation['key'], 'answer': answer})}\n".encode())


def main() -> None:
    connect()
    acts = {"want": want, "crowd": crowd, "work": work}
    for line in sys.stdin:
        order = json.loads(line)
        print(json.dumps(acts[order["act"]](order)), flush=True)


if __name__ == "__main__":
    main()
