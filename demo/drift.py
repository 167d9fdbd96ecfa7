"""What is generated and committed must equal what its source gives now."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from demo.machine import CORE_PYTHON, ROOT
from storefront_api.print_schema import printed

COMMITTED = ROOT / "storefront_api" / "schema.graphql"
PERSISTED = ROOT / "storefront_api" / "persisted"
CONTRACT = ROOT.parent / "shared" / "contract" / "storefront.graphql"


def main() -> int:
    problems = [*_storefront(), *_contract(), *_persisted(), *_embedded_core()]
    print("\n".join(problems) or "The committed schemas and persisted documents are those of the code.")
    return 1 if problems else 0


def _storefront() -> list[str]:
    if COMMITTED.read_text() == printed():
        return []
    return ["storefront_api/schema.graphql is not the code's schema: run `make schema`."]


def _contract() -> list[str]:
    if not CONTRACT.exists():
        print("The clients' contract is not at hand: its comparison is skipped.")
        return []
    changes = find_breaking_changes(build_schema(CONTRACT.read_text()), build_schema(COMMITTED.read_text()))
    return [f"The schema breaks the clients' contract: {change.description}" for change in changes]


def _persisted() -> Iterator[str]:
    command = ["npm", "run", "--silent", "codegen", "--", "--silent"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        yield f"The clients' documents cannot be generated: {(done.stderr or done.stdout)[-500:]}"
        return
    for client in ("web_client", "pos_client"):
        generated = ROOT / client / "src" / "gql" / "persisted-documents.json"
        if generated.read_text() != (PERSISTED / f"{client}.json").read_text():
            yield f"storefront_api/persisted/{client}.json is not the client's documents: run `npm run persist`."


def _embedded_core() -> list[str]:
    committed = ROOT / "embedded_core" / "schema.graphql"
    command = [str(CORE_PYTHON), "-m", "embedded_core.manage", "export_schema", "--stdout"]
    if not Path(CORE_PYTHON).exists():
        return ["The embedded core's environment is missing: run `make check`."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        return [f"The embedded core does not print its schema: {done.stderr[-500:]}"]
    return [] if done.stdout == committed.read_text() else ["embedded_core/schema.graphql is not the code's schema."]


if __name__ == "__main__":
    sys.exit(main())
