"""Reading the CSV files of facts as they are: a bad line is skipped and said, a missing column stops the import."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class ImportFileError(Exception):
    """The file as a whole cannot be used; the message names it and says why."""


class RowError(ValueError):
    """One line cannot be used; the message says why."""


@dataclass
class Imported(Generic[T]):
    """What a file gave: the usable rows, and for each skipped line its number and the reason."""

    source: str
    rows: list[T] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)

    def report(self) -> Iterable[str]:
        yield f"{self.source}: {len(self.rows)} rows read, {len(self.skipped)} skipped"
        for line, reason in self.skipped:
            yield f"{self.source} line {line} skipped: {reason}"
        for line, reason in self.notes:
            yield f"{self.source} line {line}: {reason}"


def read(path: Path, columns: set[str], parse: Callable[[dict[str, str]], T]) -> Imported[T]:
    """Read a CSV file with a header that has at least `columns`; `parse` raises RowError for a line to skip.

    Raises ImportFileError when the file is missing, is not UTF-8 text, or lacks a column.
    """
    result: Imported[T] = Imported(path.name)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval=None, strict=False)
            missing = columns - set(reader.fieldnames or ())
            if missing:
                raise ImportFileError(f"{path.name} lacks the column {', '.join(sorted(missing))}.")
            for row in reader:
                _take(result, reader.line_num, row, parse)
    except OSError as error:
        raise ImportFileError(f"{path.name} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ImportFileError(f"{path.name} is not UTF-8 text (byte {error.start}).") from error
    except csv.Error as error:
        raise ImportFileError(f"{path.name} is not valid CSV: {error}.") from error
    return result


def _take(result: Imported[T], line: int, row: dict[str, str], parse: Callable[[dict[str, str]], T]) -> None:
    if "" in row or None in row.values():
        fields = sum(value is not None for key, value in row.items() if key)
        result.skipped.append(
            (line, f"{fields} fields or more than the header has" if "" in row else f"only {fields} fields")
        )
        return
    try:
        result.rows.append(parse({key: value.strip() for key, value in row.items()}))
    except RowError as error:
        result.skipped.append((line, str(error)))
