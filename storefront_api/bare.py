"""What bare routes, ahead of Django, have in common: how they read a request and answer as Django would.

A bare route answers what it can; for everything else it says None, and the request goes to Django as it came.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http.cookie import parse_cookie
from django.http.request import HttpRequest, split_domain_port, validate_host
from django.utils import translation
from starlette.types import Message, Receive, Scope, Send

from kernel import work
from storefront_api.views import MAX_BODY_BYTES
from storefront_api.web import CLIENT_POLICY, guarding, identifying

# Longer ones may hold lists that take a while to be read: that is not for the event loop.
SHORT_BODY_BYTES = 8 * 1024
# Numbers that JSON's readers disagree about, and characters that no database holds: Django's to judge.
UNUSUAL = re.compile(rb"[\[:,\s]-?\d{16}|\\u0000")
_READ = frozenset(
    {
        b"accept-encoding",
        b"accept-language",
        b"authorization",
        b"content-type",
        b"cookie",
        b"host",
        b"idempotency-key",
    }
)
# As Django's middleware has them, and those that guard every answer.
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    *guarding(CLIENT_POLICY),
]
_PLAIN = [*_HEADERS, (b"vary", b"Accept-Language")]
_PACKED = [*_HEADERS, (b"vary", b"Accept-Language, Accept-Encoding"), (b"content-encoding", b"gzip")]
_NEVER = re.compile(rb"q=0(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer in a language; its bytes are `packed` by gzip for who accepts that."""

    body: bytes
    language: str
    status: int = 200
    packed: bool = False

    async def send(self, send: Send) -> None:
        """Send it, with the headers that Django's answer would have, the id of the request among them."""
        headers = [
            *(_PACKED if self.packed else _PLAIN),
            (b"content-language", self.language.encode()),
            (b"content-length", str(len(self.body)).encode()),
            *identifying(work.current(), self.status),
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


def headers_of(scope: Scope) -> dict[bytes, bytes] | None:
    """The headers that bare routes read of a request for our host; None when one was sent twice, or it is not ours."""
    found = [(name, value) for name, value in scope["headers"] if name in _READ]
    headers = dict(found)
    are_ours = len(headers) == len(found) and _is_our_host(headers.get(b"host", b""), tuple(settings.ALLOWED_HOSTS))
    return headers if are_ours else None


def is_json(headers: dict[bytes, bytes]) -> bool:
    """Whether the body is called JSON."""
    content_type = headers.get(b"content-type", b"")
    return content_type == b"application/json" or content_type.split(b";")[0].strip().lower() == b"application/json"


@lru_cache(256)
def _is_our_host(host: bytes, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)


def language_of(headers: dict[bytes, bytes]) -> str:
    """As LocaleMiddleware chooses it: by the cookie that the admin sets, else by what the client accepts."""
    accept, cookie = headers.get(b"accept-language", b""), headers.get(b"cookie", b"")
    chosen = None
    if cookie and settings.LANGUAGE_COOKIE_NAME.encode() in cookie:
        chosen = parse_cookie(cookie.decode("latin-1")).get(settings.LANGUAGE_COOKIE_NAME)
    return _language_of(accept.decode("latin-1"), chosen)


@lru_cache(256)
def _language_of(accept: str, chosen: str | None) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept
    if chosen is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    return translation.get_language_from_request(request)


def accepts_gzip(headers: dict[bytes, bytes]) -> bool:
    """Whether the client says that it reads gzip."""
    return _accepts_gzip(headers.get(b"accept-encoding", b""))


@lru_cache(256)
def _accepts_gzip(accepted: bytes) -> bool:
    for each in accepted.lower().split(b","):
        name, *parameters = (part.strip() for part in each.split(b";"))
        if name == b"gzip":
            return not any(_NEVER.fullmatch(parameter) for parameter in parameters)
    return False


class Body:
    """A request's body: read up to the limit, and given again as it came."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self.content = b""
        self.is_whole = False

    async def read(self) -> None:
        """Read it; `is_whole` where it came to its end within the limit."""
        size, more = 0, True
        while more and size <= MAX_BODY_BYTES:
            message = await self._receive()
            self._messages.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.is_whole = not more and size <= MAX_BODY_BYTES and self._messages[-1]["type"] == "http.request"
        self.content = b"".join(message.get("body", b"") for message in self._messages)

    async def again(self) -> Message:
        """An ASGI `receive` that gives what was read once more, and then what follows."""
        return self._messages.pop(0) if self._messages else await self._receive()
