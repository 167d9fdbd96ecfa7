"""Lists as CSV or XLSX: written row by row into a file of the server's, bounded, and streamed from there."""

import csv
import io
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from typing import IO, Any, Final

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

MAX_ROWS: Final = 200_000
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_CHUNK = 64 * 1024
# What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Row = Sequence[Any]


def respond(name: str, kind: str, headings: Row, rows: Iterable[Row]) -> StreamingHttpResponse:
    """The rows (at most MAX_ROWS) as a file for download; `kind` is one of KINDS."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when it was sent
    some = (row for _n, row in zip(range(MAX_ROWS), rows, strict=False))
    (_write_xlsx if kind == "xlsx" else _write_csv)(file, headings, some)
    file.seek(0)
    response = StreamingHttpResponse(_chunks(file), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await sync_to_async(file.read)(_CHUNK):
            yield chunk
    finally:
        file.close()


def _write_csv(file: IO[bytes], headings: Row, rows: Iterator[Row]) -> None:
    # With a byte order mark, without which spreadsheets take UTF-8 for something else.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([str(heading) for heading in headings])
    writer.writerows([_cell(value) for value in row] for row in rows)
    text.detach()


def _write_xlsx(file: IO[bytes], headings: Row, rows: Iterator[Row]) -> None:
    from openpyxl import Workbook  # Slow to import, and only needed here.

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([str(heading) for heading in headings])
    for row in rows:
        sheet.append([_cell(value) for value in row])
    book.save(file)


def _cell(value: Any) -> Any:
    """A value that a spreadsheet shows and never computes: what looks like a formula is quoted by an apostrophe."""
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
