"""Goods come back: fulfilled units become returned ones. Neither stock nor money moves by this, as in Saleor."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Sum

from embedded_core import ids
from embedded_core.errors import refuse
from embedded_core.models import Fulfillment, FulfillmentLine, Order
from embedded_core.requestor import Requestor
from embedded_core.services import events


def take_back(*, order_id: str | None, lines: Sequence[dict[str, Any]], by: Requestor) -> Fulfillment:
    """Move units out of fulfilments into a new, RETURNED one; returns that.

    Refuses with GRAPHQL_ERROR for lines that are not there (a line that came back whole is gone, too) and with
    INVALID_QUANTITY for more units than a line holds.
    """
    by.require("MANAGE_ORDERS")
    order = ids.get(order_id, Order.objects.select_for_update(of=("self",)), "order")
    texts = [row["fulfillment_line_id"] for row in lines]
    try:
        keys = {text: ids.key_of(text, FulfillmentLine) for text in texts}
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "fulfillmentLines") from error
    held = FulfillmentLine.objects.filter(fulfillment__order=order).in_bulk(set(keys.values()))
    missing = [text for text, key in keys.items() if key not in held]
    if missing:
        message = f"Could not resolve to a node with the global id list of '{missing}'."
        raise refuse("GRAPHQL_ERROR", message, "fulfillmentLines")
    for row in lines:
        if row["quantity"] > held[keys[row["fulfillment_line_id"]]].quantity:
            message = "Provided quantity is bigger than quantity from fulfillment line"
            raise refuse("INVALID_QUANTITY", message, "fulfillmentLineId")
    returned = Fulfillment.objects.create(order=order, status=Fulfillment.Status.RETURNED)
    for row in lines:
        source = held[keys[row["fulfillment_line_id"]]]
        FulfillmentLine.objects.create(fulfillment=returned, order_line=source.order_line, quantity=row["quantity"])
        FulfillmentLine.objects.filter(pk=source.pk).update(quantity=F("quantity") - row["quantity"])
    FulfillmentLine.objects.filter(fulfillment__order=order, quantity=0).delete()
    order.fulfillments.filter(status=Fulfillment.Status.FULFILLED, lines=None).delete()
    _set_status(order)
    events.order("order_updated", order, by=by)
    return returned


def _set_status(order: Order) -> None:
    came_back = FulfillmentLine.objects.filter(
        fulfillment__order=order, fulfillment__status=Fulfillment.Status.RETURNED
    ).aggregate(units=Sum("quantity"))["units"]
    ordered = sum(line.quantity for line in order.lines.all())
    if came_back:
        order.status = Order.Status.RETURNED if came_back == ordered else Order.Status.PARTIALLY_RETURNED
        order.save(update_fields=["status", "updated_at"])
