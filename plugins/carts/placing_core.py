"""Placing an order, the core's part: a checkout that must agree to the cent, its payment, and the order."""

import logging
from decimal import Decimal
from typing import Any

from django.db import transaction

from commerce import core as commerce
from commerce.errors import CoreRefused, CoreUnavailable
from commerce.records import CheckoutDraft, CoreCheckout
from inventory.models import Store
from kernel.money import Money
from kernel.sagas import Retry, SagaContext
from plugins.carts import core_records, placing_payment, sealing
from plugins.carts.placing import cart_of, delivery_of, lines_of, price_changed, wait_or_give_up

log = logging.getLogger(__name__)


def make_checkout(ctx: SagaContext) -> dict[str, Any]:
    """Have the core compute the same order. A checkout whose reply is lost stays unused in the core."""
    cart, cart_lines, store = cart_of(ctx), lines_of(ctx), _store_of(ctx)
    draft = _draft(ctx)
    try:
        checkout = _made(draft, cart.shopper_id, store)
    except CoreUnavailable as error:
        raise wait_or_give_up(ctx, error) from error
    except CoreRefused as refused:
        raise core_records.refusal(refused, cart_lines) from refused
    if checkout.total.gross != Decimal(ctx.results["claim"]["total"]):
        with transaction.atomic():
            core_records.reprice(cart, cart_lines, checkout)
        raise price_changed(Money(checkout.total.gross, cart.currency))
    return {"checkout_id": checkout.id}


def _made(draft: CheckoutDraft, shopper_id: str, store: Store | None) -> CoreCheckout:
    """The checkout with its totals, as the last call answers: the core computes them anew for every answer."""
    core = commerce.core()
    if store is None:
        checkout = core.create_checkout(draft)
        if shopper_id:
            _make_theirs(checkout.id, shopper_id)
        return checkout
    id = core.begin_checkout(draft)
    if shopper_id:
        _make_theirs(id, shopper_id)
    return core.set_checkout_delivery(id, store.core_warehouse_id or "")


def _store_of(ctx: SagaContext) -> Store | None:
    delivery = delivery_of(ctx)
    return delivery.store if delivery else None


def _draft(ctx: SagaContext) -> CheckoutDraft:
    number = ctx.results["claim"]["number"]
    return core_records.checkout_draft(cart_of(ctx), lines_of(ctx), number=number, store=_store_of(ctx))


def _make_theirs(checkout_id: str, shopper_id: str) -> None:
    """Put the order among the customer's in the core, too. One that the core refuses is placed without."""
    try:
        commerce.core().attach_customer(checkout_id, shopper_id)
    except CoreRefused as refused:
        log.warning("the core does not make %s the customer's: %s %s", checkout_id, refused.code, refused.message)


def record_payment(ctx: SagaContext) -> dict[str, Any]:
    """Tell the core that the amount is authorised; it takes no order in a card's name without."""
    psp_reference = ctx.results["authorise"].get("psp_reference")
    if not psp_reference:
        return {}
    try:
        made = commerce.core().create_transaction(
            ctx.results["core_checkout"]["checkout_id"],
            psp_reference=psp_reference,
            currency=cart_of(ctx).currency,
            name="Card",
            amount_authorized=Decimal(ctx.results["claim"]["total"]),
            # Whoever goes on after a crash cannot know whether the core was told, and looks first.
            asked_before=ctx.memory.get(placing_payment.AUTHORISED) != psp_reference,
        )
    except CoreUnavailable as error:
        raise wait_or_give_up(ctx, error) from error
    except CoreRefused as refused:
        raise core_records.refusal(refused, lines_of(ctx)) from refused
    return {"transaction_id": made.id, "psp_reference": psp_reference}


def withdraw_payment(ctx: SagaContext) -> None:
    """Free the card first, whatever the core does; then tell the core so."""
    placing_payment.give_up(ctx)
    recorded = ctx.results["core_payment"]
    if not recorded:
        return
    try:
        commerce.core().report_void(
            recorded["transaction_id"],
            amount=Decimal(ctx.results["claim"]["total"]),
            psp_reference=f"{recorded['psp_reference']}:void",
        )
    except CoreUnavailable as error:
        raise Retry(str(error), at_least=error.retry_after) from error


def complete(ctx: SagaContext) -> dict[str, Any]:
    """Make the core's order. Whether it did is unknown after a lost reply, so there is no giving up: ask until told.

    The seal is written with every try: one that waited for the core would have expired.
    """
    checkout_id, store = ctx.results["core_checkout"]["checkout_id"], _store_of(ctx)
    try:
        if sealing.is_on():
            sealing.write(checkout_id, _draft(ctx), warehouse_id=store.core_warehouse_id if store else None)
        order = commerce.core().complete_checkout(checkout_id)
    except CoreUnavailable as error:
        raise Retry(str(error), at_least=error.retry_after) from error
    except CoreRefused as refused:
        raise core_records.refusal(refused, lines_of(ctx)) from refused
    return {
        "core_id": order.id,
        "core_number": order.number,
        "lines": core_records.core_line_ids(order),
        "total": str(order.total.gross),
    }


def cancel(ctx: SagaContext) -> None:
    """Take the core's order back, the card's authorisation first: the core may be away for long."""
    placing_payment.give_up(ctx)
    try:
        commerce.core().cancel_order(ctx.results["core_complete"]["core_id"])
    except CoreUnavailable as error:
        raise Retry(str(error), at_least=error.retry_after) from error
