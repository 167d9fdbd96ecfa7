"""What must be right before an order is placed from a cart. Everything wrong is told at once where that helps."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kernel.errors import NOT_AVAILABLE, ApiError, raise_all
from kernel.money import round_half_up
from plugins.carts import errors, lines
from plugins.carts.models import Cart, CartLine
from plugins.payments.errors import PAYMENT_NOT_ALLOWED
from plugins.payments.models import Method


@dataclass(frozen=True, slots=True)
class PaymentChoice:
    """How somebody wants to pay: `amount` None is all that is due, `token` the provider's."""

    method: str
    amount: Decimal | None = None
    token: str = ""


def digest(choices: Sequence[PaymentChoice]) -> str:
    """The same for the same payments, to tell a repeat from another wish."""
    plain = [{**asdict(choice), "amount": str(choice.amount)} for choice in choices]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def check_cart(cart: Cart, cart_lines: Sequence[CartLine]) -> None:
    """Errors: CART_EMPTY, CONTACT_REQUIRED, DELIVERY_REQUIRED, BILLING_ADDRESS_REQUIRED."""
    if not cart_lines:
        raise ApiError(errors.CART_EMPTY, _("There is nothing in the cart."), field="cartId")
    raise_all(problem for problem in (_contact(cart), _delivery(cart_lines), _address(cart, cart_lines)) if problem)


def _contact(cart: Cart) -> ApiError | None:
    if cart.email:
        return None
    message = _("Give an e-mail address, so that we can confirm the order.")
    return ApiError(errors.CONTACT_REQUIRED, message, field="contact.email")


def _delivery(cart_lines: Sequence[CartLine]) -> ApiError | None:
    if all(line.delivery_id or not line.stocked for line in cart_lines):
        return None
    message = _("Choose the store and the time to collect all articles.")
    return ApiError(errors.DELIVERY_REQUIRED, message, field="delivery")


def _address(cart: Cart, cart_lines: Sequence[CartLine]) -> ApiError | None:
    if cart.billing_address or any(line.stocked for line in cart_lines):
        return None
    message = _("Give the address for the bill.")
    return ApiError(errors.BILLING_ADDRESS_REQUIRED, message, field="contact.billingAddress")


def check_payments(cart: Cart, cart_lines: Sequence[CartLine], choices: Sequence[PaymentChoice]) -> None:
    """One payment of all that is due. Errors: PAYMENT_REQUIRED, PAYMENT_NOT_ALLOWED, NOT_AVAILABLE, PRICE_CHANGED."""
    total = lines.totals_of(cart_lines, cart).total
    if not choices and total == 0:
        return
    if not choices:
        raise ApiError(errors.PAYMENT_REQUIRED, _("Choose how you want to pay."), field="payments")
    if len(choices) > 1:
        message = _("In this version an order is paid in one way.")
        raise ApiError(NOT_AVAILABLE, message, field="payments.1.method")
    _check_method(choices[0], any(line.delivery_id for line in cart_lines))
    amount = choices[0].amount
    if amount is not None and round_half_up(amount, cart.currency) != total:
        raise ApiError(
            errors.PRICE_CHANGED,
            _("The total is %(total)s. Please check the cart and confirm again."),
            field="payments.0.amount",
            params={"total": str(cart.money(total))},
        )


def _check_method(choice: PaymentChoice, is_collected: bool) -> None:
    field = "payments.0.method"
    if choice.method in (Method.GIFT_CARD, Method.STORE_CREDIT):
        raise ApiError(NOT_AVAILABLE, _("This way to pay is not available in this version."), field=field)
    if choice.method == Method.CASH:
        message = _("Cash is taken in the store only. Choose to pay in store.")
        raise ApiError(PAYMENT_NOT_ALLOWED, message, field=field)
    if choice.method == Method.PAY_IN_STORE and not is_collected:
        message = _("Only an order that is collected can be paid in the store.")
        raise ApiError(PAYMENT_NOT_ALLOWED, message, field=field)
    if choice.method == Method.CARD and not choice.token:
        raise ApiError(errors.PAYMENT_REQUIRED, _("Give the card to pay with."), field="payments.0.token")
