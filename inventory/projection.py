"""The core's quantity is a copy of ours: pushed in batches, coalesced per store and SKU, never out of order.

`CoreStock` is the truth of what must be pushed: `wanted` counts the changes of a balance, `pushed` those the core was
told of. A projector claims rows by a lease, reads the quantities, calls the core outside of any transaction, and then
notes what it told. Whoever loses its lease on the way (a process that slept) has its rows pushed anew.

What somebody else wrote there is no less true for that: a row with an open difference waits until a person has settled
it. A row is left alone, too, while goods were issued here whose order the core has yet to fulfil: the fulfilment lowers
the core's own quantity, and a push in between would count the pieces twice.
"""

import datetime as dt
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Sum

from commerce.core import core
from commerce.errors import CoreRefused, CoreUnavailable
from kernel import backoff, clock

from .atp import core_quantity
from .ledger import Place, want_push
from .models import CoreStock, Reservation, ReservationLine, Store

log = logging.getLogger(__name__)

BATCH = 100
# Longer than the core's time-outs for a whole batch: the lease is lost only by a process that slept or died.
LEASE = dt.timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class _Row:
    """A claimed balance, the number of changes seen, and the quantity to push."""

    balance_id: int
    wanted: int
    variant_id: str
    warehouse_id: str
    quantity: int


def on_stock_changed(payload: dict[str, Any], message_id: int) -> None:
    """Outbox handler of `stock.changed`: pushes one batch of whatever is due; the sweep does the rest."""
    push_due(limit=BATCH)


def push_due(*, limit: int = 5000) -> int:
    """Push up to `limit` stale rows; returns how many the core took. An unreachable core is tried again later."""
    done = tried = 0
    while tried < limit:
        claim = uuid.uuid4()
        rows = _claim(claim, min(BATCH, limit - tried))
        if not rows:
            break
        tried += len(rows)
        try:
            refused = core().push_stock([(row.variant_id, row.warehouse_id, row.quantity) for row in rows])
        except CoreUnavailable as error:
            log.warning("the core took no stock; %s rows wait: %s", len(rows), error)
            _postpone(claim, [row.balance_id for row in rows], str(error), at_least=error.retry_after)
            break
        except CoreRefused as error:
            log.error("the core refused a batch of stock: %s", error)
            _postpone(claim, [row.balance_id for row in rows], str(error))
            break
        done += _settle(claim, rows, {(no.variant_id, no.warehouse_id): no.message or no.code for no in refused})
    return done


def due_count() -> int:
    """How many balances the core is yet to be told of."""
    ours = CoreStock.objects.filter(balance__store__stock_owner=Store.StockOwner.SUITE)
    return ours.filter(wanted__gt=F("pushed")).count()


@transaction.atomic
def _claim(claim: uuid.UUID, limit: int) -> list[_Row]:
    """Lease up to `limit` rows that are due, and read what to push.

    The quantities are read by statements of their own, after the rows are locked: every change that was counted in
    `wanted` is then visible, and none can be counted before this transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LEASE, {"claim": claim, "now": clock.now(), "until": clock.now() + LEASE, "limit": limit})
    claimed = CoreStock.objects.filter(claim=claim).order_by("balance_id").values_list(*_READ)
    stocks = list(claimed)
    holds = _unknown_holds([(store, sku) for _id, _wanted, store, sku, *_rest in stocks])
    return [
        _Row(
            balance_id=balance_id,
            wanted=wanted,
            variant_id=variant_id,
            warehouse_id=warehouse_id,
            quantity=core_quantity(
                on_hand=on_hand, unsellable=unsellable, safety=safety, unknown_holds=holds.get((store, sku), 0)
            ),
        )
        for balance_id, wanted, store, sku, variant_id, warehouse_id, on_hand, unsellable, safety in stocks
    ]


# Columns, not objects of three models: of a large delivery tens of thousands of rows are read.
_READ = (
    "balance_id", "wanted", "balance__store_id", "balance__item_id", "balance__item__core_variant_id",
    "balance__store__core_warehouse_id", "balance__on_hand", "balance__unsellable", "balance__safety",
)  # fmt: skip


# The few rows that are due come first, from their own index: for an order with a limit PostgreSQL would rather walk
# through all balances, and ask of each whether it is due.
_LEASE = """
WITH due AS MATERIALIZED (
    SELECT balance_id FROM inventory_corestock
     WHERE wanted > pushed AND (not_before IS NULL OR not_before <= %(now)s))
UPDATE inventory_corestock SET claim = %(claim)s, not_before = %(until)s
 WHERE balance_id IN (
    SELECT stock.balance_id
      FROM due
      JOIN inventory_corestock stock ON stock.balance_id = due.balance_id
      JOIN inventory_balance balance ON balance.id = stock.balance_id
      JOIN inventory_store store
        ON store.id = balance.store_id AND store.core_warehouse_id IS NOT NULL AND store.stock_owner = 'SUITE'
      JOIN inventory_stockitem item
        ON item.sku = balance.item_id AND item.stocked AND item.core_variant_id <> ''
     WHERE stock.wanted > stock.pushed
       AND (stock.not_before IS NULL OR stock.not_before <= %(now)s)
       AND NOT EXISTS (
           SELECT 1
             FROM inventory_reservation reservation
             JOIN inventory_reservationline line ON line.reservation_id = reservation.id
            WHERE reservation.core_pending
              AND reservation.store_id = balance.store_id
              AND line.item_id = balance.item_id)
       AND NOT EXISTS (
           SELECT 1
             FROM inventory_coredifference difference
            WHERE difference.kind = 'EDITED' AND difference.settled_at IS NULL
              AND difference.store_id = balance.store_id AND difference.item_id = balance.item_id)
     -- A variant's rows together: those that the core has to make are made by one call.
     ORDER BY balance.item_id, stock.balance_id
     LIMIT %(limit)s
       FOR UPDATE OF stock SKIP LOCKED)
"""


def _unknown_holds(places: Sequence[Place]) -> dict[Place, int]:
    rows = (
        ReservationLine.objects.filter(
            reservation__state__in=Reservation.ACTIVE,
            reservation__purpose__in=Reservation.UNKNOWN_TO_CORE,
            reservation__store_id__in={store for store, _sku in places},
            item_id__in={sku for _store, sku in places},
        )
        .values_list("reservation__store_id", "item_id")
        .annotate(held=Sum("quantity"))
    )
    return {(store, sku): held for store, sku, held in rows}


@transaction.atomic
def _settle(claim: uuid.UUID, rows: Sequence[_Row], refused: Mapping[tuple[str, str], str]) -> int:
    """Note what the core was told; returns how many rows it took."""
    accepted = [row for row in rows if (row.variant_id, row.warehouse_id) not in refused]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE inventory_corestock stock
               SET pushed = told.wanted, quantity = told.quantity, pushed_at = %s, claim = NULL, not_before = NULL,
                   failures = 0, last_error = ''
              FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS told(balance_id, wanted, quantity)
             WHERE stock.balance_id = told.balance_id AND stock.claim = %s
            RETURNING stock.balance_id
            """,
            [
                clock.now(),
                [row.balance_id for row in accepted],
                [row.wanted for row in accepted],
                [row.quantity for row in accepted],
                claim,
            ],
        )
        noted = {balance_id for (balance_id,) in cursor.fetchall()}
    if late := [row.balance_id for row in accepted if row.balance_id not in noted]:
        # Our lease ran out while the core was told: another may have told it newer numbers before ours arrived.
        log.warning("a projector outlived its lease; %s rows are pushed again", len(late))
        want_push(late)
    for row in rows:
        if message := refused.get((row.variant_id, row.warehouse_id)):
            log.error("the core refused the stock of variant %s: %s", row.variant_id, message)
            _postpone(claim, [row.balance_id], message)
    return len(noted)


def _postpone(
    claim: uuid.UUID, balance_ids: Sequence[int], error: str, *, at_least: dt.timedelta | None = None
) -> None:
    """Give the rows back and try them later, each time after a longer wait."""
    with transaction.atomic():
        for row in CoreStock.objects.select_for_update().filter(balance_id__in=balance_ids, claim=claim):
            row.failures += 1
            row.claim, row.not_before = None, clock.now() + backoff.delay(row.failures, at_least=at_least)
            row.last_error = error[:500]
            row.save(update_fields=["failures", "claim", "not_before", "last_error"])
