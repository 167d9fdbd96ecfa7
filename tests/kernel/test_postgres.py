"""The databases of a single machine."""

import os
import threading

import psycopg
import pytest
from psycopg import sql

from kernel import postgres
from tests.faults.servers import database_url

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def test_processes_that_begin_at_once_make_a_database_once() -> None:
    server, name = database_url(), f"test_at_once_{os.getpid()}"
    together = threading.Barrier(AT_ONCE)
    found: list[str | Exception] = []

    def begin() -> None:
        together.wait()
        try:
            found.append(postgres.ensure_database(server, name))
        except Exception as error:  # noqa: BLE001 - told below
            found.append(error)

    threads = [threading.Thread(target=begin) for _number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with psycopg.connect(server, autocommit=True) as connection:
        made = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone()
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    assert made == (1,)
    assert found == [postgres.database_url(server, name)] * AT_ONCE
