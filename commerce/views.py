"""Where the core delivers its webhooks."""

import json
import logging
import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from commerce import inbox, webhooks
from commerce.errors import CoreUnavailable

logger = logging.getLogger(__name__)

MOST_BYTES = 1024 * 1024
_EVENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@csrf_exempt
@require_POST
def saleor_webhook(request: HttpRequest) -> HttpResponse:
    """Store a signed delivery and acknowledge it; the work is done later, by `commerce.tasks.process_inbox`.

    200 stored (or known), 400 not a JSON object or no event name, 401 not provably the core's, 413 too large, 503
    the core's keys cannot be read now (it will deliver again).
    """
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _refuse(413, "The delivery is larger than 1 MB.")
    event = request.headers.get("Saleor-Event", "").lower()
    signature = request.headers.get("Saleor-Signature", "")
    try:
        webhooks.verify(body=body, signature=signature, domain=request.headers.get("Saleor-Domain", ""))
    except webhooks.Untrusted as reason:
        return _refuse(401, str(reason))
    except CoreUnavailable as reason:
        return _refuse(503, str(reason))
    try:
        payload = json.loads(body)
    except ValueError:
        return _refuse(400, "The delivery is not JSON.")
    if not isinstance(payload, dict) or not _EVENT_NAME.fullmatch(event):
        return _refuse(400, "The delivery is not a JSON object with a Saleor-Event header.")
    stored = inbox.store(event=event, signature=signature, payload=payload)
    return JsonResponse({"stored": stored})


def _refuse(status: int, why: str) -> HttpResponse:
    logger.warning("A webhook delivery is refused with %s: %s", status, why)
    return JsonResponse({"error": why}, status=status)
