"""The suite as one ASGI application: the clients, files and planned documents ahead of Django, guarded alike."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront_api.settings")

from django.core.asgi import get_asgi_application

_django = get_asgi_application()

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from asgiref.sync import sync_to_async
from django.conf import settings
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from kernel import notices, tracing
from plugins.bundles import tasks as bundles
from plugins.guided_search.tasks import warm_up, wind_down
from plugins.search_log import recording
from plugins.serviceability import tasks as serviceability
from storefront_api import metrics
from storefront_api.body_limit import BodyLimit
from storefront_api.hot_path import HotPath
from storefront_api.observed import Observed
from storefront_api.web import AnswerHeaders, SinglePage

django_application = BodyLimit(cast(ASGIApp, _django))
DJANGO_PATHS = ("graphql", "health", "webhooks", "saleor", "fake-card", "admin", "tmf-api")


def _routes() -> list[BaseRoute]:
    def to_django(prefix: str) -> Mount:
        return Mount(f"/{prefix}", app=_WithPrefix(prefix))

    return [
        Route("/health/live/", lambda request: JSONResponse({"status": "ok"})),
        Route("/metrics", metrics.page),
        *(to_django(prefix) for prefix in DJANGO_PATHS),
        Mount("/static", StaticFiles(directory=settings.STATIC_ROOT, check_dir=False)),
        Mount("/media", StaticFiles(directory=settings.MEDIA_ROOT, check_dir=False)),
        Route("/pos", lambda request: RedirectResponse("/pos/")),
        Mount("/pos", SinglePage(settings.BASE_DIR / "pos_client" / "dist")),
        Mount("/", SinglePage(settings.BASE_DIR / "web_client" / "dist")),
    ]


class _WithPrefix:
    """Hands a request to Django as it came: a mount would take the prefix off its path."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        root = scope.get("root_path", "").removesuffix(f"/{self.prefix}")
        await django_application({**scope, "root_path": root}, receive, send)


@asynccontextmanager
async def _lifespan(_application: Starlette) -> AsyncIterator[None]:
    tracing.start("suite-server")
    notices.start()
    try:
        # The first shopper should not wait for the search index to be built.
        await sync_to_async(warm_up)()
        await sync_to_async(serviceability.warm_up)()
        await sync_to_async(bundles.warm_up)()
        recording.start()
        yield
    finally:
        await sync_to_async(wind_down)()
        await sync_to_async(serviceability.wind_down)()
        await sync_to_async(bundles.wind_down)()
        await sync_to_async(recording.stop)()
        await sync_to_async(notices.stop)()
        await sync_to_async(tracing.stop)()


def build() -> ASGIApp:
    """The application over the folders that the settings name. What bare routes answer passes no other layer."""
    site = AnswerHeaders(Starlette(routes=_routes(), lifespan=_lifespan))
    return Observed(HotPath(site, AnswerHeaders(django_application)))


application = build()
