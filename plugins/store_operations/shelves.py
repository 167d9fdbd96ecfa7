"""What store staff adjust, and what they bring from the back room to the floor, each told once."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext_lazy as _

from inventory import adjustments, replenishment
from inventory.adjustments import Change
from kernel.errors import INVALID, ApiError
from plugins.staff.permissions import STOCK_ADJUST, STOCK_AUTHORISE, STOCK_TRANSFER
from plugins.store_operations import acts
from plugins.store_operations.acts import Device, Performed

MAX_LINES = 100
MAX_SERIALS = 500
MAX_NOTE = 200

Line = tuple[str, int, Sequence[str]]


def adjust(device: Device, *, reason: str, change: Change, note: str) -> Performed:
    """Adjust with a reason; from the reason's threshold on it waits for someone else."""
    if len(note) > MAX_NOTE:
        raise ApiError(INVALID, _("At most %(max)s characters."), field="note", params={"max": MAX_NOTE})
    acts.limit(change.serials, MAX_SERIALS, "serials")

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
    return device.perform(STOCK_ADJUST, "adjust", facts, act)


def decide(device: Device, *, adjustment_id: str, approve: bool) -> Performed:
    """Book or reject what someone else asked for."""

    def act(told: acts.Told) -> dict[str, Any]:
        made = adjustments.decide(
            adjustment_id=adjustment_id, store_id=told.store_id, approve=approve, actor=told.actor
        )
        return {"adjustment": made.pk}

    facts = {"adjustment": adjustment_id, "approve": approve}
    return device.perform(STOCK_AUTHORISE, "adjust.decide", facts, act)


def bring(device: Device, *, from_room_id: str, lines: Sequence[Line]) -> Performed:
    """Bring goods from a back room to the floor."""
    acts.limit(lines, MAX_LINES, "lines")
    acts.limit([serial for line in lines for serial in line[2]], MAX_SERIALS, "lines")

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
    return device.perform(STOCK_TRANSFER, "replenish", facts, act)
