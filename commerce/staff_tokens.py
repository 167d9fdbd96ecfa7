"""Staff of the core come from its dashboard with a token that it made for our App: who they are and what they may."""

from dataclasses import dataclass
from typing import Any

import jwt

from commerce import addresses, jwks
from commerce.models import CoreInstallation
from kernel import clock

_CLOCK_SKEW_SECONDS = 30
_MOST_CHARACTERS = 16 * 1024


@dataclass(frozen=True, slots=True)
class StaffClaims:
    """A member of the core's staff. `permissions` are all that Saleor gives this person, by its names."""

    installation_id: int
    user_id: str
    email: str
    permissions: frozenset[str]


def read(token: str) -> StaffClaims | None:
    """The claims of a valid token of the core in use, made for our App; None for anything else.

    Raises CoreUnavailable when the core's keys were never read and cannot be read now.
    """
    row = CoreInstallation.objects.filter(state=CoreInstallation.State.ACTIVE).first()
    if row is None or len(token) > _MOST_CHARACTERS:
        return None
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != "RS256" or header.get("b64", True) is False:
            return None
        key = jwks.ring_of(row.api_url).key(header.get("kid"))
        if key is None:
            return None
        options: Any = {"require": ["exp"], "verify_exp": False, "verify_aud": False}
        claims = jwt.decode(token, key.key, algorithms=["RS256"], leeway=_CLOCK_SKEW_SECONDS, options=options)
    except jwt.InvalidTokenError:
        return None
    return _staff(claims, row)


def _staff(claims: dict[str, Any], row: CoreInstallation) -> StaffClaims | None:
    user_id, email, expires = claims.get("user_id"), claims.get("email"), claims.get("exp")
    permissions = claims.get("user_permissions")
    if claims.get("type") != "thirdparty" or claims.get("app") != row.app_id or claims.get("is_staff") is not True:
        return None
    if not (isinstance(user_id, str) and isinstance(email, str) and isinstance(permissions, list)):
        return None
    if not isinstance(expires, int | float) or expires <= clock.now().timestamp() or not _is_from(claims, row):
        return None
    return StaffClaims(row.pk, user_id, email, frozenset(str(name) for name in permissions))


def _is_from(claims: dict[str, Any], row: CoreInstallation) -> bool:
    try:
        return addresses.normalised(str(claims.get("iss", ""))) == row.api_url
    except ValueError:
        return False
