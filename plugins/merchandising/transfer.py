"""The whole set-up as one JSON document; synonyms and redirects also as CSV. In and out, with a dry run.

A file is imported as a whole or not at all. The dry run does everything and takes it back, so it tells exactly what
the import would.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, LIMIT_EXCEEDED, ApiError, Errors, Message
from plugins.merchandising import history, services
from plugins.merchandising.history import By
from plugins.merchandising.known import Known, deadlocks
from plugins.merchandising.models import Configured, Revision, Rule, Synonyms
from plugins.merchandising.records import MODELS, snapshot

FORMAT: Final = "merchandising"
FORMAT_VERSION: Final = 1
# As base64 within what Django takes for a form: the preview hands the file to the import.
MAX_BYTES: Final = 1_500_000
MAX_ROWS: Final = 5_000
SEPARATOR: Final = "|"
# What other tables refer to comes first.
_ORDER: Final = ("dimensions", "synonyms", "precedence", "rules")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong and where: "rules.3.url", or "line 7, url"."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is added, changed or removed."""

    table: str
    label: str
    action: Revision.Action


@dataclass(slots=True)
class Outcome:
    """What an import did, or would do. With mistakes nothing is done. `run` is what its changes have in common."""

    run: UUID = field(default_factory=uuid4)

    mistakes: list[Mistake] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    done: bool = False

    def count(self, action: str) -> int:
        """How many rows are added, changed or removed."""
        return sum(change.action == action for change in self.changes)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file for one table. `rows` are (place, values); `whole` are the rows that the file speaks for."""

    name: str
    rows: list[tuple[str, Any]]
    whole: models.QuerySet[Any]
    join: str = "."

    @property
    def model(self) -> type[Configured]:
        return MODELS[self.name]


def export_document() -> dict[str, Any]:
    """Everything configured, in JSON values, in an order that does not change by itself."""
    tables = {
        name: [snapshot(row) for row in model._default_manager.order_by(*model.natural_key_fields)]
        for name, model in MODELS.items()
    }
    return {"format": FORMAT, "version": FORMAT_VERSION, **tables}


def read_document(content: bytes) -> list[Table]:
    """The tables of an exported document. Errors: INVALID, LIMIT_EXCEEDED."""
    try:
        document = json.loads(_text(content))
        # Half a character, which JSON can escape, has no place in the database.
        json.dumps(document, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise _unreadable(_("The file is not JSON.")) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _unreadable(_("The file is no export of the search's set-up."))
    if document.get("version") != FORMAT_VERSION:
        raise _unreadable(_("The file has another version of the format."))
    if unknown := document.keys() - MODELS.keys() - {"format", "version"}:
        raise _unreadable(_("The file has an unknown part: %(part)s."), part=min(unknown))
    return [_table(name, document[name]) for name in _ORDER if name in document]


def import_tables(
    *,
    tables: Iterable[Table],
    actor: str,
    dry_run: bool,
    replace: bool = False,
    note: str = "",
    seen: UUID | None = None,
) -> Outcome:
    """Bring the rows of a file in; `replace` also removes what the file speaks for and does not contain.

    All mistakes are told at once; with any, or in a dry run, nothing is changed. `seen` is the version that a dry run
    was made of. Errors: CHANGED_SINCE.
    """
    outcome = Outcome()
    with transaction.atomic():
        if history.queue_up().token != seen and seen is not None:
            raise services.changed_since()
        for table in tables:
            _bring_in(table, By(actor, note, Revision.Origin.IMPORT, run=outcome.run), outcome, replace=replace)
        outcome.mistakes += _circles(outcome)
        if dry_run or outcome.mistakes:
            transaction.set_rollback(True)
        elif outcome.changes:
            history.changed()
    outcome.done = not dry_run and not outcome.mistakes
    return outcome


def _circles(outcome: Outcome) -> list[Mistake]:
    """Rows may come in any order, so whether they wait for each other is seen when all are there."""
    touched = any(change.table == "precedence" for change in outcome.changes)
    return [Mistake("precedence", error.message) for error in deadlocks()] if touched else []


def _bring_in(table: Table, by: By, outcome: Outcome, *, replace: bool) -> None:
    known, seen = Known(alone=False), set()
    existing = {row.label: row for row in table.model._default_manager.all()}
    own = set(table.whole.values_list("pk", flat=True))
    for place, values in table.rows:
        if not isinstance(values, dict):
            outcome.mistakes.append(Mistake(place, str(_("Give values by field."))))
            continue
        label = _label(table.model, values)
        row = existing.get(label)
        if label in seen:
            outcome.mistakes.append(Mistake(place, str(_("“%(name)s” is in the file twice.")) % {"name": label}))
        elif row is not None and row.pk not in own:
            outcome.mistakes.append(Mistake(place, str(_("“%(name)s” is another kind of rule.")) % {"name": label}))
        else:
            _bring_row(table, place, row, values, known, by, outcome)
        seen.add(label)
    if replace:
        for label, row in existing.items():
            if label not in seen and row.pk in own:
                _take_out(table, row, by, outcome)


def _bring_row(
    table: Table,
    place: str,
    row: Configured | None,
    values: Mapping[str, object],
    known: Known,
    by: By,
    outcome: Outcome,
) -> None:
    before = snapshot(row) if row is not None else None
    row = row if row is not None else table.model()
    try:
        services.check(row, values, known)
    except (ApiError, Errors) as refused:
        outcome.mistakes += _mistakes(refused, place, table.join)
        return
    if history.write(row, before, by) is None:
        outcome.unchanged += 1
    else:
        action = Revision.Action.CREATED if before is None else Revision.Action.CHANGED
        outcome.changes.append(Change(table.name, str(row), action))


def _take_out(table: Table, row: Configured, by: By, outcome: Outcome) -> None:
    name = str(row)
    try:
        history.remove(row, by)
    except ApiError as refused:
        outcome.mistakes.append(Mistake(f"{table.name}: {name}", refused.message))
    else:
        outcome.changes.append(Change(table.name, name, Revision.Action.DELETED))


def _mistakes(refused: ApiError | Errors, place: str, join: str) -> Iterator[Mistake]:
    for error in refused.errors if isinstance(refused, Errors) else [refused]:
        yield Mistake(f"{place}{join}{error.field}" if error.field else place, error.message)


def _label(model: type[Configured], values: Mapping[str, object]) -> str:
    return "/".join(str(values[name]) for name in model.natural_key_fields if values.get(name))


def _table(name: str, rows: object) -> Table:
    if not isinstance(rows, list):
        raise _unreadable(_("The file has an unknown part: %(part)s."), part=name)
    _bounded(len(rows))
    return Table(name, [(f"{name}.{at}", row) for at, row in enumerate(rows)], MODELS[name]._default_manager.all())


# A CSV's columns, each with how it is written and read. Lists stand in one cell.
Column = tuple[str, Callable[[Any], str], Callable[[str], object]]


def _joined(values: Iterable[str]) -> str:
    return f" {SEPARATOR} ".join(values)


def _parted(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(SEPARATOR) if part.strip()]


def _written_yes(value: object) -> str:
    return "yes" if value else "no"


def _yes(cell: str) -> object:
    return {"yes": True, "no": False}.get(cell.lower(), cell)


_SYNONYM_COLUMNS: Final[tuple[Column, ...]] = (
    ("code", str, str),
    ("channel", str, str),
    ("language", str, str),
    ("kind", str, str),
    ("sources", _joined, _parted),
    ("terms", _joined, _parted),
    ("is_active", _written_yes, _yes),
)
_REDIRECT_COLUMNS: Final[tuple[Column, ...]] = (
    ("code", str, str),
    ("name", str, str),
    ("channel", str, str),
    ("priority", str, str),
    ("is_active", _written_yes, _yes),
    ("match_mode", str, str),
    ("phrases", _joined, _parted),
    ("url", str, str),
    ("starts_at", lambda value: value or "", lambda cell: cell or None),
    ("ends_at", lambda value: value or "", lambda cell: cell or None),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A CSV file: its table, its columns, which rows of the table it speaks for, and what is the same in all."""

    table: str
    columns: tuple[Column, ...]
    rows: Callable[[], models.QuerySet[Any]]
    fixed: Mapping[str, object] = field(default_factory=dict)


SHEETS: Final[Mapping[str, Sheet]] = {
    "synonyms": Sheet("synonyms", _SYNONYM_COLUMNS, Synonyms.objects.all),
    "redirects": Sheet(
        "rules", _REDIRECT_COLUMNS, lambda: Rule.objects.filter(kind="REDIRECT"), fixed={"kind": "REDIRECT"}
    ),
}


def export_csv(sheet: Sheet) -> str:
    """The sheet's rows with a head line, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(name for name, _write, _read in sheet.columns)
    for row in sheet.rows().order_by("code"):
        values = snapshot(row)
        writer.writerow(write(values[name]) for name, write, _read in sheet.columns)
    return out.getvalue()


def read_csv(sheet: Sheet, content: bytes) -> list[Table]:
    """The rows of a CSV file; columns may be left out or in another order. Errors: INVALID, LIMIT_EXCEEDED."""
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
    known = {name: read for name, _write, read in sheet.columns}
    try:
        unknown = [name for name in reader.fieldnames or () if name not in known]
        if unknown or "code" not in (reader.fieldnames or ()):
            columns = ", ".join(known)
            raise _unreadable(
                _("The first line must name columns among these, code with them: %(columns)s."), columns=columns
            )
        rows = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        raise _unreadable(_("The file is not CSV.")) from None
    _bounded(len(rows))
    table = [
        (str(_("line %(number)s")) % {"number": number}, _row(cells, known, sheet.fixed)) for number, cells in rows
    ]
    return [Table(sheet.table, table, sheet.rows(), join=", ")]


def _row(cells: Mapping[Any, Any], known: Mapping[str, Callable[[str], object]], fixed: Mapping[str, object]) -> Any:
    # More or fewer cells than the head line names: the row cannot be trusted.
    if None in cells or None in cells.values():
        return None
    return {**{name: known[name](cell.strip()) for name, cell in cells.items()}, **fixed}


def _text(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise ApiError(
            LIMIT_EXCEEDED, _("The file has more than %(max)s kB."), field="file", params={"max": MAX_BYTES // 1000}
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable(_("The file is not in UTF-8.")) from None


def _bounded(rows: int) -> None:
    if rows > MAX_ROWS:
        raise ApiError(
            LIMIT_EXCEEDED, _("The file has more than %(max)s rows."), field="file", params={"max": MAX_ROWS}
        )


def _unreadable(message: Message, **params: str) -> ApiError:
    return ApiError(INVALID, message, field="file", params=params)
