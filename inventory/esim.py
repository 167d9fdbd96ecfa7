"""eSIM profiles, taken from a pool: reserved, allocated to an order, activated on a device, or revoked.

Profiles of a pool are alike, so two sales never wait for each other: each takes the next that nobody holds
(FOR UPDATE SKIP LOCKED). Activation codes are sealed with a key of SECRET_KEY's and opened by `activation_code` alone,
which is audited; they stand in no list, log, audit entry or message.
"""

import base64
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from kernel import audit, clock, outbox
from kernel.locks import LockSpace, advisory_lock, lock_rows

from . import errors, serials
from .models import EsimPool, EsimProfile

log = logging.getLogger(__name__)

State = EsimProfile.State

WANTED = "esim.wanted"
ALLOCATED = "esim.allocated"
LOW = "esim.low"

MAX_AT_ONCE = 50


@transaction.atomic
def reserve(*, sku: str, quantity: int, key: str, until: datetime, actor: str) -> list[EsimProfile]:
    """Keep `quantity` profiles of a SKU for whoever knows `key`, until that moment; a repeat returns the same.

    Raises ESIM_POOL_EMPTY, TRY_AGAIN (others hold the last ones at this moment), INVALID_QUANTITY,
    IDEMPOTENCY_MISMATCH.
    """
    return _take(sku, quantity, key, actor, {"state": State.RESERVED, "reserved_until": until})


@transaction.atomic
def allocate(*, sku: str, quantity: int, key: str, order: str, actor: str, eid: str = "") -> list[EsimProfile]:
    """Give `quantity` profiles of a SKU to an order, those reserved under `key` if there are any; once for each key.

    `eid` is the device that they are for, where it is known. Raises as `reserve`, and SERIAL_INVALID.
    """
    values: dict[str, Any] = {"state": State.ALLOCATED, "order": order, "eid": _eid(sku, eid), "reserved_until": None}
    taken = _take(sku, quantity, key, actor, values)
    waiting = [profile for profile in taken if profile.state == State.RESERVED]
    _change(waiting, actor, **values)
    if any(profile.order != order for profile in taken):
        raise errors.source_key_reused(key)
    return taken


@transaction.atomic
def activate(*, iccid: str, eid: str, actor: str) -> EsimProfile:
    """A device has loaded the profile. A repeat changes nothing.

    Raises ESIM_NOT_FOUND, ESIM_WRONG_STATE, SERIAL_INVALID, and SERIAL_IN_STOCK when another device loaded it.
    """
    profile = _locked(iccid)
    device = _eid(profile.pool_id, eid)
    if profile.state == State.ACTIVATED and profile.eid == device:
        return profile
    if profile.state != State.ALLOCATED or (profile.eid and device != profile.eid):
        raise errors.esim_wrong_state(profile.iccid, profile.get_state_display())
    _change([profile], actor, state=State.ACTIVATED, eid=device)
    return profile


@transaction.atomic
def release(*, key: str, actor: str) -> int:
    """Give reserved profiles back; returns how many. What is allocated stays: its code may have been seen."""
    held = lock_rows(EsimProfile.objects.filter(key__startswith=f"{key}/", state=State.RESERVED))
    held = [profile for profile in held if _key_of(profile) == key]
    _change(held, actor, state=State.AVAILABLE, key=None, reserved_until=None)
    return len(held)


@transaction.atomic
def revoke(*, iccid: str, actor: str, reason: str) -> EsimProfile:
    """Never to be used (again): cancelled, or its code got around. A repeat changes nothing. Raises ESIM_NOT_FOUND."""
    profile = _locked(iccid)
    if profile.state != State.REVOKED:
        _change([profile], actor, note=reason, state=State.REVOKED, reserved_until=None)
    return profile


@transaction.atomic
def revoke_order(*, order: str, actor: str) -> int:
    """Revoke what an order was given and no device has loaded; returns how many."""
    given = lock_rows(EsimProfile.objects.filter(order=order, state=State.ALLOCATED))
    _change(given, actor, note="order cancelled", state=State.REVOKED)
    return len(given)


@transaction.atomic
def expire_due() -> int:
    """Give back what was reserved until now; returns how many."""
    due = EsimProfile.objects.filter(state=State.RESERVED, reserved_until__lte=clock.now())
    held = list(due.order_by("pk").select_for_update(skip_locked=True)[:1000])
    _change(held, "system", state=State.AVAILABLE, key=None, reserved_until=None)
    return len(held)


@transaction.atomic
def activation_code(*, iccid: str, actor: str) -> str:
    """The code (LPA:1$…) that a device loads the profile with. That it was shown is audited.

    Raises ESIM_NOT_FOUND, and ESIM_WRONG_STATE unless the profile is allocated or activated.
    """
    profile = _locked(iccid)
    if profile.state not in (State.ALLOCATED, State.ACTIVATED):
        raise errors.esim_wrong_state(profile.iccid, profile.get_state_display())
    audit.record(actor=actor, action="esim.code_shown", subject=f"esim:{profile.iccid}")
    return unsealed(profile.sealed_code)


@transaction.atomic
def codes_of(*, order: str, actor: str) -> list[tuple[EsimProfile, str]]:
    """The profiles that an order has been given, each with its activation code. That they were shown is audited."""
    given = lock_rows(EsimProfile.objects.filter(order=order, state__in=[State.ALLOCATED, State.ACTIVATED]))
    for profile in given:
        audit.record(actor=actor, action="esim.code_shown", subject=f"esim:{profile.iccid}", detail={"order": order})
    return [(profile, unsealed(profile.sealed_code)) for profile in given]


def want(*, sku: str, quantity: int, order: str, key: str) -> bool:
    """Order profiles for an order in the background, if the SKU is sold from a pool; returns whether it is.

    Joins the caller's transaction. An empty pool makes it wait, and nothing else of the order.
    """
    if not EsimPool.objects.filter(pk=sku).exists():
        return False
    payload = {"sku": sku, "quantity": quantity, "order": order, "key": key}
    outbox.publish(topic=WANTED, aggregate=f"esim:{key}", payload=payload)
    return True


def on_wanted(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: see `want`. An empty pool raises, and the message is tried again later."""
    order = payload["order"]
    with transaction.atomic():
        first = not EsimProfile.objects.filter(key=f"{payload['key']}/0").exists()
        allocate(sku=payload["sku"], quantity=payload["quantity"], key=payload["key"], order=order, actor="system")
        if first:
            told = {"order": order, "sku": payload["sku"], "quantity": payload["quantity"]}
            outbox.publish(topic=ALLOCATED, aggregate=f"esim:{payload['key']}", payload=told)


def on_low(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: the operator is told where operators look; the pool's screen shows it too."""
    log.warning("eSIM pool of %s is low: %s profiles are left", payload["sku"], payload["left"])


def sealed(code: str) -> str:
    """The code as it is stored."""
    return _cipher().encrypt(code.encode()).decode()


def unsealed(stored: str) -> str:
    """The code in clear. Raises RuntimeError when no key fits any more."""
    try:
        return _cipher().decrypt(stored.encode()).decode()
    except InvalidToken as error:
        raise RuntimeError("The activation code was sealed with a key that is not known any more.") from error


def refilled(sku: str) -> None:
    """New profiles are there: warn again when they run out. In the caller's transaction."""
    EsimPool.objects.filter(pk=sku).update(warned_at=None)
    _warn_if_low(sku)


def _take(sku: str, quantity: int, key: str, actor: str, values: dict[str, Any]) -> list[EsimProfile]:
    if not 1 <= quantity <= MAX_AT_ONCE:
        raise errors.invalid_quantity(sku, quantity)
    advisory_lock(LockSpace.ESIM, key)
    before = EsimProfile.objects.filter(key__startswith=f"{key}/").order_by("pk")
    mine = [profile for profile in lock_rows(before) if _key_of(profile) == key]
    if mine:
        if len(mine) != quantity or mine[0].pool_id != sku:
            raise errors.source_key_reused(key)
        return mine
    free = EsimProfile.objects.filter(pool_id=sku, state=State.AVAILABLE).order_by("pk")
    found = list(free.select_for_update(skip_locked=True)[:quantity])
    if len(found) < quantity:
        if free.count() >= quantity:
            raise errors.changed_meanwhile()
        raise errors.esim_pool_empty(sku)
    for number, profile in enumerate(found):
        profile.key = f"{key}/{number}"
    _change(found, actor, **values)
    _warn_if_low(sku)
    return found


def _change(profiles: Sequence[EsimProfile], actor: str, *, note: str = "", **values: Any) -> None:
    """Bring locked profiles into a state, and keep who did it."""
    for profile in profiles:
        for name, value in values.items():
            setattr(profile, name, value)
        profile.changed_at = clock.now()
        detail = {"state": str(profile.state), "order": profile.order} | ({"reason": note[:200]} if note else {})
        audit.record(actor=actor, action="esim.changed", subject=f"esim:{profile.iccid}", detail=detail)
    EsimProfile.objects.bulk_update(profiles, ["key", "changed_at", *(name for name in values if name != "key")])


def _warn_if_low(sku: str) -> None:
    pool = EsimPool.objects.get(pk=sku)
    if pool.warned_at is not None:
        return
    left = len(EsimProfile.objects.filter(pool=pool, state=State.AVAILABLE).values_list("pk")[: pool.low_water])
    if left < pool.low_water and EsimPool.objects.filter(pk=sku, warned_at=None).update(warned_at=clock.now()):
        outbox.publish(topic=LOW, aggregate=f"esim-pool:{sku}", payload={"sku": sku, "left": left})


def _locked(iccid: str) -> EsimProfile:
    rows = lock_rows(EsimProfile.objects.filter(iccid=serials.classify(iccid).value))
    if not rows:
        raise errors.esim_not_found(iccid)
    return rows[0]


def _eid(sku: str, eid: str) -> str:
    if not eid:
        return ""
    try:
        return serials.normalise("EID", eid)
    except serials.InvalidSerial as problem:
        raise errors.serial_invalid(sku, eid, problem.message) from problem


def _key_of(profile: EsimProfile) -> str:
    return (profile.key or "").rpartition("/")[0]


def _cipher() -> MultiFernet:
    """Sealed with the first key, opened with any: an old SECRET_KEY stays good while it is a fallback."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("inventory.esim", "", secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
