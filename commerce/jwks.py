"""The core's public keys: they sign its webhooks and its users' tokens.

Keys are kept for an hour. An unknown key id makes them be read again at once, since the core may have new keys, but
not more often than every ten seconds, since anybody can invent key ids.
"""

import logging
import threading
import time
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
import jwt

from commerce import connection, retry_after
from commerce.errors import CoreUnavailable
from commerce.transport import CONNECT_SECONDS, TIMEOUT_SECONDS, NotSent, attempt, forbid_transaction

logger = logging.getLogger(__name__)

KEEP_SECONDS = 3600.0
REFETCH_SECONDS = 10.0
FAILED_SECONDS = 1.0  # a core that is away is not asked by every request that waits for it


class KeyRing:
    """The keys published at one address. Thread-safe; a known key is given without waiting for anybody."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at: float | None = None
        self._not_before: float | None = None  # as the core asked
        self._lock = threading.Lock()

    def key(self, kid: object) -> jwt.PyJWK | None:
        """The key of this id, or None. Raises CoreUnavailable when no keys could be read so far."""
        if not isinstance(kid, str):
            return None
        # With a key at hand, one thread reads the keys anew and the others go on with what they have.
        if self._is_due(kid) and self._lock.acquire(blocking=kid not in self._keys):
            try:
                if self._is_due(kid):
                    self._refresh()
            finally:
                self._lock.release()
        if not self._keys:
            raise CoreUnavailable(f"The core's keys at {self._url} could not be read a moment ago.")
        return self._keys.get(kid)

    def _is_due(self, kid: str) -> bool:
        now = time.monotonic()
        if self._not_before is not None and now < self._not_before:
            return False
        if self._tried_at is None:
            return True
        age = now - self._tried_at
        if kid in self._keys:
            return age > KEEP_SECONDS
        return age > (REFETCH_SECONDS if self._keys else FAILED_SECONDS)

    def _refresh(self) -> None:
        try:
            self._keys = attempt(self._fetch, repeatable=True)
        except CoreUnavailable as error:
            if error.retry_after is not None:
                self._not_before = time.monotonic() + error.retry_after.total_seconds()
            if not self._keys:
                raise
            logger.warning("The keys at %s cannot be read; those known are used.", self._url, exc_info=True)
        finally:
            self._tried_at = time.monotonic()

    def _fetch(self) -> dict[str, jwt.PyJWK]:
        forbid_transaction()
        try:
            response = httpx.get(self._url, timeout=httpx.Timeout(TIMEOUT_SECONDS, connect=CONNECT_SECONDS))
            response.raise_for_status()
            found = jwt.PyJWKSet.from_dict(response.json()).keys
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotSent(f"The core's keys at {self._url} cannot be reached: {error}") from error
        except httpx.HTTPStatusError as error:
            asked = retry_after.asked_for(error.response.status_code, error.response.headers)
            raise CoreUnavailable(f"The core's keys cannot be read: {error}", retry_after=asked) from error
        except (httpx.HTTPError, ValueError, AttributeError, jwt.PyJWTError) as error:
            raise CoreUnavailable(f"The core's keys at {self._url} cannot be read: {error}") from error
        return {key.key_id: key for key in found if key.key_id}


def ring() -> KeyRing:
    """The keys of our core; raises CoreUnavailable when there is none."""
    return ring_of(connection.current().url)


def ring_of(api_url: str) -> KeyRing:
    """The keys of the core with this GraphQL address. Only for cores that are known: the address is called."""
    return _ring(keys_url(api_url))


def keys_url(api_url: str) -> str:
    """Where the core with this GraphQL address publishes its keys."""
    parts = urlsplit(api_url)
    return f"{parts.scheme}://{parts.netloc}/.well-known/jwks.json"


@lru_cache(maxsize=8)
def _ring(url: str) -> KeyRing:
    return KeyRing(url)
