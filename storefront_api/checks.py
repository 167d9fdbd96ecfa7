"""The bare route of TMF645, ahead of Django: short checks and queries of staff, made in memory.

What it answers is what `tmf645` answers, refusals included. It reads a token's signature itself; whether its holder is
still one of the staff, and may ask, is judged with the group in which the rows are written, before anybody is told.
"""

import logging
from collections.abc import Collection, Mapping
from typing import Any, Final

import orjson
from django.utils import translation
from starlette.types import Scope

from kernel import work
from kernel.errors import ApiError
from kernel.group_commit import GroupWriter, NotAllowedError, gathering
from kernel.identity import Caller
from plugins.serviceability import loader, tmf645
from plugins.staff import tokens
from plugins.staff.permissions import SERVICE_QUALIFY
from plugins.staff.tokens import Claims
from storefront_api.bare import SHORT_BODY_BYTES, UNUSUAL, Answer, headers_of, is_json, language_of
from storefront_api.tmf645 import answered, refused

log = logging.getLogger(__name__)

_KINDS: Final = {f"{tmf645.ROOT}/{name}{end}": kind for kind, name in tmf645.NAMES.items() for end in ("", "/")}
PATHS: Final = frozenset(_KINDS)
# More hold the event loop for longer than others should wait.
MOST_ITEMS: Final = 3


def allowed(claims: Collection[Claims]) -> Mapping[Claims, Caller]:
    """Those who may ask, of those who claim to be staff."""
    return {one: caller for one, caller in tokens.callers(claims).items() if caller.may(SERVICE_QUALIFY)}


async def answer(writer: GroupWriter, scope: Scope, content: bytes) -> Answer | None:
    """What is answered to a check or query, once it is kept; None where Django is to answer."""
    headers = headers_of(scope)
    if headers is None or not is_json(headers) or len(content) > SHORT_BODY_BYTES or not loader.follower.following:
        return None
    claims = _claims(headers.get(b"authorization", b""))
    body = _body(content)
    if claims is None or body is None:
        return None
    language = language_of(headers)
    try:
        with translation.override(language), gathering() as rows:
            try:
                status, told = answered(tmf645.create(kind=_KINDS[scope["path"]], owner=claims.scope, body=body))
            except ApiError as refusal:
                status, told = refused(refusal)
                rows.clear()
        work.acting(await writer.write(rows, claims))
    except NotAllowedError:
        return None
    except Exception as error:
        # From the start, and a bug will be logged there as one.
        log.warning("a check failed ahead of Django, which is asked", exc_info=error)
        return None
    return Answer(told, language, status)


def _claims(authorization: bytes) -> Claims | None:
    scheme, _space, token = authorization.decode("latin-1").partition(" ")
    return tokens.signed(token) if scheme.lower() == "bearer" else None


def _body(content: bytes) -> Any | None:
    """The body's value; None for what is Django's to judge, or too much."""
    if UNUSUAL.search(content):
        return None
    try:
        body = orjson.loads(content)
    except ValueError:
        return None
    items = body.get("serviceQualificationItem") if isinstance(body, dict) else None
    return None if isinstance(items, list) and len(items) > MOST_ITEMS else body
