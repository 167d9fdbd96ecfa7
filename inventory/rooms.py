"""The rooms of a store: made, changed, and moved between."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from kernel.locks import lock_rows

from . import errors, goods, ledger, units
from .models import (
    Movement,
    MovementKind,
    RoomBalance,
    StockRoom,
    Store,
    Unit,
    VendorReturn,
    VendorReturnLine,
)

BATCH = 2000


def ensure_floor(store: Store) -> StockRoom:
    """The store's sales floor, made with the store."""
    floor, _created = StockRoom.objects.get_or_create(
        store=store, kind=StockRoom.Kind.FLOOR, defaults={"code": StockRoom.Kind.FLOOR.value}
    )
    return floor


def quarantine(store_id: str) -> StockRoom:
    """The store's quarantine, made when the store has none. Lock it (`locked`) before goods are brought into it."""
    chosen = StockRoom.objects.filter(store_id=store_id, kind=StockRoom.Kind.QUARANTINE, sellable=False)
    found = chosen.order_by("code").first()
    if found is None:
        found, _created = StockRoom.objects.get_or_create(
            store_id=store_id,
            code=StockRoom.Kind.QUARANTINE.value,
            defaults={"kind": StockRoom.Kind.QUARANTINE, "sellable": False},
        )
    return found


@transaction.atomic
def upsert_room(
    *, store_id: str, code: str, kind: str, name: str = "", sellable: bool, room_id: str | None = None
) -> StockRoom:
    """Make or change the room of this code in the store (or the room `room_id`); what lies there is counted anew.

    Raises django ValidationError for values that no room can have: a second floor, a floor that does not sell, another
    kind for the floor; and for a quarantine that ceases to be one while goods wait there for their vendor.
    """
    goods.check_store(store_id)
    chosen = StockRoom.objects.filter(store_id=store_id)
    found = _lock(chosen.filter(pk=room_id) if room_id else chosen.filter(code=code))
    room = found[0] if found else StockRoom(store_id=store_id)
    sold_before = room.sellable
    if found and (room.is_floor != (kind == StockRoom.Kind.FLOOR)):
        raise ValidationError({"kind": _("The sales floor stays the sales floor, and no other room becomes it.")})
    if found and (sellable or kind != room.kind) and waiting_for_vendor(room):
        message = _("Goods wait here to go back to their vendor: ship those returns first, or put the goods back.")
        raise ValidationError({"kind" if kind != room.kind else "sellable": message})
    room.code, room.kind, room.name, room.sellable = code, kind, name, sellable
    room.full_clean()
    room.save()
    if found and sold_before != sellable:
        _recount(room)
    return room


def locked(store_id: str, room_ids: Collection[str]) -> list[StockRoom]:
    """The rooms, locked in order for whoever brings goods into them or takes from them, in the order asked for.

    Call it before the balances are locked. Raises ROOM_NOT_FOUND.
    """
    rows = {room.pk: room for room in _lock(StockRoom.objects.filter(store_id=store_id, pk__in=room_ids))}
    for room_id in room_ids:
        if room_id not in rows:
            raise errors.room_not_found(room_id)
    return [rows[room_id] for room_id in room_ids]


def waiting_for_vendor(room: StockRoom) -> dict[str, int]:
    """Pieces in the room that are set aside for returns to vendors, by SKU. One query.

    Exact while the balances are locked.
    """
    prepared = VendorReturnLine.objects.filter(
        vendor_return__quarantine=room, vendor_return__state=VendorReturn.State.PREPARED
    )
    return dict(prepared.values_list("item").annotate(Sum("quantity")).order_by())


@transaction.atomic
def move(
    *,
    store_id: str,
    lines: Sequence[tuple[str, int, Sequence[str]]],
    from_room_id: str,
    to_room_id: str,
    source_key: str,
    actor: str,
    kind: MovementKind = MovementKind.MOVE,
    reason: str = "",
    occurred_at: datetime | None = None,
    even_if_promised: bool = False,
) -> list[Movement]:
    """Move goods (SKU, quantity, serials) between two rooms of a store, once for each `source_key`.

    Each line is a pair of movements that sum to nought; returned are all pairs, out before in. `kind` MOVE, DAMAGE,
    DISPLAY or REPAIR says why. Tracked SKUs need a serial per piece.

    Raises ROOM_NOT_FOUND, STORE_NOT_FOUND, UNKNOWN_SKU, NOT_STOCKED, INVALID_QUANTITY, the serial errors,
    IDEMPOTENCY_MISMATCH, and INSUFFICIENT_STOCK when the room has less, or when what goes where it is not sold is
    promised, or what is taken out of quarantine waits for its vendor (unless `even_if_promised`: what has happened is
    booked). Nothing is changed then.
    """
    goods.check_store(store_id)
    wanted = goods.stocked([(sku, quantity) for sku, quantity, _codes in lines])
    named: dict[str, list[str]] = {}
    for sku, _quantity, codes in lines:
        if sku not in wanted:
            raise errors.not_stocked(sku)
        named.setdefault(sku, []).extend(codes)
    errors.raise_first(goods.name_serials(wanted, named))
    origin, target = locked(store_id, [from_room_id, to_room_id])
    if origin == target:
        raise errors.same_room()
    books = ledger.Books.locked([(store_id, sku) for sku in wanted], create=True)
    keys = {}
    for sku, entry in wanted.items():
        keys[f"{source_key}/{sku}/out"] = ((store_id, sku), -entry.quantity)
        keys[f"{source_key}/{sku}/in"] = ((store_id, sku), entry.quantity)
    if done := ledger.replayed(keys):
        _check_same_rooms(done, origin, target)
        return done

    entries = []
    kept = {} if even_if_promised or origin.sellable else waiting_for_vendor(origin)
    for sku, entry in wanted.items():
        # Tracked pieces that wait are known by name: `units.lying` does not let go of them.
        waiting = 0 if entry.item.tracked else kept.get(sku, 0)
        _check_there(books, (store_id, sku), entry.quantity, origin, waiting)
        if origin.sellable and not target.sellable and not even_if_promised:
            _check_free(books, (store_id, sku), entry.quantity)
        moved = units.lying(entry, store_id, origin)
        units.change(moved, units.state_in(target), room=target)
        entries += [
            ledger.Entry((store_id, sku), kind, -entry.quantity, f"{source_key}/{sku}/out", (), 0, reason, origin),
            ledger.Entry((store_id, sku), kind, entry.quantity, f"{source_key}/{sku}/in", moved, 0, reason, target),
        ]
    return books.book(entries, actor=actor, occurred_at=occurred_at)


def _lock(rooms: QuerySet[StockRoom]) -> list[StockRoom]:
    return lock_rows(rooms, no_key=True)


def _recount(room: StockRoom) -> None:
    """What lies in the room is for sale now, or is not any more. Balances in order, then units."""
    there = RoomBalance.objects.filter(room=room, quantity__gt=0).order_by("balance__store_id", "balance__item_id")
    places = list(there.values_list("balance__store_id", "balance__item_id"))
    for start in range(0, len(places), BATCH):
        books = ledger.Books.locked(places[start : start + BATCH])
        books.count_unsellable()
        books.save()
        books.tell_core(books.places())
    lying = lock_rows(Unit.objects.filter(room=room, state__in=units.FREE), order_by=("item_id", "pk"))
    units.change(lying, units.state_in(room), room=room)


def _check_there(books: ledger.Books, place: ledger.Place, quantity: int, room: StockRoom, kept: int) -> None:
    there = books.in_room(place, room) - kept
    if there < quantity:
        raise errors.insufficient_stock([errors.Shortage(place[1], quantity, max(there, 0))])


def _check_free(books: ledger.Books, place: ledger.Place, quantity: int) -> None:
    free = books.free(place)
    if free < quantity:
        raise errors.insufficient_stock([errors.Shortage(place[1], quantity, max(free, 0))])


def _check_same_rooms(done: Sequence[Movement], origin: StockRoom, target: StockRoom) -> None:
    for movement in done:
        room = origin if movement.quantity < 0 else target
        if movement.room_id != (None if room.is_floor else room.pk):
            raise errors.source_key_reused(movement.source_key)
