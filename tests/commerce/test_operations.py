"""The client is made from the operations; that these are valid in Saleor is shown by tests/contract."""

import subprocess
import sys
from pathlib import Path

import pytest
from graphql import parse
from graphql.language import OperationDefinitionNode

from commerce import codegen

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = ROOT / "commerce" / "operations"


def document() -> str:
    return "\n".join(path.read_text() for path in sorted(OPERATIONS.glob("*.graphql")))


def test_every_operation_is_named_and_generated() -> None:
    operations = [node for node in parse(document()).definitions if isinstance(node, OperationDefinitionNode)]
    client = (ROOT / "commerce" / "client" / "generated_client.py").read_text()
    for operation in operations:
        assert operation.name is not None
        assert f'operation_name="{operation.name.value}"' in client


def test_the_committed_client_is_what_the_operations_give() -> None:
    if not codegen.GENERATOR.exists():
        pytest.skip("The generator's environment .venv-codegen is not installed.")
    command = [sys.executable, "-m", "commerce.codegen", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
