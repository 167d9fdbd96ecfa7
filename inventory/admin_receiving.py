"""The screens of deliveries, transfers, returns to vendors and differences, and the import of shipping notices."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from kernel import audit
from kernel.admin import ReadOnly
from kernel.errors import ApiError

from . import notice_import, receiving, transfer_receipts
from .admin_imports import import_page
from .models import (
    NoticeLine,
    Receipt,
    ReceiptDifference,
    ShippingNotice,
    Store,
    Transfer,
    TransferLine,
    VendorReturn,
    VendorReturnLine,
)

STATES = {
    "EXPECTED": "info", "RECEIVING": "warning", "RECEIVED": "success", "CANCELLED": "danger",
    "REQUESTED": "warning", "APPROVED": "info", "REJECTED": "danger", "PICKING": "info", "SHIPPED": "warning",
    "PREPARED": "warning",
}  # fmt: skip


class NoticeLineInline(ReadOnly, TabularInline):
    model = NoticeLine
    fields = ("item", "expected", "received", "damaged", "serials")
    readonly_fields = ("serials",)
    hide_title = True
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[NoticeLine]:
        """With the units announced."""
        return super().get_queryset(request).prefetch_related("units__unit")

    @display(description=_("serials announced"))
    def serials(self, line: NoticeLine) -> str:
        """As they were told."""
        return ", ".join(told.unit.identifier for told in line.units.all())


class ReceiptInline(ReadOnly, TabularInline):
    model = Receipt
    fields = ("occurred_at", "recorded_at", "actor", "authorised_by", "source_key")
    hide_title = True
    extra = 0


class DifferenceInline(ReadOnly, TabularInline):
    model = ReceiptDifference
    fields = ("kind", "item", "quantity", "unit", "note", "settlement", "settled_by")
    hide_title = True
    extra = 0


@admin.register(ShippingNotice)
class ShippingNoticeAdmin(ReadOnly, ModelAdmin):
    list_display = ("number", "supplier", "store", "expected_on", "state_label", "announced_pieces", "arrived_pieces")
    list_filter = ("state", "announced", "store", "expected_on")
    list_select_related = ("store",)
    search_fields = ("number", "supplier", "lines__item__sku", "lines__units__unit__identifier")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    inlines = (NoticeLineInline, ReceiptInline, DifferenceInline)
    actions = ("call_off",)
    actions_list = ("bring_in",)

    def get_urls(self) -> list[URLPattern]:
        """With the import."""
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name="inventory_shippingnotice_import"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ShippingNotice]:
        """With the sums of the lines, in the same query."""
        sums = {
            "announced_sum": Sum("lines__expected"),
            "arrived_sum": Sum(F("lines__received") + F("lines__damaged")),
        }
        return super().get_queryset(request).annotate(**sums)

    def has_bring_in_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Who may record notices."""
        return request.user.has_perm("inventory.add_shippingnotice")

    def has_call_off_permission(self, request: HttpRequest) -> bool:
        """Who may change notices."""
        return request.user.has_perm("inventory.change_shippingnotice")

    @display(description=_("state"), ordering="state", label=STATES)
    def state_label(self, notice: ShippingNotice) -> tuple[str, str]:
        """In colour and words."""
        return notice.state, notice.get_state_display()

    @display(description=_("announced"), ordering="announced_sum")
    def announced_pieces(self, notice: Any) -> int:
        """Pieces."""
        return notice.announced_sum or 0

    @display(description=_("arrived"), ordering="arrived_sum")
    def arrived_pieces(self, notice: Any) -> int:
        """Pieces, damaged ones too."""
        return notice.arrived_sum or 0

    @action(description=_("Import shipping notices"), url_path="bring-in", permissions=["bring_in"], icon="upload")
    def bring_in(self, request: HttpRequest) -> HttpResponse:
        """The button that leads to the import."""
        return HttpResponseRedirect(reverse("admin:inventory_shippingnotice_import"))

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """A spreadsheet of notices is looked at, then imported."""
        if not self.has_bring_in_permission(request):
            raise PermissionDenied
        return import_page(
            request,
            title=gettext("Import shipping notices"),
            explained=gettext(
                "A row for each article of a notice. A notice that was announced before with the same contents is left "
                "as it is."
            ),
            columns=(*notice_import.REQUIRED, *notice_import.OPTIONAL),
            required=notice_import.REQUIRED,
            bring_in=notice_import.bring_in,
            back="admin:inventory_shippingnotice_changelist",
        )

    @admin.action(description=_("The delivery will not come"), permissions=["call_off"])
    def call_off(self, request: HttpRequest, queryset: QuerySet[ShippingNotice]) -> None:
        """Cancel each of them of which nothing has come."""
        done = 0
        for notice in queryset:
            try:
                receiving.cancel(notice_id=notice.pk, actor=_actor(request))
            except ApiError as refused:
                messages.error(request, refused.message)
                continue
            done += 1
            audit.record(actor=_actor(request), action="notice.cancelled", subject=f"notice:{notice.pk}")
        if done:
            text = ngettext("%(count)s delivery is called off.", "%(count)s deliveries are called off.", done)
            messages.success(request, text % {"count": done})


class TransferLineInline(ReadOnly, TabularInline):
    model = TransferLine
    fields = ("item", "requested", "approved", "shipped", "received", "damaged", "sent_back", "lost", "in_transit")
    readonly_fields = ("in_transit",)
    hide_title = True
    extra = 0

    @display(description=_("in transit"))
    def in_transit(self, line: TransferLine) -> int:
        """Pieces in neither store's books."""
        return line.in_transit


class TransitFilter(admin.SimpleListFilter):
    """Transfers with something in neither store's books."""

    title = _("in transit")
    parameter_name = "transit"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """One choice."""
        return [("some", _("Something in transit"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the choice."""
        return queryset.filter(transit_sum__gt=0) if self.value() else queryset


@admin.register(Transfer)
class TransferAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "origin", "target", "state_label", "pushed", "in_transit", "created_at", "shipped_at")
    list_filter = ("state", TransitFilter, "origin", "target", "pushed")
    list_select_related = ("origin", "target")
    search_fields = ("id", "note", "lines__item__sku", "lines__units__unit__identifier")
    date_hierarchy = "created_at"
    inlines = (TransferLineInline, ReceiptInline, DifferenceInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Transfer]:
        """With what is in transit, in the same query."""
        gone = F("lines__received") + F("lines__damaged") + F("lines__sent_back") + F("lines__lost")
        return super().get_queryset(request).annotate(transit_sum=Sum(F("lines__shipped") - gone))

    @display(description=_("state"), ordering="state", label=STATES)
    def state_label(self, transfer: Transfer) -> tuple[str, str]:
        """In colour and words."""
        return transfer.state, transfer.get_state_display()

    @display(description=_("in transit"), ordering="transit_sum")
    def in_transit(self, transfer: Any) -> int:
        """Pieces in neither store's books."""
        return transfer.transit_sum or 0


@admin.register(ReceiptDifference)
class ReceiptDifferenceAdmin(ReadOnly, ModelAdmin):
    list_display = ("recorded_at", "kind", "item", "quantity", "unit", "document", "store", "settlement", "settled_by")
    list_filter = (
        "kind",
        ("settled_at", admin.EmptyFieldListFilter),
        "settlement",
        ("notice__store", admin.RelatedOnlyFieldListFilter),
        ("transfer__target", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("item", "unit", "notice__store", "transfer__target")
    search_fields = ("item__sku", "unit__identifier", "note", "notice__number", "notice__supplier")
    date_hierarchy = "recorded_at"
    ordering = ("-id",)
    actions = ("accept", "arrived", "never_left", "lost")

    def has_settle_permission(self, request: HttpRequest) -> bool:
        """Who may say what became of it."""
        return request.user.has_perm("inventory.change_receiptdifference")

    @display(description=_("document"))
    def document(self, row: ReceiptDifference) -> str:
        """The delivery or transfer."""
        return str(row.notice or row.transfer)

    @display(description=_("store"))
    def store(self, row: ReceiptDifference) -> Store:
        """Where it was received."""
        if row.notice is not None:
            return row.notice.store
        assert row.transfer is not None
        return row.transfer.target

    @admin.action(description=_("Accept it as it is"), permissions=["settle"])
    def accept(self, request: HttpRequest, queryset: QuerySet[ReceiptDifference]) -> None:
        """Nothing more is to be done."""
        self._settle(request, queryset, ReceiptDifference.Settlement.ACCEPTED)

    @admin.action(description=_("It arrived later: book it in"), permissions=["settle"])
    def arrived(self, request: HttpRequest, queryset: QuerySet[ReceiptDifference]) -> None:
        """Into the receiving store."""
        self._settle(request, queryset, ReceiptDifference.Settlement.ARRIVED)

    @admin.action(description=_("It never left: book it back"), permissions=["settle"])
    def never_left(self, request: HttpRequest, queryset: QuerySet[ReceiptDifference]) -> None:
        """Into the sending store."""
        self._settle(request, queryset, ReceiptDifference.Settlement.NEVER_LEFT)

    @admin.action(description=_("It is lost: write it off"), permissions=["settle"])
    def lost(self, request: HttpRequest, queryset: QuerySet[ReceiptDifference]) -> None:
        """In no store's books."""
        self._settle(request, queryset, ReceiptDifference.Settlement.LOST)

    def _settle(self, request: HttpRequest, queryset: QuerySet[ReceiptDifference], settlement: str) -> None:
        for row in queryset.order_by("pk"):
            try:
                transfer_receipts.settle(difference_id=row.pk, settlement=settlement, actor=_actor(request))
            except ApiError as refused:
                messages.error(request, refused.message)
                continue
            detail = {"settlement": str(settlement), "sku": row.item_id}
            audit.record(
                actor=_actor(request), action="difference.settled", subject=f"difference:{row.pk}", detail=detail
            )


class VendorReturnLineInline(ReadOnly, TabularInline):
    model = VendorReturnLine
    fields = ("item", "quantity", "room")
    hide_title = True
    extra = 0


@admin.register(VendorReturn)
class VendorReturnAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "store", "vendor", "authorisation", "state_label", "created_at", "closed_at")
    list_filter = ("state", "store")
    list_select_related = ("store",)
    search_fields = ("id", "vendor", "authorisation", "lines__item__sku", "lines__units__identifier")
    date_hierarchy = "created_at"
    inlines = (VendorReturnLineInline,)

    @display(description=_("state"), ordering="state", label=STATES)
    def state_label(self, found: VendorReturn) -> tuple[str, str]:
        """In colour and words."""
        return found.state, found.get_state_display()


def _actor(request: HttpRequest) -> str:
    return f"admin:{request.user.pk}"
