"""The whole suite as `make run` starts it, on a free port and with data of its own that are thrown away."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from demo.journey import facts_of, started
from demo.machine import CORE_PYTHON, free_port


@dataclass(frozen=True)
class Suite:
    """A running suite: its address, the demonstration's facts, and its processes for those who break them."""

    url: str
    facts: dict[str, Any]
    var: Path
    supervisor: psutil.Process

    @property
    def core_url(self) -> str:
        return f"http://127.0.0.1:{(self.var / 'core-port').read_text()}"

    def process(self, what: str) -> psutil.Process:
        """The supervisor's child whose command line holds `what`."""
        return next(child for child in self.supervisor.children() if what in " ".join(child.cmdline()))


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suite]:
    if not CORE_PYTHON.exists():
        pytest.skip("The embedded core's environment is missing: run `make test`.")
    var = tmp_path_factory.mktemp("suite")
    port = free_port()
    environment = {
        **{key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "DJANGO_SETTINGS_MODULE"}},
        "PORT": str(port),
        "SUITE_VAR_DIR": str(var),
        "EMBEDDED_CORE_FAULTS": "1",
    }
    with started(environment, port) as supervisor:
        yield Suite(f"http://127.0.0.1:{port}", facts_of(environment), var, psutil.Process(supervisor.pid))
