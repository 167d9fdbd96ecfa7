"""The tokens of this capability: a register's own, and the session token a clerk gets by signing in.

A session token is a JWT signed with SECRET_KEY, for twelve hours. It names the person, the register and a
fingerprint of the PIN's hash, so that it ends when the person leaves, the register is withdrawn or the PIN is changed.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac
from jwt.types import Options

from kernel import clock
from kernel.identity import Caller
from plugins.staff.models import Register, StaffMember
from plugins.staff.permissions import permissions_of

AUDIENCE: Final = "suite-staff"
LIFETIME: Final = timedelta(hours=12)
_ALGORITHM: Final = "HS256"


@dataclass(frozen=True, slots=True)
class SessionToken:
    """A signed token and the moment at which it ends (UTC)."""

    token: str
    expires_at: datetime


def register_token(register_id: str) -> str:
    """The token of a register, derived from SECRET_KEY so that it need not be stored."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"staff.register:{register_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def register_token_hash(token: str) -> str:
    """What the database keeps of a register's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(member: StaffMember, register: Register) -> SessionToken:
    """Sign a session token for a person at a register."""
    issued_at = clock.now().replace(microsecond=0)
    expires_at = issued_at + LIFETIME
    claims = {
        "aud": AUDIENCE,
        "sub": str(member.pk),
        "register": register.pk,
        "pin": _pin_fingerprint(member),
        "iat": issued_at,
        "exp": expires_at,
    }
    return SessionToken(jwt.encode(claims, settings.SECRET_KEY, algorithm=_ALGORITHM), expires_at)


def read(token: str) -> Caller | None:
    """The caller a session token stands for; None when it is not ours, has ended or was withdrawn."""
    claims = _claims(token)
    if claims is None or claims["exp"] <= clock.now().timestamp():
        return None
    member = StaffMember.objects.filter(pk=claims["sub"], is_active=True).first()
    register = Register.objects.filter(pk=claims["register"], is_active=True).first()
    if member is None or register is None or claims["pin"] != _pin_fingerprint(member):
        return None
    if (member.is_demo or register.is_demo) and not settings.DEBUG:
        return None
    return caller_for(member, register)


def _claims(token: str) -> dict[str, Any] | None:
    # The expiry is compared with the suite's clock, which tests can set.
    options: Options = {"require": ["sub", "register", "pin", "exp"], "verify_exp": False, "verify_iat": False}
    try:
        claims: dict[str, Any] = jwt.decode(
            token, settings.SECRET_KEY, algorithms=[_ALGORITHM], audience=AUDIENCE, options=options
        )
    except jwt.InvalidTokenError:
        return None
    return claims if str(claims["sub"]).isdigit() else None


def caller_for(member: StaffMember, register: Register) -> Caller:
    """The caller that services see for this person at this register."""
    return Caller(
        kind="staff",
        id=str(member.pk),
        name=member.name,
        permissions=permissions_of(member.role),
        store_id=register.store_id,
        register_id=register.pk,
    )


def _pin_fingerprint(member: StaffMember) -> str:
    return salted_hmac("plugins.staff.tokens", member.pin_hash).hexdigest()[:16]
