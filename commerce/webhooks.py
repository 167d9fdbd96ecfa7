"""Whether a delivery is a known core's: its address, its signature (a detached JWS over the raw body), its age."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from django.conf import settings

from commerce import addresses, jwks
from commerce.models import CoreInstallation
from kernel import clock

# A core that could not deliver tries again for hours, never for days. What is older is mended by the sweeps.
MOST_AGE = dt.timedelta(days=1)
MOST_AHEAD = dt.timedelta(minutes=5)


class Untrusted(Exception):
    """The delivery is not, or not provably, from our core; the text says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A core that we know: `in_use` says whether its events concern us; `row` is its installation, if any."""

    keys_of: str
    in_use: bool
    row: CoreInstallation | None = None


def verify(*, body: bytes, signature: str, domain: str, api_url: str = "") -> Source:
    """The core whose delivery this provably is. Raises Untrusted for a core that we do not know or a false signature.

    Raises CoreUnavailable when the core's keys cannot be read: the delivery is then to be sent again.
    """
    source = _source(domain.lower(), api_url)
    try:
        header = jwt.get_unverified_header(signature)
        key = jwks.ring_of(source.keys_of).key(header.get("kid"))
        if key is None:
            raise Untrusted("The signature is by a key that the core does not publish.")
        jwt.api_jws.decode_complete(signature, key=key.key, algorithms=["RS256"], detached_payload=body)
    except jwt.PyJWTError as error:
        raise Untrusted(f"The signature does not hold: {error}") from error
    return source


def check_age(payload: Mapping[str, Any]) -> None:
    """Raise Untrusted for an event of long ago or of the future: somebody kept it, or a clock is wrong.

    A payload that does not tell its time passes: its handlers read the object anew, whenever it was signed.
    """
    issued = payload.get("issuedAt")
    if issued is None:
        return
    try:
        at = dt.datetime.fromisoformat(issued)
    except (TypeError, ValueError) as error:
        raise Untrusted("The delivery tells no readable time.") from error
    age = clock.now() - (at if at.tzinfo else at.replace(tzinfo=dt.UTC))
    if age > MOST_AGE:
        raise Untrusted("The delivery is older than a day.")
    if age < -MOST_AHEAD:
        raise Untrusted("The delivery is from the future: compare the clocks of the core and of the suite.")


def core_domain() -> str:
    """The domain that the core of the settings states: SALEOR_DOMAIN, else the host of SALEOR_API_URL."""
    return getattr(settings, "SALEOR_DOMAIN", "") or addresses.domain(settings.SALEOR_API_URL)


def _source(domain: str, api_url: str) -> Source:
    for known, known_domain in _known():
        # The core of the settings may be reached at another address than it states.
        stated = not api_url or addresses.domain(api_url) == known_domain
        if domain == known_domain and stated and (known.row is None or _same(api_url, known.row.api_url)):
            return known
    raise Untrusted(f"The delivery is from {domain or 'no domain'}, which is none of our cores.")


def _known() -> Iterator[tuple[Source, str]]:
    told = bool(settings.SALEOR_API_URL and settings.SALEOR_APP_TOKEN)
    by_settings = [(Source(keys_of=settings.SALEOR_API_URL, in_use=True), core_domain())]
    if told:
        yield from by_settings
    for row in CoreInstallation.objects.filter(state__in=["ACTIVE", "STANDBY"]):
        in_use = row.state == CoreInstallation.State.ACTIVE and not told
        yield Source(keys_of=row.api_url, in_use=in_use, row=row), row.domain
    # Named without a token: the App that is installed in it is the connection, and what becomes of it is in its row.
    if settings.SALEOR_API_URL and not told:
        yield from by_settings


def _same(api_url: str, known: str) -> bool:
    try:
        return addresses.normalised(api_url) == known
    except ValueError:
        return False
