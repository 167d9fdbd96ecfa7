"""The resolution list as the managers of a store work on it: what speaks against its books, and how each is settled."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from inventory import contradictions, errors, resolution, settlements
from inventory.models import Contradiction
from kernel.devices import register_of
from kernel.errors import INVALID, ApiError
from kernel.identity import Caller
from kernel.pages import Page, page
from plugins.staff.permissions import STOCK_RESOLVE
from plugins.store_operations.acts import Device, Performed, Told, limit

LARGEST_PAGE: Final = 100
MAX_NUMBERS: Final = 50


def of_store(*, caller: Caller, settled: bool, first: int | None, after: str | None) -> Page[Contradiction]:
    """What was booked in the caller's store against the books, the latest first.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, INVALID.
    """
    _register, store_id = register_of(caller, STOCK_RESOLVE)
    rows = contradictions.of_store(store_id, settled=settled)
    return page(rows, first, after, LARGEST_PAGE, keyset=("-pk",))


def one(*, caller: Caller, contradiction_id: str) -> Contradiction:
    """One of the caller's store. Errors: UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND."""
    _register, store_id = register_of(caller, STOCK_RESOLVE)
    return _own(store_id, contradiction_id)


def effect_of_naming(*, caller: Caller, contradiction_id: str, serials: Sequence[str]) -> list[str]:
    """What naming these pieces will do, a sentence for each step; nothing is changed.

    Errors: UNAUTHENTICATED, PERMISSION_DENIED, NOT_FOUND, LIMIT_EXCEEDED, SETTLEMENT_NOT_POSSIBLE, SERIAL_INVALID,
    SERIAL_REQUIRED.
    """
    row = one(caller=caller, contradiction_id=contradiction_id)
    limit(serials, MAX_NUMBERS, "serials")
    naming = Contradiction.Settlement.NAME_UNITS
    try:
        return contradictions.effect(settlements.plan(row, naming, serials))
    except settlements.Impossible as why:
        raise errors.settlement_not_possible(naming, str(why)) from why


def settle(device: Device, *, contradiction_id: str, settlement: str, reason: str, serials: Sequence[str]) -> Performed:
    """Settle one of the caller's store. Errors: those of `inventory.resolution.settle`, INVALID, LIMIT_EXCEEDED."""
    limit(serials, MAX_NUMBERS, "serials")
    if len(reason) > resolution.MAX_REASON:
        message = _("At most %(max)s characters.")
        raise ApiError(INVALID, message, field="reason", params={"max": resolution.MAX_REASON})
    if serials and settlement != Contradiction.Settlement.NAME_UNITS:
        raise ApiError(INVALID, _("Numbers are given only to name the right pieces."), field="serials")

    def act(told: Told) -> dict[str, Any]:
        settled = resolution.settle(
            contradiction_id=_own(told.store_id, contradiction_id).pk,
            settlement=settlement,
            actor=told.actor,
            reason=reason,
            serials=serials,
            occurred_at=told.occurred_at,
        )
        return {"contradiction": settled.pk}

    facts = {"contradiction": contradiction_id, "settlement": settlement, "reason": reason, "serials": list(serials)}
    return device.perform(STOCK_RESOLVE, "contradiction.settle", facts, act)


def recorded(performed: Performed, store_id: str) -> Contradiction:
    """The contradiction that an act was about, as it is now."""
    return _own(store_id, str(performed.outcome["contradiction"]))


def _own(store_id: str, contradiction_id: str) -> Contradiction:
    number = contradiction_id if contradiction_id.isascii() and contradiction_id.isdigit() else ""
    found = contradictions.find(store_id, int(number)) if 0 < len(number) <= 18 else None
    if found is None:
        raise errors.contradiction_not_found(contradiction_id)
    return found
