"""What the demonstration's stores lost, broke and found: adjustments, and counts that a manager has posted."""

from collections.abc import Sequence
from typing import Final

from demo import stock_work
from demo.operator import OpeningStock

CLERK: Final = "1001"
MANAGER: Final = "2001"

# In so many stores of the list something was lost; each has articles of its own.
STORES: Final = 8
FEW: Final = 8

# Reason, pieces, and the place of the article in the store's own list. What is stolen a manager approves.
ADJUSTED: Final = (("LOST", 2, 0), ("STORE_USE", 1, 1), ("FOUND", 1, 2), ("STOLEN", 1, 3), ("DAMAGED", 2, 4))
SCRAPPED: Final = 1
# What a count of three articles found beside what the books had.
COUNTED: Final = (-2, 1, 0)
TEXTS: Final = {
    "en": ("Weekly count", "Sorted out after stock-taking"),
    "zh": ("每周盘点", "盘点后整理"),
}


def load(store_id: str, number: int, stock: Sequence[OpeningStock], *, language: str) -> None:
    """Book what the store of that number lost; doing it again changes nothing."""
    from plugins.staff.models import StaffMember

    plain = [row.sku for row in stock if not row.serials and row.quantity >= FEW]
    if number >= STORES or len(plain) < len(ADJUSTED) + len(COUNTED):
        return
    # The first articles are under way in `stock_work` and `deliveries`.
    first = len(plain) // 2 + number % 3
    own = [plain[(first + step) % len(plain)] for step in range(len(ADJUSTED) + len(COUNTED))]
    clerk, manager = (f"staff:{StaffMember.objects.get(code=code).pk}" for code in (CLERK, MANAGER))
    name, note = TEXTS[language]
    _adjust(store_id, own[: len(ADJUSTED)], note, clerk, manager)
    _count(store_id, own[len(ADJUSTED) :], name, clerk, manager)


def _adjust(store_id: str, skus: Sequence[str], note: str, clerk: str, manager: str) -> None:
    from inventory import adjustments
    from inventory.adjustments import Change
    from inventory.models import Adjustment, StockRoom

    for reason, pieces, place in ADJUSTED:
        made = adjustments.adjust(
            store_id=store_id,
            reason_code=reason,
            change=Change(skus[place], pieces),
            note=note,
            source_key=f"demo/{store_id}/{reason}",
            actor=clerk,
        )
        if made.state == Adjustment.State.PENDING:
            adjustments.decide(adjustment_id=made.pk, store_id=store_id, approve=True, actor=manager)
    quarantine = StockRoom.objects.get(store=store_id, code="QUARANTINE")
    adjustments.adjust(
        store_id=store_id,
        reason_code="SCRAPPED",
        change=Change(skus[-1], SCRAPPED, room_id=quarantine.pk),
        note=note,
        source_key=f"demo/{store_id}/SCRAPPED",
        actor=manager,
    )


def _count(store_id: str, skus: Sequence[str], name: str, clerk: str, manager: str) -> None:
    from inventory import count_posting, count_variance
    from inventory.models import StockCount

    key = f"demo/{store_id}/count/posted"
    found = StockCount.objects.filter(source_key=key).first()
    if found is None:
        found = stock_work.count_all(store_id, skus, dict(zip(skus, COUNTED, strict=True)), name, key, clerk)
    lines = count_variance.lines_of(found)
    count_posting.authorise(count_id=found.pk, accepted=[line.pk for line in lines], actor=manager)
