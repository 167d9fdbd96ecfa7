"""Counts, plans, adjustments and par levels. Plans and levels are edited here; the rest is only shown."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, F, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import display

from kernel import audit
from kernel.admin import ReadOnly
from kernel.errors import ApiError

from . import adjustments, count_selectors, counts
from .admin_rules import GoodsRules
from .models import Adjustment, CountLine, CountPart, CountPlan, ParLevel, StockCount

HEAD = '<th scope="col" class="font-semibold pr-6 py-1 text-left">{}</th>'
CELL = '<td class="pr-6 py-1">{}</td>'
# Of a count's page: the rest is on the till.
SHOWN = 200


class Audited(ModelAdmin):
    """Keeps who changed what."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save, and keep who did it."""
        super().save_model(request, obj, form, change)
        audit.record(
            actor=f"admin:{request.user.pk}",
            action=f"{obj._meta.model_name}.saved",
            subject=f"{obj._meta.model_name}:{obj.pk}",
            detail={"changed": list(form.changed_data)},
        )


@admin.register(CountPlan)
class CountPlanAdmin(Audited):
    list_display = ("name", "store", "abc_class", "category", "every_days", "blind", "last_opened", "is_active")
    list_filter = ("is_active", "abc_class", "store")
    list_select_related = ("store",)
    search_fields = ("name", "category")
    autocomplete_fields = ("store",)
    fieldsets = (
        (None, {"fields": ("name", "store", ("abc_class", "category"), "is_active")}),
        (_("When"), {"fields": (("starts_on", "every_days"), "most_items")}),
        (_("How"), {"fields": ("blind", ("tolerance_pieces", "tolerance_percent"))}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[CountPlan]:
        """With the last day that each opened a count for."""
        return super().get_queryset(request).annotate(_last=Max("counts__planned_for"))

    @display(description=_("last opened"), ordering="_last")
    def last_opened(self, plan: Any) -> Any:
        """The day of its latest count."""
        return plan._last

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Counts name it: it is made inactive, never deleted."""
        return False


class CountPartInline(ReadOnly, TabularInline):
    model = CountPart
    fields = ("room", "category", "state", "round", "completed_by", "completed_at")
    hide_title = True
    extra = 0


@admin.register(StockCount)
class StockCountAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "store", "type", "state", "counted", "differing", "opened_at", "closed_at")
    list_filter = ("state", "type", "plan", "store")
    list_select_related = ("store",)
    search_fields = ("name", "store__name", "store__code")
    date_hierarchy = "opened_at"
    fields = (
        "name", "store", "type", "state", "scope", "scope_category", "plan", "planned_for", "blind",
        "tolerance_pieces", "tolerance_percent", "opened_at", "opened_by", "closed_at", "closed_by", "variances",
    )  # fmt: skip
    readonly_fields = ("variances",)
    inlines = (CountPartInline,)
    actions = ("cancel",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[StockCount]:
        """With its lines, those counted, and those that differed when it was posted."""
        lines = "parts__lines"
        return (
            super()
            .get_queryset(request)
            .annotate(
                _lines=Count(lines),
                _counted=Count(lines, filter=Q(parts__lines__counted__isnull=False)),
                _differing=Count(lines, filter=~Q(parts__lines__counted=F("parts__lines__expected"))),
            )
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list may be worked on; a single count is only shown."""
        return obj is None and ModelAdmin.has_change_permission(self, request)

    @display(description=_("counted"))
    def counted(self, count: Any) -> str:
        """Of how many lines."""
        return f"{count._counted} / {count._lines}"

    @display(description=_("differing lines"))
    def differing(self, count: Any) -> int | None:
        """Once it is posted."""
        return count._differing if count.state == StockCount.State.AUTHORISED else None

    @display(description=_("differences"))
    def variances(self, count: StockCount) -> str:
        """What was posted, or, of an open count, what differs now."""
        rows = _posted(count) if count.state == StockCount.State.AUTHORISED else _open(count)
        if not rows:
            return gettext("None.")
        heads = (gettext("SKU"), gettext("stock room"), gettext("expected"), gettext("counted"), gettext("difference"))
        head = format_html_join("", HEAD, [(name,) for name in heads])
        body = format_html_join(
            "", "<tr>{}</tr>", [(format_html_join("", CELL, [(cell,) for cell in row]),) for row in rows]
        )
        return format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", head, body)

    @admin.action(description=_("Cancel the counts"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[StockCount]) -> None:
        """Give them up; nothing is posted."""
        actor = f"admin:{request.user.pk}"
        for count in queryset:
            try:
                counts.cancel(count_id=count.pk, actor=actor)
            except ApiError as refusal:
                self.message_user(request, f"{count}: {refusal.message}", messages.ERROR)
            else:
                audit.record(actor=actor, action="count.cancelled", subject=f"count:{count.pk}")


Row = tuple[object, ...]


def _posted(count: StockCount) -> list[Row]:
    lines = CountLine.objects.filter(part__count=count, counted__isnull=False).exclude(counted=F("expected"))
    chosen = lines.select_related("part__room").order_by("item_id")[:SHOWN]
    return [_row(line.item_id, line.part.room, line.expected or 0, line.counted or 0) for line in chosen]


def _open(count: StockCount) -> list[Row]:
    found = count_selectors.variances(count)[:SHOWN]
    return [_row(row.line.item_id, row.room, row.expected or 0, row.line.counted or 0) for row in found]


def _row(sku: str, room: object, expected: int, counted: int) -> Row:
    return (sku, room, expected, counted, f"{counted - expected:+d}")


@admin.register(Adjustment)
class AdjustmentAdmin(ReadOnly, ModelAdmin):
    list_display = (
        "recorded_at", "reason", "item", "quantity", "store", "room", "to_room", "state", "asked_by", "decided_by",
    )  # fmt: skip
    list_filter = ("state", "reason", "store")
    list_select_related = ("reason", "item", "store", "room", "to_room")
    search_fields = ("item__sku", "note", "asked_by")
    date_hierarchy = "recorded_at"
    actions = ("approve", "reject")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The list may be worked off; a single entry is only shown."""
        return obj is None and ModelAdmin.has_change_permission(self, request)

    @admin.action(description=_("Approve and book"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Adjustment]) -> None:
        """Book what waits."""
        self._decide(request, queryset, approve=True)

    @admin.action(description=_("Reject"), permissions=["change"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Adjustment]) -> None:
        """Book nothing."""
        self._decide(request, queryset, approve=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Adjustment], *, approve: bool) -> None:
        actor = f"admin:{request.user.pk}"
        for row in queryset.order_by("recorded_at", "pk"):
            try:
                adjustments.decide(adjustment_id=row.pk, store_id=row.store_id, approve=approve, actor=actor)
            except ApiError as refusal:
                self.message_user(request, f"{row}: {refusal.message}", messages.ERROR)
            else:
                audit.record(
                    actor=actor,
                    action="adjustment.decided",
                    subject=f"adjustment:{row.pk}",
                    detail={"approve": approve},
                )


@admin.register(ParLevel)
class ParLevelAdmin(Audited, GoodsRules):
    """Writes down who changed what."""
