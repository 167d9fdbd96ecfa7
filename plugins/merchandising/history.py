"""How rows are written: with a revision, an audit entry and, once for all of them, a new version."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.errors import INVALID, ApiError
from kernel.locks import lock_rows
from kernel.notices import notify
from plugins.merchandising import records
from plugins.merchandising.known import ALWAYS
from plugins.merchandising.models import Configured, DimensionSetup, Revision, Version
from plugins.merchandising.records import Values, snapshot

# What processes listen to; a notice carries the new version's token.
TOPIC: Final = "merchandising"


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something and how; `undoes` is the revision that is taken back, `run` what is changed together."""

    actor: str
    note: str = ""
    origin: str = Revision.Origin.EDIT
    undoes: Revision | None = None
    run: UUID | None = None


def queue_up() -> Version:
    """Wait for the other writers: whoever has this lock sees all changes before. Freed with the transaction."""
    Version.objects.get_or_create(pk=1)
    [version] = lock_rows(Version.objects.filter(pk=1))
    return version


def last_revision(row: Configured) -> int:
    """The number of the row's last change, 0 for what nobody has changed yet: an editor tells which one was seen."""
    own = Revision.objects.filter(model=records.name_of(type(row)), row_id=row.pk)
    return own.order_by("-pk").values_list("pk", flat=True).first() or 0


def write(row: Configured, before: Values | None, by: By) -> Revision | None:
    """Save a checked row; None when it is as before. The caller has queued up and then tells `changed`."""
    after = snapshot(row)
    if before == after:
        return None
    row.save()
    return _keep(row, before, after, by)


def remove(row: Configured, by: By) -> Revision:
    """Delete a row. The caller has queued up and then tells `changed`. Errors: INVALID for what must stay."""
    if isinstance(row, DimensionSetup) and row.name in ALWAYS and not row.channel:
        raise ApiError(INVALID, _("Every answer has this dimension: its general set-up cannot be deleted."))
    revision = _keep(row, snapshot(row), None, by)
    row.delete()
    return revision


def changed() -> None:
    """A new version, in the transaction of the change; every process hears of it at the commit."""
    version = queue_up()
    version.seq, version.token = version.seq + 1, uuid4()
    version.save()
    notify(TOPIC, str(version.token))


def _keep(row: Configured, before: Values | None, after: Values | None, by: By) -> Revision:
    action = Revision.Action.CREATED if before is None else Revision.Action.CHANGED
    action = Revision.Action.DELETED if after is None else action
    name = records.name_of(type(row))
    revision = Revision.objects.create(
        actor=by.actor,
        model=name,
        row_id=row.pk,
        label=row.label,
        action=action,
        origin=by.origin,
        before=before,
        after=after,
        note=by.note,
        undoes=by.undoes,
        run=by.run,
    )
    audit.record(
        actor=by.actor,
        action=f"merchandising.{action.lower()}",
        subject=f"merchandising.{name}:{row.pk}",
        detail={"label": row.label, "revision": revision.pk},
    )
    return revision
