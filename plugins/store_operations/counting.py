"""What store staff do with stock counts, each told once."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory import count_opening, count_plans, count_posting, count_selectors, counts
from inventory.count_opening import Rules
from inventory.counts import Told
from inventory.models import StockCount
from kernel.errors import INVALID, PERMISSION_DENIED, REQUIRED, ApiError
from plugins.staff.permissions import STOCK_AUTHORISE, STOCK_COUNT
from plugins.store_operations import acts
from plugins.store_operations.acts import Device, Performed

MAX_LINES = 500
MAX_SERIALS = 500
MAX_TEXT = 100


def open_count(
    device: Device,
    *,
    type: str,
    name: str,
    scope: str,
    room_id: str | None,
    category: str,
    skus: Sequence[str],
    blind: bool,
    by_category: bool,
) -> Performed:
    """Open a count, ad hoc or of the lines that cannot be right; only who authorises may let expectations be seen."""
    if not name.strip() or len(name) > MAX_TEXT:
        message = _("Give a name of at most %(max)s characters.")
        raise ApiError(INVALID, message, field="name", params={"max": MAX_TEXT})
    if type == StockCount.Type.UNIT:
        raise ApiError(INVALID, _("Planned counts open by themselves."), field="type")
    acts.limit(skus, MAX_LINES, "skus")
    _check_scope(scope, room_id, category, skus)
    device.caller.require(STOCK_COUNT)
    if not blind and not device.caller.may(STOCK_AUTHORISE):
        raise ApiError(PERMISSION_DENIED, _("Only a manager may open a count that shows what is expected."))
    chosen: dict[str, Any] = {
        "scope": scope,
        "room_id": room_id,
        "category": category,
        "skus": list(skus),
        "by_category": by_category,
    }

    def act(told: acts.Told) -> dict[str, Any]:
        call: dict[str, Any] = {
            "store_id": told.store_id,
            "name": name.strip(),
            "source_key": f"act:{told.key}",
            "actor": told.actor,
            "rules": Rules(blind=blind),
        }
        if type == StockCount.Type.PROBLEM_LINE:
            return {"count": count_plans.open_problem_lines(**call).pk}
        return {"count": count_opening.open_count(type=type, **chosen, **call).pk}

    return device.perform(STOCK_COUNT, "count.open", {"type": type, "name": name, "blind": blind, **chosen}, act)


def _check_scope(scope: str, room_id: str | None, category: str, skus: Sequence[str]) -> None:
    """What is to be counted is named. Raises REQUIRED."""
    needed = {
        StockCount.Scope.ROOM: (room_id, "roomId", _("Choose a room.")),
        StockCount.Scope.CATEGORY: (category.strip(), "category", _("Choose a category.")),
        StockCount.Scope.SKUS: (skus, "skus", _("Scan or choose at least one article.")),
    }
    if scope not in needed:
        return
    given, field, message = needed[StockCount.Scope(scope)]
    if not given:
        raise ApiError(REQUIRED, message, field=field)


def record(device: Device, *, count_id: str, part_id: int, round: int, lines: Sequence[Told]) -> Performed:
    """Add what was counted of some SKUs."""
    acts.limit(lines, MAX_LINES, "lines")
    acts.limit([serial for line in lines for serial in line.serials], MAX_SERIALS, "lines")

    def act(told: acts.Told) -> dict[str, Any]:
        count_selectors.count_of(told.store_id, count_id)
        found = counts.record(
            count_id=count_id,
            part_id=part_id,
            round=round,
            told=lines,
            device=str(device.caller.register_id),
            source_key=f"act:{told.key}",
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
        return {"count": count_id, "lines": [line.pk for line in found]}

    facts = {"count": count_id, "part": part_id, "round": round, "lines": [asdict(line) for line in lines]}
    return device.perform(STOCK_COUNT, "count.record", facts, act)


def complete(device: Device, *, count_id: str, part_id: int, round: int, rest_is_zero: bool) -> Performed:
    """Tell that a part is counted."""

    def act(told: acts.Told) -> dict[str, Any]:
        count_selectors.count_of(told.store_id, count_id)
        counts.complete_part(
            count_id=count_id,
            part_id=part_id,
            round=round,
            rest_is_zero=rest_is_zero,
            device=str(device.caller.register_id),
            source_key=f"act:{told.key}",
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
        return {"count": count_id}

    facts = {"count": count_id, "part": part_id, "round": round, "rest_is_zero": rest_is_zero}
    return device.perform(STOCK_COUNT, "count.complete", facts, act)


def recount(device: Device, *, count_id: str, line_ids: Sequence[int]) -> Performed:
    """Have lines counted again."""

    def act(told: acts.Told) -> dict[str, Any]:
        count_selectors.count_of(told.store_id, count_id)
        counts.request_recount(count_id=count_id, line_ids=line_ids, actor=told.actor)
        return {"count": count_id}

    acts.limit(line_ids, MAX_LINES, "lineIds")
    return device.perform(STOCK_AUTHORISE, "count.recount", {"count": count_id, "lines": list(line_ids)}, act)


def authorise(device: Device, *, count_id: str, accepted: Sequence[int]) -> Performed:
    """Post a count, with the lines beyond the tolerance that were looked at."""

    def act(told: acts.Told) -> dict[str, Any]:
        count_selectors.count_of(told.store_id, count_id)
        count_posting.authorise(count_id=count_id, accepted=accepted, actor=told.actor, occurred_at=told.occurred_at)
        return {"count": count_id}

    acts.limit(accepted, MAX_LINES, "acceptedLineIds")
    return device.perform(STOCK_AUTHORISE, "count.authorise", {"count": count_id, "accepted": list(accepted)}, act)


def cancel(device: Device, *, count_id: str) -> Performed:
    """Give a count up."""

    def act(told: acts.Told) -> dict[str, Any]:
        count_selectors.count_of(told.store_id, count_id)
        counts.cancel(count_id=count_id, actor=told.actor)
        return {"count": count_id}

    return device.perform(STOCK_AUTHORISE, "count.cancel", {"count": count_id}, act)
