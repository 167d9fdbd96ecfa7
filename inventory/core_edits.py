"""Quantities that somebody else changed in the core: told by its event or found by comparing; booked here or listed.

What was last told (`CoreStock.quantity`) less what is found is the difference. It can be judged only while nothing is
under way: not while a projector tells the core, nor while goods left here whose order the core has yet to fulfil.
"""

import logging
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from commerce.core import core
from commerce.errors import CoreUnavailable
from commerce.inbox import Writer
from kernel import clock
from kernel.locks import lock_rows

from . import ledger
from .models import Balance, CoreDifference, CoreStock, Movement, MovementKind, Reservation, Store

log = logging.getLogger(__name__)

EVENT = "product_variant_stock_updated"
REASON = "CORE_EDIT"
# What was told so short a time ago may not have been read back yet.
SETTLED = timedelta(minutes=1)


@dataclass(slots=True)
class Compared:
    """What a comparison with the core found: places looked at, and how many differed."""

    places: int = 0
    differences: int = 0


def on_stock_changed(payload: dict[str, Any]) -> Writer | None:
    """Inbox handler of EVENT. Raises CoreUnavailable when it cannot be judged now."""
    variant, warehouse = (payload.get(name) or {} for name in ("productVariant", "warehouse"))
    row = _row(str(variant.get("id", "")), str(warehouse.get("id", "")))
    if row is None:
        return None
    there = core().stock_of(row.balance.item.core_variant_id).get(str(warehouse["id"]))
    if there is None:
        return partial(ledger.want_push, [row.pk])
    return partial(_judge, row.pk, there[0], _principal(payload))


def _judge(balance_id: int, found: int, by: str) -> None:
    judge(balance_id, found, by)


@transaction.atomic
def judge(balance_id: int, found: int, by: str) -> bool:
    """Book or list the difference between what the core was told and what it has; True if there is one.

    Raises CoreUnavailable while a push or a fulfilment is under way: look again later.
    """
    place = Balance.objects.values_list("store_id", "item_id").get(pk=balance_id)
    books = ledger.Books.locked([place])
    (row,) = lock_rows(CoreStock.objects.select_related("balance__item").filter(pk=balance_id))
    told = row.quantity
    if told is None or told == found:
        return False
    if _under_way(row):
        raise CoreUnavailable("The core is being told of this stock: it is looked at again when that is done.")
    difference = CoreDifference(
        kind=CoreDifference.Kind.EDITED,
        store_id=place[0],
        item_id=place[1],
        pieces=found - told,
        told=told,
        found=found,
        by=by[:200],
    )
    difference.save()
    row.quantity = found
    row.save(update_fields=["quantity"])
    if _can_be_booked(books, row, difference.pieces):
        _book(books, place, difference)
    return True


def _under_way(row: CoreStock) -> bool:
    if row.claim is not None and row.not_before is not None and row.not_before > clock.now():
        return True
    balance = row.balance
    return Reservation.objects.filter(
        core_pending=True, store_id=balance.store_id, lines__item_id=balance.item_id
    ).exists()


def _can_be_booked(books: ledger.Books, row: CoreStock, pieces: int) -> bool:
    """Whether the books can follow by themselves: pieces that go must be there, tracked ones without a number."""
    if pieces > 0:
        return True
    place = (row.balance.store_id, row.balance.item_id)
    return books.free(place) + pieces >= 0 and (not row.balance.item.tracked or books.unregistered(place) + pieces >= 0)


def _book(books: ledger.Books, place: ledger.Place, difference: CoreDifference) -> None:
    (movement,) = books.book([entry(difference)], actor="core", occurred_at=None)
    settle(difference, CoreDifference.Settlement.BOOKED, by="core", movement=movement)


def entry(difference: CoreDifference) -> ledger.Entry:
    """The movement that follows an edit in the core, by quantity alone."""
    return ledger.Entry(
        place=(difference.store_id, difference.item_id),
        kind=MovementKind.ADJUSTMENT,
        quantity=difference.pieces,
        source_key=f"core-difference/{difference.pk}",
        unregistered=difference.pieces,
        reason=REASON,
    )


def settle(
    difference: CoreDifference, settlement: str, *, by: str, note: str = "", movement: Movement | None = None
) -> None:
    """Take a difference off the list."""
    difference.settlement, difference.settled_by, difference.settled_at = settlement, by[:120], clock.now()
    difference.note, difference.movement = note[:200], movement
    difference.save(update_fields=["settlement", "settled_by", "settled_at", "note", "movement"])


def compare(store: Store) -> Compared:
    """Compare everything that the core has in a store with what it was told. Raises CoreUnavailable.

    What the core has lost altogether is told again.
    """
    result = Compared()
    warehouse = store.core_warehouse_id
    found = dict(row for page in core().stock_pages(warehouse) for row in page.rows) if warehouse else {}
    rows = CoreStock.objects.filter(balance__store=store, quantity__isnull=False, pushed_at__lt=clock.now() - SETTLED)
    for row in rows.select_related("balance__item").order_by("pk").iterator():
        result.places += 1
        quantity = found.get(row.balance.item.core_variant_id)
        if quantity is None:
            ledger.want_push([row.pk])
            continue
        if quantity == row.quantity:
            continue
        try:
            result.differences += judge(row.pk, quantity, "comparison")
        except CoreUnavailable:
            log.info("the stock of %s in %s is on its way to the core; compared next time", row.balance.item_id, store)
    return result


def compare_all() -> Compared:
    """Compare every store whose stock is ours. Raises CoreUnavailable at the first that cannot be read."""
    total = Compared()
    for store in (
        Store.objects.filter(stock_owner=Store.StockOwner.SUITE).exclude(core_warehouse_id=None).order_by("code")
    ):
        found = compare(store)
        total.places, total.differences = total.places + found.places, total.differences + found.differences
    return total


def _row(variant_id: str, warehouse_id: str) -> CoreStock | None:
    rows = CoreStock.objects.filter(
        balance__item__core_variant_id=variant_id,
        balance__store__core_warehouse_id=warehouse_id,
        balance__store__stock_owner=Store.StockOwner.SUITE,
    )
    return rows.select_related("balance__item").first() if variant_id and warehouse_id else None


def _principal(payload: dict[str, Any]) -> str:
    actor = payload.get("issuingPrincipal")
    return f"{actor.get('__typename', '')} {actor.get('id', '')}".strip() if isinstance(actor, dict) else ""
