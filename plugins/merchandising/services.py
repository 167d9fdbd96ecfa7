"""Changes of the set-up: each in one transaction with its revision, its audit entry and the new version.

`values` are a row's columns in JSON, as `records.snapshot` gives them; what is not named keeps its value. `actor` is a
scope such as "admin:7". Refusals name the column ("phrases", "products.2"); several mistakes are told together.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_FOUND, ApiError, raise_all
from plugins.merchandising import errors, history, records
from plugins.merchandising.history import By
from plugins.merchandising.known import Known, problems
from plugins.merchandising.models import Configured, Revision
from plugins.merchandising.records import MODELS, snapshot

Row = TypeVar("Row", bound=Configured)


@transaction.atomic
def create(*, model: type[Row], values: Mapping[str, object], actor: str, note: str = "") -> Row:
    """Add a row. Errors: INVALID, REQUIRED."""
    history.queue_up()
    row = model()
    check(row, values, Known())
    history.write(row, None, By(actor, note))
    history.changed()
    return row


@transaction.atomic
def update(*, row: Row, values: Mapping[str, object], actor: str, note: str = "", seen: int | None = None) -> Row:
    """Change a row. `seen` is the `history.last_revision` that the editor decided on.

    Errors: INVALID, REQUIRED, NOT_FOUND, CHANGED_SINCE.
    """
    history.queue_up()
    current = _current(row)
    before = snapshot(current)
    if seen is not None and seen != history.last_revision(current):
        raise changed_since()
    check(current, values, Known())
    if history.write(current, before, By(actor, note)):
        history.changed()
    return current


@transaction.atomic
def delete(*, row: Configured, actor: str, note: str = "") -> None:
    """Remove a row. Errors: NOT_FOUND, and INVALID for a dimension that every answer has."""
    history.queue_up()
    history.remove(_current(row), By(actor, note))
    history.changed()


@transaction.atomic
def undo(*, revision_id: int, actor: str, note: str = "") -> Revision:
    """Restore what a revision changed, also a deleted row under its old id; the undoing is a revision itself.

    Errors: NOT_FOUND; CHANGED_SINCE when the row is not as the revision left it; INVALID when what was there before
    can no longer be (another row has its name).
    """
    history.queue_up()
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        raise ApiError(NOT_FOUND, _("There is no such change."))
    model = MODELS[revision.model]
    row = model._default_manager.filter(pk=revision.row_id).first()
    if (snapshot(row) if row else None) != revision.after:
        raise changed_since()
    by = By(actor, note, Revision.Origin.UNDO, undoes=revision)
    if row is None:
        row = model()
        row.pk = revision.row_id
    if revision.before is None:
        done: Revision | None = history.remove(row, by)
    else:
        raise_all(records.fill(row, revision.before))
        done = history.write(row, revision.after, by)
    assert done is not None, "a revision's two sides differ"
    history.changed()
    return done


def changed_since() -> ApiError:
    """Somebody else was faster."""
    return ApiError(errors.CHANGED_SINCE, _("This has been changed since. Look at its history and decide anew."))


def check(row: Configured, values: Mapping[str, object], known: Known) -> None:
    """Put values into the row, not saved. Raises what is wrong, all at once."""
    found = records.fill(row, values)
    raise_all(found or problems(row, known))


def _current(row: Row) -> Row:
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise ApiError(NOT_FOUND, _("Somebody else has deleted this meanwhile."))
    return found
