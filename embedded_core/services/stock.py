"""Stock of warehouses: set by the two stock mutations, promised to orders, taken by fulfilments.

Rows are locked in the order of their primary keys, so that two checkouts never wait for each other.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from embedded_core import ids
from embedded_core.errors import Problem, Refused, refuse
from embedded_core.models import Allocation, Channel, OrderLine, ProductVariant, Stock, Warehouse
from embedded_core.requestor import Requestor
from embedded_core.services import events


@dataclass(frozen=True)
class Shortage:
    """A variant of which fewer units are free than were asked for."""

    variant: ProductVariant
    available: int


def serving(channel_slug: str) -> "QuerySet[Warehouse]":
    """The warehouses that serve a channel. Without shipping zones, a warehouse serves the channels of its country."""
    country = Channel.objects.filter(slug=channel_slug).values("default_country")[:1]
    return Warehouse.objects.annotate(country=KeyTextTransform("country", "address")).filter(country__in=country)


def available_in_channel(variant_ids: Iterable[int], channel_slug: str) -> dict[int, int]:
    """Units free over the warehouses that serve a channel, by variant; a variant without stock is missing."""
    rows = Stock.objects.filter(variant_id__in=variant_ids, warehouse__in=serving(channel_slug))
    rows = rows.values("variant_id").order_by()
    sums = rows.annotate(free=Sum(F("quantity") - F("quantity_allocated")))
    return {row["variant_id"]: row["free"] for row in sums}


def lock(variant_ids: Iterable[int], *, warehouse_ids: Iterable[Any] | None = None) -> list[Stock]:
    """All stock of these variants, or of those warehouses alone, locked in the order of primary keys."""
    rows = Stock.objects.select_for_update(of=("self",)).filter(variant_id__in=set(variant_ids))
    if warehouse_ids is not None:
        rows = rows.filter(warehouse_id__in=set(warehouse_ids))
    return list(rows.select_related("variant__product", "warehouse").order_by("pk"))


def allocate(lines: Sequence[OrderLine], *, collection_point: Warehouse | None) -> list[Shortage]:
    """Promise units to order lines; returns what is short, having written nothing then.

    A LOCAL collection point gives of its own stock alone; with ALL the remainder comes from other warehouses.
    """
    tracked = [line for line in lines if line.variant is not None and line.variant.track_inventory]
    stocks: dict[int, list[Stock]] = defaultdict(list)
    for stock in lock(line.variant_id for line in tracked):
        if _may_give(stock, collection_point):
            stocks[stock.variant_id].append(stock)
    taken: dict[int, int] = defaultdict(int)
    allocations, shortages = [], []
    for line in tracked:
        rows = sorted(stocks[line.variant_id], key=lambda row: (row.warehouse != collection_point, row.pk))
        free = sum(max(row.available - taken[row.pk], 0) for row in rows)
        if free < line.quantity:
            shortages.append(Shortage(line.variant, free))
            continue
        missing = line.quantity
        for row in rows:
            part = min(missing, max(row.available - taken[row.pk], 0))
            if part:
                allocations.append(Allocation(order_line=line, stock=row, quantity=part))
                taken[row.pk] += part
                missing -= part
    if not shortages:
        Allocation.objects.bulk_create(allocations)
        for pk, quantity in taken.items():
            Stock.objects.filter(pk=pk).update(quantity_allocated=F("quantity_allocated") + quantity)
    return shortages


def _may_give(stock: Stock, collection_point: Warehouse | None) -> bool:
    local = collection_point and collection_point.click_and_collect == Warehouse.ClickAndCollect.LOCAL
    return not local or stock.warehouse_id == collection_point.pk


def release(lines: Iterable[OrderLine]) -> None:
    """Give back everything that is promised to these lines."""
    allocations = list(Allocation.objects.filter(order_line__in=lines).select_related("order_line"))
    lock(row.order_line.variant_id for row in allocations if row.order_line.variant_id)
    for row in allocations:
        Stock.objects.filter(pk=row.stock_id).update(quantity_allocated=F("quantity_allocated") - row.quantity)
        row.delete()


def take(line: OrderLine, *, warehouse: Warehouse, quantity: int, allow_exceeded: bool) -> Shortage | None:
    """Take units out of a warehouse for an order line and give back as much of what it was promised.

    The line's variant must be locked. Returns the shortage, having written nothing, when the warehouse has too
    few that are free or promised to this line, unless that is allowed.
    """
    if line.variant is None or not line.variant.track_inventory:
        return None
    stock = Stock.objects.filter(variant_id=line.variant_id, warehouse=warehouse).first()
    allocations = list(line.allocations.select_related("stock").order_by("pk"))
    own = sum(row.quantity for row in allocations if stock and row.stock_id == stock.pk)
    free = stock.available + min(own, quantity) if stock else 0
    if stock is None or (free < quantity and not allow_exceeded):
        return Shortage(line.variant, max(free, 0))
    # What is promised at this warehouse goes first, then whatever else was promised to the line.
    allocations.sort(key=lambda row: (row.stock_id != stock.pk, row.pk))
    _deallocate(allocations, quantity)
    Stock.objects.filter(pk=stock.pk).update(quantity=F("quantity") - quantity)
    return None


def _deallocate(allocations: Sequence[Allocation], quantity: int) -> None:
    for row in allocations:
        part = min(row.quantity, quantity)
        if not part:
            return
        quantity -= part
        Stock.objects.filter(pk=row.stock_id).update(quantity_allocated=F("quantity_allocated") - part)
        if part == row.quantity:
            row.delete()
        else:
            Allocation.objects.filter(pk=row.pk).update(quantity=F("quantity") - part)


def set_variant_stocks(*, variant_id: str | None, stocks: Sequence[dict[str, Any]], by: Requestor) -> ProductVariant:
    """Set a variant's quantities in warehouses, making rows that are missing (productVariantStocksUpdate)."""
    by.require("MANAGE_PRODUCTS")
    variant = ids.get(variant_id, ProductVariant.objects.select_related("product"), "variantId")
    _refuse_negative(stocks)
    repeated = [
        index for index, row in enumerate(stocks) if row["warehouse"] in [s["warehouse"] for s in stocks[:index]]
    ]
    if repeated:
        raise Refused(*(Problem("UNIQUE", "Duplicated warehouse ID.", "warehouse", {"index": i}) for i in repeated))
    warehouses = ids.get_all([row["warehouse"] for row in stocks], Warehouse.objects.all(), "warehouse")
    wanted = {warehouses[row["warehouse"]].pk: row["quantity"] for row in stocks}
    Stock.objects.bulk_create((Stock(variant=variant, warehouse_id=pk) for pk in wanted), ignore_conflicts=True)
    for stock in lock([variant.pk]):
        if stock.warehouse_id in wanted:
            _set(stock, wanted[stock.warehouse_id], by=by)
    return variant


def create_variant_stocks(*, variant_id: str | None, stocks: Sequence[dict[str, Any]], by: Requestor) -> ProductVariant:
    """Make stock rows of a variant that are not there yet (productVariantStocksCreate); UNIQUE for one that is."""
    by.require("MANAGE_PRODUCTS")
    variant = ids.get(variant_id, ProductVariant.objects.select_related("product"), "variantId")
    _refuse_negative(stocks)
    warehouses = ids.get_all([row["warehouse"] for row in stocks], Warehouse.objects.all(), "warehouse")
    for index, row in enumerate(stocks):
        made, new = Stock.objects.get_or_create(
            variant=variant, warehouse=warehouses[row["warehouse"]], defaults={"quantity": row["quantity"]}
        )
        if not new:
            raise refuse(
                "UNIQUE", "Stock for this warehouse already exists for this product variant.", "warehouse", index=index
            )
        events.product_variant_stock_updated(made, by=by)
    return variant


def _refuse_negative(stocks: Sequence[dict[str, Any]]) -> None:
    negative = [index for index, row in enumerate(stocks) if row["quantity"] < 0]
    if negative:
        message = "Quantity should not be less than 0."
        raise Refused(*(Problem("INVALID", message, "quantity", {"index": index}) for index in negative))


def _set(stock: Stock, quantity: int, *, by: Requestor) -> None:
    if stock.quantity != quantity:
        stock.quantity = quantity
        stock.save(update_fields=["quantity"])
        events.product_variant_stock_updated(stock, by=by)


@dataclass(frozen=True)
class BulkOutcome:
    """What became of each row of a bulk update: its problems, and how many rows were written."""

    count: int
    problems: list[list[Problem]]


def bulk_update(*, stocks: Sequence[Mapping[str, Any]], error_policy: str, by: Requestor) -> BulkOutcome:
    """Set quantities of stock rows that exist (stockBulkUpdate); REJECT_EVERYTHING writes none when one is wrong."""
    by.require("MANAGE_PRODUCTS")
    problems: list[list[Problem]] = [[] for _ in stocks]
    keys = [_bulk_key(row, problems[index]) for index, row in enumerate(stocks)]
    valid = [key for key in keys if key is not None]
    rows = lock((key[0] for key in valid), warehouse_ids=(key[1] for key in valid))
    found = {(stock.variant_id, stock.warehouse_id): stock for stock in rows}
    for key, row_problems in zip(keys, problems, strict=True):
        if key is not None and key not in found:
            row_problems.append(Problem("NOT_FOUND", "Stock was not found."))
    if error_policy == "REJECT_EVERYTHING" and any(problems):
        return BulkOutcome(0, problems)
    count = 0
    for key, row, row_problems in zip(keys, stocks, problems, strict=True):
        if key is not None and not row_problems:
            _set(found[key], row["quantity"], by=by)
            count += 1
    return BulkOutcome(count, problems)


def _bulk_key(row: Mapping[str, Any], problems: list[Problem]) -> tuple[int, Any] | None:
    keys = []
    for field, model in (("variantId", ProductVariant), ("warehouseId", Warehouse)):
        text = row.get("variant_id" if model is ProductVariant else "warehouse_id")
        try:
            keys.append(ids.key_of(text or "", model))
        except ids.InvalidId:
            problems.append(Problem("INVALID", f"Invalid {field}.", field))
    if row["quantity"] < 0:
        problems.append(Problem("INVALID", "Quantity should not be less than 0.", "quantity"))
    return None if problems else (keys[0], keys[1])


def shortage_refused(shortages: Sequence[Shortage]) -> Refused:
    """The refusal of a checkout for want of stock, with the variants that are short."""
    names = ", ".join(str(shortage.variant) for shortage in shortages)
    variants = [ids.global_id(shortage.variant) for shortage in shortages]
    return refuse("INSUFFICIENT_STOCK", f"Insufficient product stock: {names}", None, variants=variants)
