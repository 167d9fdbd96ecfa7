"""The admin's first page: how trade goes and what waits for a person. Each number is a link to what it counts."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from commerce.models import CoreInstallation
from inventory.models import Balance, Contradiction, CoreDifference
from kernel import clock
from kernel.charts import Chart
from kernel.models import OutboxMessage, Saga, SagaState
from plugins.carts.models import Order, UncheckedOrder
from plugins.pickup.models import Pickup
from plugins.pickup.states import OPEN, State
from plugins.pos.models import Sale, SaleException
from storefront_api.admin_site import may_view

DAYS: Final = 14
# A message that has waited so long has not merely been overtaken by others.
LATE_DELIVERY: Final = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, the list it counts, and whether it asks for somebody's attention."""

    label: str
    value: int
    link: str
    alarming: bool = False


def fill(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add the figures and charts that this user may see to the page's context."""
    now = clock.now()
    trade, work = _trade(now), _work(now)
    return context | {
        "title": _("Overview"),
        "trade": [make() for label, make in trade if may_view(request, label)],
        "work": [make() for label, make in work if may_view(request, label)],
        "charts": [make() for label, make in _charts(now) if may_view(request, label)],
    }


def _trade(now: dt.datetime) -> list[tuple[str, Callable[[], Figure]]]:
    day = now - dt.timedelta(hours=24)
    orders, sales = Order.objects.filter(created_at__gte=day), Sale.objects.filter(occurred_at__gte=day)
    waiting = Pickup.objects.filter(state__in=OPEN)
    ready = Pickup.objects.filter(state=State.READY)
    return [
        (
            "carts.Order",
            lambda: Figure(
                _("Orders in the last 24 hours"), orders.count(), _list("carts_order", created_at__gte=day.isoformat())
            ),
        ),
        (
            "pos.Sale",
            lambda: Figure(
                _("Sales at registers in the last 24 hours"),
                sales.count(),
                _list("pos_sale", occurred_at__gte=day.isoformat()),
            ),
        ),
        (
            "pickup.Pickup",
            lambda: Figure(
                _("Pickups not collected yet"),
                waiting.count(),
                _list("pickup_pickup", state__in=",".join(sorted(OPEN))),
            ),
        ),
        (
            "pickup.Pickup",
            lambda: Figure(
                _("Pickups ready to collect"), ready.count(), _list("pickup_pickup", state__exact=State.READY)
            ),
        ),
    ]


def _work(now: dt.datetime) -> list[tuple[str, Callable[[], Figure]]]:
    preparing = [State.PLACED, State.ACCEPTED, State.PICKING]
    late = Pickup.objects.filter(state__in=preparing, ready_by__lt=now)
    contradictions, exceptions = (
        Contradiction.objects.filter(settled_at=None),
        SaleException.objects.filter(settled_at=None),
    )
    short = Balance.objects.filter(short_since__isnull=False)
    stuck = Saga.objects.filter(state=SagaState.STUCK)
    overdue = now - LATE_DELIVERY
    undelivered = OutboxMessage.objects.filter(delivered_at=None, created_at__lt=overdue)
    refused = CoreInstallation.objects.filter(state="ACTIVE", refused_at__isnull=False)
    rows: list[tuple[str, str, Any, str]] = [
        ("commerce.CoreInstallation", _("Core refuses our token"), refused, _list("commerce_coreinstallation")),
        (
            "pickup.Pickup",
            _("Pickups late in preparation"),
            late,
            _list("pickup_pickup", state__in=",".join(preparing), ready_by__lt=now.isoformat()),
        ),
        (
            "inventory.Contradiction",
            _("Stock exceptions to settle"),
            contradictions,
            _list("inventory_contradiction"),
        ),
        (
            "inventory.CoreDifference",
            _("Differences with the core to settle"),
            CoreDifference.objects.filter(settled_at=None),
            _list("inventory_coredifference"),
        ),
        (
            "carts.UncheckedOrder",
            _("Orders that nobody checked"),
            UncheckedOrder.objects.filter(settled_at=None),
            _list("carts_uncheckedorder", settled_at__isempty=1),
        ),
        ("inventory.Balance", _("Articles below zero"), short, _list("inventory_balance", availability="short")),
        (
            "pos.SaleException",
            _("Sales to look into"),
            exceptions,
            _list("pos_saleexception", settled_at__isempty=1),
        ),
        ("kernel.Saga", _("Processes that are stuck"), stuck, _list("kernel_saga", state__exact=SagaState.STUCK)),
        (
            "kernel.OutboxMessage",
            _("Messages waiting over five minutes"),
            undelivered,
            _list("kernel_outboxmessage", delivered_at__isempty=1, created_at__lt=overdue.isoformat()),
        ),
    ]

    def figure(label: str, counted: Any, link: str) -> Callable[[], Figure]:
        def make() -> Figure:
            value = counted.count()
            return Figure(label, value, link, alarming=value > 0)

        return make

    return [(model, figure(label, counted, link)) for model, label, counted, link in rows]


def _charts(now: dt.datetime) -> list[tuple[str, Callable[[], Chart]]]:
    return [
        ("carts.Order", lambda: _orders_per_day(now)),
        ("pickup.Pickup", _pickups_by_state),
        ("inventory.Contradiction", _exceptions_by_kind),
    ]


def _orders_per_day(now: dt.datetime) -> Chart:
    days = [now.date() - dt.timedelta(days=ago) for ago in reversed(range(DAYS))]
    found = Order.objects.filter(created_at__date__gte=days[0]).annotate(day=TruncDate("created_at"))
    counts = dict(found.order_by().values_list("day").annotate(Count("pk")))
    # Translators: a day in a narrow chart, as in Django's date filter.
    rows = [(date_format(day, _("M j")), counts.get(day, 0)) for day in days]
    return Chart(_("Orders per day, UTC"), rows, link=_list("carts_order"))


def _pickups_by_state() -> Chart:
    counts = dict(Pickup.objects.order_by().values_list("state").annotate(Count("pk")))
    names = dict(Pickup._meta.get_field("state").flatchoices)
    rows = [(str(names.get(state, state)), counts.get(state, 0)) for state in State]
    return Chart(_("Pickups by state"), rows, link=_list("pickup_pickup"))


def _exceptions_by_kind() -> Chart:
    found = Contradiction.objects.filter(settled_at=None).order_by().values_list("code").annotate(Count("pk"))
    link = _list("inventory_contradiction")
    return Chart(_("Stock exceptions to settle"), sorted(found), link=link)


def _list(model: str, **filters: Any) -> str:
    query = f"?{urlencode(filters)}" if filters else ""
    return reverse(f"admin:{model}_changelist") + query
