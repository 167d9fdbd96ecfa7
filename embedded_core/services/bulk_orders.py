"""Orders that were sold elsewhere and are recorded afterwards, many at once (orderBulkCreate)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from embedded_core.errors import Problem, Refused
from embedded_core.models import (
    Channel,
    Fulfillment,
    FulfillmentLine,
    Order,
    OrderLine,
    Stock,
    TaxClass,
    TransactionItem,
    User,
    Warehouse,
    next_order_number,
)
from embedded_core.requestor import Requestor
from embedded_core.services import addresses, payments, stock
from embedded_core.services.bulk_lookup import Lookup
from embedded_core.services.metadata import as_dict
from embedded_core.services.orders import status_by_lines
from embedded_core.services.pricing import quantize

MAX_ORDERS = 50
# Clocks of other systems may be this much ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass
class Entry:
    """An order of the input on its way: what was built, what is wrong, whether it cannot be made at all."""

    data: dict[str, Any]
    problems: list[Problem] = field(default_factory=list)
    critical: bool = False
    order: Order | None = None
    lines: list[OrderLine] = field(default_factory=list)
    warehouses: list[Warehouse | None] = field(default_factory=list)
    # Index of the line, warehouse, quantity.
    fulfillments: list[list[tuple[int, Warehouse, int]]] = field(default_factory=list)

    def wrong(self, code: str, message: str, path: str, *, critical: bool = True) -> None:
        self.problems.append(Problem(code, message, path))
        self.critical = self.critical or critical


def create(
    *, orders: Sequence[dict[str, Any]], error_policy: str, stock_policy: str, by: Requestor
) -> tuple[list[Entry], list[Problem]]:
    """Record orders; returns what became of each, and problems of the whole.

    REJECT_EVERYTHING makes no order when one is wrong, REJECT_FAILED_ROWS leaves out those with any problem, and
    IGNORE_FAILED makes whatever can be made. Client totals are trusted, as in Saleor.
    """
    by.require("MANAGE_ORDERS_IMPORT")
    if len(orders) > MAX_ORDERS:
        return [], [Problem("BULK_LIMIT", f"Number of orders exceeds limit: {MAX_ORDERS}.", "orders")]
    lookup = Lookup(orders)
    entries = [Entry(data) for data in orders]
    seen: set[str] = set()
    for entry in entries:
        _build(entry, lookup, seen, by=by)
    if error_policy == "REJECT_EVERYTHING" and any(entry.problems for entry in entries):
        return _without_orders(entries), []
    stock.lock(line.variant_id for entry in entries for line in entry.lines if line.variant_id)
    for entry in entries:
        if entry.critical or (entry.problems and error_policy != "IGNORE_FAILED"):
            entry.order = None
        else:
            _save(entry, stock_policy, by=by)
    if error_policy == "REJECT_EVERYTHING" and any(entry.problems for entry in entries):
        transaction.set_rollback(True)
        return _without_orders(entries), []
    return entries, []


def _without_orders(entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        entry.order = None
    return entries


def _build(entry: Entry, lookup: Lookup, seen: set[str], *, by: Requestor) -> None:
    data = entry.data
    if data["created_at"] > timezone.now() + CLOCK_TOLERANCE:
        entry.wrong("FUTURE_DATE", "Order input contains future date.", "created_at", critical=False)
    reference = data.get("external_reference") or None
    if reference is not None and (reference in lookup.references or reference in seen):
        entry.wrong("UNIQUE", f"Order with external_reference: {reference} already exists.", "external_reference")
    if reference is not None:
        seen.add(reference)
    channel = lookup.channels.get(data["channel"])
    if channel is None:
        entry.wrong("NOT_FOUND", f"Channel instance with slug={data['channel']} doesn't exist.", "channel")
        return
    if channel.currency_code.lower() != data["currency"].lower():
        entry.wrong("INCORRECT_CURRENCY", "Currency from input doesn't match channel's currency.", "currency")
    user = _user(entry, lookup)
    billing = _address(entry, "billing_address", by=by)
    shipping = _address(entry, "shipping_address", by=by)
    point = _collection_point(entry, lookup)
    if not data["lines"]:
        entry.wrong("REQUIRED", "At least one order line can't be created.", "lines")
    for index, line in enumerate(data["lines"]):
        _line(entry, index, line, channel, lookup)
    _fulfillments(entry, lookup)
    entry.order = Order(
        external_reference=reference,
        channel=channel,
        user=user,
        user_email=data["user"].get("email") or (user.email if user else ""),
        currency=channel.currency_code,
        total_net=sum((line.total_net for line in entry.lines), Decimal(0)),
        total_gross=sum((line.total_gross for line in entry.lines), Decimal(0)),
        billing_address=billing,
        shipping_address=shipping or (point.address if point else None),
        collection_point=point,
        collection_point_name=(data.get("delivery_method") or {}).get("warehouse_name")
        or (point.name if point else ""),
        customer_note=data.get("customer_note") or "",
        language_code=str(getattr(data["language_code"], "value", data["language_code"])),
        created_at=data["created_at"],
        metadata=_metadata(entry, data.get("metadata"), "metadata"),
        private_metadata=_metadata(entry, data.get("private_metadata"), "private_metadata"),
    )
    _status(entry)


def _user(entry: Entry, lookup: Lookup) -> User | None:
    data = entry.data["user"]
    if not data.get("id") and not data.get("email"):
        entry.wrong("REQUIRED", "At least one of arguments is required: 'id', 'email'.", "user", critical=False)
        return None
    user = lookup.find(data.get("id"), User) if data.get("id") else lookup.users_by_email.get(data["email"].lower())
    if user is None and not data.get("email"):
        entry.wrong("NOT_FOUND", f"User instance with id={data['id']} doesn't exist.", "user", critical=False)
    return user


def _address(entry: Entry, name: str, *, by: Requestor) -> addresses.Address | None:
    try:
        return addresses.from_input(entry.data.get(name), by=by)
    except Refused:
        message = f"Invalid {name.replace('_', ' ')}."
        entry.wrong("INVALID", message, name, critical=name == "billing_address")
        return None


def _collection_point(entry: Entry, lookup: Lookup) -> Warehouse | None:
    if not any(line["is_shipping_required"] for line in entry.data["lines"]):
        return None
    warehouse_id = (entry.data.get("delivery_method") or {}).get("warehouse_id")
    if not warehouse_id:
        entry.wrong("REQUIRED", "No delivery method provided.", "delivery_method")
        return None
    point = lookup.find(warehouse_id, Warehouse)
    if point is None:
        message = f"Warehouse instance with id={warehouse_id} doesn't exist."
        entry.wrong("NOT_FOUND", message, "delivery_method.warehouse_id")
    return point


def _metadata(entry: Entry, items: Sequence[dict[str, Any]] | None, path: str) -> dict[str, str]:
    try:
        return as_dict(items)
    except Refused:
        entry.wrong("METADATA_KEY_REQUIRED", "Metadata key cannot be empty.", path, critical=False)
        return {}


def _line(entry: Entry, index: int, data: dict[str, Any], channel: Channel, lookup: Lookup) -> None:
    path = f"lines.{index}"
    variant = lookup.variant(data)
    if variant is None:
        entry.wrong("NOT_FOUND", "ProductVariant instance with this id or sku doesn't exist.", path)
    warehouse = lookup.find(data["warehouse"], Warehouse)
    if warehouse is None:
        entry.wrong("NOT_FOUND", f"Warehouse instance with id={data['warehouse']} doesn't exist.", f"{path}.warehouse")
    tax_class = lookup.find(data.get("tax_class_id"), TaxClass) if data.get("tax_class_id") else None
    if tax_class is None:
        code = "NOT_FOUND" if data.get("tax_class_id") else "REQUIRED"
        entry.wrong(code, "Can't return TaxClass instance.", f"{path}.tax_class_id", critical=False)
    net, gross = data["total_price"]["net"], data["total_price"]["gross"]
    before = data["undiscounted_total_price"]
    quantity = data["quantity"]
    if quantity < 1:
        message = "Invalid quantity. Must be integer greater then or equal to 1."
        entry.wrong("INVALID_QUANTITY", message, f"{path}.quantity")
    if gross < net:
        entry.wrong("PRICE_ERROR", "Net price can't be greater then gross price.", f"{path}.total_price")
    if before["gross"] < gross or before["net"] < net:
        message = "Total price can't be greater then undiscounted total price."
        entry.wrong("PRICE_ERROR", message, f"{path}.undiscounted_total_price")
    rate = data.get("tax_rate")
    if rate is None:
        rate = (gross / net - 1) if net else Decimal(0)
    entry.warehouses.append(warehouse)
    units = max(quantity, 1)
    currency = channel.currency_code
    entry.lines.append(
        OrderLine(
            variant=variant,
            product_name=data.get("product_name") or (variant.product.name if variant else ""),
            variant_name=data.get("variant_name") or (variant.name if variant else ""),
            product_sku=data.get("product_sku") or (variant.sku if variant else ""),
            quantity=units,
            unit_net=quantize(net / units, currency),
            unit_gross=quantize(gross / units, currency),
            total_net=net,
            total_gross=gross,
            tax_rate=min(rate, Decimal(9)),
            tax_class_name=data.get("tax_class_name") or (tax_class.name if tax_class else ""),
            metadata=_metadata(entry, data.get("metadata"), f"{path}.metadata"),
            private_metadata=_metadata(entry, data.get("private_metadata"), f"{path}.private_metadata"),
            position=index,
        )
    )


def _fulfillments(entry: Entry, lookup: Lookup) -> None:
    for number, fulfillment in enumerate(entry.data.get("fulfillments") or ()):
        rows = []
        for position, data in enumerate(fulfillment.get("lines") or ()):
            path = f"fulfillments.{number}.lines.{position}"
            index, quantity = data["order_line_index"], data["quantity"]
            warehouse, variant = lookup.find(data["warehouse"], Warehouse), lookup.variant(data)
            if index < 0:
                entry.wrong("NEGATIVE_INDEX", "Order line index can't be negative.", f"{path}.order_line_index")
            elif index >= len(entry.lines):
                message = f"There is no order line with index: {index}."
                entry.wrong("NO_RELATED_ORDER_LINE", message, f"{path}.order_line_index")
            elif variant is None or entry.lines[index].variant != variant or warehouse is None:
                message = "Fulfillment line's variant or warehouse is different then order line's."
                entry.wrong("ORDER_LINE_FULFILLMENT_LINE_MISMATCH", message, path)
            elif quantity < 1 or entry.lines[index].quantity_unfulfilled < quantity:
                message = f"There is more fulfillments, than ordered quantity for order line with index: {index}."
                entry.wrong("INVALID_QUANTITY", message, f"{path}.quantity")
            else:
                entry.lines[index].quantity_fulfilled += quantity
                rows.append((index, warehouse, quantity))
        entry.fulfillments.append(rows)


def _status(entry: Entry) -> None:
    """The status of the input, which has to agree with the fulfilments."""
    if entry.order is None:
        return
    by_lines = status_by_lines(entry.lines)
    given = entry.data.get("status")
    status = str(getattr(given, "value", given)) if given else by_lines
    if status not in Order.Status.values or (status != Order.Status.CANCELED and status != by_lines):
        entry.wrong("INVALID", "Invalid order status.", "status", critical=False)
        status = by_lines
    entry.order.status = status


def _save(entry: Entry, stock_policy: str, *, by: Requestor) -> None:
    try:
        with transaction.atomic():
            _write(entry, stock_policy, by=by)
    except IntegrityError:
        # Another caller recorded the same order since we looked.
        entry.order = None
        entry.wrong("UNIQUE", "Order with this external_reference already exists.", "external_reference")


def _write(entry: Entry, stock_policy: str, *, by: Requestor) -> None:
    """Write an order with its stock; a shortage is found before anything is written."""
    order = entry.order
    if order is None or (stock_policy != "SKIP" and not _take_stock(entry, forced=stock_policy == "FORCE")):
        entry.order = None
        return
    order.number = next_order_number()
    order.save(force_insert=True)
    for line in entry.lines:
        line.order = order
    OrderLine.objects.bulk_create(entry.lines)
    for number, rows in enumerate(entry.fulfillments):
        data = entry.data["fulfillments"][number]
        if not rows:
            continue
        fulfillment = Fulfillment.objects.create(
            order=order, warehouse=rows[0][1], tracking_number=data.get("tracking_code") or ""
        )
        FulfillmentLine.objects.bulk_create(
            FulfillmentLine(fulfillment=fulfillment, order_line=entry.lines[index], quantity=quantity)
            for index, _, quantity in rows
        )
    TransactionItem.objects.bulk_create(
        payments.build(order, data, by=by) for data in entry.data.get("transactions") or ()
    )
    payments.refresh_order(order)


def _take_stock(entry: Entry, *, forced: bool) -> bool:
    """Take what was fulfilled out of its warehouses; the rows are locked. False with a problem when it is short."""
    wanted: dict[int, int] = {}
    for index, warehouse, quantity in (row for rows in entry.fulfillments for row in rows):
        variant = entry.lines[index].variant
        if variant is None or not variant.track_inventory:
            continue
        row = Stock.objects.filter(variant=variant, warehouse=warehouse).first()
        if row is None:
            message = f"There is no stock for given product variant: {variant} and warehouse: {warehouse}."
            entry.wrong("NON_EXISTING_STOCK", message, f"lines.{index}")
            continue
        wanted[row.pk] = wanted.get(row.pk, 0) + quantity
        if row.available < wanted[row.pk] and not forced:
            message = f"Insufficient stock for product variant: {variant} and warehouse: {warehouse}."
            entry.wrong("INSUFFICIENT_STOCK", message, f"lines.{index}")
    if entry.critical:
        return False
    for pk, quantity in wanted.items():
        Stock.objects.filter(pk=pk).update(quantity=F("quantity") - quantity)
    return True
