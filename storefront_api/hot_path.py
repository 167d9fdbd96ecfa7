"""The bare routes, ahead of Django: documents that have a plan are answered here, and TM Forum's checks (`checks`).

Everything else goes to Django as it came: other methods, documents without a plan as most mutations are, what is
malformed or too large, and whatever a plan cannot answer plainly. So refusals have one place, and this route only needs
to know what it may answer itself. It keeps Django's rules for that: hosts, language, content type, size of the body,
callers (`bare`).
"""

import asyncio
import contextvars
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson
from django.core.exceptions import SynchronousOnlyOperation
from django.db import close_old_connections
from django.utils import translation
from graphql import GraphQLError
from starlette.types import ASGIApp, Receive, Scope, Send

from kernel import work
from kernel.errors import ApiError, Errors
from kernel.group_commit import GroupWriter, gathering
from kernel.identity import GUEST, Caller
from kernel.sized_cache import SizedCache
from storefront_api import checks, documents, limits, reused
from storefront_api.bare import SHORT_BODY_BYTES, UNUSUAL, Answer, Body, accepts_gzip, headers_of, is_json, language_of
from storefront_api.completion import UnplannedError, UnsupportedError
from storefront_api.context import Context, caller_of
from storefront_api.documents import Prepared
from storefront_api.operations import Document
from storefront_api.plans import Plan, Question
from storefront_api.schema import schema

log = logging.getLogger(__name__)

PATHS = frozenset({"/graphql/", "/graphql"})
THREADS = 8
# Bodies are read once while they are asked often. What was read of one takes about so many times its bytes.
KEPT_BYTES = 16 * 1024 * 1024
READ_TIMES = 16

# What a bare route makes of a request with this body; None where Django is to answer.
Route = Callable[[Scope, bytes], Awaitable[Answer | None]]


class HotPath:
    """The ASGI application that answers what it can and hands the rest to `django`; other paths go to `app`."""

    def __init__(self, app: ASGIApp, django: ASGIApp, threads: Executor | None = None) -> None:
        self.app, self.django = app, django
        self.threads = threads or ThreadPoolExecutor(THREADS, thread_name_prefix="hot-path")
        self.writer = GroupWriter(checks.allowed)
        self._routes: dict[str, Route] = dict.fromkeys(PATHS, self._documents)
        self._routes |= dict.fromkeys(checks.PATHS, partial(checks.answer, self.writer))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._routes.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if route is None:
            await self.app(scope, receive, send)
            return
        body = Body(receive)
        await body.read()
        answer = await route(scope, body.content) if body.is_whole else None
        if answer is None:
            await self.django(scope, body.again, send)
        else:
            await answer.send(send)

    async def _documents(self, scope: Scope, content: bytes) -> Answer | None:
        asked = _asked(scope, content)
        if asked is None:
            return None
        work.named(asked.read.label)
        return await self._answer(asked)

    async def _answer(self, asked: "_Asked") -> Answer | None:
        """The answer, None when Django is to give it."""
        if asked.authorization or len(asked.content) > SHORT_BODY_BYTES:
            return await self._in_thread(asked)
        try:
            question = asked.read.question_compiled()
            if question is None:
                return await self._in_thread(asked)
            return await self._guest(asked, question)
        except Exception as error:  # noqa: BLE001 - graphql-core finds out what it is.
            _note(asked, error)
            return None

    async def _guest(self, asked: "_Asked", question: Question) -> Answer | None:
        """What was answered to the same question, if nothing that it depends on has changed; else its answer now."""
        versions = question.versions(asked.language)
        if versions is None:
            return await self._guest_now(asked, question)
        key = (asked.content, asked.language, versions)
        kept = reused.answers.get(key)
        if kept is not None:
            question.again(asked.language)
            packed = reused.pack(key, kept) if asked.accepts_gzip else None
            return Answer(packed or kept, asked.language, packed=packed is not None)
        answer = await self._guest_now(asked, question)
        # What changed in between may or may not be in the answer.
        if answer is not None and question.versions(asked.language) == versions:
            reused.answers.put(key, answer.body, len(asked.content) + len(answer.body) + reused.OVERHEAD)
        return answer

    async def _guest_now(self, asked: "_Asked", question: Question) -> Answer | None:
        if question.in_memory():
            try:
                with translation.override(asked.language), gathering() as rows:
                    answer = question.run(asked.context(GUEST)).answer()
                if rows:
                    await self.writer.write(rows)
                return Answer(answer, asked.language)
            except SynchronousOnlyOperation:
                # Something has to be read after all, such as a product that nobody asked for lately.
                pass
        return await self._in_thread(asked)

    async def _in_thread(self, asked: "_Asked") -> Answer | None:
        # With the request's context: logs of the thread tell which request they are of.
        run = contextvars.copy_context().run
        answer = await asyncio.get_running_loop().run_in_executor(self.threads, run, _in_thread, asked)
        return None if answer is None else Answer(answer, asked.language)


@dataclass(slots=True)
class _Read:
    """What a body asks that has a plan."""

    prepared: Prepared
    operation_name: str | None
    variables: dict[str, Any]
    label: str
    _question: Question | None = None

    @property
    def plan(self) -> Plan | None:
        return self.prepared.plan(self.operation_name)

    def question_compiled(self) -> Question | None:
        """It, with variables and arguments; None while something would have to be compiled. Raises as plans do."""
        if self._question is None and self.plan is not None:
            self._question = self.plan.question_compiled(self.variables)
        return self._question

    def question(self) -> Question:
        """As `question_compiled`, compiled if need be."""
        if self._question is None:
            if self.plan is None:
                raise UnplannedError("another request found out that there is no plan")
            self._question = self.plan.question(self.variables)
        return self._question


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request that has a plan."""

    content: bytes
    read: _Read
    authorization: str
    language: str
    address: str
    accepts_gzip: bool

    def context(self, caller: Caller) -> Context:
        return Context(caller=caller, language=self.language, remote_address=self.address)


def _in_thread(asked: _Asked) -> bytes | None:
    """As Django runs a view: connections that ended are closed, before and after."""
    close_old_connections()
    try:
        with translation.override(asked.language):
            return asked.read.question().run(asked.context(caller_of(asked.authorization))).answer()
    except Exception as error:  # noqa: BLE001 - graphql-core finds out what it is.
        _note(asked, error)
        return None
    finally:
        close_old_connections()


def _note(asked: _Asked, error: Exception) -> None:
    """Django answers again from the start, and logs what is a bug; here is kept what may be a bug of the plan."""
    if isinstance(error, UnsupportedError):
        asked.read.prepared.forget_plan(asked.read.operation_name)
    elif not isinstance(error, UnplannedError | ApiError | Errors | GraphQLError):
        log.warning("a plan failed, graphql-core is asked", exc_info=error)


def _asked(scope: Scope, content: bytes) -> _Asked | None:
    """What a plan can answer, None for what is Django's."""
    headers = headers_of(scope)
    if headers is None or not is_json(headers):
        return None
    read = _kept.get(content) or _read(content)
    if read is None or read.plan is None or (read.plan.is_mutation and b"idempotency-key" in headers):
        return None
    return _Asked(
        content=content,
        read=read,
        authorization=headers.get(b"authorization", b"").decode("latin-1"),
        language=language_of(headers),
        address=(scope.get("client") or ("",))[0],
        accepts_gzip=accepts_gzip(headers),
    )


# Bodies that ask persisted documents, with what they ask.
_kept: SizedCache[_Read] = SizedCache(KEPT_BYTES)


def _read(content: bytes) -> _Read | None:
    if UNUSUAL.search(content):
        return None
    try:
        document = Document.from_payload(orjson.loads(content))
    except (ValueError, ApiError):
        return None
    prepared = documents.ready(document.query)
    if prepared is None or not _is_affordable(prepared, document):
        return None
    label = prepared.label(document.operation_name)
    read = _Read(prepared, document.operation_name, document.variables, label)
    if not prepared.is_free and len(content) <= SHORT_BODY_BYTES:
        _kept.put(content, read, READ_TIMES * len(content) + reused.OVERHEAD)
    return read


def _is_affordable(prepared: Prepared, document: Document) -> bool:
    if not prepared.is_free:
        return True
    [operation] = prepared.operations(document.operation_name)
    return limits.cost(schema.core, prepared.ast, operation, document.variables) <= limits.MAX_COST
