"""Serving the two clients: a single page with a fallback for its own addresses, and security headers."""

from functools import lru_cache
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel import work
from kernel.work import Work

CLIENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# Django's admin theme evaluates its widgets' expressions; it still loads nothing from elsewhere.
ADMIN_POLICY = CLIENT_POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}


def guarding(policy: str) -> list[tuple[bytes, bytes]]:
    """The headers that guard every answer, with this content security policy."""
    wanted = {**HEADERS, "Content-Security-Policy": policy}
    return [(name.lower().encode(), value.encode()) for name, value in wanted.items()]


def identifying(doing: Work | None, status: int) -> list[tuple[bytes, bytes]]:
    """The header that tells the client the id of its request. What it was answered with is noted."""
    if doing is None:
        return []
    doing.status = status
    return [(b"x-request-id", doing.request_id.encode())]


@lru_cache(256)
def _missing(names: tuple[bytes, ...], policy: str) -> tuple[list[tuple[bytes, bytes]], bool]:
    """What an answer with headers of these names lacks, and whether it sets a cookie.

    Django spells its own in capitals: none is set twice.
    """
    present = {name.lower() for name in names}
    if b"content-security-policy" in present:
        # Django has said who may frame the page (framing.py); the older header knows nobody or oneself.
        present.add(b"x-frame-options")
    return [each for each in guarding(policy) if each[0] not in present], b"set-cookie" in present


class AnswerHeaders:
    """Adds the content security policy and its companions to every answer, and the id of its request."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        policy = ADMIN_POLICY if scope["path"].startswith("/admin/") else CLIENT_POLICY
        doing = work.current()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                names = tuple([name for name, _value in message["headers"]])
                missing, sets_cookie = _missing(names, policy)
                own = map(_partitioned, message["headers"]) if sets_cookie else message["headers"]
                headers = [*own, *missing, *identifying(doing, message["status"])]
                message = {**message, "headers": headers}
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _partitioned(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A cookie for frames of other sites, kept apart for each of them: browsers drop it otherwise."""
    name, value = header
    if name.lower() == b"set-cookie" and b"samesite=none" in value.lower() and b"partitioned" not in value.lower():
        return name, value + b"; Partitioned"
    return header


class SinglePage(StaticFiles):
    """A built client: its files as they are, its own addresses answered by `index.html`.

    Hashed assets may be kept for ever; the page itself and the service worker are asked for every time.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True, check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        try:
            response = await super().get_response(path, scope)
        except HTTPException as error:
            # A missing file is missing; any other address belongs to the client's router.
            names_a_file = PurePosixPath(path).suffix[1:2].isalpha()
            if error.status_code != 404 or names_a_file:
                raise
            response = await super().get_response("index.html", scope)
        immutable = path.startswith("assets/")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if immutable else "no-cache"
        return response
