"""Signing in at a register, and looking after staff and registers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory.models import Store
from kernel import audit, clock
from kernel.errors import INVALID, TOO_MANY_ATTEMPTS, ApiError
from kernel.identity import Caller
from plugins.staff import errors, pins, tokens
from plugins.staff.models import PinAttempts, Register, StaffMember
from plugins.staff.permissions import CLERK, MANAGER

MAX_WRONG_PINS: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)
_MAX_CODE_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: its token, when it ends (UTC), who it is and at which register."""

    token: str
    expires_at: datetime
    caller: Caller
    register: Register


def sign_in(*, register_token: str, staff_code: str, pin: str) -> SignedIn:
    """Open a session of twelve hours at a register.

    Errors: REGISTER_UNKNOWN; SIGN_IN_REFUSED, the same for an unknown code and a wrong PIN and after the same
    work; TOO_MANY_ATTEMPTS for 15 minutes after five wrong PINs; NOT_OF_THIS_STORE.
    Every attempt is counted and audited in a transaction of its own, so it must not run inside another one.
    """
    register = _register(register_token)
    code = staff_code.strip()[:_MAX_CODE_LENGTH]
    with transaction.atomic(durable=True):
        member = _member_with_pin(code, pin, register)
    if member is None:
        raise ApiError(errors.SIGN_IN_REFUSED, _("The staff code or the PIN is wrong."))
    if not _works_in(member, register):
        raise ApiError(errors.NOT_OF_THIS_STORE, _("You are not on the staff of this store. Ask your manager."))
    session = tokens.issue(member, register)
    return SignedIn(session.token, session.expires_at, tokens.caller_for(member, register), register)


def _register(token: str) -> Register:
    register = (
        Register.objects.select_related("store")
        .filter(token_hash=tokens.register_token_hash(token), is_active=True, store__is_active=True)
        .first()
    )
    if register is None or (register.is_demo and not settings.DEBUG):
        raise ApiError(errors.REGISTER_UNKNOWN, _("This register is not known. Set it up again with its token."))
    return register


def _member_with_pin(code: str, pin: str, register: Register) -> StaffMember | None:
    attempts = _locked_attempts(code)
    _refuse_while_locked(attempts)
    member = StaffMember.objects.filter(code=code, is_active=True).first()
    if member is not None and member.is_demo and not settings.DEBUG:
        member = None
    # The hash is checked for an unknown code too: the answer takes as long either way.
    is_right = check_password(pin[: pins.MAX_DIGITS + 1], member.pin_hash if member else _nobodys_hash())
    if member is None or not is_right:
        _count_wrong(attempts)
        _audit_refusal(code, member, register)
        return None
    attempts.delete()
    audit.record(
        actor=f"staff:{member.pk}",
        action="staff.signed_in",
        subject=f"register:{register.pk}",
        detail={"store": register.store_id},
    )
    return member


def _locked_attempts(code: str) -> PinAttempts:
    PinAttempts.objects.bulk_create([PinAttempts(code=code)], ignore_conflicts=True)
    return PinAttempts.objects.select_for_update().get(code=code)


def _refuse_while_locked(attempts: PinAttempts) -> None:
    if attempts.locked_until is None:
        return
    if attempts.locked_until > clock.now():
        raise ApiError(TOO_MANY_ATTEMPTS, _("Five wrong PINs: this code is locked. Try again in 15 minutes."))
    attempts.failed, attempts.locked_until = 0, None


def _count_wrong(attempts: PinAttempts) -> None:
    attempts.failed += 1
    if attempts.failed >= MAX_WRONG_PINS:
        attempts.locked_until = clock.now() + LOCKED_FOR
    attempts.save()


def _audit_refusal(code: str, member: StaffMember | None, register: Register) -> None:
    audit.record(
        actor=f"register:{register.pk}",
        action="staff.sign_in_refused",
        subject=f"staff:{member.pk}" if member else "staff:unknown",
        detail={"code": code, "store": register.store_id},
    )


def _works_in(member: StaffMember, register: Register) -> bool:
    store_ids = set(member.stores.values_list("pk", flat=True))
    return not store_ids or register.store_id in store_ids


@cache
def _nobodys_hash() -> str:
    return make_password("no staff member has this PIN")


@transaction.atomic
def upsert_staff(
    *,
    code: str,
    name: str,
    role: str,
    pin: str,
    store_ids: Sequence[str] = (),
    actor: str = "system",
    is_demo: bool = False,
) -> StaffMember:
    """Make or change the person with this code. Empty `store_ids` means every store.

    The PIN is hashed again only when it differs. Errors: PIN_TOO_WEAK, INVALID (role).
    """
    if role not in (CLERK, MANAGER):
        raise ApiError(INVALID, _("The role must be clerk or manager."), field="role")
    member = StaffMember.objects.filter(code=code).first() or StaffMember(code=code)
    member.name, member.role, member.is_demo = name, role, is_demo
    if not member.pin_hash or not check_password(pin, member.pin_hash):
        _put_pin(member, pin)
    member.save()
    member.stores.set(Store.objects.filter(pk__in=store_ids))
    audit.record(actor=actor, action="staff.saved", subject=f"staff:{member.pk}", detail={"role": role})
    return member


@transaction.atomic
def set_pin(*, member: StaffMember, pin: str, actor: str) -> None:
    """Give a person a new PIN: unlocks the code and ends the person's sessions. Errors: PIN_TOO_WEAK."""
    _put_pin(member, pin)
    member.save()
    PinAttempts.objects.filter(code=member.code).delete()
    audit.record(actor=actor, action="staff.pin_set", subject=f"staff:{member.pk}")


def _put_pin(member: StaffMember, pin: str) -> None:
    if not pins.is_acceptable(pin):
        raise ApiError(
            errors.PIN_TOO_WEAK,
            _("A PIN has at least six digits, not all the same and not simply counting up or down."),
            field="pin",
        )
    member.pin_hash = make_password(pin)


@transaction.atomic
def upsert_register(
    *, register_id: str, store_id: str, code: str, name: str = "", actor: str = "system", is_demo: bool = False
) -> str:
    """Make or change a register and return its token, which is derived and not kept."""
    token = tokens.register_token(register_id)
    Register.objects.update_or_create(
        pk=register_id,
        defaults={
            "store_id": store_id,
            "code": code,
            "name": name,
            "is_demo": is_demo,
            "token_hash": tokens.register_token_hash(token),
        },
    )
    audit.record(actor=actor, action="register.saved", subject=f"register:{register_id}")
    return token
