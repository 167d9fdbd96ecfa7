"""Saleor's dashboard may show the admin in a frame: that of the core in use, and no other site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from commerce import connection
from storefront_api.web import ADMIN_POLICY, CLIENT_POLICY

FRAMED = ("/admin/", "/saleor/app")


class FrameAncestors:
    """Names the dashboard in the policy of pages that it may show. Without one they are as all others: not framed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(FRAMED) or "Content-Security-Policy" in response:
            return response
        dashboards = connection.dashboards()
        if dashboards:
            policy = ADMIN_POLICY if request.path.startswith("/admin/") else CLIENT_POLICY
            allowed = " ".join(["'self'", *dashboards])
            response["Content-Security-Policy"] = policy.replace("frame-ancestors 'none'", f"frame-ancestors {allowed}")
            response.xframe_options_exempt = True
        return response
