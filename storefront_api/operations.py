"""Executing one GraphQL document: limits, errors that people can read, and mutations that may be repeated.

`Idempotency-Key` (contract): the key is scoped to the caller, or to the cart for a guest. Most mutations run in one
transaction with their key, so that a crash frees it and a repeat finds the committed answer. Those that talk to
the core or count attempts commit on their own way: they hold the key by a lease instead.
"""

import hashlib
import json
import logging
import re
from dataclasses import dataclass, field
from typing import Any

from django.db import Error
from django.utils.translation import gettext as _
from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    StringValueNode,
    VariableNode,
)

from kernel import database, idempotency, metrics, work
from kernel.errors import INVALID, ApiError, Errors
from storefront_api import documents, limits
from storefront_api.context import Context
from storefront_api.documents import Prepared, RefusedDocumentError
from storefront_api.errors import (
    BAD_REQUEST,
    INTERNAL,
    PERSISTED_DOCUMENT_NOT_FOUND,
    PERSISTED_QUERY_NOT_FOUND,
)
from storefront_api.schema import schema

log = logging.getLogger(__name__)

MAX_KEY_LENGTH = 200

# Tokens, codes and what somebody searched are never stored; signing in, sharing or counting twice harms nobody.
NEVER_STORED = {
    "signIn", "refreshSession", "posSignIn", "cartShare", "searchResultOpen", "orderEsimCodes", "posEsimCodes",
}  # fmt: skip
# Sagas, entries judged one by one, and operations that count wrong attempts: they commit step by step.
HELD_BY_LEASE = {"cartComplete", "orderCancel", "cartClaim", "pickupHandOver", "posSync"}
# The answer may show a pickup code, which is derived and never stored: a repeat asks the finished work again.
ANSWER_NOT_STORED = {"cartComplete", "orderCancel"}


@dataclass(frozen=True, slots=True)
class Document:
    """What a client sent."""

    query: str
    variables: dict[str, Any] = field(default_factory=dict)
    operation_name: str | None = None

    @classmethod
    def from_payload(cls, payload: Any) -> "Document":
        """Check the shape of a request's JSON; raises ValueError with a sentence for its sender.

        The document is given as text (`query`), by the id of a persisted document (`documentId`, as the draft of
        GraphQL over HTTP has it), or by its hash as Apollo's clients send it. Raises ApiError for an unknown one.
        """
        if not isinstance(payload, dict):
            raise ValueError(_("Send one JSON object with `query` and `variables`."))
        name = payload.get("operationName")
        variables = {} if payload.get("variables") is None else payload["variables"]
        query = payload["query"] if payload.get("query") is not None else _persisted(payload)
        if not isinstance(query, str) or not query.strip():
            raise ValueError(_("`query` is missing."))
        if not isinstance(variables, dict):
            raise ValueError(_("`variables` must be an object."))
        if name is not None and not isinstance(name, str):
            raise ValueError(_("`operationName` must be a string."))
        return cls(query=query, variables=variables, operation_name=name)

    @property
    def digest(self) -> str:
        # A persisted document's text has the fields of the client's own in another order: it is the same request.
        words = sorted(re.findall(r"\w+|[^\s\w,]", self.query))
        body = json.dumps([words, self.variables, self.operation_name], sort_keys=True)
        return hashlib.sha256(body.encode()).hexdigest()


def _persisted(payload: dict[str, Any]) -> str | None:
    """The text of the persisted document that is named, None when none is. Raises ApiError when it is unknown."""
    if (document_id := payload.get("documentId")) is not None:
        text = documents.persisted_text(document_id) if isinstance(document_id, str) else None
        if text is None:
            raise ApiError(PERSISTED_DOCUMENT_NOT_FOUND, _unknown(), field="documentId")
        return text
    extensions = payload.get("extensions")
    apollo = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    if isinstance(apollo, dict) and isinstance(apollo.get("sha256Hash"), str):
        text = documents.persisted_text(f"sha256:{apollo['sha256Hash']}")
        if text is None:
            raise ApiError(PERSISTED_QUERY_NOT_FOUND, _unknown(), field="extensions.persistedQuery.sha256Hash")
        return text
    return None


def _unknown() -> str:
    return _("This version does not know the document: send its text.")


def execute(document: Document, context: Context, idempotency_key: str | None = None) -> dict[str, Any]:
    """Run a document and return the response body. Raises ApiError for a bad or mismatched key."""
    try:
        prepared = documents.prepare(document.query)
    except RefusedDocumentError as refused:
        return {"data": None, "errors": [_refusal(error) for error in refused.errors]}
    operations = prepared.operations(document.operation_name)
    work.named(prepared.label(document.operation_name))
    if len(operations) != 1:
        return {"data": None, "errors": [_bad_request(_("Name with `operationName` the one operation to execute."))]}
    if prepared.is_free:
        limits.check_cost(schema.core, prepared.ast, operations[0], document.variables)
    if not idempotency_key or operations[0].operation is not OperationType.MUTATION:
        return _run(document, prepared, context)
    mutation = _root_mutation(operations[0], document.variables)
    if mutation.name in NEVER_STORED:
        return _run(document, prepared, context)
    if len(idempotency_key) > MAX_KEY_LENGTH:
        raise ApiError(INVALID, _("The Idempotency-Key is longer than 200 characters."))
    return _run_once(document, prepared, context, mutation, idempotency_key)


def _refusal(error: GraphQLError | ApiError) -> dict[str, Any]:
    return format_api_error(error) if isinstance(error, ApiError) else format_error(error)


@dataclass(frozen=True, slots=True)
class _Mutation:
    name: str
    cart_id: str | None


def _run_once(
    document: Document, prepared: Prepared, context: Context, mutation: _Mutation, key: str
) -> dict[str, Any]:
    answers: list[dict[str, Any]] = []

    def work() -> idempotency.Outcome:
        body = _run(document, prepared, context)
        answers.append(body)
        stored = {} if mutation.name in ANSWER_NOT_STORED else body
        return idempotency.Outcome(body=stored, committed=_is_committed(body))

    body = idempotency.run_once(
        scope=_scope(context, mutation),
        key=key,
        digest=document.digest,
        work=work,
        atomic=mutation.name not in HELD_BY_LEASE,
    )
    if answers:
        return answers[0]
    return body or _run(document, prepared, context)


def _scope(context: Context, mutation: _Mutation) -> str:
    if context.caller.kind != "guest":
        return context.caller.scope
    # A guest is known by the cart; before there is one, by the address, so that no guest's key answers another.
    return f"cart:{mutation.cart_id}" if mutation.cart_id else f"guest:{context.remote_address}"


def _is_committed(body: dict[str, Any]) -> bool:
    """False for a refusal and for an answer that asks for more: those are not stored, a repeat tries again."""
    if body.get("errors"):
        return False
    payloads = [value for value in (body.get("data") or {}).values() if isinstance(value, dict)]
    sales = [sale for payload in payloads for sale in payload.get("sales") or []]
    asks_for_more = any(payload.get("errors") or payload.get("paymentActionUrl") for payload in payloads)
    return not asks_for_more and not any(sale.get("errors") for sale in sales)


def _root_mutation(operation: OperationDefinitionNode, variables: dict[str, Any]) -> _Mutation:
    selections = operation.selection_set.selections
    if len(selections) != 1 or not isinstance(selections[0], FieldNode):
        raise ApiError(INVALID, _("A request with an Idempotency-Key holds exactly one mutation."))
    return _Mutation(name=selections[0].name.value, cart_id=_cart_id(selections[0], variables))


def _cart_id(node: FieldNode, variables: dict[str, Any]) -> str | None:
    for argument in node.arguments or ():
        if argument.name.value == "cartId":
            value = argument.value
            if isinstance(value, VariableNode):
                return str(variables.get(value.name.value, "")) or None
            return value.value if isinstance(value, StringValueNode) else None
    return None


def _run(document: Document, prepared: Prepared, context: Context) -> dict[str, Any]:
    result = schema.run(
        prepared.ast, variables=document.variables, context=context, operation_name=document.operation_name
    )
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [format_error(error) for error in result.errors]
    return body


def format_error(error: GraphQLError) -> dict[str, Any]:
    """One top-level error of a response; a bug is told as such and never shown."""
    original = error.original_error
    while isinstance(original, GraphQLError):
        original = original.original_error
    if isinstance(original, Errors):
        original = original.errors[0]
    if isinstance(original, Error):
        original = database.api_error(original) or original
    if isinstance(original, ApiError):
        formatted = format_api_error(original)
    elif original is None:
        formatted = _bad_request(error.message)
    else:
        formatted = internal_error()
    if error.path:
        formatted["path"] = error.path
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    return formatted


def format_api_error(error: ApiError) -> dict[str, Any]:
    """A business error as the contract's top-level error."""
    metrics.refused(error.code)
    return {"message": str(error.message), "extensions": {"code": error.code, "field": error.field}}


def _bad_request(message: str) -> dict[str, Any]:
    metrics.refused(BAD_REQUEST)
    return {"message": message, "extensions": {"code": BAD_REQUEST, "field": None}}


def internal_error() -> dict[str, Any]:
    """What a caller is told of a bug or an outage."""
    metrics.refused(INTERNAL)
    message = _("Something went wrong on our side. Please try again.")
    return {"message": message, "extensions": {"code": INTERNAL, "field": None}}
