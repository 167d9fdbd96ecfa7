"""Why a number is what it is: available to promise, line by line, and summed over stores."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import connection
from django.db.models import Sum

from . import atp, incoming
from .incoming import Incoming
from .models import Balance, Reservation, ReservationLine, RoomBalance, StockRoom, Store


class LineKind(StrEnum):
    """What a line of the explanation is about."""

    ON_HAND = "ON_HAND"
    UNSELLABLE = "UNSELLABLE"
    RESERVED = "RESERVED"
    SAFETY = "SAFETY"


@dataclass(frozen=True, slots=True)
class Line:
    """A summand, negative where it takes away: of a room (None: the floor), or of the holds of one purpose."""

    kind: LineKind
    quantity: int
    room: StockRoom | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The lines of a SKU in a store; they sum to `promisable`, which is below nought where more was sold than promised.

    `available` is what people are told: `promisable`, but never negative. `incoming` counts for nothing in it.
    """

    store_id: str
    sku: str
    lines: tuple[Line, ...]
    incoming: tuple[Incoming, ...] = ()

    @property
    def promisable(self) -> int:
        """The sum of the lines."""
        return sum(line.quantity for line in self.lines)

    @property
    def available(self) -> int:
        """What may be promised."""
        return max(self.promisable, 0)


def explain(sku: str, store_ids: Collection[str]) -> dict[str, Explanation]:
    """How the availability of a SKU comes about, by store id. Five queries; a store without any has no lines.

    Read in several statements: of a place that is being booked meanwhile, lines may be of two moments.
    """
    balances = {row.store_id: row for row in Balance.objects.filter(item_id=sku, store_id__in=store_ids)}
    rooms: dict[str, list[RoomBalance]] = defaultdict(list)
    lying = RoomBalance.objects.filter(balance__in=list(balances.values())).exclude(quantity=0)
    for row in lying.select_related("room", "balance").order_by("room__kind", "room__code"):
        rooms[row.balance.store_id].append(row)
    held: dict[str, list[tuple[str, int]]] = defaultdict(list)
    holds = ReservationLine.objects.filter(
        item_id=sku, reservation__store_id__in=store_ids, reservation__state__in=Reservation.ACTIVE
    )
    summed = holds.values_list("reservation__store_id", "reservation__purpose").annotate(total=Sum("quantity"))
    for store_id, purpose, total in summed.order_by("reservation__purpose"):
        held[store_id].append((purpose, total))
    coming = incoming.on_the_way(sku, store_ids)
    return {
        store_id: Explanation(
            store_id,
            sku,
            _lines(balances.get(store_id), rooms[store_id], held[store_id]),
            coming.get(store_id, ()),
        )
        for store_id in store_ids
    }


def _lines(
    balance: Balance | None, rooms: Collection[RoomBalance], held: Collection[tuple[str, int]]
) -> tuple[Line, ...]:
    if balance is None:
        return ()
    floor = balance.on_hand - sum(row.quantity for row in rooms)
    lines = [Line(LineKind.ON_HAND, floor)]
    lines += [Line(LineKind.ON_HAND, row.quantity, room=row.room) for row in rooms]
    lines += [Line(LineKind.UNSELLABLE, -row.quantity, room=row.room) for row in rooms if not row.room.sellable]
    lines += [Line(LineKind.RESERVED, -quantity, purpose=purpose) for purpose, quantity in held]
    if balance.safety:
        lines.append(Line(LineKind.SAFETY, -balance.safety))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class RegionSum:
    """What the active stores of a region can promise of a SKU together, and how many of them have any."""

    sku: str
    country: str
    country_area: str
    available: int
    stores: int


def by_region(skus: Collection[str], *, country: str | None = None) -> list[RegionSum]:
    """Available to promise of each SKU summed over the active stores of a region, largest first. One query.

    `country` (ISO 3166 alpha-2) is that of a sales channel. A region that has none of a SKU is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BY_REGION, {"skus": list(skus), "country": country, "kind": Store.Kind.STORE.value})
        return [RegionSum(*row) for row in cursor.fetchall()]


def by_country(skus: Collection[str]) -> dict[tuple[str, str], int]:
    """Available to promise by (SKU, country), summed over the active stores that a channel of the country sells from.

    One query; a country that has none of a SKU is left out.
    """
    found: dict[tuple[str, str], int] = defaultdict(int)
    for row in by_region(skus):
        found[row.sku, row.country] += row.available
    return dict(found)


# Each store's number is what it would be told alone: one that was oversold takes nothing from the others.
_BY_REGION = f"""
SELECT balance.item_id, store.country, store.country_area, sum({atp.AVAILABLE})::int, count(*)::int
  FROM inventory_balance balance
  JOIN inventory_store store ON store.id = balance.store_id AND store.is_active AND store.kind = %(kind)s
  JOIN inventory_stockitem item ON item.sku = balance.item_id AND item.stocked
 WHERE balance.item_id = ANY(%(skus)s) AND {atp.PROMISABLE} > 0
   AND (%(country)s::text IS NULL OR store.country = %(country)s)
 GROUP BY balance.item_id, store.country, store.country_area
 ORDER BY balance.item_id, sum({atp.AVAILABLE}) DESC, store.country, store.country_area
"""  # noqa: S608 - constants of ours
