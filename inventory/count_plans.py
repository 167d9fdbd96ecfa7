"""Counts that open by themselves: planned ones by class or category, and of lines that are plainly wrong."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import F, Max, Q, Sum

from kernel import clock

from . import count_errors, count_opening, counts
from .count_opening import DEFAULT, Rules
from .models import AbcClass, Balance, CountLine, CountPlan, Movement, StockCount, Store

# Up to which share of the sales value a SKU belongs to A, and to B.
SHARES: Final = ((AbcClass.A, Decimal("0.80")), (AbcClass.B, Decimal("0.95")))
SALES_DAYS: Final = 90
NOBODY: Final = "plan"

Prices = Mapping[str, Decimal]
"""What a piece is sold for, by SKU, in one currency."""


def classes(store_id: str, prices: Prices) -> dict[str, AbcClass]:
    """The class of each SKU in the store's books, by the value that it sold for in ninety days. Two queries.

    What has no price counts as one: then its pieces decide.
    """
    since = clock.now() - timedelta(days=SALES_DAYS)
    sold = (
        Movement.objects.filter(store_id=store_id, kind=Movement.Kind.SALE, occurred_at__gte=since)
        .order_by()
        .values_list("item_id")
        .annotate(total=-Sum("quantity"))
    )
    value = {sku: prices.get(sku, Decimal(1)) * total for sku, total in sold}
    known = Balance.objects.filter(store_id=store_id, item__stocked=True).values_list("item_id", flat=True)
    return classified({sku: value.get(sku, Decimal(0)) for sku in known})


def classified(value: Mapping[str, Decimal]) -> dict[str, AbcClass]:
    """SKUs by their share in the whole: pure. The first belongs to A whatever its share; what sold nothing to C."""
    total = sum(value.values())
    found, reached = {}, Decimal(0)
    for sku in sorted(value, key=lambda sku: (-value[sku], sku)):
        share = reached / total if total else Decimal(1)
        within = (one for one, limit in SHARES if share < limit)
        found[sku] = next(within, AbcClass.C) if value[sku] > 0 else AbcClass.C
        reached += value[sku]
    return found


def due(plan: CountPlan, today: date, last: date | None) -> date | None:
    """The day for which the plan's next count is due: the latest that has come; None while none has. Pure."""
    first = plan.starts_on
    if today < first:
        return None
    day = first + timedelta(days=(today - first).days // plan.every_days * plan.every_days)
    return None if last is not None and last >= day else day


def open_due(store: Store, plan: CountPlan, prices: Prices) -> StockCount | None:
    """Open the plan's count in the store if one is due by the store's calendar and there is something to count.

    A day has one count for each plan and store, however often and from wherever this is called.
    """
    today = clock.now().astimezone(store.zone()).date()
    last = StockCount.objects.filter(plan=plan, store=store).aggregate(last=Max("planned_for"))["last"]
    day = due(plan, today, last)
    if day is None:
        return None
    skus = _chosen(store, plan, prices)
    if not skus:
        return None
    return count_opening.open_count(
        store_id=store.pk,
        type=StockCount.Type.UNIT,
        name=plan.name,
        source_key=f"plan/{plan.pk}/{store.pk}/{day.isoformat()}",
        actor=NOBODY,
        scope=StockCount.Scope.SKUS,
        skus=skus,
        rules=Rules(plan.blind, plan.tolerance_pieces, plan.tolerance_percent),
        plan=plan,
        planned_for=day,
    )


def problem_skus(store_id: str) -> list[str]:
    """SKUs whose books cannot be right: sold below nought, or more named pieces than pieces. One query."""
    wrong = Q(short_since__isnull=False) | Q(on_hand__lt=0) | Q(unregistered__lt=0) | Q(on_hand__lt=F("reserved"))
    found = Balance.objects.filter(wrong, store_id=store_id, item__stocked=True)
    return list(found.order_by("item_id").values_list("item_id", flat=True)[:1000])


def open_problem_lines(*, store_id: str, name: str, source_key: str, actor: str, rules: Rules = DEFAULT) -> StockCount:
    """Open a count of the lines that cannot be right. Raises COUNT_EMPTY when there are none."""
    if found := StockCount.objects.filter(source_key=source_key).first():
        return found
    skus = problem_skus(store_id)
    if not skus:
        raise count_errors.count_empty()
    return count_opening.open_count(
        store_id=store_id,
        type=StockCount.Type.PROBLEM_LINE,
        name=name,
        source_key=source_key,
        actor=actor,
        scope=StockCount.Scope.SKUS,
        skus=skus,
        rules=rules,
    )


def _chosen(store: Store, plan: CountPlan, prices: Prices) -> list[str]:
    """What the plan counts in the store, longest not counted first; what is being counted is left out."""
    if plan.abc_class:
        skus = {sku for sku, found in classes(store.pk, prices).items() if found == plan.abc_class}
    else:
        balances = Balance.objects.filter(counts.in_category(plan.category), store=store, item__stocked=True)
        skus = set(balances.values_list("item_id", flat=True))
    lines = CountLine.objects.filter(part__count__store=store, item__in=skus).order_by()
    skus -= set(lines.filter(part__count__state__in=StockCount.OPEN).values_list("item_id", flat=True))
    posted = lines.filter(part__count__state=StockCount.State.AUTHORISED)
    last = dict(posted.values_list("item_id").annotate(Max("last_at")))
    never = clock.now() - timedelta(days=36_500)
    return sorted(skus, key=lambda sku: (last.get(sku) or never, sku))[: plan.most_items]
