"""Whether a device was reported lost or stolen: the port to the industry's list, and what follows from its answer.

The vocabulary is the GSMA's (Device Check). The list is asked in the background, outside of any transaction, so that a
return never waits for it; while it is away the question waits in the outbox. A listed device goes to quarantine and
onto the resolution list.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from kernel import clock, outbox
from kernel.locks import lock_rows

from . import errors, resolution, rooms, units
from .models import DeviceCheck, Movement, MovementKind, StockItem, StockRoom, Unit

log = logging.getLogger(__name__)

WANTED = "device.check_wanted"

# What came from a customer, or was there without a delivery note. Of a delivery or transfer, `arrivals.look_up` asks
# about the pieces that nobody had told.
CHECKED = frozenset({MovementKind.RETURN, MovementKind.TRADE_IN, MovementKind.ADJUSTMENT, MovementKind.COUNT})


class Status(StrEnum):
    """What the list says of a device."""

    CLEAR = "CLEAR"
    LOST = "LOST"
    STOLEN = "STOLEN"
    FRAUD = "FRAUD"
    FAULTY = "FAULTY"
    DUPLICATE = "DUPLICATE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the list says, and under which reference it can be asked about."""

    status: Status
    reference: str = ""


class Unavailable(Exception):
    """No answer within the time allowed, or the list is away: ask again later."""


class Refused(Exception):
    """The list will not answer this question, however often it is asked: no contract, or no such model."""


class BlacklistPort(Protocol):
    """A list of devices that must not be sold."""

    def check(self, imei: str) -> Answer:
        """What the list says of a valid IMEI. Raises Unavailable, Refused; takes ten seconds at most."""


def current() -> BlacklistPort | None:
    """The list of this installation: settings.DEVICE_CHECK, the dotted name of a port; None when there is none."""
    if not settings.DEVICE_CHECK:
        return None
    port: BlacklistPort = import_string(settings.DEVICE_CHECK)()
    return port


def want(movement: Movement, arrived: Sequence[Unit]) -> None:
    """Have the devices that came in with a movement checked, in its transaction. Other goods are left out."""
    devices = [unit for unit in arrived if unit.identifier_type == StockItem.Tracking.IMEI]
    if not devices or current() is None:
        return
    made = DeviceCheck.objects.bulk_create(
        [DeviceCheck(movement=movement, unit=unit, imei=unit.identifier) for unit in devices]
    )
    for check in made:
        outbox.publish(topic=WANTED, aggregate=f"device-check:{check.pk}", payload={"check_id": check.pk})


def on_wanted(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler: ask, and act on the answer. Raises Unavailable, and is called again later."""
    check = DeviceCheck.objects.get(pk=payload["check_id"])
    port = current()
    if check.state != DeviceCheck.State.WAITING or port is None:
        return
    try:
        answer = port.check(check.imei)
    except Refused as why:
        log.warning("the blacklist refused device check %s: %s", check.pk, why)
        DeviceCheck.objects.filter(pk=check.pk).update(state=DeviceCheck.State.REFUSED, answered_at=clock.now())
        return
    take_answer(check_id=check.pk, answer=answer)


@transaction.atomic
def take_answer(*, check_id: int, answer: Answer) -> DeviceCheck:
    """Keep what the list says; a listed device goes to quarantine and onto the resolution list. Once for each check."""
    (check,) = lock_rows(DeviceCheck.objects.filter(pk=check_id))
    if check.state != DeviceCheck.State.WAITING:
        return check
    listed = answer.status != Status.CLEAR
    check.state = DeviceCheck.State.LISTED if listed else DeviceCheck.State.CLEAR
    check.status, check.reference, check.answered_at = answer.status, answer.reference[:100], clock.now()
    check.save(update_fields=["state", "status", "reference", "answered_at"])
    if listed:
        _set_apart(check)
        movement = Movement.objects.get(pk=check.movement_id)
        problem = errors.device_blacklisted(movement.item_id, check.imei, answer.status)
        resolution.record([resolution.Clash(problem, movement)])
    return check


def _set_apart(check: DeviceCheck) -> None:
    """Into quarantine, if the device still lies free in the store; a promise of it does not hold it back."""
    unit = Unit.objects.select_related("room", "item").get(pk=check.unit_id)
    if unit.state not in units.FREE or (unit.room is not None and unit.room.kind == StockRoom.Kind.QUARANTINE):
        return
    lies_in = unit.room or StockRoom.objects.get(store_id=unit.store_id, kind=StockRoom.Kind.FLOOR)
    rooms.move(
        store_id=unit.store_id,
        lines=[(unit.item_id, 1, [unit.identifier])],
        from_room_id=lies_in.pk,
        to_room_id=_quarantine(unit.store_id).pk,
        source_key=f"blacklist/{check.pk}",
        actor="system",
        reason="BLACKLISTED",
        even_if_promised=True,
    )


def _quarantine(store_id: str) -> StockRoom:
    """A room of the store that keeps what must not be sold, made where there is none."""
    kind = StockRoom.Kind.QUARANTINE
    found = StockRoom.objects.filter(store_id=store_id, kind=kind, sellable=False).order_by("code").first()
    return found or rooms.upsert_room(store_id=store_id, code="BLACKLIST", kind=kind, sellable=False)
