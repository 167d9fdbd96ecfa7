"""Reading what people keep in spreadsheets: CSV and XLSX, row by row, with bounds, every mistake by row and column."""

import csv
import itertools
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.utils.translation import gettext as _

from kernel.errors import INVALID, ApiError

MAX_BYTES = 20_000_000
MAX_UNPACKED = 200_000_000
MAX_ROWS = 100_000
MAX_CELL = 500
MAX_MISTAKES = 1000

# Spreadsheets keep numbers with 15 digits; longer ones have lost their end.
_EXACT = 10**15

Progress = Callable[[str, int], None]
"""Told what is being done, and how many more rows of it are."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in a cell. `row` counts as the spreadsheet does, from 1 with the headings; 0 is the whole file."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it: its number and the text of each column, empty where there is none."""

    number: int
    cells: dict[str, str]


class Mistakes:
    """All that is wrong, up to MAX_MISTAKES."""

    def __init__(self) -> None:
        self.found: list[Mistake] = []
        self.more = 0

    def add(self, row: int, column: str, message: str) -> None:
        """Put one down."""
        if len(self.found) < MAX_MISTAKES:
            self.found.append(Mistake(row, column, message))
        else:
            self.more += 1

    def __bool__(self) -> bool:
        return bool(self.found)

    def __len__(self) -> int:
        return len(self.found) + self.more


def rows(
    file: IO[bytes],
    name: str,
    *,
    required: Sequence[str],
    optional: Sequence[str] = (),
    mistakes: Mistakes,
    max_rows: int | None = MAX_ROWS,
    long: Sequence[str] = (),
) -> Iterator[Row]:
    """The rows of a file whose first row names its columns, whatever their order and capitals.

    Empty rows are left out; the columns in `long` may hold any length of text. Cells that cannot be taken for what was
    meant are put down as mistakes. Raises INVALID for a file that is no spreadsheet, lacks a column, has an unknown
    one, or is too long.
    """
    numbered = enumerate(_xlsx(file) if name.lower().endswith(".xlsx") else _csv(file), start=1)
    _first, headings = next(numbered, (0, []))
    columns = [str(heading or "").strip().lower() for heading in headings]
    _check_columns(columns, required, optional)
    for count, (number, values) in enumerate(numbered, start=1):
        if max_rows is not None and count > max_rows:
            raise _invalid(_("The file has more than %(max)s rows. Split it.") % {"max": max_rows})
        cells = dict.fromkeys((*required, *optional), "")
        for column, value in zip(columns, values, strict=False):
            if column:
                cells[column] = _text(value, number, column, mistakes, None if column in long else MAX_CELL)
        if any(cells.values()):
            yield Row(number, cells)


def _check_columns(columns: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    if missing := [column for column in required if column not in columns]:
        raise _invalid(_("The first row must name the columns; missing: %(names)s.") % {"names": ", ".join(missing)})
    if unknown := [column for column in columns if column and column not in (*required, *optional)]:
        raise _invalid(_("Unknown columns: %(names)s.") % {"names": ", ".join(unknown)[:200]})
    if doubled := {column for column in columns if column and columns.count(column) > 1}:
        raise _invalid(_("Columns twice: %(names)s.") % {"names": ", ".join(sorted(doubled))})


def _text(value: Any, number: int, column: str, mistakes: Mistakes, longest: int | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        mistakes.add(number, column, _("The number has lost its last digits: format the column as text."))
    text = str(value).strip()
    if longest is not None and len(text) > longest:
        mistakes.add(number, column, _("Longer than %(max)s characters.") % {"max": longest})
        return text[:longest]
    if "\x00" in text:
        mistakes.add(number, column, _("There is a character that cannot be stored."))
        return text.replace("\x00", "")
    return text


def _csv(file: IO[bytes]) -> Iterator[Sequence[Any]]:
    lines = _decoded(file)
    try:
        head = next(lines, "")
        delimiter = max(",;\t", key=head.count)
        yield from csv.reader(itertools.chain([head], lines), delimiter=delimiter)
    except UnicodeDecodeError as error:
        raise _invalid(_("The file is not a CSV in UTF-8.")) from error
    except csv.Error as error:
        raise _invalid(_("The file is not a CSV: %(problem)s.") % {"problem": str(error)}) from error


def _decoded(file: IO[bytes]) -> Iterator[str]:
    for number, line in enumerate(file):
        yield line.decode("utf-8" if number else "utf-8-sig")


def _xlsx(file: IO[bytes]) -> Iterator[Iterable[Any]]:
    from openpyxl import load_workbook  # Slow to import, and only needed here.
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise _invalid(_("The file is too large."))
        file.seek(0)
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise _invalid(_("The file is not an XLSX.")) from error
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield list(row)
    finally:
        book.close()


def _invalid(message: str) -> ApiError:
    return ApiError(INVALID, message.replace("%", "%%"), field="file")
