"""The planner's screens: capacity and dates, footprints, work days; premises and promises are only looked at."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin, TabularInline

from kernel import audit
from kernel.admin import ReadOnly, Refusing
from plugins.serviceability import admin_pages, capacity, changes
from plugins.serviceability.models import (
    CapacityOpening,
    CapacityReservation,
    DemandEntry,
    Footprint,
    NetworkNode,
    Premises,
    WorkCalendar,
)


class Telling:
    """What is saved or deleted is told to all processes, in the transaction of the change."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        self._tell(request, form.instance, "saved")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        code = obj.pk
        super().delete_model(request, obj)  # type: ignore[misc]
        obj.pk = code
        self._tell(request, obj, "deleted")

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    @staticmethod
    def _tell(request: HttpRequest, obj: Any, done: str) -> None:
        name = obj._meta.model_name
        audit.record(
            actor=f"admin:{request.user.pk}", action=f"serviceability.{name}_{done}", subject=f"{name}:{obj.pk}"
        )
        changes.network_changed()


class OpeningInline(TabularInline):
    """Fewer ports than are reserved may be said: `capacity` decides who loses."""

    model = CapacityOpening
    fields = ["opens_on", "ports", "reserved"]
    readonly_fields = ["reserved"]
    extra = 0


@admin.register(NetworkNode)
class NetworkNodeAdmin(Refusing, Telling, ModelAdmin):
    fields = ["code", "technology", "country", "name", "latitude", "longitude"]
    list_display = ["code", "name", "technology", "country"]
    list_filter = ["technology", "country"]
    search_fields = ["code", "name"]
    inlines = [OpeningInline]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """New days are added, others changed with what is reserved of them."""
        openings = formset.save(commit=False)
        for opening in formset.deleted_objects:
            opening.delete()
        wanted = {
            opening.pk: capacity.Wanted(opening.ports, opening.opens_on)
            for opening in openings
            if opening.pk is not None
        }
        for opening in openings:
            if opening.pk is None:
                opening.save()
        moved = capacity.change(wanted=wanted, actor=f"admin:{request.user.pk}") if wanted else 0
        if moved:
            text = ngettext(
                "%(count)s reserved port was lost or moved: its order is looked at again.",
                "%(count)s reserved ports were lost or moved: their orders are looked at again.",
                moved,
            )
            messages.warning(request, text % {"count": moved})


@admin.register(Footprint)
class FootprintAdmin(Telling, ModelAdmin):
    fields = [
        "code", "technology", "country", "name", "state", "opens_on", "download_mbps", "upload_mbps", "node",
        "geometry",
    ]  # fmt: skip
    list_display = ["code", "name", "technology", "state", "opens_on", "download_mbps", "node"]
    list_filter = ["technology", "state", "country"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["node"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("coverage/", view(admin_pages.coverage), name="serviceability_coverage"),
            path("import/<slug:kind>/", view(admin_pages.import_file), name="serviceability_import"),
            *super().get_urls(),
        ]


@admin.register(WorkCalendar)
class WorkCalendarAdmin(Telling, ModelAdmin):
    list_display = ["country", "timezone", "weekdays"]


@admin.register(Premises)
class PremisesAdmin(ReadOnly, ModelAdmin):
    list_display = ["code", "number", "street", "unit", "city", "postal_code", "fibre", "coax", "copper"]
    list_filter = ["country", "fibre"]
    search_fields = ["code", "street", "postal_code"]
    list_select_related = False
    show_full_result_count = False


@admin.register(CapacityReservation)
class CapacityReservationAdmin(ReadOnly, ModelAdmin):
    fields = [
        "premises", "technology", "opening", "state", "needed_by", "expires_at", "close_reason", "created_at",
        "closed_at",
    ]  # fmt: skip
    list_display = ["premises", "technology", "opening", "state", "expires_at", "created_at"]
    list_filter = ["state", "technology"]
    search_fields = ["premises__code"]
    list_select_related = ["opening"]


@admin.register(DemandEntry)
class DemandEntryAdmin(ReadOnly, ModelAdmin):
    list_display = ["category", "city", "postal_code", "address", "email", "created_at"]
    list_filter = ["category", "country"]
    search_fields = ["city", "postal_code"]
