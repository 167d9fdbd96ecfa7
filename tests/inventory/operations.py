"""Operations drawn at random, each with its key, so that a client that lost the answer can tell it again."""

import random
import uuid
from datetime import timedelta
from typing import Any

from inventory import services
from inventory.models import Reservation, StockRoom
from kernel import clock
from kernel.errors import ApiError

KINDS = ("receive", "sell", "sell short", "hold", "confirm", "release", "issue", "move", "take back")
Operation = dict[str, Any]


def drawn(draw: random.Random, store: str, skus: list[str]) -> Operation:
    """What somebody does next."""
    return {
        "kind": draw.choice(KINDS),
        "key": str(uuid.UUID(int=draw.getrandbits(128))),
        "store": store,
        "skus": draw.sample(skus, draw.randint(1, len(skus))),
        "pieces": draw.randint(1, 3),
        "which": draw.random(),
    }


def perform(operation: Operation) -> bool:
    """Do it; False when it was refused with a sentence."""
    try:
        _ACTS[operation["kind"]](operation)
    except ApiError:
        return False
    return True


def _receive(operation: Operation) -> None:
    sku = operation["skus"][0]
    services.receive(
        store_id=operation["store"],
        sku=sku,
        quantity=operation["pieces"],
        serials=[],
        source_key=operation["key"],
        actor="w",
    )


def _sell(operation: Operation, *, allow_short: bool = False) -> None:
    lines = [(sku, operation["pieces"], []) for sku in operation["skus"]]
    services.sell(
        store_id=operation["store"], lines=lines, source_key=operation["key"], actor="w", allow_short=allow_short
    )


def _hold(operation: Operation) -> None:
    services.reserve(
        key=operation["key"],
        purpose="POS" if operation["which"] < 0.3 else "CART",
        owner="cart:w",
        store_id=operation["store"],
        lines=[(sku, 1) for sku in operation["skus"]],
        expires_at=clock.now() + timedelta(minutes=5),
    )


def _some_hold(operation: Operation) -> Reservation | None:
    held = list(Reservation.objects.filter(store_id=operation["store"], state__in=Reservation.ACTIVE).order_by("pk"))
    return held[int(operation["which"] * len(held))] if held else None


def _confirm(operation: Operation) -> None:
    if held := _some_hold(operation):
        services.confirm(reservation_id=held.pk)


def _release(operation: Operation) -> None:
    if held := _some_hold(operation):
        services.release(reservation_id=held.pk, reason="changed their mind")


def _issue(operation: Operation) -> None:
    if held := _some_hold(operation):
        services.issue(reservation_id=held.pk, serials={}, source_key=operation["key"], actor="w")


def _move(operation: Operation) -> None:
    back = StockRoom.objects.get(store_id=operation["store"], kind="BACK").pk
    into, out_of = (back, None) if operation["which"] < 0.5 else (None, back)
    services.move_goods(
        store_id=operation["store"],
        lines=[(sku, 1, []) for sku in operation["skus"]],
        from_room_id=out_of,
        to_room_id=into,
        source_key=operation["key"],
        actor="w",
    )


def _take_back(operation: Operation) -> None:
    lines = [(sku, 1, []) for sku in operation["skus"]]
    services.take_back(store_id=operation["store"], lines=lines, source_key=operation["key"], actor="w")


_ACTS = {
    "receive": _receive,
    "sell": _sell,
    "sell short": lambda operation: _sell(operation, allow_short=True),
    "hold": _hold,
    "confirm": _confirm,
    "release": _release,
    "issue": _issue,
    "move": _move,
    "take back": _take_back,
}
