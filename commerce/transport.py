"""How a call reaches the core: time-outs, repetition, and the one place where replies become errors.

No call is made inside a database transaction: a slow core would hold locks. The guard is always on. It
counts transactions of the code alone: those that Django's and pytest-django's test cases wrap around a
test (the `db` fixture, `TestCase`) do not count, so that tests need no `transaction=True` for its sake.
"""

import json
import logging
import math
import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

import httpx
import pydantic
from django.db import connections

from commerce import metrics, retry_after
from commerce.breaker import Breaker
from commerce.client.exceptions import GraphQLClientError
from commerce.client.generated_client import GeneratedClient
from commerce.errors import CoreRefused, CoreUnavailable
from kernel import tracing

T = TypeVar("T")

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5.0
MOST_AT_ONCE = 20  # calls of one process
TURN_SECONDS = 2.0  # how long a call waits for its turn
CONNECT_SECONDS = 2.0
SLOW_READ_SECONDS = 20.0  # whole pages of the catalogue
ATTEMPTS = 3
_FIRST_PAUSE_SECONDS = 0.1
# How long a call waits where the core asks to be left alone, in all its attempts. A person waits for many of them, and
# those of the background have a row that can be put off.
PATIENCE = timedelta(seconds=2)
_jitter = random.SystemRandom()

# The request never left this machine, so that repeating it is safe for any call.
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout)


def forbid_transaction() -> None:
    """Raise RuntimeError when the caller holds a database transaction (see the module's note on tests)."""
    for connection in connections.all(initialized_only=True):
        if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
            raise RuntimeError("The core was called inside a database transaction; call it before or after.")


class NotSent(CoreUnavailable):
    """No connection: the core has certainly not seen the call."""


class CircuitOpen(NotSent):
    """The core kept failing and is left alone for a moment; nothing was sent."""


class AskedToWait(NotSent):
    """The core, or a proxy before it, asks to be left alone (`retry_after`); this call it has not served."""


class Transport(GeneratedClient):
    """The generated client with its errors mapped to CoreUnavailable and CoreRefused."""

    def __init__(self, url: str, token: str, *, wire: httpx.BaseTransport | None = None) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        timeout = httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS, pool=TURN_SECONDS)
        # Idle connections are dropped before the core drops them, which would look like a lost reply.
        limits = httpx.Limits(max_connections=MOST_AT_ONCE, max_keepalive_connections=10, keepalive_expiry=3.0)
        # Cast: the generated protocol lets `json` be positional, which httpx does not; no call uses that.
        hooks = {"request": [_with_trace]}
        http_client = cast(
            Any, httpx.Client(headers=headers, timeout=timeout, limits=limits, event_hooks=hooks, transport=wire)
        )
        super().__init__(url=url, http_client=http_client)
        # Called when the core denies something: perhaps it no longer knows our token.
        self.on_denied: Callable[[], None] = lambda: None
        self._breaker = Breaker(clock=_seconds, told=metrics.circuit)

    def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Send one operation; CircuitOpen when the core is left alone, AskedToWait while it asks for that."""
        forbid_transaction()
        if left := self._breaker.rest_left():
            raise _asked_to_wait(timedelta(seconds=left))
        if not self._breaker.lets_pass():
            raise CircuitOpen(f"The core at {self.url} keeps failing; it is tried again in a moment.")
        try:
            with metrics.call(str(kwargs.get("operation_name") or "unnamed")):
                response = cast(httpx.Response, super().execute(*args, **kwargs))
        except httpx.PoolTimeout as error:
            # Our own doing: so many calls are under way. It says nothing of the core.
            raise NotSent("Too many calls to the core are under way.") from error
        except httpx.HTTPError as error:
            self._breaker.failed()
            raise _no_reply(error, str(self.url)) from error
        asked = retry_after.asked_for(response.status_code, response.headers)
        if asked is not None:
            logger.warning("The core asks to be left alone for %s (HTTP %s).", asked, response.status_code)
            self._breaker.rest(asked.total_seconds())
        elif _is_failure(response.status_code):
            self._breaker.failed()
        else:
            self._breaker.succeeded()
        return response

    def get_data(self, response: Any) -> dict[str, Any]:
        """The reply's data; errors are read from the raw JSON, so that codes new to us keep their names."""
        with metrics.reply():
            try:
                return _data(response)
            except CoreRefused as refused:
                if refused.code == "PERMISSION_DENIED":
                    self.on_denied()
                raise


def _data(response: Any) -> dict[str, Any]:
    reply = _json_object(response)
    if reply.get("errors"):
        raise _top_level_error(reply["errors"])
    data = reply.get("data")
    if not isinstance(data, dict) or response.status_code >= 300:
        raise CoreUnavailable(f"The core answered with HTTP {response.status_code} and no data.")
    for payload in data.values():
        # A bulk payload with results tells row by row what failed.
        if isinstance(payload, dict) and payload.get("errors") and not payload.get("results"):
            raise refusal(payload["errors"][0])
    return data


def _with_trace(request: httpx.Request) -> None:
    request.headers.update(tracing.carrier())


def attempt(call: Callable[[], T], *, repeatable: bool) -> T:
    """Run one call; a `repeatable` one (a read, or idempotent) is repeated after a short random pause.

    Other calls are repeated only when the core cannot have served them. A pause that the core asks for is kept, where
    that is at most PATIENCE; else the error is raised at once, and says how long (`retry_after`).
    """
    patience = PATIENCE
    for number in range(1, ATTEMPTS + 1):
        try:
            return call()
        except CoreUnavailable as error:
            may_repeat = repeatable or isinstance(error, NotSent)
            asked = error.retry_after or timedelta(0)
            patience -= asked
            if number == ATTEMPTS or not may_repeat or isinstance(error, CircuitOpen) or patience < timedelta(0):
                raise
            logger.warning("Call %s of %s to the core failed, repeating: %s", number, ATTEMPTS, error)
            time.sleep(asked.total_seconds() + _FIRST_PAUSE_SECONDS * 2 ** (number - 1) * _jitter.uniform(0.5, 1.5))
        except (pydantic.ValidationError, GraphQLClientError) as error:
            # Whatever it did, the core did it: the outcome is unknown to us.
            raise CoreUnavailable(f"The core's reply is not understood: {error}") from error
    raise AssertionError("unreachable")


def refusal(error: dict[str, Any]) -> CoreRefused:
    """A Saleor error object, from `errors` of a mutation, as the exception."""
    return CoreRefused(
        code=error.get("code") or "INVALID",
        message=error.get("message") or "",
        field=error.get("field") or error.get("path"),
        variants=tuple(error.get("variants") or ()),
        lines=tuple(error.get("lines") or error.get("orderLines") or ()),
    )


def _json_object(response: Any) -> dict[str, Any]:
    try:
        reply = json.loads(response.content)
    except ValueError as error:
        raise _http_error(response, "no JSON") from error
    if not isinstance(reply, dict) or ("errors" not in reply and "data" not in reply):
        raise _http_error(response, "no GraphQL reply")
    if _is_failure(response.status_code):
        raise _http_error(response, "an error")
    return reply


def _is_failure(status: int) -> bool:
    return status >= 500 or status == 429


def _no_reply(error: httpx.HTTPError, url: str) -> CoreUnavailable:
    if isinstance(error, _NOT_SENT):
        return NotSent(f"The core at {url} cannot be reached: {error}")
    return CoreUnavailable(f"The core did not answer: {type(error).__name__} {error}".rstrip())


def _http_error(response: Any, what: str) -> CoreUnavailable | CoreRefused:
    status = response.status_code
    if status in {401, 403}:
        return CoreRefused("PERMISSION_DENIED", f"The core refuses our key (HTTP {status}).")
    asked = retry_after.asked_for(status, response.headers)
    if asked is not None and status == 429:
        return _asked_to_wait(asked)
    return CoreUnavailable(f"The core answered HTTP {status} with {what}.", retry_after=asked)


def _asked_to_wait(wait: timedelta) -> AskedToWait:
    told = f"The core asks to be left alone for {math.ceil(wait.total_seconds())} s."
    return AskedToWait(told, retry_after=wait)


def _seconds() -> float:
    return time.monotonic()


def _top_level_error(errors: list[dict[str, Any]]) -> CoreUnavailable | CoreRefused:
    first = errors[0] if isinstance(errors[0], dict) else {"message": str(errors[0])}
    message = str(first.get("message", ""))
    kind = str(((first.get("extensions") or {}).get("exception") or {}).get("code", ""))
    if kind == "PermissionDenied":
        return CoreRefused("PERMISSION_DENIED", message)
    if message == "Internal Server Error" or kind.endswith(("OperationalError", "InterfaceError")):
        return CoreUnavailable(f"The core failed: {message} {kind}".rstrip())
    if len(first.get("path") or ()) > 1:
        # The operation itself ran; only its result could not be read. A write has happened.
        return CoreUnavailable(f"The core could not answer after it worked: {message}")
    # GraphQLError, ValidationError, an expired token: repeating changes nothing.
    return CoreRefused("GRAPHQL_ERROR" if kind in {"", "GraphQLError"} else kind, message)
