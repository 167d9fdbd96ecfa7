"""A card provider for one machine: it behaves as a real one does, its failures too, and moves no money.

Tokens: `tok_ok`, `tok_3ds` (asks for the customer's confirmation on a page), `tok_declined`, `tok_insufficient`,
`tok_timeout` (the first answer is lost on the way, though the authorisation stands). Refused when DEBUG is off.
"""

import secrets
from decimal import Decimal
from typing import Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Sum
from django.urls import reverse

from kernel.money import Money
from plugins.payments.models import FakeCardCharge
from plugins.payments.port import Authorisation, PortRefusedError, PortUnavailableError
from plugins.payments.states import State

_OUTCOMES: Final = {
    "tok_ok": (State.AUTHORISED, ""),
    "tok_timeout": (State.AUTHORISED, ""),
    "tok_3ds": (State.ACTION_REQUIRED, ""),
    "tok_declined": (State.FAILED, "card_declined"),
    "tok_insufficient": (State.FAILED, "insufficient_funds"),
}
_UNKNOWN_TOKEN: Final = (State.FAILED, "invalid_token")


class FakeCard:
    """Implements CardPort."""

    name = "fake_card"

    def __init__(self) -> None:
        if not settings.DEBUG:
            raise ImproperlyConfigured("The fake card provider is refused when DEBUG is off.")

    def authorise(self, *, key: str, token: str, amount: Money, return_url: str) -> Authorisation:
        """See CardPort."""
        state, decline_code = _OUTCOMES.get(token, _UNKNOWN_TOKEN)
        charge, is_new = FakeCardCharge.objects.get_or_create(
            key=key,
            defaults={
                "reference": _new_reference(),
                "return_url": return_url,
                "token": token[:40],
                "amount": amount.amount,
                "currency": amount.currency,
                "state": state,
                "decline_code": decline_code,
            },
        )
        if is_new and token == "tok_timeout":
            raise PortUnavailableError("no answer within the time limit")
        if charge.state != State.VOIDED and charge.amount != amount.amount:
            raise PortRefusedError("idempotency_mismatch")
        return Authorisation(
            state=State(charge.state),
            reference=charge.reference,
            action_url=_page_url(charge) if charge.state == State.ACTION_REQUIRED else "",
            decline_code=charge.decline_code,
        )

    def capture(self, *, reference: str) -> None:
        """See CardPort."""
        _change(reference, {State.AUTHORISED: State.CAPTURED}, done={State.CAPTURED, State.REFUNDED})

    def void(self, *, key: str) -> None:
        """See CardPort."""
        charge, _is_new = FakeCardCharge.objects.get_or_create(
            key=key, defaults={"reference": _new_reference(), "amount": 0, "state": State.VOIDED}
        )
        moves = {State.AUTHORISED: State.VOIDED, State.ACTION_REQUIRED: State.VOIDED}
        _change(charge.reference, moves, done={State.VOIDED, State.FAILED})

    @transaction.atomic
    def refund(self, *, key: str, reference: str, amount: Money) -> None:
        """See CardPort."""
        charge = FakeCardCharge.objects.select_for_update().filter(pk=reference).first()
        if charge is None:
            raise PortRefusedError("unknown_reference")
        known = charge.refunds.filter(pk=key).first()
        if known is not None and known.amount != amount.amount:
            raise PortRefusedError("idempotency_mismatch")
        if known is not None:
            return
        if charge.state != State.CAPTURED:
            raise PortRefusedError(f"not_possible_when_{charge.state.lower()}")
        given = charge.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
        if given + amount.amount > charge.amount:
            raise PortRefusedError("amount_too_large")
        charge.refunds.create(pk=key, amount=amount.amount)
        if given + amount.amount == charge.amount:
            charge.state = State.REFUNDED
            charge.save(update_fields=["state"])


def _new_reference() -> str:
    return f"fc_{secrets.token_urlsafe(18)}"


@transaction.atomic
def _change(reference: str, moves: dict[State, State], *, done: set[State]) -> None:
    charge = FakeCardCharge.objects.select_for_update().filter(pk=reference).first()
    if charge is None:
        raise PortRefusedError("unknown_reference")
    state = State(charge.state)
    if state in done:
        return
    if state not in moves:
        raise PortRefusedError(f"not_possible_when_{state.lower()}")
    charge.state = moves[state]
    charge.save(update_fields=["state"])


@transaction.atomic
def confirm(reference: str, *, accepted: bool) -> FakeCardCharge | None:
    """What the customer answered on the confirmation page; None for a reference that does not exist."""
    charge = FakeCardCharge.objects.select_for_update().filter(pk=reference).first()
    if charge is not None and charge.state == State.ACTION_REQUIRED:
        charge.state = State.AUTHORISED if accepted else State.FAILED
        charge.decline_code = "" if accepted else "authentication_failed"
        charge.save(update_fields=["state", "decline_code"])
    return charge


def _page_url(charge: FakeCardCharge) -> str:
    return settings.PUBLIC_URL + reverse("fake_card_page", args=[charge.reference])
