"""The embedded core as a real server for integration tests.

Two fixtures, for every test below tests/ (tests/conftest.py loads this module as a plugin):

    def test_something(embedded_core, db):              # the settings point to the core, no fault is set
        product = core().product(..., "us")
        embedded_core.set_faults({"kind": "lost_reply", "operation": "CheckoutComplete"})

`embedded_core_server` is the same server for the whole session, without the settings: for session-wide set-up. The
server starts once, with its own database, key and port, loaded with tests/embedded_catalogue.py. Each test begins with
a core that has no stock, no order and nothing to tell, whatever tests before it sold:
`embedded_core.set_stock("ACME-CASE", "store-1", 5)` before a test that sells. The catalogue and the people stay until
the session ends. Webhooks go nowhere until `embedded_core.send_webhooks_to(url)` says where, for instance
`live_server.url + "/webhooks/saleor/"`. `stop()` and `start()` make it die and come back.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.embedded_catalogue import CATALOGUE

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv-core" / "bin" / "python"
READY_SECONDS = 180.0
NOWHERE = ""  # an app without an address gets no webhooks


_SALES = ("embedded_core_checkout", "embedded_core_order", "embedded_core_stock")


class EmbeddedCore:
    """One embedded core: `url` is its GraphQL address, `token` the suite's key to it."""

    def __init__(self, *, database_url: str, folder: Path) -> None:
        self.port = _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.url = f"{self.origin}/graphql/"
        self.token = secrets.token_hex(16)
        self._database_url = database_url
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        inherited = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        self._environment = inherited | {
            "EMBEDDED_CORE_DATABASE_URL": database_url,
            "EMBEDDED_CORE_PUBLIC_URL": self.origin,
            "EMBEDDED_CORE_FAULTS": "1",
            "DEBUG": "1",
            "PYTHONPATH": str(ROOT),
        }

    def prepare(self, catalogue: dict[str, Any]) -> None:
        """Make the tables, load the catalogue, install the suite's app."""
        self._manage("migrate", "-v0")
        self.load(catalogue)
        self.send_webhooks_to(NOWHERE)

    def load(self, catalogue: dict[str, Any]) -> None:
        """Load a catalogue over what is there; see tests/embedded_catalogue.py for its form."""
        file = self._folder / "core.json"
        file.write_text(json.dumps(catalogue))
        self._manage("load_catalogue", str(file))

    def send_webhooks_to(self, url: str) -> None:
        """Have the core deliver its webhooks to `url` from now on."""
        token_file = self._folder / "app-token"
        token_file.write_text(self.token)
        self._manage("install_app", "--name", "suite", "--token-file", str(token_file), "--webhook-url", url)

    def forget_sales(self) -> None:
        """Drop all checkouts, orders and stock, and what hangs on them; and webhooks that were to be tried again."""
        with psycopg.connect(self._database_url, autocommit=True) as connection:
            connection.execute("DELETE FROM embedded_core_webhookdelivery")
            written = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in _SALES)
            if connection.execute(f"SELECT EXISTS ({written})").fetchone() == (True,):
                connection.execute(f"TRUNCATE {', '.join(_SALES)} CASCADE")

    def set_stock(self, sku: str, store_code: str, quantity: int) -> tuple[str, str]:
        """Set what the core holds of a SKU in a store; returns the core's ids (variant, warehouse)."""
        from commerce.core import Core

        core = Core(self.url, self.token)
        warehouse = next(item.id for item in core.warehouses() if item.slug == store_code)
        variants = (variant for product in core.iter_products("us") for variant in product.variants)
        variant = next(item.id for item in variants if item.sku == sku)
        assert core.push_stock([(variant, warehouse, quantity)]) == []
        return variant, warehouse

    def set_published(self, slug: str, published: bool) -> None:
        """Show or hide a product as the core's dashboard does."""
        self._manage(
            "shell",
            "-c",
            "from embedded_core.models import Product; from embedded_core.requestor import NOBODY; "
            "from embedded_core.services.catalogue import save_product; "
            f"product = Product.objects.get(slug={slug!r}); product.is_published = {published!r}; "
            "save_product(product, by=NOBODY)",
        )

    def set_faults(self, *faults: dict[str, Any]) -> None:
        """Replace the faults to come (see embedded_core/faults.py for kinds); none clears them."""
        reply = httpx.post(f"{self.origin}/faults/", json={"faults": list(faults)}, timeout=10)
        reply.raise_for_status()

    def struck(self) -> int:
        """How often the faults that are set have struck."""
        reply = httpx.get(f"{self.origin}/faults/", timeout=10)
        return sum(int(fault["struck"]) for fault in reply.json()["faults"])

    def start(self) -> None:
        """Start the server and wait until it answers."""
        command = [PYTHON, "-m", "uvicorn", "embedded_core.asgi:application", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--log-level", "warning"]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                pytest.fail(f"The embedded core did not start:\n{self._log.read_text()[-3000:]}")
            time.sleep(0.1)

    def stop(self, *, kill: bool = False) -> None:
        """End the server, at once with `kill`."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            self._process.wait(15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(15)
        self._process = None

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def _log(self) -> Path:
        return self._folder / "core.log"

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.origin}/health/", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def _manage(self, *arguments: str) -> None:
        done = subprocess.run(
            [PYTHON, "-m", "embedded_core.manage", *arguments],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if done.returncode:
            pytest.fail(f"{arguments[0]} of the embedded core failed:\n{done.stderr[-3000:]}")


@pytest.fixture(scope="session")
def embedded_core_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedCore]:
    """A running embedded core with the small catalogue, one for the session."""
    yield from served(CATALOGUE, folder=tmp_path_factory.mktemp("embedded-core"))


def served(catalogue: dict[str, Any], *, folder: Path, name: str = "") -> Iterator[EmbeddedCore]:
    """A running embedded core with a catalogue and a database of its own, told apart by `name`."""
    if not PYTHON.exists():
        pytest.skip("The embedded core's environment .venv-core is missing: `make test` installs it.")
    from kernel import postgres

    server, database = _server_url(), _database_name(name)
    _drop_database(server, database)
    embedded = EmbeddedCore(database_url=postgres.ensure_database(server, database), folder=folder)
    try:
        embedded.prepare(catalogue)
        embedded.start()
        yield embedded
    finally:
        embedded.stop()
        _drop_database(server, database)


@pytest.fixture
def embedded_core(embedded_core_server: EmbeddedCore, settings: Any) -> Iterator[EmbeddedCore]:
    """The embedded core with the settings pointing to it, running, without faults, stock and sales."""
    embedded_core_server.forget_sales()
    if not embedded_core_server.is_running:
        embedded_core_server.start()
    settings.SALEOR_API_URL = embedded_core_server.url
    settings.SALEOR_APP_TOKEN = embedded_core_server.token
    embedded_core_server.set_faults()
    yield embedded_core_server
    if embedded_core_server.is_running:
        embedded_core_server.set_faults()


def _server_url() -> str:
    """The PostgreSQL server of the suite's own tests."""
    from django.conf import settings

    from kernel import postgres

    url = os.environ.get("DATABASE_URL")
    if url:
        return urlsplit(url)._replace(path="/postgres").geturl()
    return postgres.ensure_server(settings.VAR_DIR / "postgres")


def _database_name(name: str) -> str:
    parts = ("test_core", name, os.environ.get("TEST_DB_SUFFIX", ""), os.environ.get("PYTEST_XDIST_WORKER", ""))
    return "_".join(part for part in parts if part)


def _drop_database(server: str, name: str) -> None:
    from kernel import postgres

    with psycopg.connect(postgres.database_url(server, "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
