"""Recording a sale of goods: its rows, its order, its stock and its money, in one transaction of the caller."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from inventory import serials as serial_numbers
from inventory import services as inventory
from inventory.errors import INSUFFICIENT_STOCK
from kernel import outbox
from kernel.errors import ApiError, Errors
from kernel.identity import Caller
from kernel.money import Money, allocate
from plugins.carts import at_address, timeline
from plugins.carts.contact import ContactChange, changes
from plugins.carts.lines import last_day
from plugins.carts.models import Order, OrderLine, OrderStatus
from plugins.carts.placing_order import DATES_CHANGED
from plugins.catalogue.models import Channel, SalesChannel
from plugins.payments import services as payments
from plugins.pos import cart_settlement, core_orders, errors, selectors
from plugins.pos.checks import LineDraft, SaleDraft, clock_exceptions, price_exceptions
from plugins.pos.models import Sale, SaleException, SaleLine, Shift, Tender
from plugins.pos.selectors import Article
from plugins.staff.permissions import POS_OVERRIDE


@dataclass(frozen=True, slots=True)
class Entry:
    """A well-formed entry with all that recording it needs; the caller holds the lock of the shift's row."""

    caller: Caller
    key: UUID
    draft: SaleDraft
    shift: Shift
    channel: Channel
    now: datetime

    @property
    def happened_at(self) -> datetime:
        """When it happened, but never ahead of us: the books know no future."""
        return min(self.draft.occurred_at, self.now)

    def money(self, amount: Decimal) -> Money:
        """An amount in the sale's currency."""
        return Money(amount, self.channel.currency).quantized()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an entry became."""

    order: Order
    exceptions: list[ApiError] = field(default_factory=list)


def record_goods(entry: Entry) -> Recorded:
    """Record a sale of goods, whatever the books say against it. Errors: UNKNOWN_SKU."""
    draft = entry.draft
    articles = _articles(entry)
    contact, wrong_contact = _contact(entry)
    taken = cart_settlement.take(entry.caller, draft.cart_id, entry.now)
    order = _make_order(entry, articles, taken.contact | contact, taken)
    sold = inventory.sell(
        store_id=entry.shift.store_id,
        lines=[(line.sku, line.quantity, line.serials) for line in draft.lines],
        source_key=f"sale/{entry.key}",
        actor=entry.caller.scope,
        occurred_at=entry.happened_at,
        allow_short=True,
        reservation_id=taken.reservation_id,
    )
    found = [
        *entry_exceptions(entry),
        *_price_exceptions(entry, articles, taken),
        *cart_settlement.keep_ports(taken, order, entry.now),
        *_unplaced(entry, order),
        *wrong_contact,
        *taken.exceptions,
        *(_at_line(problem, draft.lines) for problem in sold.exceptions),
    ]
    sale = store(entry, order, found, articles)
    _take_payments(entry, order)
    timeline.add(order=order, code="SOLD_IN_STORE", actor=entry.caller.scope, store=entry.shift.store.name)
    outbox.publish(topic=core_orders.TOPIC, aggregate=f"order:{order.pk}", payload={"sale_id": sale.pk})
    if order.promises.exists():
        # Once the core has the order: what concerns one order is delivered in turn.
        outbox.publish(topic=DATES_CHANGED, aggregate=f"order:{order.pk}", payload={"order_id": order.pk})
    return Recorded(order, found)


def entry_exceptions(entry: Entry) -> list[ApiError]:
    """What is wrong with the moment of an entry: SHIFT_CLOSED, CLOCK_SKEW."""
    found = clock_exceptions(entry.draft.occurred_at, now=entry.now, shift_opened_at=entry.shift.opened_at)
    if entry.shift.closed_at is not None:
        message = _("Its shift was closed and counted before this was told: %(cash)s are not in its expected cash.")
        cash = sum((tender.amount for tender in entry.draft.tenders if tender.method == "CASH"), Decimal(0))
        facts = {"cash": str(entry.money(cash))}
        found.append(ApiError(errors.SHIFT_CLOSED, message, field="shiftId", params=facts))
    return found


def store(entry: Entry, order: Order, found: Sequence[ApiError], articles: dict[str, Article]) -> Sale:
    """Write the entry's own rows."""
    draft = entry.draft
    sale = Sale.objects.create(
        client_id=entry.key,
        digest=draft.digest,
        shift=entry.shift,
        register_id=entry.shift.register_id,
        store_id=entry.shift.store_id,
        staff_id=int(entry.caller.id),
        order=order,
        occurred_at=draft.occurred_at,
        recorded_at=entry.now,
        offline=draft.offline,
        currency=draft.currency,
        total=draft.total,
        tax_total=draft.tax_total,
    )
    SaleLine.objects.bulk_create(
        SaleLine(
            sale=sale,
            position=position,
            sku=line.sku,
            quantity=line.quantity,
            unit_price=line.unit_price,
            discount=line.discount,
            tax=line.tax,
            list_price=articles[line.sku].listed.price if line.sku in articles else None,
            price_reason=line.price_reason,
            serials=list(line.serials),
        )
        for position, line in enumerate(draft.lines)
    )
    Tender.objects.bulk_create(
        Tender(sale=sale, position=position, method=tender.method, amount=tender.amount, reference=tender.reference)
        for position, tender in enumerate(draft.tenders)
    )
    SaleException.objects.bulk_create(_exception_row(sale, problem) for problem in found)
    return sale


def _exception_row(sale: Sale, problem: ApiError) -> SaleException:
    return SaleException(
        sale=sale,
        code=problem.code,
        message=problem.message[:500],
        field=(problem.field or "")[:80],
        params=problem.params,
    )


def _articles(entry: Entry) -> dict[str, Article]:
    found = selectors.articles((line.sku for line in entry.draft.lines), entry.channel)
    unknown = [
        ApiError(
            errors.UNKNOWN_SKU, _("There is no article %(sku)s."), field=f"lines.{n}.sku", params={"sku": line.sku}
        )
        for n, line in enumerate(entry.draft.lines)
        if line.sku not in found
    ]
    if unknown:
        raise Errors(unknown)
    return found


def _contact(entry: Entry) -> tuple[dict[str, Any], list[ApiError]]:
    """What is right of the contact: an address mistyped without a network must not lose the sale."""
    change = entry.draft.contact
    if change is None:
        return {}, []
    values: dict[str, Any] = {}
    problems: list[ApiError] = []
    for name in ("first_name", "last_name", "email", "phone", "billing_address"):
        part = ContactChange(**{name: getattr(change, name)})
        try:
            values |= changes(part, region=entry.channel.country)
        except ApiError as problem:
            problems.append(problem)
    return {name: value for name, value in values.items() if value}, problems


def _price_exceptions(entry: Entry, articles: dict[str, Article], taken: cart_settlement.Taken) -> list[ApiError]:
    quoted = {
        number
        for number, line in enumerate(entry.draft.lines)
        if (part := taken.part(line.bundle_id, line.sku, line.amount)) is not None
        and (part.total, part.tax) == (line.amount, line.tax)
    }
    return price_exceptions(
        entry.draft.lines,
        {sku: article.listed for sku, article in articles.items()},
        currency=entry.channel.currency,
        prices_include_tax=entry.channel.prices_include_tax,
        may_override=entry.caller.may(POS_OVERRIDE),
        quoted=quoted,
    )


def _unplaced(entry: Entry, order: Order) -> list[ApiError]:
    """Services of which nobody has said where they are to work: SERVICE_ADDRESS_REQUIRED for each."""
    try:
        at_address.require_placed(entry.channel, list(order.lines.all()))
    except ApiError as problem:
        return [problem]
    except Errors as problems:
        return problems.errors
    return []


def _at_line(problem: ApiError, lines: Sequence[LineDraft]) -> ApiError:
    sku = problem.params.get("sku")
    index = next((number for number, line in enumerate(lines) if line.sku == sku), None)
    if index is not None:
        problem.field = f"lines.{index}.{'quantity' if problem.code == INSUFFICIENT_STOCK else 'serials'}"
    return problem


def _make_order(
    entry: Entry, articles: dict[str, Article], contact: dict[str, Any], taken: cart_settlement.Taken
) -> Order:
    draft = entry.draft
    order = Order.objects.create(
        **{"language": entry.channel.language} | contact,
        cart=taken.cart,
        channel=entry.channel,
        sales_channel=SalesChannel.POS,
        store_id=entry.shift.store_id,
        status=OrderStatus.FULFILLED,
        currency=entry.channel.currency,
        subtotal=sum((line.amount for line in draft.lines), Decimal(0)),
        tax=draft.tax_total,
        total=draft.total,
        created_at=entry.happened_at,
        promise_date=last_day(
            part for line in draft.lines if (part := taken.line_of(line.bundle_id, line.sku, line.amount))
        ),
        monthly=sum((line.bundle_monthly for line in taken.lines), Decimal(0)),
    )
    OrderLine.objects.bulk_create(
        line
        for position, told in enumerate(draft.lines)
        for line in _order_lines(entry, order, position, told, articles[told.sku], taken)
    )
    return order


def _order_lines(
    entry: Entry, order: Order, position: int, told: LineDraft, article: Article, taken: cart_settlement.Taken
) -> list[OrderLine]:
    """The order's lines for one of the sale: two when a discount cannot be spread evenly over the pieces."""
    serials = [_stored(article.tracking, serial) for serial in told.serials] if article.serialised else []
    groups = Counter(piece.amount for piece in allocate(entry.money(told.amount), [1] * told.quantity))
    taxes = allocate(entry.money(told.tax), [price * count or 1 for price, count in groups.items()])
    part = taken.line_of(told.bundle_id, told.sku, told.amount)
    made: list[OrderLine] = []
    for (price, count), tax in zip(groups.items(), taxes, strict=True):
        made.append(
            OrderLine(
                order=order,
                position=position,
                sku=told.sku,
                variant_id=article.variant_id,
                product_id=article.product_id,
                name=article.name[:512],
                kind=article.kind,
                stocked=article.stocked,
                serialised=article.serialised,
                quantity=count,
                unit_price=price,
                tax_rate=article.listed.tax_rate,
                tax=tax.amount,
                bundle_id=told.bundle_id[:64],
                bundle_group=part.bundle_group if part else "",
                bundle_instance=part.bundle_instance if part else 1,
                bundle_monthly=part.bundle_monthly if part and not made else Decimal(0),
                available_from=part.available_from if part else None,
                service=part.service if part else None,
                serials=serials[:count],
            )
        )
        serials = serials[count:]
    return made


def _stored(tracking: str, serial: str) -> str:
    try:
        return serial_numbers.normalise(tracking, serial)
    except serial_numbers.InvalidSerial:
        # Told as an exception by the inventory; the receipt says what the register noted.
        return serial


def _take_payments(entry: Entry, order: Order) -> None:
    for number, tender in enumerate(entry.draft.tenders):
        payments.record_counter_payment(
            key=f"sale:{entry.key}:{number}",
            reference=order.pk,
            method=tender.method,
            amount=entry.money(tender.amount),
            provider_reference=tender.reference or str(entry.key),
        )
