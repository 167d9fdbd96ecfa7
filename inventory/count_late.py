"""What had happened before a line was counted, but was told only after the count had been posted.

A register that was cut off tells its sales late. The counter did not see the pieces any more, the posting took their
absence for a loss, and the sale takes them out once more: a correction of the count gives them back. For pieces known
by quantity; a unit that was sold late stands on the list of contradictions already, by its serial.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import connection, transaction

from kernel import clock

from . import ledger, rooms
from .models import MovementKind

# How late a device may tell something.
REACH: Final = timedelta(days=30)
ACTOR: Final = "count"


@dataclass(frozen=True, slots=True)
class Late:
    """A movement that a count had already seen."""

    movement: int
    store_id: str
    sku: str
    room_id: str
    quantity: int

    @property
    def source_key(self) -> str:
        """Each is corrected once."""
        return f"count/late/{self.movement}"


def correct() -> int:
    """Correct what is found, a transaction per store; returns how many movements. May run at any time, side by side."""
    by_store: dict[str, list[Late]] = defaultdict(list)
    for late in _found():
        by_store[late.store_id].append(late)
    return sum(_correct(store_id, found) for store_id, found in sorted(by_store.items()))


@transaction.atomic
def _correct(store_id: str, found: Sequence[Late]) -> int:
    there = {room.pk: room for room in rooms.locked(store_id, sorted({late.room_id for late in found}))}
    books = ledger.Books.locked([(store_id, late.sku) for late in found])
    # Under the locks: another worker may have been quicker.
    still = {late.movement for late in _found()}
    entries = [
        ledger.Entry(
            (store_id, late.sku),
            MovementKind.COUNT,
            -late.quantity,
            late.source_key,
            unregistered=-late.quantity,
            reason="told late",
            room=there[late.room_id],
        )
        for late in found
        if late.movement in still
    ]
    entries.sort(key=lambda entry: entry.quantity < 0)
    if entries:
        books.book(entries, actor=ACTOR, occurred_at=None)
    return len(entries)


def _found() -> list[Late]:
    with connection.cursor() as cursor:
        cursor.execute(_LATE, [clock.now() - REACH])
        return [Late(*row) for row in cursor.fetchall()]


_LATE = """
SELECT DISTINCT movement.id, movement.store_id, movement.item_id, part.room_id, movement.quantity
  FROM inventory_stockcount count
  JOIN inventory_countpart part ON part.count_id = count.id
  JOIN inventory_stockroom room ON room.id = part.room_id
  JOIN inventory_countline line ON line.part_id = part.id
  JOIN inventory_stockitem item ON item.sku = line.item_id AND item.tracking = 'NONE'
  JOIN inventory_movement movement
    ON movement.store_id = count.store_id AND movement.item_id = line.item_id
   AND movement.id > count.position
   AND movement.room_id IS NOT DISTINCT FROM CASE WHEN room.kind = 'FLOOR' THEN NULL ELSE room.id END
 WHERE count.state = 'AUTHORISED' AND count.closed_at >= %s
   AND movement.recorded_at > count.closed_at AND movement.occurred_at < line.last_at AND movement.kind <> 'COUNT'
   AND NOT EXISTS (SELECT 1 FROM inventory_movement done WHERE done.source_key = 'count/late/' || movement.id)
 ORDER BY movement.id
"""
