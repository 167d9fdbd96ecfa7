"""Placing an order, the payment's part."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import ApiError
from kernel.money import Money
from kernel.sagas import Retry, SagaContext
from plugins.carts import errors
from plugins.carts.models import Cart
from plugins.carts.placing import PATIENCE, cart_of, wait_or_give_up
from plugins.payments import services as payments
from plugins.payments.errors import PAYMENT_DECLINED
from plugins.payments.models import Method, Payment
from plugins.payments.port import PortUnavailableError
from plugins.payments.states import State

ACTION_REQUIRED: Final = "PAYMENT_ACTION_REQUIRED"
REPLACED: Final = "PAYMENT_REPLACED"
# In a run's memory: what it has had authorised itself, so that the core was told of it by nobody.
AUTHORISED: Final = "authorised"
_ASK_BANK_AGAIN: Final = timedelta(seconds=15)


def authorise(ctx: SagaContext) -> dict[str, Any]:
    """Have the amount reserved on the card, or note that it is paid at the counter."""
    claim = ctx.results["claim"]
    amount = Money(Decimal(claim["total"]), cart_of(ctx).currency)
    if amount.amount == 0:
        return {"payment_id": None}
    key = f"{claim['order_id']}:payment"
    if ctx.data["method"] == Method.PAY_IN_STORE:
        promised = payments.promise_in_store(key=key, reference=claim["order_id"], amount=amount)
        return {"payment_id": str(promised.pk)}
    try:
        payment = payments.authorise(
            key=key,
            reference=claim["order_id"],
            amount=amount,
            token=ctx.data["token"],
            return_url=return_url(),
        )
        if payment.state == State.ACTION_REQUIRED:
            raise _await_customer(ctx, payment)
    except PortUnavailableError as error:
        raise _wait_or_give_up_card(ctx, key, error) from error
    if payment.state != State.AUTHORISED:
        message = _("The card was declined. Choose another card or pay in store.")
        raise ApiError(PAYMENT_DECLINED, message, field="payments.0.token", params={"reason": payment.failure_code})
    ctx.memory[AUTHORISED] = payment.provider_reference
    return {"payment_id": str(payment.pk), "psp_reference": payment.provider_reference}


def _await_customer(ctx: SagaContext, payment: Payment) -> Retry | ApiError:
    # As it is now: whoever pays in another way meanwhile says so there.
    if Cart.objects.values_list("payment_digest", flat=True).get(pk=ctx.data["cart_id"]) != ctx.data["wish"]:
        payments.void(payment=payment)
        return ApiError(REPLACED, _("The payment was given up for another one."))
    if clock.now() - payment.created_at >= PATIENCE:
        payments.void(payment=payment)
        message = _("The payment was not confirmed in time. Please pay again.")
        return ApiError(errors.PAYMENT_EXPIRED, message, field="payments.0.token")
    message = _("Please confirm the payment with your bank.")
    told = ApiError(ACTION_REQUIRED, message, params={"url": payment.action_url})
    return Retry("the customer must confirm", after=_ASK_BANK_AGAIN, error=told)


def _wait_or_give_up_card(ctx: SagaContext, key: str, error: Exception) -> Retry | ApiError:
    outcome = wait_or_give_up(ctx, error)
    if isinstance(outcome, ApiError):
        _void(key)
    return outcome


def give_up(ctx: SagaContext) -> None:
    """Void what was authorised or promised; twice is once."""
    _void(f"{ctx.results['claim']['order_id']}:payment")


def _void(key: str) -> None:
    payment = Payment.objects.filter(key=key).first()
    if payment is None:
        return
    try:
        payments.void(payment=payment)
    except PortUnavailableError as error:
        raise Retry(str(error)) from error


def return_url() -> str:
    """Where a bank sends the customer back to: the shop's page that completes the cart again."""
    return f"{settings.PUBLIC_URL}/checkout/return"
