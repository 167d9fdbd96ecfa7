"""Documents made ready to run: parsed, held within the limits and validated once.

The clients' own operations are persisted: their manifests (persisted/*.json, from `npm run persist`) name each text by
its SHA-256. Other documents are free: they are kept while they are used, and what they may ask for has a limit.
"""

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from graphql import DocumentNode, GraphQLError, OperationDefinitionNode, parse

from kernel.errors import ApiError
from kernel.sized_cache import SizedCache
from storefront_api import limits
from storefront_api.completion import UnsupportedError
from storefront_api.plans import Plan
from storefront_api.schema import schema

MANIFESTS = Path(__file__).parent / "persisted"
# Characters of free documents that are kept; a character of text is about 250 bytes once parsed.
KEPT_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True)
class Prepared:
    """A valid document. `is_free`: nobody of ours wrote it, so its cost is to be checked with its variables."""

    text: str
    ast: DocumentNode
    is_free: bool
    _plans: dict[str | None, Plan | None] = field(default_factory=dict)

    def operations(self, name: str | None) -> list[OperationDefinitionNode]:
        """The operations that a request may mean: exactly one if it is a good one."""
        return [
            node
            for node in self.ast.definitions
            if isinstance(node, OperationDefinitionNode)
            and (name is None or (node.name is not None and node.name.value == name))
        ]

    def label(self, name: str | None) -> str:
        """The operation's name in figures, logs and traces; free documents share one: there is no end of names."""
        operations = [] if self.is_free else self.operations(name)
        named = operations[0].name if len(operations) == 1 else None
        return named.value if named else "free document"

    def plan(self, name: str | None) -> Plan | None:
        """The plan of the operation; None when there is none and graphql-core is to execute it."""
        if name not in self._plans:
            operations = self.operations(name)
            try:
                self._plans[name] = self._planned(operations)
            except UnsupportedError:
                self._plans[name] = None
        return self._plans[name]

    def _planned(self, operations: list[OperationDefinitionNode]) -> Plan | None:
        return Plan(schema, self.ast, operations[0], reuses=not self.is_free) if len(operations) == 1 else None

    def forget_plan(self, name: str | None) -> None:
        """The operation turned out not to be one for a plan."""
        self._plans[name] = None


class RefusedDocumentError(Exception):
    """The document is not valid, or asks for too much."""

    def __init__(self, errors: list[GraphQLError | ApiError]) -> None:
        super().__init__(errors)
        self.errors = errors


def persisted_text(document_id: str) -> str | None:
    """The text of a persisted document by its id ("sha256:" and 64 hexadecimal digits), None when it is unknown."""
    return _manifests().get(document_id)


def id_of(text: str) -> str:
    """The id under which a document is persisted."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def prepare(text: str) -> Prepared:
    """The document of this text. Raises RefusedDocumentError."""
    found = ready(text)
    if found is None:
        found = _prepared(text)
        if found.is_free:
            _free.put(text, found, len(text))
        else:
            _persisted[text] = found
    return found


def ready(text: str) -> Prepared | None:
    """The document if it was prepared before: a look into two dictionaries."""
    return _persisted.get(text) or _free.get(text)


def _prepared(text: str) -> Prepared:
    try:
        ast = parse(text, max_tokens=limits.MAX_TOKENS)
        limits.check_shape(ast)
    except (GraphQLError, ApiError) as error:
        raise RefusedDocumentError([error]) from None
    if errors := schema.problems(ast):
        raise RefusedDocumentError([*errors])
    return Prepared(text=text, ast=ast, is_free=text not in persisted_texts())


@cache
def _manifests() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(MANIFESTS.glob("*.json")):
        texts |= json.loads(path.read_text())
    return texts


@cache
def persisted_texts() -> frozenset[str]:
    """The texts of all persisted documents."""
    return frozenset(_manifests().values())


_persisted: dict[str, Prepared] = {}
_free: SizedCache[Prepared] = SizedCache(KEPT_CHARACTERS)
