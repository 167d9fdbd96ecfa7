"""Orders after the sale: fulfilment from a warehouse, and cancellation."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from embedded_core import ids
from embedded_core.errors import Problem, Refused, refuse
from embedded_core.models import Fulfillment, FulfillmentLine, Order, OrderLine, Warehouse
from embedded_core.requestor import Requestor
from embedded_core.services import events, stock


def _locked(order_id: str | None, field: str) -> Order:
    return ids.get(order_id, Order.objects.select_for_update(of=("self",)), field)


def fulfil(*, order_id: str | None, data: dict[str, Any], by: Requestor) -> Order:
    """Hand out units of an order from warehouses: quantity and allocation go down together.

    Refuses with FULFILL_ORDER_LINE when more is asked for than remains, and with INSUFFICIENT_STOCK, for a warehouse
    that does not exist, too. As in Saleor, a cancelled order is not refused.
    """
    by.require("MANAGE_ORDERS")
    order = _locked(order_id, "order")
    parts = _parts(order, data["lines"])
    stock.lock(line.variant_id for line, _, _ in parts if line.variant_id)
    problems = []
    for line, warehouse, quantity in parts:
        exceeded = bool(data.get("allow_stock_to_be_exceeded"))
        short = stock.take(line, warehouse=warehouse, quantity=quantity, allow_exceeded=exceeded)
        if short is not None:
            extra = {"warehouse": ids.global_id(warehouse), "order_lines": [ids.global_id(line)]}
            message = f"Insufficient product stock: {line.product_sku}"
            problems.append(Problem("INSUFFICIENT_STOCK", message, "stocks", extra))
    if problems:
        raise Refused(*problems)
    _record(order, parts, data.get("tracking_number") or "")
    events.order("order_updated", order, by=by)
    if order.status == Order.Status.FULFILLED:
        events.order("order_fulfilled", order, by=by)
    return order


def _has_left(order: Order) -> bool:
    """Whether units are with the customer; what came back does not count."""
    return order.fulfillments.filter(status=Fulfillment.Status.FULFILLED).exists()


def _parts(order: Order, lines: Sequence[dict[str, Any]]) -> list[tuple[OrderLine, Warehouse, int]]:
    """What is to leave which warehouse, checked against what remains of each line."""
    line_ids = [entry.get("order_line_id") or "" for entry in lines]
    for line_id in line_ids:
        if line_ids.count(line_id) > 1:
            raise refuse("DUPLICATED_INPUT_ITEM", "Duplicated order line ID.", "orderLineId", order_lines=[line_id])
    found = ids.get_all(line_ids, order.lines.select_related("variant"), "lines")
    places = [stock_input["warehouse"] for entry in lines for stock_input in entry["stocks"]]
    warehouses = _warehouses(places)
    parts = []
    for entry in lines:
        line = found[entry["order_line_id"]]
        here = [stock_input["warehouse"] for stock_input in entry["stocks"]]
        if len(set(here)) < len(here):
            raise refuse("DUPLICATED_INPUT_ITEM", "Duplicated warehouse ID.", "warehouse", warehouse=here[0])
        quantities = [stock_input["quantity"] for stock_input in entry["stocks"]]
        if any(quantity < 0 for quantity in quantities):
            raise refuse("INVALID_QUANTITY", "Quantity must not be negative.", "quantity")
        if sum(quantities) > line.quantity_unfulfilled:
            message = f"Only {line.quantity_unfulfilled} item(s) remaining to fulfill: {line.product_sku}."
            raise refuse("FULFILL_ORDER_LINE", message, "orderLineId", order_lines=[ids.global_id(line)])
        parts += [(line, warehouses[place], units) for place, units in zip(here, quantities, strict=True) if units]
    if not parts:
        raise refuse("ZERO_QUANTITY", "Total quantity must be larger than 0.", "lines")
    return parts


def _warehouses(places: Sequence[str]) -> dict[str, Warehouse]:
    try:
        rows = {text: ids.find(text, Warehouse.objects.all()) for text in set(places)}
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "warehouse") from error
    for text, row in rows.items():
        if row is None:
            raise refuse("INSUFFICIENT_STOCK", "Insufficient product stock.", "stocks", warehouse=text)
    return rows


def _record(order: Order, parts: Sequence[tuple[OrderLine, Warehouse, int]], tracking_number: str) -> None:
    by_place: dict[Warehouse, list[tuple[OrderLine, int]]] = defaultdict(list)
    for line, warehouse, quantity in parts:
        line.quantity_fulfilled += quantity
        line.save(update_fields=["quantity_fulfilled"])
        by_place[warehouse].append((line, quantity))
    for warehouse, lines in by_place.items():
        fulfillment = Fulfillment.objects.create(order=order, warehouse=warehouse, tracking_number=tracking_number)
        FulfillmentLine.objects.bulk_create(
            FulfillmentLine(fulfillment=fulfillment, order_line=line, quantity=quantity) for line, quantity in lines
        )
    order.status = status_by_lines(order.lines.all())
    order.save(update_fields=["status", "updated_at"])


def status_by_lines(lines: Sequence[OrderLine]) -> str:
    """The status that an order has by how much of its lines is fulfilled."""
    if all(line.quantity_unfulfilled == 0 for line in lines):
        return Order.Status.FULFILLED
    if any(line.quantity_fulfilled for line in lines):
        return Order.Status.PARTIALLY_FULFILLED
    return Order.Status.UNFULFILLED


def cancel(*, order_id: str | None, by: Requestor) -> Order:
    """Cancel an order and give back its stock; money is a matter of its own.

    Refuses with CANNOT_CANCEL_ORDER when it is canceled already or something of it has left.
    """
    by.require("MANAGE_ORDERS")
    order = _locked(order_id, "id")
    if order.status == Order.Status.CANCELED or _has_left(order):
        raise refuse("CANNOT_CANCEL_ORDER", "This order can't be canceled.", "order")
    stock.release(order.lines.all())
    order.status = Order.Status.CANCELED
    order.save(update_fields=["status", "updated_at"])
    events.order("order_cancelled", order, by=by)
    events.order("order_updated", order, by=by)
    return order
