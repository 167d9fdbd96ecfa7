"""What is on its way to the demonstration's stores: deliveries that are announced, and goods of a neighbour."""

from collections.abc import Sequence
from datetime import timedelta

from demo import offerings, serials
from demo.operator import OpeningStock

ACTOR = "demo"
DEPOT = f"{offerings.OPERATOR} depot"
SUPPLIER = "Harbor Accessories"
# Units of deliveries come from the upper part of a device's range, which no opening stock reaches; so many a store.
FIRST_UNIT = 400_000
UNITS_A_STORE = 100

Announced = tuple[str, int, tuple[str, ...]]
"""SKU, quantity, serials."""


def announced(stock: Sequence[OpeningStock], store: int) -> list[tuple[str, int, list[Announced]]]:
    """The deliveries of the store of that number: who sends them, in how many days they are due, what is in them."""
    devices = [row for row in stock if _is_device(row)]
    others = [row for row in stock if not row.serials]
    first, second, third = _some(devices, store, 3)
    cases = _some(others, store, 5)
    depot: list[Announced] = [
        (first.sku, 3, _units(first, store, 0, 3)),
        (second.sku, 2, _units(second, store, 10, 2)),
        (cases[0].sku, 10, ()),
    ]
    supplier: list[Announced] = [(row.sku, quantity, ()) for row, quantity in zip(cases[1:4], (12, 6, 20), strict=True)]
    found = [(DEPOT, 0, depot), (SUPPLIER, 1, supplier)]
    if store % 2 == 0:
        # The sender told no serials, and it is late.
        found.append((DEPOT, -1, [(third.sku, 2, ()), (cases[4].sku, 4, ())]))
    return found


def load(store_id: str, store: int, code: str, stock: Sequence[OpeningStock]) -> None:
    """Announce the deliveries of one store; doing it again changes nothing."""
    from inventory.services import receiving
    from kernel import clock

    today = clock.now().date()
    for number, (supplier, days, lines) in enumerate(announced(stock, store), start=1):
        receiving.announce(
            supplier=supplier,
            number=f"{code}-{number:03d}",
            store_id=store_id,
            lines=lines,
            actor=ACTOR,
            expected_on=today + timedelta(days=days),
        )


def load_transfers(origin_id: str, target_id: str, code: str, stock: Sequence[OpeningStock]) -> None:
    """Send a device and some accessories of the store that has `stock` to another, which has asked it for more."""
    from inventory.models import Transfer
    from inventory.services import transfers

    device = next(row for row in stock if _is_device(row) and row.quantity >= 3)
    others = [row for row in stock if not row.serials and row.quantity >= 6]
    sent = [(device.sku, 1, device.serials[-1:]), (others[0].sku, 3, ())]
    transfer = transfers.request(
        lines=[(sku, quantity) for sku, quantity, _codes in sent],
        source_key=f"demo/transfer/{code}",
        pushed=True,
        origin_id=origin_id,
        target_id=target_id,
        actor=ACTOR,
    )
    if transfer.state == Transfer.State.APPROVED:
        transfers.start_picking(transfer_id=transfer.pk, actor=ACTOR)
        transfers.ship(transfer_id=transfer.pk, lines=sent, actor=ACTOR)
    transfers.request(
        lines=[(others[1].sku, 2)],
        source_key=f"demo/request/{code}",
        note="Sold out over the weekend",
        origin_id=origin_id,
        target_id=target_id,
        actor=ACTOR,
    )


def _is_device(row: OpeningStock) -> bool:
    return bool(row.serials) and len(row.serials[0]) == 15


def _some(rows: Sequence[OpeningStock], store: int, count: int) -> list[OpeningStock]:
    """As many different rows, other ones in each store."""
    return [rows[(store * 7 + step * 5) % len(rows)] for step in range(count)]


def _units(row: OpeningStock, store: int, offset: int, count: int) -> tuple[str, ...]:
    """Serials of units that no store has: the device is told by the number of one that this store has."""
    device = int(row.serials[0][2:8])
    first = FIRST_UNIT + store * UNITS_A_STORE + offset
    return tuple(serials.imei(device, first + unit) for unit in range(count))
