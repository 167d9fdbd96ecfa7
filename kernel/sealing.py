"""Secrets at rest: sealed under keys that are not in the database.

The first key seals, all open, so that a key is changed by putting a new one before it. Without keys of their own,
secrets are sealed under keys made of SECRET_KEY and SECRET_KEY_FALLBACKS, for each purpose another.
"""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def cipher(purpose: str, own_keys: Sequence[str] = ()) -> MultiFernet:
    """What seals and opens secrets of this purpose. Raises ValueError for something that is no Fernet key."""
    if own_keys:
        return MultiFernet([Fernet(key) for key in own_keys])
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(purpose, "", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
