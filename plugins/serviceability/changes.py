"""The mark of the last change: every process that keeps premises or the network in memory compares it."""

import uuid
from collections.abc import Collection

from kernel import notices, outbox
from plugins.serviceability.models import NetworkVersion

TOPIC = "serviceability"
NETWORK_CHANGED = "serviceability.network_changed"
QUALIFICATION_CHANGED = "serviceability.qualification_changed"
"""Carts and orders listen: {qualification_id, result, day}. The day is the latest of all items, null for none."""


def premises_changed() -> None:
    """Premises were written: all processes read them again. In the transaction of the change, at its end."""
    _mark("premises")
    _publish(())


def network_changed(nodes: Collection[str] = ()) -> None:
    """Footprints, capacity or calendars were written. In the transaction of the change, at its end."""
    _mark("network")
    _publish(nodes)


def _mark(column: str) -> None:
    mark = uuid.uuid4()
    NetworkVersion.objects.update_or_create(pk=1, defaults={column: mark})
    notices.notify(TOPIC, column)


def _publish(nodes: Collection[str]) -> None:
    outbox.publish(topic=NETWORK_CHANGED, aggregate="serviceability", payload={"nodes": sorted(nodes)})
