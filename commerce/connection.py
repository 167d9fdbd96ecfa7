"""Which core this suite belongs to, and whether it still accepts our token.

SALEOR_API_URL with SALEOR_APP_TOKEN go before everything (the demonstration, an App made by hand). Else it is the
active installation, read at most every few seconds.
"""

import logging
import threading
import time
from dataclasses import dataclass

from django.conf import settings

from commerce import addresses, secret_tokens
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.models import CoreInstallation

log = logging.getLogger(__name__)

KEEP_SECONDS = 5.0
# How long a core that refused our token is not called at all.
REFUSED_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Connection:
    """A core: its GraphQL address, our token to it (empty: none), and the row it comes from, if any."""

    url: str
    token: str
    installation_id: int | None = None


_lock = threading.Lock()
_kept: tuple[float, Connection | None] | None = None
_framers: tuple[float, tuple[str, ...]] | None = None
_denied: dict[tuple[str, str], float] = {}
# Tokens whose refusal, or whose return to grace, is written in the row already.
_noted: set[tuple[str, str]] = set()


def current() -> Connection:
    """The core to talk to; raises CoreUnavailable when there is none."""
    if settings.SALEOR_API_URL and settings.SALEOR_APP_TOKEN:
        return Connection(settings.SALEOR_API_URL, settings.SALEOR_APP_TOKEN)
    found = _active()
    if settings.SALEOR_API_URL:
        same = found and found.url == addresses.normalised(settings.SALEOR_API_URL)
        return found if found and same else Connection(settings.SALEOR_API_URL, "")
    if found is None:
        raise CoreUnavailable(
            "There is no commerce core: install the App in Saleor, or set SALEOR_API_URL and SALEOR_APP_TOKEN."
        )
    return found


def forget() -> None:
    """Read the active installation anew, and try refused tokens again."""
    global _kept, _framers
    with _lock:
        _kept = _framers = None
        _denied.clear()
        _noted.clear()


def dashboards() -> tuple[str, ...]:
    """The origins of the dashboards that may show our pages: of the core in use alone, read as it is."""
    global _framers
    kept = _framers
    if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    rows = CoreInstallation.objects.filter(state=CoreInstallation.State.ACTIVE)
    origins = (addresses.origin(row.dashboard_origin or row.api_url) for row in rows)
    found = tuple(origin for origin in origins if origin)
    _framers = (time.monotonic(), found)
    return found


def check_token(connection: Connection) -> None:
    """Raise CoreUnavailable while the core refuses this token: nothing is asked of it for a minute at a time."""
    key = connection.url, connection.token
    until = _denied.get(key)
    if until is None:
        return
    _note(connection, refused=True)
    if time.monotonic() < until:  # at that very moment it may be tried
        raise CoreUnavailable("The core refuses our token. Install the App again, then everything goes on by itself.")
    _denied[key] = time.monotonic() + REFUSED_SECONDS
    if _knows_us(connection):
        accept(connection)
    else:
        raise CoreUnavailable("The core still refuses our token. Install the App again.")


def token_denied(url: str, token: str) -> None:
    """Called when the core denied something. A token that it no longer knows is not used for a while."""
    key = url, token
    if not token or key in _denied:
        return
    _denied[key] = time.monotonic() + REFUSED_SECONDS  # first, so that the question below does not ask itself
    if _knows_us(Connection(url, token)):
        del _denied[key]  # known, but a permission is missing: the caller is told
        return
    log.error("The core at %s refuses our token; nothing is asked of it for %s seconds.", url, REFUSED_SECONDS)


def accept(connection: Connection) -> None:
    """Note that the core takes this token."""
    _denied.pop((connection.url, connection.token), None)
    _note(connection, refused=False)
    log.info("The core at %s accepts our token again.", connection.url)


def is_refused(connection: Connection) -> bool:
    """Whether this process knows that the core refuses the token."""
    return (connection.url, connection.token) in _denied


def _note(connection: Connection, *, refused: bool) -> None:
    """Write it where the admin shows it, once for each change."""
    from commerce import installations  # it reads this module

    key = connection.url, connection.token
    if (key in _noted) == refused or connection.installation_id is None:
        return
    installations.note_refused(installation_id=connection.installation_id, refused=refused)
    if refused:
        _noted.add(key)
    else:
        _noted.discard(key)


def _knows_us(connection: Connection) -> bool:
    """Whether the core says who we are. True when it cannot be asked now: then its absence is the trouble."""
    from commerce.core import Core  # it reads this module

    try:
        # A connection of its own, whose denials are not asked about again.
        return Core.bare(connection.url, connection.token).identity().app_id != ""
    except CoreRefused:
        return False
    except CoreUnavailable:
        return True


def _active() -> Connection | None:
    global _kept
    kept = _kept
    if kept is not None and time.monotonic() - kept[0] < KEEP_SECONDS:
        return kept[1]
    row = CoreInstallation.objects.filter(state=CoreInstallation.State.ACTIVE).first()
    found = None
    if row is not None:
        try:
            found = Connection(row.api_url, secret_tokens.unseal(row.token), row.pk)
            key = found.url, found.token
            if row.refused_at and key not in _denied:
                # Another process was refused: this one asks once before anything else.
                _denied[key] = time.monotonic()
                _noted.add(key)
        except secret_tokens.Unreadable as error:
            raise CoreUnavailable(f"{error} Install the App again in {row.domain}.") from error
    with _lock:
        _kept = time.monotonic(), found
    return found
