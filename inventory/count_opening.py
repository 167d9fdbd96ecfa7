"""Opening stock counts: which SKUs of the scope lie in which rooms."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from kernel import clock

from . import count_errors, errors, goods
from .counts import Scope, in_category, ledger_position, root
from .models import Balance, CountLine, CountPart, CountPlan, RoomBalance, StockCount, StockItem, StockRoom


@dataclass(frozen=True, slots=True)
class Rules:
    """How a count is carried out: hidden expectations, and the difference that needs nobody's acceptance."""

    blind: bool = True
    tolerance_pieces: int = 0
    tolerance_percent: int = 0


DEFAULT = Rules()


@transaction.atomic
def open_count(
    *,
    store_id: str,
    type: str,
    name: str,
    source_key: str,
    actor: str,
    scope: str = Scope.ALL,
    room_id: str | None = None,
    category: str = "",
    skus: Collection[str] = (),
    by_category: bool = False,
    rules: Rules = DEFAULT,
    plan: CountPlan | None = None,
    planned_for: date | None = None,
) -> StockCount:
    """Open a count with a part for the floor and each room that has goods within the scope, a line for each SKU in it.

    With `by_category` a room is split into parts by the categories at the root. A repeat with the same `source_key`
    returns the same count.

    Raises STORE_NOT_FOUND, ROOM_NOT_FOUND, UNKNOWN_SKU, NOT_STOCKED, COUNT_EMPTY.
    """
    if found := StockCount.objects.filter(source_key=source_key).first():
        return found
    goods.check_store(store_id)
    rooms = _rooms(store_id, room_id)
    if scope == Scope.SKUS:
        _check_stocked(skus)
    count = StockCount.objects.create(
        store_id=store_id,
        type=type,
        name=name,
        source_key=source_key,
        scope=scope,
        scope_category=category if scope == Scope.CATEGORY else "",
        blind=rules.blind,
        tolerance_pieces=rules.tolerance_pieces,
        tolerance_percent=rules.tolerance_percent,
        plan=plan,
        planned_for=planned_for,
        position=ledger_position(),
        opened_at=clock.now(),
        opened_by=actor,
    )
    there = _lying(count, rooms, skus)
    if not there and scope in (Scope.CATEGORY, Scope.SKUS):
        raise count_errors.count_empty()
    # The floor, or the room that was chosen, is looked at though the books have nothing there.
    always = [room for room in rooms if not by_category and (room.is_floor or room_id)]
    parts = {(room.pk, ""): CountPart(count=count, room=room) for room in always}
    lines = []
    for room, item in there:
        key = (room.pk, root(item.category) if by_category else "")
        if key not in parts:
            parts[key] = CountPart(count=count, room=room, category=key[1])
        lines.append(CountLine(part=parts[key], item=item))
    CountPart.objects.bulk_create(sorted(parts.values(), key=lambda part: (part.room.code, part.category)))
    CountLine.objects.bulk_create(lines, batch_size=5000)
    return count


def _rooms(store_id: str, room_id: str | None) -> list[StockRoom]:
    rooms = StockRoom.objects.filter(store_id=store_id)
    chosen = list(rooms.filter(pk=room_id) if room_id else rooms.order_by("code"))
    if not chosen:
        raise errors.room_not_found(room_id, field="roomId")
    return chosen


def _check_stocked(skus: Collection[str]) -> None:
    for sku, item in goods.items_by_sku(skus).items():
        if not item.stocked:
            raise errors.not_stocked(sku)


def _lying(count: StockCount, rooms: Sequence[StockRoom], skus: Collection[str]) -> list[tuple[StockRoom, StockItem]]:
    """Which SKUs of the scope the books have in which room; chosen SKUs are counted on the floor in any case."""
    chosen = Q(item__stocked=True) & _within(count, skus)
    balances = list(Balance.objects.filter(chosen, store_id=count.store_id).select_related("item"))
    rows = RoomBalance.objects.filter(balance__in=balances, quantity__gt=0)
    apart: dict[int, dict[str, int]] = {}
    for balance_id, room_id, quantity in rows.values_list("balance_id", "room_id", "quantity"):
        apart.setdefault(balance_id, {})[room_id] = quantity
    found = []
    for room in rooms:
        for balance in balances:
            inside = apart.get(balance.pk, {})
            quantity = balance.on_hand - sum(inside.values()) if room.is_floor else inside.get(room.pk, 0)
            if quantity:
                found.append((room, balance.item))
    floor = next((room for room in rooms if room.is_floor), None)
    if count.scope == Scope.SKUS and floor is not None:
        listed = {item.pk for room, item in found if room == floor}
        found += [(floor, item) for item in StockItem.objects.filter(pk__in=set(skus) - listed).order_by("pk")]
    return found


def _within(count: StockCount, skus: Collection[str]) -> Q:
    match count.scope:
        case Scope.CATEGORY:
            return in_category(count.scope_category)
        case Scope.SKUS:
            return Q(item__in=list(skus))
    return Q()
