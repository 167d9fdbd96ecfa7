"""Sign-in with e-mail and password, and fresh access tokens."""

import jwt
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from embedded_core import tokens
from embedded_core.errors import refuse
from embedded_core.models import User


def sign_in(*, email: str, password: str) -> User:
    """The active user with this password; the refusal does not tell which of the two was wrong."""
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        make_password(password)  # as slow as checking a password, so that time does not tell who has an account
    if user is None or not user.check_password(password):
        raise refuse("INVALID_CREDENTIALS", "Please, enter valid credentials", "email")
    if not user.may_sign_in:
        raise refuse("INACTIVE", "Account inactive.", "email")
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])
    return user


def user_of_refresh_token(token: str | None) -> User:
    """The user of a refresh token; refuses with the JWT codes of AccountErrorCode."""
    if not token:
        raise refuse("JWT_MISSING_TOKEN", "Missing refreshToken", "refreshToken")
    try:
        return tokens.user_of(token, kind="refresh")
    except jwt.ExpiredSignatureError as error:
        raise refuse("JWT_SIGNATURE_EXPIRED", "Signature has expired", "refreshToken") from error
    except jwt.DecodeError as error:
        raise refuse("JWT_DECODE_ERROR", "Error decoding signature", "refreshToken") from error
    except jwt.PyJWTError as error:
        raise refuse("JWT_INVALID_TOKEN", "Invalid token", "refreshToken") from error
