"""What is given back for units of an order that come back, to the cent, and by which payments. Writes nothing.

Units of a line bring back their share of what the line cost, together all of it. Parts of a bundle that was sold as it
was quoted bring back what `bundle_returns` says: fees stay, and discounts that the rest no longer deserves.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError
from kernel.money import Money, allocate, round_half_up
from plugins.bundles.changes import Kind
from plugins.bundles.errors import CREDIT_EXCEEDS_BILL
from plugins.carts import bundle_returns, errors
from plugins.carts.bundle_quotes import bundles_of
from plugins.carts.models import CartBundle, Order, OrderLine, OrderReturn, OrderStatus, ReturnedLine, ServiceHold
from plugins.payments.errors import PAYMENT_NOT_POSSIBLE
from plugins.payments.models import Method, Payment
from plugins.payments.states import State

HANDED_OVER = frozenset({OrderStatus.PARTIALLY_FULFILLED, OrderStatus.FULFILLED, OrderStatus.PARTIALLY_RETURNED})


@dataclass(frozen=True, slots=True)
class LineRefund:
    """What units of a line bring back: `amount` in money, `tax` in it."""

    line: OrderLine
    quantity: int
    amount: Decimal
    tax: Decimal


@dataclass(frozen=True, slots=True)
class OrderRefund:
    """What is given back in all, of which payments: (payment, amount). `withheld` is left out of the lines already.

    `for_old_devices` was brought by no payment but by old devices that are gone: it is paid out in cash.
    """

    lines: Sequence[LineRefund]
    withheld: Decimal
    payments: Sequence[tuple[Payment, Decimal]]
    for_old_devices: Decimal

    @property
    def total(self) -> Decimal:
        """In money, tax included."""
        return sum((one.amount for one in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal:
        """The tax in it."""
        return sum((one.tax for one in self.lines), Decimal(0))


def refund_of(order: Order, wanted: Sequence[tuple[str, int]]) -> OrderRefund:
    """What (line id, units) of an order bring back.

    Errors: NOT_RETURNABLE (`lines`, or a line that carries a fee, a deposit or a tax), UNKNOWN_LINE, INVALID_QUANTITY,
    ALREADY_RETURNED, CREDIT_EXCEEDS_BILL (the rest of a bundle would not bear its credits, or the customer would owe
    for the part), PAYMENT_NOT_POSSIBLE.
    """
    _require_handed_over(order)
    lines = list(order.lines.all())
    bundles = {str(bundle.pk): bundle for bundle in bundles_of(order.cart)} if order.cart else {}
    before = returned_before(order)
    units = _checked(lines, bundles, wanted, before)
    quoted = {key for key, bundle in bundles.items() if _as_quoted(order, bundle, lines)}
    found = [
        LineRefund(line, count, *_share(order, line, count, _sum(before)[str(line.pk)]))
        for line, count in units
        if line.bundle_id not in quoted
    ]
    withheld = Decimal(0)
    for key in sorted(quoted & {line.bundle_id for line, _count in units}):
        parts, kept = _of_bundle(order, bundles[key], lines, [one for one in units if one[0].bundle_id == key], before)
        found += parts
        withheld += kept
    total = sum((one.amount for one in found), Decimal(0))
    if total < 0:
        message = _("More was taken off for this than was paid for it. Take it back with what it was sold with.")
        raise ApiError(CREDIT_EXCEEDS_BILL, message, field="lines")
    sources, rest = _sources(order, total)
    if rest > _old_devices(order, [bundles[key] for key in sorted(quoted)]):
        message = _("More would be given back than was paid and not given back yet. A manager has to look.")
        raise ApiError(PAYMENT_NOT_POSSIBLE, message, field="lines")
    return OrderRefund(found, withheld, sources, rest)


def returned_before(order: Order) -> list[dict[str, int]]:
    """Units by line id of each return of the order, the oldest first. One query."""
    rows = ReturnedLine.objects.filter(order_return__order=order).order_by("order_return_id", "pk")
    by_return: dict[int, Counter[str]] = {}
    for of_return, line_id, units in rows.values_list("order_return_id", "line_id", "quantity"):
        by_return.setdefault(of_return, Counter())[str(line_id)] += units
    return [dict(units) for units in by_return.values()]


def returned_units(order: Order) -> Counter[str]:
    """Units by line id that have come back in all. One query."""
    return _sum(returned_before(order))


def is_carrier(line: OrderLine, bundles: Mapping[str, CartBundle]) -> bool:
    """Whether a line carries a fee, a deposit or a tax of a bundle: it stays, or comes back with what it belongs to."""
    return bool(line.bundle_id) and not line.bundle_group and line.bundle_id in bundles


def all_returned(order: Order) -> bool:
    """Whether nothing is left that can come back."""
    bundles = {str(bundle.pk): bundle for bundle in bundles_of(order.cart)} if order.cart else {}
    gone = returned_units(order)
    return all(gone[str(line.pk)] >= line.quantity or is_carrier(line, bundles) for line in order.lines.all())


def _require_handed_over(order: Order) -> None:
    status = order.status
    if status == OrderStatus.HELD:
        status = ServiceHold.objects.values_list("resumes_as", flat=True).get(order=order)
    if status == OrderStatus.RETURNED:
        raise ApiError(
            errors.ALREADY_RETURNED, _("All of this order has come back."), field="lines", params={"left": 0}
        )
    if status not in HANDED_OVER:
        message = _("This order was not handed over: cancel it instead.")
        raise ApiError(errors.NOT_RETURNABLE, message, field="lines")


def _checked(
    lines: Sequence[OrderLine],
    bundles: Mapping[str, CartBundle],
    wanted: Sequence[tuple[str, int]],
    before: Sequence[Mapping[str, int]],
) -> list[tuple[OrderLine, int]]:
    own = {str(line.pk): line for line in lines}
    gone, found = _sum(before), Counter[str]()
    if not wanted:
        raise ApiError(errors.NOT_RETURNABLE, _("Name what comes back."), field="lines")
    for number, (line_id, units) in enumerate(wanted):
        key = line_id.lower()
        if key not in own or is_carrier(own[key], bundles):
            message = _("This line is no part of the order that can come back by itself.")
            raise ApiError(errors.NOT_RETURNABLE, message, field=f"lines.{number}.lineId")
        if units < 1:
            message = _("The quantity must be 1 or more.")
            raise ApiError(errors.INVALID_QUANTITY, message, field=f"lines.{number}.quantity")
        found[key] += units
        left = own[key].quantity - gone[key]
        if found[key] > left:
            message = _("%(left)s of this line can still come back.")
            params = {"left": left}
            raise ApiError(errors.ALREADY_RETURNED, message, field=f"lines.{number}.quantity", params=params)
    return [(own[key], units) for key, units in found.items()]


def _sum(before: Sequence[Mapping[str, int]]) -> Counter[str]:
    return sum((Counter(units) for units in before), Counter[str]())


def paid_for(order: Order, line: OrderLine) -> Decimal:
    """What a line cost, tax included."""
    return line.total if order.channel.prices_include_tax else line.total + line.tax


def _as_quoted(order: Order, bundle: CartBundle, lines: Sequence[OrderLine]) -> bool:
    """Whether a bundle was sold whole and for its quote; at a register it may not have been."""
    paid = sum((paid_for(order, line) for line in lines if line.bundle_id == str(bundle.pk)), Decimal(0))
    return paid == bundle.due_today


def _share(order: Order, line: OrderLine, units: int, before: int) -> tuple[Decimal, Decimal]:
    """What units of a line cost, and the tax in it, after so many have come back: together exactly the line."""

    def part(whole: Decimal) -> Decimal:
        upto, until = (
            round_half_up(whole * count / line.quantity, order.currency) for count in (before, before + units)
        )
        return until - upto

    return part(paid_for(order, line)), part(line.tax)


def _of_bundle(
    order: Order,
    bundle: CartBundle,
    lines: Sequence[OrderLine],
    units: Sequence[tuple[OrderLine, int]],
    before: Sequence[Mapping[str, int]],
) -> tuple[list[LineRefund], Decimal]:
    own = {str(line.pk) for line in lines if line.bundle_id == str(bundle.pk)}
    earlier = [{key: count for key, count in one.items() if key in own} for one in before]
    asked = [(str(line.pk), count) for line, count in units]
    found = bundle_returns.refund(bundle, lines, asked, earlier)
    counts, gone = dict(asked), _sum(before)
    amounts = [money for _line, money in found.lines]
    withheld = found.withheld if found.withheld.amount > 0 else Money.zero(order.currency)
    if withheld.amount:
        shares = allocate(withheld, [int(money.amount.scaleb(3)) for money in amounts])
        amounts = [money - share for money, share in zip(amounts, shares, strict=True)]
    made = []
    for (line, _money), amount in zip(found.lines, amounts, strict=True):
        count = counts[str(line.pk)]
        _paid, tax = _share(order, line, count, gone[str(line.pk)])
        made.append(LineRefund(line, count, amount.amount, max(Decimal(0), min(tax, amount.amount))))
    return made, withheld.amount


def _old_devices(order: Order, quoted: Sequence[CartBundle]) -> Decimal:
    """What old devices brought, less what was paid out for them."""
    brought = (
        entry.amount.amount
        for bundle in quoted
        for entry in bundle_returns.life_of(bundle).entries
        if entry.kind is Kind.TRADE_IN
    )
    out = order.returns.aggregate(sum=Sum("for_old_devices"))["sum"] or Decimal(0)
    return sum(brought, Decimal(0)) - out


def _sources(order: Order, total: Decimal) -> tuple[list[tuple[Payment, Decimal]], Decimal]:
    """Which payments the money goes back to, cards of a provider first, then what a register took; and the rest."""
    paid = Payment.objects.filter(reference=order.pk, state__in=[State.AUTHORISED, State.CAPTURED])
    found, rest = [], total
    for payment in sorted(paid, key=lambda one: (not one.provider, one.method != Method.CARD, one.created_at, one.pk)):
        if not payment.provider and payment.state != State.CAPTURED:
            continue
        amount = min(rest, payment.amount - payment.refunded)
        if amount > 0:
            found.append((payment, amount))
            rest -= amount
    return found, rest


def spread(order: Order, whole: Decimal, units: Sequence[int]) -> list[Decimal]:
    """An amount over entries of so many units each, to the cent."""
    return [money.amount for money in allocate(order.money(whole), list(units))]


def latest(order: Order) -> list[OrderReturn]:
    """The returns of an order with their lines, the oldest first. Two queries."""
    return list(order.returns.prefetch_related("lines"))
