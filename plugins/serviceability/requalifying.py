"""After a change of the network: every answer that still holds is asked again; what differs is announced."""

from typing import Any

from kernel import clock
from kernel.errors import NOT_FOUND, ApiError
from plugins.serviceability import capacity, services
from plugins.serviceability.models import Qualification

BATCH = 500


def settle_ports(payload: dict[str, Any], message_id: int) -> None:
    """Before anybody is told: free ports go to the orders that wait for one. A repeat finds nothing to move."""
    capacity.settle(payload["nodes"])


def on_network_changed(payload: dict[str, Any], message_id: int) -> None:
    """Ask again what holds, oldest id first, each in a transaction of its own. A repeat finds nothing changed."""
    last = ""
    while True:
        open_ones = Qualification.objects.filter(expires_at__gt=clock.now(), pk__gt=last).order_by("pk")
        batch = list(open_ones.values_list("pk", flat=True)[:BATCH])
        if not batch:
            return
        for key in batch:
            _again(key)
        last = batch[-1]


def _again(key: str) -> None:
    try:
        services.ask_again(qualification_id=key)
    except ApiError as error:
        # Forgotten between listing and asking.
        if error.code != NOT_FOUND:
            raise
