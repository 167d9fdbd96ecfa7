"""Changes of the set-up: each in one transaction with its revision, its audit entry and the new version.

`values` are a row's columns in JSON, as `records.snapshot` gives them; what is not named keeps its value. `actor` is a
scope such as "admin:7". Refusals name the column ("phrases", "products.2"); several mistakes are told together.
"""

from collections.abc import Mapping
from typing import Any, TypeVar
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.errors import INVALID, NOT_FOUND, ApiError, raise_all
from kernel.locks import lock_rows
from plugins.merchandising import errors, records
from plugins.merchandising.known import ALWAYS, Known, problems
from plugins.merchandising.models import Configured, DimensionSetup, Revision, Version
from plugins.merchandising.records import MODELS, Values, snapshot

Row = TypeVar("Row", bound=Configured)


@transaction.atomic
def create(*, model: type[Row], values: Mapping[str, object], actor: str, note: str = "") -> Row:
    """Add a row. Errors: INVALID, REQUIRED."""
    _in_line()
    row = model()
    check(row, values, Known())
    _write(row, None, actor=actor, note=note)
    _changed()
    return row


@transaction.atomic
def update(
    *, row: Row, values: Mapping[str, object], actor: str, note: str = "", expected: Values | None = None
) -> Row:
    """Change a row. `expected` is what the editor saw. Errors: INVALID, REQUIRED, NOT_FOUND, CHANGED_SINCE."""
    _in_line()
    current = _current(row)
    before = snapshot(current)
    if expected is not None and expected != before:
        raise _changed_since()
    check(current, values, Known())
    if _write(current, before, actor=actor, note=note):
        _changed()
    return current


@transaction.atomic
def delete(*, row: Configured, actor: str, note: str = "") -> None:
    """Remove a row. Errors: NOT_FOUND, and INVALID for a dimension that every answer has."""
    _in_line()
    remove(_current(row), actor=actor, note=note)
    _changed()


@transaction.atomic
def undo(*, revision_id: int, actor: str, note: str = "") -> Revision:
    """Restore what a revision changed, also a deleted row under its old id; the undoing is a revision itself.

    Errors: NOT_FOUND; CHANGED_SINCE when the row is not as the revision left it; INVALID when what was there before
    can no longer be (another row has its name).
    """
    _in_line()
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        raise ApiError(NOT_FOUND, _("There is no such change."))
    model = MODELS[revision.model]
    row = model._default_manager.filter(pk=revision.row_id).first()
    if (snapshot(row) if row else None) != revision.after:
        raise _changed_since()
    if revision.before is None:
        assert row is not None
        done = remove(row, actor=actor, note=note, undoes=revision)
    else:
        if row is None:
            row = model()
            row.pk = revision.row_id
        raise_all(records.fill(row, revision.before))
        written = _write(row, revision.after, actor=actor, note=note, undoes=revision)
        assert written is not None
        done = written
    _changed()
    return done


def check(row: Configured, values: Mapping[str, object], known: Known) -> None:
    """Put values into the row, not saved. Raises what is wrong, all at once."""
    found = records.fill(row, values)
    raise_all(found or problems(row, known))


def remove(
    row: Configured,
    *,
    actor: str,
    note: str = "",
    undoes: Revision | None = None,
    origin: str = Revision.Origin.EDIT,
) -> Revision:
    """Delete the row with its revision; the caller holds the line and tells the change."""
    if isinstance(row, DimensionSetup) and row.name in ALWAYS and not row.channel:
        raise ApiError(INVALID, _("Every answer has this dimension: its general set-up cannot be deleted."))
    revision = _revision(row, snapshot(row), None, actor=actor, note=note, undoes=undoes, origin=origin)
    row.delete()
    return revision


def _write(
    row: Configured,
    before: Values | None,
    *,
    actor: str,
    note: str = "",
    undoes: Revision | None = None,
    origin: str = Revision.Origin.EDIT,
) -> Revision | None:
    after = snapshot(row)
    if before == after:
        return None
    row.save()
    return _revision(row, before, after, actor=actor, note=note, undoes=undoes, origin=origin)


def _revision(
    row: Configured,
    before: Values | None,
    after: Values | None,
    *,
    actor: str,
    note: str,
    undoes: Revision | None,
    origin: str,
) -> Revision:
    action = Revision.Action.CREATED if before is None else Revision.Action.CHANGED
    action = Revision.Action.DELETED if after is None else action
    name = records.name_of(type(row))
    revision = Revision.objects.create(
        actor=actor,
        model=name,
        row_id=row.pk,
        label=row.label,
        action=action,
        origin=Revision.Origin.UNDO if undoes else origin,
        before=before,
        after=after,
        note=note,
        undoes=undoes,
    )
    detail: dict[str, Any] = {"label": row.label, "revision": revision.pk}
    audit.record(
        actor=actor, action=f"merchandising.{action.lower()}", subject=f"merchandising.{name}:{row.pk}", detail=detail
    )
    return revision


def _current(row: Row) -> Row:
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise ApiError(NOT_FOUND, _("Somebody else has deleted this meanwhile."))
    return found


def _changed_since() -> ApiError:
    return ApiError(errors.CHANGED_SINCE, _("This has been changed since. Look at its history and decide anew."))


def _in_line() -> Version:
    """Writers come one by one: whoever has this lock sees all changes before."""
    Version.objects.get_or_create(pk=1)
    [version] = lock_rows(Version.objects.filter(pk=1))
    return version


def _changed() -> None:
    """A new version, in the transaction of the change: processes compare the token with the one that they have."""
    version = _in_line()
    version.seq, version.token = version.seq + 1, uuid4()
    version.save()
