"""Changes of the set-up: each in one transaction with its revision, its audit entry and the new version.

`values` are a row's columns in JSON, as `records.snapshot` gives them; what is not named keeps its value. `actor` is a
scope such as "admin:7". Refusals name the column ("phrases", "products.2"); several mistakes are told together.
"""

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import CHANGED_SINCE, NOT_FOUND, ApiError, raise_all
from plugins.merchandising import history, records
from plugins.merchandising.history import By
from plugins.merchandising.known import Known, deadlocks, problems
from plugins.merchandising.models import Configured, PrecedenceRule, Revision
from plugins.merchandising.records import MODELS, snapshot

Row = TypeVar("Row", bound=Configured)
# So many rows are named where an import cannot be undone.
NAMED: Final = 5


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
    """Remove a row. Errors: NOT_FOUND, and INVALID for a dimension that every answer has, or for the only rule that
    lets dimensions out of a circle."""
    history.queue_up()
    history.remove(_current(row), By(actor, note))
    _refuse_circles(isinstance(row, PrecedenceRule))
    history.changed()


@transaction.atomic
def undo(*, revision_id: int, actor: str, note: str = "") -> Revision:
    """Restore what a revision changed, also a deleted row under its old id; the undoing is a revision itself.

    Errors: NOT_FOUND; CHANGED_SINCE when the row is not as the revision left it; INVALID when what was there before
    can no longer be (another row has its name, or dimensions would wait for each other).
    """
    history.queue_up()
    revision = Revision.objects.filter(pk=revision_id).first()
    if revision is None:
        raise ApiError(NOT_FOUND, _("There is no such change."))
    if not _is_as_left(revision):
        raise changed_since()
    done = _take_back(revision, By(actor, note, Revision.Origin.UNDO, undoes=revision))
    _refuse_circles(revision.model == "precedence")
    history.changed()
    return done


@transaction.atomic
def undo_run(*, run: UUID, actor: str, note: str = "") -> UUID:
    """Take back all that one import changed, or none of it; returns the run of the undoing, which can be undone too.

    Errors: NOT_FOUND; CHANGED_SINCE, naming the rows, when some are not as the import left them; INVALID as for `undo`.
    """
    history.queue_up()
    # The last first: what was added goes before what was deleted comes back under the same name.
    revisions = list(Revision.objects.filter(run=run).order_by("-pk"))
    if not revisions:
        raise ApiError(NOT_FOUND, _("There is no such import."))
    later = [revision.label for revision in revisions if not _is_as_left(revision)]
    if later:
        raise _stands_in_the_way(later)
    undoing = uuid4()
    for revision in revisions:
        _take_back(revision, By(actor, note, Revision.Origin.UNDO, undoes=revision, run=undoing))
    _refuse_circles(any(revision.model == "precedence" for revision in revisions))
    history.changed()
    return undoing


def _refuse_circles(touched: bool) -> None:
    """Precedence rules that are left must let every dimension come up."""
    if touched:
        raise_all(list(deadlocks()))


def _stands_in_the_way(labels: Sequence[str]) -> ApiError:
    names = ", ".join(f"“{label}”" for label in labels[:NAMED]) + (" …" if len(labels) > NAMED else "")
    message = _("Changed since the import: %(names)s. Undo those changes first, or undo the import row by row.")
    return ApiError(CHANGED_SINCE, message, params={"names": names})


def _row_of(revision: Revision) -> Configured | None:
    found: Configured | None = MODELS[revision.model]._default_manager.filter(pk=revision.row_id).first()
    return found


def _is_as_left(revision: Revision) -> bool:
    row = _row_of(revision)
    return (snapshot(row) if row else None) == _whole(revision, revision.after)


def _take_back(revision: Revision, by: By) -> Revision:
    """Restore what stood before a revision whose row is as it left it. The caller has queued up and tells `changed`."""
    row, before = _row_of(revision), _whole(revision, revision.before)
    after = snapshot(row) if row else None
    if row is None:
        row = MODELS[revision.model]()
        row.pk = revision.row_id
    if before is None:
        return history.remove(row, by)
    raise_all(records.fill(row, before))
    done = history.write(row, after, by)
    assert done is not None, "a revision's two sides differ"
    return done


def _whole(revision: Revision, side: Mapping[str, object] | None) -> Mapping[str, object] | None:
    """One side of a revision; columns that came later have their defaults, as their rows had then."""
    return None if side is None else {**records.defaults(MODELS[revision.model]), **side}


def changed_since() -> ApiError:
    """Somebody else was faster."""
    return ApiError(CHANGED_SINCE, _("This has been changed since. Look at its history and decide anew."))


def check(row: Configured, values: Mapping[str, object], known: Known) -> None:
    """Put values into the row, not saved. Raises what is wrong, all at once."""
    found = records.fill(row, values)
    raise_all(found or problems(row, known))


def _current(row: Row) -> Row:
    found = type(row)._default_manager.filter(pk=row.pk).first()
    if found is None:
        raise ApiError(NOT_FOUND, _("Somebody else has deleted this meanwhile."))
    return found
