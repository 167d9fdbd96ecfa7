"""Orders that other clients make in the core: what it allocated for them is kept here as well, what left is booked.

An event says only which order changed: the order is read anew, and what follows is written in the transaction that
marks the event as handled. So it does not matter how often or in which order events come.

Locks: the order's row, then its parts by store, then as everywhere (reservations, balances, units).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F

from commerce.core import core
from commerce.inbox import Writer
from commerce.records import CoreFulfilment, CoreOrderStock
from kernel import clock
from kernel.errors import ApiError
from kernel.locks import lock_rows

from . import errors, reservations, sales
from .models import CoreDifference, CoreOrder, CoreOrderPart, CoreStock, Movement, Reservation, StockItem, Store

EVENTS = (
    "order_created",
    "order_confirmed",
    "order_updated",
    "order_fulfilled",
    "order_cancelled",
    "order_bulk_created",
    "fulfillment_created",
    "fulfillment_approved",
    "fulfillment_canceled",
)
ACTOR = "core"
# Goods that left. What was returned was taken back by someone: whether they are in the store, the core does not know.
LEFT = "FULFILLED"
_WHILE_WE_LOOK = timedelta(minutes=5)

Settlement = CoreDifference.Settlement
IsOwn = Callable[[CoreOrderStock], bool]

NoteForeign = Callable[[CoreOrderStock], None]

_own: list[IsOwn] = []
_noting: list[NoteForeign] = []


def register_own(is_own: IsOwn) -> None:
    """Have a part of the suite tell which orders of the core it made itself: those are in the books already."""
    if is_own not in _own:
        _own.append(is_own)


def register_foreign(note: NoteForeign) -> None:
    """Have `note` called with every order that others made in the core, in the transaction in which it is followed."""
    if note not in _noting:
        _noting.append(note)


def on_order_changed(payload: dict[str, Any]) -> Writer | None:
    """Inbox handler of EVENTS. Raises CoreUnavailable when the order cannot be read now."""
    order_id = (payload.get("order") or {}).get("id")
    return _look(order_id) if isinstance(order_id, str) else None


def look(core_id: str) -> None:
    """Read an order anew and follow it. Raises CoreUnavailable."""
    write = _look(core_id)
    if write is not None:
        write()


def _look(core_id: str) -> Writer | None:
    found = core().order_stock(core_id)
    if found is None or any(is_own(found) for is_own in _own):
        return None
    return partial(follow, found)


@transaction.atomic
def follow(found: CoreOrderStock) -> None:
    """Bring what is kept and booked here in line with an order of the core; what is short comes on the list."""
    for note in _noting:
        note(found)
    stores = _stores(found)
    items = _items(found)
    if not stores and not CoreOrder.objects.filter(core_id=found.id).exists():
        # Nothing of it touches a store of ours.
        return
    order = _order(found)
    wanted: dict[str, dict[str, int]] = defaultdict(dict)
    for (warehouse, variant), quantity in found.allocated.items():
        if warehouse in stores and variant in items:
            wanted[stores[warehouse]][items[variant]] = quantity
    left: dict[str, list[CoreFulfilment]] = defaultdict(list)
    for fulfilment in found.fulfilments:
        if fulfilment.status == LEFT and fulfilment.warehouse_id in stores:
            left[stores[fulfilment.warehouse_id]].append(fulfilment)
    ours = set(Store.objects.filter(stock_owner=Store.StockOwner.SUITE).values_list("pk", flat=True))
    for part in _parts(order, wanted.keys() | left.keys()):
        # Stock that somebody else owns is copied from him, what has left included.
        for fulfilment in left[part.store_id] if part.store_id in ours else ():
            _book(part, fulfilment, items)
        _keep(part, wanted[part.store_id])


def _stores(found: CoreOrderStock) -> dict[str, str]:
    """Our store by the core's warehouse."""
    warehouses = {warehouse for warehouse, _variant in found.allocated}
    warehouses |= {part.warehouse_id for part in found.fulfilments if part.warehouse_id}
    rows = Store.objects.filter(core_warehouse_id__in=warehouses)
    return {store.core_warehouse_id: store.pk for store in rows if store.core_warehouse_id}


def _items(found: CoreOrderStock) -> dict[str, str]:
    """Our SKU by the core's variant; what is not kept in stock is left out."""
    variants = {variant for _warehouse, variant in found.allocated}
    variants |= {variant for part in found.fulfilments for variant in part.pieces}
    rows = StockItem.objects.filter(core_variant_id__in=variants, stocked=True)
    return dict(rows.values_list("core_variant_id", "sku"))


def _order(found: CoreOrderStock) -> CoreOrder:
    CoreOrder.objects.bulk_create(
        [CoreOrder(core_id=found.id, number=found.number, channel=found.channel, status=found.status)],
        ignore_conflicts=True,
    )
    (order,) = lock_rows(CoreOrder.objects.filter(core_id=found.id))
    order.number, order.status, order.looked_at = found.number, found.status, clock.now()
    order.save(update_fields=["number", "status", "looked_at"])
    return order


def _parts(order: CoreOrder, stores: Iterable[str]) -> list[CoreOrderPart]:
    CoreOrderPart.objects.bulk_create(
        [CoreOrderPart(order=order, store_id=store) for store in sorted(stores)], ignore_conflicts=True
    )
    return list(lock_rows(CoreOrderPart.objects.filter(order=order), order_by=("store_id",)))


def _book(part: CoreOrderPart, fulfilment: CoreFulfilment, items: Mapping[str, str]) -> None:
    """Book what has left the store, once. Without numbers, tracked pieces come on the list of contradictions."""
    pieces = {items[variant]: quantity for variant, quantity in fulfilment.pieces.items() if variant in items}
    source = f"core/{fulfilment.id}"
    if not pieces or Movement.objects.filter(source_key__in=[f"{source}/{sku}" for sku in pieces]).exists():
        return
    sales.sell(
        store_id=part.store_id,
        lines=[(sku, quantity, []) for sku, quantity in sorted(pieces.items())],
        source_key=source,
        actor=ACTOR,
        allow_short=True,
        reservation_id=part.reservation_id,
    )
    # The core lowered its own quantity with the fulfilment.
    for sku, quantity in pieces.items():
        CoreStock.objects.filter(balance__store_id=part.store_id, balance__item_id=sku, quantity__isnull=False).update(
            quantity=F("quantity") - quantity
        )


def _keep(part: CoreOrderPart, wanted: Mapping[str, int]) -> None:
    """Reserve what the core has allocated, all of it or as much as there is."""
    kept = part.reservation if part.reservation and part.reservation.is_active() else None
    short: dict[str, int] = {}
    if kept is None or _quantities(kept) != wanted:
        if kept is not None:
            reservations.release(reservation_id=kept.pk, reason="the order changed in the core")
        part.reservation, short = _reserved(part, dict(wanted)) if wanted else (None, {})
        part.save(update_fields=["reservation", "revision"])
    _list_short(part, short)


def _reserved(part: CoreOrderPart, wanted: dict[str, int]) -> tuple[Reservation | None, dict[str, int]]:
    short: dict[str, int] = {}
    part.revision += 1
    try:
        return _reserve(part, wanted), short
    except ApiError as refused:
        if refused.code != errors.INSUFFICIENT_STOCK:
            raise
        short = {entry["sku"]: entry["wanted"] - entry["available"] for entry in refused.params["shortages"]}
    there = {sku: quantity - short.get(sku, 0) for sku, quantity in wanted.items()}
    there = {sku: quantity for sku, quantity in there.items() if quantity > 0}
    return _reserve(part, there) if there else None, short


def _reserve(part: CoreOrderPart, wanted: Mapping[str, int]) -> Reservation:
    with transaction.atomic():
        held = reservations.reserve(
            key=f"core/{part.order_id}/{part.store_id}/{part.revision}",
            purpose=Reservation.Purpose.CORE_ORDER,
            owner=f"core:{part.order.number}",
            store_id=part.store_id,
            lines=sorted(wanted.items()),
            expires_at=clock.now() + _WHILE_WE_LOOK,
        )
        return reservations.confirm(reservation_id=held.pk)


def _quantities(reservation: Reservation) -> dict[str, int]:
    return dict(reservation.lines.values_list("item_id", "quantity"))


def _list_short(part: CoreOrderPart, short: Mapping[str, int]) -> None:
    """Put what an order lacks before a person; take off the list what it lacks no longer."""
    known = {row.item_id: row for row in part.order.differences.filter(store_id=part.store_id, settled_at=None)}
    for sku, row in known.items():
        if sku in short:
            row.pieces = short[sku]
        else:
            cancelled = part.order.status in ("CANCELED", "EXPIRED")
            row.settlement = Settlement.CANCELLED if cancelled else Settlement.KEPT
            row.settled_at, row.settled_by = clock.now(), ACTOR
        row.save(update_fields=["pieces", "settlement", "settled_at", "settled_by"])
    CoreDifference.objects.bulk_create(
        [
            CoreDifference(
                kind=CoreDifference.Kind.OVERSOLD, store_id=part.store_id, item_id=sku, order=part.order, pieces=pieces
            )
            for sku, pieces in sorted(short.items())
            if sku not in known
        ]
    )
