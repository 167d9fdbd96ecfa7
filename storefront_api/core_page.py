"""The App's page in Saleor's dashboard: it takes the dashboard's token of the user and opens the admin in the frame."""

import json
import logging

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from commerce import connection, staff_tokens
from commerce.errors import CoreUnavailable
from storefront_api import core_staff

log = logging.getLogger(__name__)

MOST_BYTES = 32 * 1024
# A permission withdrawn in the core is gone here within this time.
SESSION_SECONDS = 3600
BACKEND = "storefront_api.auth_backend.DemoAwareBackend"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What the dashboard frames. Opened alone it leads to the admin."""
    return render(request, "storefront_api/core_page.html", {"dashboards": " ".join(connection.dashboards())})


@csrf_exempt  # Who signs in brings a token that the core made for this App; JSON cannot be posted by another site.
@require_http_methods(["GET", "POST"])
def open_session(request: HttpRequest) -> JsonResponse:
    """POST a token of the dashboard: a session of the admin. GET tells whether the browser kept it."""
    if request.method == "GET":
        return JsonResponse({"signedIn": bool(request.user.is_authenticated)})
    body = request.read(MOST_BYTES + 1)
    if (request.content_type or "").lower() != "application/json" or len(body) > MOST_BYTES:
        return _refused(400, _("Send the token as application/json."))
    try:
        token = json.loads(body)["token"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return _refused(400, _("Send the token as application/json."))
    try:
        claims = staff_tokens.read(token) if isinstance(token, str) else None
    except CoreUnavailable as unavailable:
        log.warning("a token of the dashboard could not be verified: %s", unavailable)
        return _refused(503, _("We cannot check your sign-in just now. Please try again."))
    if claims is None:
        return _refused(
            401, _("The dashboard's token is not valid here. Reload the page; if that does not help, sign in anew.")
        )
    user = core_staff.sign_in(claims)
    if user is None:
        return _refused(403, _("Your permissions in Saleor open nothing here. Ask an administrator."))
    login(request, user, backend=BACKEND)
    request.session.set_expiry(SESSION_SECONDS)
    return JsonResponse({"signedIn": True})


def _refused(status: int, message: str) -> JsonResponse:
    return JsonResponse({"signedIn": False, "message": message}, status=status)
