"""What clients of the last ports do, in processes of their own: see tests.inventory.clients."""

import datetime as dt
import uuid
from typing import Any

KINDS = ("reserve", "reserve", "confirm", "release", "expire")
SHORT, LONG = dt.timedelta(milliseconds=50), dt.timedelta(minutes=5)


def attempt(order: dict[str, Any], number: int) -> str:
    """One port of the node, once for each client; every other client keeps it for good."""
    from kernel.errors import ApiError
    from plugins.serviceability import reservations
    from tests.inventory.clients import until_answered

    key = f"{order['premises']}/{uuid.uuid4()}"
    try:
        until_answered(lambda: _reserve(key, order["premises"], LONG))
        if number % 2:
            until_answered(lambda: reservations.confirm(key=key))
    except ApiError as refusal:
        return refusal.code
    return "RESERVED"


def drawn(draw: Any, _node: str, premises: list[str]) -> dict[str, Any]:
    """Something that is done with one of a few keys, so that workers meet."""
    where = draw.choice(premises)
    return {
        "key": uuid.UUID(int=draw.getrandbits(128)).hex,
        "kind": draw.choice(KINDS),
        "reservation": f"{where}/{draw.randrange(6)}",
        "premises": where,
        "short": draw.random() < 0.3,
    }


def perform(operation: dict[str, Any]) -> bool:
    """Do it; False when it was refused."""
    from kernel.errors import ApiError
    from plugins.serviceability import reservations

    key = operation["reservation"]
    acts = {
        "reserve": lambda: _reserve(key, operation["premises"], SHORT if operation["short"] else LONG),
        "confirm": lambda: reservations.confirm(key=key),
        "release": lambda: reservations.release(key=key, reason="cancelled"),
        "expire": reservations.expire_due,
    }
    try:
        acts[operation["kind"]]()
    except ApiError:
        return False
    return True


def _reserve(key: str, premises: str, held: dt.timedelta) -> None:
    from kernel import clock
    from plugins.serviceability import reservations
    from plugins.serviceability.qualification import Technology

    reservations.reserve(
        key=key,
        owner=f"cart:{key}",
        premises_id=premises,
        technology=Technology.FTTH,
        expires_at=clock.now() + held,
    )
