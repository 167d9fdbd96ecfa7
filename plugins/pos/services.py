"""Recording what happened at the registers. Each entry is judged on its own, in a transaction of its own."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.database import translated_errors
from kernel.devices import check_moment, parse_id, register_of
from kernel.errors import IDEMPOTENCY_MISMATCH, LIMIT_EXCEEDED, NEEDS_ATTENTION, REQUIRED, ApiError, Errors
from kernel.identity import Caller
from kernel.locks import LockSpace, advisory_lock, lock_rows
from plugins.carts.contact import clean_text
from plugins.carts.models import Order
from plugins.pos import errors, metrics, order_payment, recording, selectors, shifts, taking_back
from plugins.pos.checks import SaleDraft, check_sale
from plugins.pos.models import Sale, SaleException
from plugins.pos.shifts import ShiftOutcome, close_shift, open_shift
from plugins.staff.permissions import POS_SELL

__all__ = ["SaleOutcome", "ShiftOutcome", "close_shift", "open_shift", "settle_exception", "sync"]

log = logging.getLogger(__name__)

MAX_SALES: Final = 100


@dataclass(frozen=True, slots=True)
class SaleOutcome:
    """What became of one entry: recorded with its order and exceptions, or refused with errors."""

    client_id: str
    order: Order | None = None
    replayed: bool = False
    exceptions: list[ApiError] = field(default_factory=list)
    errors: list[ApiError] = field(default_factory=list)


def sync(*, caller: Caller, sales: Sequence[SaleDraft]) -> list[SaleOutcome]:
    """Record entries of the caller's register, each once by its client id; a refused one stops no other.

    Must not run inside a transaction: what was recorded stays whatever follows. Errors: UNAUTHENTICATED,
    PERMISSION_DENIED, LIMIT_EXCEEDED beyond 100 entries. Errors of one entry: those of `checks.check_sale`,
    SHIFT_NOT_FOUND and WRONG_REGISTER (not this register's), IDEMPOTENCY_MISMATCH, UNKNOWN_SKU, ORDER_NOT_FOUND and
    AMOUNT_NOT_DUE (payments of orders), those of `taking_back.record_return`, TRY_AGAIN and STORAGE_FULL (send it
    again), NEEDS_ATTENTION (our fault).
    """
    register_of(caller, POS_SELL)
    if len(sales) > MAX_SALES:
        message = _("Send at most %(max)s sales at once.")
        raise ApiError(LIMIT_EXCEEDED, message, field="sales", params={"max": MAX_SALES})
    outcomes = [_judge(caller, draft) for draft in sales]
    for outcome in outcomes:
        _count(outcome)
    return outcomes


def _count(outcome: SaleOutcome) -> None:
    became = "refused" if outcome.errors else "replayed" if outcome.replayed else "recorded"
    metrics.SALES.labels(became).inc()
    if became == "recorded":
        for found in outcome.exceptions:
            metrics.EXCEPTIONS.labels(found.code).inc()


def _judge(caller: Caller, draft: SaleDraft) -> SaleOutcome:
    try:
        with translated_errors(), transaction.atomic():
            return _record(caller, draft)
    except ApiError as refusal:
        return SaleOutcome(draft.client_id, errors=[refusal])
    except Errors as refusals:
        return SaleOutcome(draft.client_id, errors=refusals.errors)
    except Exception:
        # A bug met by one sale must not keep the others of the batch, which are money taken, from being recorded.
        log.exception("sale %r of register %s could not be recorded", draft.client_id[:64], caller.register_id)
        message = _("This sale could not be recorded. It stays on the register; please tell support.")
        return SaleOutcome(draft.client_id, errors=[ApiError(NEEDS_ATTENTION, message)])


def _record(caller: Caller, draft: SaleDraft) -> SaleOutcome:
    register_id, _store = register_of(caller, POS_SELL)
    key = parse_id(draft.client_id, field="clientId")
    check_moment(draft.occurred_at, field="occurredAt")
    # Whoever tells the same sale in the same moment waits here, and then finds it recorded.
    advisory_lock(LockSpace.POS_REGISTER, f"sale:{key}")
    known = Sale.objects.select_related("order").filter(client_id=key).first()
    if known is not None:
        return _replayed(known, register_id, draft)
    shift = shifts.locked(register_id, draft.shift_id)
    channel = selectors.channel_of(shift.store)
    check_sale(draft, currency=channel.currency, prices_include_tax=channel.prices_include_tax)
    entry = recording.Entry(caller=caller, key=key, draft=draft, shift=shift, channel=channel, now=clock.now())
    recorded = _recorder(draft)(entry)
    audit.record(
        actor=caller.scope,
        action="pos.sale_recorded",
        subject=f"sale:{key}",
        detail={"total": str(draft.total), "exceptions": [found.code for found in recorded.exceptions]},
    )
    return SaleOutcome(draft.client_id, order=recorded.order, exceptions=recorded.exceptions)


def _recorder(draft: SaleDraft) -> Callable[[recording.Entry], recording.Recorded]:
    if draft.is_return:
        return taking_back.record_return
    return recording.record_goods if draft.lines else order_payment.record_payment


def _replayed(sale: Sale, register_id: str, draft: SaleDraft) -> SaleOutcome:
    if sale.register_id != register_id:
        message = _("This sale was recorded by another register.")
        raise ApiError(errors.WRONG_REGISTER, message, field="clientId")
    if sale.digest != draft.digest:
        message = _("This id was recorded before with other contents.")
        raise ApiError(IDEMPOTENCY_MISMATCH, message, field="clientId")
    found = [ApiError(row.code, row.message, field=row.field or None) for row in sale.exceptions.order_by("pk")]
    return SaleOutcome(draft.client_id, order=sale.order, replayed=True, exceptions=found)


@transaction.atomic
def settle_exception(*, exception_id: int, note: str, actor: str) -> SaleException:
    """Note how an exception was settled, once. Errors: REQUIRED (note), INVALID. Settled before, it stays as it is."""
    text = clean_text(note, field="note", length=500)
    if not text:
        raise ApiError(REQUIRED, _("Say how it was settled."), field="note")
    (row,) = lock_rows(SaleException.objects.filter(pk=exception_id))
    if row.settled_at is None:
        row.settled_at, row.settled_by, row.note = clock.now(), actor, text
        row.save(update_fields=["settled_at", "settled_by", "note"])
        audit.record(
            actor=actor, action="pos.exception_settled", subject=f"sale-exception:{row.pk}", detail={"note": text}
        )
    return row
