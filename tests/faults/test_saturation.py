"""What callers are told when something runs out: the database's connections, the broker."""

import os
import socket
import subprocess
import sys
import threading
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from demo.machine import ROOT
from kernel.models import OutboxMessage
from tests.faults.servers import database_url, eventually, servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fault]

ROLE = "test_suite_few"
END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s"
CHANNELS = '{ stores(country: "US", first: 1) { edges { node { id } } } }'
PUBLISH = """
from django.db import transaction
from kernel import outbox
for number in range(20):
    with transaction.atomic():
        outbox.publish(topic="t", aggregate=str(number), payload={})
print("published")
"""


@pytest.fixture
def limited_role():
    """A role for the server whose connections can be limited; yields a function that sets the limit."""
    with psycopg.connect(database_url(), autocommit=True) as connection:
        drop(connection)
        connection.execute(f"CREATE ROLE {ROLE} LOGIN")
        connection.execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE}")
        connection.execute(f"GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE}")

        def limit(number: int) -> None:
            connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(sql.Identifier(ROLE), number))
            if number == 0:
                # Being told to end is not yet the end; and one may have been let in a moment before the limit.
                eventually(lambda: not connection.execute(END, [ROLE]).fetchall())

        yield limit
        limit(0)
        drop(connection)


def drop(connection) -> None:
    if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
        connection.execute(f"DROP OWNED BY {ROLE}")
        connection.execute(f"DROP ROLE {ROLE}")


def test_without_connections_callers_are_told_to_try_again_and_then_all_goes_on(tmp_path, limited_role):
    here = urlsplit(database_url())
    address = here._replace(netloc=f"{ROLE}:@{here.hostname or ''}{f':{here.port}' if here.port else ''}").geturl()
    with servers(tmp_path, 1, database=address, DATABASE_POOL="3") as [server]:
        assert "errors" not in server.ask(CHANNELS)

        limited_role(0)
        answers = []
        askers = [threading.Thread(target=lambda: answers.append(server.ask(CHANNELS))) for _number in range(6)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()

        codes = {error["extensions"]["code"] for answer in answers for error in answer["errors"]}
        assert (len(answers), codes) == (6, {"TRY_AGAIN"})
        assert server.health() == 503
        # The process lives: a supervisor leaves it alone.
        assert server.http.get("/health/live/").status_code == 200
        limited_role(-1)
        eventually(lambda: server.health() == 200)
        assert "errors" not in server.ask(CHANNELS)


def published_with(broker: str) -> str:
    """What a process says that commits twenty messages while this is its broker."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TEST_DB")}
    environment |= {"DATABASE_URL": database_url(), "CELERY_BROKER_URL": broker, "LOG_FORMAT": "text"}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISH]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "published" in done.stdout
    return done.stderr


def test_without_a_broker_everything_is_committed_and_it_is_asked_seldom():
    said = published_with("amqp://127.0.0.1:1//")

    assert OutboxMessage.objects.filter(topic="t", delivered_at=None).count() == 20
    assert said.count("is left to the sweep") == 1


def test_a_broker_that_hangs_holds_up_one_commit_and_not_each():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        said = published_with(f"amqp://127.0.0.1:{silent.getsockname()[1]}//")

    assert OutboxMessage.objects.filter(topic="t", delivered_at=None).count() == 20
    assert said.count("is left to the sweep") == 1
