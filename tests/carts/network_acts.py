"""What planners, customers and workers do to a street of fibre, drawn at random; and what must always hold."""

import datetime as dt
import random
import uuid
from email import message_from_bytes
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.db.models import Count, Q
from django.test import override_settings

from kernel import clock, outbox
from kernel.errors import ApiError
from kernel.models import OutboxMessage
from plugins.carts import cancellation, held
from plugins.carts.models import Order, ServiceHold, ServicePromise
from plugins.serviceability import capacity
from plugins.serviceability.capacity import Wanted
from plugins.serviceability.models import CapacityOpening, CapacityReservation
from tests.fake_core_port import FakeCore

Operation = dict[str, Any]
_KINDS = ["ports"] * 4 + ["deliver"] * 8 + ["sweep", "settle"]


def drawn(draw: random.Random, _stores: Any, things: dict[str, Any]) -> Operation:
    """What somebody does next. `things` has the openings, and the folder for mails."""
    return {
        "key": str(uuid.UUID(int=draw.getrandbits(128))),
        "kind": draw.choice(_KINDS),
        "opening": draw.choice(things["openings"]),
        "ports": draw.randint(0, things["ports"]),
        "mails": things["mails"],
    }


def perform(operation: Operation) -> str | None:
    """Do it in a process of its own: the core is away elsewhere, mails are files."""
    core = FakeCore()
    mails = override_settings(
        EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend", EMAIL_FILE_PATH=operation["mails"]
    )
    with patch("commerce.core.core", lambda: core), mails:
        return act(operation)


def act(operation: Operation) -> str | None:
    """Do it; None where it was refused."""
    try:
        match operation["kind"]:
            case "ports":
                opening = CapacityOpening.objects.get(pk=operation["opening"])
                wanted = {opening.pk: Wanted(operation["ports"], opening.opens_on)}
                capacity.change(wanted=wanted, actor="planner")
            case "deliver":
                outbox.deliver_due(limit=4)
            case "sweep":
                held.look_at_all()
            case "settle":
                capacity.settle([])
            case "cancel":
                cancellation.cancel(order_id=operation["order"], reason="", actor="test")
    except ApiError as refusal:
        if refusal.code != "TRY_AGAIN":
            raise
        return None
    return "done"


def drain() -> None:
    """What is left is delivered, also what a dead worker had taken."""
    OutboxMessage.objects.filter(delivered_at=None).update(lease_until=None, next_attempt_at=clock.now())
    while outbox.deliver_due():
        pass
    assert outbox.pending() == 0


def contradictions() -> list[str]:
    """What must not be: ports counted wrong, an order that says otherwise than its port, a message that is missing."""
    active = Count("reservations", filter=Q(reservations__state__in=CapacityReservation.ACTIVE))
    rows = CapacityOpening.objects.annotate(active=active)
    found = [f"{row} counts {row.active}" for row in rows if not row.reserved == row.active <= row.ports]
    free = any(row.reserved < row.ports for row in rows)
    if free and CapacityReservation.objects.filter(state="LOST").exists():
        found.append("somebody waits beside a free port")
    for promise in ServicePromise.objects.select_related("order").filter(state__in=ServicePromise.LIVE):
        found += [f"{promise.order}: {what}" for what in _contradictions(promise)]
    found += [f"{hold} was told {hold.told}" for hold in ServiceHold.objects.exclude(order__status="CANCELLED")
              if hold.told != hold.revision]  # fmt: skip
    return found


def _contradictions(promise: ServicePromise) -> list[str]:
    order = Order.objects.get(pk=promise.order_id)
    port = CapacityReservation.objects.select_related("opening").get(key=promise.key)
    lost, late = port.state == "LOST", port.opening.opens_on > (promise.first_on or dt.date.max)
    wrong = []
    if (order.status == "HELD") != (promise.state == "HELD"):
        wrong.append("order and promise differ")
    if (promise.state == "HELD") != (lost or late):
        wrong.append(f"{promise.state} with a port that is {port.state} and opens {port.opening.opens_on}")
    if (promise.promised_on is None) != lost:
        wrong.append(f"promised for {promise.promised_on} with a port that is {port.state}")
    if order.promise_date != promise.promised_on:
        wrong.append(f"the order says {order.promise_date}, the promise {promise.promised_on}")
    days = set(order.lines.values_list("available_from", flat=True))
    return wrong if days == {promise.promised_on} else [*wrong, f"lines say {days}"]


def mails_in(folder: Path) -> list[str]:
    """The Message-IDs of the mails in a folder, one for each."""
    mails = [part for file in folder.glob("*.log") for part in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n")]
    return [str(message_from_bytes(mail)["Message-ID"]) for mail in mails if mail.strip()]
