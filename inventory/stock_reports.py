"""What managers are told of their stock: what went missing and what was found, and how far the books could be trusted.

Of adjustments, counts and damage. Moves between rooms are neither: what is damaged counts when it leaves the store.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Abs, TruncMonth
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kernel import clock

from .models import Balance, Movement, MovementKind, Reason, StockCount, Store

MONTHS: Final = (3, 6, 12)
SHRINKING: Final = (MovementKind.ADJUSTMENT, MovementKind.COUNT, MovementKind.DAMAGE)
LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class Scope:
    """The last `months` (UTC, this one included), one store or all."""

    months: int = 6
    store_id: str = ""

    @property
    def first(self) -> dt.date:
        """Its first day."""
        return self.starts[0]

    @property
    def starts(self) -> list[dt.date]:
        """The first day of each month, oldest first."""
        today = clock.now().date()
        count = today.year * 12 + today.month - 1
        months = range(count - self.months + 1, count + 1)
        return [dt.date(number // 12, number % 12 + 1, 1) for number in months]

    def movements(self) -> QuerySet[Movement]:
        """What changed the stock without a customer or a supplier."""
        start = dt.datetime.combine(self.first, dt.time(), dt.UTC)
        found = Movement.objects.filter(kind__in=SHRINKING, occurred_at__gte=start).order_by()
        return found.filter(store_id=self.store_id) if self.store_id else found


@dataclass(frozen=True, slots=True)
class Line:
    """Pieces lost and found under one name."""

    name: str
    lost: int
    found: int

    @property
    def net(self) -> int:
        """Found less lost."""
        return self.found - self.lost


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How far the books of a store were right: pieces that counts corrected, of those on hand."""

    name: str
    corrected: int
    on_hand: int

    @property
    def percent(self) -> float | None:
        """100 is a store whose counts corrected nothing; None for one without stock."""
        whole = self.on_hand + self.corrected
        return round(100 * self.on_hand / whole, 1) if whole > 0 else None


_LOST = Q(kind__in=[MovementKind.ADJUSTMENT, MovementKind.COUNT], quantity__lt=0)
_FOUND = Q(kind__in=[MovementKind.ADJUSTMENT, MovementKind.COUNT], quantity__gt=0)
_SUMS: Final[dict[str, Any]] = {
    "lost": Sum("quantity", filter=_LOST, default=0),
    "found": Sum("quantity", filter=_FOUND, default=0),
    # Both sides of a move into quarantine: they cancel out.
    "damaged": Sum("quantity", filter=Q(kind=MovementKind.DAMAGE), default=0),
}


# What the suite itself writes where no one gives a reason.
_WORDS: Final[dict[str, Any]] = {"told late": _("Sale told late")}


def by_month(scope: Scope) -> list[Line]:
    """Each month of the scope, those without a loss included, by its first day. One query."""
    rows = scope.movements().annotate(month=TruncMonth("occurred_at", tzinfo=dt.UTC)).values("month").annotate(**_SUMS)
    found = {row["month"].date(): row for row in rows}
    nothing = {"lost": 0, "found": 0, "damaged": 0}
    return [_line(start.isoformat()[:7], found.get(start, nothing)) for start in scope.starts]


def by_reason(scope: Scope) -> list[Line]:
    """The reasons with most lost, in the active language. Two queries."""
    rows = scope.movements().values("reason", "kind").annotate(**_SUMS)
    reasons = Reason.objects.in_bulk()
    lines = [_line(_reason(row["reason"], row["kind"], reasons), row) for row in rows]
    return sorted((line for line in lines if line.lost or line.found), key=lambda line: (-line.lost, line.name))[
        :LISTED
    ]


def by_store(scope: Scope) -> list[Line]:
    """The stores with most lost. One query."""
    rows = scope.movements().values("store__name").annotate(**_SUMS)
    lines = [_line(row["store__name"], row) for row in rows]
    return sorted(lines, key=lambda line: (-line.lost, line.name))[:LISTED]


def accuracy(scope: Scope) -> list[Accuracy]:
    """The stores whose counts corrected most, of what they have. Two queries."""
    counts = scope.movements().filter(kind=MovementKind.COUNT)
    corrected = dict(counts.values_list("store_id").annotate(pieces=Sum(Abs("quantity"))))
    on_hand = dict(
        Balance.objects.filter(store__in=corrected, on_hand__gt=0).values_list("store_id").annotate(Sum("on_hand"))
    )
    names = dict(Store.objects.filter(pk__in=corrected).values_list("pk", F("name")))
    lines = [Accuracy(names[store], pieces, on_hand.get(store, 0)) for store, pieces in corrected.items()]
    return sorted(lines, key=lambda line: (line.percent or 0, line.name))[:LISTED]


def _reason(told: str, kind: str, reasons: Mapping[str, Reason]) -> str:
    """What people call it: the name of a reason's code, else the words that were told, else the kind of movement."""
    if told in reasons:
        return reasons[told].name_in(get_language() or "")
    if kind == MovementKind.COUNT and told in StockCount.Type.values:
        return f"{MovementKind.COUNT.label}: {StockCount.Type(told).label}"
    return str(_WORDS.get(told, told) or MovementKind(kind).label)


def _line(name: str, row: Any) -> Line:
    return Line(str(name), -row["lost"] + max(-row["damaged"], 0), row["found"])
