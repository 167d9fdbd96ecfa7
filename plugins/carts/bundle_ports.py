"""The ports and slots that a cart's bundles take at an address: kept while the order is placed, then for good.

Owned by `order:` and the order's id, one for each bundle and network.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from kernel.errors import NOT_FOUND, ApiError
from plugins.carts import bundle_quotes
from plugins.carts.models import Cart, Line, Order
from plugins.serviceability import reservations
from plugins.serviceability.errors import CAPACITY_GONE
from plugins.serviceability.models import LIMITED, Qualification
from plugins.serviceability.qualification import Technology


@dataclass(frozen=True, slots=True)
class Port:
    """What one bundle needs of one network, and by when it must be open."""

    bundle_id: str
    technology: str
    by: date | None

    def key(self, order_id: str) -> str:
        return f"order/{order_id}/{self.bundle_id}/{self.technology}"


def owner(order_id: str) -> str:
    """Whose the reservations of an order are."""
    return f"order:{order_id}"


def ports_of(lines: Iterable[Line]) -> list[Port]:
    """What lines need, each port once."""
    found: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
    for line in lines:
        if line.bundle_id and line.technology in LIMITED:
            found[line.bundle_id, line.technology] += [line.available_from] if line.available_from else []
    return [Port(bundle, technology, min(days, default=None)) for (bundle, technology), days in sorted(found.items())]


def hold(cart: Cart, order_id: str, *, until: datetime) -> None:
    """Keep what the cart's lines need; again is the same. Errors: CAPACITY_GONE (params first_day)."""
    for port, premises_id in _at_premises(cart):
        try:
            reservations.reserve(
                key=port.key(order_id),
                owner=owner(order_id),
                premises_id=premises_id,
                technology=Technology(port.technology),
                expires_at=until,
                by=port.by,
            )
        except ApiError as refusal:
            refusal.field = "cartId"
            raise


def _at_premises(cart: Cart) -> Iterator[tuple[Port, str]]:
    needed = ports_of(cart.lines.all())
    if not needed:
        return
    asked = {str(bundle.pk): bundle.qualification_id for bundle in bundle_quotes.bundles_of(cart)}
    rows = Qualification.objects.filter(pk__in=list(asked.values()))
    premises = dict(rows.values_list("pk", "premises_id"))
    for port in needed:
        at = premises.get(asked.get(port.bundle_id, ""))
        assert at is not None, "a service at an address is quoted for exact premises alone"
        yield port, at


def confirm(cart: Cart, order_id: str, *, until: datetime) -> None:
    """Keep them for good. What ran out meanwhile is taken again if it is still there. Errors: CAPACITY_GONE."""
    for port in ports_of(cart.lines.all()):
        try:
            reservations.confirm(key=port.key(order_id))
        except ApiError as refusal:
            if refusal.code != CAPACITY_GONE:
                raise
            hold(cart, order_id, until=until)
            reservations.confirm(key=port.key(order_id))


def release(lines: Iterable[Line], order_id: str, *, reason: str) -> None:
    """Give them back; twice is once. What a sale at a register could not keep is not there."""
    for port in ports_of(lines):
        try:
            reservations.release(key=port.key(order_id), reason=reason)
        except ApiError as refusal:
            if refusal.code != NOT_FOUND:
                raise


def release_order(order: Order, *, reason: str) -> None:
    """Give back what an order has."""
    release(order.lines.all(), order.pk, reason=reason)
