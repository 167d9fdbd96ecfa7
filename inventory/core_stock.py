"""Stock that the core knows by quantity alone: taken over once as opening stock, or copied for as long as it owns it.

Nobody knows the serials: the pieces are UNREGISTERED until they are counted, sold or received.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.db import connection, transaction

from . import bulk, ledger
from .errors import MAX_QUANTITY
from .models import MovementKind, Reservation, ReservationLine, StockItem, Store

ACTOR = "core"


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What became of rows of the core: booked, as they were, of no variant that the suite stocks, and impossible."""

    booked: int = 0
    same: int = 0
    unknown: int = 0
    wrong: int = 0

    def __add__(self, other: "TakenOver") -> "TakenOver":
        return TakenOver(
            self.booked + other.booked,
            self.same + other.same,
            self.unknown + other.unknown,
            self.wrong + other.wrong,
        )


@transaction.atomic
def open_store(*, store: Store, rows: Sequence[tuple[str, int]]) -> TakenOver:
    """Book (variant id, quantity) of the core as opening stock, on the floor, without serials; once for each SKU.

    Nothing and less than nothing are no opening stock: below nought the core has oversold, which is told as wrong.
    """
    skus = _skus([variant for variant, _quantity in rows])
    known = {skus[variant]: quantity for variant, quantity in rows if variant in skus}
    wrong = sum(not 0 <= quantity <= MAX_QUANTITY for quantity in known.values())
    wanted = sorted((sku, quantity) for sku, quantity in known.items() if 0 < quantity <= MAX_QUANTITY)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{bulk.STAGE}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {bulk.STAGE} (number bigint, store_id text, item_id text, quantity int)"
        )
        cursor.executemany(
            f"INSERT INTO {bulk.STAGE} VALUES (%s, %s, %s, %s)",  # noqa: S608 - a constant of ours
            [(number, store.pk, sku, quantity) for number, (sku, quantity) in enumerate(wanted, start=1)],
        )
        booked = sum(bulk.open_balances(rows=len(wanted), actor=ACTOR))
        cursor.execute(f"DROP TABLE pg_temp.{bulk.STAGE}")
    return TakenOver(booked, len(known) - wrong - booked, len(rows) - len(known), wrong)


@transaction.atomic
def mirror(*, store: Store, rows: Sequence[tuple[str, int]]) -> TakenOver:
    """Book the difference to what the core says, where it owns the stock; repeating it changes nothing.

    A place whose order the core has yet to fulfil is left alone: the goods have left here already, not there.
    """
    skus = _skus([variant for variant, _quantity in rows])
    known = {skus[variant]: quantity for variant, quantity in rows if variant in skus}
    pending = _pending(store, known)
    books = ledger.Books.locked([(store.pk, sku) for sku in known], create=True)
    entries = []
    for sku, quantity in sorted(known.items()):
        difference = quantity - books.on_hand((store.pk, sku)) if sku not in pending else 0
        if difference:
            entries.append(
                ledger.Entry(
                    place=(store.pk, sku),
                    kind=MovementKind.ADJUSTMENT,
                    quantity=difference,
                    source_key=f"core/{uuid4()}",
                    unregistered=difference,
                    reason="core",
                )
            )
    if entries:
        books.book(entries, actor=ACTOR, occurred_at=None)
    return TakenOver(len(entries), len(known) - len(entries), len(rows) - len(known))


def mirrored_stores() -> list[Store]:
    """The stores whose stock the core owns."""
    owned = Store.objects.filter(stock_owner=Store.StockOwner.CORE, is_active=True)
    return list(owned.exclude(core_warehouse_id=None).order_by("pk"))


def _skus(variant_ids: Sequence[str]) -> Mapping[str, str]:
    items = StockItem.objects.filter(core_variant_id__in=variant_ids, stocked=True)
    return dict(items.values_list("core_variant_id", "sku"))


def _pending(store: Store, known: Mapping[str, int]) -> set[str]:
    held = Reservation.objects.filter(store=store, core_pending=True)
    return set(
        ReservationLine.objects.filter(reservation__in=held, item_id__in=known).values_list("item_id", flat=True)
    )
