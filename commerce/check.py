"""Whether the connection to the core is whole: each point with what to do about it. Used by `manage.py check_core`.

Higher packages add their points with `register`, in AppConfig.ready.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings

from commerce import connection, installations, jwks, manifest, versions
from commerce.app_calls import CoreIdentity
from commerce.core import Core
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.models import CoreInstallation, InboxEvent
from kernel import clock


class Level(StrEnum):
    """How a point stands. FAIL: something does not work. WARN: it works, and a person should look."""

    OK = "OK"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: what was looked at, what was found, and the remedy (empty when all is well)."""

    level: Level
    what: str
    found: str
    remedy: str = ""


Check = Callable[[], Iterator[Point]]

_more: list[Check] = []


def register(check: Check) -> None:
    """Have `check` asked after the points of this package, when the core answers; twice is once."""
    if check not in _more:
        _more.append(check)


def points() -> Iterator[Point]:
    """All points; those behind one that fails are left out when they could not be told."""
    try:
        found = connection.current()
    except CoreUnavailable as error:
        yield Point(
            Level.FAIL, "core", str(error), "Allow the core in the admin, then install the App: docs/saleor.md."
        )
        return
    yield from _installation(found)
    identity = None
    for point in _identity(found):
        if isinstance(point, CoreIdentity):
            identity = point
        else:
            yield point
    yield _keys(found)
    yield _inbox()
    if identity is None:
        return
    yield from _permissions(identity)
    yield from _webhooks(identity)
    for check in _more:
        yield from check()


def _installation(found: connection.Connection) -> Iterator[Point]:
    if found.installation_id is None:
        yield Point(Level.OK, "core", f"{found.url}, by the settings")
        return
    row = CoreInstallation.objects.get(pk=found.installation_id)
    yield Point(Level.OK, "core", f"{found.url}, installed {row.installed_at:%Y-%m-%d %H:%M} UTC")
    if not settings.CORE_TOKEN_KEYS:
        remedy = "Set CORE_TOKEN_KEYS, run `manage.py reseal_tokens`: then SECRET_KEY can be changed by itself."
        yield Point(Level.WARN, "token's key", "derived from SECRET_KEY", remedy)


def _identity(found: connection.Connection) -> Iterator[Point | CoreIdentity]:
    try:
        identity = Core.bare(found.url, found.token).identity()
    except CoreRefused as error:
        if found.installation_id is not None:
            installations.note_refused(installation_id=found.installation_id, refused=True)
        yield Point(Level.FAIL, "token", f"refused: {error.message}", "Install the App again in Saleor's dashboard.")
        return
    except CoreUnavailable as error:
        remedy = "Start the core, and see that this machine reaches it (address, firewall, certificate)."
        yield Point(Level.FAIL, "reachable", str(error), remedy)
        return
    if found.installation_id is not None:
        installations.note_refused(installation_id=found.installation_id, refused=False)
        connection.forget()
    yield Point(Level.OK, "reachable", found.url)
    yield _version(identity.version)
    if not identity.app_id:
        yield Point(Level.FAIL, "token", "is no App's", "Give the token of an App, or install the suite as one.")
        return
    yield Point(Level.OK, "token", f"that of the App {identity.name}")
    if not identity.is_active:
        yield Point(Level.FAIL, "App", "is switched off", "Activate it under Extensions in Saleor's dashboard.")
    if identity.identifier == manifest.APP_ID and identity.app_version != manifest.suite_version():
        told = f"installed as {identity.app_version}, this suite is {manifest.suite_version()}"
        yield Point(
            Level.WARN, "App", told, "Install the App again, so that permissions and webhooks are those of now."
        )
    yield identity


def _version(version: str) -> Point:
    if versions.supported(version):
        return Point(Level.OK, "version", version)
    if versions.is_newer(version):
        told = f"{version} is newer than this suite knows ({versions.REQUIRED})"
        return Point(Level.WARN, "version", told, "Upgrade the suite; until then try each step before you rely on it.")
    return Point(Level.FAIL, "version", version, f"Run a Saleor {versions.REQUIRED}.")


def _keys(found: connection.Connection) -> Point:
    try:
        jwks.KeyRing(jwks.keys_url(found.url)).key("")
    except CoreUnavailable as error:
        return Point(Level.FAIL, "keys", str(error), "Open /.well-known/jwks.json of the core to this machine.")
    return Point(Level.OK, "keys", jwks.keys_url(found.url))


def _permissions(identity: CoreIdentity) -> Iterator[Point]:
    missing = [name for name in manifest.PERMISSIONS if name not in identity.permissions]
    for name in missing:
        remedy = f"Grant it to the App in Saleor. Without it: {manifest.PERMISSIONS[name]}"
        yield Point(Level.FAIL, "permission", f"{name} is missing", remedy)
    if not missing:
        yield Point(Level.OK, "permissions", ", ".join(sorted(manifest.PERMISSIONS)))
    # More than is asked for is more than a stolen token should open.
    if more := sorted(identity.permissions - manifest.PERMISSIONS.keys()):
        told = f"more than needed: {', '.join(more)}"
        yield Point(Level.WARN, "permissions", told, "Withdraw them from the App in Saleor, unless you know why.")


def _webhooks(identity: CoreIdentity) -> Iterator[Point]:
    ours = manifest.webhook_url()
    if identity.identifier != manifest.APP_ID:
        yield from _webhooks_by_hand(identity, ours)
        return
    there = {hook.name: hook for hook in identity.webhooks}
    again = "Install the App again."
    for spec in manifest.WEBHOOKS:
        hook = there.get(spec.name)
        if hook is None:
            yield Point(Level.FAIL, "webhook", f"{spec.name} is missing", again)
        elif not hook.is_active:
            yield Point(Level.FAIL, "webhook", f"{spec.name} is switched off", "Activate it in Saleor.")
        elif hook.target_url != ours:
            yield Point(Level.FAIL, "webhook", f"{spec.name} goes to {hook.target_url}, not to {ours}", again)
        elif hook.query.split() != spec.query.split():
            yield Point(Level.WARN, "webhook", f"{spec.name} asks for something else than this version", again)
        else:
            yield Point(Level.OK, "webhook", spec.name)


def _webhooks_by_hand(identity: CoreIdentity, ours: str) -> Iterator[Point]:
    """An App that was made by hand, or by the demonstration: only whether something comes here."""
    if any(hook.is_active and hook.target_url == ours for hook in identity.webhooks):
        yield Point(Level.OK, "webhook", ours)
    else:
        told = f"none of the App {identity.name} goes to {ours}"
        yield Point(
            Level.WARN, "webhook", told, "Install the suite by its manifest; until then only sweeps find changes."
        )


def _inbox() -> Point:
    waiting = InboxEvent.objects.filter(state=InboxEvent.State.WAITING).order_by("received_at").first()
    failed = InboxEvent.objects.filter(state=InboxEvent.State.FAILED).count()
    if failed:
        return Point(Level.WARN, "events", f"{failed} could not be handled", "See Events from the core in the admin.")
    if waiting and (clock.now() - waiting.received_at).total_seconds() > 60:
        told = f"one waits since {waiting.received_at:%Y-%m-%d %H:%M} UTC: {waiting.last_error or 'no worker took it'}"
        return Point(Level.WARN, "events", told, "See that a worker and beat run.")
    return Point(Level.OK, "events", "none waits")
