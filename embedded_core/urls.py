from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.generic import RedirectView

from embedded_core import faults, tokens
from embedded_core.graphql.view import view as graphql_view


def jwks(request: HttpRequest) -> JsonResponse:
    """The public key of user tokens and webhook signatures."""
    return JsonResponse(tokens.jwks())


def health(request: HttpRequest) -> JsonResponse:
    """200 when the core answers; it reads the database to know its key."""
    return JsonResponse({"status": "ok", "version": settings.VERSION, "kid": tokens.signing_key().kid})


urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("graphql/", graphql_view, name="graphql"),
    path(".well-known/jwks.json", jwks, name="jwks"),
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
]
if settings.FAULTS_ENABLED:
    urlpatterns.append(path("faults/", faults.view, name="faults"))
