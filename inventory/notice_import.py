"""Shipping notices from a spreadsheet: a row for each article of a notice; every mistake by row and column at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from kernel.errors import ApiError

from . import errors, goods, receiving, serials, spreadsheets, uin
from .models import ShippingNotice, StockItem, Store, Unit, UnitIdentifier
from .spreadsheets import Mistakes, Progress, Row

REQUIRED = ("supplier", "number", "store", "sku", "quantity")
OPTIONAL = ("expected_on", "serials")
MAX_ROWS = 20_000

"""Called with what is being done ("read", "announced") and for how many rows more."""

_COLUMNS = {
    errors.DELIVERY_NOTE_KNOWN: "number",
    errors.STORE_NOT_FOUND: "store",
    errors.UNKNOWN_SKU: "sku",
    errors.NOT_STOCKED: "sku",
    errors.INVALID_QUANTITY: "quantity",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do: rows of notices that were new, and of those announced before."""

    added: int
    skipped: int
    mistakes: Mistakes


@dataclass(slots=True)
class _Notice:
    """The rows of one notice; all but its lines are those of its first row."""

    row: int
    supplier: str
    number: str
    store: str
    expected_on: date | None
    lines: list[tuple[str, int, list[str]]] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)


def bring_in(
    *,
    file: IO[bytes],
    name: str,
    actor: str,
    dry_run: bool,
    progress: Progress = lambda doing, rows: None,
) -> Outcome:
    """Announce the notices of a file (columns supplier, number, store, sku, quantity; expected_on as 2026-03-31;
    serials, apart by spaces, where the sender tells them).

    With a mistake nothing is recorded; `dry_run` does it all and takes it back. A notice that was announced before with
    the same contents is skipped. Raises INVALID for a file that cannot be read.
    """
    mistakes = Mistakes()
    read = spreadsheets.rows(
        file, name, required=REQUIRED, optional=OPTIONAL, mistakes=mistakes, max_rows=MAX_ROWS, long=("serials",)
    )
    rows = list(read)
    progress("read", len(rows))
    notices = _Reader(rows, mistakes).notices()
    if mistakes:
        return Outcome(0, 0, mistakes)
    added = skipped = 0
    with transaction.atomic():
        for notice in notices:
            if _announce(notice, actor, mistakes):
                added += len(notice.lines)
            else:
                skipped += len(notice.lines)
            progress("announced", len(notice.lines))
        if dry_run or mistakes:
            transaction.set_rollback(True)
    return Outcome(0, 0, mistakes) if mistakes else Outcome(added, skipped, mistakes)


def _announce(notice: _Notice, actor: str, mistakes: Mistakes) -> bool:
    """Whether it was new."""
    before = receiving.find(notice.supplier, notice.number)
    try:
        receiving.announce(
            supplier=notice.supplier,
            number=notice.number,
            store_id=notice.store,
            lines=notice.lines,
            actor=actor,
            expected_on=notice.expected_on,
        )
    except ApiError as refused:
        row = notice.rows.get(str(refused.params.get("sku", "")), notice.row)
        mistakes.add(row, _COLUMNS.get(refused.code, "serials"), refused.message)
    return before is None


class _Reader:
    """Checks the rows one by one, against all that they name, and puts them together to notices."""

    def __init__(self, rows: list[Row], mistakes: Mistakes) -> None:
        self._rows = rows
        self._mistakes = mistakes
        self._stores = dict(Store.objects.filter(is_active=True).values_list("code", "pk"))
        skus = {row.cells["sku"] for row in rows}
        self._items = {item.sku: item for item in StockItem.objects.filter(sku__in=skus)}
        numbers = {
            reading for row in rows for code in row.cells["serials"].split() for reading in serials.readings(code)
        }
        known = UnitIdentifier.objects.filter(value__in=numbers).select_related("unit")
        self._known = {(row.item_id if row.type == "SERIAL" else "", row.value): row.unit for row in known}
        self._seen: dict[tuple[str, str], int] = {}

    def notices(self) -> Iterable[_Notice]:
        """The notices in the order of the file. What is wrong is put down."""
        found: dict[tuple[str, str], _Notice] = {}
        for row in self._rows:
            cells = row.cells
            store, expected_on = self._store(row), self._date(row)
            sku, quantity = self._item(row), self._quantity(row)
            codes = self._serials(row, self._items.get(sku or ""), quantity)
            for column in ("supplier", "number"):
                if not cells[column]:
                    self._wrong(row, column, _("This must not be empty."))
            key = (cells["supplier"].upper(), cells["number"].upper())
            made = _Notice(row.number, cells["supplier"], cells["number"], store or "", expected_on)
            notice = found.setdefault(key, made)
            if store is not None and notice.store != store:
                self._wrong(row, "store", _("This notice is for another store in row %(row)s.") % {"row": notice.row})
            if sku is None or quantity is None:
                continue
            if sku in notice.rows:
                self._wrong(row, "sku", _("This notice has the article in row %(row)s.") % {"row": notice.rows[sku]})
            notice.rows.setdefault(sku, row.number)
            notice.lines.append((sku, quantity, codes))
        return found.values()

    def _store(self, row: Row) -> str | None:
        found = self._stores.get(row.cells["store"])
        if found is None:
            self._wrong(row, "store", _("No store has this code."))
        return found

    def _item(self, row: Row) -> str | None:
        sku = row.cells["sku"]
        item = self._items.get(sku)
        if item is None:
            self._wrong(row, "sku", _("There is no such article."))
        elif not item.stocked:
            self._wrong(row, "sku", _("This article is not kept in stock."))
        return sku if item is not None and item.stocked else None

    def _quantity(self, row: Row) -> int | None:
        text = row.cells["quantity"]
        try:
            return goods.check_quantity(row.cells["sku"], int(text))
        except (ValueError, ApiError):
            limit = errors.MAX_QUANTITY
            self._wrong(row, "quantity", _("A whole number from 1 to %(max)s is expected.") % {"max": limit})
        return None

    def _date(self, row: Row) -> date | None:
        text = row.cells["expected_on"].removesuffix(" 00:00:00")
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self._wrong(row, "expected_on", _("A day such as 2026-03-31 is expected."))
        return None

    def _serials(self, row: Row, item: StockItem | None, quantity: int | None) -> list[str]:
        codes = row.cells["serials"].split()
        if item is None or not codes:
            return []
        if not item.tracked:
            self._wrong(row, "serials", _("The pieces of this article have no serials."))
            return []
        if quantity is not None and len(codes) != quantity:
            counts = {"serials": len(codes), "pieces": quantity}
            self._wrong(row, "serials", _("%(serials)s serials for %(pieces)s pieces.") % counts)
        return [found for code in codes if (found := self._serial(row, item, code))]

    def _serial(self, row: Row, item: StockItem, code: str) -> str | None:
        try:
            number = serials.normalise(item.tracking, code)
        except serials.InvalidSerial as problem:
            self._wrong(row, "serials", str(problem))
            return None
        key = (item.sku if item.tracking == StockItem.Tracking.SERIAL else "", number)
        if key in self._seen:
            self._wrong(
                row, "serials", _("%(serial)s is in row %(row)s too.") % {"serial": number, "row": self._seen[key]}
            )
        self._seen.setdefault(key, row.number)
        unit = self._known.get(key)
        if unit is not None and not self._same_notice(row, unit) and not _may_come(unit):
            facts = {"serial": number, "state": unit.get_state_display()}
            self._wrong(row, "serials", _("%(serial)s is in the books already (%(state)s).") % facts)
        return number

    def _same_notice(self, row: Row, unit: Unit) -> bool:
        """Whether the piece waits by this very notice, which is then the same once more."""
        return ShippingNotice.objects.filter(
            supplier__iexact=row.cells["supplier"], number__iexact=row.cells["number"], lines__units__unit=unit
        ).exists()

    def _wrong(self, row: Row, column: str, message: str) -> None:
        self._mistakes.add(row.number, column, message)


def _may_come(unit: Unit) -> bool:
    return unit.state != Unit.State.IN_RECEIVING and uin.may_arrive(unit.state, returned=False)
