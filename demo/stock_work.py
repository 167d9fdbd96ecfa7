"""Work with stock that the demonstration's staff has under way: a count, one to authorise, an adjustment that waits."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from demo.operator import OpeningStock

if TYPE_CHECKING:
    from inventory.models import StockCount

DEVICE: Final = "demo-0"
COUNTER: Final = "1002"
TEXTS: Final = {
    "en": ("Accessories", "Phones and power banks", "Left by the back door, gone after closing"),
    "zh": ("配件", "手机与充电宝", "放在后门，打烊后不见了"),
}
FEW: Final = 6
LOST: Final = 6


def load(store_id: str, stock: Sequence[OpeningStock], *, language: str) -> None:
    """Open and count as clerks would; doing it again changes nothing."""
    from plugins.staff.models import StaffMember

    actor = f"staff:{StaffMember.objects.get(code=COUNTER).pk}"
    shelf, few, note = TEXTS[language]
    _in_progress(store_id, shelf, actor)
    _to_authorise(store_id, stock, few, actor)
    _adjustment(store_id, stock, note, actor)
    _par_levels()


def _in_progress(store_id: str, name: str, actor: str) -> None:
    """A third of the floor is counted, by two devices."""
    from inventory import count_opening
    from inventory.models import StockCount

    key = f"demo/{store_id}/count/1"
    if StockCount.objects.filter(source_key=key).exists():
        return
    count = count_opening.open_count(
        store_id=store_id,
        type=StockCount.Type.AD_HOC,
        name=name,
        source_key=key,
        actor=actor,
        scope=StockCount.Scope.CATEGORY,
        category="accessories",
    )
    part = count.parts.get(room__kind="FLOOR")
    lines = list(part.lines.order_by("item_id").values_list("item_id", flat=True))
    for number, sku in enumerate(lines[: len(lines) // 3]):
        _tell(count.pk, part.pk, sku, number % 5 + 1, (), f"{key}/{sku}", f"demo-{number % 2}", actor=actor)


def _to_authorise(store_id: str, stock: Sequence[OpeningStock], name: str, actor: str) -> None:
    """All is counted: one article lacks two, of another there is one more, and a phone is missing."""
    from inventory.models import StockCount

    key = f"demo/{store_id}/count/2"
    if StockCount.objects.filter(source_key=key).exists():
        return
    plain = [row.sku for row in stock if not row.serials and row.quantity >= FEW][:3]
    phones = [row.sku for row in stock if row.serials and 2 <= row.quantity < FEW][:2]
    changes = {plain[0]: -2, plain[1]: 1, phones[0]: -1}
    count_all(store_id, [*plain, *phones], changes, name, key, actor)


def count_all(
    store_id: str, skus: Sequence[str], changes: Mapping[str, int], name: str, key: str, actor: str
) -> "StockCount":
    """Count these articles wherever they lie: as the books have them, but for the `changes` on the floor.

    Of a tracked article as many pieces are not seen, in each room.
    """
    from inventory import count_opening, count_variance, counts
    from inventory.count_opening import Rules
    from inventory.models import StockCount, Unit

    count = count_opening.open_count(
        store_id=store_id,
        type=StockCount.Type.AD_HOC,
        name=name,
        source_key=key,
        actor=actor,
        scope=StockCount.Scope.SKUS,
        skus=list(skus),
        rules=Rules(tolerance_pieces=1),
    )
    expected = count_variance.expected(count, count_variance.lines_of(count))
    for line in count_variance.lines_of(count):
        room = None if line.part.room.is_floor else line.part.room
        there = Unit.objects.filter(store=store_id, item=line.item, room=room, state__in=Unit.PRESENT)
        serials = list(there.order_by("identifier").values_list("identifier", flat=True))
        change = changes.get(line.item_id, 0)
        if line.item.tracked:
            _tell(count.pk, line.part_id, line.item_id, 0, serials[: change or None], f"{key}/{line.pk}", actor=actor)
        else:
            seen = max(expected[line.pk] + (change if room is None else 0), 0)
            _tell(count.pk, line.part_id, line.item_id, seen, (), f"{key}/{line.pk}", actor=actor)
    for part in count.parts.all():
        counts.complete_part(
            count_id=count.pk,
            part_id=part.pk,
            round=1,
            rest_is_zero=False,
            device=DEVICE,
            source_key=f"{key}/done/{part.room.code}",
            actor=actor,
        )
    return count


def _tell(
    count_id: str,
    part_id: int,
    sku: str,
    quantity: int,
    serials: Sequence[str],
    key: str,
    device: str = DEVICE,
    *,
    actor: str,
) -> None:
    from inventory import counts
    from inventory.counts import Told

    told = [Told(sku, quantity, tuple(serials))]
    counts.record(count_id=count_id, part_id=part_id, round=1, told=told, device=device, source_key=key, actor=actor)


def _adjustment(store_id: str, stock: Sequence[OpeningStock], note: str, actor: str) -> None:
    from inventory import adjustments
    from inventory.adjustments import Change

    fullest = max((row for row in stock if not row.serials), key=lambda row: (row.quantity, row.sku))
    adjustments.adjust(
        store_id=store_id,
        reason_code="LOST",
        change=Change(fullest.sku, LOST),
        note=note,
        source_key=f"demo/{store_id}/adjustment",
        actor=actor,
    )


def _par_levels() -> None:
    """More accessories should lie on the floor than the opening stock left there."""
    from inventory.models import ParLevel

    ParLevel.objects.get_or_create(store=None, item=None, category="accessories", defaults={"quantity": 6})
