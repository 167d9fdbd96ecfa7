"""Where a checkout's goods can be collected."""

from collections import defaultdict

from django.db.models import F

from embedded_core.models import Checkout, Stock, Warehouse
from embedded_core.services import stock


def available_points(checkout: Checkout) -> list[Warehouse]:
    """Collection points that can serve the checkout now: a LOCAL one needs everything on its own shelves.

    As in Saleor, a variant whose stock is not tracked needs stock like any other here.
    """
    needed: dict[int, int] = defaultdict(int)
    ships = False
    for line in checkout.lines.all():
        ships = ships or line.variant.product.product_type.is_shipping_required
        needed[line.variant_id] += line.quantity
    if not ships:
        return []
    free: dict[object, dict[int, int]] = defaultdict(dict)
    everywhere: dict[int, int] = defaultdict(int)
    rows = Stock.objects.filter(variant_id__in=needed).annotate(free=F("quantity") - F("quantity_allocated"))
    for warehouse_id, variant_id, units in rows.values_list("warehouse_id", "variant_id", "free"):
        free[warehouse_id][variant_id] = units
        everywhere[variant_id] += max(units, 0)
    points = stock.serving(checkout.channel.slug).exclude(click_and_collect=Warehouse.ClickAndCollect.DISABLED)
    return [
        point
        for point in points
        if all(
            (free[point.pk].get(pk, 0) if point.click_and_collect == "LOCAL" else everywhere[pk]) >= quantity
            for pk, quantity in needed.items()
        )
    ]


def may_be_chosen(checkout: Checkout, point: Warehouse) -> bool:
    """Whether the point is accepted: enough stock is asked for at completion only, but a stock row is asked for now.

    A LOCAL point needs a row of every variant of the checkout, also of those whose stock is not tracked.
    """
    if point.click_and_collect == Warehouse.ClickAndCollect.DISABLED:
        return False
    variants = {line.variant_id for line in checkout.lines.all()}
    rows = Stock.objects.filter(variant_id__in=variants)
    if point.click_and_collect == Warehouse.ClickAndCollect.LOCAL:
        rows = rows.filter(warehouse=point)
    return rows.values("variant_id").distinct().count() == len(variants)
