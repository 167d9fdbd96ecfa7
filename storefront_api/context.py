"""Who is calling and in which language: what every resolver may rely on."""

import logging
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from commerce import tokens as core_tokens
from commerce.errors import CoreUnavailable
from kernel import work
from kernel.errors import CORE_UNAVAILABLE, UNAUTHENTICATED, ApiError
from kernel.identity import GUEST, Caller
from plugins.staff import tokens as staff_tokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Context:
    """The context value of one GraphQL request."""

    caller: Caller
    language: str
    remote_address: str


def context_of(request: HttpRequest) -> Context:
    """Read the caller from `Authorization: Bearer`; raises UNAUTHENTICATED for a token nobody vouches for."""
    return Context(
        caller=caller_of(request.headers.get("Authorization", "")),
        language=get_language() or "en",
        remote_address=request.META.get("REMOTE_ADDR", ""),
    )


def caller_of(authorization: str) -> Caller:
    """Who the `Authorization` header speaks for; raises UNAUTHENTICATED for a token nobody vouches for."""
    if not authorization:
        return GUEST
    scheme, _space, token = authorization.partition(" ")
    if scheme.lower() == "bearer" and token:
        caller = staff_tokens.read(token) or _shopper(token)
        if caller is not None:
            work.acting(caller)
            return caller
    raise ApiError(UNAUTHENTICATED, _("Please sign in again: this session has ended."))


def _shopper(token: str) -> Caller | None:
    try:
        claims = core_tokens.read_shopper(token)
        return Caller(kind="shopper", id=claims.user_id, email=claims.email) if claims else None
    except CoreUnavailable as unavailable:
        log.warning("a shopper's token could not be verified: %s", unavailable)
        raise ApiError(CORE_UNAVAILABLE, _("We cannot check your sign-in just now. Please try again.")) from unavailable
