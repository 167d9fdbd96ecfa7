"""docs/faults.md names tests that exist, and every fault that a connection to a core must survive."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "faults.md").read_text()
ROWS = [line.split("|")[1:4] for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| Fault")]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
FAULTS = {
    "down", "slow", "restarting", "429", "Retry-After", "500", "HTML", "loses its reply", "an hour", "token revoked",
    "version", "wrong", "missing", "old", "unknown kid", "replayed", "huge", "another core",
    "without variants", "price", "channel", "without address", "metadata edited by hand", "copied to another checkout",
}  # fmt: skip


def test_every_test_that_it_names_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 60
    missing = [f"{file}::{name}" for file, name in named if f"def {name}(" not in _source(file)]
    assert missing == []


def test_every_fault_has_a_test() -> None:
    assert [fault for fault, _then, tests in ROWS if not NAMED.search(tests)] == []
    told = " | ".join(fault for fault, _then, _tests in ROWS)
    assert {fault for fault in FAULTS if fault not in told} == set()


def _source(file: str) -> str:
    path = ROOT / file
    return path.read_text() if path.exists() else ""
