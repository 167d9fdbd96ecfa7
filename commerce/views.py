"""Where cores deliver their webhooks, read the App's manifest and hand over its token."""

import json
import logging
import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from commerce import inbox, installations, webhooks
from commerce import manifest as app_manifest
from commerce.errors import CoreUnavailable

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
MOST_TOKEN_BYTES = 16 * 1024
_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")
# What happened to the App itself is done at once: it decides whether later events are taken at all.
_APP_EVENTS = frozenset({"app_deleted", "app_status_changed"})


@csrf_exempt
@require_POST
def saleor_webhook(request: HttpRequest) -> HttpResponse:
    """Store a signed delivery and acknowledge it; the work is done later, by `commerce.tasks.process_inbox`.

    200 stored (or known), 400 not a JSON object or no event name, 401 not provably our core's or too old, 413 too
    large, 503 the core's keys cannot be read now (it will deliver again).
    """
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _refuse(413, "The delivery is larger than 1 MB.")
    event = request.headers.get("Saleor-Event", "").lower()
    signature = request.headers.get("Saleor-Signature", "")
    try:
        source = webhooks.verify(
            body=body,
            signature=signature,
            domain=request.headers.get("Saleor-Domain", ""),
            api_url=request.headers.get("Saleor-Api-Url", ""),
        )
        payload = json.loads(body)
        if not isinstance(payload, dict) or not _EVENT_NAME.fullmatch(event):
            return _refuse(400, "The delivery is not a JSON object with a Saleor-Event header.")
        webhooks.check_age(payload)
        if event in _APP_EVENTS and source.row is not None:
            return JsonResponse({"stored": _note_app(event, source.row.pk, payload)})
        if not source.in_use:
            raise webhooks.Untrusted("The delivery is from a core that is installed but not in use.")
    except webhooks.Untrusted as reason:
        return _refuse(401, str(reason))
    except CoreUnavailable as reason:
        return _refuse(503, str(reason))
    except (ValueError, RecursionError):
        return _refuse(400, "The delivery is not JSON.")
    stored = inbox.store(event=event, signature=signature, payload=payload)
    return JsonResponse({"stored": stored})


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """The App's manifest; everybody may read it."""
    return JsonResponse(app_manifest.document())


@csrf_exempt
@require_POST
def register(request: HttpRequest) -> HttpResponse:
    """Take the token of a core that was allowed before and that knows it.

    200 installed, 400 malformed or another version than we support, 403 not allowed, 413 too large, 503 the core
    cannot be called back.
    """
    body = request.read(MOST_TOKEN_BYTES + 1)
    if len(body) > MOST_TOKEN_BYTES:
        return _told(413, "TOO_LARGE", "The request is too large.")
    token = _token(body)
    if token is None:
        return _told(400, "MALFORMED", 'Give the token as {"auth_token": ...}.')
    try:
        row = installations.install(
            api_url=request.headers.get("Saleor-Api-Url", ""),
            token=token,
            schema_version=request.headers.get("Saleor-Schema-Version", ""),
        )
    except installations.NotAllowed as reason:
        return _told(403, "NOT_ALLOWED", str(reason))
    except installations.NotSupported as reason:
        return _told(400, "NOT_SUPPORTED", str(reason))
    except CoreUnavailable as reason:
        return _told(503, "CORE_UNAVAILABLE", str(reason))
    return JsonResponse({"success": True, "state": row.state})


def _note_app(event: str, installation_id: int, payload: dict[str, Any]) -> bool:
    """The App was removed: forget its token. Switched off or on again the token tells by itself."""
    app = payload.get("app")
    app_id = app.get("id") if isinstance(app, dict) else None
    if event != "app_deleted" or not isinstance(app_id, str):
        return False
    return installations.disconnect(installation_id=installation_id, actor="core", app_id=app_id)


def _token(body: bytes) -> str | None:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    token = told.get("auth_token") if isinstance(told, dict) else None
    return token if isinstance(token, str) and 0 < len(token) <= 4096 and token.isascii() else None


def _told(status: int, code: str, why: str) -> HttpResponse:
    """As Saleor shows it to the person who installs."""
    logger.warning("An installation is refused with %s: %s", status, why)
    return JsonResponse({"success": False, "error": {"code": code, "message": why}}, status=status)


def _refuse(status: int, why: str) -> HttpResponse:
    logger.warning("A webhook delivery is refused with %s: %s", status, why)
    return JsonResponse({"error": why}, status=status)
