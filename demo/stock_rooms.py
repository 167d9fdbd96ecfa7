"""Where the demonstration's goods lie: most on the floor, spares in the back room, some devices on display."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo import chance
from demo.operator import OpeningStock

# code, whether what lies there is for sale
ROOMS = (("BACK", True), ("DISPLAY", False), ("REPAIR", False), ("QUARANTINE", False))

# Of so many pieces of an article some lie in the back room.
MANY = 8
# An article of which a store has so many devices may have one on display.
ENOUGH = 3
DISPLAYED = 0.4

# Pieces kept back in every store, by category.
KEPT_BACK = (("sims", 2), ("accessories/power-banks", 1))


@dataclass(frozen=True)
class Moved:
    """Pieces of a SKU that do not lie on the floor."""

    sku: str
    quantity: int
    serials: tuple[str, ...] = ()


def elsewhere(stock: Sequence[OpeningStock]) -> dict[str, list[Moved]]:
    """What of a store's stock lies in a room other than the floor, by the room's code."""
    found: dict[str, list[Moved]] = {"BACK": [], "DISPLAY": []}
    for row in stock:
        if row.quantity >= MANY:
            spare = row.quantity // 2
            found["BACK"].append(Moved(row.sku, spare, row.serials[:spare]))
        elif row.serials and row.quantity >= ENOUGH and _is_displayed(row):
            found["DISPLAY"].append(Moved(row.sku, 1, row.serials[:1]))
    return found


def _is_displayed(row: OpeningStock) -> bool:
    return chance.stream("display", row.store_code, row.sku).random() < DISPLAYED


def load(store_id: str, stock: Sequence[OpeningStock]) -> None:
    """Make the store's rooms and carry its goods there; doing it again changes nothing."""
    from inventory import services as inventory
    from inventory.models import StockRoom

    rooms = {
        code: inventory.upsert_room(store_id=store_id, code=code, kind=code, sellable=sellable)
        for code, sellable in ROOMS
    }
    floor = StockRoom.objects.get(store=store_id, kind=StockRoom.Kind.FLOOR)
    for code, moved in elsewhere(stock).items():
        if moved:
            inventory.move_goods(
                store_id=store_id,
                lines=[(line.sku, line.quantity, line.serials) for line in moved],
                from_room_id=floor.pk,
                to_room_id=rooms[code].pk,
                source_key=f"opening/{store_id}/{code}",
                actor="opening",
                reason="opening stock",
            )


def load_rules(store_id: str, stock: Sequence[OpeningStock]) -> None:
    """Keep a few pieces back: of two categories everywhere, and of the fullest accessory in one store."""
    from inventory import services as inventory

    for category, quantity in KEPT_BACK:
        inventory.set_safety_rule(category=category, quantity=quantity)
    fullest = max((row for row in stock if not row.serials), key=lambda row: (row.quantity, row.sku))
    inventory.set_safety_rule(sku=fullest.sku, store_id=store_id, quantity=3)
