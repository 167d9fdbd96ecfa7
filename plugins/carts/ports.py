"""Ports and slots of the network that an order takes: held while it is placed, confirmed with it, freed when it ends.

Called within the caller's transaction. Locks: cart or order and its promises before reservations, then openings.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, NOT_FOUND, ApiError
from kernel.locks import lock_rows
from plugins.carts import at_address, errors
from plugins.carts.models import Cart, CartLine, Order, ServicePromise
from plugins.serviceability import promises, reservations
from plugins.serviceability.errors import CAPACITY_GONE
from plugins.serviceability.models import CapacityReservation
from plugins.serviceability.qualification import Technology

State = ServicePromise.State
_LOST = frozenset({CAPACITY_GONE, NOT_FOUND, INVALID})


def hold(cart: Cart, cart_lines: Sequence[CartLine], *, until: dt.datetime) -> None:
    """Hold a port until then for each promise of the cart that takes one: one by which its day can be kept.

    Errors: DATE_CHANGED; the cart says the new day once it is asked again.
    """
    for promise in at_address.promises_of(cart_lines):
        if promises.takes_port(promise.premises, promise.technology):
            _reserve(promise, f"cart:{cart.pk}", until)


def _reserve(promise: ServicePromise, owner: str, until: dt.datetime) -> None:
    try:
        reservations.reserve(
            key=promise.key,
            owner=owner,
            premises_id=promise.premises_id,
            technology=Technology(promise.technology),
            expires_at=until,
            by=promise.promised_on,
        )
    except ApiError as refusal:
        if refusal.code not in _LOST:
            raise
        raise date_changed() from refusal


def date_changed() -> ApiError:
    """What was promised at the address cannot be kept any more."""
    message = _("The line at your address is no longer free on the day you were told. Look at the new date.")
    return ApiError(errors.DATE_CHANGED, message, field="cartId")


def let_go(cart: Cart) -> None:
    """The order did not come to be: free what was held for it."""
    _release(at_address.promises_of(cart.lines.all()), "the order was not placed")


def confirm(order: Order, cart_lines: Sequence[CartLine], *, until: dt.datetime) -> list[ServicePromise]:
    """Make the cart's promises those of its order, with their ports for good; held anew where that took too long.

    Errors: DATE_CHANGED (a port was taken away meanwhile, or its day has moved).
    """
    kept = at_address.promises_of(cart_lines)
    for promise in kept:
        if promises.takes_port(promise.premises, promise.technology):
            _confirm(promise, until)
            CapacityReservation.objects.filter(key=promise.key).update(owner=f"order:{order.pk}")
        promise.order, promise.state, promise.first_on = order, State.KEPT, promise.promised_on
        promise.save(update_fields=["order", "state", "first_on"])
    return kept


def keep_or_wait(cart: Cart, order: Order, *, until: dt.datetime) -> list[ServicePromise]:
    """As `hold` and `confirm` for what was sold already: its order keeps each promise, and waits for the ports of those
    that are returned."""
    lost = []
    for promise in at_address.promises_of(cart.lines.all()):
        if promises.takes_port(promise.premises, promise.technology) and not _kept(promise, cart, until):
            reservations.wait_for_port(
                key=promise.key,
                owner=f"order:{order.pk}",
                premises_id=promise.premises_id,
                technology=Technology(promise.technology),
                by=promise.promised_on,
            )
            lost.append(promise)
        CapacityReservation.objects.filter(key=promise.key).update(owner=f"order:{order.pk}")
        promise.order, promise.state, promise.first_on = order, State.KEPT, promise.promised_on
        promise.save(update_fields=["order", "state", "first_on"])
    return lost


def _kept(promise: ServicePromise, cart: Cart, until: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            _reserve(promise, f"cart:{cart.pk}", until)
            _confirm(promise, until)
    except ApiError as refusal:
        if refusal.code != errors.DATE_CHANGED:
            raise
        return False
    return True


def _confirm(promise: ServicePromise, until: dt.datetime) -> None:
    try:
        held = reservations.confirm(key=promise.key)
    except ApiError as refusal:
        if refusal.code not in (CAPACITY_GONE, NOT_FOUND):
            raise
        _reserve(promise, f"cart:{promise.cart_id}", until)
        held = reservations.confirm(key=promise.key)
    network = promises.network_now()
    made = promises.kept(
        network,
        promise.premises,
        promise.technology,
        promise.least_mbps,
        on=promise.agreed_on,
        port=held.opening.opens_on,
    )
    if made is None or made.day is None or promise.promised_on is None or made.day > promise.promised_on:
        raise date_changed()


def release(order: Order, *, reason: str) -> None:
    """The order ends: its ports are free again, and nobody waits for it."""
    end(lock_rows(order.promises.filter(state__in=ServicePromise.LIVE)), reason=reason)


def end(ended: Sequence[ServicePromise], *, reason: str) -> None:
    """These promises, locked, are wanted no more: their ports are free again."""
    _release(ended, reason)
    for promise in ended:
        promise.state = State.ENDED
        promise.save(update_fields=["state"])


def _release(found: Sequence[ServicePromise], reason: str) -> None:
    if found:
        reservations.release_all(keys=[promise.key for promise in found], reason=reason)
