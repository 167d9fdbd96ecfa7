"""The whole suite as `make run` starts it, on a free port and with data of its own that are thrown away.

`E2E_URL` and `E2E_VAR` name a suite that runs already and its folder: the tests then use that one.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Browser, expect

from demo import browser as real
from demo.client import Api
from demo.machine import CORE_PYTHON, ROOT, free_port
from demo.server import facts_of, started

# As patient as all other waits for a page: five seconds are little where a page, a server and a worker share a core.
expect.set_options(timeout=real.PATIENCE_MS)

# The settings come from the environment: in a process of its own, so that the tests' database is not meant.
MANAGE = """import os, sys
from demo.machine import Machine
os.environ.update(Machine.here().suite_environment())
os.execv(sys.executable, [sys.executable, "manage.py", *sys.argv[1:]])"""


@dataclass(frozen=True)
class Suite:
    """A running suite: its address, the demonstration's facts, and its processes for those who break them."""

    url: str
    facts: dict[str, Any]
    var: Path
    supervisor: psutil.Process
    environment: dict[str, str]

    @property
    def core_url(self) -> str:
        return f"http://127.0.0.1:{(self.var / 'core-port').read_text()}"

    @property
    def api(self) -> Api:
        return Api(self.url)

    def in_channel(self, slug: str) -> "Suite":
        """The same suite, asked about another channel."""
        return replace(self, facts=self.facts | {"channel": slug})

    def process(self, what: str) -> psutil.Process:
        """The supervisor's child whose command line holds `what`."""
        return next(child for child in self.supervisor.children() if what in " ".join(child.cmdline()))

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a management command on this suite's database."""
        command = [sys.executable, "-c", MANAGE, *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    running = os.environ.get("E2E_URL")
    if running:
        var, port = Path(os.environ["E2E_VAR"]).resolve(), urlsplit(running).port
    elif not CORE_PYTHON.exists():
        pytest.skip("The embedded core's environment is missing: run `make test`.")
    else:
        var, port = tmp_path_factory.mktemp("suite"), free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}},
        "PORT": str(port),
        "SUITE_VAR_DIR": str(var),
        "EMBEDDED_CORE_FAULTS": "1",
    }
    if running:
        yield Suite(running, facts_of(environment), var, _supervisor_of(var), environment)
        return
    with started(environment, port) as process:
        supervisor = psutil.Process(process.pid)
        yield Suite(f"http://127.0.0.1:{port}", facts_of(environment), var, supervisor, environment)


def _supervisor_of(var: Path) -> psutil.Process:
    for process in psutil.process_iter():
        if process.cmdline()[-1:] == ["demo.run"] and process.environ().get("SUITE_VAR_DIR") == str(var):
            return process
    pytest.exit(f"E2E_VAR: no suite runs from {var}.")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with the module: tests that use the database cannot run beside its event loop."""
    if shutil.which("chromium") is None:
        pytest.skip("There is no chromium on the path: the tests in the browser need it.")
    with real.chromium() as chromium:
        yield chromium
