"""How much of a request is taken in before anybody looks at it: Django keeps a body whole, on the disk if need be."""

from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Deliveries of the core are the largest (1 MB); what is smaller yet is refused by who reads it, in words of its own.
MOST_BYTES: Final = 2 * 1024 * 1024
# Imports of opening stock, shipping notices and eSIM profiles: files of 20 MB at most.
MOST_ADMIN_BYTES: Final = 24 * 1024 * 1024


class BodyLimit:
    """Answers 413 for a larger body: at once where its length is told, else as soon as it has grown too long."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MOST_ADMIN_BYTES if scope["path"].startswith("/admin/") else MOST_BYTES
        told = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
        if told.isdigit() and int(told) > most:
            await _refuse(scope, receive, send)
            return
        size, answered = 0, False

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            # To the application this is a client that hung up: it forgets what it has, and says nothing.
            return message if size <= most else {"type": "http.disconnect"}

        async def noted(message: Message) -> None:
            nonlocal answered
            answered = True
            await send(message)

        await self._app(scope, counted, noted)
        if size > most and not answered:
            await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"error": "The request is too large."}, status_code=413)(scope, receive, send)
