"""Returns: units of an order come back at a counter. It is decided in one transaction; what others must be told follows
through the outbox, as often as it takes: the card's money, the core.

Locks: the order before its promises, payments, rooms, balances and units, then ports.
"""

import datetime as dt
import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from commerce import core as commerce
from commerce.errors import CoreRefused
from commerce.records import CoreTransaction
from inventory import esim, rooms
from inventory import serials as serial_numbers
from inventory import services as inventory
from inventory.errors import SERIAL_REQUIRED
from inventory.models import StockItem
from kernel import audit, outbox
from kernel.errors import INVALID, ApiError
from kernel.locks import lock_rows
from plugins.carts import errors, orders, ports, refunds, timeline
from plugins.carts.models import (
    Order,
    OrderLine,
    OrderReturn,
    OrderStatus,
    ReturnedLine,
    ServiceHold,
    ServicePromise,
)
from plugins.carts.refunds import OrderRefund
from plugins.payments import services as payments
from plugins.payments.models import Payment, Refund

log = logging.getLogger(__name__)

TOPIC: Final = "order.returned"
_HANDED_OVER: Final = ("SOLD_IN_STORE", "FULFILLED", "GOODS_HANDED_OVER")


class Condition(StrEnum):
    """In which state goods come back: what is as new goes on sale again, all else into the store's quarantine."""

    AS_NEW = "AS_NEW"
    OPENED = "OPENED"
    DAMAGED = "DAMAGED"
    DEFECTIVE = "DEFECTIVE"


@dataclass(frozen=True, slots=True)
class Back:
    """Units of a line that come back."""

    line_id: str
    quantity: int
    serials: Sequence[str] = ()
    condition: str = Condition.AS_NEW


@transaction.atomic
def record(
    *,
    order_id: str,
    key: str,
    store_id: str,
    back: Sequence[Back],
    actor: str,
    at: dt.datetime,
    late_allowed: bool = False,
) -> OrderReturn:
    """Take units of an order back into the stock of a store and decide what is given back; once by `key`.

    Money that a register took is given back by the caller, now; a card's follows. After `settings.RETURN_DAYS` only
    with `late_allowed`. Errors: those of `refunds.refund_of`, RETURN_TOO_LATE, SERIAL_REQUIRED, SERIAL_NOT_SOLD,
    ALREADY_RETURNED, INVALID (condition) and those of `inventory.take_back`. Nothing is changed then.
    """
    order = orders.locked(order_id)
    known = OrderReturn.objects.filter(key=key).first()
    if known is not None:
        return known
    if not late_allowed:
        _require_in_time(order, at)
    for number, one in enumerate(back):
        if one.condition not in set(Condition):
            message = _("Say in which condition it is: %(choices)s.")
            raise ApiError(
                INVALID, message, field=f"lines.{number}.condition", params={"choices": ", ".join(Condition)}
            )
    found = refunds.refund_of(order, [(one.line_id, one.quantity) for one in back])
    serials = _checked_serials(order, back)
    made = _write(order, found, back, serials, key=key, store_id=store_id, actor=actor, at=at)
    for payment, amount in found.payments:
        payments.plan_refund(key=_refund_key(made, payment), payment=payment, amount=amount)
    _into_stock(made, actor)
    _settle(order)
    total = str(order.money(made.total))
    timeline.add(order=order, code="RETURNED", actor=actor, amount=total)
    audit.record(
        actor=actor,
        action="order.returned",
        subject=f"order:{order.number}",
        detail={"amount": total, "withheld": str(made.withheld), "units": sum(one.quantity for one in back)},
    )
    outbox.publish(topic=TOPIC, aggregate=f"order:{order.pk}", payload={"return_id": made.pk})
    return made


def _require_in_time(order: Order, at: dt.datetime) -> None:
    handed = order.events.filter(code__in=_HANDED_OVER).order_by("-at").values_list("at", flat=True).first()
    days = settings.RETURN_DAYS
    if at > (handed or order.created_at) + dt.timedelta(days=days):
        message = _("It was sold more than %(days)s days ago: a manager has to take it back.")
        raise ApiError(errors.RETURN_TOO_LATE, message, field="lines", params={"days": days})


def _checked_serials(order: Order, back: Sequence[Back]) -> list[list[str]]:
    """The serials of each entry as they are stored: each handed over by its line and not yet back."""
    lines = {str(line.pk): line for line in order.lines.all()}
    tracking = dict(
        StockItem.objects.filter(pk__in={line.sku for line in lines.values()}).values_list("pk", "tracking")
    )
    gone: defaultdict[str, set[str]] = defaultdict(set)
    for row in ReturnedLine.objects.filter(order_return__order=order):
        gone[str(row.line_id)] |= set(row.serials)
    found: list[list[str]] = []
    for number, one in enumerate(back):
        line, at = lines[one.line_id.lower()], f"lines.{number}.serials"
        if not line.serialised:
            found.append([])
            continue
        codes = [_normalised(tracking.get(line.sku, ""), code, at) for code in one.serials]
        if len(set(codes)) != one.quantity:
            raise ApiError(SERIAL_REQUIRED, _("Scan each piece that comes back once."), field=at)
        for code in codes:
            if code in gone[str(line.pk)]:
                message = _("%(serial)s has come back before.")
                raise ApiError(errors.ALREADY_RETURNED, message, field=at, params={"serial": code, "left": 0})
            if code not in line.serials:
                message = _("%(serial)s was not sold with this order.")
                raise ApiError(errors.SERIAL_NOT_SOLD, message, field=at, params={"serial": code})
        gone[str(line.pk)] |= set(codes)
        found.append(codes)
    return found


def _normalised(tracking: str, code: str, field: str) -> str:
    try:
        return serial_numbers.normalise(tracking, code)
    except serial_numbers.InvalidSerial as wrong:
        message = _("%(serial)s was not sold with this order.")
        raise ApiError(errors.SERIAL_NOT_SOLD, message, field=field, params={"serial": code}) from wrong


def _write(
    order: Order, found: OrderRefund, back: Sequence[Back], serials: Sequence[list[str]], **values: Any
) -> OrderReturn:
    made = OrderReturn.objects.create(
        order=order,
        total=found.total,
        tax=found.tax,
        withheld=found.withheld,
        for_old_devices=found.for_old_devices,
        **values,
    )
    for one in found.lines:
        entries = [
            (entry, codes)
            for entry, codes in zip(back, serials, strict=True)
            if entry.line_id.lower() == str(one.line.pk)
        ]
        weights = [entry.quantity for entry, _codes in entries]
        amounts, taxes = (refunds.spread(order, whole, weights) for whole in (one.amount, one.tax))
        for (entry, codes), amount, tax in zip(entries, amounts, taxes, strict=True):
            ReturnedLine.objects.create(
                order_return=made,
                line=one.line,
                quantity=entry.quantity,
                serials=codes,
                condition=entry.condition,
                amount=amount,
                tax=tax,
            )
    return made


def _into_stock(made: OrderReturn, actor: str) -> None:
    """Goods back into the books of the store: on sale again as new, else in its quarantine."""
    groups: defaultdict[bool, list[tuple[str, int, list[str]]]] = defaultdict(list)
    for row in made.lines.select_related("line"):
        if row.line.stocked:
            groups[row.condition == Condition.AS_NEW].append((row.line.sku, row.quantity, row.serials))
    for as_new, lines in sorted(groups.items()):
        inventory.take_back(
            store_id=made.store_id,
            lines=lines,
            source_key=f"return/{made.key}/{'floor' if as_new else 'quarantine'}",
            actor=actor,
            occurred_at=made.at,
            room_id=None if as_new else str(rooms.quarantine(made.store_id).pk),
        )


def _settle(order: Order) -> None:
    """The order's state, and the ports of services that came back altogether."""
    back = refunds.returned_units(order)
    gone = {str(line.pk) for line in order.lines.all() if back[str(line.pk)] >= line.quantity}
    live = lock_rows(order.promises.filter(state__in=ServicePromise.LIVE))
    ended = [
        promise for promise in live if all(str(line.pk) in gone for line in OrderLine.objects.filter(service=promise))
    ]
    ports.end(ended, reason="the service was returned")
    if order.status == OrderStatus.HELD and not any(one.state == ServicePromise.State.HELD for one in live):
        # What it waited for is no longer wanted.
        order.status = order.hold.resumes_as
        order.save(update_fields=["status"])
        ServiceHold.objects.filter(order=order).update(is_held=False)
    whole = refunds.all_returned(order)
    orders.set_status(order_id=order.pk, status=OrderStatus.RETURNED if whole else OrderStatus.PARTIALLY_RETURNED)


def _refund_key(made: OrderReturn, payment: Payment) -> str:
    return f"return:{made.key}:{payment.pk}"


def refunds_of(made: OrderReturn) -> QuerySet[Refund]:
    """The parts of payments that a return gives back, with their payments."""
    return Refund.objects.filter(key__startswith=f"return:{made.key}:").select_related("payment")


def give_back_money(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `order.returned`: have the provider give back what was paid by card."""
    made = OrderReturn.objects.select_related("order").get(pk=payload["return_id"])
    for due in refunds_of(made).filter(state=Refund.State.DUE):
        done = payments.give_back(refund=due)
        amount = str(made.order.money(done.amount))
        if done.state == Refund.State.DONE:
            timeline.add(order=made.order, code="PAYMENT_REFUNDED", amount=amount)
        else:
            # The provider's word is final: a person has to give the money back another way.
            log.error("the provider does not refund %s of order %s", amount, made.order.number)
            detail = {"code": done.failure_code, "amount": amount}
            audit.record(
                actor="system", action="order.refund_refused", subject=f"order:{made.order.number}", detail=detail
            )


def return_in_core(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `order.returned`: tell the core what came back and what was given back. Twice is as once."""
    made = OrderReturn.objects.select_related("order").get(pk=payload["return_id"])
    order = made.order
    if not order.core_id:
        return
    rows = ReturnedLine.objects.filter(order_return__order=order, order_return__pk__lte=made.pk).select_related("line")
    units = sum((Counter({row.line.core_line_id: row.quantity}) for row in rows), Counter[str]())
    recorded = commerce.core().order(order.core_id)
    # What was never handed over there, a service, cannot come back there.
    left: Counter[str] = Counter()
    for part in recorded.fulfilled if recorded else ():
        left[part.order_line_id] += part.quantity
    due = [(line_id, min(count, left[line_id])) for line_id, count in sorted(units.items()) if left[line_id]]
    try:
        returned = commerce.core().return_order(order.core_id, due)
        _report_refunds(made, returned.transactions)
    except CoreRefused as refused:
        # The core's word is final, and trying again changes nothing: a person has to look.
        log.exception("the core does not take order %s back", order.number)
        orders.note_refusal(order, action="order.core_return_refused", refused=refused)


def _report_refunds(made: OrderReturn, transactions: Sequence[CoreTransaction]) -> None:
    by_reference = {paid.psp_reference: paid for paid in transactions}
    for refund in refunds_of(made).filter(state=Refund.State.DONE):
        payment = refund.payment
        # A sale's money is known to the core by the sale and the tender's number.
        paid = by_reference.get(payment.provider_reference) or by_reference.get(payment.key.removeprefix("sale:"))
        if paid is not None:
            commerce.core().report_refund(paid.id, amount=refund.amount, psp_reference=f"return:{made.key}:{paid.id}")


def revoke_esims(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `order.returned`: the profiles of an order that came back whole must not be loaded any more."""
    order = OrderReturn.objects.select_related("order").get(pk=payload["return_id"]).order
    if order.status == OrderStatus.RETURNED:
        esim.revoke_order(order=order.number, actor="system")
