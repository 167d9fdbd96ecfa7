"""The part of a `Core` that writes and reads stock."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from commerce.calls import read, repeat, write
from commerce.client import input_types as inputs
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import StockRefusal
from commerce.transport import Transport

StockRow = tuple[str, str, int]  # variant id, warehouse id, quantity

STOCK_BATCH = 100


class StockCalls:
    """Stock of warehouses; see `commerce.core` for errors and repetition."""

    _client: Transport

    def push_stock(self, rows: Sequence[StockRow]) -> list[StockRefusal]:
        """Set quantities, (variant id, warehouse id, quantity) a row; idempotent. Returns the rows refused.

        A variant that the warehouse has not held before gets its stock row made.
        """
        refused: list[StockRefusal] = []
        for start in range(0, len(rows), STOCK_BATCH):
            missing: dict[str, list[StockRow]] = defaultdict(list)
            for row, code, message in self._push_batch(rows[start : start + STOCK_BATCH]):
                if code == "NOT_FOUND":
                    missing[row[0]].append(row)
                else:
                    refused.append(StockRefusal(row[0], row[1], code, message))
            for made in missing.values():
                refused += self._make_stocks(made)
        return refused

    def _push_batch(self, batch: Sequence[StockRow]) -> Iterator[tuple[StockRow, str, str]]:
        stocks = [
            inputs.StockBulkUpdateInput(variantId=variant_id, warehouseId=warehouse_id, quantity=quantity)
            for variant_id, warehouse_id, quantity in batch
        ]
        results = repeat(lambda: self._client.stock_bulk_update(stocks=stocks)).stock_bulk_update.results
        if len(results) != len(batch):
            raise CoreUnavailable("The core did not answer for every row of stock.")
        for row, result in zip(batch, results, strict=True):
            if result.errors:
                yield row, result.errors[0].code.value, result.errors[0].message or ""

    def _make_stocks(self, rows: Sequence[StockRow]) -> list[StockRefusal]:
        """Set rows of one variant that are perhaps new to the core. It takes all or none: each is tried alone then."""
        stocks = [inputs.StockInput(warehouse=warehouse, quantity=quantity) for _variant, warehouse, quantity in rows]
        variant_id = rows[0][0]
        try:
            repeat(lambda: self._client.product_variant_stocks_update(variant_id=variant_id, stocks=stocks))
        except CoreRefused as error:
            if len(rows) > 1:
                return [refusal for row in rows for refusal in self._make_stocks([row])]
            return [StockRefusal(*rows[0][:2], error.code, error.message)]
        return []

    def stock_of(self, variant_id: str) -> dict[str, tuple[int, int]]:
        """(quantity, allocated) of a variant by warehouse id; empty when the variant is unknown."""
        variant = read(lambda: self._client.variant_stocks(id=variant_id)).product_variant
        stocks = (variant.stocks if variant else None) or ()
        return {stock.warehouse.id: (stock.quantity, stock.quantity_allocated) for stock in stocks}

    def make_stock_rows(self, variant_ids: Collection[str], warehouse_id: str) -> bool:
        """Give the warehouse an empty stock row of each variant that it never held; whether there was one to make."""
        made = False
        for variant_id in variant_ids:
            if warehouse_id not in self.stock_of(variant_id):
                made = self._create_row(variant_id, warehouse_id) or made
        return made

    def _create_row(self, variant_id: str, warehouse_id: str) -> bool:
        stocks = [inputs.StockInput(warehouse=warehouse_id, quantity=0)]
        try:
            # Creating never touches a row that somebody else has made meanwhile, as setting it would.
            write(lambda: self._client.product_variant_stocks_create(variant_id=variant_id, stocks=stocks))
        except CoreRefused as refused:
            return refused.code == "UNIQUE"
        return True
