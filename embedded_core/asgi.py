"""The core's server: `uvicorn embedded_core.asgi:application`. It delivers webhooks while it runs."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "embedded_core.settings")

from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django.core.exceptions import ImproperlyConfigured

if not os.environ.get("EMBEDDED_CORE_DATABASE_URL"):
    raise ImproperlyConfigured("EMBEDDED_CORE_DATABASE_URL must be set to a postgresql:// URL.")

_django = ASGIStaticFilesHandler(get_asgi_application())

# After Django: they read its models.
from embedded_core.fault_gate import FaultGate  # noqa: E402
from embedded_core.webhooks import Worker  # noqa: E402

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_http = FaultGate(_django) if settings.FAULTS_ENABLED else _django


async def application(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
    """Serve HTTP; start and stop the webhook thread with the server."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] == "http":
        await _http(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    worker = Worker()
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            worker.start()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            worker.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
