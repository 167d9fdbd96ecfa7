"""What the shelves lack while the back room has it."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction

from kernel import clock

from . import errors, goods, rooms
from .models import Movement, MovementKind, StockRoom

# Without a rule a shelf holds what a week sells, by the sales of four weeks.
SALES_DAYS: Final = 28
PAR_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Reserve:
    """Pieces that wait in a back room."""

    room_id: str
    room: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A SKU of which less lies on the floor than should, with what the back rooms can give."""

    sku: str
    tracking: str
    floor: int
    par: int
    sold: int
    reserves: tuple[Reserve, ...]

    @property
    def back(self) -> int:
        """Pieces in the back rooms."""
        return sum(reserve.quantity for reserve in self.reserves)

    @property
    def wanted(self) -> int:
        """How many to bring."""
        return min(self.par - max(self.floor, 0), self.back)


def gaps(store_id: str, *, limit: int = 200) -> list[Gap]:
    """What to bring to the floor, the emptiest shelves first, of these what sells best. One query."""
    since = clock.now() - timedelta(days=SALES_DAYS)
    with connection.cursor() as cursor:
        cursor.execute(_GAPS, {"store": store_id, "since": since})
        rows = cursor.fetchall()
    reserves: dict[str, list[Reserve]] = defaultdict(list)
    facts: dict[str, tuple[str, int, int | None, int]] = {}
    for sku, tracking, floor, rule, sold, room_id, room, quantity in rows:
        reserves[sku].append(Reserve(room_id, room, quantity))
        facts[sku] = (tracking, floor, rule, sold)
    found = [
        Gap(sku, tracking, floor, _par(rule, sold), sold, tuple(reserves[sku]))
        for sku, (tracking, floor, rule, sold) in facts.items()
    ]
    short = [gap for gap in found if gap.floor < gap.par]
    return sorted(short, key=lambda gap: (gap.floor / gap.par, -gap.sold, gap.sku))[:limit]


@transaction.atomic
def bring(
    *,
    store_id: str,
    from_room_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    source_key: str,
    actor: str,
    occurred_at: datetime | None = None,
) -> list[Movement]:
    """Bring goods (SKU, quantity, serials) from a back room to the floor. Raises as `rooms.move`."""
    floor = StockRoom.objects.filter(store_id=store_id, kind=StockRoom.Kind.FLOOR).first()
    if floor is None:
        goods.check_store(store_id)
        raise errors.room_not_found(None)
    return rooms.move(
        store_id=store_id,
        lines=lines,
        from_room_id=from_room_id,
        to_room_id=floor.pk,
        source_key=source_key,
        actor=actor,
        kind=MovementKind.MOVE,
        reason="replenishment",
        occurred_at=occurred_at,
    )


def rooms_of(store_id: str, kinds: Collection[str] = ()) -> list[StockRoom]:
    """The rooms of a store, the floor first. One query."""
    found = StockRoom.objects.filter(store_id=store_id)
    if kinds:
        found = found.filter(kind__in=kinds)
    return sorted(found.order_by("code"), key=lambda room: not room.is_floor)


def _par(rule: int | None, sold: int) -> int:
    return rule if rule is not None else math.ceil(sold * PAR_DAYS / SALES_DAYS)


# The most specific rule counts, as with safety stock (see `atp.SAFETY`).
_GAPS = """
WITH lying AS (
    SELECT balance.id, balance.item_id, item.tracking, item.category, balance.store_id,
           balance.on_hand - coalesce(sum(lies.quantity), 0)::int AS floor
      FROM inventory_balance balance
      JOIN inventory_stockitem item ON item.sku = balance.item_id AND item.stocked
      LEFT JOIN inventory_roombalance lies ON lies.balance_id = balance.id
     WHERE balance.store_id = %(store)s
     GROUP BY balance.id, item.tracking, item.category
), sold AS (
    SELECT item_id, -sum(quantity)::int AS total FROM inventory_movement
     WHERE store_id = %(store)s AND kind IN ('SALE', 'RETURN') AND occurred_at >= %(since)s
     GROUP BY item_id
)
SELECT lying.item_id, lying.tracking, lying.floor, (
           SELECT rule.quantity FROM inventory_parlevel rule
            WHERE (rule.store_id IS NULL OR rule.store_id = lying.store_id)
              AND (rule.item_id = lying.item_id
                   OR (rule.category <> '' AND starts_with(lying.category || '/', rule.category || '/')))
            ORDER BY rule.item_id IS NOT NULL DESC, rule.store_id IS NOT NULL DESC, length(rule.category) DESC
            LIMIT 1),
       greatest(coalesce(sold.total, 0), 0), room.id, coalesce(nullif(room.name, ''), room.code), lies.quantity
  FROM lying
  JOIN inventory_roombalance lies ON lies.balance_id = lying.id AND lies.quantity > 0
  JOIN inventory_stockroom room ON room.id = lies.room_id AND room.kind = 'BACK' AND room.sellable
  LEFT JOIN sold ON sold.item_id = lying.item_id
 ORDER BY lying.item_id, room.code
"""
