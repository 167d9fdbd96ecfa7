"""`POST /graphql/`: one document for one caller, answered in Saleor's form."""

import json
import logging
from functools import cached_property, lru_cache
from typing import Any

import jwt
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from graphql import DocumentNode, GraphQLError, execute_sync, parse, validate

from embedded_core import requestor
from embedded_core.errors import PermissionDenied
from embedded_core.graphql.schema import schema
from embedded_core.models import Attribute, Category, Channel

log = logging.getLogger(__name__)


class Context:
    """What resolvers share in one request. The caller is found when first asked for: a sign-in with an expired
    token in its header succeeds, as in Saleor."""

    def __init__(self, authorization: str) -> None:
        self._authorization = authorization

    @cached_property
    def requestor(self) -> requestor.Requestor:
        return requestor.from_header(self._authorization)

    @cached_property
    def categories(self) -> dict[int, Category]:
        """The category tree, which is small."""
        return Category.objects.in_bulk()

    @cached_property
    def channels(self) -> dict[int, Channel]:
        """All channels, of which there are few."""
        return Channel.objects.in_bulk()

    @cached_property
    def attributes(self) -> dict[int, Attribute]:
        """All attributes, of which there are few."""
        return Attribute.objects.in_bulk()


@lru_cache(maxsize=256)
def _document(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """The parsed document, or why it is not one of this schema; clients send the same few again and again."""
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(schema.graphql_schema, document))


@csrf_exempt
def view(request: HttpRequest) -> HttpResponse:
    """Answer a GraphQL request; 400 for what is not one, 200 otherwise."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        body = json.loads(request.body)
        query, variables = str(body["query"]), body.get("variables") or {}
        if not isinstance(variables, dict):
            raise TypeError("variables must be an object")
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"errors": [{"message": "Must provide query string."}]}, status=400)
    document, errors = _document(query)
    if document is None or errors:
        return JsonResponse({"errors": [_shown(error) for error in errors]}, status=400)
    result = execute_sync(
        schema.graphql_schema,
        document,
        context_value=Context(request.headers.get("Authorization", "")),
        variable_values=variables,
        operation_name=body.get("operationName"),
    )
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer = {"errors": [_shown(error) for error in result.errors]} | answer
    # Without any data the fault lies in the request: a variable of the wrong type, an unknown operation.
    bad_request = bool(result.errors) and all(error.path is None for error in result.errors)
    return JsonResponse(answer, status=400 if bad_request else 200)


def _shown(error: GraphQLError) -> dict[str, Any]:
    original = error.original_error
    shown = dict(error.formatted)
    if original is not None and not isinstance(original, GraphQLError | PermissionDenied | jwt.PyJWTError):
        log.error("A resolver failed: %s", error.path, exc_info=original)
        shown["message"] = "Internal Server Error"
    code = type(original or error).__name__
    return shown | {"extensions": {"exception": {"code": code}}}
