"""The bare route of the GraphQL endpoint, ahead of Django: requests for documents that have a plan are answered here.

Everything else goes to Django as it came: other methods, mutations, documents without a plan, what is malformed or too
large, and whatever a plan cannot answer plainly. So refusals have one place, and this route only needs to know what it
may answer itself. It keeps Django's rules for that: hosts, language, content type, size of the body, callers.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Hashable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import SynchronousOnlyOperation
from django.db import close_old_connections
from django.http.cookie import parse_cookie
from django.http.request import HttpRequest, split_domain_port, validate_host
from django.utils import translation
from graphql import GraphQLError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kernel.errors import ApiError, Errors
from kernel.identity import GUEST, Caller
from storefront_api import documents, limits, reused
from storefront_api.completion import UnplannedError, UnsupportedError
from storefront_api.context import Context, caller_of
from storefront_api.documents import Prepared
from storefront_api.operations import Document
from storefront_api.plans import Plan, Run
from storefront_api.schema import schema
from storefront_api.views import MAX_BODY_BYTES

log = logging.getLogger(__name__)

PATHS = frozenset({"/graphql/", "/graphql"})
THREADS = 8
# Longer ones may hold lists that take a while to be read: that is not for the event loop.
SHORT_BODY_BYTES = 8 * 1024

# Numbers that JSON's readers disagree about, and characters that no database holds: Django's to judge.
_UNUSUAL = re.compile(rb"[\[:,\s]-?\d{16}|\\u0000")
_READ = frozenset({b"authorization", b"accept-language", b"content-type", b"cookie", b"host"})
# As Django's middleware has them; the security headers of all routes come on top.
_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"vary", b"Accept-Language"),
    (b"cross-origin-opener-policy", b"same-origin"),
]


class HotPath:
    """The ASGI application that answers what it can and hands the rest to `django`; other paths go to `app`."""

    def __init__(self, app: ASGIApp, django: ASGIApp, threads: Executor | None = None) -> None:
        self.app, self.django = app, django
        self.threads = threads or ThreadPoolExecutor(THREADS, thread_name_prefix="hot-path")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in PATHS or scope["method"] != "POST":
            await self.app(scope, receive, send)
            return
        body = _Body(receive)
        await body.read()
        asked = _asked(scope, body.content) if body.is_whole else None
        answer = await self._answer(asked) if asked else None
        if asked is None or answer is None:
            await self.django(scope, body.again, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": _headers(answer, asked.language)})
        await send({"type": "http.response.body", "body": answer})

    async def _answer(self, asked: "_Asked") -> bytes | None:
        """The answer's body, None when Django is to give it."""
        if asked.authorization or len(asked.content) > SHORT_BODY_BYTES:
            return await self._in_thread(asked, None)
        try:
            run = asked.plan.start_compiled(asked.variables, asked.context(GUEST))
            versions = _versions(asked, run) if run else None
            if run is None or versions is None:
                return await self._guest(asked, run)
            return await self._guest_again(asked, run, versions)
        except Exception as error:  # noqa: BLE001 - graphql-core finds out what it is.
            _note(asked, error)
            return None

    async def _guest_again(self, asked: "_Asked", run: Run, versions: Hashable) -> bytes | None:
        """What was answered to the same question, if nothing that it depends on has changed."""
        key = (asked.content, asked.language, versions)
        answer = reused.answers.get(key)
        if answer is not None:
            with translation.override(asked.language):
                run.again()
        else:
            answer = await self._guest(asked, run)
            # What changed in between may or may not be in the answer.
            if answer is not None and _versions(asked, run) == versions:
                reused.answers.put(key, answer, len(asked.content) + len(answer) + reused.OVERHEAD)
        return answer

    async def _guest(self, asked: "_Asked", run: Run | None) -> bytes | None:
        if run and run.in_memory():
            try:
                return _spoken(asked, run.answer)
            except SynchronousOnlyOperation:
                # Something has to be read after all, such as a product that nobody asked for lately.
                return await self._in_thread(asked, None)
        return await self._in_thread(asked, run)

    async def _in_thread(self, asked: "_Asked", run: Run | None) -> bytes | None:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _in_thread, asked, run)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that has a plan."""

    content: bytes
    prepared: Prepared
    plan: Plan
    operation_name: str | None
    variables: dict[str, Any]
    authorization: str
    language: str
    address: str

    def context(self, caller: Caller) -> Context:
        return Context(caller=caller, language=self.language, remote_address=self.address)


def _versions(asked: _Asked, run: Run) -> Hashable | None:
    with translation.override(asked.language):
        return run.versions()


def _in_thread(asked: _Asked, run: Run | None) -> bytes | None:
    """As Django runs a view: connections that ended are closed, before and after."""
    close_old_connections()
    try:
        return _spoken(asked, lambda: (run or _run(asked)).answer())
    except Exception as error:  # noqa: BLE001 - graphql-core finds out what it is.
        _note(asked, error)
        return None
    finally:
        close_old_connections()


def _run(asked: _Asked) -> Run:
    return asked.plan.start(asked.variables, asked.context(caller_of(asked.authorization)))


def _spoken(asked: _Asked, answer: Callable[[], bytes]) -> bytes:
    with translation.override(asked.language):
        return answer()


def _note(asked: _Asked, error: Exception) -> None:
    """Django answers again from the start, and logs what is a bug; here is kept what may be a bug of the plan."""
    if isinstance(error, UnsupportedError):
        asked.prepared.forget_plan(asked.operation_name)
    elif not isinstance(error, UnplannedError | ApiError | Errors | GraphQLError):
        log.warning("a plan failed, graphql-core is asked", exc_info=error)


def _asked(scope: Scope, content: bytes) -> _Asked | None:
    """What a plan can answer, None for what is Django's."""
    headers = _single_headers(scope)
    if headers is None or not _is_json(headers.get(b"content-type", b"")) or _UNUSUAL.search(content):
        return None
    if not _is_our_host(headers.get(b"host", b""), tuple(settings.ALLOWED_HOSTS)):
        return None
    try:
        document = Document.from_payload(orjson.loads(content))
    except (ValueError, ApiError):
        return None
    prepared = documents.ready(document.query)
    plan = prepared.plan(document.operation_name) if prepared else None
    if prepared is None or plan is None or not _is_affordable(prepared, document):
        return None
    return _Asked(
        content=content,
        prepared=prepared,
        plan=plan,
        operation_name=document.operation_name,
        variables=document.variables,
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        language=_language(headers.get(b"accept-language", b""), headers.get(b"cookie", b"")),
        address=(scope.get("client") or ("",))[0],
    )


def _is_affordable(prepared: Prepared, document: Document) -> bool:
    if not prepared.is_free:
        return True
    [operation] = prepared.operations(document.operation_name)
    return limits.cost(schema.core, prepared.ast, operation, document.variables) <= limits.MAX_COST


def _single_headers(scope: Scope) -> dict[bytes, bytes] | None:
    """The headers that are read here; None when one of them was sent twice."""
    found = [(name, value) for name, value in scope["headers"] if name in _READ]
    headers = dict(found)
    return headers if len(headers) == len(found) else None


def _is_json(content_type: bytes) -> bool:
    return content_type == b"application/json" or content_type.split(b";")[0].strip().lower() == b"application/json"


@lru_cache(256)
def _is_our_host(host: bytes, allowed: tuple[str, ...]) -> bool:
    domain, _port = split_domain_port(host.decode("latin-1"))
    return bool(domain) and validate_host(domain, allowed)


def _language(accept: bytes, cookie: bytes) -> str:
    """As LocaleMiddleware chooses it: by the cookie that the admin sets, else by what the client accepts."""
    chosen = None
    if settings.LANGUAGE_COOKIE_NAME.encode() in cookie:
        chosen = parse_cookie(cookie.decode("latin-1")).get(settings.LANGUAGE_COOKIE_NAME)
    return _language_of(accept.decode("latin-1"), chosen)


@lru_cache(256)
def _language_of(accept: str, chosen: str | None) -> str:
    request = HttpRequest()
    request.META["HTTP_ACCEPT_LANGUAGE"] = accept
    if chosen is not None:
        request.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    return translation.get_language_from_request(request)


def _headers(answer: bytes, language: str) -> list[tuple[bytes, bytes]]:
    own = [(b"content-language", language.encode()), (b"content-length", str(len(answer)).encode())]
    return [*_HEADERS, *own]


class _Body:
    """A request's body: read up to the limit, and given again as it came."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._messages: list[Message] = []
        self.content = b""
        self.is_whole = False

    async def read(self) -> None:
        size, more = 0, True
        while more and size <= MAX_BODY_BYTES:
            message = await self._receive()
            self._messages.append(message)
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.is_whole = not more and size <= MAX_BODY_BYTES and self._messages[-1]["type"] == "http.request"
        self.content = b"".join(message.get("body", b"") for message in self._messages)

    async def again(self) -> Message:
        return self._messages.pop(0) if self._messages else await self._receive()
