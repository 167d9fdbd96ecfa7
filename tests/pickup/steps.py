"""The steps of a pickup, in one word each."""

from plugins.pickup import selectors, services
from plugins.pickup.models import Pickup


def accept(counter, pickup, **values) -> Pickup:
    return services.accept(**{"caller": counter.staff(), "pickup_id": str(pickup.pk)} | values)


def scan(counter, pickup, code, serial=None, **values) -> Pickup:
    step = {"caller": counter.staff(), "pickup_id": str(pickup.pk), "code": code, "serial": serial}
    return services.scan(**step | values)


def ready(counter, pickup, **values) -> Pickup:
    return services.ready(**{"caller": counter.staff(), "pickup_id": str(pickup.pk)} | values)


def reject(counter, pickup, reason="broken box", **values) -> Pickup:
    return services.reject(**{"caller": counter.staff(), "pickup_id": str(pickup.pk), "reason": reason} | values)


def hand_over(counter, pickup, **values) -> Pickup:
    step = {"caller": counter.staff(), "pickup_id": str(pickup.pk), "collected_by": "Ada Lovelace"}
    return services.hand_over(**step | {"code": selectors.code_of(pickup)} | values)


def make_ready(counter, *lines, method="CARD") -> Pickup:
    """A pickup that waits at the counter."""
    pickup = counter.pickup(*(lines or [("PHONE", 1)]), method=method)
    accept(counter, pickup)
    serials = iter(counter.serials)
    for line in pickup.lines.all():
        for _n in range(line.quantity):
            scan(counter, pickup, next(serials) if line.serialised else line.sku)
    return ready(counter, pickup)
