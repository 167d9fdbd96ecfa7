"""Tokens of cores at rest: sealed with a key that is not in the database.

CORE_TOKEN_KEYS are Fernet keys; the first seals, all open, so that a key is changed by putting a new one first and
running `manage.py reseal_tokens`. Without the setting the keys are derived from SECRET_KEY and SECRET_KEY_FALLBACKS.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

_PURPOSE = b"commerce.core-token:"


class Unreadable(Exception):
    """No key that we have opens it."""


def seal(token: str) -> str:
    """The token, encrypted under the first key."""
    return _keys().encrypt(token.encode()).decode()


def unseal(sealed: str) -> str:
    """The token; raises Unreadable when it was sealed under a key that is not configured any more."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("The token was sealed under a key that is not configured any more.") from error


def _keys() -> MultiFernet:
    own: list[str] = settings.CORE_TOKEN_KEYS
    if own:
        return MultiFernet([Fernet(key) for key in own])
    return MultiFernet([Fernet(_derived(key)) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _derived(secret: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(_PURPOSE + secret.encode()).digest())
