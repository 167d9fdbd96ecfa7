"""The door of TM Forum's TMF645: HTTP and who may ask. Refusals have TM Forum's shape.

For staff, who ask on behalf of customers: a token of the till or the back office. Everyone else is refused.
"""

import json
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from kernel import database
from kernel.errors import (
    INVALID,
    NOT_FOUND,
    PERMISSION_DENIED,
    TRANSIENT,
    UNAUTHENTICATED,
    ApiError,
)
from kernel.identity import Caller
from plugins.serviceability import tmf645
from plugins.serviceability.errors import RATE_LIMITED
from plugins.serviceability.models import QualificationTask
from plugins.staff.permissions import SERVICE_QUALIFY
from storefront_api.context import caller_of
from storefront_api.errors import INTERNAL
from storefront_api.views import MAX_BODY_BYTES

log = logging.getLogger(__name__)

_STATUS: Final = {
    UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    PERMISSION_DENIED: HTTPStatus.FORBIDDEN,
    NOT_FOUND: HTTPStatus.NOT_FOUND,
    RATE_LIMITED: HTTPStatus.TOO_MANY_REQUESTS,
    **dict.fromkeys(TRANSIENT, HTTPStatus.SERVICE_UNAVAILABLE),
}
_KINDS: Final = {name: kind for kind, name in tmf645.NAMES.items()}

Act = Callable[[HttpRequest, Caller], HttpResponse]


@csrf_exempt  # Callers are known by a bearer token, never by a cookie.
def collection(request: HttpRequest, name: str) -> HttpResponse:
    """POST asks; GET lists what the caller asked."""
    kind = _KINDS[name]
    return _guarded(request, {"POST": lambda r, c: _create(r, c, kind), "GET": lambda r, c: _list(r, c, kind)})


@csrf_exempt
def resource(request: HttpRequest, name: str, task_id: str) -> HttpResponse:
    """GET reads, PATCH writes on and DELETE forgets one."""
    kind = _KINDS[name]

    def read(request: HttpRequest, caller: Caller) -> HttpResponse:
        found = tmf645.find(kind=kind, caller=caller, task_id=task_id)
        return _answer(tmf645.selected(found.resource, request.GET.get("fields", "")))

    def change(request: HttpRequest, caller: Caller) -> HttpResponse:
        changed = tmf645.change(kind=kind, caller=caller, task_id=task_id, body=_body(request))
        return _answer(changed.resource)

    def delete(request: HttpRequest, caller: Caller) -> HttpResponse:
        tmf645.delete(kind=kind, caller=caller, task_id=task_id)
        return HttpResponse(status=HTTPStatus.NO_CONTENT)

    return _guarded(request, {"GET": read, "PATCH": change, "DELETE": delete})


@csrf_exempt
def not_offered(request: HttpRequest, path: str = "") -> HttpResponse:
    """Hubs and listeners: changes go to carts and orders by the outbox, not yet to others."""
    return _guarded(request, {})


def _create(request: HttpRequest, caller: Caller, kind: QualificationTask.Kind) -> HttpResponse:
    return _response(*answered(tmf645.create(kind=kind, owner=caller.scope, body=_body(request))))


def _list(request: HttpRequest, caller: Caller, kind: QualificationTask.Kind) -> HttpResponse:
    numbers = {"offset": request.GET.get("offset", "0"), "limit": request.GET.get("limit", "20")}
    for field, value in numbers.items():
        if not (value.isascii() and value.isdigit() and len(value) < 8):
            raise ApiError(INVALID, _("A whole number is expected."), field=field)
    found, total = tmf645.page(kind=kind, caller=caller, **{field: int(value) for field, value in numbers.items()})
    fields = request.GET.get("fields", "")
    response = _answer([tmf645.selected(task.resource, fields) for task in found])
    response["X-Total-Count"], response["X-Result-Count"] = str(total), str(len(found))
    return response


def _guarded(request: HttpRequest, acts: dict[str, Act]) -> HttpResponse:
    try:
        caller = caller_of(request.headers.get("Authorization", ""))
        caller.require(SERVICE_QUALIFY)
        act = acts.get(request.method or "")
        if act is None:
            return _refusal(HTTPStatus.METHOD_NOT_ALLOWED, INVALID, _("This method is not offered here."), None)
        return act(request, caller)
    except ApiError as refusal:
        return _response(*refused(refusal))
    except Exception as error:
        log.exception("a TMF645 request failed")
        told = database.api_error(error) if isinstance(error, Error) else None
        if told is not None:
            return _refusal(HTTPStatus.SERVICE_UNAVAILABLE, told.code, told.message, None)
        message = _("Something went wrong on our side. Please try again.")
        return _refusal(HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL, message, None)


def _body(request: HttpRequest) -> Any:
    if not (request.content_type or "").lower().startswith("application/json"):
        raise ApiError(INVALID, _("Send the body as application/json."))
    try:
        if len(request.body) > MAX_BODY_BYTES:
            raise ApiError(INVALID, _("The request is larger than 256 KiB."))
        value = json.loads(request.body)
        if "\x00" in json.dumps(value, ensure_ascii=False).encode().decode() or b"\\u0000" in request.body:
            raise ValueError("NUL")
    except RequestDataTooBig:
        raise ApiError(INVALID, _("The request is larger than 256 KiB.")) from None
    except (ValueError, RecursionError):
        raise ApiError(INVALID, _("The body is not valid JSON.")) from None
    return value


def answered(task: QualificationTask) -> tuple[HTTPStatus, bytes]:
    """Status and body of what was asked and is kept now."""
    status = HTTPStatus.OK if task.resource["instantSyncQualification"] else HTTPStatus.CREATED
    return status, orjson.dumps(task.resource)


def refused(refusal: ApiError) -> tuple[HTTPStatus, bytes]:
    """Status and body of a refusal, in the language active now."""
    status = _STATUS.get(refusal.code, HTTPStatus.BAD_REQUEST)
    return status, _told(status, refusal.code, refusal.message, refusal.field)


def _told(status: HTTPStatus, code: str, message: str, field: str | None) -> bytes:
    reason = f"{message} ({field})" if field else message
    return orjson.dumps({"code": code, "reason": reason, "message": message, "status": str(int(status))})


def _answer(body: Any) -> HttpResponse:
    return _response(HTTPStatus.OK, orjson.dumps(body))


def _refusal(status: HTTPStatus, code: str, message: str, field: str | None) -> HttpResponse:
    return _response(status, _told(status, code, message, field))


def _response(status: HTTPStatus, body: bytes) -> HttpResponse:
    response = HttpResponse(body, content_type="application/json", status=status)
    response["Cache-Control"] = "no-store"
    return response
