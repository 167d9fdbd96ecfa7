"""The GraphQL endpoint and the health check."""

import json
import logging
import re
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kernel import database
from kernel.errors import ApiError
from plugins.guided_search.loader import first_build
from storefront_api import operations
from storefront_api.context import context_of
from storefront_api.errors import BAD_REQUEST

log = logging.getLogger(__name__)

MAX_BODY_BYTES = 256 * 1024
_HALF = re.compile("[\ud800-\udfff]")
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@csrf_exempt  # Callers are known by a bearer token, never by a cookie.
def graphql(request: HttpRequest) -> HttpResponse:
    """Answer one GraphQL document, or show GraphiQL to a browser."""
    if request.method == "GET":
        return render(request, "storefront_api/graphiql.html")
    if request.method != "POST":
        return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, _("Send the document with POST."))
    try:
        document = _read(request)
        body = operations.execute(document, context_of(request), request.headers.get("Idempotency-Key"))
    except BadRequestError as error:
        return _refusal(error.status, error.message)
    except ApiError as error:
        return _answer({"data": None, "errors": [operations.format_api_error(error)]})
    except Exception as error:
        # Whatever went wrong around the resolvers, the database's absence included: logged here, told without detail.
        log.exception("a GraphQL request failed outside its resolvers")
        told = database.api_error(error) if isinstance(error, Error) else None
        if told is not None:
            errors = [operations.format_api_error(told)]
            return _answer({"data": None, "errors": errors}, HTTPStatus.SERVICE_UNAVAILABLE)
        return _answer({"data": None, "errors": [operations.internal_error()]}, HTTPStatus.INTERNAL_SERVER_ERROR)
    return _answer(body)


def _answer(body: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> JsonResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    return response


class BadRequestError(Exception):
    """The request is not a GraphQL request at all."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def _read(request: HttpRequest) -> operations.Document:
    # A JSON content type cannot be sent by another site's form, so it also keeps forged requests out.
    if (request.content_type or "").lower() != "application/json":
        raise BadRequestError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Send the document as application/json."))
    try:
        payload = _json(_limited(request))
    except (ValueError, RecursionError):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, _("The body is not valid JSON.")) from None
    try:
        return operations.Document.from_payload(payload)
    except ValueError as error:
        raise BadRequestError(HTTPStatus.BAD_REQUEST, str(error)) from None


def _limited(request: HttpRequest) -> bytes:
    try:
        if len(request.body) <= MAX_BODY_BYTES:
            return request.body
    except RequestDataTooBig:
        pass  # Django's own limit is far above this one: the same refusal.
    raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is larger than 256 KiB."))


def _json(body: bytes) -> Any:
    """The body's value; ValueError for what is not JSON, and a refusal of what no database can hold."""
    value = json.loads(body)
    text = json.dumps(value, ensure_ascii=False)
    if _NUL.search(text) or _HALF.search(text):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, _("A text holds NUL or half a character."))
    return value


def _refusal(status: HTTPStatus, message: str) -> JsonResponse:
    error = {"message": message, "extensions": {"code": BAD_REQUEST, "field": None}}
    return JsonResponse({"errors": [error]}, status=status)


def health(request: HttpRequest) -> JsonResponse:
    """Readiness: 200 when the database answers and has this version's tables, and the server has its search index.

    503 with the reason otherwise. Whether the process lives at all: `/health/live/`.
    """
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as error:
        log.warning("health: database unavailable: %s", error)
        return JsonResponse({"status": "unavailable", "reason": "database"}, status=503)
    if pending:
        return JsonResponse({"status": "unavailable", "reason": "migrations"}, status=503)
    if first_build.is_awaited:
        return JsonResponse({"status": "unavailable", "reason": "search"}, status=503)
    # The shop offers test cards only where the card provider is the fake one.
    return JsonResponse({"status": "ok", "demo": settings.DEBUG})
