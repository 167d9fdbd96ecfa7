"""What store staff adjust, and what they bring from the back room to the floor, each told once."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory import adjustments, replenishment
from inventory.adjustments import Change
from kernel.errors import INVALID, LIMIT_EXCEEDED, ApiError
from plugins.staff.permissions import STOCK_ADJUST, STOCK_AUTHORISE, STOCK_TRANSFER
from plugins.store_operations import acts
from plugins.store_operations.acts import Performed
from plugins.store_operations.counting import Device

MAX_LINES = 100
MAX_SERIALS = 500
MAX_NOTE = 200

Line = tuple[str, int, Sequence[str]]


def adjust(device: Device, *, reason: str, change: Change, note: str) -> Performed:
    """Adjust with a reason; from the reason's threshold on it waits for someone else."""
    if len(note) > MAX_NOTE:
        raise ApiError(INVALID, _("At most %(max)s characters."), field="note", params={"max": MAX_NOTE})
    _limit(change.serials, MAX_SERIALS, "serials")

    def act(told: acts.Told) -> dict[str, Any]:
        made = adjustments.adjust(
            store_id=told.store_id,
            reason_code=reason,
            change=change,
            note=note.strip(),
            source_key=f"act:{told.key}",
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
        return {"adjustment": made.pk}

    facts = {"reason": reason, "change": asdict(change), "note": note}
    return _perform(device, STOCK_ADJUST, "adjust", facts, act)


def decide(device: Device, *, adjustment_id: str, approve: bool) -> Performed:
    """Book or reject what someone else asked for."""

    def act(told: acts.Told) -> dict[str, Any]:
        made = adjustments.decide(
            adjustment_id=adjustment_id, store_id=told.store_id, approve=approve, actor=told.actor
        )
        return {"adjustment": made.pk}

    facts = {"adjustment": adjustment_id, "approve": approve}
    return _perform(device, STOCK_AUTHORISE, "adjust.decide", facts, act)


def bring(device: Device, *, from_room_id: str, lines: Sequence[Line]) -> Performed:
    """Bring goods from a back room to the floor."""
    _limit(lines, MAX_LINES, "lines")
    _limit([serial for line in lines for serial in line[2]], MAX_SERIALS, "lines")

    def act(told: acts.Told) -> dict[str, Any]:
        moved = replenishment.bring(
            store_id=told.store_id,
            from_room_id=from_room_id,
            lines=lines,
            source_key=f"act:{told.key}",
            actor=told.actor,
            occurred_at=told.occurred_at,
        )
        return {"pieces": sum(movement.quantity for movement in moved if movement.quantity > 0)}

    facts = {"from": from_room_id, "lines": [list(line) for line in lines]}
    return _perform(device, STOCK_TRANSFER, "replenish", facts, act)


def _perform(device: Device, permission: str, kind: str, facts: dict[str, Any], act: Any) -> Performed:
    return acts.perform(
        caller=device.caller,
        permission=permission,
        kind=kind,
        client_id=device.client_id,
        occurred_at=device.occurred_at,
        store_id=device.store_id,
        facts=facts,
        act=act,
    )


def _limit(values: Sequence[object], most: int, field: str) -> None:
    if len(values) > most:
        raise ApiError(LIMIT_EXCEEDED, _("At most %(max)s at once."), field=field, params={"max": most})
