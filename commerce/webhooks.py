"""Whether a delivery is the core's: its domain and its signature, a detached JWS over the raw body."""

from urllib.parse import urlsplit

import jwt
from django.conf import settings

from commerce import jwks


class Untrusted(Exception):
    """The delivery is not, or not provably, from our core; the text says why."""


def verify(*, body: bytes, signature: str, domain: str) -> None:
    """Raise Untrusted unless `signature` (RS256) is the core's over `body` and `domain` is the core's.

    Raises CoreUnavailable when the core's keys cannot be read: the delivery is then to be sent again.
    """
    if domain != core_domain():
        raise Untrusted(f"The delivery is from {domain or 'no domain'}, not from {core_domain()}.")
    try:
        header = jwt.get_unverified_header(signature)
        key = jwks.ring().key(header.get("kid"))
        if key is None:
            raise Untrusted("The signature is by a key that the core does not publish.")
        jwt.api_jws.decode_complete(signature, key=key.key, algorithms=["RS256"], detached_payload=body)
    except jwt.PyJWTError as error:
        raise Untrusted(f"The signature does not hold: {error}") from error


def core_domain() -> str:
    """The domain that the core states in its deliveries: SALEOR_DOMAIN, else the host of SALEOR_API_URL."""
    return getattr(settings, "SALEOR_DOMAIN", "") or urlsplit(settings.SALEOR_API_URL).netloc
