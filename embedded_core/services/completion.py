"""A checkout becomes an order: once, with everything copied that must not change later."""

from collections.abc import Sequence

from embedded_core import ids
from embedded_core.errors import refuse
from embedded_core.models import Checkout, Order, OrderLine, TransactionItem, next_order_number
from embedded_core.requestor import Requestor
from embedded_core.services import addresses, events, payments, pricing, stock
from embedded_core.services import checkout as checkouts


def complete(*, checkout_id: str | None, by: Requestor) -> Order:
    """Make the order of a checkout; a checkout that has become an order gives that order again.

    Refuses with CHECKOUT_NOT_FULLY_PAID unless the channel allows unpaid orders, and with INSUFFICIENT_STOCK.
    """
    locked = _locked(checkout_id)
    if isinstance(locked, Order):
        return locked
    checkout = checkouts.queryset().get(pk=locked.pk)
    priced = _priced(checkout)
    _check_addresses(checkout)
    total = pricing.total(priced, checkout.channel.currency_code)
    transactions = list(checkout.transactions.select_for_update())
    _check_paid(checkout, total, transactions)
    order = _order(checkout, total, confirmed=bool(transactions))
    lines = _lines(order, priced)
    shortages = stock.allocate(lines, collection_point=checkout.collection_point)
    if shortages:
        raise stock.shortage_refused(shortages)
    checkout.transactions.update(order=order, checkout=None)
    payments.refresh_order(order)
    checkout.delete()
    _tell(order, by=by)
    return order


def _locked(checkout_id: str | None) -> Checkout | Order:
    """The checkout, locked, or the order that it has become."""
    try:
        key = ids.key_of(checkout_id or "", Checkout)
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "id") from error
    found = Checkout.objects.select_for_update().filter(pk=key).first()
    # Who waited for the lock of a checkout that became an order finds the order here.
    found = found or Order.objects.filter(checkout_id=key).first()
    if found is None:
        raise refuse("NOT_FOUND", f"Couldn't resolve to a node: {checkout_id}", "id")
    return found


def _priced(checkout: Checkout) -> list[pricing.PricedLine]:
    if not checkout.channel.is_active:
        raise refuse("CHANNEL_INACTIVE", "Cannot complete checkout with inactive channel.", "channel")
    if not checkout.email:
        raise refuse("EMAIL_NOT_SET", "Checkout email must be set.", "email")
    lines = list(checkout.lines.all())
    if not lines:
        raise refuse("NO_LINES", "Cannot complete checkout without lines.", "lines")
    priced = pricing.price_lines(checkout, lines)
    gone = {line.pk: line for line in lines if not line.variant.product.is_published}
    gone |= {line.pk: line for line in lines if line.pk not in {row.line.pk for row in priced}}
    if gone:
        variants = [ids.global_id(line.variant) for line in gone.values()]
        message = "Some of the checkout lines variants are unavailable."
        raise refuse("UNAVAILABLE_VARIANT_IN_CHANNEL", message, "lines", variants=variants)
    return priced


def _check_addresses(checkout: Checkout) -> None:
    if checkouts.is_shipping_required(checkout):
        # This core ships nothing: a collection point is the only way of delivery.
        if checkout.collection_point is None:
            raise refuse("SHIPPING_METHOD_NOT_SET", "Shipping method is not set", "shippingMethod")
        if not checkout.shipping_address:
            raise refuse("SHIPPING_ADDRESS_NOT_SET", "Shipping address is not set", "shippingAddress")
    if not checkout.billing_address:
        raise refuse("BILLING_ADDRESS_NOT_SET", "Billing address is not set", "billingAddress")
    addresses.check(checkout.billing_address)


def _check_paid(checkout: Checkout, total: pricing.Taxed, transactions: Sequence[TransactionItem]) -> None:
    covered = sum((row.authorized + row.charged for row in transactions), start=payments.ZERO)
    if covered < total.gross and not checkout.channel.allow_unpaid_orders:
        message = "The authorized amount doesn't cover the checkout's total amount."
        raise refuse("CHECKOUT_NOT_FULLY_PAID", message)


def _order(checkout: Checkout, total: pricing.Taxed, *, confirmed: bool) -> Order:
    point = checkout.collection_point
    return Order.objects.create(
        number=next_order_number(),
        # As in Saleor: without any payment it waits for one, or for a person, though its stock is promised.
        status=Order.Status.UNFULFILLED if confirmed else Order.Status.UNCONFIRMED,
        checkout_id=checkout.pk,
        channel=checkout.channel,
        user=checkout.user,
        user_email=checkout.email,
        currency=total.currency,
        total_net=total.net,
        total_gross=total.gross,
        billing_address=checkout.billing_address,
        shipping_address=checkout.shipping_address,
        collection_point=point,
        collection_point_name=point.name if point else "",
        language_code=checkout.language_code,
        metadata=checkout.metadata,
        private_metadata=checkout.private_metadata,
    )


def _lines(order: Order, priced: Sequence[pricing.PricedLine]) -> list[OrderLine]:
    return OrderLine.objects.bulk_create(
        OrderLine(
            order=order,
            variant=row.line.variant,
            product_name=row.line.variant.product.name,
            variant_name=row.line.variant.name,
            product_sku=row.line.variant.sku,
            quantity=row.line.quantity,
            unit_net=row.unit.net,
            unit_gross=row.unit.gross,
            total_net=row.total.net,
            total_gross=row.total.gross,
            tax_rate=row.rate,
            tax_class_name=row.line.variant.product.tax_class.name if row.line.variant.product.tax_class else "",
            is_price_overridden=row.line.price_override is not None,
            price_override_reason=row.line.price_override_reason,
            metadata=row.line.metadata,
            private_metadata=row.line.private_metadata,
            position=position,
        )
        for position, row in enumerate(priced)
    )


def _tell(order: Order, *, by: Requestor) -> None:
    events.order("order_created", order, by=by)
    if order.charge_status in (Order.ChargeStatus.FULL, Order.ChargeStatus.OVERCHARGED):
        events.order("order_fully_paid", order, by=by)
    events.order("order_updated", order, by=by)
