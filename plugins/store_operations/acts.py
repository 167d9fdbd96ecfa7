"""The one way in which store staff change stock: once, by who may, where they are signed in, however often it is told.

def ship(device: Device, *, transfer_id: str, lines: Lines) -> Performed:
    def act(told: Told) -> dict[str, Any]:
        transfer = transfers.ship(transfer_id=transfer_id, lines=lines, source_key=f"act:{told.key}", ...)
        return {"transfer": transfer.pk}

    return device.perform(STOCK_TRANSFER, "transfer.ship", {"transfer": transfer_id, "lines": lines}, act)
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.devices import SKEW, check_moment, parse_id, register_of
from kernel.errors import IDEMPOTENCY_MISMATCH, LIMIT_EXCEEDED, PERMISSION_DENIED, ApiError
from kernel.identity import Caller
from kernel.locks import LockSpace, advisory_lock
from plugins.store_operations import errors
from plugins.store_operations.models import StoreAct


@dataclass(frozen=True, slots=True)
class Device:
    """Who tells an act, by which id, when and where: the head of every act, as the device made it."""

    caller: Caller
    client_id: str
    occurred_at: datetime
    store_id: str

    def perform(
        self, permission: str, kind: str, facts: Mapping[str, Any], act: Callable[["Told"], dict[str, Any]]
    ) -> "Performed":
        """Carry `act` out once: see `perform`."""
        return perform(
            caller=self.caller,
            permission=permission,
            kind=kind,
            client_id=self.client_id,
            occurred_at=self.occurred_at,
            store_id=self.store_id,
            facts=facts,
            act=act,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """Who did something where and when, as the service that does it needs it; `key` begins its source keys."""

    key: UUID
    store_id: str
    actor: str
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class Performed:
    """What an act answered, and whether it had been recorded before."""

    outcome: dict[str, Any]
    replayed: bool


@transaction.atomic
def perform(
    *,
    caller: Caller,
    permission: str,
    kind: str,
    client_id: str,
    occurred_at: datetime,
    store_id: str,
    facts: Mapping[str, Any],
    act: Callable[[Told], dict[str, Any]],
) -> Performed:
    """Carry `act` out and record it, in one transaction; told again, answer what it answered.

    `facts` are the rest of the input, made of JSON values, dates, decimals and UUIDs: a repeat must tell the same.
    `act` returns ids and numbers (JSON); it finds its documents in `told.store_id` alone. Whoever may do it can
    repeat it: a device sends under the session that it then has. A device's clock may have gone back.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED (also for another store than the caller's), INVALID, CLOCK_SKEW,
    IDEMPOTENCY_MISMATCH, and those of `act`.
    """
    _register, own_store = register_of(caller, permission)
    if store_id != own_store:
        raise ApiError(PERMISSION_DENIED, _("You are signed in at another store."), field="storeId")
    key, moment = parse_id(client_id, field="clientId"), check_moment(occurred_at, field="occurredAt")
    fingerprint = _digest({"kind": kind, "store": store_id, "at": moment, "facts": dict(facts)})
    # Whoever tells the same act in the same moment waits here, and then finds it recorded.
    advisory_lock(LockSpace.STORE_ACT, str(key))
    known = StoreAct.objects.filter(client_id=key).first()
    if known is not None:
        return _repeated(known, fingerprint)
    # Only now: our own clock may have gone back since it was recorded.
    _check_not_ahead(moment)
    outcome = act(Told(key, store_id, caller.scope, moment))
    StoreAct.objects.create(
        client_id=key,
        kind=kind,
        store_id=store_id,
        actor=caller.scope,
        occurred_at=moment,
        fingerprint=fingerprint,
        outcome=outcome,
    )
    audit.record(actor=caller.scope, action=f"stock.{kind}", subject=f"act:{key}", detail=outcome)
    return Performed(outcome, replayed=False)


def limit(values: Sequence[object], most: int, field: str) -> None:
    """Raises LIMIT_EXCEEDED for more values than one act may tell."""
    if len(values) > most:
        raise ApiError(LIMIT_EXCEEDED, _("At most %(max)s at once."), field=field, params={"max": most})


def _check_not_ahead(moment: datetime) -> None:
    if moment > clock.now() + SKEW:
        message = _("The clock of this device is ahead. Set it right, then send this again.")
        raise ApiError(errors.CLOCK_SKEW, message, field="occurredAt")


def _repeated(known: StoreAct, fingerprint: str) -> Performed:
    if known.fingerprint != fingerprint:
        message = _("This id was recorded before with other contents.")
        raise ApiError(IDEMPOTENCY_MISMATCH, message, field="clientId")
    return Performed(known.outcome, replayed=True)


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
