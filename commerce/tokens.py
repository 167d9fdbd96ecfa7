"""Shoppers are signed in by the core: its access token is their bearer token, and is verified here without a call."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import jwt

from commerce import jwks
from kernel import clock

_CLOCK_SKEW_SECONDS = 30


@dataclass(frozen=True, slots=True)
class ShopperClaims:
    """Who a valid access token speaks for; `user_id` is the core's id of the user."""

    user_id: str
    email: str
    expires_at: datetime
    is_staff: bool


def read_shopper(token: str) -> ShopperClaims | None:
    """The claims of a valid access token, None for anything else (forged, expired, a refresh token, not a JWT).

    Raises CoreUnavailable when the core's keys were never read and cannot be read now.
    """
    try:
        header = jwt.get_unverified_header(token)
        # Before the keys are looked up: tokens of other kinds must not make us call the core.
        if header.get("alg") != "RS256" or header.get("b64", True) is False:
            return None
        key = jwks.ring().key(header.get("kid"))
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256"],
            leeway=_CLOCK_SKEW_SECONDS,
            options={"require": ["exp"], "verify_exp": False, "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        return None
    return _shopper(claims)


def _shopper(claims: dict[str, Any]) -> ShopperClaims | None:
    user_id, email, expires = claims.get("user_id"), claims.get("email"), claims.get("exp")
    if claims.get("type") != "access" or not (isinstance(user_id, str) and isinstance(email, str)):
        return None
    if not isinstance(expires, int | float) or expires <= clock.now().timestamp():
        return None
    return ShopperClaims(
        user_id=user_id,
        email=email,
        expires_at=datetime.fromtimestamp(expires, UTC),
        is_staff=bool(claims.get("is_staff")),
    )
