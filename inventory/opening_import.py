"""Opening stock from a spreadsheet: staged, checked as a whole, then booked; every mistake by row and column."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.db import connection, transaction
from django.utils.translation import gettext as _

from . import bulk, errors, goods, receipts, spreadsheets
from .models import Movement, StockItem, UnitIdentifier
from .spreadsheets import MAX_MISTAKES, Mistakes, Progress

REQUIRED = ("store", "sku", "quantity")
OPTIONAL = ("serials",)

"""Called with what is being done ("read", "booked") and for how many rows more."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do: rows that were new, and those opened before."""

    added: int
    skipped: int
    mistakes: Mistakes


def bring_in(
    *,
    file: IO[bytes],
    name: str,
    actor: str,
    dry_run: bool,
    max_rows: int | None = spreadsheets.MAX_ROWS,
    progress: Progress = lambda doing, rows: None,
) -> Outcome:
    """Open the balances of a file (columns store, sku, quantity; serials, apart by spaces, of tracked SKUs).

    With a mistake nothing is booked; `dry_run` only looks. A SKU that was opened in its store before is skipped, so a
    broken import is run again. Raises INVALID for a file that cannot be read.
    """
    mistakes = Mistakes()
    with _staging():
        _stage(file, name, mistakes, max_rows, progress)
        _check(mistakes)
        # A row that names no store or SKU has no serials to be looked at.
        tracked = [] if mistakes else _tracked(mistakes)
        if mistakes:
            return Outcome(0, 0, mistakes)
        rows, before = _prepare()
        if dry_run:
            before += len(_opened(tracked))
            return Outcome(rows + len(tracked) - before, before, mistakes)
        added = 0
        for booked in bulk.open_balances(rows=rows, actor=actor):
            added += booked
            progress("booked", min(bulk.BATCH, rows))
        added += receipts.receive_opening(tracked, actor=actor)
        progress("booked", len(tracked))
        return Outcome(added, rows + len(tracked) - added, mistakes)


@contextmanager
def _staging() -> Iterator[None]:
    """The temporary tables of one import, on this connection; those of one that broke off go with the next."""
    drop = f"DROP TABLE IF EXISTS pg_temp.inventory_opening_file, pg_temp.{bulk.STAGE}"
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute(
            "CREATE TEMPORARY TABLE inventory_opening_file (row int, store text, sku text, quantity text, serials text)"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute(drop)


def _stage(file: IO[bytes], name: str, mistakes: Mistakes, max_rows: int | None, progress: Progress) -> None:
    read = spreadsheets.rows(
        file, name, required=REQUIRED, optional=OPTIONAL, mistakes=mistakes, max_rows=max_rows, long=("serials",)
    )
    # A file that breaks off leaves the caller's transaction as it was.
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for count, row in enumerate(read, start=1):
            cells = row.cells
            copy.write_row((row.number, cells["store"], cells["sku"], cells["quantity"], cells["serials"]))
            if count % 50_000 == 0:
                progress("read", 50_000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE inventory_opening_file")


def _check(mistakes: Mistakes) -> None:
    """What can be said of all rows by the database; serials are looked at one by one."""
    sentences: dict[str, Callable[[str], str]] = {
        "STORE": lambda value: _("There is no store %(code)s.") % {"code": value},
        "SKU": lambda value: errors.unknown_sku(value).message,
        "STOCKED": lambda value: errors.not_stocked(value).message,
        "QUANTITY": lambda value: _("A whole number from 1 to %(max)s is expected.") % {"max": errors.MAX_QUANTITY},
        "TWICE": lambda value: _("The SKU is in the file twice for this store."),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MISTAKES, {"max": errors.MAX_QUANTITY, "limit": MAX_MISTAKES})
        total = 0
        for row, column, problem, value, total in cursor.fetchall():  # noqa: B007 - the last one counts
            mistakes.add(row, column, sentences[problem](value))
        mistakes.more += max(total - MAX_MISTAKES, 0)


def _tracked(mistakes: Mistakes) -> list[receipts.OpeningRow]:
    """The rows of SKUs whose pieces are known by serial, with their serials checked."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACKED)
        found = cursor.fetchall()
    items = StockItem.objects.in_bulk({sku for _row, _store, sku, _quantity, _serials in found})
    made: list[tuple[int, receipts.OpeningRow]] = []
    seen: dict[tuple[str, str], int] = {}
    for row, store_id, sku, quantity, text in found:
        wanted = goods.Wanted(items[sku], quantity)
        codes = text.replace(",", " ").replace(";", " ").split()
        for problem in goods.name_serials({sku: wanted}, {sku: codes}, known={}):
            mistakes.add(row, "serials", problem.message)
        for serial in wanted.serials:
            if (before := seen.setdefault((_scope(items[sku]), serial), row)) != row:
                message = _("%(serial)s is in row %(row)s too.") % {"serial": serial, "row": before}
                mistakes.add(row, "serials", message)
        made.append((row, receipts.OpeningRow(store_id, sku, quantity, tuple(wanted.serials))))
    done = _opened([opening for _row, opening in made])
    _refuse_known([(row, opening) for row, opening in made if opening.source_key not in done], items, mistakes)
    return [opening for _row, opening in made]


def _refuse_known(made: list[tuple[int, receipts.OpeningRow]], items: dict[str, StockItem], mistakes: Mistakes) -> None:
    rows = {(_scope(items[opening.sku]), serial): row for row, opening in made for serial in opening.serials}
    numbers = UnitIdentifier.objects.filter(value__in=[serial for _scope_, serial in rows]).select_related("unit")
    for number in numbers:
        kind = StockItem.Tracking.IMEI if number.type == UnitIdentifier.Type.IMEI2 else number.type
        scope = f"{kind}/{number.item_id}" if kind == StockItem.Tracking.SERIAL else str(kind)
        if row := rows.get((scope, number.value)):
            problem = errors.serial_in_stock(number.item_id, number.value, number.unit.get_state_display())
            mistakes.add(row, "serials", problem.message)


def _scope(item: StockItem) -> str:
    """Within which a serial of the item is unique."""
    return f"{item.tracking}/{item.sku}" if item.tracking == StockItem.Tracking.SERIAL else str(item.tracking)


def _opened(rows: Sequence[receipts.OpeningRow]) -> set[str]:
    """The source keys of those that are open already."""
    keys = [row.source_key for row in rows]
    return set(Movement.objects.filter(source_key__in=keys).values_list("source_key", flat=True))


def _prepare() -> tuple[int, int]:
    """Put the rows of goods without serials in the order of all locks; returns how many, and how many are open."""
    with connection.cursor() as cursor:
        cursor.execute(_PREPARE)
        cursor.execute(f"CREATE UNIQUE INDEX ON {bulk.STAGE} (number)")
        cursor.execute(f"ANALYZE {bulk.STAGE}")
        cursor.execute(_COUNT)
        rows, before = cursor.fetchone()
    return int(rows), int(before)


_COPY = "COPY inventory_opening_file FROM STDIN"

_MISTAKES = """
SELECT "row", "column", problem, value, count(*) OVER ()
  FROM (
    SELECT file.row, 'store' AS "column", 'STORE' AS problem, file.store AS value
      FROM inventory_opening_file file
     WHERE NOT EXISTS (SELECT 1 FROM inventory_store store WHERE store.code = file.store)
    UNION ALL
    SELECT file.row, 'sku', CASE WHEN item.sku IS NULL THEN 'SKU' ELSE 'STOCKED' END, file.sku
      FROM inventory_opening_file file LEFT JOIN inventory_stockitem item ON item.sku = file.sku
     WHERE item.sku IS NULL OR NOT item.stocked
    UNION ALL
    SELECT file.row, 'quantity', 'QUANTITY', file.quantity
      FROM inventory_opening_file file
     WHERE CASE WHEN file.quantity ~ '^[0-9]{1,9}$' THEN file.quantity::int NOT BETWEEN 1 AND %(max)s ELSE true END
    UNION ALL
    SELECT twice.row, 'sku', 'TWICE', twice.sku
      FROM (SELECT file.row, file.sku, row_number() OVER (PARTITION BY file.store, file.sku ORDER BY file.row) AS nth
              FROM inventory_opening_file file) twice
     WHERE twice.nth > 1
  ) wrong
 ORDER BY "row", "column", problem
 LIMIT %(limit)s
"""

_TRACKED = """
SELECT file.row, store.id, item.sku, file.quantity::int, file.serials
  FROM inventory_opening_file file
  JOIN inventory_store store ON store.code = file.store
  JOIN inventory_stockitem item ON item.sku = file.sku AND item.tracking <> 'NONE'
 ORDER BY store.id, item.sku
"""

_PREPARE = f"""
CREATE TEMPORARY TABLE {bulk.STAGE} AS
SELECT row_number() OVER (ORDER BY store.id, item.sku) AS number,
       store.id AS store_id, item.sku AS item_id, file.quantity::int AS quantity
  FROM inventory_opening_file file
  JOIN inventory_store store ON store.code = file.store
  JOIN inventory_stockitem item ON item.sku = file.sku AND item.tracking = 'NONE'
 ORDER BY store.id, item.sku
"""  # noqa: S608 - a constant of ours

_COUNT = f"""
SELECT count(*), count(
           (SELECT done.id FROM inventory_movement done
             WHERE done.source_key = 'opening/' || opening.store_id || '/' || opening.item_id LIMIT 1))
  FROM {bulk.STAGE} opening
"""  # noqa: S608 - a constant of ours
