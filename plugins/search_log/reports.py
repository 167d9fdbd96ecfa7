"""What merchandisers are told: sums of a period, and texts that are common within it. A fixed number of queries.

A text is listed only if it is common (see `texts`) among the very rows that the list sums up,
so no filter can narrow a list down to somebody's search.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from django.db.models import F, Max, Min, Model, Q, QuerySet, Sum

from kernel import clock
from plugins.catalogue.models import Product
from plugins.search_log.models import ClickCount, Outcome, SearchCount, Source, TextClass
from plugins.search_log.texts import SHOWN_SEARCHES

Row = TypeVar("Row", bound=Model)

PERIODS: Final = (7, 28, 90)
CHANGED: Final = (Outcome.CORRECTED, Outcome.RELAXED)
# Where a click is an answer to a search; suggestions are opened before there is one.
OF_A_RESULT: Final = (Source.RESULTS, Source.SPOTLIGHT)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a report is about: the last `days` (UTC, today included), one channel or all, one sales channel or all."""

    days: int = 28
    channel: str = ""
    sales_channel: str = ""

    @property
    def dates(self) -> list[dt.date]:
        """Its days, oldest first."""
        today = clock.now().date()
        return [today - dt.timedelta(days=ago) for ago in reversed(range(self.days))]

    def rows(self, model: type[Row]) -> QuerySet[Row]:
        """The rows of this scope."""
        named = {"channel": self.channel, "sales_channel": self.sales_channel}
        chosen = {name: value for name, value in named.items() if value}
        return model._default_manager.filter(day__range=(self.dates[0], self.dates[-1]), **chosen).order_by()


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of a day or a period."""

    searches: int = 0
    nothing: int = 0
    clicks: int = 0

    @property
    def nothing_rate(self) -> float | None:
        """Percent of searches that found nothing; None without searches."""
        return percent(self.nothing, self.searches)

    @property
    def click_rate(self) -> float | None:
        """Clicks in results per hundred searches; None without searches."""
        return percent(self.clicks, self.searches)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(self.searches + other.searches, self.nothing + other.nothing, self.clicks + other.clicks)


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its sums. `position` is the mean place, from 1, of what was opened in the results."""

    text: str
    searches: int
    corrected: int = 0
    relaxed: int = 0
    clicks: int = 0
    position: float | None = None

    @property
    def click_rate(self) -> float | None:
        """Clicks in results per hundred searches."""
        return percent(self.clicks, self.searches)


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product that was opened from searches, with its mean place in the results. `name` is its id once it is gone."""

    name: str
    clicks: int
    position: float | None


def percent(part: int, whole: int) -> float | None:
    """`part` in percent of `whole`, to a tenth; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def daily(scope: Scope) -> dict[dt.date, Figures]:
    """The figures of each day, those without searches included. Two queries."""
    found: dict[dt.date, Figures] = dict.fromkeys(scope.dates, Figures())
    nothing = Sum("searches", filter=Q(outcome=Outcome.NOTHING), default=0)
    for row in scope.rows(SearchCount).values("day").annotate(all=Sum("searches"), nothing=nothing):
        found[row["day"]] += Figures(searches=row["all"], nothing=row["nothing"])
    clicks = scope.rows(ClickCount).filter(source__in=OF_A_RESULT)
    for day, total in clicks.values_list("day").annotate(Sum("clicks")):
        found[day] += Figures(clicks=total)
    return found


def top(scope: Scope, limit: int) -> list[Line]:
    """The most frequent texts with what was opened. Two queries."""
    lines = [Line(row["text"], row["total"]) for row in _common(scope)[:limit]]
    return _with_clicks(scope, lines)


def nothing_found(scope: Scope, limit: int) -> list[Line]:
    """The texts that most often found nothing; `searches` are those times. One query."""
    return [Line(row["text"], row["total"]) for row in _common(scope, outcome=Outcome.NOTHING)[:limit]]


def changed(scope: Scope, limit: int) -> list[Line]:
    """The texts most often corrected or searched with fewer words; `searches` are those times. One query."""
    rows = _common(scope, outcome__in=CHANGED).annotate(
        corrected=Sum("searches", filter=Q(outcome=Outcome.CORRECTED), default=0),
        relaxed=Sum("searches", filter=Q(outcome=Outcome.RELAXED), default=0),
    )[:limit]
    return [Line(row["text"], row["total"], row["corrected"], row["relaxed"]) for row in rows]


def products(scope: Scope, limit: int) -> list[ProductLine]:
    """The products most often opened from results, suggestions and spotlights. Two queries."""
    found = list(_clicks_by("product_id", scope.rows(ClickCount)).order_by("-all", "product_id")[:limit])
    names = dict(Product.objects.filter(pk__in=[row["product_id"] for row in found]).values_list("pk", "name"))
    return [
        ProductLine(names.get(row["product_id"], row["product_id"]), row["all"], _mean(row["places"], row["placed"]))
        for row in found
    ]


def not_listed(scope: Scope) -> int:
    """Searches of texts that are not listed: rare ones, numbers and addresses, long ones. Two queries."""
    everything = scope.rows(SearchCount).aggregate(all=Sum("searches", default=0))["all"]
    return everything - _common(scope).aggregate(all=Sum("total", default=0))["all"]


def _common(scope: Scope, **outcomes: Any) -> QuerySet[Any, Any]:
    """Texts that may be shown with their `total`, most frequent first."""
    rows = scope.rows(SearchCount).filter(text_class=TextClass.TEXT, **outcomes)
    summed = rows.values("text").annotate(total=Sum("searches"), first=Min("day"), last=Max("day"))
    return summed.filter(total__gte=SHOWN_SEARCHES, first__lt=F("last")).order_by("-total", "text")


def _clicks_by(key: str, rows: QuerySet[ClickCount]) -> QuerySet[Any, Any]:
    """Clicks by text or product. Positions are of the results: elsewhere they say something else."""
    listed = Q(source=Source.RESULTS)
    return rows.values(key).annotate(
        all=Sum("clicks"),
        placed=Sum("clicks", filter=listed, default=0),
        places=Sum("position_sum", filter=listed, default=0),
    )


def _with_clicks(scope: Scope, lines: Sequence[Line]) -> list[Line]:
    rows = scope.rows(ClickCount).filter(source__in=OF_A_RESULT, text__in=[line.text for line in lines])
    clicks = {row["text"]: row for row in _clicks_by("text", rows)}
    return [_clicked(line, clicks[line.text]) if line.text in clicks else line for line in lines]


def _clicked(line: Line, row: Any) -> Line:
    return replace(line, clicks=row["all"], position=_mean(row["places"], row["placed"]))


def _mean(places: int, clicks: int) -> float | None:
    return round(places / clicks, 1) if clicks else None
