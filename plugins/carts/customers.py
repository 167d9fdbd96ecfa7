"""Shoppers: signing in through the core, and the row that remembers them here."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import jwt
from django.utils.translation import gettext_lazy as _

from commerce import core as commerce
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import CoreTokens, CoreUser
from kernel import clock
from kernel.errors import CORE_UNAVAILABLE, TRY_AGAIN, ApiError
from plugins.carts import attempts, errors
from plugins.carts.models import Customer

WRONG_PASSWORDS: Final = 10
_DELAYED: Final = "LOGIN_ATTEMPT_DELAYED"  # by the core, for some seconds after a wrong password


@dataclass(frozen=True, slots=True)
class Session:
    """A shopper's tokens, which are the core's own. `refresh_token` is the one given when it was only refreshed."""

    token: str
    refresh_token: str
    expires_at: datetime


def sign_in(*, email: str, password: str, place: str) -> Session:
    """Sign a shopper in. `place` is the network address, for the limit on guesses.

    Errors: INVALID_CREDENTIALS, TOO_MANY_ATTEMPTS, CORE_UNAVAILABLE, TRY_AGAIN while the core delays sign-ins from
    this place. Not to be called inside a transaction.
    """
    subjects = [f"sign-in:{email.strip().casefold()}", f"sign-in-from:{place}"]
    for subject, limit in zip(subjects, (WRONG_PASSWORDS, WRONG_PASSWORDS * 5), strict=True):
        attempts.spend(subject, limit=limit)
    try:
        tokens = commerce.core().token_create(email.strip(), password, place=place)
    except CoreRefused as refused:
        if refused.code == _DELAYED:
            # It has not looked at the password.
            _give_back(subjects)
            raise _later(TRY_AGAIN) from refused
        message = _("The e-mail address or the password is wrong.")
        raise ApiError(errors.INVALID_CREDENTIALS, message, field="email") from refused
    except CoreUnavailable as error:
        _give_back(subjects)
        raise _later(CORE_UNAVAILABLE) from error
    _give_back(subjects)
    _remember(tokens.user)
    return _session(tokens, tokens.refresh_token)


def refresh(*, refresh_token: str) -> Session:
    """A new token for a session. Errors: INVALID_CREDENTIALS when it has ended, CORE_UNAVAILABLE."""
    try:
        tokens = commerce.core().token_refresh(refresh_token)
    except CoreRefused as refused:
        message = _("This session has ended. Please sign in again.")
        raise ApiError(errors.INVALID_CREDENTIALS, message, field="refreshToken") from refused
    except CoreUnavailable as error:
        raise _later(CORE_UNAVAILABLE) from error
    _remember(tokens.user)
    return _session(tokens, refresh_token)


def _give_back(subjects: list[str]) -> None:
    for subject in subjects:
        attempts.give_back(subject)


def _remember(user: CoreUser) -> None:
    Customer.objects.update_or_create(
        core_user_id=user.id,
        defaults={
            "email": user.email,
            "first_name": user.first_name,
            "last_name": user.last_name,
            "last_signed_in_at": clock.now(),
        },
    )


def _session(tokens: CoreTokens, refresh_token: str) -> Session:
    # The token came from the core itself over our own connection: only its expiry is read here.
    claims: dict[str, Any] = jwt.decode(tokens.token, options={"verify_signature": False})
    return Session(tokens.token, refresh_token, datetime.fromtimestamp(int(claims["exp"]), UTC))


def _later(code: str) -> ApiError:
    return ApiError(code, _("Signing in is not possible right now. Please try again in a moment."))
