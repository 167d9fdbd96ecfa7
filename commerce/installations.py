"""Installing the suite in a core as an App, and ending that. See docs/adr/0009-saleor-app.md.

A core that nobody allowed is refused before it is called. The token is tried on the core before it is kept.
"""

import logging

from django.conf import settings
from django.db import transaction

from commerce import addresses, connection, manifest, secret_tokens, versions
from commerce.core import Core
from commerce.errors import CoreRefused
from commerce.models import CoreInstallation
from kernel import audit, clock
from kernel.locks import LockSpace, advisory_lock, lock_rows

log = logging.getLogger(__name__)

State = CoreInstallation.State


class NotAllowed(Exception):
    """The core may not install the suite, or is not who it says; the text says why and what to do."""


class NotSupported(Exception):
    """The core's version is none that the suite works with."""


def is_allowed(api_url: str) -> bool:
    """Whether a core of this (normalised) address may install the suite: by the settings, or a row of a person."""
    told = [url for url in [settings.SALEOR_API_URL, *settings.SALEOR_ALLOWED_CORES] if url]
    return (
        api_url in {addresses.normalised(url) for url in told}
        or CoreInstallation.objects.filter(api_url=api_url).exists()
    )


def install(*, api_url: str, token: str, schema_version: str) -> CoreInstallation:
    """Take the token that a core hands over. The first core installed is used; a second stands by.

    Installing again replaces the token. Raises NotAllowed, NotSupported, and CoreUnavailable when the core cannot be
    called back; nothing is changed then. Not to be called in a transaction.
    """
    try:
        url = addresses.normalised(api_url)
    except ValueError as error:
        raise NotAllowed(str(error)) from error
    if not is_allowed(url):
        raise NotAllowed(
            f"The core {url} is not allowed here. Enter its address in the admin under Commerce cores, or in the "
            "setting SALEOR_ALLOWED_CORES, then install again."
        )
    if not versions.supported(schema_version):
        raise NotSupported(f"The core's schema {schema_version or '(none)'} is not supported: {versions.REQUIRED}.")
    try:
        identity = Core.bare(url, token).identity()
    except CoreRefused as error:
        raise NotAllowed("The core does not know this token.") from error
    if not identity.app_id or identity.identifier not in {"", manifest.APP_ID}:
        raise NotAllowed(f"The token is not that of the App {manifest.APP_ID}.")
    if not versions.supported(identity.version):
        raise NotSupported(f"The core's version {identity.version} is not supported: {versions.REQUIRED}.")
    return _keep(url=url, token=token, app_id=identity.app_id, version=identity.version, schema=schema_version)


def _locked() -> list[CoreInstallation]:
    """All rows, one writer at a time: two cores at once must not both become the one in use."""
    advisory_lock(LockSpace.CORE_INSTALLATION, "")
    return lock_rows(CoreInstallation.objects.all())


@transaction.atomic
def _keep(*, url: str, token: str, app_id: str, version: str, schema: str) -> CoreInstallation:
    advisory_lock(LockSpace.CORE_INSTALLATION, "")
    CoreInstallation.objects.get_or_create(api_url=url)
    rows = _locked()
    row = next(row for row in rows if row.api_url == url)
    others = any(other.state == State.ACTIVE for other in rows if other.pk != row.pk)
    before = row.state
    row.domain = addresses.domain(url)
    row.token, row.app_id = secret_tokens.seal(token), app_id
    row.core_version, row.schema_version = version[:40], schema[:20]
    row.state = State.STANDBY if others else State.ACTIVE
    row.installed_at, row.refused_at, row.disconnected_at = clock.now(), None, None
    row.save()
    _record(row, "core.installed", f"core:{row.domain}", {"before": before, "state": row.state, "version": version})
    transaction.on_commit(connection.forget)
    return row


@transaction.atomic
def use(*, installation_id: int, actor: str) -> CoreInstallation:
    """Make an installed core the one in use; the one before stands by. Raises NotAllowed for one without a token."""
    rows = {row.pk: row for row in _locked()}
    row = rows[installation_id]
    if not row.installed:
        raise NotAllowed(f"{row} is not installed: install the App in it first.")
    for other in rows.values():
        if other.state == State.ACTIVE and other.pk != row.pk:
            other.state = State.STANDBY
            other.save(update_fields=["state"])
    row.state = State.ACTIVE
    row.save(update_fields=["state"])
    _record(row, "core.in_use", actor, {})
    transaction.on_commit(connection.forget)
    return row


@transaction.atomic
def disconnect(*, installation_id: int, actor: str, app_id: str | None = None) -> bool:
    """Forget the token: the App was removed in the core, or a person wants so. Rows that came from it stay.

    With `app_id` only while that App is the one installed: an event of an App removed long ago changes nothing.
    Returns whether anything changed.
    """
    row = next(iter(lock_rows(CoreInstallation.objects.filter(pk=installation_id))), None)
    if row is None or not row.installed or (app_id is not None and row.app_id != app_id):
        return False
    row.state, row.token, row.app_id, row.disconnected_at = State.DISCONNECTED, "", "", clock.now()
    row.save()
    _record(row, "core.disconnected", actor, {})
    transaction.on_commit(connection.forget)
    return True


@transaction.atomic
def allow(*, api_url: str, actor: str) -> CoreInstallation:
    """Let the core of this address install the suite. Raises ValueError for what is no address."""
    row, created = CoreInstallation.objects.get_or_create(api_url=addresses.normalised(api_url))
    if created:
        row.domain = addresses.domain(row.api_url)
        row.save(update_fields=["domain"])
        _record(row, "core.allowed", actor, {})
    return row


def note_refused(*, installation_id: int, refused: bool) -> None:
    """Show since when the core refuses our token, or that it takes it again."""
    rows = CoreInstallation.objects.filter(pk=installation_id, refused_at__isnull=refused)
    rows.update(refused_at=clock.now() if refused else None)


@transaction.atomic
def reseal() -> int:
    """Seal all tokens under the first key; returns how many. Raises secret_tokens.Unreadable, and changes nothing."""
    rows = [row for row in lock_rows(CoreInstallation.objects.all()) if row.installed]
    for row in rows:
        row.token = secret_tokens.seal(secret_tokens.unseal(row.token))
        row.save(update_fields=["token"])
    return len(rows)


def _record(row: CoreInstallation, action: str, actor: str, detail: dict[str, str]) -> None:
    audit.record(actor=actor, action=action, subject=f"core:{row.domain or row.api_url}", detail=detail)
    log.info("%s: %s by %s", action, row.api_url, actor)
