"""Goods that come back at a register: an entry with negative figures, for an order of the suite wherever it was placed.

It has not happened before it is recorded: unlike a sale it is refused when something is wrong, and nothing is changed.
"""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from plugins.carts import returns
from plugins.carts.models import Order, OrderLine, OrderReturn
from plugins.carts.returns import Back, Condition
from plugins.payments.models import Method
from plugins.pos import errors, recording
from plugins.pos.recording import Entry, Recorded
from plugins.staff.permissions import POS_OVERRIDE, POS_RETURN


def record_return(entry: Entry) -> Recorded:
    """Take units of an order back; cash given back counts in the shift, a provider pays its card back by itself.

    Any store of the channel's country takes back. Errors: PERMISSION_DENIED (without pos.return), UNKNOWN_LINE (no such
    line, or of another country's order), REFUND_DIFFERS (other figures than `Order.refund`), TENDER_MISMATCH (not the
    ways in which it was paid) and those of `returns.record`; fields as in the entry.
    """
    entry.caller.require(POS_RETURN)
    order = _order(entry)
    made = returns.record(
        order_id=order.pk,
        key=str(entry.key),
        store_id=entry.shift.store_id,
        back=[
            Back(line.original_line_id, -line.quantity, line.serials, line.condition or Condition.AS_NEW)
            for line in entry.draft.lines
        ],
        actor=entry.caller.scope,
        at=entry.happened_at,
        late_allowed=entry.caller.may(POS_OVERRIDE),
    )
    _require_figures(entry, made)
    _require_tenders(entry, made)
    found = recording.entry_exceptions(entry)
    recording.store(entry, order, found, {})
    order.refresh_from_db()
    return Recorded(order, found)


def _order(entry: Entry) -> Order:
    """The one order that all lines belong to."""
    lines = {str(line.pk): line for line in OrderLine.objects.filter(pk__in=_ids(entry)).select_related("order")}
    orders = {line.order_id: line.order for line in lines.values() if line.order.channel_id == entry.channel.pk}
    for number, told in enumerate(entry.draft.lines):
        line = lines.get(told.original_line_id.lower())
        if line is None or line.order_id not in orders or line.sku != told.sku or len(orders) > 1:
            message = _("There is no such line of one order of this country's stores.")
            raise ApiError(errors.UNKNOWN_LINE, message, field=f"lines.{number}.originalLineId")
    return next(iter(orders.values()))


def _ids(entry: Entry) -> list[UUID]:
    found = []
    for line in entry.draft.lines:
        try:
            found.append(UUID(line.original_line_id))
        except ValueError:
            continue
    return found


def _require_figures(entry: Entry, made: OrderReturn) -> None:
    due = (-made.total, -made.tax)
    if (entry.draft.total, entry.draft.tax_total) != due:
        message = _("%(due)s are given back for this, %(tax)s of it tax, not %(told)s.")
        facts = {
            "due": str(entry.money(made.total)),
            "tax": str(entry.money(made.tax)),
            "told": str(entry.money(-entry.draft.total)),
        }
        raise ApiError(errors.REFUND_DIFFERS, message, field="total", params=facts)


def _require_tenders(entry: Entry, made: OrderReturn) -> None:
    """Money goes back the way that it came."""
    due: defaultdict[str, Decimal] = defaultdict(Decimal)
    for refund in returns.refunds_of(made):
        due[refund.payment.method] += refund.amount
    if made.for_old_devices:
        due[Method.CASH] += made.for_old_devices
    told: defaultdict[str, Decimal] = defaultdict(Decimal)
    for tender in entry.draft.tenders:
        told[tender.method] -= tender.amount
    if due != told:
        ways = ", ".join(f"{entry.money(amount)} {method}" for method, amount in sorted(due.items()))
        message = _("Money goes back the way it was paid: %(ways)s.")
        raise ApiError(errors.TENDER_MISMATCH, message, field="tenders", params={"ways": ways})
