"""Transactions: what a payment provider holds or has taken, as its app reports it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from embedded_core import ids
from embedded_core.errors import PermissionDenied, Problem, Refused, refuse
from embedded_core.models import Checkout, Order, TransactionEvent, TransactionItem
from embedded_core.models.base import ZERO
from embedded_core.requestor import Requestor
from embedded_core.services import events
from embedded_core.services.metadata import as_dict
from embedded_core.services.pricing import quantize

AMOUNTS = {
    "amount_authorized": "authorized",
    "amount_charged": "charged",
    "amount_refunded": "refunded",
    "amount_canceled": "canceled",
}


def create(*, target_id: str, data: dict[str, Any], event: dict[str, Any] | None, by: Requestor) -> TransactionItem:
    """A new transaction of a checkout or an order.

    Asked twice with one `pspReference`, there are two transactions and the order is overcharged: as in Saleor,
    the caller looks before.
    """
    by.require("HANDLE_PAYMENTS")
    target = _target(target_id)
    row = build(target, data, by=by)
    row.save()
    if event:
        TransactionEvent.objects.create(
            transaction=row,
            type="INFO",
            psp_reference=event.get("psp_reference") or "",
            message=(event.get("message") or "")[:512],
        )
    if isinstance(target, Order):
        _order_changed(target, by=by)
    return row


def build(target: Checkout | Order, data: dict[str, Any], *, by: Requestor) -> TransactionItem:
    """The transaction of a TransactionCreateInput, checked and not saved."""
    currency = target.channel.currency_code if isinstance(target, Checkout) else target.currency
    return TransactionItem(
        checkout=target if isinstance(target, Checkout) else None,
        order=target if isinstance(target, Order) else None,
        app=by.app,
        user=by.user,
        name=data.get("name") or "",
        message=(data.get("message") or "")[:512],
        psp_reference=data.get("psp_reference") or "",
        external_url=_url(data.get("external_url")),
        available_actions=sorted({str(getattr(a, "value", a)) for a in data.get("available_actions") or ()}),
        currency=currency,
        metadata=as_dict(data.get("metadata"), code="METADATA_KEY_REQUIRED", field="transaction"),
        private_metadata=as_dict(data.get("private_metadata"), code="METADATA_KEY_REQUIRED", field="transaction"),
        **_amounts(data, currency),
    )


def _target(text: str) -> Checkout | Order:
    """The checkout or order, locked: its amounts change with the transaction."""
    try:
        type_name, _ = ids.parse(text)
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "id") from error
    if type_name == "Checkout":
        return ids.get(text, Checkout.objects.select_related("channel").select_for_update(of=("self",)), "id")
    if type_name == "Order":
        return ids.get(text, Order.objects.select_for_update(of=("self",)), "id")
    raise refuse("NOT_FOUND", f"Couldn't resolve to Checkout or Order: {text}", "id")


def _url(text: str | None) -> str:
    try:
        if text:
            URLValidator()(text)
    except ValidationError as error:
        raise refuse("INVALID", "Invalid format of `externalUrl`.", "transaction") from error
    return text or ""


def _amounts(data: dict[str, Any], currency: str) -> dict[str, Decimal]:
    given = {name: data[field] for field, name in AMOUNTS.items() if data.get(field)}
    wrong = [field for field, name in AMOUNTS.items() if name in given and given[name]["currency"] != currency]
    if wrong:
        message = f"Currency needs to be the same as for order: {currency}"
        camel = {field: "amount" + field.removeprefix("amount_").capitalize() for field in wrong}
        raise Refused(*(Problem("INCORRECT_CURRENCY", message, camel[field]) for field in wrong))
    return {name: quantize(money["amount"], currency) for name, money in given.items()}


def refresh_order(order: Order) -> None:
    """Recompute what is charged and authorised from the transactions; the first of them confirms the order."""
    rows = list(order.transactions.all())
    order.total_charged = sum((row.charged for row in rows), ZERO)
    order.total_authorized = sum((row.authorized for row in rows), ZERO)
    order.charge_status = _charge_status(order.total_charged, order.total_gross)
    if rows and order.status == Order.Status.UNCONFIRMED:
        order.status = Order.Status.UNFULFILLED
    order.save(update_fields=["total_charged", "total_authorized", "charge_status", "status", "updated_at"])


def _charge_status(charged: Decimal, total: Decimal) -> str:
    if charged == total:
        return Order.ChargeStatus.FULL
    if charged > total:
        return Order.ChargeStatus.OVERCHARGED
    return Order.ChargeStatus.PARTIAL if charged > 0 else Order.ChargeStatus.NONE


def _order_changed(order: Order, *, by: Requestor) -> None:
    paid = (Order.ChargeStatus.FULL, Order.ChargeStatus.OVERCHARGED)
    was_paid = order.charge_status in paid
    refresh_order(order)
    if order.charge_status in paid and not was_paid:
        events.order("order_fully_paid", order, by=by)
    events.order("order_updated", order, by=by)


def _authorized(row: TransactionItem, amount: Decimal) -> None:
    row.authorized += amount


def _adjusted(row: TransactionItem, amount: Decimal) -> None:
    row.authorized = amount


def _charged(row: TransactionItem, amount: Decimal) -> None:
    row.charged += amount
    row.authorized = max(row.authorized - amount, ZERO)


def _charged_back(row: TransactionItem, amount: Decimal) -> None:
    row.charged -= amount


def _refunded(row: TransactionItem, amount: Decimal) -> None:
    row.refunded += amount
    row.charged -= amount


def _refund_reversed(row: TransactionItem, amount: Decimal) -> None:
    row.refunded -= amount
    row.charged += amount


def _canceled(row: TransactionItem, amount: Decimal) -> None:
    row.canceled += amount
    row.authorized = max(row.authorized - amount, ZERO)


# Requests, failures and remarks are recorded and move no money.
EFFECTS: dict[str, Callable[[TransactionItem, Decimal], None]] = {
    "AUTHORIZATION_SUCCESS": _authorized,
    "AUTHORIZATION_ADJUSTMENT": _adjusted,
    "CHARGE_SUCCESS": _charged,
    "CHARGE_BACK": _charged_back,
    "REFUND_SUCCESS": _refunded,
    "REFUND_REVERSE": _refund_reversed,
    "CANCEL_SUCCESS": _canceled,
}
AMOUNT_OPTIONAL = ("AUTHORIZATION_FAILURE", "CHARGE_FAILURE", "REFUND_FAILURE", "CANCEL_FAILURE", "INFO")


def report_event(
    *, transaction_id: str | None, event_type: str, amount: Decimal | None, psp_reference: str, by: Requestor
) -> tuple[TransactionItem, bool]:
    """Record what happened to a transaction; returns it and whether this very event was known already.

    The same type and reference with another amount is refused with INCORRECT_DETAILS.
    """
    row = ids.get(transaction_id, TransactionItem.objects.select_related("app"), "id")
    _require_access(row, by=by)
    order, row = _lock_with_owner(row)
    if amount is None and event_type not in AMOUNT_OPTIONAL:
        raise refuse("REQUIRED", f"The `amount` field is required for {event_type} event.", "amount")
    amount = quantize(amount or ZERO, row.currency)
    known = row.events.filter(type=event_type, psp_reference=psp_reference).first()
    if known is not None:
        if known.amount != amount:
            message = "The transaction with provided `pspReference` and `type` already exists with different amount."
            raise refuse("INCORRECT_DETAILS", message, "pspReference")
        return row, True
    if event_type == "AUTHORIZATION_SUCCESS" and row.events.filter(type=event_type).exists():
        message = (
            "Event with `AUTHORIZATION_SUCCESS` already reported for the transaction. "
            "Use `AUTHORIZATION_ADJUSTMENT` to change the authorization amount."
        )
        raise refuse("ALREADY_EXISTS", message, "type")
    TransactionEvent.objects.create(transaction=row, type=event_type, psp_reference=psp_reference, amount=amount)
    if event_type in EFFECTS:
        EFFECTS[event_type](row, amount)
    if not row.psp_reference and event_type.startswith(("AUTHORIZATION_", "CHARGE_")):
        row.psp_reference = psp_reference
    row.save()
    if order is not None:
        _order_changed(order, by=by)
    return row, False


def _lock_with_owner(row: TransactionItem) -> tuple[Order | None, TransactionItem]:
    """Lock what a transaction belongs to and then the transaction, in the order in which everything locks them."""
    if row.checkout_id is not None:
        # A completion in progress moves the transaction to its order: wait for it and look again.
        Checkout.objects.select_for_update().filter(pk=row.checkout_id).first()
        row.refresh_from_db(fields=["order", "checkout"])
    order = Order.objects.select_for_update(of=("self",)).filter(pk=row.order_id).first()
    return order, TransactionItem.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _require_access(row: TransactionItem, *, by: Requestor) -> None:
    """An app reports on its own transactions alone, and staff never on an app's."""
    owned_by_other = row.app_id is not None and (by.app is None or by.app.pk != row.app_id)
    if not by.has("HANDLE_PAYMENTS") or owned_by_other:
        raise PermissionDenied("OWNER", "HANDLE_PAYMENTS")
