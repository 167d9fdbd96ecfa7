"""How much of each SKU was sold lately, for the order by best-selling."""

import time
from datetime import timedelta

from django.db.models import Sum

from inventory.models import Movement
from kernel import clock

WINDOW = timedelta(days=90)
KEEP_SECONDS = 60.0

_kept: tuple[float, dict[str, int]] = (float("-inf"), {})


def pieces_sold() -> dict[str, int]:
    """Pieces sold by SKU in the last 90 days, at most a minute old."""
    global _kept
    if time.monotonic() - _kept[0] > KEEP_SECONDS:
        sales = Movement.objects.filter(kind=Movement.Kind.SALE, occurred_at__gte=clock.now() - WINDOW)
        totals = sales.values("item_id").annotate(total=Sum("quantity"))
        # A sale takes pieces out of the store: its quantity is negative.
        _kept = (time.monotonic(), {row["item_id"]: -row["total"] for row in totals})
    return _kept[1]
