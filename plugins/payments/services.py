"""Writes to payments. No transaction is open while the provider is asked, and every call may be repeated."""

from collections.abc import Callable
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import NOT_AVAILABLE, ApiError
from kernel.money import Money
from plugins.payments.errors import PAYMENT_NOT_POSSIBLE
from plugins.payments.fake_card import FakeCard
from plugins.payments.models import Method, Payment
from plugins.payments.port import Authorisation, CardPort, PortRefusedError
from plugins.payments.states import IllegalMoveError, State, move


def card_port() -> CardPort:
    """The card provider of this installation. Errors: NOT_AVAILABLE when there is none."""
    if settings.DEBUG:
        return FakeCard()
    raise ApiError(NOT_AVAILABLE, _("Card payments are not available here. Choose to pay in store."))


def authorise(*, key: str, reference: str, amount: Money, token: str, return_url: str) -> Payment:
    """Reserve an amount on a card. The same key continues or repeats the same payment.

    The payment comes back AUTHORISED, ACTION_REQUIRED with `action_url`, FAILED with `failure_code`, or VOIDED when it
    was given up before. Raises PortUnavailableError when the outcome is unknown: ask again with the same key.
    """
    port = card_port()
    payment = _payment(key=key, reference=reference, method=Method.CARD, amount=amount, provider=port.name)
    if payment.state not in (State.PENDING, State.ACTION_REQUIRED):
        return payment
    try:
        answer = port.authorise(key=key, token=token, amount=amount, return_url=return_url)
    except PortRefusedError as refusal:
        answer = Authorisation(state=State.FAILED, reference="", decline_code=refusal.code)
    return _change(
        payment,
        State(answer.state),
        provider_reference=answer.reference,
        action_url=answer.action_url,
        failure_code=answer.decline_code,
    )


def promise_in_store(*, key: str, reference: str, amount: Money) -> Payment:
    """Note that an amount will be paid at the counter. It stays PENDING until a register settles it."""
    return _payment(key=key, reference=reference, method=Method.PAY_IN_STORE, amount=amount)


def settle_in_store(*, payment: Payment, method: str, provider_reference: str) -> Payment:
    """Record that a payment promised for the counter was made there, and how; `provider_reference` is the sale's."""
    if payment.state == State.CAPTURED:
        return payment
    return _change(payment, State.CAPTURED, method=method, provider_reference=provider_reference)


def record_counter_payment(*, key: str, reference: str, method: str, amount: Money, provider_reference: str) -> Payment:
    """Record money that a register took. `provider_reference` is the sale's, or what the card terminal printed."""
    payment = _payment(key=key, reference=reference, method=method, amount=amount)
    return settle_in_store(payment=payment, method=method, provider_reference=provider_reference)


def capture(*, payment: Payment) -> Payment:
    """Take an authorised card payment. Errors: PAYMENT_NOT_POSSIBLE. Raises PortUnavailableError."""
    if payment.state in (State.CAPTURED, State.REFUNDED):
        return payment
    _check_move(payment, State.CAPTURED)
    _ask(lambda: card_port().capture(reference=payment.provider_reference))
    return _change(payment, State.CAPTURED)


def void(*, payment: Payment) -> Payment:
    """Give up a payment that was not taken yet. Errors: PAYMENT_NOT_POSSIBLE. Raises PortUnavailableError."""
    if payment.state in (State.VOIDED, State.FAILED):
        return payment
    _check_move(payment, State.VOIDED)
    if payment.provider:
        _ask(lambda: card_port().void(key=payment.key))
    return _change(payment, State.VOIDED)


def refund(*, payment: Payment) -> Payment:
    """Give a captured card payment back, all of it. Cash is given back at a register.

    Errors: PAYMENT_NOT_POSSIBLE. Raises PortUnavailableError.
    """
    if payment.state == State.REFUNDED:
        return payment
    _check_move(payment, State.REFUNDED)
    if not payment.provider:
        raise _not_possible()
    _ask(lambda: card_port().refund(reference=payment.provider_reference))
    return _change(payment, State.REFUNDED)


def _payment(*, key: str, reference: str, method: str, amount: Money, provider: str = "") -> Payment:
    now = clock.now()
    payment, _is_new = Payment.objects.get_or_create(
        key=key,
        defaults={
            "reference": reference,
            "method": method,
            "amount": amount.amount,
            "currency": amount.currency,
            "provider": provider,
            "created_at": now,
            "updated_at": now,
        },
    )
    asked: tuple[str, Decimal] = (reference, amount.amount)
    if (payment.reference, payment.amount) != asked:
        raise RuntimeError(f"payment key {key} was used before for something else")
    return payment


@transaction.atomic
def _change(payment: Payment, target: State, **values: str) -> Payment:
    # Only the row's own state counts: another holder of the key may have been quicker.
    stored = Payment.objects.select_for_update().get(pk=payment.pk)
    try:
        stored.state = move(State(stored.state), target)
    except IllegalMoveError:
        raise _not_possible() from None
    for name, value in values.items():
        setattr(stored, name, value)
    stored.updated_at = clock.now()
    stored.save()
    return stored


def _check_move(payment: Payment, target: State) -> None:
    try:
        move(State(payment.state), target)
    except IllegalMoveError:
        raise _not_possible() from None


def _ask(call: Callable[[], None]) -> None:
    try:
        call()
    except PortRefusedError:
        raise _not_possible() from None


def _not_possible() -> ApiError:
    return ApiError(PAYMENT_NOT_POSSIBLE, _("This payment can no longer be changed in this way."))
