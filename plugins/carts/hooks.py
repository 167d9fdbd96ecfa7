"""How other capabilities join in when an order is confirmed or cancelled.

A hook runs inside the transaction of the change, so what it writes stands or falls with it. It must not call the core
or any other outside party: for that it publishes to the outbox. Hooks run in the order of registration.
"""

from collections.abc import Callable, Sequence

from plugins.carts.models import CartDelivery, Order, OrderLine

ConfirmedHook = Callable[[Order, Sequence[OrderLine], Sequence[CartDelivery]], None]
CancelledHook = Callable[[Order, str, str], None]

_confirmed: list[ConfirmedHook] = []
_cancelled: list[CancelledHook] = []


def on_order_confirmed(hook: ConfirmedHook) -> ConfirmedHook:
    """Call `hook(order, lines, deliveries)` when an order is placed. Its lines carry their delivery.

    An ApiError from it undoes the order: stock, payment and the core's order are given up again.
    """
    if hook not in _confirmed:
        _confirmed.append(hook)
    return hook


def on_order_cancelled(hook: CancelledHook) -> CancelledHook:
    """Call `hook(order, reason, actor)` when an order is being cancelled. An ApiError from it refuses that."""
    if hook not in _cancelled:
        _cancelled.append(hook)
    return hook


def order_confirmed(order: Order, lines: Sequence[OrderLine], deliveries: Sequence[CartDelivery]) -> None:
    """Tell everyone that an order is placed."""
    for hook in _confirmed:
        hook(order, lines, deliveries)


def order_cancelled(order: Order, reason: str, actor: str) -> None:
    """Tell everyone that an order is being cancelled."""
    for hook in _cancelled:
        hook(order, reason, actor)
