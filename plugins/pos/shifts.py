"""Opening and closing a shift at a register."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from inventory import selectors as stock
from kernel import audit
from kernel.devices import check_moment, parse_id, register_of
from kernel.errors import IDEMPOTENCY_MISMATCH, PERMISSION_DENIED, REQUIRED, ApiError
from kernel.identity import Caller
from kernel.locks import LockSpace, advisory_lock, lock_rows
from plugins.carts.contact import clean_text
from plugins.pos import errors, selectors
from plugins.pos.checks import check_amount
from plugins.pos.models import Shift
from plugins.staff.permissions import POS_SHIFT

REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class ShiftOutcome:
    """A shift, and whether this had been recorded before."""

    shift: Shift
    replayed: bool


@transaction.atomic
def open_shift(
    *,
    caller: Caller,
    client_id: str,
    store_id: str,
    register_id: str,
    occurred_at: datetime,
    opening_float: Decimal,
) -> ShiftOutcome:
    """Open a shift with the float counted into the drawer; told again, the same shift.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED (also for another register or store), INVALID, INVALID_AMOUNT,
    SHIFT_ALREADY_OPEN, IDEMPOTENCY_MISMATCH, NOT_AVAILABLE.
    """
    own_register, own_store = register_of(caller, POS_SHIFT)
    if register_id != own_register or store_id != own_store:
        raise ApiError(PERMISSION_DENIED, _("You are signed in at another register."), field="registerId")
    key = parse_id(client_id, field="clientId")
    opened_at = check_moment(occurred_at, field="occurredAt")
    currency = selectors.channel_of(stock.store_by_id(own_store)).currency
    amount = check_amount(opening_float, currency, field="openingFloat")
    advisory_lock(LockSpace.POS_REGISTER, own_register)
    known = Shift.objects.filter(client_id=key).first()
    if known is not None:
        _same((known.register_id, known.opened_at, known.opening_float), (own_register, opened_at, amount))
        return ShiftOutcome(known, replayed=True)
    if selectors.open_shift(own_register) is not None:
        message = _("A shift is open at this register. Close it first.")
        raise ApiError(errors.SHIFT_ALREADY_OPEN, message)
    shift = Shift.objects.create(
        client_id=key,
        register_id=own_register,
        store_id=own_store,
        currency=currency,
        opened_by_id=int(caller.id),
        opened_at=opened_at,
        opening_float=amount,
    )
    audit.record(
        actor=caller.scope,
        action="pos.shift_opened",
        subject=f"shift:{key}",
        detail={"register": own_register, "float": str(amount)},
    )
    return ShiftOutcome(shift, replayed=False)


@transaction.atomic
def close_shift(
    *,
    caller: Caller,
    client_id: str,
    shift_id: str,
    occurred_at: datetime,
    counted_cash: Decimal,
    reason: str = "",
) -> ShiftOutcome:
    """Close a shift with the cash counted; told again, the same. A difference needs a reason.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID, INVALID_AMOUNT, SHIFT_NOT_FOUND (or of another register),
    SHIFT_CLOSED, REQUIRED (reason), IDEMPOTENCY_MISMATCH.
    """
    register_id, _store = register_of(caller, POS_SHIFT)
    key = parse_id(client_id, field="clientId")
    closed_at = check_moment(occurred_at, field="occurredAt")
    text = clean_text(reason, field="reason", length=REASON_LENGTH)
    # The row's lock makes sales of the shift wait, so that none slips in between the sum and the closing.
    shift = locked(register_id, shift_id)
    counted = check_amount(counted_cash, shift.currency, field="countedCash")
    if shift.close_client_id == key:
        _same((shift.closed_at, shift.counted_cash, shift.reason), (closed_at, counted, text))
        return ShiftOutcome(shift, replayed=True)
    if shift.closed_at is not None:
        raise ApiError(errors.SHIFT_CLOSED, _("This shift is closed already."), field="shiftId")
    _refuse_used(key)
    _count(shift, counted, text)
    shift.close_client_id, shift.closed_by_id, shift.closed_at = key, int(caller.id), closed_at
    shift.save()
    audit.record(
        actor=caller.scope,
        action="pos.shift_closed",
        subject=f"shift:{shift.client_id}",
        detail={"expected": str(shift.expected_cash), "counted": str(counted), "reason": text},
    )
    return ShiftOutcome(shift, replayed=False)


def locked(register_id: str, shift_id: str) -> Shift:
    """The shift of this register, locked until the transaction ends. Errors: INVALID, SHIFT_NOT_FOUND."""
    key = parse_id(shift_id, field="shiftId")
    found = lock_rows(Shift.objects.filter(client_id=key, register_id=register_id))
    if not found:
        raise ApiError(errors.SHIFT_NOT_FOUND, _("This register has no such shift."), field="shiftId")
    return found[0]


def _count(shift: Shift, counted: Decimal, reason: str) -> None:
    shift.expected_cash = shift.opening_float + selectors.cash_taken(shift)
    shift.counted_cash, shift.reason = counted, reason
    if shift.difference and not reason:
        message = _("%(counted)s were counted where %(expected)s should be. Say why.")
        facts = {"counted": str(counted), "expected": str(check_amount(shift.expected_cash, shift.currency, field=""))}
        raise ApiError(REQUIRED, message, field="reason", params=facts)


def _refuse_used(key: UUID) -> None:
    if Shift.objects.filter(close_client_id=key).exists():
        _same(True, False)


def _same(recorded: object, told: object) -> None:
    if recorded != told:
        message = _("This id was recorded before with other contents.")
        raise ApiError(IDEMPOTENCY_MISMATCH, message, field="clientId")
