"""Tokens of cores at rest (see `kernel.sealing`), under CORE_TOKEN_KEYS if there are any.

After a new key was put first, `manage.py reseal_tokens` seals them under it; then the old one can go.
"""

from cryptography.fernet import InvalidToken
from django.conf import settings

from kernel import sealing

_PURPOSE = "commerce.core-token"  # never renamed: the tokens in the table are sealed for it


class Unreadable(Exception):
    """No key that we have opens it."""


def seal(token: str) -> str:
    """The token, encrypted under the first key."""
    return sealing.cipher(_PURPOSE, settings.CORE_TOKEN_KEYS).encrypt(token.encode()).decode()


def unseal(sealed: str) -> str:
    """The token; raises Unreadable when it was sealed under a key that is not configured any more."""
    try:
        return sealing.cipher(_PURPOSE, settings.CORE_TOKEN_KEYS).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("The token was sealed under a key that is not configured any more.") from error
