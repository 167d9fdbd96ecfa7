"""Writes to payments. No transaction is open while the provider is asked, and every call may be repeated."""

from collections.abc import Callable
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import clock
from kernel.errors import NOT_AVAILABLE, ApiError
from kernel.locks import lock_rows
from kernel.money import Money
from plugins.payments.errors import PAYMENT_NOT_POSSIBLE
from plugins.payments.fake_card import FakeCard
from plugins.payments.models import Method, Payment, Refund
from plugins.payments.port import Authorisation, CardPort, PortRefusedError
from plugins.payments.states import IllegalMoveError, State, move, origins

_NEW = """
INSERT INTO payments_payment (id, key, reference, method, amount, currency, provider, created_at, updated_at,
                              state, provider_reference, action_url, failure_code, refunded)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 'PENDING', '', '', '', 0)
    ON CONFLICT (key) DO NOTHING RETURNING *
"""

_MOVE = """
UPDATE payments_payment
   SET state = %(state)s, updated_at = %(now)s, method = COALESCE(%(method)s, method),
       provider_reference = COALESCE(%(provider_reference)s, provider_reference),
       action_url = COALESCE(%(action_url)s, action_url), failure_code = COALESCE(%(failure_code)s, failure_code)
 WHERE id = %(id)s AND state = ANY(%(from)s) RETURNING *
"""


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
    """Give back what is left of a captured card payment. Cash is given back at a register.

    Errors: PAYMENT_NOT_POSSIBLE. Raises PortUnavailableError.
    """
    if payment.state == State.REFUNDED:
        return payment
    _check_move(payment, State.REFUNDED)
    if not payment.provider:
        raise _not_possible()
    key = f"{payment.key}:refund"
    due = Refund.objects.filter(key=key).first() or plan_refund(
        key=key, payment=payment, amount=payment.amount - payment.refunded
    )
    if give_back(refund=due).state != Refund.State.DONE:
        raise _not_possible()
    payment.refresh_from_db()
    return payment


@transaction.atomic
def plan_refund(*, key: str, payment: Payment, amount: Decimal) -> Refund:
    """Decide that a part of a payment is given back: by the provider once `give_back` is called; what a register took,
    it gives back itself, and it is done at once. The same key is the same refund.

    Errors: PAYMENT_NOT_POSSIBLE (more than is left of it, or never paid).
    """
    (stored,) = lock_rows(Payment.objects.filter(pk=payment.pk))
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        if (known.payment_id, known.amount) != (payment.pk, amount):
            raise RuntimeError(f"refund key {key} was used before for something else")
        return known
    paid = stored.state in (State.CAPTURED, State.AUTHORISED) if stored.provider else stored.state == State.CAPTURED
    if not paid or not 0 < amount <= stored.amount - stored.refunded:
        raise _not_possible()
    state = Refund.State.DUE if stored.provider else Refund.State.DONE
    made = Refund.objects.create(key=key, payment=stored, amount=amount, state=state, created_at=clock.now())
    stored.refunded += amount
    stored.updated_at = clock.now()
    _all_given_back(stored)
    stored.save(update_fields=["refunded", "updated_at", "state"])
    return made


def give_back(*, refund: Refund) -> Refund:
    """Have the provider give back what was decided; a card that was only authorised is charged first.

    The refund comes back DONE, or REFUSED with `failure_code`. Raises PortUnavailableError when the outcome is unknown:
    call again.
    """
    if refund.state != Refund.State.DUE:
        return refund
    payment = capture(payment=refund.payment)
    money = Money(refund.amount, payment.currency)
    try:
        card_port().refund(key=refund.key, reference=payment.provider_reference, amount=money)
    except PortRefusedError as refused:
        return _settle(refund, Refund.State.REFUSED, refused.code)
    return _settle(refund, Refund.State.DONE)


@transaction.atomic
def _settle(refund: Refund, state: Refund.State, failure_code: str = "") -> Refund:
    (payment,) = lock_rows(Payment.objects.filter(pk=refund.payment_id))
    (stored,) = lock_rows(Refund.objects.filter(pk=refund.pk))
    if stored.state != Refund.State.DUE:
        return stored
    stored.state, stored.failure_code = state, failure_code[:40]
    stored.save(update_fields=["state", "failure_code"])
    if state == Refund.State.REFUSED:
        payment.refunded -= stored.amount
    _all_given_back(payment)
    payment.updated_at = clock.now()
    payment.save(update_fields=["refunded", "updated_at", "state"])
    return stored


def _all_given_back(payment: Payment) -> None:
    """REFUNDED once all of it was really given back."""
    open_ones = payment.refunds.filter(state=Refund.State.DUE).exists()
    if payment.refunded == payment.amount and not open_ones:
        payment.state = move(State(payment.state), State.REFUNDED)


def _payment(*, key: str, reference: str, method: str, amount: Money, provider: str = "") -> Payment:
    told = [uuid4(), key, reference, method, amount.amount, amount.currency, provider, clock.now(), clock.now()]
    # The usual case in one statement; a repeat finds what the first made.
    made = list(Payment.objects.raw(_NEW, told))
    payment = made[0] if made else Payment.objects.get(key=key)
    asked: tuple[str, Decimal] = (reference, amount.amount)
    if (payment.reference, payment.amount) != asked:
        raise RuntimeError(f"payment key {key} was used before for something else")
    return payment


def _change(payment: Payment, target: State, **values: str) -> Payment:
    told: dict[str, object] = {"id": payment.pk, "now": clock.now(), "state": target, "from": origins(target)}
    told |= {name: values.get(name) for name in ("method", "provider_reference", "action_url", "failure_code")}
    # Only the row's own state counts: another holder of the key may have been quicker.
    for changed in Payment.objects.raw(_MOVE, told):
        return changed
    raise _not_possible()


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
