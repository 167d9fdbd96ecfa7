"""Telling the core of a sale, in the background and as often as it takes: it records each sale once, by its client id.

The core's stock is left alone: the projection of the store's balance brings it the right quantity.
"""

from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from commerce import core as commerce
from commerce.errors import CoreRefused
from commerce.records import CoreAddress, CoreOrder, PosOrderDraft, PosOrderLineDraft, PosTenderDraft
from inventory.models import Store
from kernel.money import round_half_up
from plugins.carts import handlers
from plugins.carts.core_records import LINE_KEY, NUMBER_KEY, core_line_ids
from plugins.carts.models import Order, OrderLine
from plugins.pos import errors
from plugins.pos.models import Sale, SaleException, SaleLine

TOPIC: Final = "pos.sale_recorded"


def want_esims(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: take the eSIM profiles that were sold from their pools."""
    order = Sale.objects.select_related("order").get(pk=payload["sale_id"]).order
    if order is not None:
        handlers.order_esims(order)


def tell_core(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: have the core record the sale as an order, and keep its id and number."""
    sale = Sale.objects.select_related("store", "order__channel").get(pk=payload["sale_id"])
    order = sale.order
    if order is None or order.core_id or not sale.store.core_warehouse_id:
        return
    reference = str(sale.client_id)
    try:
        recorded = commerce.core().order_by_external_reference(reference)
        if recorded is None:
            recorded = commerce.core().bulk_create_pos_order(_draft(sale, order, reference))
    except CoreRefused as refused:
        # Its word is final and trying again changes nothing: a person has to look.
        SaleException.objects.get_or_create(
            sale=sale,
            code=errors.CORE_REFUSED,
            defaults={
                "message": _("The commerce core did not record this sale: %(reason)s") % {"reason": refused.message},
                "params": {"code": refused.code, "field": refused.field or ""},
            },
        )
        return
    _keep(order, recorded)


def _keep(order: Order, recorded: CoreOrder) -> None:
    Order.objects.filter(pk=order.pk).update(core_id=recorded.id, core_number=recorded.number)
    ids = core_line_ids(recorded)
    for line in order.lines.all():
        line.core_line_id = ids.get(str(line.pk)) or ids.get(line.sku, "")
        line.save(update_fields=["core_line_id"])


def _draft(sale: Sale, order: Order, reference: str) -> PosOrderDraft:
    told = {line.position: line for line in sale.lines.all()}
    return PosOrderDraft(
        external_reference=reference,
        channel=order.channel_id,
        currency=order.currency,
        created_at=order.created_at,
        # The core demands an address; somebody who gave none is known by the store's.
        email=order.email or sale.store.email or settings.DEFAULT_FROM_EMAIL,
        warehouse_id=sale.store.core_warehouse_id or "",
        billing_address=_address(order, sale.store),
        lines=tuple(_line(line, told[line.position], order) for line in order.lines.all()),
        tenders=tuple(
            PosTenderDraft(tender.get_method_display(), f"{reference}:{tender.position}", tender.amount)
            for tender in sale.tenders.all()
        ),
        language="ZH_HANS" if order.language.lower().startswith("zh") else "EN",
        metadata={NUMBER_KEY: order.number},
    )


def _line(line: OrderLine, told: SaleLine, order: Order) -> PosOrderLineDraft:
    net, gross = _net_and_gross(line.total, line.tax, order)
    full_net, full_gross = net, gross
    if told.discount:
        full = told.unit_price * line.quantity
        tax = round_half_up(line.tax * full / line.total, order.currency) if line.total else Decimal(0)
        full_net, full_gross = _net_and_gross(full, tax, order)
    return PosOrderLineDraft(
        product_id=line.product_id,
        variant_id=line.variant_id,
        sku=line.sku,
        product_name=line.name,
        quantity=line.quantity,
        total_net=net,
        total_gross=gross,
        undiscounted_net=max(full_net, net),
        undiscounted_gross=max(full_gross, gross),
        tax_rate=line.tax_rate,
        is_shipping_required=line.stocked,
        metadata={LINE_KEY: str(line.pk)},
    )


def _net_and_gross(amount: Decimal, tax: Decimal, order: Order) -> tuple[Decimal, Decimal]:
    return (amount - tax, amount) if order.channel.prices_include_tax else (amount, amount + tax)


def _address(order: Order, store: Store) -> CoreAddress:
    return CoreAddress(
        first_name=order.first_name or "-",
        last_name=order.last_name or store.name,
        street_address_1=store.street_address,
        city=store.city,
        postal_code=store.postal_code,
        country_area=store.country_area,
        country=store.country,
        skip_validation=True,
    )
