"""The tokens of this capability: a register's own, and the session token a clerk gets by signing in.

A session token is a JWT signed with SECRET_KEY, for twelve hours. It names the person, the register and a
fingerprint of the PIN's hash, so that it ends when the person leaves, the register is withdrawn or the PIN is changed.
"""

import base64
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
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


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a token of ours names, and until when: what it says itself. Whether that still holds, the database knows."""

    member_id: str
    register_id: str
    pin: str

    @property
    def scope(self) -> str:
        """As the caller's, if there still is one."""
        return f"staff:{self.member_id}"


def read(token: str) -> Caller | None:
    """The caller a session token stands for; None when it is not ours, has ended or was withdrawn."""
    claims = signed(token)
    return None if claims is None else callers({claims}).get(claims)


def signed(token: str) -> Claims | None:
    """What a session token claims; None when it is not ours or has ended. Asks no database."""
    found = _claims(token, settings.SECRET_KEY)
    # The expiry is compared with the suite's clock, which tests can set.
    return None if found is None or found[1] <= clock.now().timestamp() else found[0]


def callers(claimed: Collection[Claims]) -> dict[Claims, Caller]:
    """Who the claims stand for now, in two queries. Those that were withdrawn are left out."""
    members = StaffMember.objects.filter(is_active=True).in_bulk({one.member_id for one in claimed})
    registers = Register.objects.filter(is_active=True).in_bulk({one.register_id for one in claimed})
    found = {}
    for one in claimed:
        member, register = members.get(int(one.member_id)), registers.get(one.register_id)
        if member is None or register is None or one.pin != _pin_fingerprint(member):
            continue
        if settings.DEBUG or not (member.is_demo or register.is_demo):
            found[one] = caller_for(member, register)
    return found


@lru_cache(1024)
def _claims(token: str, key: str) -> tuple[Claims, float] | None:
    """The claims and the end of a token that was signed with this key. The same token comes with every request."""
    options: Options = {"require": ["sub", "register", "pin", "exp"], "verify_exp": False, "verify_iat": False}
    try:
        found: dict[str, Any] = jwt.decode(token, key, algorithms=[_ALGORITHM], audience=AUDIENCE, options=options)
    except jwt.InvalidTokenError:
        return None
    member = str(found["sub"])
    return (Claims(member, found["register"], found["pin"]), found["exp"]) if member.isdigit() else None


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
